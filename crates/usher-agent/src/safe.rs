//! Text from outside made fit to be read, in the terminal and in the tray.
//!
//! A file name is anything a disk allows: line breaks, escape sequences, marks that turn text around. Shown as it is it
//! could pretend to be another name or drive the terminal. Every such character gets a visible stand-in, the same one
//! as in the window. JSON output does not come through here: programs get the exact text.

use std::borrow::Cow;
use std::fmt::Write;

/// The text with a visible stand-in for every character that does not show itself.
pub fn safe(text: &str) -> Cow<'_, str> {
    with_stand_ins(text, is_unseen)
}

/// The same for a line of a rule file, in which tabs are tabs.
pub fn safe_source(text: &str) -> Cow<'_, str> {
    with_stand_ins(text, |letter| letter != '\t' && is_unseen(letter))
}

/// The same for text of several lines, in which line breaks and tabs are meant.
pub fn safe_lines(text: &str) -> Cow<'_, str> {
    with_stand_ins(text, |letter| !matches!(letter, '\t' | '\n') && is_unseen(letter))
}

fn with_stand_ins(text: &str, unseen: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&unseen) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if unseen(letter) { push_stand_in(&mut shown, letter) } else { shown.push(letter) }
    }
    Cow::Owned(shown)
}

/// What ASCII calls its controls, from 0.
const CONTROLS: [&str; 32] = [
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS",
    "US",
];

/// The name where ASCII has one, the code point elsewhere. Every font has these marks and letters; pictures of controls
/// are boxes in many.
fn push_stand_in(shown: &mut String, letter: char) {
    let code = letter as usize;
    // Writing to a String cannot fail.
    let _ = match CONTROLS.get(code) {
        Some(name) => write!(shown, "\u{2039}{name}\u{203a}"),
        None if letter == '\x7f' => write!(shown, "\u{2039}DEL\u{203a}"),
        None => write!(shown, "\u{2039}U+{code:04X}\u{203a}"),
    };
}

/// Joiners (U+200C, U+200D) are left alone: emoji and Persian words need them.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}' | '\u{61c}' | '\u{180e}'             // soft hyphen, Arabic letter mark, Mongolian separator
            | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}' // fillers
            | '\u{200b}' | '\u{200e}' | '\u{200f}'        // zero-width space, direction marks
            | '\u{2028}'..='\u{202e}'                     // separators and direction overrides
            | '\u{2060}'..='\u{206f}'                     // word joiner, invisible operators, isolates
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'        // byte order mark, annotations
            | '\u{e0000}'..='\u{e007f}'                   // tags
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_stay_as_they_are() {
        for name in ["a.pdf", "Überweisung 1.pdf", "写真.jpg", "👩‍👩‍👧.png", "می‌خواهم", "a  b", "'$HOME'"]
        {
            assert!(matches!(safe(name), Cow::Borrowed(same) if same == name), "{name}");
        }
    }

    #[test]
    fn what_does_not_show_itself_gets_a_stand_in() {
        for (name, shown) in [
            ("two\nlines", "two‹LF›lines"),
            ("tab\there", "tab‹TAB›here"),
            ("\x1b[2Jgone", "‹ESC›[2Jgone"),
            ("\x07\x7f", "‹BEL›‹DEL›"),
            ("\u{9b}31m", "‹U+009B›31m"),
            ("invoice\u{202e}fdp.exe", "invoice‹U+202E›fdp.exe"),
            ("\u{2066}x\u{2069}", "‹U+2066›x‹U+2069›"),
            ("no\u{200b}thing", "no‹U+200B›thing"),
            ("tag\u{e0041}", "tag‹U+E0041›"),
        ] {
            assert_eq!(safe(name), shown);
        }
    }

    #[test]
    fn line_breaks_and_tabs_stay_where_they_are_meant() {
        assert_eq!(safe_source("\tkey:\x1b\n"), "\tkey:‹ESC›‹LF›");
        assert_eq!(safe_lines("a\n\tb\r\n"), "a\n\tb‹CR›\n");
    }
}

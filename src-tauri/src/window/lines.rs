//! What the tray process and the window process say to each other: one line each, over the window's stdin and stdout.

use std::fmt;
use std::io::Write;

/// What the tray process tells the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Order {
    /// Come to the front.
    Show,
    /// Go out of sight.
    Hide,
    /// Show if out of sight or behind another window, hide otherwise.
    Toggle,
    /// End now.
    Quit,
    /// The chord that was asked for is held now.
    ChordHeld,
    /// The chord that was asked for cannot be had, for this reason.
    ChordRefused(String),
    /// What is wrong with the chord of the settings; empty where it is held.
    Hotkey(String),
}

/// What the window tells the tray process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// It is in sight.
    Shown,
    /// It is out of sight.
    Hidden,
    /// A frame with content was on the screen so many milliseconds after the window was asked for.
    Painted(u128),
    /// The user wants this chord as hotkey; answered by [`Order::ChordHeld`] or [`Order::ChordRefused`].
    Chord(String),
    /// The chord it asked for did not become the setting; the one that is has to be held.
    Settings,
    /// Launch at login was switched in the window.
    Login,
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Show => f.write_str("show"),
            Self::Hide => f.write_str("hide"),
            Self::Toggle => f.write_str("toggle"),
            Self::Quit => f.write_str("quit"),
            Self::ChordHeld => f.write_str("chord-held"),
            Self::ChordRefused(reason) => write!(f, "chord-refused {}", one_line(reason)),
            Self::Hotkey(problem) => write!(f, "hotkey {}", one_line(problem)),
        }
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shown => f.write_str("shown"),
            Self::Hidden => f.write_str("hidden"),
            Self::Painted(milliseconds) => write!(f, "painted {milliseconds}"),
            Self::Chord(chord) => write!(f, "chord {}", one_line(chord)),
            Self::Settings => f.write_str("settings"),
            Self::Login => f.write_str("login"),
        }
    }
}

impl Order {
    /// Reads a line; `None` where it is no order.
    pub(crate) fn read(line: &str) -> Option<Self> {
        Some(match split(line) {
            ("show", "") => Self::Show,
            ("hide", "") => Self::Hide,
            ("toggle", "") => Self::Toggle,
            ("quit", "") => Self::Quit,
            ("chord-held", "") => Self::ChordHeld,
            ("chord-refused", reason) => Self::ChordRefused(reason.to_owned()),
            ("hotkey", problem) => Self::Hotkey(problem.to_owned()),
            _ => return None,
        })
    }
}

impl Word {
    /// Tells the tray process. Where it is gone, the reader of its orders ends this process.
    pub(super) fn say(&self) {
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "{self}").and_then(|()| out.flush());
    }

    /// Reads a line; `None` where it is no word of ours, such as what a library prints.
    pub(crate) fn read(line: &str) -> Option<Self> {
        Some(match split(line) {
            ("shown", "") => Self::Shown,
            ("hidden", "") => Self::Hidden,
            ("painted", milliseconds) => Self::Painted(milliseconds.parse().ok()?),
            ("chord", chord) => Self::Chord(chord.to_owned()),
            ("settings", "") => Self::Settings,
            ("login", "") => Self::Login,
            _ => return None,
        })
    }
}

fn split(line: &str) -> (&str, &str) {
    line.trim_end().split_once(' ').unwrap_or((line.trim_end(), ""))
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_come_back_as_they_were_sent() {
        let refused = Order::ChordRefused("Ctrl+Q is held by another program".to_owned());
        let hotkey = |problem: &str| Order::Hotkey(problem.to_owned());
        let simple = [Order::Show, Order::Hide, Order::Toggle, Order::Quit, Order::ChordHeld];
        for order in simple.into_iter().chain([refused, hotkey(""), hotkey("Ctrl+Q is held")]) {
            assert_eq!(Order::read(&format!("{order}\n")), Some(order));
        }
    }

    #[test]
    fn words_come_back_as_they_were_sent() {
        let chord = Word::Chord("Ctrl+Alt+U".to_owned());
        for word in [Word::Shown, Word::Hidden, Word::Painted(213), chord, Word::Settings, Word::Login] {
            assert_eq!(Word::read(&format!("{word}\n")), Some(word));
        }
    }

    #[test]
    fn a_line_break_in_a_chord_cannot_make_a_second_word() {
        let line = Word::Chord("Ctrl+\nshown".to_owned()).to_string();
        assert_eq!(line.lines().count(), 1);
    }

    #[test]
    fn anything_else_is_passed_over() {
        assert_eq!(Word::read("libEGL warning: DRI3 error"), None);
        assert_eq!(Word::read("painted soon"), None);
        assert_eq!(Order::read("show me"), None);
    }
}

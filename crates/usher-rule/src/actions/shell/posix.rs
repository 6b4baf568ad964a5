//! Commands for `sh` and its kin.

use super::{Filled, Line};

/// The shell of every such system, as organize takes it: a rule means the same whatever its user types into.
const SHELL: &str = "/bin/sh";

/// What surrounds a place in a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Bare,
    Double,
    Single,
}

pub(super) fn command(filled: &Filled) -> Line {
    let (script, shown) = scripts(filled);
    Line { argv: vec![SHELL.into(), "-c".into(), script.into()], shown }
}

/// The script that is run and the one that is shown, where values stand quoted in their places.
fn scripts(filled: &Filled) -> (String, String) {
    if filled.dynamic.is_empty() {
        return (filled.text.clone(), filled.text.clone());
    }
    let mut scan = Scan::default();
    let (mut values, mut body, mut shown) = (String::new(), String::new(), String::new());
    let mut at = 0;
    for (nr, range) in filled.dynamic.iter().enumerate() {
        let literal = &filled.text[at..range.start];
        scan.read(literal);
        body.push_str(literal);
        shown.push_str(literal);
        let value = &filled.text[range.clone()];
        if scan.escaped {
            // A backslash before a placeholder would act on our quoting; it acts on an end of line instead, which
            // together are nothing.
            body.push('\n');
        }
        values.push_str(&format!("usher_{nr}={}\n", quote(value)));
        let variable = format!("${{usher_{nr}}}");
        match scan.place() {
            Place::Bare => {
                body.push_str(&format!("\"{variable}\""));
                shown.push_str(&bare(value));
            }
            Place::Double => {
                body.push_str(&variable);
                shown.push_str(&within_double(value));
            }
            Place::Single => {
                body.push_str(&format!("'\"{variable}\"'"));
                shown.push_str(&value.replace('\'', "'\\''"));
            }
        }
        scan.pass();
        at = range.end;
    }
    body.push_str(&filled.text[at..]);
    shown.push_str(&filled.text[at..]);
    (values + &body, shown)
}

/// In single quotes, where nothing has a meaning.
fn quote(value: &str) -> String {
    format!("'{}'", value.replace('\'', "'\\''"))
}

fn bare(value: &str) -> String {
    let harmless = |c: char| c.is_alphanumeric() || "/._-+,:@%=".contains(c);
    if !value.is_empty() && value.chars().all(harmless) { value.to_owned() } else { quote(value) }
}

fn within_double(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        if matches!(c, '"' | '\\' | '$' | '`') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Goes along a script and knows what surrounds the place it has come to.
#[derive(Debug, Default)]
struct Scan {
    /// What is open, the innermost last: quotes, and `$(` with the parentheses open in it.
    open: Vec<Open>,
    escaped: bool,
    comment: bool,
    last: Option<char>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Single,
    Double,
    Parenthesis,
    Backtick,
}

impl Scan {
    fn place(&self) -> Place {
        match self.open.last() {
            Some(Open::Single) => Place::Single,
            Some(Open::Double) => Place::Double,
            Some(Open::Parenthesis | Open::Backtick) | None => Place::Bare,
        }
    }

    fn read(&mut self, text: &str) {
        for c in text.chars() {
            self.step(c);
            self.last = Some(c);
        }
    }

    /// Goes past a value, which opens and closes nothing.
    fn pass(&mut self) {
        self.escaped = false;
        self.last = Some('x');
    }

    fn step(&mut self, c: char) {
        if std::mem::take(&mut self.escaped) {
            return;
        }
        if self.comment {
            self.comment = c != '\n';
            return;
        }
        match (self.open.last(), c) {
            (Some(Open::Single), '\'') => {
                self.open.pop();
            }
            (Some(Open::Single), _) => {}
            (_, '\\') => self.escaped = true,
            (Some(Open::Double), '"') | (Some(Open::Parenthesis), ')') | (Some(Open::Backtick), '`') => {
                self.open.pop();
            }
            (Some(Open::Double), '(') if self.last == Some('$') => self.open.push(Open::Parenthesis),
            (_, '`') => self.open.push(Open::Backtick),
            (Some(Open::Double), _) => {}
            (_, '\'') => self.open.push(Open::Single),
            (_, '"') => self.open.push(Open::Double),
            (_, '(') => self.open.push(Open::Parenthesis),
            (_, '#') if self.last.is_none_or(|last| last.is_whitespace() || ";&|(".contains(last)) => {
                self.comment = true;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    /// A command with `@` for a placeholder of this value.
    fn filled(command: &str, value: &str) -> Filled {
        let mut filled = Filled::default();
        for (nr, part) in command.split('@').enumerate() {
            if nr > 0 {
                let start = filled.text.len();
                filled.text.push_str(value);
                filled.dynamic.push(start..filled.text.len());
            }
            filled.text.push_str(part);
        }
        filled
    }

    fn output(script: &str) -> String {
        let output = Command::new("/bin/sh").arg("-c").arg(script).output().expect("a shell");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    const NASTY: &[&str] = &[
        "plain",
        "two words",
        "it's",
        "\"quoted\"",
        "$(echo pwned)",
        "`echo pwned`",
        "; echo pwned",
        "a\nb",
        "\\",
        "x\\",
        "$HOME ${HOME}",
        "*",
        "-n",
        "!",
        "",
        "' ; echo pwned; '",
        "\" ; echo pwned; \"",
    ];

    /// Commands that print the value and nothing else, wherever the placeholder stands.
    const PLACES: &[&str] = &[
        "printf %s @",
        "printf %s \"@\"",
        "printf %s '@'",
        "printf %s \"$(printf %s @)\"",
        "printf %s \"$(printf %s \"@\")\"",
        "(printf %s @)",
        "true 'it is' \"a (\"; printf %s @",
        "# it's a comment\nprintf %s @",
        "printf %s \\@",
        "x='@'; printf %s \"$x\"",
    ];

    #[cfg(unix)]
    #[test]
    fn a_value_is_never_read_as_code() {
        for value in NASTY {
            for place in PLACES {
                let filled = filled(place, value);
                let (script, shown) = scripts(&filled);
                let wanted = if place.contains("$(") { value.trim_end_matches('\n') } else { value };
                assert_eq!(output(&script), wanted, "{place} with {value:?}:\n{script}");
                if !place.contains("\\@") {
                    assert_eq!(output(&shown), wanted, "shown {place} with {value:?}:\n{shown}");
                }
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn even_where_the_place_is_judged_wrongly_nothing_is_run() {
        for place in [
            "cat <<EOF\n@\nEOF",
            "echo `printf %s @`",
            "printf %s $((1)) @",
            "case x in x) printf %s @;; esac",
        ] {
            for value in NASTY {
                let printed = output(&scripts(&filled(place, value)).0);
                // The value may be printed as it is, but never what running it would print.
                assert!(!printed.lines().any(|line| line == "pwned"), "{place} with {value:?}: {printed}");
            }
        }
    }

    #[test]
    fn people_are_shown_the_command_with_values_in_their_places() {
        let shown = |command: &str, value: &str| scripts(&filled(command, value)).1;
        assert_eq!(shown("open @", "/a/b.txt"), "open /a/b.txt");
        assert_eq!(shown("open @", "/a/b c.txt"), "open '/a/b c.txt'");
        assert_eq!(shown("open \"@\"", "a\"b"), "open \"a\\\"b\"");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[cfg(unix)]
        #[test]
        fn any_value_comes_out_as_it_is(value in "[^\0]{0,12}", place in prop::sample::select(PLACES)) {
            let (script, _) = scripts(&filled(place, &value));
            let wanted = if place.contains("$(") { value.trim_end_matches('\n') } else { &value };
            prop_assert_eq!(output(&script), wanted);
        }
    }
}

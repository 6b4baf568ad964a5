//! Commands for `cmd.exe`.

use usher_event::sentence;

use super::{ActionError, Filled, Line};
use crate::World;

/// What `cmd.exe` acts on even within quotes.
const REFUSED: &[char] = &['"', '%', '!', '^', '\n', '\r'];

pub(super) fn command(filled: &Filled, world: &dyn World) -> Result<Line, ActionError> {
    let mut script = String::with_capacity(filled.text.len() + 8);
    let mut quoted = false;
    let mut at = 0;
    for range in &filled.dynamic {
        let literal = &filled.text[at..range.start];
        quoted ^= literal.matches('"').count() % 2 == 1;
        script.push_str(literal);
        let value = &filled.text[range.clone()];
        if let Some(c) = value.chars().find(|c| REFUSED.contains(c)) {
            return Err(ActionError::new(sentence!(
                "shell-unsafe-value",
                "`{value}` cannot be given to a command safely: it contains {character}",
                value = value,
                character = format!("{c:?}"),
            ))
            .hint(sentence!(
                "shell-unsafe-value-hint",
                "rename the file first, or use an action other than `shell`"
            )));
        }
        match quoted {
            true => script.push_str(value),
            false => script.push_str(&format!("\"{value}\"")),
        }
        at = range.end;
    }
    script.push_str(&filled.text[at..]);
    let shell = world.env("COMSPEC").unwrap_or_else(|| "cmd.exe".to_owned());
    Ok(Line { argv: vec![shell.into(), "/C".into(), script.clone().into()], shown: script })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::Fake;

    fn script(before: &str, value: &str, after: &str) -> Result<String, String> {
        let mut filled = Filled { text: format!("{before}{value}{after}"), ..Filled::default() };
        filled.dynamic.push(before.len()..before.len() + value.len());
        command(&filled, &Fake::new()).map(|command| command.shown).map_err(|error| error.to_string())
    }

    #[test]
    fn values_are_quoted_unless_they_stand_in_quotes() {
        assert_eq!(script("type ", "a & b.txt", "").as_deref(), Ok("type \"a & b.txt\""));
        assert_eq!(script("type \"", "a & b.txt", "\"").as_deref(), Ok("type \"a & b.txt\""));
    }

    #[test]
    fn what_quotes_do_not_hold_is_refused() {
        for value in ["%PATH%", "a\"b", "a!b", "a^b", "a\nb"] {
            assert!(script("type ", value, "").is_err(), "{value}");
        }
    }
}

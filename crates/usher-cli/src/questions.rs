//! Questions of rules, put to whoever sits at the terminal.

use std::io::{self, BufRead, IsTerminal, Write};

use usher_agent::Link;
use usher_agent::api::Question;

use crate::screen::{Screen, TITLE, paint};
use usher_agent::safe::safe;

/// How an answer is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// In words, until the answer is one.
    Spoken,
    /// In silence: whoever reads the output knows already, and anything but a yes is a no.
    Silent,
}

/// Puts a question. `None` where there is nobody to ask.
pub(crate) fn put(question: &Question, manner: Manner, screen: &mut Screen) -> io::Result<Option<bool>> {
    let default = question.words.as_ref().map(|words| words.default);
    screen.flush()?;
    loop {
        let Some(line) = read_answer(&question.text, default, manner, screen)? else { return Ok(None) };
        match meaning(&line, default) {
            Some(yes) => return Ok(Some(yes)),
            // A limit is not passed by a slip of the finger; a rule's own question is put again.
            None if default.is_none() || manner == Manner::Silent => return Ok(Some(false)),
            None => writeln!(screen.err()?, "please answer yes or no")?,
        }
    }
}

/// Tells that some questions are still open, and how they can be answered.
pub(crate) fn tell_open(open: usize, link: &Link, screen: &mut Screen) -> io::Result<()> {
    if open == 0 {
        return Ok(());
    }
    let way = match link.role() {
        usher_agent::Role::Guest => "answer with `usher answer`",
        usher_agent::Role::Owner => "run again with `--yes` to say yes beforehand",
    };
    let note = paint(TITLE, "note:");
    writeln!(screen.err()?, "{note} nobody has answered, so nothing was done about it: {way}")
}

/// Reads one line; `None` at the end of the input.
fn read_answer(
    text: &str,
    default: Option<bool>,
    manner: Manner,
    screen: &mut Screen,
) -> io::Result<Option<String>> {
    let mut stdin = io::stdin().lock();
    if manner == Manner::Spoken {
        let choice = if default == Some(true) { "Y/n" } else { "y/N" };
        let err = screen.err()?;
        write!(err, "{} [{choice}] ", safe(text))?;
        err.flush()?;
    }
    let mut line = String::new();
    let read = stdin.read_line(&mut line)?;
    // Where the answer was typed, its line break is on the screen already.
    if manner == Manner::Spoken && (read == 0 || !io::stdin().is_terminal()) {
        writeln!(screen.err()?)?;
    }
    Ok((read > 0).then_some(line))
}

/// What an answer means, in the words organize takes; `None` where it is neither.
fn meaning(answer: &str, default: Option<bool>) -> Option<bool> {
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" | "1" | "j" | "ja" => Some(true),
        "n" | "no" | "0" | "nein" => Some(false),
        "" => default,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_yes_no_the_default_or_neither() {
        for yes in ["y", "YES\n", " 1 ", "j", "Ja"] {
            assert_eq!(meaning(yes, None), Some(true), "{yes}");
        }
        for no in ["n", "No\r\n", "0", "nein"] {
            assert_eq!(meaning(no, Some(true)), Some(false), "{no}");
        }
        assert_eq!(meaning("\n", Some(true)), Some(true));
        assert_eq!(meaning("\n", Some(false)), Some(false));
        assert_eq!((meaning("\n", None), meaning("perhaps", Some(true))), (None, None));
    }
}

//! Questions of rules, put to whoever sits at the terminal.

use std::io::{self, BufRead, IsTerminal, Write};

use usher_agent::Link;
use usher_agent::api::{Question, Request, RunSummary};

use crate::failure::Failure;
use crate::owner;
use crate::safe::safe;
use crate::screen::{Screen, TITLE, paint};

/// Puts each question and passes the answer on; answers with what was done because of it. What nobody answers stays open.
pub(crate) fn put(
    questions: &[Question],
    link: &Link,
    screen: &mut Screen,
) -> Result<Vec<RunSummary>, Failure> {
    let mut done = Vec::new();
    let mut open = 0;
    for question in questions {
        match ask(&question.text, screen)? {
            Some(yes) => {
                done.push(owner::ask(link, &Request::Answer { question: question.id, yes })?);
            }
            None => open += 1,
        }
    }
    if open > 0 {
        let way = match link.role() {
            usher_agent::Role::Guest => "answer with `usher answer`",
            usher_agent::Role::Owner => "run again with `--yes` to say yes beforehand",
        };
        writeln!(
            screen.err()?,
            "{} nobody has answered, so nothing was done about it: {way}",
            paint(TITLE, "note:")
        )?;
    }
    Ok(done)
}

/// Asks once. `None` where there is nobody to ask.
fn ask(text: &str, screen: &mut Screen) -> io::Result<Option<bool>> {
    let mut stdin = io::stdin().lock();
    screen.flush()?;
    let err = screen.err()?;
    write!(err, "{} [y/N] ", safe(text))?;
    err.flush()?;
    let mut line = String::new();
    if stdin.read_line(&mut line)? == 0 {
        writeln!(err)?;
        return Ok(None);
    }
    if !io::stdin().is_terminal() {
        writeln!(err)?;
    }
    Ok(Some(means_yes(&line)))
}

/// Whether an answer is a yes, in the words organize takes.
pub(crate) fn means_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "1" | "j" | "ja")
}

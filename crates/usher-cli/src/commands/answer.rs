//! `usher answer`

use std::io::Write;

use clap::{Args, ValueEnum};
use usher_agent::Link;
use usher_agent::api::{Attention, Request, RunSummary, Status};

use crate::failure::{Exit, Failure, Outcome};
use crate::moment;
use crate::owner;
use crate::screen::{FAINT, Screen, count};
use crate::sweep::show_line;
use usher_agent::safe::safe;

/// Answer what rules ask before they go on, or show what they ask
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The answer; the questions are shown when absent
    #[arg(value_enum, requires = "question")]
    answer: Option<Answer>,

    /// The number of the question, or `all`
    #[arg(value_name = "QUESTION")]
    question: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Answer {
    /// Go on
    Yes,
    /// Leave those files alone
    No,
}

impl Arguments {
    /// Answers.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let link = owner::resident()?;
        let status: Status = owner::ask(&link, &Request::Status)?;
        let asked: Vec<&Attention> = status.attention.iter().filter(|one| one.question.is_some()).collect();
        let (Some(answer), Some(wanted)) = (self.answer, self.question) else {
            show(&asked, screen)?;
            return Ok(Exit::Done);
        };
        let yes = answer == Answer::Yes;
        let failed = match wanted.as_str() {
            "all" => answer_all(&link, yes, screen)?,
            number => {
                let question = number.parse().map_err(|_| {
                    Failure::arguments(format!("`{number}` is no number of a question"))
                        .hint("see `usher answer`")
                })?;
                answer_one(&link, question, yes, screen)?
            }
        };
        Ok(if failed { Exit::StepsLeft } else { Exit::Done })
    }
}

/// Answers whatever is asked, and what is asked behind it; says whether anything failed.
fn answer_all(link: &Link, yes: bool, screen: &mut Screen) -> Result<bool, Failure> {
    let (mut failed, mut answered) = (false, 0);
    loop {
        // A status holds the oldest ones only, and a later question has a higher number.
        let status: Status = owner::ask(link, &Request::Status)?;
        let ids = status.attention.iter().filter_map(|one| one.question);
        let new: Vec<u64> = ids.filter(|id| *id > answered).collect();
        let Some(last) = new.iter().max() else { return Ok(failed) };
        answered = *last;
        for id in new {
            failed |= answer_one(link, id, yes, screen)?;
        }
    }
}

/// Answers one question; says whether anything failed that was done because of it.
fn answer_one(link: &Link, question: u64, yes: bool, screen: &mut Screen) -> Result<bool, Failure> {
    let summary: RunSummary = owner::ask(link, &Request::Answer { question, yes })?;
    summary.lines.iter().try_for_each(|line| show_line(line, screen))?;
    Ok(summary.failed > 0)
}

fn show(asked: &[&Attention], screen: &mut Screen) -> std::io::Result<()> {
    if asked.is_empty() {
        return writeln!(screen.out(), "Nothing waits for an answer.");
    }
    for one in asked {
        let (id, at) = (one.question.unwrap_or_default(), moment::local(&one.at));
        writeln!(screen.out(), "{id:>3}  {}  {FAINT}{at}{FAINT:#}", safe(&one.message))?;
    }
    let asked = count(asked.len() as u64, "question");
    writeln!(screen.out(), "\n{asked}. Answer with: usher answer yes NUMBER")
}

//! `usher watch`

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use clap::Args;
use usher_agent::api::{
    Attention, Notice, OwnerInfo, Problem, Request, Rules, Run, Sentence, Status, StepState,
};
use usher_agent::{Link, OpenOptions, Role};

use crate::failure::{Exit, Failure, Outcome};
use crate::owner;
use crate::problems;
use crate::screen::{BAD, Screen, TITLE, count, paint};
use crate::steps;
use usher_agent::safe::safe;

/// Watch folders and handle files as they come, until Ctrl+C or SIGTERM
///
/// Begins with what came while Usher was not running. It needs no display: the desktop's Usher does the same and has a
/// window besides.
#[derive(Debug, Args)]
pub(crate) struct Arguments {}

/// What wakes the command.
enum Wake {
    Notice(Box<Notice>),
    /// The owner has ended, or somebody wants the end.
    Ended,
}

/// How long the owner's last words are waited for. It gives the steps that are going on less than that.
const LAST_WORDS: Duration = Duration::from_secs(15);

impl Arguments {
    /// Watches.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let (sender, wakes) = mpsc::channel();
        let notices = sender.clone();
        let link = Link::open_with(
            owner::directories()?,
            OpenOptions { watch: true, log: true },
            Box::new(move |notice| drop(notices.send(Wake::Notice(Box::new(notice))))),
        )?;
        if link.role() == Role::Guest {
            return Err(somebody_else(&link)?);
        }
        // Before the first line: who reads it may ask for the end at once.
        let ending = link.ending()?;
        let status: Status = owner::ask(&link, &Request::Status)?;
        greet(&status, screen)?;
        let mut shown = Shown::default();
        shown.show_notes(&status, screen)?;
        shown.show_problems(&owner::ask(&link, &Request::Rules)?, screen)?;
        screen.flush()?;
        std::thread::scope(|scope| {
            scope.spawn(move || {
                ending.wait();
                drop(sender.send(Wake::Ended));
            });
            shown.show_all(&wakes, &link, screen)
        })?;
        Ok(Exit::Done)
    }
}

/// What wakes the command next, waited for no longer than to the end where there is one.
fn next(wakes: &Receiver<Wake>, end: Option<Instant>) -> Result<Wake, RecvTimeoutError> {
    match end {
        None => wakes.recv().map_err(|_| RecvTimeoutError::Disconnected),
        Some(end) => wakes.recv_timeout(end.saturating_duration_since(Instant::now())),
    }
}

fn somebody_else(link: &Link) -> Result<Failure, Failure> {
    let owner: OwnerInfo = owner::ask(link, &Request::Owner)?;
    Ok(Failure::new(format!("Usher is running already, as process {}", owner.pid))
        .hint("see what it does with `usher status`, or end it first"))
}

fn greet(status: &Status, screen: &mut Screen) -> Result<(), Failure> {
    let (folders, rules) =
        (count(status.folders.len() as u64, "folder"), count(status.rules_enabled, "rule"));
    writeln!(screen.out(), "Watching {folders} for {rules}. Ctrl+C ends.")?;
    if status.rules_total == 0 {
        writeln!(screen.err()?, "There are no rules yet. Make some with: usher new")?;
        writeln!(
            screen.err()?,
            "Or begin with a commented starter and a folder to try it on: usher new --starter"
        )?;
    }
    Ok(())
}

/// What has been shown already: a notice holds the whole run each time.
#[derive(Default)]
struct Shown {
    /// How many steps of each run that goes on.
    steps: HashMap<i64, usize>,
    /// What is wrong with the rules.
    problems: Vec<Problem>,
    /// What is wrong otherwise, and not a step's failure.
    notes: Vec<Sentence>,
}

impl Shown {
    /// Shows what happens until the end, and what the owner has to tell of it. When nobody reads on, or the terminal is
    /// gone, the watching goes on.
    fn show_all(&mut self, wakes: &Receiver<Wake>, link: &Link, screen: &mut Screen) -> Result<(), Failure> {
        let mut gone = false;
        let mut end: Option<Instant> = None;
        while !gone || end.is_none() {
            let shown = match next(wakes, end) {
                Err(_) => return Ok(()),
                Ok(Wake::Ended) => {
                    // An owner that has ended by itself refuses, and that is as good.
                    let _ = link.ask(&Request::Quit);
                    end = Some(Instant::now() + LAST_WORDS);
                    continue;
                }
                // Also the word for a listener that was too slow, which does not end the watching.
                Ok(Wake::Notice(notice)) if *notice == Notice::Gone => {
                    gone = true;
                    continue;
                }
                Ok(Wake::Notice(notice)) => self.show(&notice, screen).and_then(|()| screen.flush()),
            };
            if let Err(error) = shown
                && error.kind() != io::ErrorKind::BrokenPipe
            {
                let _: serde_json::Value = owner::ask(link, &Request::Quit)?;
                return Err(error.into());
            }
        }
        Ok(())
    }

    fn show(&mut self, notice: &Notice, screen: &mut Screen) -> io::Result<()> {
        match notice {
            Notice::Run { run } => self.show_run(run, screen),
            Notice::Message { title, text } => {
                writeln!(screen.out(), "{} {}", paint(TITLE, title), safe(text))
            }
            Notice::Rules { rules } => self.show_problems(rules, screen),
            Notice::Status { status } => self.show_notes(status, screen),
            _ => Ok(()),
        }
    }

    /// Problems are shown when there are other ones than before.
    fn show_problems(&mut self, rules: &Rules, screen: &mut Screen) -> io::Result<()> {
        let now: Vec<Problem> = rules.files.iter().flat_map(|file| file.problems.iter().cloned()).collect();
        if now != self.problems {
            problems::show(screen, &now)?;
            self.problems = now;
        }
        Ok(())
    }

    /// What is wrong with folders, settings and the journal is shown when it comes up.
    fn show_notes(&mut self, status: &Status, screen: &mut Screen) -> io::Result<()> {
        let is_shown =
            |note: &&Attention| note.code == "folder" || owner::FOUND.contains(&note.code.as_str());
        let now: Vec<&Attention> = status.attention.iter().filter(is_shown).collect();
        let new = now.iter().filter(|note| !self.notes.contains(&note.message));
        new.into_iter().try_for_each(|note| owner::tell(note, screen))?;
        self.notes = now.into_iter().map(|note| note.message.clone()).collect();
        Ok(())
    }

    /// Steps are shown in order, as soon as they and those before them have ended.
    fn show_run(&mut self, run: &Run, screen: &mut Screen) -> io::Result<()> {
        let shown = self.steps.entry(run.id).or_default();
        let ended = run.steps.iter().skip(*shown).take_while(|step| step.state != StepState::Intended);
        for step in ended {
            *shown += 1;
            if step.state == StepState::Failed {
                let why = step.error.as_deref().unwrap_or("no reason is known");
                writeln!(screen.err()?, "{BAD}failed:{BAD:#} {}: {}", safe(&step.text), safe(why))?;
            } else {
                writeln!(screen.out(), "{}", steps::line(step))?;
            }
        }
        if run.ended.is_some() {
            let more = u64::from(run.step_count).saturating_sub(*shown as u64);
            self.steps.remove(&run.id);
            if more > 0 {
                writeln!(screen.out(), "and {}: usher log {}", count(more, "more step"), run.id)?;
            }
        }
        Ok(())
    }
}

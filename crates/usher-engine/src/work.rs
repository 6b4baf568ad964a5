//! One step being done, here or on a worker thread.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use usher_rule::{Op, Spawn};

use crate::deed::{Deed, Names, Trace};
use crate::disk::Disk;
use crate::outside::{Outside, Spawned};
use crate::perform::{DeedError, Done, Hands, Pace};

/// Everything needed to do one step's deeds, so that it can be handed to another thread.
pub(crate) struct Work {
    /// Which flight to tell when it is done.
    pub(crate) ticket: u64,
    pub(crate) deeds: Vec<Deed>,
    pub(crate) spawn: Option<Spawn>,
    pub(crate) names: Names,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) outside: Arc<dyn Outside>,
    pub(crate) flush: Box<dyn Fn() -> io::Result<()> + Send>,
    /// What the deeds done so far have left behind.
    pub(crate) traces: Vec<Trace>,
}

/// A step that ended on a worker thread. Hand it to [`Engine::finish`](crate::Engine::finish).
pub struct Finished {
    pub(crate) ticket: u64,
    pub(crate) end: StepEnd,
}

/// How a step ended.
pub(crate) struct StepEnd {
    /// One for each deed that is done.
    pub(crate) traces: Vec<Trace>,
    /// What a command has said.
    pub(crate) said: Option<Spawned>,
    /// Why it failed; everything done before has been taken back then.
    pub(crate) failure: Option<StepFailure>,
}

/// Why a step failed.
pub(crate) struct StepFailure {
    pub(crate) message: String,
    /// A name that was free when the step was planned is taken.
    pub(crate) taken: bool,
}

/// What came of a try to do a step on the spot.
pub(crate) enum Tried {
    Ended(StepEnd),
    /// It takes longer: the rest is to be run elsewhere.
    Slow(Work),
}

impl Work {
    /// Does as much as can be done in an instant.
    pub(crate) fn try_now(mut self) -> Tried {
        match self.go(Pace::Quick) {
            Some(end) => Tried::Ended(end),
            None => Tried::Slow(self),
        }
    }

    /// Does all of it, however long it takes.
    pub(crate) fn run(mut self) -> Finished {
        let ticket = self.ticket;
        let end = self.go(Pace::Any).unwrap_or(StepEnd { traces: Vec::new(), said: None, failure: None });
        Finished { ticket, end }
    }

    /// `None` when the next deed is a slow one and the pace is quick.
    fn go(&mut self, pace: Pace) -> Option<StepEnd> {
        let mut said = None;
        while let Some(deed) = self.deeds.get(self.traces.len()) {
            let failure = match deed {
                Deed::Spawn { .. } if pace == Pace::Quick => return None,
                Deed::Spawn { .. } => self.spawn(&mut said).err(),
                Deed::Tell { title: Some(title), text } => {
                    self.outside.notify(title, text);
                    self.traces.push(Trace::default());
                    None
                }
                deed => match self.hands().perform(deed, pace) {
                    Ok(Done::Yes(trace)) => {
                        self.traces.push(trace);
                        None
                    }
                    Ok(Done::Slow) => return None,
                    Err(error) => Some(StepFailure { message: error.sentence(), taken: error.taken() }),
                },
            };
            if let Some(failure) = failure {
                return Some(self.fail(failure, said));
            }
        }
        Some(StepEnd { traces: std::mem::take(&mut self.traces), said, failure: None })
    }

    fn hands(&self) -> Hands<'_> {
        Hands { disk: &*self.disk, names: self.names.clone(), before_removal: &*self.flush }
    }

    fn spawn(&mut self, said: &mut Option<Spawned>) -> Result<(), StepFailure> {
        let Some(spawn) = &self.spawn else { return Ok(()) };
        (self.flush)().map_err(|error| StepFailure { message: error.to_string(), taken: false })?;
        let result = self.outside.spawn(spawn).map_err(|error| StepFailure {
            message: format!("cannot run the command: {error}"),
            taken: false,
        })?;
        let returncode = result.returncode;
        let output = last_line(&result.output);
        *said = Some(result);
        if returncode != 0 && !spawn.ignore_errors {
            let message = format!("the command ended with status {returncode}{output}");
            return Err(StepFailure { message, taken: false });
        }
        self.traces.push(Trace { changed: true, ..Trace::default() });
        Ok(())
    }

    /// Takes back what the step has done so far, so that a failed step is one that changed nothing.
    fn fail(&mut self, mut failure: StepFailure, said: Option<Spawned>) -> StepEnd {
        let traces = std::mem::take(&mut self.traces);
        if let Err(error) = take_back(&self.hands(), &self.deeds, &traces) {
            failure.message = format!(
                "{}; and what was done before could not be taken back: {}",
                failure.message,
                error.sentence()
            );
            return StepEnd { traces, said, failure: Some(failure) };
        }
        StepEnd { traces: Vec::new(), said, failure: Some(failure) }
    }
}

/// Takes back the first deeds of a step, newest first, by their inverses.
pub(crate) fn take_back(hands: &Hands<'_>, deeds: &[Deed], traces: &[Trace]) -> Result<(), DeedError> {
    for (nr, (deed, trace)) in deeds.iter().zip(traces).enumerate().rev() {
        if !trace.changed {
            continue;
        }
        if let Ok(Some(inverse)) = deed.inverse(trace, hands.names.slot(1000 + nr)) {
            hands.perform(&inverse, Pace::Any)?;
        }
    }
    Ok(())
}

fn last_line(output: &str) -> String {
    match output.lines().rev().find(|line| !line.trim().is_empty()) {
        Some(line) => format!(": {}", line.trim().chars().take(200).collect::<String>()),
        None => String::new(),
    }
}

/// The command among a step's operations.
pub(crate) fn spawn_of(ops: &[Op]) -> Option<&Spawn> {
    ops.iter().find_map(|op| if let Op::Spawn(spawn) = op { Some(spawn) } else { None })
}

/// The paths a step's deeds have their results at, with what lies there now.
pub(crate) fn results<'a>(deeds: &'a [Deed], traces: &'a [Trace]) -> impl Iterator<Item = (&'a Path, Trace)> {
    deeds.iter().zip(traces).filter_map(|(deed, trace)| deed.result().map(|path| (path, *trace)))
}

/// A path and what was last known to lie there, found among the results of a chain.
pub(crate) type Left = (PathBuf, Trace);

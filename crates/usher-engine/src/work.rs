//! One step being done, here or on a worker thread.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use minijinja::value::ValueKind;

use usher_event::{Sentence, sentence};

use crate::deed::{Deed, Names, Trace};
use crate::disk::{Disk, lstat};
use crate::drive;
use crate::look::Returned;
use crate::outside::{Opening, Origin, Outside, Spawned};
use crate::perform::{DeedError, Done, Hands, Pace};
use crate::plan::Said;
use crate::stamp::Stamp;
use crate::task::{Call, Command};
use crate::told::{changed_since, no_drive};

/// Everything needed to do one step's deeds, so that it can be handed to another thread.
pub(crate) struct Work {
    /// Which flight to tell when it is done.
    pub(crate) ticket: u64,
    /// The run the step is one of.
    pub(crate) run: i64,
    pub(crate) deeds: Vec<Deed>,
    pub(crate) names: Names,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) outside: Arc<dyn Outside>,
    pub(crate) flush: Box<dyn Fn() -> io::Result<()> + Send>,
    /// What the deeds done so far have left behind.
    pub(crate) traces: Vec<Trace>,
    /// What has to lie where still when the work begins, which may have had to wait for its turn.
    pub(crate) expects: Option<(PathBuf, Stamp)>,
    /// The drive that something is to be brought to, which has to be there still by then.
    pub(crate) onto: Option<PathBuf>,
}

/// Something that was done on a worker thread and has ended. Hand it to [`Engine::finish`](crate::Engine::finish).
pub struct Finished(pub(crate) Ended);

/// What has ended on a worker thread.
pub(crate) enum Ended {
    /// A step; the number says which one.
    Step(u64, StepEnd),
    /// A look at a file.
    Look(Box<Returned>),
}

/// How a step ended.
pub(crate) struct StepEnd {
    /// One for each deed that is done.
    pub(crate) traces: Vec<Trace>,
    /// What a command has said.
    pub(crate) said: Option<Said>,
    /// Why it failed. Everything done before has been taken back then, unless it says that something stands.
    pub(crate) failure: Option<StepFailure>,
}

/// Why a step failed.
pub(crate) struct StepFailure {
    pub(crate) message: Sentence,
    /// It is worth planning anew: a name that was free then is taken, or the subject has changed.
    pub(crate) anew: bool,
    /// What the traces tell of has been done and could not be taken back, or is not to be.
    pub(crate) stands: bool,
    /// All that could be done has been; some of what was to be taken away is left where it was.
    pub(crate) left_over: bool,
}

impl StepFailure {
    pub(crate) fn new(message: Sentence) -> Self {
        Self { message, anew: false, stands: false, left_over: false }
    }
}

/// What came of a try to do a step on the spot.
pub(crate) enum Tried {
    Ended(StepEnd),
    /// It takes longer: the rest is to be run elsewhere.
    Slow(Work),
}

impl Work {
    /// Whether a command or code of the user's is part of it.
    pub(crate) fn runs_code(&self) -> bool {
        self.deeds.iter().any(Deed::runs_code)
    }

    /// Keeps what is left of it from being done to something else than what lies there now.
    pub(crate) fn expect_what_is_there(&mut self) {
        let source = self.deeds.get(self.traces.len()).and_then(Deed::source).map(Path::to_path_buf);
        self.expects = source.and_then(|path| {
            let stat = lstat(&*self.disk, &path).ok().flatten()?;
            Some((path, stat.into()))
        });
    }

    /// What there is to be known, should Usher be stopped before it ends: what is done by now, and the drives that the rest
    /// takes something from and brings it to. Nothing where that is all one.
    pub(crate) fn on_the_way(&self) -> Option<Vec<Trace>> {
        let rest = self.deeds.iter().skip(self.traces.len()).map(|deed| drive::crossed(&*self.disk, deed));
        let traces: Vec<Trace> = self.traces.iter().cloned().chain(rest).collect();
        traces.iter().any(|trace| trace.drive.is_some() || trace.onto.is_some()).then_some(traces)
    }

    /// Does as much as can be done in an instant.
    pub(crate) fn try_now(mut self) -> Tried {
        match self.go(Pace::Quick) {
            Some(end) => Tried::Ended(end),
            None => {
                let next = self.deeds.get(self.traces.len());
                self.onto = next.and_then(|deed| drive::reached_by(&*self.disk, deed));
                Tried::Slow(self)
            }
        }
    }

    /// Does all of it, however long it takes.
    pub(crate) fn run(mut self) -> StepEnd {
        if let Some(failure) = self.too_late() {
            return self.fail(failure, None);
        }
        self.go(Pace::Any).unwrap_or(StepEnd { traces: Vec::new(), said: None, failure: None })
    }

    /// Whether the subject is another one by now, or the drive is gone that it was to be brought to.
    fn too_late(&self) -> Option<StepFailure> {
        if let Some(place) = drive::missing(&*self.disk, self.onto.as_ref()) {
            return Some(StepFailure::new(no_drive(place)));
        }
        let (path, stamp) = self.expects.as_ref()?;
        let same = lstat(&*self.disk, path).is_ok_and(|stat| stat.is_some_and(|stat| stamp.same_file(&stat)));
        let message = changed_since(path);
        (!same).then(|| StepFailure { anew: true, ..StepFailure::new(message) })
    }

    /// `None` when the next deed is a slow one and the pace is quick.
    fn go(&mut self, pace: Pace) -> Option<StepEnd> {
        let mut said = None;
        while let Some(deed) = self.deeds.get(self.traces.len()) {
            let failure = match deed {
                Deed::Spawn { .. } | Deed::Python { .. } | Deed::Open { .. } | Deed::Reveal { .. }
                    if pace == Pace::Quick =>
                {
                    return None;
                }
                Deed::Spawn { command, .. } => self.spawn(&command.clone(), &mut said).err(),
                Deed::Python { call, .. } => self.python(&call.clone(), &mut said).err(),
                Deed::Open { target, with: None } => self.open(&Opening::Default(target.clone())).err(),
                Deed::Open { target, with: Some(with) } => {
                    self.open(&Opening::With(target.clone(), with.clone())).err()
                }
                Deed::Reveal { path } => self.open(&Opening::Reveal(path.clone())).err(),
                Deed::Tell { title: Some(title), text, rule } => {
                    let of = rule.as_deref().map(|rule| Origin { rule, run: self.run });
                    self.outside.notify(of, title, text);
                    self.traces.push(Trace::default());
                    None
                }
                deed => match self.hands().perform(deed, pace) {
                    Ok(Done::Yes(trace)) => {
                        self.traces.push(trace);
                        None
                    }
                    Ok(Done::Partly(trace, error)) => {
                        self.traces.push(trace);
                        let traces = std::mem::take(&mut self.traces);
                        let failure = StepFailure::new(error.sentence());
                        let failure = StepFailure { stands: true, left_over: true, ..failure };
                        return Some(StepEnd { traces, said, failure: Some(failure) });
                    }
                    Ok(Done::Slow) => return None,
                    Err(error) => {
                        let there = |seat: &Path| self.disk.exists(seat);
                        let anew = error.taken() && deed.seat().is_some_and(there);
                        Some(StepFailure { anew, ..StepFailure::new(error.sentence()) })
                    }
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

    fn spawn(&mut self, command: &Command, said: &mut Option<Said>) -> Result<(), StepFailure> {
        (self.flush)().map_err(|error| StepFailure::new(error.into()))?;
        let result = self.outside.spawn(&command.to_run());
        let result = result.map_err(|error| {
            StepFailure::new(sentence!("work-no-command", "cannot run the command: {error}", error = error))
        })?;
        let failed = (result.returncode != 0 && !command.ignore_errors).then(|| ended_badly(&result));
        *said = Some(Said::Command(result));
        if let Some(failed) = failed {
            return Err(StepFailure::new(failed));
        }
        self.traces.push(Trace { changed: true, ..Trace::default() });
        Ok(())
    }

    fn python(&mut self, call: &Call, said: &mut Option<Said>) -> Result<(), StepFailure> {
        (self.flush)().map_err(|error| StepFailure::new(error.into()))?;
        let answer = self.disk.python(&call.to_run());
        let answer = answer.map_err(|error| {
            StepFailure::new(sentence!("work-no-code", "cannot run the code: {error}", error = error))
        })?;
        let outcome = answer.outcome.clone();
        *said = Some(Said::Python(answer));
        let value = outcome.map_err(|error| StepFailure::new(Sentence::foreign(error)))?;
        if !(value.is_none() || value.kind() == ValueKind::Map) {
            return Err(StepFailure::new(sentence!("work-dict", "the code has to return a dict or nothing")));
        }
        self.traces.push(Trace { changed: true, ..Trace::default() });
        Ok(())
    }

    fn open(&mut self, opening: &Opening) -> Result<(), StepFailure> {
        self.outside.open(opening).map_err(|error| {
            StepFailure::new(match opening {
                Opening::Default(what) | Opening::With(what, _) => {
                    sentence!("work-no-open", "cannot open {path}: {error}", path = what, error = error)
                }
                Opening::Reveal(what) => {
                    sentence!("work-no-reveal", "cannot show {path}: {error}", path = what, error = error)
                }
            })
        })?;
        self.traces.push(Trace::default());
        Ok(())
    }

    /// Takes back what the step has done so far, so that a failed step is one that changed nothing.
    fn fail(&mut self, mut failure: StepFailure, said: Option<Said>) -> StepEnd {
        let mut traces = std::mem::take(&mut self.traces);
        if let Err(stuck) = take_back(&self.hands(), &self.deeds, &traces) {
            failure.message = sentence!(
                "work-stands",
                "{failure}; and what was done before could not be taken back: {error}",
                failure = failure.message,
                error = stuck.error.sentence(),
            );
            failure.stands = true;
            traces.truncate(stuck.standing);
            return StepEnd { traces, said, failure: Some(failure) };
        }
        StepEnd { traces: Vec::new(), said, failure: Some(failure) }
    }
}

/// Why deeds could not all be taken back.
pub(crate) struct Stuck {
    /// How many of them still stand, counted from the first.
    pub(crate) standing: usize,
    /// What kept the last of those from being taken back.
    pub(crate) error: DeedError,
}

/// Takes back the first deeds of a step, newest first, by their inverses.
pub(crate) fn take_back(hands: &Hands<'_>, deeds: &[Deed], traces: &[Trace]) -> Result<(), Stuck> {
    for (nr, (deed, trace)) in deeds.iter().zip(traces).enumerate().rev() {
        if !trace.changed {
            continue;
        }
        if let Ok(Some(inverse)) = deed.inverse(trace, hands.names.slot(1000 + nr)) {
            let stuck = |error| Stuck { standing: nr + 1, error };
            if let Some(place) = drive::missing(hands.disk, trace.drive.as_ref()) {
                return Err(stuck(DeedError::no_drive(deed.source().unwrap_or(place), place)));
            }
            if let Done::Partly(_, error) = hands.perform(&inverse, Pace::Any).map_err(stuck)? {
                return Err(stuck(error));
            }
        }
    }
    Ok(())
}

/// What is said of a command that has not ended well.
fn ended_badly(spawned: &Spawned) -> Sentence {
    let (status, output) = (spawned.returncode, last_line(&spawned.output));
    match (spawned.signal(), output) {
        (Some(signal), Some(output)) => sentence!(
            "work-signal-said",
            "the command was ended by signal {signal}: {output}",
            signal = signal,
            output = output,
        ),
        (Some(signal), None) => {
            sentence!("work-signal", "the command was ended by signal {signal}", signal = signal)
        }
        (None, Some(output)) => sentence!(
            "work-status-said",
            "the command ended with status {status}: {output}",
            status = status,
            output = output,
        ),
        (None, None) => sentence!("work-status", "the command ended with status {status}", status = status),
    }
}

fn last_line(output: &str) -> Option<String> {
    let line = output.lines().rev().find(|line| !line.trim().is_empty())?;
    Some(line.trim().chars().take(200).collect())
}

/// The paths a step's deeds have their results at, with what lies there now.
pub(crate) fn results<'a>(deeds: &'a [Deed], traces: &'a [Trace]) -> impl Iterator<Item = (&'a Path, Trace)> {
    deeds.iter().zip(traces).filter_map(|(deed, trace)| deed.result().map(|path| (path, trace.clone())))
}

/// A path and what was last known to lie there, found among the results of a chain.
pub(crate) type Left = (PathBuf, Trace);

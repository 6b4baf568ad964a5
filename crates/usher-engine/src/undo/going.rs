//! An undo on its way: one step after the other is looked over and taken back. A slow one leaves for a worker thread, and
//! the next begins when it has come back and is written down.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use usher_event::{Sentence, sentence};

use super::{Planned, Refused, UndoOutcome, touched};
use crate::carry::state_of_failed;
use crate::deed::Deed;
use crate::engine::{Engine, Happening, Workers};
use crate::intents::Unsettled;
use crate::journal::{JournalError, StepRecord, StepState};
use crate::sweep::Going;
use crate::work::{StepEnd, Tried, Work, results};

/// How many steps are taken back in one piece: a few milliseconds.
const PIECE: usize = 32;

/// What is said of a step whose turn did not come.
fn stopped() -> Sentence {
    sentence!("undo-stopped", "the undo was stopped before this was done")
}

/// Steps on their way back. Whoever has it goes on with it a piece at a time
/// ([`Engine::go_on_undoing`](Engine::go_on_undoing)).
pub struct Undoing {
    planned: VecDeque<Planned>,
    outcome: UndoOutcome,
    rename: bool,
    /// Runs whose steps are taken back.
    runs: Vec<i64>,
    /// Where steps have left something that could not be taken back, and the folders around. What older ones had put there
    /// has been in the hands of those since.
    stuck: HashSet<PathBuf>,
    /// How many steps there were to begin with.
    steps: u32,
    /// Whether slow steps are waited for on the spot.
    foreground: bool,
}

impl Undoing {
    pub(super) fn new(run: Option<i64>, planned: Vec<Planned>, refused: Refused, rename: bool) -> Self {
        let mut runs: Vec<i64> = planned.iter().map(|planned| planned.step.run).collect();
        runs.dedup();
        Self {
            steps: u32::try_from(planned.len()).unwrap_or(u32::MAX),
            planned: planned.into(),
            outcome: UndoOutcome { run, refused },
            rename,
            runs,
            stuck: HashSet::new(),
            foreground: false,
        }
    }

    /// Has slow steps done on the spot.
    pub(super) fn wait_for_slow_steps(&mut self) {
        self.foreground = true;
    }

    /// The run that it is in the journal; absent where there is nothing to take back.
    pub fn run_id(&self) -> Option<i64> {
        self.outcome.run
    }

    /// How many steps are to be taken back in all.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// Puts down that a step could not be taken back.
    fn stays(&mut self, step: StepRecord, reason: Sentence) {
        // Where it would be put back counts as well, and the folders around: they may not go away meanwhile.
        let places = step.deeds.iter().flat_map(|deed| [deed.result(), deed.source()]).flatten();
        let around = step.to.as_deref().into_iter().chain(places).flat_map(Path::ancestors);
        self.stuck.extend(around.map(Path::to_path_buf));
        self.outcome.refused.push((step, reason));
    }
}

/// Undos that are going on.
#[derive(Default)]
pub(crate) struct Undos {
    /// What is taken back, by the run of the undo.
    under_way: HashMap<i64, Claim>,
    /// Steps that are out with worker threads, by ticket, with the run of the undo.
    out: HashMap<u64, (i64, Planned)>,
    /// How the step has ended that was out, by the run of the undo; why, where it was not taken back.
    ended: HashMap<i64, (StepRecord, Option<Sentence>)>,
}

/// What an undo has taken on.
struct Claim {
    steps: HashSet<i64>,
    runs: HashSet<i64>,
}

impl Undos {
    pub(super) fn claim(&mut self, run: i64, planned: &[Planned]) {
        let steps = planned.iter().map(|planned| planned.step.id).collect();
        let runs = planned.iter().map(|planned| planned.step.run).collect();
        self.under_way.insert(run, Claim { steps, runs });
    }

    /// Forgets an undo that is over.
    pub(crate) fn release(&mut self, run: i64) {
        self.under_way.remove(&run);
        self.ended.remove(&run);
    }

    /// Whether this run is an undo that goes on.
    pub(super) fn is_under_way(&self, run: i64) -> bool {
        self.under_way.contains_key(&run)
    }

    /// The undo that takes this step back.
    pub(super) fn taking_back(&self, step: i64) -> Option<i64> {
        self.under_way.iter().find(|(_, claim)| claim.steps.contains(&step)).map(|(run, _)| *run)
    }

    /// Whether anything of this run is being taken back.
    pub(crate) fn need(&self, run: i64) -> bool {
        self.under_way.values().any(|claim| claim.runs.contains(&run))
    }

    /// Whether any undo has not come to its end.
    pub(crate) fn any(&self) -> bool {
        !self.under_way.is_empty()
    }

    /// Whether a step is out with a worker.
    pub(crate) fn any_out(&self) -> bool {
        !self.out.is_empty()
    }

    /// Whether a path, or something in or around it, is in the hands of a worker.
    pub(crate) fn busy(&self, path: &Path) -> bool {
        let mut held = self.out.values().flat_map(|(_, planned)| touched(&planned.step, &planned.deeds));
        held.any(|held| path.starts_with(held) || held.starts_with(path))
    }
}

impl Engine {
    /// Takes back the next steps of an undo.
    ///
    /// # Errors
    /// When the journal cannot be written. What has been done is written down as soon as that is possible; it is for the
    /// caller to [end](Self::end_undo) the undo.
    pub fn go_on_undoing(
        &mut self,
        undoing: &mut Undoing,
        progress: &mut dyn FnMut(u32, &Path),
    ) -> Result<Going, JournalError> {
        for _ in 0..PIECE {
            if self.undo_waits(undoing) {
                return Ok(Going::Waits);
            }
            self.hear_of_slow_step(undoing);
            // Of the steps that are open after a kill, only the first can have been begun.
            self.settle_steps()?;
            let Some(planned) = undoing.planned.pop_front() else { return Ok(Going::Over) };
            let at = planned.from().map(Path::to_path_buf);
            self.take_back_next(undoing, planned)?;
            let done = undoing.steps.saturating_sub(u32::try_from(undoing.planned.len()).unwrap_or(0));
            let going = u32::from(self.undo_waits(undoing));
            progress(done.saturating_sub(going), at.as_deref().unwrap_or(Path::new("")));
        }
        Ok(Going::On)
    }

    /// Whether a step of the undo is out with a worker thread.
    pub fn undo_waits(&self, undoing: &Undoing) -> bool {
        undoing.outcome.run.is_some_and(|run| self.flights.is_open(run))
    }

    /// Leaves every step as it is whose turn has not come. One that is out with a worker thread comes to its end.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn stop_undoing(&mut self, undoing: &mut Undoing) -> Result<(), JournalError> {
        for planned in std::mem::take(&mut undoing.planned) {
            self.refuse(undoing, planned, stopped());
        }
        self.settle_steps()
    }

    /// Ends an undo, wherever it is by now.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn end_undo(&mut self, mut undoing: Undoing) -> Result<UndoOutcome, JournalError> {
        self.hear_of_slow_step(&mut undoing);
        let stopped = self.stop_undoing(&mut undoing);
        let Undoing { outcome, runs, .. } = undoing;
        if let Some(run) = outcome.run {
            self.flights.close(run);
        }
        // It stays over, and that is written down as soon as it can be.
        stopped.and_then(|()| self.settle_steps())?;
        runs.into_iter().for_each(|run| self.happen(Happening::Run(run)));
        Ok(outcome)
    }

    /// Takes in how the step has ended that was out with a worker thread.
    fn hear_of_slow_step(&mut self, undoing: &mut Undoing) {
        let ended = undoing.outcome.run.and_then(|run| self.undos.ended.remove(&run));
        if let Some((step, Some(reason))) = ended {
            undoing.stays(step, reason);
        }
    }

    fn take_back_next(&mut self, undoing: &mut Undoing, mut planned: Planned) -> Result<(), JournalError> {
        let takes = planned.deeds.iter().filter_map(Deed::source);
        let stuck =
            planned.step.to.as_deref().into_iter().chain(takes).find(|path| undoing.stuck.contains(*path));
        let reason = match stuck {
            Some(path) => Some(sentence!(
                "undo-newer-stuck",
                "a newer step on {path} could not be taken back",
                path = path,
            )),
            None => match self.look_over(&mut planned, undoing.rename) {
                Ok(reason) => reason,
                Err(error) => {
                    undoing.planned.push_front(planned);
                    return Err(error);
                }
            },
        };
        if let Some(reason) = reason {
            self.refuse(undoing, planned, reason);
            return Ok(());
        }
        let run = undoing.outcome.run.unwrap_or_default();
        let on_the_spot = undoing.foreground || matches!(self.workers, Workers::Inline);
        let tried = self.work_of(run, &planned).try_now();
        if let Tried::Slow(work) = &tried {
            self.note_on_the_way(planned.id, work);
        }
        let end = match tried {
            Tried::Ended(end) => end,
            Tried::Slow(work) if on_the_spot => work.run(),
            Tried::Slow(mut work) => {
                work.expect_what_is_there();
                self.flights.leaves(run);
                self.undos.out.insert(work.ticket, (run, planned));
                // Somebody waits for it, and there is one at most of each undo: it is not kept waiting for the steps of
                // rules, one of which may be what has asked for it.
                self.start_worker(work);
                self.happen(Happening::Run(run));
                return Ok(());
            }
        };
        if let Some(reason) = self.taken_back(&planned, end) {
            undoing.stays(planned.step, reason);
        }
        Ok(())
    }

    /// Whether the step that has ended was one of an undo; if so, takes it in.
    pub(crate) fn undo_returned(
        &mut self,
        ticket: u64,
        end: StepEnd,
    ) -> Result<Option<StepEnd>, JournalError> {
        let Some((run, planned)) = self.undos.out.remove(&ticket) else {
            return Ok(Some(end));
        };
        let reason = self.taken_back(&planned, end);
        self.undos.ended.insert(run, (planned.step, reason));
        self.flights.returns(run);
        self.settle_steps().map(|()| None)
    }

    fn work_of(&mut self, run: i64, planned: &Planned) -> Work {
        Work {
            ticket: self.flights.take_ticket(),
            run,
            deeds: planned.deeds.clone(),
            names: planned.names.clone(),
            disk: Arc::clone(&self.disk),
            outside: Arc::clone(&self.outside),
            flush: Box::new(self.journal.flusher()),
            traces: Vec::new(),
            expects: None,
            onto: None,
        }
    }

    /// Notes that a step is left as it is.
    fn refuse(&mut self, undoing: &mut Undoing, planned: Planned, reason: Sentence) {
        self.unsettled.push(Unsettled {
            step: planned.id,
            state: StepState::Failed,
            traces: Vec::new(),
            error: Some(reason.clone()),
            remember: Vec::new(),
            takes_back: None,
        });
        undoing.stays(planned.step, reason);
    }

    /// Notes how a step has ended; why, where it was not taken back.
    fn taken_back(&mut self, planned: &Planned, end: StepEnd) -> Option<Sentence> {
        let state = match &end.failure {
            Some(failure) => state_of_failed(failure, &planned.deeds, &end.traces),
            None => StepState::Done,
        };
        let left = results(&planned.deeds, &end.traces);
        let left = left.filter_map(|(path, trace)| trace.stamp.map(|stamp| (path.to_path_buf(), stamp)));
        let rules = || self.rules().iter().map(|rule| &rule.id).chain([&planned.step.rule_id]);
        // The user wants it where it lies now; no rule is to take it away again at once.
        let remember = left.flat_map(|(path, stamp)| {
            let of = move |rule: &String| (rule.clone(), stamp, path.clone());
            rules().map(of)
        });
        let remember = remember.collect();
        let error = end.failure.map(|failure| failure.message);
        let takes_back = Some(planned.step.id).filter(|_| error.is_none());
        let (step, traces) = (planned.id, end.traces);
        self.unsettled.push(Unsettled { step, state, traces, error: error.clone(), remember, takes_back });
        error
    }
}

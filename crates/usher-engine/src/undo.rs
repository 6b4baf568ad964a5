//! Taking back. An undo is a run like any other, made of inverses; nothing is ever removed from the journal.
//!
//! ```text
//!   run 7   move a -> b        Done      undo 7: run 8   move b -> a   Done      run 7's step is Undone now
//!                                        redo:   run 9   move a -> b   Done      run 8's step is Undone, run 7's Done
//! ```
//!
//! A step is taken back only if everything it made still is as it was left, and every place it took something from is
//! free; otherwise that step is refused with the reason, and the others go on. All of it is planned before any of it
//! is done, newest step first, on an overlay, so that a step may be taken back into a seat that a newer one's undo
//! leaves. When its turn comes, each step is looked over once more on the disk: a newer one may have failed, or somebody
//! may have been there meanwhile.

mod inverses;
mod preview;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use usher_event::{Sentence, sentence};
use usher_rule::World;

use crate::carry::state_of_failed;
use crate::deed::{Deed, Names};
use crate::disk::Overlay;
use crate::engine::{Engine, Happening};
use crate::journal::{Intent, JournalError, LogFilter, RunKind, StepRecord, StepState};
use crate::stamp::Stamp;
use crate::work::{Work, results};

use inverses::{Refusal, destination, inverses};
pub use preview::{UndoLine, UndoPreview};

/// What is to be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UndoWhat {
    /// One step.
    Step(i64),
    /// All steps of a run.
    Run(i64),
    /// The newest run that can be taken back.
    Last,
    /// The newest undo that still stands; taking it back is a redo.
    LastUndo,
    /// Every run since a moment.
    Since {
        /// The moment.
        since: Timestamp,
        /// Only steps of the rule with this id or title.
        rule: Option<String>,
    },
}

/// What an undo came to.
#[derive(Debug, Default)]
pub struct UndoOutcome {
    /// The undo's own run, where anything was taken back.
    pub run: Option<i64>,
    /// Steps that were left as they are, and why.
    pub refused: Vec<(StepRecord, Sentence)>,
}

/// A step that is going to be taken back.
struct Planned {
    step: StepRecord,
    id: i64,
    names: Names,
    deeds: Vec<Deed>,
}

/// Steps that are left as they are, and why.
type Refused = Vec<(StepRecord, Sentence)>;

impl Planned {
    /// Where the subject is.
    fn from(&self) -> Option<&Path> {
        self.step.to.as_deref().or(self.step.from.as_deref())
    }

    /// Where it goes.
    fn to(&self) -> Option<&Path> {
        destination(&self.step, &self.deeds)
    }
}

/// What the steps of an undo are called in the journal.
fn verb(kind: RunKind) -> &'static str {
    if kind == RunKind::Redo { "redo" } else { "undo" }
}

impl Engine {
    /// Takes back what was asked for, newest first. With `rename`, something whose old place is taken gets a free name
    /// beside it instead of being refused.
    ///
    /// # Errors
    /// When the journal cannot be read or written.
    pub fn undo(&mut self, what: &UndoWhat, rename: bool) -> Result<UndoOutcome, JournalError> {
        self.settle_steps()?;
        let (steps, of, cause) = self.steps_to_undo(what)?;
        let kind = self.kind_of_undo(of)?;
        self.take_back(steps, kind, of, &cause, rename)
    }

    /// Taking back an undo is a redo, by whichever name it was asked for.
    fn kind_of_undo(&self, of: Option<i64>) -> Result<RunKind, JournalError> {
        let undone = of.map(|run| self.journal.run(run)).transpose()?.flatten();
        Ok(if undone.is_some_and(|run| run.kind == RunKind::Undo) { RunKind::Redo } else { RunKind::Undo })
    }

    /// The steps that were asked for, the run they belong to where it is one, and what to call it.
    fn steps_to_undo(&self, what: &UndoWhat) -> Result<(Vec<StepRecord>, Option<i64>, String), JournalError> {
        match what {
            UndoWhat::Step(id) => {
                let step = self.journal.step(*id)?;
                let run = step.as_ref().map(|step| step.run);
                let cause = run.map_or(String::new(), |run| format!("undo of a step of run {run}"));
                Ok((step.into_iter().collect(), run, cause))
            }
            UndoWhat::Run(id) => Ok((self.journal.steps(*id)?, Some(*id), format!("undo of run {id}"))),
            UndoWhat::Last => self.newest(|kind| kind != RunKind::Undo, "undo"),
            UndoWhat::LastUndo => self.newest(|kind| kind == RunKind::Undo, "redo"),
            UndoWhat::Since { since, rule } => {
                let filter = LogFilter { since: Some(*since), rule: rule.clone(), ..LogFilter::default() };
                let mut steps = Vec::new();
                for run in self.journal.runs(&filter)? {
                    if !matches!(run.kind, RunKind::Undo | RunKind::Redo) {
                        steps.extend(self.journal.steps(run.id)?);
                    }
                }
                if let Some(rule) = rule {
                    steps.retain(|step| step.rule_id == *rule || step.rule == *rule);
                }
                steps.retain(|step| step.not_undoable().is_none());
                Ok((steps, None, format!("undo of everything since {since}")))
            }
        }
    }

    /// The newest run of some kinds of which anything can be taken back.
    fn newest(
        &self,
        is_meant: impl Fn(RunKind) -> bool,
        verb: &str,
    ) -> Result<(Vec<StepRecord>, Option<i64>, String), JournalError> {
        for run in self.journal.runs(&LogFilter::default())?.into_iter().filter(|run| is_meant(run.kind)) {
            let steps = self.journal.steps(run.id)?;
            if steps.iter().any(|step| step.not_undoable().is_none()) {
                return Ok((steps, Some(run.id), format!("{verb} of run {}", run.id)));
            }
        }
        Ok((Vec::new(), None, String::new()))
    }

    fn take_back(
        &mut self,
        steps: Vec<StepRecord>,
        kind: RunKind,
        of: Option<i64>,
        cause: &str,
        rename: bool,
    ) -> Result<UndoOutcome, JournalError> {
        let first = self.journal.take_step_numbers(steps.len());
        let (planned, refused) = self.plan_undo(steps, rename, first);
        let mut outcome = UndoOutcome { run: None, refused };
        if planned.is_empty() {
            return Ok(outcome);
        }
        let run = self.note_undo(&planned, kind, of, cause)?;
        outcome.run = Some(run);
        let mut touched: Vec<i64> = planned.iter().map(|planned| planned.step.run).collect();
        touched.dedup();
        // Where steps have left something that could not be taken back. What older ones had put there has been in the
        // hands of those since.
        let mut stuck: HashSet<PathBuf> = HashSet::new();
        for mut planned in planned {
            let (to, refused) = (planned.step.to.clone(), outcome.refused.len());
            let reason = match to.as_ref().filter(|to| stuck.contains(*to)) {
                Some(to) => Some(sentence!(
                    "undo-newer-stuck",
                    "a newer step on {path} could not be taken back",
                    path = to
                )),
                None => self.look_over(&mut planned, rename)?,
            };
            match reason {
                None => self.undo_step(planned, &mut outcome)?,
                Some(reason) => self.refuse(planned, reason, &mut outcome)?,
            }
            if outcome.refused.len() > refused {
                stuck.extend(to);
            }
        }
        let now = self.clock.timestamp();
        self.journal.end_run(run, now)?;
        self.happen(Happening::Run(run));
        touched.into_iter().for_each(|run| self.happen(Happening::Run(run)));
        Ok(outcome)
    }

    /// Says what takes the steps back, newest first, and which of them are refused and why. The steps of the undo will
    /// have the numbers from `first` on.
    fn plan_undo(&self, mut steps: Vec<StepRecord>, rename: bool, first: i64) -> (Vec<Planned>, Refused) {
        steps.sort_by_key(|step| std::cmp::Reverse(step.id));
        let base: &dyn World = &*self.disk;
        let world = Overlay::new(base);
        let (mut planned, mut refused) = (Vec::new(), Vec::new());
        for (id, step) in (first..).zip(steps) {
            let names = Names::new(&self.vault, self.journal.epoch(), id);
            match inverses(&step, &names, &world, rename) {
                Ok(deeds) => planned.push(Planned { step, id, names, deeds }),
                // A step that changed nothing is not worth a word.
                Err(Refusal::Nothing) => {}
                Err(Refusal::Because(reason)) => refused.push((step, reason)),
            }
        }
        (planned, refused)
    }

    fn note_undo(
        &mut self,
        planned: &[Planned],
        kind: RunKind,
        of: Option<i64>,
        cause: &str,
    ) -> Result<i64, JournalError> {
        let at = self.clock.timestamp();
        self.journal.together(|journal| {
            let run = journal.begin_run(kind, &Sentence::foreign(cause), of, at)?;
            for (nr, one) in (0u32..).zip(planned) {
                let intent = Intent {
                    step: one.id,
                    nr,
                    rule_id: &one.step.rule_id,
                    rule: &one.step.rule,
                    action: verb(kind),
                    from: one.from(),
                    to: one.to(),
                    note: Some(&one.step.action),
                    deeds: &one.deeds,
                    of: Some(one.step.id),
                };
                journal.intend(run, &intent, at)?;
            }
            Ok(run)
        })
    }

    /// Whether a step can be taken back now that its turn has come; otherwise why it cannot. What its deeds were to be
    /// may have to be other ones by now.
    fn look_over(&mut self, planned: &mut Planned, rename: bool) -> Result<Option<Sentence>, JournalError> {
        let base: &dyn World = &*self.disk;
        let deeds = match inverses(&planned.step, &planned.names, &Overlay::new(base), rename) {
            Ok(deeds) => deeds,
            Err(Refusal::Because(reason)) => return Ok(Some(reason.into())),
            Err(Refusal::Nothing) => {
                return Ok(Some(sentence!("undo-nothing-left", "there is nothing left of it to take back")));
            }
        };
        if deeds != planned.deeds {
            planned.deeds = deeds;
            self.journal.intend_instead(planned.id, &planned.deeds, planned.to())?;
        }
        Ok(None)
    }

    fn refuse(
        &mut self,
        planned: Planned,
        reason: Sentence,
        outcome: &mut UndoOutcome,
    ) -> Result<(), JournalError> {
        let at = self.clock.timestamp();
        self.journal.settle_step(planned.id, StepState::Failed, &[], Some(&reason), at)?;
        outcome.refused.push((planned.step, reason.into()));
        Ok(())
    }

    fn undo_step(&mut self, planned: Planned, outcome: &mut UndoOutcome) -> Result<(), JournalError> {
        let work = Work {
            ticket: 0,
            run: outcome.run.unwrap_or_default(),
            deeds: planned.deeds.clone(),
            names: planned.names.clone(),
            disk: Arc::clone(&self.disk),
            outside: Arc::clone(&self.outside),
            flush: Box::new(self.journal.flusher()),
            traces: Vec::new(),
            expects: None,
        };
        let end = work.run().end;
        let at = self.clock.timestamp();
        let state = match &end.failure {
            Some(failure) => state_of_failed(failure, &planned.deeds, &end.traces),
            None => StepState::Done,
        };
        let left: Vec<(PathBuf, Stamp)> = results(&planned.deeds, &end.traces)
            .filter_map(|(path, trace)| trace.stamp.map(|stamp| (path.to_path_buf(), stamp)))
            .collect();
        let rules: Vec<String> = self.rules().iter().map(|rule| rule.id.clone()).collect();
        let message = end.failure.map(|failure| failure.message);
        self.journal.together(|journal| {
            journal.settle_step(planned.id, state, &end.traces, message.as_ref(), at)?;
            if message.is_none() {
                flip(journal, planned.step.id, at)?;
            }
            // The user wants it where it lies now; no rule is to take it away again at once.
            for (path, stamp) in &left {
                let mut all = rules.iter().chain(std::iter::once(&planned.step.rule_id));
                all.try_for_each(|rule| journal.remember(rule, stamp, path, at))?;
            }
            Ok(())
        })?;
        outcome.refused.extend(message.map(|message| (planned.step, message)));
        Ok(())
    }
}

/// Marks a step as taken back, the step it took back itself as standing again, and so on down.
pub(crate) fn flip(journal: &crate::Journal, step: i64, at: Timestamp) -> Result<(), JournalError> {
    let (mut next, mut undone) = (Some(step), true);
    let mut seen = HashSet::new();
    while let Some(id) = next.filter(|id| seen.insert(*id)) {
        journal.mark(id, if undone { StepState::Undone } else { StepState::Done }, at)?;
        next = journal.step(id)?.and_then(|step| step.of);
        undone = !undone;
    }
    Ok(())
}

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

mod going;
mod inverses;
mod preview;

use std::collections::HashSet;
use std::path::Path;

use jiff::Timestamp;
use usher_event::{Sentence, sentence};
use usher_rule::World;

use crate::deed::{Deed, Names};
use crate::disk::Overlay;
use crate::engine::Engine;
use crate::journal::{Intent, JournalError, LogFilter, RunKind, StepRecord, StepState};
use crate::sweep::Going;

pub use going::Undoing;
pub(crate) use going::Undos;
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

/// The paths that deeds have to do with, so that nobody else may be at work on them meanwhile. A folder that they make is
/// left where others have put something into it.
fn touched<'a>(step: &'a StepRecord, deeds: &'a [Deed]) -> impl Iterator<Item = &'a Path> {
    let runs_code = deeds.iter().any(Deed::runs_code);
    let subject = [&step.from, &step.to].into_iter().flatten().map(|path| path.as_path());
    let of_deed = |deed: &'a Deed| [deed.source(), deed.seat(), deed.result(), deed.deletes()];
    let moved = deeds.iter().filter(|deed| !matches!(deed, Deed::MakeDir { .. })).flat_map(of_deed).flatten();
    subject.filter(move |_| runs_code).chain(moved)
}

/// What is said to have set off an undo, or a redo, of a run.
fn cause_of(kind: RunKind, run: i64) -> Sentence {
    match kind {
        RunKind::Redo => sentence!("cause-redo", "redo of run {run}", run = run),
        _ => sentence!("cause-undo", "undo of run {run}", run = run),
    }
}

/// The cause where there is nothing to take back, and so no run.
fn nothing() -> Sentence {
    Sentence::foreign("")
}

/// What the steps of an undo are called in the journal.
fn verb(kind: RunKind) -> &'static str {
    if kind == RunKind::Redo { "redo" } else { "undo" }
}

impl Engine {
    /// Takes back what was asked for, newest first, waiting for each slow step. With `rename`, something whose old place is
    /// taken gets a free name beside it instead of being refused.
    ///
    /// # Errors
    /// When the journal cannot be read or written.
    pub fn undo(&mut self, what: &UndoWhat, rename: bool) -> Result<UndoOutcome, JournalError> {
        let mut undoing = self.begin_undo(what, rename)?;
        undoing.wait_for_slow_steps();
        let went = loop {
            match self.go_on_undoing(&mut undoing, &mut |_, _| {}) {
                Ok(Going::Over) => break Ok(()),
                Ok(_) => {}
                Err(error) => break Err(error),
            }
        };
        let outcome = self.end_undo(undoing);
        went.and(outcome)
    }

    /// Plans the undo of what was asked for and writes it down. Whoever has it goes on with it a piece at a time
    /// ([`go_on_undoing`](Self::go_on_undoing)).
    ///
    /// # Errors
    /// When the journal cannot be read or written.
    pub fn begin_undo(&mut self, what: &UndoWhat, rename: bool) -> Result<Undoing, JournalError> {
        // What was done a moment ago has to be in the journal before it can be found there.
        self.settle_steps()?;
        let (steps, of, cause) = self.steps_to_undo(what)?;
        let kind = self.kind_of_undo(of)?;
        self.plan_and_note(steps, kind, of, &cause, rename)
    }

    /// Taking back an undo is a redo, by whichever name it was asked for.
    fn kind_of_undo(&self, of: Option<i64>) -> Result<RunKind, JournalError> {
        let undone = of.map(|run| self.journal.run(run)).transpose()?.flatten();
        Ok(if undone.is_some_and(|run| run.kind == RunKind::Undo) { RunKind::Redo } else { RunKind::Undo })
    }

    /// The steps that were asked for, the run they belong to where it is one, and what to call it.
    fn steps_to_undo(
        &self,
        what: &UndoWhat,
    ) -> Result<(Vec<StepRecord>, Option<i64>, Sentence), JournalError> {
        match what {
            UndoWhat::Step(id) => {
                let step = self.journal.step(*id)?;
                let run = step.as_ref().map(|step| step.run);
                let cause = run.map_or_else(nothing, |run| {
                    sentence!("cause-undo-step", "undo of a step of run {run}", run = run)
                });
                Ok((step.into_iter().collect(), run, cause))
            }
            UndoWhat::Run(id) => Ok((self.journal.steps(*id)?, Some(*id), cause_of(RunKind::Undo, *id))),
            UndoWhat::Last => self.newest(|kind| kind != RunKind::Undo, RunKind::Undo),
            UndoWhat::LastUndo => self.newest(|kind| kind == RunKind::Undo, RunKind::Redo),
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
                let since = self.moment(*since);
                let cause = sentence!("cause-undo-since", "undo of everything since {since}", since = since);
                Ok((steps, None, cause))
            }
        }
    }

    /// The newest run of some kinds of which anything can be taken back.
    fn newest(
        &self,
        is_meant: impl Fn(RunKind) -> bool,
        kind: RunKind,
    ) -> Result<(Vec<StepRecord>, Option<i64>, Sentence), JournalError> {
        for run in self.journal.runs(&LogFilter::default())?.into_iter().filter(|run| is_meant(run.kind)) {
            let steps = self.journal.steps(run.id)?;
            // What is being taken back is as good as gone; an undo that goes on is refused by its name, not passed over.
            let left = |step: &StepRecord| {
                step.not_undoable().is_none() && self.undos.taking_back(step.id).is_none()
            };
            if self.undos.is_under_way(run.id) || steps.iter().any(left) {
                return Ok((steps, Some(run.id), cause_of(kind, run.id)));
            }
        }
        Ok((Vec::new(), None, nothing()))
    }

    /// Plans what takes the steps back and writes it down; nothing of it is done before
    /// [`go_on_undoing`](Self::go_on_undoing).
    fn plan_and_note(
        &mut self,
        steps: Vec<StepRecord>,
        kind: RunKind,
        of: Option<i64>,
        cause: &Sentence,
        rename: bool,
    ) -> Result<Undoing, JournalError> {
        let first = self.journal.take_step_numbers(steps.len());
        let (planned, refused) = self.plan_undo(steps, rename, first);
        let run = match planned.is_empty() {
            true => None,
            false => Some(self.note_undo(&planned, kind, of, cause)?),
        };
        if let Some(run) = run {
            self.undos.claim(run, &planned);
        }
        Ok(Undoing::new(run, planned, refused, rename))
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
            let inverses = match self.in_another_undo(&step) {
                Some(reason) => Err(Refusal::Because(reason)),
                None => self.free_inverses(&step, &names, &world, rename),
            };
            match inverses {
                Ok(deeds) => planned.push(Planned { step, id, names, deeds }),
                // A step that changed nothing is not worth a word.
                Err(Refusal::Nothing) => {}
                Err(Refusal::Because(reason)) => refused.push((step, reason)),
            }
        }
        (planned, refused)
    }

    /// What another undo that goes on has to do with a step.
    fn in_another_undo(&self, step: &StepRecord) -> Option<Sentence> {
        if self.undos.is_under_way(step.run) {
            return Some(sentence!("undo-run-goes-on", "run {run} is still going on", run = step.run));
        }
        self.undos
            .taking_back(step.id)
            .map(|run| sentence!("undo-taking-back", "run {run} is taking it back already", run = run))
    }

    /// What takes a step back, if nobody is at work on what it is about.
    fn free_inverses(
        &self,
        step: &StepRecord,
        names: &Names,
        world: &Overlay<'_>,
        rename: bool,
    ) -> Result<Vec<Deed>, Refusal> {
        let busy = touched(step, &step.deeds).find(|path| self.in_hands(path));
        match busy.filter(|_| step.not_undoable().is_none()) {
            Some(path) => Err(Refusal::Because(sentence!(
                "undo-step-goes-on",
                "a step on {path} is still going on",
                path = path,
            ))),
            None => inverses(step, names, world, &*self.disk, rename),
        }
    }

    fn note_undo(
        &mut self,
        planned: &[Planned],
        kind: RunKind,
        of: Option<i64>,
        cause: &Sentence,
    ) -> Result<i64, JournalError> {
        let at = self.clock.timestamp();
        self.journal.together(|journal| {
            let run = journal.begin_run(kind, cause, of, at)?;
            for (nr, one) in (0u32..).zip(planned) {
                let action = Sentence::foreign(&*one.step.action);
                let intent = Intent {
                    step: one.id,
                    nr,
                    rule_id: &one.step.rule_id,
                    rule: &one.step.rule,
                    action: verb(kind),
                    from: one.from(),
                    to: one.to(),
                    note: Some(&action),
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
        let world = Overlay::new(base);
        let deeds = match self.free_inverses(&planned.step, &planned.names, &world, rename) {
            Ok(deeds) => deeds,
            Err(Refusal::Because(reason)) => return Ok(Some(reason)),
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

//! Taking back, and saying beforehand what that would come to.

use std::panic::{AssertUnwindSafe, catch_unwind};

use usher_engine::{JournalError, UndoOutcome, UndoWhat};
use usher_event::sentence;

use super::Owner;
use super::requests::{MOST_STEPS, fault, journal_refusal};
use crate::api::{Refusal, RefusedStep, UndoPreview, UndoReport, UndoTarget};
use crate::present;
use crate::words::undo_told;

impl Owner {
    /// Takes back what was asked for.
    pub(super) fn undo(&mut self, target: &UndoTarget) -> Result<UndoReport, Refusal> {
        let (what, rename) = self.to_undo(target)?;
        let outcome = self.engine.undo(&what, rename);
        self.undone(outcome)
    }

    /// Takes a run back because of a click on its notification, and says there what came of it.
    pub(super) fn take_back(&mut self, run: i64) {
        let undone = catch_unwind(AssertUnwindSafe(|| self.undo(&UndoTarget::Run { run, rename: false })));
        self.hear_engine();
        match undone.unwrap_or_else(|_| Err(fault())) {
            Ok(report) => {
                for (title, text) in undo_told(&self.words(), &report) {
                    self.desk.answer(&title, &text);
                }
            }
            Err(Refusal { message, hint, .. }) => {
                let words = self.words();
                let told: Vec<String> =
                    std::iter::once(&message).chain(&hint).map(|told| words.tell(told)).collect();
                self.desk.answer("Usher", &told.join("\n"));
            }
        }
    }

    /// Says what that would come to.
    pub(super) fn preview_undo(&mut self, target: &UndoTarget) -> Result<UndoPreview, Refusal> {
        let (what, rename) = self.to_undo(target)?;
        let preview = self.engine.preview_undo(&what, rename).map_err(|error| journal_refusal(&error))?;
        Ok(present::undo_preview(preview, &self.dirs.home, MOST_STEPS as usize))
    }

    fn to_undo(&self, target: &UndoTarget) -> Result<(UndoWhat, bool), Refusal> {
        let (what, rename) = match target {
            UndoTarget::Step { step, rename } => (UndoWhat::Step(*step), *rename),
            UndoTarget::Run { run, rename } => (UndoWhat::Run(*run), *rename),
            UndoTarget::Last { rename } => (UndoWhat::Last, *rename),
            UndoTarget::LastUndo { rename } => (UndoWhat::LastUndo, *rename),
            UndoTarget::Since { since, rule, rename } => {
                (UndoWhat::Since { since: present::read_moment(since)?, rule: rule.clone() }, *rename)
            }
        };
        self.look_for(&what)?;
        Ok((what, rename))
    }

    /// Refuses to take back what was never done, which is not the same as having nothing to take back.
    fn look_for(&self, what: &UndoWhat) -> Result<(), Refusal> {
        let journal = self.engine.journal();
        let (there, message) = match what {
            UndoWhat::Step(step) => (
                journal.step(*step).map(|step| step.is_some()),
                sentence!("undo-no-step", "there is no step {step} in the journal", step = *step),
            ),
            UndoWhat::Run(run) => (
                journal.run(*run).map(|run| run.is_some()),
                sentence!("undo-no-run", "there is no run {run} in the journal", run = *run),
            ),
            UndoWhat::Last | UndoWhat::LastUndo | UndoWhat::Since { .. } => return Ok(()),
        };
        match there {
            Ok(true) => Ok(()),
            Ok(false) => {
                Err(Refusal::new("not_found", message).hint(sentence!("hint-log", "see `usher log`")))
            }
            Err(error) => Err(journal_refusal(&error)),
        }
    }

    /// What an undo came to.
    fn undone(&self, outcome: Result<UndoOutcome, JournalError>) -> Result<UndoReport, Refusal> {
        let outcome = outcome.map_err(|error| journal_refusal(&error))?;
        let home = &self.dirs.home;
        let journal = self.engine.journal();
        let record = outcome.run.map(|id| journal.run(id)).transpose().map(Option::flatten);
        let run =
            record.and_then(|record| record.map(|record| self.shown_run(&record, 0, MOST_STEPS)).transpose());
        let run = run.map_err(|error| journal_refusal(&error))?;
        let refused = outcome.refused.into_iter();
        let refused = refused.map(|(step, reason)| RefusedStep { step: present::step(&step, home), reason });
        Ok(UndoReport { run, refused: refused.collect() })
    }
}

//! What an undo would do: the plan that the undo itself would make now, and nothing of it done or written down.

use std::path::PathBuf;

use usher_event::Sentence;

use super::{Planned, UndoWhat, verb};
use crate::deed::Deed;
use crate::engine::Engine;
use crate::journal::{JournalError, RunKind, StepRecord};

/// What an undo would do, and what it would refuse.
#[derive(Debug)]
pub struct UndoPreview {
    /// Whether it would be an undo or a redo.
    pub kind: RunKind,
    /// The run that would be taken back, where it is one.
    pub of: Option<i64>,
    /// The steps it would take, in their order.
    pub lines: Vec<UndoLine>,
    /// Steps that would be left as they are, and why.
    pub refused: Vec<(StepRecord, Sentence)>,
}

/// One step that an undo would take.
#[derive(Debug)]
pub struct UndoLine {
    /// The step that would be taken back.
    pub step: StepRecord,
    /// What the new step would be called.
    pub action: &'static str,
    /// Where the subject is.
    pub from: Option<PathBuf>,
    /// Where it would go.
    pub to: Option<PathBuf>,
    /// Commands and code that it would run, which may do anything.
    pub runs: Vec<String>,
}

impl Engine {
    /// Says what an undo of this would come to if it were done now.
    ///
    /// # Errors
    /// When the journal cannot be read or written.
    pub fn preview_undo(&mut self, what: &UndoWhat, rename: bool) -> Result<UndoPreview, JournalError> {
        // What was done a moment ago has to be in the journal before it can be found there.
        self.settle_steps()?;
        let (steps, of, _) = self.steps_to_undo(what)?;
        let kind = self.kind_of_undo(of)?;
        let (planned, refused) = self.plan_undo(steps, rename, self.journal.next_step_number());
        let lines = planned.into_iter().map(|planned| line(planned, kind)).collect();
        Ok(UndoPreview { kind, of, lines, refused })
    }
}

fn line(planned: Planned, kind: RunKind) -> UndoLine {
    let from = planned.from().map(PathBuf::from);
    let to = planned.to().map(PathBuf::from);
    let runs = planned.deeds.iter().filter_map(command).collect();
    UndoLine { step: planned.step, action: verb(kind), from, to, runs }
}

/// What a deed runs outside of Usher.
fn command(deed: &Deed) -> Option<String> {
    match deed {
        Deed::Spawn { command, .. } => Some(command.shown()),
        Deed::Python { .. } => Some("python".to_owned()),
        _ => None,
    }
}

//! Writing down: what a chain is going to do before it does it, and how it ended afterwards.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use usher_event::{Sentence, sentence};

use crate::carry::OpenRun;
use crate::deed::{Deed, Names, Trace, deeds_for};
use crate::disk::Disk;
use crate::journal::{Intent, Journal, JournalError, StepState};
use crate::plan::{Chain, Failure};
use crate::stamp::Stamp;
use crate::undo::flip;

/// A step that has been written down.
pub(crate) struct Noted {
    pub(crate) id: i64,
    pub(crate) deeds: Vec<Deed>,
    pub(crate) names: Names,
}

/// A step's end that is not in the journal yet.
pub(crate) struct Unsettled {
    pub(crate) step: i64,
    pub(crate) state: StepState,
    pub(crate) traces: Vec<Trace>,
    pub(crate) error: Option<Sentence>,
    pub(crate) remember: Vec<(String, Stamp, PathBuf)>,
    /// The step that has been taken back by it.
    pub(crate) takes_back: Option<i64>,
}

/// Writes down how steps have ended.
pub(crate) fn settle_all(
    journal: &mut Journal,
    unsettled: &[Unsettled],
    at: Timestamp,
) -> Result<(), JournalError> {
    for step in unsettled {
        journal.settle_step(step.step, step.state, &step.traces, step.error.as_ref(), at)?;
        if let Some(undone) = step.takes_back {
            flip(journal, undone, at)?;
        }
        for (rule, stamp, path) in &step.remember {
            journal.remember(rule, stamp, path, at)?;
        }
    }
    Ok(())
}

/// Writes down the chain's steps from the `from`th on, and the action that could not be planned.
#[expect(
    clippy::too_many_arguments,
    reason = "everything of the engine's that a commit touches, borrowed apart"
)]
pub(crate) fn note_steps(
    journal: &mut Journal,
    disk: &dyn Disk,
    vault: &Path,
    run: i64,
    open: &mut OpenRun,
    chain: &mut Chain,
    from: usize,
    at: Timestamp,
) -> Result<VecDeque<Noted>, JournalError> {
    let mut noted = VecDeque::new();
    for (step, lengths) in chain.steps.iter().zip(&chain.lengths).skip(from) {
        let id = journal.take_step_number();
        let names = Names::new(vault, journal.epoch(), id);
        let prepared = deeds_for(&step.ops, lengths, &names, disk);
        let deeds = prepared.as_deref().unwrap_or_default();
        let intent = Intent {
            step: id,
            nr: open.next_step(),
            rule_id: &chain.rule.id,
            rule: chain.rule.title(),
            action: step.action,
            from: step.from.as_deref(),
            to: step.to.as_deref(),
            note: step.note.as_ref(),
            deeds,
            of: None,
        };
        journal.intend(run, &intent, at)?;
        open.count_step();
        match prepared {
            Ok(deeds) => noted.push_back(Noted { id, deeds, names }),
            Err(error) => {
                let message = sentence!("step-not-prepared", "cannot prepare it: {error}", error = error);
                journal.settle_step(id, StepState::Failed, &[], Some(&message), at)?;
                chain.failure = Some(Failure { action: step.action, path: step.from.clone(), message });
                return Ok(noted);
            }
        }
    }
    if let Some(failure) = &chain.failure {
        let id = journal.take_step_number();
        let intent = Intent {
            step: id,
            nr: open.next_step(),
            rule_id: &chain.rule.id,
            rule: chain.rule.title(),
            action: failure.action,
            from: failure.path.as_deref(),
            to: None,
            note: None,
            deeds: &[],
            of: None,
        };
        journal.intend(run, &intent, at)?;
        journal.settle_step(id, StepState::Failed, &[], Some(&failure.message), at)?;
        open.count_step();
    }
    Ok(noted)
}

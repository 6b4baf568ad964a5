//! Taking back, and saying beforehand what that would come to. However long it takes, the owner goes on answering.

use std::panic::{AssertUnwindSafe, catch_unwind};

use usher_engine::{Going, JournalError, UndoOutcome, UndoWhat, Undoing};
use usher_event::sentence;

use super::requests::{MOST_STEPS, fault, journal_refusal, value};
use super::runs::{Progress, Reached};
use super::{Owner, Reply};
use crate::api::{Refusal, RefusedStep, UndoPreview, UndoReport, UndoTarget};
use crate::present;
use crate::subscribers::Outlet;
use crate::words::{refusal_told, undo_told};

/// An undo that is going on. The owner does a piece of it in each of its turns.
pub(super) struct Pending {
    undoing: Undoing,
    progress: Progress,
    asker: Asker,
}

/// Who hears what an undo came to.
enum Asker {
    /// Whoever sent the request.
    Request(Reply),
    /// Who clicked on a notification.
    Notification,
}

impl Owner {
    /// Begins to take back what was asked for; the answer comes when that is done.
    pub(super) fn start_undo(&mut self, target: &UndoTarget, outlet: Option<Outlet>, reply: Reply) {
        self.begin_undo(target, outlet, Asker::Request(reply));
    }

    /// Takes a run back because of a click on its notification, and says there what came of it.
    pub(super) fn take_back(&mut self, run: i64) {
        self.begin_undo(&UndoTarget::Run { run, rename: false }, None, Asker::Notification);
    }

    fn begin_undo(&mut self, target: &UndoTarget, outlet: Option<Outlet>, asker: Asker) {
        let begun = catch_unwind(AssertUnwindSafe(|| {
            let (what, rename) = self.to_undo(target)?;
            self.engine.begin_undo(&what, rename).map_err(|error| journal_refusal(&error))
        }));
        match begun.unwrap_or_else(|_| Err(fault())) {
            Ok(undoing) => {
                let progress = self.progress(outlet);
                self.undos.push(Pending { undoing, progress, asker });
            }
            Err(refusal) => self.tell_asker(asker, Err(refusal)),
        }
    }

    /// Whether the next piece of an undo can be done now.
    pub(super) fn undo_is_due(&self) -> bool {
        self.undos.iter().any(|pending| !self.engine.undo_waits(&pending.undoing))
    }

    /// Does the next piece of every undo. They do not wait for one another, nor for the runs that were asked for: one of
    /// those may be what has asked for the undo.
    pub(super) fn go_on_undoing(&mut self) {
        for mut pending in std::mem::take(&mut self.undos) {
            if self.engine.undo_waits(&pending.undoing) {
                self.undos.push(pending);
                continue;
            }
            let Pending { undoing, progress, .. } = &mut pending;
            let of = undoing.steps();
            let went = catch_unwind(AssertUnwindSafe(|| {
                self.engine.go_on_undoing(undoing, &mut |steps, path| {
                    progress.tell(Reached::taken_back(steps, of), path);
                })
            }));
            let failed = match went {
                Ok(Ok(Going::Over)) => None,
                Ok(Ok(going)) => {
                    // Nothing more can be told before the slow step has ended.
                    if going == Going::Waits {
                        pending.progress.tell_last();
                    }
                    self.undos.push(pending);
                    continue;
                }
                Ok(Err(error)) => Some(journal_refusal(&error)),
                Err(_) => Some(fault()),
            };
            self.end_undo(pending, failed);
        }
    }

    /// Ends an undo, and says what it came to, or what has kept it from its end.
    fn end_undo(&mut self, pending: Pending, failed: Option<Refusal>) {
        let Pending { undoing, asker, .. } = pending;
        let ended = catch_unwind(AssertUnwindSafe(|| self.engine.end_undo(undoing)));
        self.hear_engine();
        let report = match (failed, ended) {
            (Some(refusal), _) => Err(refusal),
            (None, Ok(outcome)) => self.undone(outcome),
            (None, Err(_)) => Err(fault()),
        };
        self.tell_asker(asker, report);
    }

    fn tell_asker(&mut self, asker: Asker, report: Result<UndoReport, Refusal>) {
        match (asker, report) {
            (Asker::Request(reply), report) => reply(report.and_then(|report| value(&report))),
            (Asker::Notification, Ok(report)) => {
                for (title, text) in undo_told(&self.words(), &report) {
                    self.desk.answer(&title, &text);
                }
            }
            (Asker::Notification, Err(refusal)) => {
                self.desk.answer("Usher", &refusal_told(&self.words(), &refusal));
            }
        }
    }

    /// Ends an undo before it has taken back everything; the one that was asked for first where none is named. A step that
    /// is out with a worker thread comes to its end, and the asker hears then. `false` where there is no such undo.
    pub(super) fn stop_undo(&mut self, run: Option<i64>) -> Result<bool, Refusal> {
        let meant = |pending: &&mut Pending| run.is_none() || pending.undoing.run_id() == run;
        let Some(pending) = self.undos.iter_mut().find(meant) else { return Ok(false) };
        self.engine.stop_undoing(&mut pending.undoing).map_err(|error| journal_refusal(&error))?;
        Ok(true)
    }

    /// Leaves the undos that are going on where they are.
    pub(super) fn abandon_undos(&mut self) {
        for Pending { undoing, asker, .. } in std::mem::take(&mut self.undos) {
            self.engine_does(|engine| engine.end_undo(undoing).map(drop));
            if let Asker::Request(reply) = asker {
                reply(Err(crate::server::ended()));
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
                rule.as_deref().map_or(Ok(()), |rule| self.knows_rule(rule))?;
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

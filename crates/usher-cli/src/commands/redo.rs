//! `usher redo`

use clap::Args;
use usher_agent::api::{Request, UndoReport, UndoTarget};

use super::undo::show;
use crate::failure::Outcome;
use crate::owner;
use crate::screen::Screen;

/// Take back the newest undo
#[derive(Debug, Args)]
pub(crate) struct Arguments {}

impl Arguments {
    /// Takes it back.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let newest = Request::Undo(UndoTarget::LastUndo { rename: false });
        let report: UndoReport = owner::ask(&owner::open()?, &newest)?;
        show(&report, screen)
    }
}

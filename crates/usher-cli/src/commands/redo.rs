//! `usher redo`

use clap::Args;
use usher_agent::api::UndoTarget;

use super::undo::{show, take_back};
use crate::failure::Outcome;
use crate::owner;
use crate::screen::Screen;

/// Take back the newest undo
#[derive(Debug, Args)]
pub(crate) struct Arguments {}

impl Arguments {
    /// Takes it back.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let report = take_back(&owner::open(screen)?, UndoTarget::LastUndo { rename: false })?;
        show(&report, screen)
    }
}

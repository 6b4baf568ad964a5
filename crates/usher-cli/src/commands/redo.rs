//! `usher redo`

use clap::Args;
use usher_agent::api::{Request, UndoReport};

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
        let report: UndoReport = owner::ask(&owner::open()?, &Request::Redo)?;
        show(&report, screen)
    }
}

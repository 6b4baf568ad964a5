//! `usher run`

use clap::Args;

use crate::failure::Outcome;
use crate::screen::Screen;
use crate::sweep::{Choice, sweep};

/// Run the rules over what is in their folders now
///
/// Every step is written down before it is done and can be taken back with `usher undo`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    choice: Choice,
}

impl Arguments {
    /// Runs.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        sweep(self.choice, false, screen)
    }
}

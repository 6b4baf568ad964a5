//! `usher sim`

use clap::Args;

use crate::failure::Outcome;
use crate::screen::Screen;
use crate::sweep::{Choice, sweep};

/// Show what `run` would do, to the letter, and change nothing
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    choice: Choice,
}

impl Arguments {
    /// Simulates.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        sweep(self.choice, true, screen)
    }
}

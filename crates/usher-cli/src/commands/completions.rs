//! `usher completions`

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::cli::Cli;
use crate::failure::{Exit, Outcome};
use crate::screen::Screen;

/// Print the completions for a shell
///
/// For bash: usher completions bash > ~/.local/share/bash-completion/completions/usher
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Arguments {
    /// Prints them.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        // Into memory first: the generator panics where its writer fails.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "usher", &mut script);
        screen.exact(&script)?;
        Ok(Exit::Done)
    }
}

//! `usher man`

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use crate::cli::Cli;
use crate::failure::{Exit, Failure, Outcome};
use crate::screen::Screen;

/// Print the manual page, of Usher or of one command
///
/// To read it: usher man | man -l -
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A command
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

impl Arguments {
    /// Prints it.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let mut usher = Cli::command();
        usher.build();
        let page = match &self.command {
            None => usher,
            Some(name) => {
                let command = usher.find_subcommand(name).cloned();
                command.ok_or_else(|| {
                    Failure::arguments(format!("there is no command `{name}`"))
                        .hint("see `usher --help` for those there are")
                })?
            }
        };
        let mut text = Vec::new();
        Man::new(page).render(&mut text)?;
        screen.exact(&text)?;
        Ok(Exit::Done)
    }
}

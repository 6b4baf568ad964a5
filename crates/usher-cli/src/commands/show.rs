//! `usher show`

use std::io::Write;

use clap::Args;
use usher_agent::api::Request;

use crate::config;
use crate::failure::{Exit, Outcome};
use crate::owner;
use crate::place::absolute;
use crate::screen::Screen;
use usher_agent::safe::safe;

/// Print a rule file, or where it lies
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A rule file, by path or name; the only one in the rules folder when absent
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// Print its path instead
    #[arg(long, conflicts_with = "reveal")]
    path: bool,

    /// Show it in the file manager instead
    #[arg(long)]
    reveal: bool,
}

impl Arguments {
    /// Prints or reveals it.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let dirs = owner::directories()?;
        let file = match &self.name {
            Some(name) => config::find(name, &dirs)?,
            None => config::only(&dirs)?,
        };
        let path = absolute(&file)?;
        if self.path {
            writeln!(screen.out(), "{}", safe(&path))?;
        } else if self.reveal {
            let _: serde_json::Value = owner::ask(&owner::open(screen)?, &Request::Reveal { path })?;
        } else {
            let text = std::fs::read(&file).map_err(|error| config::unreadable(&file, &error))?;
            screen.exact(&text)?;
        }
        Ok(Exit::Done)
    }
}

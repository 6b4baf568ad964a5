//! `usher resume`

use std::io::Write;

use clap::Args;
use usher_agent::api::{Request, Status};

use crate::failure::{Exit, Outcome};
use crate::owner;
use crate::screen::{Screen, count};

/// Handle files again, beginning with what was missed
#[derive(Debug, Args)]
pub(crate) struct Arguments {}

impl Arguments {
    /// Resumes.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let status: Status = owner::ask(&owner::resident()?, &Request::Resume)?;
        writeln!(screen.out(), "Watching {}.", count(status.folders.len() as u64, "folder"))?;
        Ok(Exit::Done)
    }
}

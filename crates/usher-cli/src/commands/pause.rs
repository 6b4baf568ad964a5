//! `usher pause`

use std::io::Write;

use clap::Args;
use usher_agent::api::{PauseFor, Request, Status};

use crate::failure::{Exit, Outcome};
use crate::moment;
use crate::owner;
use crate::screen::Screen;

/// Stop handling files for a while
///
/// What happens meanwhile is handled after the pause.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// For how long, such as `30m`, `1h` or `2d`; until `usher resume` when absent
    #[arg(long = "for", value_name = "TIME", value_parser = moment::seconds)]
    length: Option<u64>,

    /// Until six in the morning of the next day
    #[arg(long, conflicts_with = "length")]
    until_tomorrow: bool,
}

impl Arguments {
    /// Pauses.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let length = match self.length {
            Some(seconds) => PauseFor::Seconds { seconds },
            None if self.until_tomorrow => PauseFor::Tomorrow,
            None => PauseFor::UntilResumed,
        };
        let status: Status = owner::ask(&owner::resident()?, &Request::Pause(length))?;
        match &status.paused_until {
            Some(until) => writeln!(screen.out(), "Paused until {}.", moment::local(until))?,
            None => writeln!(screen.out(), "Paused until `usher resume`.")?,
        }
        Ok(Exit::Done)
    }
}

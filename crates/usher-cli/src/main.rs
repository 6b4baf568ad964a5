//! The `usher` command: one more client of the control API, for terminals and scripts.
//!
//! | room | its job |
//! |---|---|
//! | [`commands`] | one file a command: arguments, their documentation, and what it does |
//! | [`owner`] | reaching the owner of journal and rules |
//! | [`config`], [`place`], [`moment`] | what the user typed, understood |
//! | [`sweep`] | what `run` and `sim` share |
//! | [`burst`] | runs that belong together |
//! | [`screen`], [`safe`], [`steps`], [`problems`], [`progress`] | what the user sees |
//! | [`failure`] | exit codes, and errors as message and hint |
//!
//! There is no decision about files in here, and no graphical library is linked.

mod burst;
mod cli;
mod commands;
mod config;
mod failure;
mod moment;
mod owner;
mod place;
mod problems;
mod progress;
mod questions;
mod screen;
mod steps;
mod sweep;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Color};
use crate::failure::{Exit, Failure, Outcome};
use crate::screen::Screen;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(answer) => return explain(&answer).into(),
    };
    let mut screen = Screen::new(cli.color.into());
    let outcome = cli.command.go(&mut screen);
    end(&mut screen, outcome).into()
}

/// Shows help or the version, or why the arguments make no sense.
fn explain(answer: &clap::Error) -> Exit {
    let exit = if answer.use_stderr() { Exit::Arguments } else { Exit::Done };
    let shown = answer.print().map(|()| exit).map_err(Failure::from);
    end(&mut Screen::new(Color::Auto.into()), shown)
}

/// Shows what is left to show. A reader that has gone is no error: `usher log | head` is a fine thing to do.
fn end(screen: &mut Screen, outcome: Outcome) -> Exit {
    let outcome = outcome.and_then(|exit| Ok(screen.flush().map(|()| exit)?));
    match outcome {
        Ok(exit) => exit,
        Err(Failure::NoReader) => Exit::Done,
        Err(failure) => {
            let Failure::Told { exit, .. } = failure else { return Exit::Done };
            // Where stderr is gone too, the exit code has to do.
            let _ = screen.failure(&failure);
            exit
        }
    }
}

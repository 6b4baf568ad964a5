//! One file a command, each with its arguments, their documentation and what it does. Nothing else is decided here.

mod answer;
mod check;
mod completions;
mod dismiss;
mod edit;
mod events;
mod list;
mod log;
mod man;
mod new;
mod pause;
mod redo;
mod resume;
mod rules;
mod run;
mod schema;
mod show;
mod sim;
mod status;
mod trigger;
mod undo;
mod watch;
mod why;

use clap::Subcommand;

use crate::failure::Outcome;
use crate::screen::Screen;

/// Every command, in the order the help shows them.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(run::Arguments),
    Sim(sim::Arguments),
    Watch(watch::Arguments),
    Status(status::Arguments),
    Why(why::Arguments),
    Log(log::Arguments),
    Undo(undo::Arguments),
    Redo(redo::Arguments),
    Pause(pause::Arguments),
    Resume(resume::Arguments),
    Answer(answer::Arguments),
    Dismiss(dismiss::Arguments),
    Rules(rules::Arguments),
    Check(check::Arguments),
    New(new::Arguments),
    Edit(edit::Arguments),
    Show(show::Arguments),
    List(list::Arguments),
    Events(events::Arguments),
    Trigger(trigger::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

impl Command {
    /// Does it.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        match self {
            Self::Run(arguments) => arguments.go(screen),
            Self::Sim(arguments) => arguments.go(screen),
            Self::Watch(arguments) => arguments.go(screen),
            Self::Status(arguments) => arguments.go(screen),
            Self::Why(arguments) => arguments.go(screen),
            Self::Log(arguments) => arguments.go(screen),
            Self::Undo(arguments) => arguments.go(screen),
            Self::Redo(arguments) => arguments.go(screen),
            Self::Pause(arguments) => arguments.go(screen),
            Self::Resume(arguments) => arguments.go(screen),
            Self::Answer(arguments) => arguments.go(screen),
            Self::Dismiss(arguments) => arguments.go(screen),
            Self::Rules(arguments) => arguments.go(screen),
            Self::Check(arguments) => arguments.go(screen),
            Self::New(arguments) => arguments.go(screen),
            Self::Edit(arguments) => arguments.go(screen),
            Self::Show(arguments) => arguments.go(screen),
            Self::List(arguments) => arguments.go(screen),
            Self::Events(arguments) => arguments.go(screen),
            Self::Trigger(arguments) => arguments.go(screen),
            Self::Schema(arguments) => arguments.go(screen),
            Self::Completions(arguments) => arguments.go(screen),
            Self::Man(arguments) => arguments.go(screen),
        }
    }
}

//! `usher edit`

use std::env;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use clap::Args;
use usher_agent::api::Request;

use crate::config;
use crate::failure::{Exit, Failure, Outcome};
use crate::owner;
use crate::place::absolute;
use crate::problems;
use crate::screen::Screen;
use usher_agent::safe::safe;

/// Edit a rule file with $VISUAL or $EDITOR, then check it
///
/// Without either variable it opens in the program the desktop has for it.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A rule file, by path or name; the only one in the rules folder when absent
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

impl Arguments {
    /// Edits and checks it.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let dirs = owner::directories()?;
        let file = match &self.name {
            Some(name) => config::find(name, &dirs)?,
            None => config::only(&dirs)?,
        };
        let path = absolute(&file)?;
        let Some(editor) = editor() else {
            let _: serde_json::Value =
                owner::ask(&owner::open(screen)?, &Request::OpenRules { file: Some(path) })?;
            return Ok(Exit::Done);
        };
        screen.flush()?;
        run(&editor, &file)?;
        let problems = config::problems(path.as_ref(), &dirs);
        problems::show(screen, &problems)?;
        if problems.is_empty() {
            writeln!(screen.out(), "No problems found in {}", safe(&path))?;
        }
        Ok(problems::exit(&problems, false))
    }
}

fn editor() -> Option<String> {
    let named = |variable| env::var(variable).ok().filter(|editor| !editor.trim().is_empty());
    named("VISUAL").or_else(|| named("EDITOR"))
}

fn run(editor: &str, file: &Path) -> Result<(), Failure> {
    let hint = "set VISUAL or EDITOR to an editor";
    let status = command(editor, file)
        .status()
        .map_err(|error| Failure::new(format!("cannot start the editor `{editor}`: {error}")).hint(hint))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("the editor `{editor}` ended with {status}")).hint(hint))
}

/// The variable may hold arguments (`code --wait`), which a shell takes apart as the user expects. The file's name is
/// an argument of the shell and never part of what it reads.
#[cfg(unix)]
fn command(editor: &str, file: &Path) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{editor} \"$@\"")).arg(editor).arg(file);
    command
}

/// Windows has no shell that quotes safely: the words are taken apart at blanks, unless all of it is one program.
#[cfg(not(unix))]
fn command(editor: &str, file: &Path) -> Command {
    let mut words = editor.split_whitespace();
    let mut command = match words.next() {
        Some(program) if !Path::new(editor).is_file() => Command::new(program),
        _ => Command::new(editor),
    };
    if !Path::new(editor).is_file() {
        command.args(words);
    }
    command.arg(file);
    command
}

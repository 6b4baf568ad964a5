//! `shell`: a command of the user's, with what placeholders put into it kept apart from what the user wrote.
//!
//! A file may be called `$(rm -rf ~)`. On Unix no value is ever part of the script a shell reads as code: each is set
//! as a variable first, quoted where nothing but our own text surrounds it, and the command refers to the variable in
//! the way its place wants (bare, in double quotes, in single quotes). Should the place be judged wrongly, in a
//! here-document say, the worst is a word split in two. `cmd.exe` has no quoting that can be relied on; there, values
//! with characters it would act on are refused.
//!
//! `~` and `$VAR` in the command are left to the shell.

mod posix;
mod windows;

use std::ffi::OsString;

use minijinja::Value;
use usher_event::{Sentence, sentence};

use super::destination::not_text;
use super::{Action, ActionError};
use crate::load::{Kind, Param, Reader, Spec};
use crate::template::{Filled, Template};
use crate::{Command, Context, Op, Spawn, Step};

pub(super) const SPEC: Spec = Spec {
    positional: Some("cmd"),
    params: &[
        Param::required("cmd", Kind::Template, "the command; placeholders are quoted for the shell"),
        Param::new("run_in_simulation", Kind::Flag, "false", "whether a simulation runs it too"),
        Param::new(
            "ignore_errors",
            Kind::Flag,
            "false",
            "whether the next actions run although the command failed",
        ),
        Param::new(
            "simulation_output",
            Kind::Template,
            "** simulation **",
            "what `{shell.output}` is in a simulation",
        ),
        Param::new("simulation_returncode", Kind::Int, "0", "what `{shell.returncode}` is in a simulation"),
        Param::new("timeout", Kind::Duration, "", "how long it may take; ten minutes where not given"),
        UNDO,
    ],
    variables: &["shell"],
    standalone: true,
    ..Spec::new("shell", "runs a command and waits for it")
};

/// The parameter that makes a command one that can be taken back.
pub(super) const UNDO: Param = Param::new(
    "undo",
    Kind::Template,
    "",
    "a command that takes it back, run by an undo; its placeholders are filled in beforehand",
)
.or_nothing()
.filled();

#[derive(Debug)]
struct Shell {
    cmd: Template,
    run_in_simulation: bool,
    ignore_errors: bool,
    simulation_output: Template,
    simulation_returncode: i32,
    timeout: Option<std::time::Duration>,
    undo: Option<Template>,
}

/// A command for a shell: what it is given and what people are shown.
struct Line {
    argv: Vec<OsString>,
    shown: String,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    Some(Box::new(Shell {
        cmd: reader.template("cmd"),
        run_in_simulation: reader.flag("run_in_simulation"),
        ignore_errors: reader.flag("ignore_errors"),
        simulation_output: reader.template("simulation_output"),
        simulation_returncode: i32::try_from(reader.int("simulation_returncode")).unwrap_or(1),
        timeout: reader.duration("timeout"),
        undo: reader.given("undo"),
    }))
}

/// The command that takes a step back, and how people are shown it.
///
/// It is filled in before the step is done: what a step printed is not known when its undo is written down.
pub(super) fn undo(
    template: Option<&Template>,
    cx: &Context<'_>,
) -> Result<Option<(Command, String)>, ActionError> {
    let Some(template) = template else { return Ok(None) };
    let filled = template.render(cx).map_err(|error| ActionError {
        hint: Some(sentence!(
            "shell-undo-hint",
            "the undo is filled in before the step is done, so it cannot use the step's result"
        )),
        ..ActionError::new(error.message)
    })?;
    let Line { argv, shown } = command(&filled, cx)?;
    let command = Command { argv, cwd: cx.world.working_dir(), timeout: None };
    Ok(Some((command, shown)))
}

/// What stands beside a step: the command or the code, and the command that takes it back.
pub(super) fn note(shown: String, undo: Option<&str>) -> Sentence {
    let shown = Sentence::foreign(shown);
    match undo {
        Some(undo) => {
            sentence!("note-undone-by", "{command}; undone by `{undo}`", command = shown, undo = undo)
        }
        None => shown,
    }
}

fn command(filled: &Filled, cx: &Context<'_>) -> Result<Line, ActionError> {
    check_named(filled, cx)?;
    if filled.text.contains('\0') {
        return Err(ActionError::new(sentence!("shell-zero-byte", "the command contains a zero byte")));
    }
    if cfg!(windows) { windows::command(filled, cx.world) } else { Ok(posix::command(filled)) }
}

/// Refuses a name that was not text before it was put in: the command would be about another file.
fn check_named(filled: &Filled, cx: &Context<'_>) -> Result<(), ActionError> {
    match not_text(cx, filled) {
        Some(path) => {
            let message = sentence!(
                "shell-not-text",
                "the name {path} is not text, so no command can be told of it",
                path = path,
            );
            Err(ActionError::new(message).hint(sentence!(
                "shell-not-text-hint",
                "give it a name in UTF-8, or use `python`, which gets names as they are"
            )))
        }
        None => Ok(()),
    }
}

impl Action for Shell {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn can_be_undone(&self) -> bool {
        self.undo.is_some()
    }

    fn summary(&self) -> String {
        self.cmd.source().to_owned()
    }

    fn standalone(&self) -> bool {
        SPEC.standalone
    }

    fn templates(&self) -> Vec<&Template> {
        [&self.cmd, &self.simulation_output].into_iter().chain(&self.undo).collect()
    }

    fn plan(&self, cx: &mut Context<'_>) -> Result<Step, ActionError> {
        let Line { argv, shown } = command(&self.cmd.render(cx)?, cx)?;
        let (undo, undone) = undo(self.undo.as_ref(), cx)?.unzip();
        let simulation_output = self.simulation_output.fill(cx)?.text;
        let spawn = Spawn {
            command: Command { argv, cwd: cx.world.working_dir(), timeout: self.timeout },
            undo,
            publish: SPEC.name,
            ignore_errors: self.ignore_errors,
            run_in_simulation: self.run_in_simulation,
            simulation_output: simulation_output.clone(),
            simulation_returncode: self.simulation_returncode,
        };
        // Until it has really run, later actions see what a simulation would.
        let returncode = self.simulation_returncode;
        cx.publish(SPEC.name, |_| {
            Value::from_pairs([
                ("output", Value::from(simulation_output)),
                ("returncode", Value::from(returncode)),
            ])
        });
        Ok(Step {
            from: cx.path.clone(),
            ops: vec![Op::Spawn(spawn)],
            note: Some(note(shown, undone.as_deref())),
            ..Step::new(SPEC.name)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::Op;
    use crate::fake::Fake;

    #[cfg(unix)]
    #[test]
    fn no_command_is_told_of_a_name_that_is_not_text() {
        use std::os::unix::ffi::OsStringExt;
        let path = std::path::Path::new("/in").join(std::ffi::OsString::from_vec(b"\x80.txt".to_vec()));
        // As text its name is that of the other one.
        let world = Fake::new().file(&path, "x").file("/in/\u{fffd}.txt", "another");
        for actions in ["- shell: 'rm -- {path}'", "- shell: {cmd: 'true', undo: 'rm -- {path}'}"] {
            let said = world.run(actions, &path);
            assert!(said.starts_with("error: the name /in/\u{fffd}.txt is not text"), "{said}");
        }
        assert!(world.run("- shell: 'rm -- {path}'", "/in/\u{fffd}.txt").starts_with("shell"));
        assert!(world.run("- shell: 'sync'", &path).starts_with("shell"));
    }

    #[test]
    fn an_undo_is_filled_in_beforehand_and_shown() {
        let world = Fake::new().file("/in/a.txt", "x");
        let actions = "- shell: {cmd: 'gzip {path}', undo: 'gunzip {path}.gz'}";
        let said = world.run(actions, "/in/a.txt");
        assert!(said.contains("; undone by `gunzip "), "{said}");
        let ops = world.plan(actions, "/in/a.txt");
        assert_eq!(ops[0].irreversible(), None);
        assert!(matches!(&ops[0], Op::Spawn(spawn) if spawn.undo.is_some()));
        assert!(world.plan("- shell: gzip {path}", "/in/a.txt")[0].irreversible().is_some());
        let said = world.run("- shell: {cmd: 'date', undo: 'echo {shell.output}'}", "/in/a.txt");
        assert_eq!(said, "error: no value for the placeholder `shell.output`\n");
    }

    #[test]
    fn a_simulation_gives_later_actions_its_output() {
        let world = Fake::new().file("/in/a.txt", "x");
        let actions = "- shell: {cmd: 'wc {path}', simulation_output: '{path.stem}', simulation_returncode: 3}\n\
                       - echo: '{shell.output} {shell.returncode}'";
        let said = world.run(actions, "/in/a.txt");
        assert_eq!(said.lines().last(), Some("echo a 3"));
    }
}

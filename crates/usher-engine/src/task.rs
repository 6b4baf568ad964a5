//! What is run outside of Usher, made durable: an undo may have to run it long after the rule has changed.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use usher_rule::{PythonCall, PythonStep, Spawn};

use crate::deed::Deed;

/// A command or some Python.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// A command.
    Command(Command),
    /// Some Python.
    Python(Call),
}

/// A command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// The program and its arguments.
    pub argv: Vec<Word>,
    /// The directory it starts in.
    #[serde(with = "crate::path_text", default)]
    pub cwd: PathBuf,
    /// Milliseconds it may take, where that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// Whether a non-zero exit status is fine.
    #[serde(default)]
    pub ignore_errors: bool,
}

/// One argument of a command, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Word(#[serde(with = "crate::path_text")] PathBuf);

/// Some Python with everything it is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The request.
    pub request: String,
    /// Milliseconds it may take.
    pub timeout: u64,
}

impl Command {
    fn new(command: &usher_rule::Command, ignore_errors: bool) -> Self {
        Self {
            argv: command.argv.iter().map(|word| Word(PathBuf::from(word))).collect(),
            cwd: command.cwd.clone(),
            timeout: command.timeout.map(millis),
            ignore_errors,
        }
    }

    /// The command in one line, for people to read; not for a shell.
    pub(crate) fn shown(&self) -> String {
        let words: Vec<_> = self.argv.iter().map(|Word(word)| word.to_string_lossy()).collect();
        words.join(" ")
    }

    /// The command as it is run.
    pub(crate) fn to_run(&self) -> usher_rule::Command {
        usher_rule::Command {
            argv: self.argv.iter().map(|Word(word)| word.clone().into_os_string()).collect(),
            cwd: self.cwd.clone(),
            timeout: self.timeout.map(Duration::from_millis),
        }
    }
}

impl Call {
    /// The call as it is run.
    pub(crate) fn to_run(&self) -> PythonCall {
        PythonCall { request: self.request.clone(), timeout: Duration::from_millis(self.timeout), path: None }
    }
}

impl Task {
    /// The deed that runs it, taken back by `undo`.
    pub(crate) fn deed(self, undo: Option<Task>) -> Deed {
        let undo = undo.map(Box::new);
        match self {
            Self::Command(command) => Deed::Spawn { command, undo },
            Self::Python(call) => Deed::Python { call, undo },
        }
    }
}

/// The deed of a step that runs a command.
pub(crate) fn spawn(spawn: &Spawn) -> Deed {
    let command = Command::new(&spawn.command, spawn.ignore_errors);
    Task::Command(command).deed(spawn.undo.as_ref().map(undo))
}

/// The deed of a step that runs some Python.
pub(crate) fn python(step: &PythonStep) -> Deed {
    let call = Call { request: step.call.request.clone(), timeout: millis(step.call.timeout) };
    Task::Python(call).deed(step.undo.as_ref().map(undo))
}

fn undo(command: &usher_rule::Command) -> Task {
    Task::Command(Command::new(command, false))
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    use super::*;

    #[test]
    fn a_command_comes_back_byte_for_byte_with_its_undo() {
        let command = |word: &[u8]| usher_rule::Command {
            argv: vec!["sh".into(), OsString::from_vec(word.to_vec())],
            cwd: "/x".into(),
            timeout: Some(Duration::from_secs(2)),
        };
        let deed = Task::Command(Command::new(&command(b"a\xff"), true))
            .deed(Some(Task::Command(Command::new(&command(b"b\xfe"), false))));
        let json = serde_json::to_string(&deed).unwrap();
        assert_eq!(serde_json::from_str::<Deed>(&json).unwrap(), deed);
        let inverse = deed.inverse(&crate::Trace::default(), PathBuf::new()).unwrap().unwrap();
        let Deed::Spawn { command: undo, .. } = &inverse else { panic!("{inverse:?}") };
        assert_eq!(undo.to_run(), command(b"b\xfe"));
        assert_eq!(inverse.inverse(&crate::Trace::default(), PathBuf::new()), Ok(Some(deed)));
    }

    #[test]
    fn a_journal_of_before_is_read() {
        let deed: Deed = serde_json::from_str(r#"{"do": "spawn", "argv": ["sh", "-c", "true"]}"#).unwrap();
        assert!(matches!(&deed, Deed::Spawn { command, undo: None } if command.argv.len() == 3));
        assert!(deed.inverse(&crate::Trace::default(), PathBuf::new()).is_err());
    }
}

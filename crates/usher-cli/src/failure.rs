//! How a command ends: exit codes, and the one place where a refusal becomes a message, a hint and a code.

use std::io;
use std::process::ExitCode;

/// How a command ended, as shells see it. The first four are organize's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All is done.
    Done = 0,
    /// A rule file is invalid or missing, or the request was refused.
    Refused = 1,
    /// The arguments make no sense.
    Arguments = 2,
    /// A rule file is not YAML.
    Syntax = 3,
    /// It was done, except for some steps: they failed, or wait for an answer that nobody gave.
    StepsLeft = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// What a command comes to.
pub(crate) type Outcome = Result<Exit, Failure>;

/// Why a command could not do what was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something to tell.
    Told {
        /// What happened, and to which file.
        message: String,
        /// What to do.
        hint: Option<String>,
        /// The exit code.
        exit: Exit,
    },
    /// Whoever reads our output has gone; there is nobody to tell.
    NoReader,
}

impl Failure {
    /// A refusal with exit code 1.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self::Told { message: message.into(), hint: None, exit: Exit::Refused }
    }

    /// Arguments that make no sense, with exit code 2.
    pub(crate) fn arguments(message: impl Into<String>) -> Self {
        Self::Told { message: message.into(), hint: None, exit: Exit::Arguments }
    }

    /// The same with what to do about it.
    pub(crate) fn hint(self, text: impl Into<String>) -> Self {
        match self {
            Self::Told { message, exit, .. } => Self::Told { message, hint: Some(text.into()), exit },
            Self::NoReader => Self::NoReader,
        }
    }
}

/// Only writing to stdout and stderr fails with a bare I/O error; every other one is given its path and verb first.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::NoReader;
        }
        Self::new(format!("cannot write the output: {error}"))
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::from(io::Error::from(error))
    }
}

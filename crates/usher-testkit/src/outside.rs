//! Commands and notifications that only happen on paper, unless the commands are let.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use usher_engine::{Opening, Origin, Outside, Spawned};
use usher_rule::Command;

/// Writes down commands and notifications; every command says what it was told to say.
#[derive(Debug, Default)]
pub struct Recorder {
    said: Mutex<Vec<String>>,
    /// What every command prints.
    pub output: Mutex<String>,
    /// What every command returns.
    pub returncode: Mutex<i32>,
    /// Whether commands are really run.
    pub really: AtomicBool,
}

impl Recorder {
    /// Everything so far, one line each.
    pub fn said(&self) -> Vec<String> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, line: String) {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}

impl Outside for Recorder {
    fn open(&self, opening: &Opening) -> io::Result<()> {
        self.note(match opening {
            Opening::Default(what) => format!("open {}", what.display()),
            Opening::With(what, program) => format!("open {} with {program}", what.display()),
            Opening::Reveal(what) => format!("reveal {}", what.display()),
        });
        Ok(())
    }

    fn spawn(&self, command: &Command) -> io::Result<Spawned> {
        let argv: Vec<_> = command.argv.iter().map(|arg| arg.to_string_lossy()).collect();
        self.note(format!("run {}", argv.join(" ")));
        if self.really.load(Ordering::Relaxed) {
            let (program, arguments) = command.argv.split_first().ok_or(io::ErrorKind::InvalidInput)?;
            let ended =
                std::process::Command::new(program).args(arguments).current_dir(&command.cwd).output()?;
            let output = String::from_utf8_lossy(&ended.stdout).into_owned();
            return Ok(Spawned { output, returncode: ended.status.code().unwrap_or(-1) });
        }
        let output = self.output.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(Spawned { output, returncode: *self.returncode.lock().unwrap_or_else(PoisonError::into_inner) })
    }

    fn notify(&self, _of: Option<Origin<'_>>, title: &str, text: &str) {
        self.note(format!("notify {title}: {text}"));
    }
}

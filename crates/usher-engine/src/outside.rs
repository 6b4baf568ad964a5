//! What is neither disk nor clock: commands and notifications.

use std::io::{self, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use usher_rule::Spawn;

use crate::deed::SPAWN_TIMEOUT;

/// What a command came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spawned {
    /// Everything it printed, on both streams, as far as it is text.
    pub output: String,
    /// Its exit status; negative where a signal ended it.
    pub returncode: i32,
}

/// Running commands and showing notifications, as an argument.
pub trait Outside: Send + Sync {
    /// Runs a command to its end.
    ///
    /// # Errors
    /// When it cannot be started, or takes longer than it may ([`io::ErrorKind::TimedOut`]).
    fn spawn(&self, spawn: &Spawn) -> io::Result<Spawned>;

    /// Shows a notification; never waits and never fails.
    fn notify(&self, title: &str, text: &str);
}

/// How a notification is shown, given a title and a text.
pub type Notifier = Box<dyn Fn(&str, &str) + Send + Sync>;

/// The machine's own processes.
pub struct Machine {
    notifier: Notifier,
}

/// Bytes of output that are kept; a command may print more.
const OUTPUT_LIMIT: u64 = 1024 * 1024;

impl Machine {
    /// Real processes, and notifications shown by `notifier`.
    pub fn new(notifier: Notifier) -> Self {
        Self { notifier }
    }
}

impl Outside for Machine {
    fn spawn(&self, spawn: &Spawn) -> io::Result<Spawned> {
        let (program, arguments) = spawn.argv.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        let (reader, writer) = io::pipe()?;
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&spawn.cwd).stdin(Stdio::null());
        command.stdout(writer.try_clone()?).stderr(writer);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        // The command holds the ends of the pipe that are written to; keeping them here would hide its end.
        drop(command);
        let collector = std::thread::spawn(move || collect(reader));
        let status = wait(&mut child, spawn.timeout.unwrap_or(SPAWN_TIMEOUT))?;
        let output = collector.join().unwrap_or_default();
        Ok(Spawned { output, returncode: status.code().unwrap_or(-1) })
    }

    fn notify(&self, title: &str, text: &str) {
        (self.notifier)(title, text);
    }
}

/// Reads everything, so that the command never waits for us, and keeps the beginning.
fn collect(mut reader: io::PipeReader) -> String {
    let mut kept = Vec::new();
    let _ = (&mut reader).take(OUTPUT_LIMIT).read_to_end(&mut kept);
    let _ = io::copy(&mut reader, &mut io::sink());
    String::from_utf8_lossy(&kept).into_owned()
}

/// Waits for the command, for as long as it may take.
fn wait(child: &mut std::process::Child, limit: Duration) -> io::Result<std::process::ExitStatus> {
    let begun = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if begun.elapsed() >= limit {
            end(child);
            let message = format!("it took longer than {} s and was ended", limit.as_secs());
            return Err(io::Error::new(io::ErrorKind::TimedOut, message));
        }
        // Grows to a tenth of a second: short commands are noticed at once, long ones cost next to nothing.
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(100));
    }
}

/// Ends the command and everything it started.
fn end(child: &mut std::process::Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

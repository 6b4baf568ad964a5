//! What is neither disk nor clock: commands, other programs and notifications.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use usher_event::sentence;

use crate::deed::SPAWN_TIMEOUT;

/// What a command came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spawned {
    /// Everything it printed, on both streams, as far as it is text.
    pub output: String,
    /// Its exit status; the number of the signal, below zero, where one ended it.
    pub returncode: i32,
}

impl Spawned {
    /// The number and name of the signal that ended it, where one did.
    #[cfg(unix)]
    pub(crate) fn signal(&self) -> Option<String> {
        let number = self.returncode.checked_neg().filter(|number| *number > 0)?;
        let status: std::process::ExitStatus = std::os::unix::process::ExitStatusExt::from_raw(number);
        let told = status.to_string();
        Some(told.strip_prefix("signal: ").unwrap_or(&told).to_owned())
    }

    /// There are no signals, and a status may be any number.
    #[cfg(not(unix))]
    pub(crate) fn signal(&self) -> Option<String> {
        None
    }
}

/// Running commands and showing notifications, as an argument.
pub trait Outside: Send + Sync {
    /// Runs a command to its end.
    ///
    /// # Errors
    /// When it cannot be started, or takes longer than it may ([`io::ErrorKind::TimedOut`]).
    fn spawn(&self, command: &usher_rule::Command) -> io::Result<Spawned>;

    /// Opens or shows something. The program it is shown in is not waited for.
    ///
    /// # Errors
    /// When it cannot be started.
    fn open(&self, opening: &Opening) -> io::Result<()>;

    /// Shows a notification, on behalf of a rule where it is one's; never waits and never fails.
    fn notify(&self, of: Option<Origin<'_>>, title: &str, text: &str);
}

/// Who has something to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The rule's stable id.
    pub rule: &'a str,
    /// The run it says it in.
    pub run: i64,
}

/// Something that is opened on the desktop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// A path or an address, in the program the desktop has for it.
    Default(PathBuf),
    /// A path or an address in this program.
    With(PathBuf, String),
    /// A file or folder, in the file manager.
    Reveal(PathBuf),
}

/// How things are opened in the programs that the desktop chooses.
pub type Opener = Box<dyn Fn(&Opening) -> io::Result<()> + Send + Sync>;

/// How a notification is shown, given whose it is, a title and a text.
pub type Notifier = Box<dyn Fn(Option<Origin<'_>>, &str, &str) + Send + Sync>;

/// The machine's own processes.
pub struct Machine {
    notifier: Notifier,
    opener: Opener,
}

/// A program that has not failed by now is taken to run.
const FAILS_WITHIN: Duration = Duration::from_millis(500);

/// Bytes of output that are kept; a command may print more.
const OUTPUT_LIMIT: usize = 1024 * 1024;

/// How long the rest of its output is waited for once a command has ended. What it has started and left behind may hold
/// its streams open for ever.
const REST_WITHIN: Duration = Duration::from_millis(300);

impl Machine {
    /// Real processes, notifications shown by `notifier`, and the desktop's choice of programs made by `opener`.
    pub fn new(notifier: Notifier, opener: Opener) -> Self {
        Self { notifier, opener }
    }
}

impl Outside for Machine {
    fn spawn(&self, spawn: &usher_rule::Command) -> io::Result<Spawned> {
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
        let printed = read_on(reader)?;
        let status = wait(&mut child, spawn.timeout.unwrap_or(SPAWN_TIMEOUT))?;
        Ok(Spawned { output: so_far(&printed), returncode: returncode(status) })
    }

    fn open(&self, opening: &Opening) -> io::Result<()> {
        match opening {
            Opening::With(target, program) => start(program, target),
            other => (self.opener)(other),
        }
    }

    fn notify(&self, of: Option<Origin<'_>>, title: &str, text: &str) {
        (self.notifier)(of, title, text);
    }
}

/// Starts a program that outlives us if it wants to.
fn start(program: &str, target: &Path) -> io::Result<()> {
    // The name of an application is no program on macOS; its path is one.
    let mut command = if cfg!(target_os = "macos") && !program.contains('/') {
        let mut command = Command::new("open");
        command.args(["-a", program]);
        command
    } else {
        Command::new(program)
    };
    command.arg(target).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn()?;
    let begun = Instant::now();
    while begun.elapsed() < FAILS_WITHIN {
        match child.try_wait()? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => {
                return Err(io::Error::other(sentence!(
                    "work-program-status",
                    "{program} ended with {status}",
                    program = program,
                    status = status.to_string(),
                )));
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
    // Somebody has to be there when it ends.
    std::thread::Builder::new().name("usher-open".into()).spawn(move || child.wait()).map(drop)
}

/// Reads everything, so that the command never waits for us, and passes the beginning on.
fn read_on(mut reader: io::PipeReader) -> io::Result<Receiver<Vec<u8>>> {
    let (tell, printed) = mpsc::channel();
    let reading = std::thread::Builder::new().name("usher-output".into());
    reading.spawn(move || {
        let mut buffer = vec![0; 16 * 1024];
        let mut room = OUTPUT_LIMIT;
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return,
                Ok(length) => {
                    let kept = length.min(room);
                    room -= kept;
                    // Nobody listens any more to what the command has left behind; its own output must not fail for that.
                    let _ = tell.send(buffer[..kept].to_vec());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    })?;
    Ok(printed)
}

/// What a command that has ended has printed.
fn so_far(printed: &Receiver<Vec<u8>>) -> String {
    let until = Instant::now() + REST_WITHIN;
    let mut kept = Vec::new();
    while let Ok(piece) = printed.recv_timeout(until.saturating_duration_since(Instant::now())) {
        kept.extend(piece);
    }
    String::from_utf8_lossy(&kept).into_owned()
}

fn returncode(status: std::process::ExitStatus) -> i32 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return -signal;
    }
    status.code().unwrap_or(-1)
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
            let message = sentence!(
                "work-command-too-long",
                "it took longer than {seconds} s and was ended",
                seconds = limit.as_secs(),
            );
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn spawn(line: &str, timeout: Duration) -> io::Result<Spawned> {
        let machine = Machine::new(Box::new(|_, _, _| {}), Box::new(|_| Ok(())));
        machine.spawn(&usher_rule::Command {
            argv: vec!["/bin/sh".into(), "-c".into(), line.into()],
            cwd: "/".into(),
            timeout: Some(timeout),
        })
    }

    const LONG: Duration = Duration::from_secs(600);

    #[test]
    fn what_a_command_leaves_behind_is_not_waited_for_and_lives_on() {
        let spawned = spawn("(sleep 20; echo late) & echo $$; echo err >&2", LONG).unwrap();
        let (group, rest) = spawned.output.split_once('\n').unwrap();
        assert_eq!((rest, spawned.returncode), ("err\n", 0));
        let group = rustix::process::Pid::from_raw(group.parse().unwrap()).unwrap();
        let ended = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        assert_eq!(ended, Ok(()), "it was there to be ended");
    }

    #[test]
    fn all_that_a_command_prints_is_kept_up_to_a_limit() {
        let spawned = spawn("head -c 300000 /dev/zero; exit 3", LONG).unwrap();
        assert_eq!((spawned.output.len(), spawned.returncode), (300_000, 3));
        let spawned = spawn("head -c 3000000 /dev/zero", LONG).unwrap();
        assert_eq!((spawned.output.len(), spawned.returncode), (OUTPUT_LIMIT, 0));
    }

    #[test]
    fn a_signal_that_ends_a_command_is_known_by_its_name() {
        let spawned = spawn("kill -TERM $$", LONG).unwrap();
        assert_eq!((spawned.returncode, spawned.signal().as_deref()), (-15, Some("15 (SIGTERM)")));
        assert_eq!(spawn("exit 15", LONG).unwrap().signal(), None);
        assert_eq!(spawn("true", LONG).unwrap().signal(), None);
    }
}

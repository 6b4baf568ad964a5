//! A home directory of its own for each test, and the `usher` command in it.
//!
//! Set `USHER_KEEP_HOMES` to find the directories again after the tests.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Long enough for a machine with much else to do.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// A hermetic home.
pub(crate) struct Home {
    dir: TempDir,
}

/// How a command ended and what it said, with what differs from test to test made the same.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: Option<i32>,
}

impl Home {
    /// An empty one.
    pub(crate) fn new() -> Self {
        let mut dir = tempfile::Builder::new().prefix("usher-").tempdir().unwrap();
        dir.disable_cleanup(std::env::var_os("USHER_KEEP_HOMES").is_some());
        let home = Self { dir };
        for folder in ["home/in", "home/out", "config", "run"] {
            fs::create_dir_all(home.base().join(folder)).unwrap();
        }
        #[cfg(unix)]
        fs::set_permissions(home.base().join("run"), std::os::unix::fs::PermissionsExt::from_mode(0o700))
            .unwrap();
        home
    }

    /// One with these rules in its rules folder.
    pub(crate) fn with_rules(yaml: &str) -> Self {
        let home = Self::new();
        home.rule_file("rules.yaml", yaml);
        home
    }

    pub(crate) fn base(&self) -> &Path {
        self.dir.path()
    }

    /// The user's home.
    pub(crate) fn user(&self) -> PathBuf {
        self.base().join("home")
    }

    /// A path below the user's home.
    pub(crate) fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.user().join(below)
    }

    /// Writes a file below the user's home.
    pub(crate) fn write(&self, below: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The rules folder.
    pub(crate) fn rules(&self) -> PathBuf {
        self.base().join("config/usher/rules")
    }

    /// Writes a file into the rules folder.
    pub(crate) fn rule_file(&self, name: &str, yaml: &str) -> PathBuf {
        fs::create_dir_all(self.rules()).unwrap();
        let path = self.rules().join(name);
        fs::write(&path, yaml).unwrap();
        path
    }

    /// The command in this home, with nothing of the tester's own environment in sight.
    pub(crate) fn command(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("usher"));
        command.args(arguments).current_dir(self.user()).env_clear().stdin(Stdio::null());
        for kept in ["PATH", "SYSTEMROOT", "TEMP", "TMP"] {
            command.envs(std::env::var_os(kept).map(|value| (kept, value)));
        }
        command.env("HOME", self.user()).env("TZ", "UTC");
        for (variable, folder) in [
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_DATA_HOME", "home/.local/share"),
            ("XDG_RUNTIME_DIR", "run"),
        ] {
            command.env(variable, self.base().join(folder));
        }
        command
    }

    /// Runs the command to its end.
    pub(crate) fn usher(&self, arguments: &[&str]) -> Said {
        self.said(self.command(arguments).output().unwrap())
    }

    /// The same with somebody at the other end who types this.
    pub(crate) fn usher_told(&self, arguments: &[&str], typed: &str) -> Said {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), typed.as_bytes()).unwrap();
        self.said(child.wait_with_output().unwrap())
    }

    /// What a finished command said.
    pub(crate) fn said(&self, output: Output) -> Said {
        Said { out: self.same(&output.stdout), err: self.same(&output.stderr), code: output.status.code() }
    }

    /// Runs the command, which has to succeed, and reads its output as one JSON value a line.
    pub(crate) fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// What the status says of a noun.
    #[cfg(target_os = "linux")]
    pub(crate) fn noun(&self, name: &str) -> Value {
        let status = self.json(&["status", "--json"]).remove(0);
        let nouns = status["nouns"].as_array().unwrap();
        nouns.iter().find(|noun| noun["noun"] == name).unwrap().clone()
    }

    /// Text with this home's place, times and versions made the same in every test.
    fn same(&self, bytes: &[u8]) -> String {
        let text = String::from_utf8_lossy(bytes).replace(&*self.base().to_string_lossy(), "BASE");
        let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        moments_gone(&text)
    }

    /// Starts `usher watch` and waits until every folder is watched.
    pub(crate) fn watch(&self) -> Watching {
        self.watch_by(self.command(["watch"]))
    }

    /// The same by another command that comes to it.
    pub(crate) fn watch_by(&self, command: Command) -> Watching {
        let mut watching = Watching::start(command);
        until("every folder is watched", || {
            assert!(watching.runs(), "`usher watch` ended at once");
            let status = &self.json(&["status", "--json"])[0];
            let folders = status["folders"].as_array();
            folders.is_some_and(|folders| folders.iter().all(|folder| folder["mode"] == "watching"))
        });
        watching
    }

    /// Starts a command that stays, and waits for its first line.
    pub(crate) fn start(&self, arguments: &[&str]) -> Watching {
        Watching::start(self.command(arguments))
    }
}

/// `2026-11-22 14:02` becomes `DATE TIME`.
fn moments_gone(text: &str) -> String {
    let mut same = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("20") {
        let moment = rest.get(at..at + 16).filter(|moment| {
            moment.bytes().zip(b"dddd-dd-dd dd:dd").all(|(letter, wanted)| match wanted {
                b'd' => letter.is_ascii_digit(),
                other => letter == *other,
            })
        });
        let length = if moment.is_some() { 16 } else { 2 };
        same.push_str(&rest[..at]);
        same.push_str(if moment.is_some() { "DATE TIME" } else { "20" });
        rest = &rest[at + length..];
    }
    same + rest
}

/// A command that stays. It is killed when the test ends, however that ends.
pub(crate) struct Watching {
    child: Child,
    /// The first line it printed.
    pub(crate) first: String,
    rest: Option<std::thread::JoinHandle<Vec<String>>>,
}

impl Watching {
    /// Starts a command and waits for its first line.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        // Somebody has to read on, or the command would wait for a reader.
        let rest = std::thread::spawn(move || lines.lines().map_while(Result::ok).collect());
        Self { child, first, rest: Some(rest) }
    }

    /// Kills it in the midst of whatever it does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end as a service manager does, and gives back how it ended and the lines after the first one.
    #[cfg(unix)]
    pub(crate) fn terminate(mut self) -> (ExitStatus, Vec<String>) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        let mut status = None;
        until("the process has ended", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        (status.unwrap(), self.rest.take().unwrap().join().unwrap())
    }

    /// Its process number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command in the background. It is killed when the test ends, however that ends.
pub(crate) struct Background(pub(crate) Child);

impl Drop for Background {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Looks again and again until it is so.
///
/// # Panics
/// When it is not within the deadline.
#[track_caller]
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + DEADLINE;
    while !is_so() {
        assert!(Instant::now() < end, "still not so: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The names in a folder, sorted. A folder that is not there has none.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Rules that move PDFs from `~/in` to `~/out`.
pub(crate) const FILE_PDFS: &str = "
rules:
  - name: File PDFs
    locations: ~/in
    filters:
      - extension: pdf
    actions:
      - move: ~/out/
";

/// Rules that move everything from `~/in` to `~/out`.
pub(crate) const FILE_ALL: &str = "
rules:
  - name: File all
    locations: ~/in
    actions:
      - move: ~/out/
";

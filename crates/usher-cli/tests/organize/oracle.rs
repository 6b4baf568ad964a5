//! organize itself, run over many cases at once by `driver.py`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

/// One start of a program.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Start {
    pub(crate) args: Vec<String>,
    pub(crate) cwd: PathBuf,
    pub(crate) env: std::collections::BTreeMap<String, String>,
    pub(crate) stdin: String,
}

impl Start {
    /// The same, and nothing is done.
    pub(crate) fn simulating(&self) -> Self {
        let mut start = self.clone();
        start.args.iter_mut().filter(|arg| *arg == "run").for_each(|arg| "sim".clone_into(arg));
        start
    }
}

/// How it ended.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Answer {
    pub(crate) code: i32,
    /// What it printed, on stdout and stderr.
    pub(crate) out: String,
    /// The exception that ended it with a traceback, where one did.
    pub(crate) crash: Option<String>,
}

/// Runs organize once for each start.
pub(crate) fn organize(starts: &[Start]) -> Vec<Answer> {
    let driver = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/organize/driver.py");
    let mut child = Command::new(python())
        .arg(driver)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let cases = serde_json::to_vec(starts).unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&cases).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the driver failed: {}", output.status);
    let answers: Vec<Answer> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answers.len(), starts.len());
    answers
}

/// The Python that organize is installed for, below the target folder.
fn python() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let python = target.join("organize/bin/python");
    assert!(
        target.join("organize/installed.txt").is_file(),
        "organize, which these tests compare Usher with, is not installed in {}: run scripts/oracle",
        target.display()
    );
    python
}

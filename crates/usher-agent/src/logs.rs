//! The log of an owner: one file in the state directory and a few older ones, never more than 5 MB in all.
//!
//! `USHER_LOG` says how much is written: one of the levels below, or pairs such as `info,usher_engine=debug`.
//!
//! | level | what is written |
//! |---|---|
//! | `error` | a promise could not be kept: a thread died, the journal cannot be used |
//! | `warn` | something the user may want to mend: a broken rule file, a folder that cannot be watched |
//! | `info` | what an owner does in its life: start, rules read, folders watched, pause, end. The default |
//! | `debug` | each event and each request |
//! | `trace` | what only whoever writes Usher wants to see |

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Mutex;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The length at which a log file is put aside, in bytes.
const LONGEST: u64 = 1_000_000;

/// How many files there are, the present one included.
const FILES: u32 = 5;

/// Begins to write a log into a folder. A process has one log; where it has one already nothing happens.
pub(crate) fn start(folder: &Path) {
    let targets = std::env::var("USHER_LOG").ok().and_then(|text| Targets::from_str(&text).ok());
    let targets = targets.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let Ok(log) = Rotating::open(folder, LONGEST) else { return };
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Mutex::new(log));
    if tracing_subscriber::registry().with(layer).with(targets).try_init().is_ok() {
        tracing::info!(version = env!("CARGO_PKG_VERSION"), pid = std::process::id(), "started");
    }
}

/// A file that makes room when it is full: `usher.log` becomes `usher.1.log`, that becomes `usher.2.log`, and so on.
struct Rotating {
    folder: PathBuf,
    file: File,
    length: u64,
    longest: u64,
}

impl Rotating {
    fn open(folder: &Path, longest: u64) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(name(folder, 0))?;
        let length = file.metadata()?.len();
        Ok(Self { folder: folder.to_path_buf(), file, length, longest })
    }

    fn rotate(&mut self) -> io::Result<()> {
        for nr in (1..FILES).rev() {
            // Any of them may not be there.
            let _ = fs::rename(name(&self.folder, nr - 1), name(&self.folder, nr));
        }
        *self = Self::open(&self.folder, self.longest)?;
        Ok(())
    }
}

fn name(folder: &Path, nr: u32) -> PathBuf {
    match nr {
        0 => folder.join("usher.log"),
        nr => folder.join(format!("usher.{nr}.log")),
    }
}

impl Write for Rotating {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.length > 0 && self.length + line.len() as u64 > self.longest {
            self.rotate()?;
        }
        let written = self.file.write(line)?;
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_log_makes_room_and_the_oldest_goes() {
        let root = tempfile::tempdir().unwrap();
        let mut log = Rotating::open(root.path(), 10).unwrap();
        for nr in 0..8 {
            writeln!(log, "line {nr}").unwrap();
        }
        drop(log);
        let read = |nr| fs::read_to_string(name(root.path(), nr)).unwrap_or_default();
        assert_eq!(
            (0..6).map(read).collect::<Vec<_>>(),
            ["line 7\n", "line 6\n", "line 5\n", "line 4\n", "line 3\n", ""]
        );
    }

    #[test]
    fn a_log_goes_on_where_it_ended() {
        let root = tempfile::tempdir().unwrap();
        for text in ["one\n", "two\n", "three\n"] {
            Rotating::open(root.path(), 9).unwrap().write_all(text.as_bytes()).unwrap();
        }
        assert_eq!(fs::read_to_string(name(root.path(), 0)).unwrap(), "three\n");
        assert_eq!(fs::read_to_string(name(root.path(), 1)).unwrap(), "one\ntwo\n");
    }
}

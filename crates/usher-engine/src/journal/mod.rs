//! The journal: an append-only record of runs and steps, in SQLite.
//!
//! A step is in here before it is on the disk. Writing is in WAL mode without a flush to the device for each commit:
//! a killed process loses nothing, and before a deed that removes the only other copy of something [`Journal::flush`]
//! makes the intent survive a power cut too.

mod handled;
mod names;
mod places;
mod query;
mod record;
mod schema;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, params};

pub use names::StepNames;
pub use query::{LogFilter, RuleTally, RunTally};
pub use record::{RunKind, RunRecord, StepRecord, StepState};

use crate::deed::{Deed, Trace};
use crate::path_text;

/// Why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A newer Usher wrote it.
    #[error("the journal {} was written by a newer version of Usher; it is left as it is", path.display())]
    Newer {
        /// The journal.
        path: PathBuf,
    },
    /// SQLite refuses.
    #[error("cannot use the journal {}", path.display())]
    Sqlite {
        /// The journal.
        path: PathBuf,
        /// The cause.
        #[source]
        source: rusqlite::Error,
    },
    /// The file system refuses.
    #[error("cannot use the journal {}", path.display())]
    Io {
        /// The journal.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
}

/// The journal of one owner.
pub struct Journal {
    path: PathBuf,
    db: Connection,
    next_run: i64,
    next_step: i64,
    /// When the journal was begun, in milliseconds: tells two journals' step numbers apart in the vault.
    epoch: i64,
    /// From which step on paths are not in `places` yet.
    placed: Cell<i64>,
    /// The rules that were written down under their present title, by id.
    rules: RefCell<HashMap<String, (String, i64)>>,
}

/// A step about to be written down.
pub(crate) struct Intent<'a> {
    pub(crate) step: i64,
    pub(crate) nr: u32,
    pub(crate) rule_id: &'a str,
    pub(crate) rule: &'a str,
    pub(crate) action: &'a str,
    pub(crate) from: Option<&'a Path>,
    pub(crate) to: Option<&'a Path>,
    pub(crate) note: Option<&'a str>,
    pub(crate) deeds: &'a [Deed],
    /// The step this one takes back.
    pub(crate) of: Option<i64>,
}

/// Bytes of write-ahead log that are worked into the database in the next quiet moment.
const GROWN: u64 = 4 << 20;

/// Bytes of write-ahead log that are left when the journal is closed. Reading so much again takes some milliseconds.
const LEFT: u64 = 16 << 20;

/// So many steps may wait for their paths to be entered before a quiet moment is used for it.
const UNPLACED: i64 = 4096;

/// What opening found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// Where a journal that could not be read was put aside.
    pub set_aside: Option<PathBuf>,
}

impl Journal {
    /// Opens the journal, making it where there is none. One that is damaged is put aside under another name, never
    /// removed.
    ///
    /// # Errors
    /// [`JournalError::Newer`] when a newer Usher wrote it, otherwise when it cannot be made or read.
    pub fn open(path: &Path) -> Result<(Self, Opened), JournalError> {
        match Self::open_file(path) {
            Err(JournalError::Sqlite { source, .. }) if schema::damaged(&source) => {
                let aside =
                    set_aside(path).map_err(|source| JournalError::Io { path: path.into(), source })?;
                Ok((Self::open_file(path)?, Opened { set_aside: Some(aside) }))
            }
            other => Ok((other?, Opened::default())),
        }
    }

    fn open_file(path: &Path) -> Result<Self, JournalError> {
        let db = schema::open(path)?;
        let fail = |source| JournalError::Sqlite { path: path.to_path_buf(), source };
        let highest =
            |table| db.query_row(&format!("SELECT coalesce(max(id), 0) FROM {table}"), [], |row| row.get(0));
        let next_run: i64 = highest("runs").map_err(fail)?;
        let next_step: i64 = highest("steps").map_err(fail)?;
        let about = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let (epoch, placed) = db.query_row("SELECT begun, placed FROM about", [], about).map_err(fail)?;
        Ok(Self {
            path: path.to_path_buf(),
            next_run: next_run + 1,
            next_step: next_step + 1,
            epoch,
            placed: Cell::new(placed),
            rules: RefCell::default(),
            db,
        })
    }

    /// See [`Journal::epoch`](Self#structfield.epoch).
    pub(crate) fn epoch(&self) -> i64 {
        self.epoch
    }

    /// Number for a step that is going to be written down.
    pub(crate) fn take_step_number(&mut self) -> i64 {
        self.next_step += 1;
        self.next_step - 1
    }

    fn fail(&self, source: rusqlite::Error) -> JournalError {
        JournalError::Sqlite { path: self.path.clone(), source }
    }

    /// Everything `write` records becomes one commit, or nothing of it does.
    pub(crate) fn together<T>(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        self.execute("BEGIN IMMEDIATE")?;
        match write(self) {
            Ok(value) => {
                self.execute("COMMIT")?;
                Ok(value)
            }
            Err(error) => {
                let _ = self.execute("ROLLBACK");
                // They may have been numbered in what was rolled back.
                self.rules.borrow_mut().clear();
                Err(error)
            }
        }
    }

    fn execute(&self, sql: &str) -> Result<(), JournalError> {
        let run = || self.db.prepare_cached(sql)?.execute([]);
        run().map(drop).map_err(|source| self.fail(source))
    }

    /// Begins a run.
    pub(crate) fn begin_run(
        &mut self,
        kind: RunKind,
        cause: &str,
        of: Option<i64>,
        at: Timestamp,
    ) -> Result<i64, JournalError> {
        let id = self.next_run;
        let sql = "INSERT INTO runs (id, kind, cause, started, of) VALUES (?1, ?2, ?3, ?4, ?5)";
        let insert =
            || self.db.prepare_cached(sql)?.execute(params![id, kind, cause, at.as_microsecond(), of]);
        insert().map_err(|source| self.fail(source))?;
        self.next_run += 1;
        Ok(id)
    }

    /// Ends a run.
    pub(crate) fn end_run(&self, run: i64, at: Timestamp) -> Result<(), JournalError> {
        let sql = "UPDATE runs SET ended = ?2 WHERE id = ?1";
        let update = || self.db.prepare_cached(sql)?.execute(params![run, at.as_microsecond()]);
        update().map(drop).map_err(|source| self.fail(source))
    }

    /// Writes down a step that is about to be done.
    pub(crate) fn intend(&self, run: i64, intent: &Intent<'_>, at: Timestamp) -> Result<(), JournalError> {
        let insert = || -> rusqlite::Result<()> {
            let rule = self.rule_number(intent.rule_id, intent.rule)?;
            let deeds = serde_json::to_string(intent.deeds)
                .map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
            self.db
                .prepare_cached(
                    "INSERT INTO steps (id, run, nr, rule, action, src, dst, note, deeds, state, at, of)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                )?
                .execute(params![
                    intent.step,
                    run,
                    intent.nr,
                    rule,
                    intent.action,
                    intent.from.map(path_text::bytes),
                    intent.to.map(path_text::bytes),
                    intent.note,
                    deeds,
                    StepState::Intended,
                    at.as_microsecond(),
                    intent.of,
                ])?;
            Ok(())
        };
        insert().map_err(|source| self.fail(source))
    }

    fn rule_number(&self, id: &str, title: &str) -> rusqlite::Result<i64> {
        if let Some((_, number)) = self.rules.borrow().get(id).filter(|(known, _)| known == title) {
            return Ok(*number);
        }
        let sql = "INSERT INTO rules (key, title) VALUES (?1, ?2)
                   ON CONFLICT (key) DO UPDATE SET title = excluded.title RETURNING id";
        let number = self.db.prepare_cached(sql)?.query_row(params![id, title], |row| row.get(0))?;
        self.rules.borrow_mut().insert(id.to_owned(), (title.to_owned(), number));
        Ok(number)
    }

    /// Writes down how a step ended.
    pub(crate) fn settle_step(
        &self,
        step: i64,
        state: StepState,
        traces: &[Trace],
        error: Option<&str>,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        let update = || -> rusqlite::Result<()> {
            let traces = if traces.is_empty() {
                None
            } else {
                Some(
                    serde_json::to_string(traces)
                        .map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?,
                )
            };
            self.db
                .prepare_cached(
                    "UPDATE steps SET state = ?2, traces = ?3, error = ?4, at = ?5 WHERE id = ?1",
                )?
                .execute(params![step, state, traces, error, at.as_microsecond()])?;
            Ok(())
        };
        update().map_err(|source| self.fail(source))
    }

    /// Changes the state of a step that was taken back, or whose taking back was taken back.
    pub(crate) fn mark(&self, step: i64, state: StepState, at: Timestamp) -> Result<(), JournalError> {
        let sql = "UPDATE steps SET state = ?2, at = ?3 WHERE id = ?1";
        let update = || self.db.prepare_cached(sql)?.execute(params![step, state, at.as_microsecond()]);
        update().map(drop).map_err(|source| self.fail(source))
    }

    /// Notes that every step has ended that was ever written down: nobody has to look for open ones among them again.
    pub(crate) fn all_settled(&self) -> Result<(), JournalError> {
        let sql = "UPDATE about SET settled = ?1 WHERE settled < ?1";
        let update = || self.db.prepare_cached(sql)?.execute(params![self.next_step]);
        update().map(drop).map_err(|source| self.fail(source))
    }

    /// Does what was put off: enters paths and works the write-ahead log into the database. Waits for the device, so it
    /// is for quiet moments.
    pub(crate) fn tidy(&self) -> Result<(), JournalError> {
        if self.next_step - self.placed.get() > UNPLACED {
            self.enter_places()?;
        }
        if self.log_has_grown() {
            let checkpoint = || self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            checkpoint().map_err(|source| self.fail(source))?;
        }
        Ok(())
    }

    /// Whether [`tidy`](Self::tidy) has something to do.
    pub(crate) fn untidy(&self) -> bool {
        self.next_step - self.placed.get() > UNPLACED || self.log_has_grown()
    }

    fn log_has_grown(&self) -> bool {
        std::fs::metadata(self.log()).is_ok_and(|log| log.len() > GROWN)
    }

    fn log(&self) -> PathBuf {
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        log.into()
    }

    /// Makes everything committed so far survive a power cut.
    pub(crate) fn flusher(&self) -> impl Fn() -> io::Result<()> + Send + 'static {
        let wal = self.log();
        move || match File::open(&wal) {
            Ok(file) => file.sync_data(),
            // No write-ahead log means that everything is in the main file.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl Drop for Journal {
    /// A short write-ahead log is left to the next one to open the journal: whoever ends does not wait for the device.
    fn drop(&mut self) {
        let short = std::fs::metadata(self.log()).is_ok_and(|log| log.len() <= LEFT);
        let _ = self.db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, short);
    }
}

/// Gives a damaged journal and its companions another name.
fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let mut counter = 1u32;
    let aside = loop {
        let candidate = path.with_extension(format!("damaged-{counter}.db"));
        if !candidate.exists() {
            break candidate;
        }
        counter += 1;
    };
    for suffix in ["-wal", "-shm"] {
        let with = |path: &Path| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        let _ = std::fs::rename(with(path), with(&aside));
    }
    std::fs::rename(path, &aside)?;
    Ok(aside)
}

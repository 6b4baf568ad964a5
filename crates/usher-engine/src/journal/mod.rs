//! The journal: an append-only record of runs and steps, in SQLite.
//!
//! A step is in here before it is on the disk: first in a file of its own (`ahead`), then, when it has ended, in the
//! database. Nothing is flushed to the device for each write: a killed process loses nothing all the same, and before a
//! deed that removes the only other copy of something [`Journal::flusher`] makes the intent survive a power cut too.

mod ahead;
mod counts;
mod damage;
mod ends;
mod error;
mod forget;
mod handled;
mod names;
mod places;
mod query;
mod record;
mod scheduled;
mod schema;
mod told;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, params};
use usher_event::Sentence;

pub use counts::{Counts, RuleCounts};
pub(crate) use damage::put_aside_in;
pub use error::JournalError;
pub use names::StepNames;
pub use query::{LogFilter, RuleTally, RunTally};
pub use record::{NotUndoable, RunKind, RunRecord, StepRecord, StepState};

use crate::deed::Deed;
use crate::path_text;
use ahead::{Ahead, Batch, End, Left, NewRun, NewStep};

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
    /// Where intents are until they are in a commit.
    ahead: Ahead,
    /// What is in there and in no commit yet.
    waiting: Batch,
    /// What a kill has left in there.
    left_behind: LeftBehind,
    /// What is being put together for there.
    gathering: Option<Batch>,
    /// Whether anything was made to survive a power cut since the last commit.
    flushed: Arc<AtomicBool>,
    /// The rules that were written down under their present title, by id.
    rules: RefCell<HashMap<String, (String, i64)>>,
}

/// What is known for certain of steps that a kill has kept from being settled.
#[derive(Debug, Default)]
pub(crate) struct LeftBehind {
    /// Steps that had ended, and are in the database by now as they had.
    pub(crate) ended: Vec<i64>,
    /// Steps of which nothing had been done.
    pub(crate) not_begun: HashSet<i64>,
    /// Whether the machine has been up all the time, so that no commit is lost.
    pub(crate) same_boot: bool,
}

impl LeftBehind {
    fn of(left: &Left) -> Self {
        let same_boot = left.same_boot;
        let Some(begun) = &left.begun else { return Self { same_boot, ..Self::default() } };
        let (open, ended): (Vec<_>, Vec<_>) =
            left.batch.steps.iter().partition(|step| step.end.state == StepState::Intended);
        let not_begun = open.iter().map(|step| step.id).filter(|id| !begun.contains(id));
        Self { ended: ended.iter().map(|step| step.id).collect(), not_begun: not_begun.collect(), same_boot }
    }
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
    pub(crate) note: Option<&'a Sentence>,
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
        let opened = match damage::is_emptied(path) {
            true => Err(None),
            false => Self::open_file(path).map_err(Some),
        };
        match opened {
            Ok(journal) => Ok((journal, Opened::default())),
            Err(None | Some(JournalError::Damaged { .. })) => {
                let aside = set_aside(path)?;
                Ok((Self::open_file(path)?, Opened { set_aside: Some(aside) }))
            }
            Err(Some(error)) => Err(error),
        }
    }

    /// Puts this journal aside, which turned out to be damaged, and begins a new one in its place.
    pub(crate) fn begin_anew(&mut self) -> Result<PathBuf, JournalError> {
        let nothing = Connection::open_in_memory().map_err(|source| self.fail(source))?;
        // As it is: working its log into it would only spread the damage.
        let _ = self.db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        drop(std::mem::replace(&mut self.db, nothing));
        let aside = set_aside(&self.path)?;
        *self = Self::open_file(&self.path)?;
        Ok(aside)
    }

    fn open_file(path: &Path) -> Result<Self, JournalError> {
        let db = schema::open(path)?;
        let fail = |source| JournalError::of(path, source);
        let about = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let (epoch, placed) = db.query_row("SELECT begun, placed FROM about", [], about).map_err(fail)?;
        let intents = intents_of(path);
        let (ahead, mut left) =
            Ahead::open(&intents, epoch).map_err(|source| JournalError::Io { path: intents, source })?;
        let mut journal = Self {
            path: path.to_path_buf(),
            next_run: 1,
            next_step: 1,
            epoch,
            placed: Cell::new(placed),
            ahead,
            waiting: Batch::default(),
            left_behind: LeftBehind::default(),
            gathering: None,
            flushed: Arc::default(),
            rules: RefCell::default(),
            db,
        };
        let begun_batch = !left.batch.is_empty();
        if begun_batch {
            // What has been committed is known there better.
            let known = journal.highest("steps")?;
            left.batch.steps.retain(|step| step.id > known);
        }
        journal.left_behind = LeftBehind::of(&left);
        if begun_batch {
            journal.waiting = left.batch;
            journal.together(|_| Ok(()))?;
        }
        journal.next_run = journal.highest("runs")? + 1;
        journal.next_step = journal.highest("steps")? + 1;
        Ok(journal)
    }

    fn highest(&self, table: &str) -> Result<i64, JournalError> {
        let sql = format!("SELECT coalesce(max(id), 0) FROM {table}");
        self.db.query_row(&sql, [], |row| row.get(0)).map_err(|source| self.fail(source))
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

    /// Numbers for as many steps; answers the first of them.
    pub(crate) fn take_step_numbers(&mut self, count: usize) -> i64 {
        let first = self.next_step;
        self.next_step = i64::try_from(count).map_or(first, |count| first.saturating_add(count));
        first
    }

    /// The number that the next step will have.
    pub(crate) fn next_step_number(&self) -> i64 {
        self.next_step
    }

    fn fail(&self, source: rusqlite::Error) -> JournalError {
        if damage::is_damage(&source) {
            damage::note(&self.path);
        }
        JournalError::of(&self.path, source)
    }

    /// Everything `write` records becomes one commit, or nothing of it does.
    pub(crate) fn together<T>(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        // Left behind by a fault in the midst of gathering: nothing of that was begun.
        self.gathering = None;
        self.execute("BEGIN IMMEDIATE")?;
        let done = write(self).and_then(|value| self.enter_waiting().map(|()| value));
        match done.and_then(|value| self.execute("COMMIT").map(|()| value)) {
            Ok(value) => {
                self.waiting = Batch::default();
                // What was made to survive a power cut is about to be written over, so what says the same has to survive it.
                if self.flushed.swap(false, Ordering::SeqCst) {
                    flush(&self.log()).map_err(|source| JournalError::Io { path: self.log(), source })?;
                }
                let again = self.ahead.begin_again();
                again.map_err(|source| JournalError::Io { path: self.path.clone(), source })?;
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

    /// Every run and step that `write` begins is on record afterwards, in one write, or none of them is. They are entered
    /// into the database with the next commit, as far as they have come by then. Nothing that was there before may be
    /// changed meanwhile.
    pub(crate) fn before_deeds<T>(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        self.gathering = Some(Batch::default());
        let written = write(self);
        let batch = self.gathering.take().unwrap_or_default();
        let value = written?;
        if !batch.is_empty() {
            let written = self.ahead.write(&batch);
            written.map_err(|source| JournalError::Io { path: intents_of(&self.path), source })?;
            self.waiting.append(batch);
        }
        Ok(value)
    }

    /// Whether something is on record that is in no commit yet.
    pub(crate) fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// How many steps are on record that are in no commit yet.
    pub(crate) fn steps_waiting(&self) -> usize {
        self.waiting.steps.len()
    }

    /// Enters what waits into the database.
    fn enter_waiting(&self) -> Result<(), JournalError> {
        let enter = || -> rusqlite::Result<()> {
            self.waiting.runs.iter().try_for_each(|run| self.enter_run(run))?;
            self.waiting.steps.iter().try_for_each(|step| self.enter_step(step))
        };
        enter().map_err(|source| self.fail(source))
    }

    fn execute(&self, sql: &str) -> Result<(), JournalError> {
        let run = || self.db.prepare_cached(sql)?.execute([]);
        run().map(drop).map_err(|source| self.fail(source))
    }

    /// Begins a run.
    pub(crate) fn begin_run(
        &mut self,
        kind: RunKind,
        cause: &Sentence,
        of: Option<i64>,
        at: Timestamp,
    ) -> Result<i64, JournalError> {
        let id = self.next_run;
        let cause = told::kept(cause);
        let cause = cause.map_err(|error| self.unwritten(error))?;
        let started = at.as_microsecond();
        let run = NewRun { id, kind, cause, started, ended: None, of };
        match &mut self.gathering {
            Some(batch) => batch.runs.push(run),
            None => self.enter_run(&run).map_err(|source| self.fail(source))?,
        }
        self.next_run += 1;
        Ok(id)
    }

    /// A run may be there already: what was committed and is still in the file that runs ahead.
    fn enter_run(&self, run: &NewRun) -> rusqlite::Result<()> {
        let sql = "INSERT OR IGNORE INTO runs (id, kind, cause, started, ended, of) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let values = params![run.id, run.kind, run.cause, run.started, run.ended, run.of];
        self.db.prepare_cached(sql)?.execute(values).map(drop)
    }

    /// Ends a run.
    pub(crate) fn end_run(&mut self, run: i64, at: Timestamp) -> Result<(), JournalError> {
        if let Some(new) = self.waiting.runs.iter_mut().find(|new| new.id == run) {
            new.ended = Some(at.as_microsecond());
            return Ok(());
        }
        let sql = "UPDATE runs SET ended = ?2 WHERE id = ?1";
        let update = || self.db.prepare_cached(sql)?.execute(params![run, at.as_microsecond()]);
        update().map(drop).map_err(|source| self.fail(source))
    }

    /// Writes down a step that is about to be done.
    pub(crate) fn intend(
        &mut self,
        run: i64,
        intent: &Intent<'_>,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        let deeds = self.written(intent.deeds)?;
        let note = intent.note.map(told::kept).transpose().map_err(|error| self.unwritten(error))?;
        let step = NewStep {
            id: intent.step,
            run,
            nr: intent.nr,
            rule_id: intent.rule_id.to_owned(),
            rule: intent.rule.to_owned(),
            action: intent.action.to_owned(),
            from: intent.from.map(path_text::bytes),
            to: intent.to.map(path_text::bytes),
            note,
            deeds,
            at: at.as_microsecond(),
            of: intent.of,
            end: End::OPEN,
        };
        match &mut self.gathering {
            Some(batch) => batch.steps.push(step),
            None => self.enter_step(&step).map_err(|source| self.fail(source))?,
        }
        Ok(())
    }

    /// Writes down that a step, which is committed and not begun, will do something else than was intended.
    pub(crate) fn intend_instead(
        &self,
        step: i64,
        deeds: &[Deed],
        to: Option<&Path>,
    ) -> Result<(), JournalError> {
        let deeds = self.written(deeds)?;
        let sql = "UPDATE steps SET deeds = ?2, dst = ?3 WHERE id = ?1 AND state = ?4";
        let values = params![step, deeds, to.map(path_text::bytes), StepState::Intended];
        let update = || self.db.prepare_cached(sql)?.execute(values);
        update().map(drop).map_err(|source| self.fail(source))
    }

    fn written(&self, deeds: &[Deed]) -> Result<String, JournalError> {
        serde_json::to_string(deeds).map_err(|error| self.unwritten(error))
    }

    fn unwritten(&self, error: serde_json::Error) -> JournalError {
        self.fail(rusqlite::Error::ToSqlConversionFailure(error.into()))
    }

    /// A step may be there already, as a run may.
    fn enter_step(&self, step: &NewStep) -> rusqlite::Result<()> {
        let rule = self.rule_number(&step.rule_id, &step.rule)?;
        let sql = "INSERT OR IGNORE INTO steps
                       (id, run, nr, rule, action, src, dst, note, deeds, traces, state, at, error, of)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
        let values = params![
            step.id,
            step.run,
            step.nr,
            rule,
            step.action,
            step.from,
            step.to,
            step.note,
            step.deeds,
            step.end.traces,
            step.end.state,
            step.at,
            step.end.error,
            step.of,
        ];
        self.db.prepare_cached(sql)?.execute(values).map(drop)
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

    /// What is known of steps that a kill has kept from being settled. Known once, and only right after opening.
    pub(crate) fn take_left_behind(&mut self) -> LeftBehind {
        std::mem::take(&mut self.left_behind)
    }

    /// Does what was put off: enters paths and works the write-ahead log into the database. Waits for the device, so it
    /// is for quiet moments.
    pub(crate) fn tidy(&mut self) -> Result<(), JournalError> {
        if self.next_step - self.placed.get() > UNPLACED {
            self.enter_places()?;
        }
        if self.log_has_grown() {
            let checkpoint = || self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            checkpoint().map_err(|source| self.fail(source))?;
        }
        if self.intents_lie_long() {
            let shortened = self.ahead.shorten();
            shortened.map_err(|source| JournalError::Io { path: intents_of(&self.path), source })?;
        }
        Ok(())
    }

    /// Whether [`tidy`](Self::tidy) has something to do.
    pub(crate) fn untidy(&self) -> bool {
        self.next_step - self.placed.get() > UNPLACED || self.log_has_grown() || self.intents_lie_long()
    }

    /// Whether a burst has left room for intents that nobody needs.
    fn intents_lie_long(&self) -> bool {
        !self.waits() && self.ahead.is_long()
    }

    fn log_has_grown(&self) -> bool {
        std::fs::metadata(self.log()).is_ok_and(|log| log.len() > GROWN)
    }

    fn log(&self) -> PathBuf {
        damage::beside(&self.path, "-wal")
    }

    /// Makes everything on record so far survive a power cut.
    pub(crate) fn flusher(&self) -> impl Fn() -> io::Result<()> + Send + 'static {
        let files = [self.log(), intents_of(&self.path)];
        let flushed = Arc::clone(&self.flushed);
        move || {
            // Said first: a commit in between knows of it then.
            flushed.store(true, Ordering::SeqCst);
            files.iter().try_for_each(|file| flush(file))
        }
    }
}

/// A write-ahead log that is not there means that everything is in the main file.
fn flush(file: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).open(file) {
        Ok(file) => file.sync_data(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Where the intents of the journal at this path are until they are in a commit.
fn intents_of(journal: &Path) -> PathBuf {
    journal.with_extension("intents")
}

impl Drop for Journal {
    /// A short write-ahead log is left to the next one to open the journal: whoever ends does not wait for the device.
    fn drop(&mut self) {
        let short = std::fs::metadata(self.log()).is_ok_and(|log| log.len() <= LEFT);
        let _ = self.db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, short);
    }
}

fn set_aside(path: &Path) -> Result<PathBuf, JournalError> {
    damage::set_aside(path).map_err(|source| JournalError::Io { path: path.into(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_that_somebody_else_holds_is_known_from_other_refusals() {
        let kind = |code| {
            let failure = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
            JournalError::of(Path::new("/j"), failure).kind()
        };
        assert_eq!(kind(rusqlite::ffi::SQLITE_BUSY), io::ErrorKind::ResourceBusy);
        assert_eq!(kind(rusqlite::ffi::SQLITE_LOCKED), io::ErrorKind::ResourceBusy);
        assert_eq!(kind(rusqlite::ffi::SQLITE_FULL), io::ErrorKind::StorageFull);
    }
}

//! The journal's tables and how they came to be.

use std::path::Path;
use std::sync::LazyLock;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use super::{JournalError, damage};

static MIGRATIONS: LazyLock<Migrations<'static>> = LazyLock::new(|| {
    Migrations::new(vec![M::up(FIRST), M::up(LOOKED_UP), M::up(SCHEDULED), M::up(NAMES), M::up(STANDING)])
});

const FIRST: &str = "CREATE TABLE about (begun INTEGER NOT NULL);
         INSERT INTO about VALUES (unixepoch('now', 'subsec') * 1000);
         CREATE TABLE rules (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, title TEXT NOT NULL);
         CREATE TABLE runs (
             id INTEGER PRIMARY KEY,
             kind INTEGER NOT NULL,
             cause TEXT NOT NULL,
             started INTEGER NOT NULL,
             ended INTEGER,
             of INTEGER);
         CREATE TABLE steps (
             id INTEGER PRIMARY KEY,
             run INTEGER NOT NULL,
             nr INTEGER NOT NULL,
             rule INTEGER NOT NULL,
             action TEXT NOT NULL,
             src BLOB,
             dst BLOB,
             note TEXT,
             deeds TEXT NOT NULL,
             traces TEXT,
             state INTEGER NOT NULL,
             at INTEGER NOT NULL,
             error TEXT,
             of INTEGER);
         CREATE INDEX steps_of_run ON steps (run, nr);
         CREATE INDEX steps_open ON steps (id) WHERE state = 0;
         CREATE TABLE handled (
             rule TEXT NOT NULL,
             device INTEGER NOT NULL,
             inode INTEGER NOT NULL,
             size INTEGER NOT NULL,
             modified INTEGER NOT NULL,
             path BLOB NOT NULL,
             at INTEGER NOT NULL,
             PRIMARY KEY (rule, device, inode)) WITHOUT ROWID;";

/// What is asked of a path or at a start, without a page more to be written for each step. `settled`: all steps before
/// this one have ended. `placed`: all steps before this one are in `places`.
const LOOKED_UP: &str = "ALTER TABLE about ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
         ALTER TABLE about ADD COLUMN placed INTEGER NOT NULL DEFAULT 0;
         DROP INDEX steps_open;
         CREATE INDEX steps_failed ON steps (at) WHERE state = 2;
         CREATE TABLE places (
             path INTEGER NOT NULL,
             step INTEGER NOT NULL,
             PRIMARY KEY (path, step)) WITHOUT ROWID;";

/// Up to which moment, in milliseconds, each rule's schedule is done with.
const SCHEDULED: &str =
    "CREATE TABLE scheduled (rule TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;";

/// A file of two names may have been handled under each of them.
const NAMES: &str = "ALTER TABLE handled RENAME TO handled_once;
         CREATE TABLE handled (
             rule TEXT NOT NULL,
             device INTEGER NOT NULL,
             inode INTEGER NOT NULL,
             size INTEGER NOT NULL,
             modified INTEGER NOT NULL,
             path BLOB NOT NULL,
             at INTEGER NOT NULL,
             PRIMARY KEY (rule, device, inode, path)) WITHOUT ROWID;
         INSERT INTO handled SELECT * FROM handled_once;
         DROP TABLE handled_once;";

/// A failed step may have left something that stands.
const STANDING: &str = "DROP INDEX steps_failed;
         CREATE INDEX steps_failed ON steps (at)
             WHERE state = 2 OR state IN (1, 4) AND error IS NOT NULL;";

/// How many pages of 4 KiB the write-ahead log may have before it is worked into the database whatever else goes on.
const LONGEST_LOG: u32 = 16 * 1024;

/// Opens the database and brings its tables up to date.
pub(super) fn open(path: &Path) -> Result<Connection, JournalError> {
    let fail = |source| JournalError::of(path, source);
    let suspected = damage::is_suspected(path);
    // One thread at a time uses the connection; the engine sees to that.
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags).map_err(fail)?;
    // What turns out to be damaged stays as it is. `Journal` decides for itself when it is closed.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(fail)?;
    // The owner's lock has seen to it that nobody else reads or writes here, so no statement has to lock anything.
    db.pragma_update(None, "locking_mode", "EXCLUSIVE").map_err(fail)?;
    // Statements are planned once, not anew for each value that is put in.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fail)?;
    db.pragma_update(None, "journal_mode", "WAL").map_err(fail)?;
    db.pragma_update(None, "synchronous", "NORMAL").map_err(fail)?;
    db.pragma_update(None, "cache_size", -1024).map_err(fail)?;
    // Only a bound: `Journal::tidy` does it in a quiet moment, since it has to wait for the device.
    db.pragma_update(None, "wal_autocheckpoint", LONGEST_LOG).map_err(fail)?;
    db.set_prepared_statement_cache_capacity(64);
    if suspected {
        damage::look_for(path, &db).map_err(fail)?;
    }
    match MIGRATIONS.to_latest(&mut db) {
        Ok(()) => Ok(db),
        Err(rusqlite_migration::Error::MigrationDefinition(_)) => {
            Err(JournalError::Newer { path: path.to_path_buf() })
        }
        Err(rusqlite_migration::Error::RusqliteError { err, .. }) => Err(fail(err)),
        Err(other) => Err(fail(rusqlite::Error::ToSqlConversionFailure(other.into()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Journal;

    #[test]
    fn a_journal_of_the_first_version_keeps_its_steps_open_ones_too() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.db");
        let mut db = Connection::open(&path).unwrap();
        MIGRATIONS.to_version(&mut db, 1).unwrap();
        db.execute_batch(
            "INSERT INTO rules VALUES (1, 'rule', 'Rule');
             INSERT INTO runs VALUES (1, 0, '', 0, NULL, NULL);
             INSERT INTO steps (id, run, nr, rule, action, src, dst, deeds, state, at)
                 VALUES (1, 1, 0, 1, 'move', X'2F61', X'2F62', '[]', 1, 5),
                        (2, 1, 1, 1, 'move', X'2F63', X'2F64', '[]', 0, 6),
                        (3, 1, 2, 1, 'move', X'2F65', NULL, '[]', 2, 7);
             INSERT INTO handled VALUES ('rule', 1, 2, 3, 4, X'2F62', 5);",
        )
        .unwrap();
        drop(db);
        let (journal, _) = Journal::open(&path).unwrap();
        let ids = |steps: Vec<crate::StepRecord>| steps.iter().map(|step| step.id).collect::<Vec<_>>();
        assert_eq!(ids(journal.open_steps().unwrap()), [2]);
        assert_eq!(ids(journal.steps_at(Path::new("/b"), 9).unwrap()), [1]);
        assert_eq!(ids(journal.failed_since(jiff::Timestamp::UNIX_EPOCH, 9).unwrap()), [3]);
        let stamp = crate::Stamp { kind: usher_event::Kind::File, size: 3, modified: 4, device: 1, inode: 2 };
        assert!(journal.remembered("rule", &stamp, |path| path == Path::new("/b")).unwrap().is_some());
        let tally = journal.run_tally(1).unwrap();
        assert_eq!((tally.steps, tally.failed, tally.undoable), (3, 1, false));
    }
}

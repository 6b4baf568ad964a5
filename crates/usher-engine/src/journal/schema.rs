//! The journal's tables and how they came to be.

use std::path::Path;
use std::sync::LazyLock;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use rusqlite_migration::{M, Migrations};

use super::JournalError;

static MIGRATIONS: LazyLock<Migrations<'static>> = LazyLock::new(|| {
    Migrations::new(vec![M::up(
        "CREATE TABLE about (begun INTEGER NOT NULL);
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
             PRIMARY KEY (rule, device, inode)) WITHOUT ROWID;",
    )])
});

/// Opens the database and brings its tables up to date.
pub(super) fn open(path: &Path) -> Result<Connection, JournalError> {
    let fail = |source| JournalError::Sqlite { path: path.to_path_buf(), source };
    // One thread at a time uses the connection; the engine sees to that.
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags).map_err(fail)?;
    db.pragma_update(None, "journal_mode", "WAL").map_err(fail)?;
    db.pragma_update(None, "synchronous", "NORMAL").map_err(fail)?;
    db.pragma_update(None, "cache_size", -1024).map_err(fail)?;
    // A checkpoint now and then, not every few hundred files in the middle of a burst.
    db.pragma_update(None, "wal_autocheckpoint", 4000).map_err(fail)?;
    db.set_prepared_statement_cache_capacity(32);
    match MIGRATIONS.to_latest(&mut db) {
        Ok(()) => Ok(db),
        Err(rusqlite_migration::Error::MigrationDefinition(_)) => {
            Err(JournalError::Newer { path: path.to_path_buf() })
        }
        Err(rusqlite_migration::Error::RusqliteError { err, .. }) => Err(fail(err)),
        Err(other) => Err(fail(rusqlite::Error::ToSqlConversionFailure(other.into()))),
    }
}

/// Whether the file is not (or no longer) a database.
pub(super) fn damaged(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}

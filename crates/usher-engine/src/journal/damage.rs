//! What tells that a journal is not whole, and putting it aside.
//!
//! A sound journal is not gone over at its start. Only what speaks of damage, a file that is shorter than its own header
//! says, or damage that was met in use, makes the start look at every page.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, ffi};

use super::intents_of;

/// Whether the file is not (or no longer) a database.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}

/// Whether the journal is an empty file, and what lies beside it tells that it was not always. SQLite would take it for a
/// new one and remove its write-ahead log.
pub(super) fn is_emptied(path: &Path) -> bool {
    let has_bytes = |file: PathBuf| std::fs::metadata(file).is_ok_and(|file| file.len() > 0);
    let vault = path.with_file_name("vault");
    let vault_is_used = || std::fs::read_dir(vault).is_ok_and(|mut kept| kept.next().is_some());
    std::fs::metadata(path).is_ok_and(|journal| journal.len() == 0)
        && (has_bytes(beside(path, "-wal")) || has_bytes(intents_of(path)) || vault_is_used())
}

/// Notes that damage was met, so that the next start looks for it.
pub(super) fn note(path: &Path) {
    if let Err(error) = File::create(suspect_of(path)) {
        tracing::warn!(%error, "a damaged journal cannot be noted");
    }
}

/// Whether something speaks of damage; before the database is opened, which may change it. A checkpoint that was cut off
/// looks like damage, and is none: all its pages are still in the write-ahead log.
pub(super) fn is_suspected(path: &Path) -> bool {
    suspect_of(path).exists() || is_shorter_than_it_says(path).unwrap_or(false)
}

/// The header has the bytes of a page at 16 and the number of pages at 28.
fn is_shorter_than_it_says(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut header = [0; 32];
    if file.read_exact(&mut header).is_err() {
        return Ok(length > 0);
    }
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65536,
        bytes => u64::from(bytes),
    };
    let pages = u32::from_be_bytes([header[28], header[29], header[30], header[31]]);
    Ok(length < page * u64::from(pages))
}

/// Looks at every page. Fails with the error of a damaged database where one of them is not sound.
pub(super) fn look_for(path: &Path, db: &Connection) -> rusqlite::Result<()> {
    let found: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found != "ok" {
        return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_CORRUPT), Some(found)));
    }
    let _ = std::fs::remove_file(suspect_of(path));
    Ok(())
}

/// Gives a damaged journal and its companions another name.
pub(super) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let mut counter = 1u32;
    let aside = loop {
        let candidate = path.with_extension(format!("damaged-{counter}.db"));
        if !candidate.exists() {
            break candidate;
        }
        counter += 1;
    };
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::rename(beside(path, suffix), beside(&aside, suffix));
    }
    let _ = std::fs::rename(intents_of(path), intents_of(&aside));
    std::fs::rename(path, &aside)?;
    // Its time says from now on when it was put aside, so that it can be told for as long as that is news.
    let now = SystemTime::now();
    if let Err(error) = File::options().write(true).open(&aside).and_then(|file| file.set_modified(now)) {
        tracing::warn!(%error, path = %aside.display(), "when a journal was put aside cannot be noted");
    }
    let _ = std::fs::remove_file(suspect_of(path));
    Ok(aside)
}

/// The journals that were put aside in a folder, with when that was.
pub(crate) fn put_aside_in(folder: &Path) -> Vec<(PathBuf, Timestamp)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let aside = entries.filter(|entry| {
        let name = entry.file_name();
        name.to_str().is_some_and(|name| name.starts_with("journal.damaged-") && name.ends_with(".db"))
    });
    let mut dated: Vec<_> = aside
        .filter_map(|entry| {
            let at = Timestamp::try_from(entry.metadata().ok()?.modified().ok()?).ok()?;
            Some((entry.path(), at))
        })
        .collect();
    dated.sort_by_key(|(_, at)| *at);
    dated
}

fn suspect_of(path: &Path) -> PathBuf {
    path.with_extension("suspect")
}

/// What SQLite keeps beside a database.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.into();
    name.push(suffix);
    name.into()
}

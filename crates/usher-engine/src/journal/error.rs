//! Why the journal cannot be used, in words.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use usher_event::{Part, Sentence, sentence};

use super::damage::is_damage;

/// Why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A newer Usher wrote it.
    #[error("the journal {} was written by a newer version of Usher; it is left as it is", path.display())]
    Newer {
        /// The journal.
        path: PathBuf,
    },
    /// Its bytes are not those of a journal any more.
    #[error("the journal {} is damaged", path.display())]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
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

impl JournalError {
    /// It and its cause, for people.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Newer { path } => sentence!(
                "journal-newer",
                "the journal {path} was written by a newer version of Usher; it is left as it is",
                path = path,
            ),
            Self::Damaged { path, source } => sentence!(
                "journal-is-damaged",
                "the journal {path} is damaged: {cause}",
                path = path,
                cause = source.to_string(),
            ),
            Self::Sqlite { path, source } => cannot_use(path, source.to_string().into()),
            Self::Io { path, source } => cannot_use(path, source.into()),
        }
    }

    /// Which file or folder it is about.
    pub fn path(&self) -> &Path {
        match self {
            Self::Newer { path }
            | Self::Damaged { path, .. }
            | Self::Sqlite { path, .. }
            | Self::Io { path, .. } => path,
        }
    }

    /// What kind of refusal it is, where the file system or SQLite refuses.
    pub fn kind(&self) -> io::ErrorKind {
        match self {
            Self::Io { source, .. } => source.kind(),
            Self::Sqlite { source, .. } => match source.sqlite_error_code() {
                Some(ErrorCode::DiskFull) => io::ErrorKind::StorageFull,
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => io::ErrorKind::ResourceBusy,
                Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly | ErrorCode::CannotOpen) => {
                    io::ErrorKind::PermissionDenied
                }
                _ => io::ErrorKind::Other,
            },
            Self::Newer { .. } | Self::Damaged { .. } => io::ErrorKind::InvalidData,
        }
    }

    /// What SQLite says of this journal.
    pub(super) fn of(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_path_buf();
        match is_damage(&source) {
            true => Self::Damaged { path, source },
            false => Self::Sqlite { path, source },
        }
    }
}

fn cannot_use(path: &Path, cause: Part) -> Sentence {
    sentence!("journal-unusable", "cannot use the journal {path}: {cause}", path = path, cause = cause)
}

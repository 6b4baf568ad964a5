//! Why there is no link to an owner.

use std::io;
use std::path::{Path, PathBuf};

use usher_engine::JournalError;

use crate::directories::DirectoriesError;

/// Why this process could neither become the owner nor reach one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// No owner runs.
    #[error("Usher is not running")]
    NobodyRuns,
    /// Usher's own places cannot be used.
    #[error(transparent)]
    Directories(#[from] DirectoriesError),
    /// The owner's lock cannot be used.
    #[error("cannot use the lock file {}", path.display())]
    Lock {
        /// The lock file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// An owner runs and cannot be reached.
    #[error("Usher is running, but cannot be reached at {}", socket.display())]
    Unreachable {
        /// The control socket.
        socket: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// The control socket cannot be made.
    #[error("cannot listen at {}", socket.display())]
    Listen {
        /// The control socket.
        socket: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// The journal cannot be opened.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The operating system refuses a thread.
    #[error("cannot start a thread")]
    Thread(#[source] io::Error),
}

impl OpenError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NobodyRuns => Some("start it with `usher watch`, or from the desktop's menu".to_owned()),
            Self::Directories(error) => Some(error.hint()),
            Self::Lock { path, source } => Some(advice(path, source.kind())),
            Self::Unreachable { .. } => Some("end the other Usher process and try again".to_owned()),
            Self::Listen { socket, .. } => {
                socket.parent().map(|folder| format!("see whether you may write to {}", folder.display()))
            }
            Self::Journal(JournalError::Newer { .. }) => Some("install the newer Usher again".to_owned()),
            Self::Journal(JournalError::Damaged { .. }) => Some(
                "move it, with the files beside it that are named alike, into another folder and start Usher again"
                    .to_owned(),
            ),
            Self::Journal(error) => Some(advice(error.path(), error.kind())),
            Self::Thread(_) => None,
        }
    }
}

/// What to do where a file or folder of Usher's own cannot be used.
fn advice(path: &Path, kind: io::ErrorKind) -> String {
    let shown = path.display();
    match kind {
        // What is to be a file is a folder, or the other way round.
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            format!("a file is where Usher needs a folder: move {shown} elsewhere")
        }
        _ if path.is_dir() => format!("a folder is where Usher needs a file: move {shown} elsewhere"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "see whether the disk is full, and free some space".to_owned()
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            format!("see whether you may write to {shown}")
        }
        io::ErrorKind::ResourceBusy => format!("another program holds {shown}: end it, and try again"),
        _ => "see whether the disk is full, and whether it is in order".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_do_follows_from_what_is_wrong() {
        let dir = tempfile::tempdir().unwrap();
        let (folder, file) = (dir.path(), dir.path().join("journal.db"));
        assert!(
            advice(folder, io::ErrorKind::PermissionDenied)
                .starts_with("a folder is where Usher needs a file")
        );
        assert!(
            advice(&file, io::ErrorKind::AlreadyExists).starts_with("a file is where Usher needs a folder")
        );
        assert!(advice(&file, io::ErrorKind::PermissionDenied).starts_with("see whether you may write to"));
        assert_eq!(
            advice(&file, io::ErrorKind::StorageFull),
            "see whether the disk is full, and free some space"
        );
    }
}

//! Why there is no link to an owner.

use std::io;
use std::path::PathBuf;

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
            Self::Lock { path, .. } => Some(format!("see whether you may write to {}", path.display())),
            Self::Unreachable { .. } => Some("end the other Usher process and try again".to_owned()),
            Self::Listen { socket, .. } => {
                socket.parent().map(|folder| format!("see whether you may write to {}", folder.display()))
            }
            Self::Journal(JournalError::Newer { .. }) => Some("install the newer Usher again".to_owned()),
            Self::Journal(JournalError::Damaged { .. }) => Some(
                "move it, with the files beside it that are named alike, into another folder and start Usher again"
                    .to_owned(),
            ),
            Self::Journal(_) => Some("see whether the disk is full".to_owned()),
            Self::Thread(_) => None,
        }
    }
}

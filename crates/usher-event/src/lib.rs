//! The vocabulary every room of Usher shares: what happened, to what, and how well we can see it.
//!
//! Plain data. There is no clock in here, no disk and no thread: the receiver of an [`Event`] stamps it with its own
//! clock, so that tests can play events at any time they like.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

mod edge;
mod machine;
mod sentence;

pub use edge::*;
pub use machine::*;
pub use sentence::{Part, SYSTEM_SENTENCES, Sentence};

/// Something a source noticed.
///
/// An event is a hint and never the truth: whoever acts on one looks at the disk first. Losing an event may delay work
/// and must never lose it, which is why every source can say [`Event::Rescan`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// Something changed at a path.
    Path {
        /// The absolute path it happened to.
        path: PathBuf,
        /// What happened.
        change: Change,
    },
    /// Events below a folder may have been missed: everything there has to be looked at again.
    Rescan {
        /// The folder to walk, with everything below it.
        root: PathBuf,
        /// What made it necessary.
        reason: RescanReason,
    },
    /// How well a watched folder can be seen has changed.
    Folder {
        /// The watched folder, as the rule names it.
        root: PathBuf,
        /// The new state.
        health: Health,
    },
    /// What a source sees of its noun now, all of it. Reported when watching begins, and whenever it is another one.
    State {
        /// The whole of it.
        reading: Reading,
    },
    /// Something happened to the session or the machine.
    Moment {
        /// What.
        moment: Moment,
    },
    /// The clock was set, or the machine has slept: what time it is has to be looked at again.
    ClockSet,
    /// How well a noun can be seen has changed.
    Noun {
        /// Which one.
        noun: Noun,
        /// The new state.
        health: NounHealth,
    },
}

/// What happened to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It appeared; whoever made it may still be writing.
    Created,
    /// Its content or its attributes changed; more may follow. Sources that see closes do not send this.
    Written,
    /// A writer closed it.
    Closed,
    /// It was moved here complete.
    MovedIn,
    /// It was removed or moved away.
    Gone,
}

/// Why a folder has to be walked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RescanReason {
    /// Watching has just begun: what happened before is unknown.
    Started,
    /// The kernel dropped events because its queue was full.
    Overflow,
    /// The folder, or the drive it lies on, is there again.
    Returned,
    /// The way the folder is watched changed (live to polling or back).
    ModeChanged,
    /// The machine slept, or a user asked.
    Asked,
    /// Other rules wait for what happens there.
    RulesChanged,
}

/// How well a watched folder can be seen, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// The way the folder is being watched.
    pub mode: Mode,
    /// Why, in a sentence for the user, where the mode is not [`Mode::Watching`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Sentence>,
    /// How many directories are watched below the folder, itself included.
    pub directories: u64,
}

/// The way a folder is being watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The platform reports changes as they happen.
    Watching,
    /// Some or all of it is looked at every few seconds, because the platform cannot report changes there.
    Polling,
    /// The folder does not exist now; it is watched for.
    Missing,
    /// The folder exists and may not be read.
    Unreadable,
}

/// The kind of thing at a path, never following a symbolic link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Dir,
    /// A symbolic link, wherever it points.
    Symlink,
    /// A socket, pipe or device: never a subject.
    Other,
}

/// The file or folder that an event, a step or an explanation is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// Its absolute path.
    pub path: PathBuf,
    /// File or directory.
    pub kind: Kind,
}

impl Subject {
    /// A regular file at `path`.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), kind: Kind::File }
    }

    /// A directory at `path`.
    pub fn dir(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), kind: Kind::Dir }
    }

    /// The subject's path.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

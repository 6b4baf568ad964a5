//! One root: what it is, how it is being watched, what is owed to whoever listens.

use std::path::PathBuf;

use usher_event::{Health, RescanReason};

use super::super::plan::Enters;
use super::super::poll::Token;
use super::super::tree::{NodeId, Watch};
use super::survey::Identity;

/// One root and how it is being watched.
pub(super) struct Root {
    pub(super) path: PathBuf,
    pub(super) enters: Enters,
    pub(super) state: State,
    /// Where the path leads, symbolic links resolved.
    pub(super) real: PathBuf,
    /// Whether the innermost anchor could not be set, so that a change may go unheard.
    pub(super) unheard: bool,
    /// Whether the root is polled and was not there at the last look.
    pub(super) absent: bool,
    /// Directories below that may not be read.
    pub(super) denied: Vec<Denied>,
    /// What is polled below, or instead of, the root.
    pub(super) polled: Vec<Polled>,
    /// The health that was last reported.
    pub(super) health: Option<Health>,
    /// What to rescan for, once all that is polled has been looked at for the first time.
    pub(super) owed: Option<RescanReason>,
}

/// A directory that may not be read.
pub(super) struct Denied {
    pub(super) path: PathBuf,
    /// Where an anchor hears when that changes.
    pub(super) heard_at: Option<Watch>,
}

/// A directory that is polled with all below it.
pub(super) struct Polled {
    pub(super) token: Token,
    pub(super) path: PathBuf,
    /// Its directories, once they have been counted.
    pub(super) directories: Option<u64>,
    /// Whether the limit of watches is the cause, rather than the file system.
    pub(super) beyond_limit: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing is known yet.
    New,
    Directory(NodeId, Identity),
    /// The limit of watches left none for the directory, which is polled with all below it.
    BeyondLimit(Identity),
    /// The directory is gone from under its watch, whatever is at its path now.
    Lost,
    File,
    Remote(String),
    Missing,
    Denied(PathBuf),
}

impl State {
    /// Why a root is swept that was in this state before it could be watched.
    pub(super) fn reason_after(&self) -> RescanReason {
        match self {
            Self::New => RescanReason::Started,
            _ => RescanReason::Returned,
        }
    }
}

impl Root {
    /// A root of which nothing is known yet.
    pub(super) fn new(path: PathBuf, enters: Enters) -> Self {
        Self {
            real: path.clone(),
            path,
            enters,
            state: State::New,
            unheard: false,
            absent: false,
            denied: Vec::new(),
            polled: Vec::new(),
            health: None,
            owed: None,
        }
    }

    /// Whether it is a single file.
    pub(super) fn is_file(&self) -> bool {
        self.state == State::File
    }

    /// The top of its tree, where it has one.
    pub(super) fn top(&self) -> Option<NodeId> {
        match self.state {
            State::Directory(top, _) => Some(top),
            _ => None,
        }
    }

    /// Whether it cannot be watched, and no anchor will say when that changes.
    pub(super) fn is_unheard(&self) -> bool {
        self.unheard && matches!(self.state, State::Denied(_) | State::Missing)
    }

    /// Whether some of it is polled only because there were no watches left.
    pub(super) fn is_beyond_limit(&self) -> bool {
        self.polled.iter().any(|polled| polled.beyond_limit)
    }

    /// Whether there is something that could be swept.
    pub(super) fn is_there(&self) -> bool {
        match self.state {
            State::Directory(..) | State::File => true,
            State::Remote(_) | State::BeyondLimit(_) => {
                self.polled.iter().any(|polled| polled.directories.is_some())
            }
            _ => false,
        }
    }
}

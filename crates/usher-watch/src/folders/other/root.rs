//! One root on a platform that watches whole trees: what it is, and which of what happens is its own.

use std::path::{Path, PathBuf};

use notify::RecursiveMode;
use usher_event::{Change, Health, Mode, Sentence};

use super::super::plan::Enters;
use super::super::poll::Token;
use crate::folders::missing;

/// One root and how it is being watched.
pub(super) struct Root {
    pub(super) path: PathBuf,
    /// The path with symbolic links resolved, which is what macOS reports.
    pub(super) real: PathBuf,
    pub(super) enters: Enters,
    pub(super) state: State,
    pub(super) health: Option<Health>,
}

/// What a root is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    New,
    Directory,
    File,
    Missing,
    Polled { token: Token, directories: Option<u64>, returns: bool, why: Sentence },
}

impl Root {
    /// Whether there is something that could be swept.
    pub(super) fn is_there(&self) -> bool {
        match &self.state {
            State::Directory | State::File => true,
            State::Polled { directories, .. } => directories.is_some(),
            State::New | State::Missing => false,
        }
    }

    /// Whether it is looked at every few seconds instead of being watched.
    pub(super) fn is_polled(&self) -> bool {
        matches!(self.state, State::Polled { .. })
    }

    /// What the platform has to watch for this root.
    pub(super) fn watch(&self) -> Option<(PathBuf, RecursiveMode)> {
        match self.state {
            State::Directory => Some((self.path.clone(), RecursiveMode::Recursive)),
            State::File => Some((self.path.parent()?.to_owned(), RecursiveMode::NonRecursive)),
            State::Missing => Some((self.awaited_at()?, RecursiveMode::NonRecursive)),
            State::New | State::Polled { .. } => None,
        }
    }

    /// The nearest directory above the root that exists.
    pub(super) fn awaited_at(&self) -> Option<PathBuf> {
        self.path.ancestors().skip(1).find(|above| above.is_dir()).map(Path::to_owned)
    }

    /// Whether this change may mean that the root came or went.
    pub(super) fn is_put_in_doubt(&self, path: &Path, change: Change) -> bool {
        let comes_or_goes = change != Change::Written && change != Change::Closed;
        let above = self.path.starts_with(path) || self.real.starts_with(path);
        comes_or_goes && (above || self.state == State::Missing)
    }

    /// Adds what this root has to say about a change: the path itself, and what came with a directory moved in.
    pub(super) fn collect(&self, path: &Path, change: Change, said: &mut Vec<(PathBuf, Change)>) {
        let Some(way) = path.strip_prefix(&self.path).or_else(|_| path.strip_prefix(&self.real)).ok() else {
            return;
        };
        let named = if way.as_os_str().is_empty() { self.path.clone() } else { self.path.join(way) };
        let is_mine = match self.state {
            State::Directory => !way.as_os_str().is_empty() && self.admits_parents_of(way),
            State::File => way.as_os_str().is_empty(),
            _ => false,
        };
        if !is_mine || said.contains(&(named.clone(), change)) {
            return;
        }
        said.push((named.clone(), change));
        if change == Change::MovedIn && self.state == State::Directory {
            self.collect_below(named, said);
        }
    }

    fn admits_parents_of(&self, way: &Path) -> bool {
        let between: Vec<_> = way.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()).collect();
        between.into_iter().rev().all(|above| self.enters.admit(&self.path.join(above)))
    }

    fn collect_below(&self, first: PathBuf, said: &mut Vec<(PathBuf, Change)>) {
        let mut todo = vec![first];
        while let Some(path) = todo.pop() {
            let is_directory = std::fs::symlink_metadata(&path).is_ok_and(|data| data.is_dir());
            if !is_directory || !self.enters.admit(&path) {
                continue;
            }
            for entry in std::fs::read_dir(&path).into_iter().flatten().flatten() {
                said.push((entry.path(), Change::MovedIn));
                todo.push(entry.path());
            }
        }
    }

    /// What is to be said about it.
    pub(super) fn health_now(&self) -> Health {
        let (mode, reason, directories) = match &self.state {
            State::Directory | State::File => (Mode::Watching, None, 1),
            State::Polled { directories: Some(count), why, .. } => (Mode::Polling, Some(why.clone()), *count),
            State::New | State::Missing | State::Polled { .. } => (Mode::Missing, Some(missing()), 0),
        };
        Health { mode, reason, directories }
    }
}

/// Whether a path lies on a file system whose changes the platform does not report.
#[cfg(target_os = "macos")]
pub(super) fn is_remote(path: &Path) -> bool {
    /// The mount flag of file systems that are stored on this machine.
    const MNT_LOCAL: u32 = 0x1000;
    rustix::fs::statfs(path).is_ok_and(|stat| stat.f_flags & MNT_LOCAL == 0)
}

/// Whether a path lies on a file system whose changes the platform does not report.
#[cfg(not(target_os = "macos"))]
pub(super) fn is_remote(path: &Path) -> bool {
    use std::path::{Component, Prefix};
    let prefix = path.components().next();
    matches!(prefix, Some(Component::Prefix(prefix)) if matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..)))
}

//! Paths as keys, and what the base has shown lately.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use usher_event::Kind;
use usher_rule::Stat;

/// A path as its bytes: plain to compare, where comparing paths takes both apart each time. Paths come here spelled in
/// one way only, without `.`, `..` and doubled separators.
#[derive(Debug, Clone)]
pub(super) struct Place(pub(super) PathBuf);

/// What the base has shown lately. A batch is planned in a moment, and every file of it asks for the same folders.
#[derive(Default)]
pub(super) struct Seen {
    folders: HashMap<Place, Stat>,
    last: Option<(Place, Stat)>,
}

/// As many folders are kept in mind.
const FOLDERS: usize = 256;

impl Seen {
    pub(super) fn at(&self, path: &Path) -> Option<Stat> {
        let path = bytes(path);
        let last = self.last.as_ref().filter(|(place, _)| place.bytes() == path);
        last.map(|(_, stat)| *stat).or_else(|| self.folders.get(path).copied())
    }

    pub(super) fn keep(&mut self, path: &Path, stat: Stat) {
        if stat.kind != Kind::Dir {
            self.last = Some((path.into(), stat));
            return;
        }
        if self.folders.len() >= FOLDERS {
            self.folders.clear();
        }
        self.folders.insert(path.into(), stat);
    }
}

pub(super) fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

impl Place {
    pub(super) fn bytes(&self) -> &[u8] {
        bytes(&self.0)
    }
}

impl From<&Path> for Place {
    fn from(path: &Path) -> Self {
        Self(path.to_path_buf())
    }
}

impl Borrow<[u8]> for Place {
    fn borrow(&self) -> &[u8] {
        self.bytes()
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Place {}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes().hash(state);
    }
}

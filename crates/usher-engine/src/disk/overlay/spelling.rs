//! One folder may have many paths, through links and over second mounts. Whatever changes in it is kept under one of
//! them, or a file that a plan has taken away by one path would still be there by the other.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::Overlay;
use super::place::{Place, bytes};

/// The paths under which changes are kept.
#[derive(Default)]
pub(super) struct Spellings {
    /// By the numbers of every folder with changes at or below it: the path it was first met by.
    folders: HashMap<(u64, u64), PathBuf>,
    /// What was found out about folders by now; `None` for those that are spelled as they come.
    known: HashMap<Place, Option<PathBuf>>,
}

/// So much is kept in mind of what was found out.
const KNOWN: usize = 1024;

impl Spellings {
    pub(super) fn look_afresh(&mut self) {
        self.known.clear();
    }
}

impl Overlay<'_> {
    /// The path under which changes to what is at `path` are kept. A link itself is one of the things in its folder.
    pub(super) fn spelled<'p>(&self, path: &'p Path) -> Cow<'p, Path> {
        match (path.parent(), path.file_name()) {
            (Some(dir), Some(name)) if !bytes(path).ends_with(b"/.") => match self.spelling(dir) {
                Some(dir) => dir.join(name).into(),
                None => path.into(),
            },
            _ => path.into(),
        }
    }

    /// The path under which changes in the folder that `dir` leads to are kept.
    pub(super) fn spelled_folder<'p>(&self, dir: &'p Path) -> Cow<'p, Path> {
        self.spelling(dir).map_or(dir.into(), Cow::Owned)
    }

    /// The same, where it is not `dir` itself.
    fn spelling(&self, dir: &Path) -> Option<PathBuf> {
        if let Some(known) = self.spellings.borrow().known.get(bytes(dir)) {
            return known.clone();
        }
        let by_number =
            self.number(dir).and_then(|number| self.spellings.borrow().folders.get(&number).cloned());
        let found = by_number.unwrap_or_else(|| self.spelled(dir).into_owned());
        let found = Some(found).filter(|found| bytes(found) != bytes(dir));
        let known = &mut self.spellings.borrow_mut().known;
        if known.len() >= KNOWN {
            known.clear();
        }
        known.insert(dir.into(), found.clone());
        found
    }

    /// The same as [`spelled`](Self::spelled), for something that is about to change.
    pub(super) fn settled(&self, path: &Path) -> PathBuf {
        match (path.parent(), path.file_name()) {
            (Some(dir), Some(name)) => self.settled_folder(dir).join(name),
            _ => path.to_path_buf(),
        }
    }

    fn settled_folder(&self, dir: &Path) -> PathBuf {
        let number = self.number(dir);
        let settled = number.and_then(|number| self.spellings.borrow().folders.get(&number).cloned());
        if let Some(settled) = settled {
            return settled;
        }
        let path = self.settled(dir);
        let Some(number) = number else { return path };
        let mut spellings = self.spellings.borrow_mut();
        spellings.known.clear();
        // The way there may have led through the folder itself.
        spellings.folders.entry(number).or_insert(path).clone()
    }

    /// What the folder at `dir` is on the disk.
    fn number(&self, dir: &Path) -> Option<(u64, u64)> {
        // With a dot behind it a link leads to the folder it stands for.
        self.base_stat(&dir.join(".")).ok()?.folder()
    }
}

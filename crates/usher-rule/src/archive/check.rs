//! What holds for every archive: one entry a name, nothing behind a link, and no more than it may hold.

use std::cell::Cell;
use std::collections::HashMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use usher_event::{Sentence, sentence};

use super::{ArchiveError, Limits, Packed, PackedKind, Reading};

/// Archives that hold less than this may be packed as tightly as they like.
const RATIO_FREE: u64 = 16 * 1024 * 1024;

/// Bytes of all names together.
const NAMES: usize = 64 * 1024 * 1024;

/// What has been seen of an archive so far.
pub(super) struct Check {
    limits: Limits,
    /// Bytes of the archive itself.
    length: u64,
    seen: HashMap<PathBuf, Seen>,
    names: usize,
    entries: u64,
    total: Rc<Cell<u64>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Dir,
    File,
    Link,
}

impl Check {
    pub(super) fn new(reading: &Reading<'_>, length: u64) -> Self {
        Self {
            limits: reading.limits,
            length,
            seen: HashMap::new(),
            names: 0,
            entries: 0,
            total: Rc::default(),
        }
    }

    /// How many bytes the names of as many entries as are allowed may take, with what stands around them.
    pub(super) fn headers(&self) -> u64 {
        self.limits.entries.saturating_mul(512).min(NAMES as u64) + 256 * 1024
    }

    /// Refuses an entry that does not fit to those before it. A folder may come twice.
    pub(super) fn admit(&mut self, packed: &Packed) -> Result<(), ArchiveError> {
        self.entries += 1;
        self.declared_entries(self.entries)?;
        let refused = |why: Sentence| Err(ArchiveError::refused(packed.path.to_string_lossy(), why));
        for folder in packed.path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
            match self.seen.get(folder) {
                Some(Seen::Dir) => break,
                Some(Seen::File) => return refused(sentence!("archive-in-file", "which lies in a file")),
                Some(Seen::Link) => {
                    return refused(sentence!("archive-behind-link", "which lies behind a link"));
                }
                None => self.note(folder, Seen::Dir)?,
            }
        }
        let kind = match &packed.kind {
            PackedKind::Dir => Seen::Dir,
            PackedKind::Symlink { .. } => Seen::Link,
            PackedKind::File => Seen::File,
            PackedKind::HardLink(original) if self.seen.get(original) == Some(&Seen::File) => Seen::File,
            PackedKind::HardLink(original) => {
                return refused(sentence!(
                    "archive-link-to-none",
                    "a link to `{path}`, which is no file in it",
                    path = original,
                ));
            }
        };
        match self.seen.get(&packed.path) {
            None => self.note(&packed.path, kind),
            Some(Seen::Dir) if kind == Seen::Dir => Ok(()),
            Some(_) => refused(sentence!("archive-twice", "twice")),
        }
    }

    /// Refuses an archive that says itself that it holds too many entries.
    pub(super) fn declared_entries(&self, entries: u64) -> Result<(), ArchiveError> {
        if entries > self.limits.entries {
            return Err(ArchiveError::TooMuch(sentence!(
                "archive-too-many-files",
                "it holds more than {limit} files; `max_files` allows more",
                limit = self.limits.entries,
            )));
        }
        Ok(())
    }

    fn note(&mut self, path: &Path, seen: Seen) -> Result<(), ArchiveError> {
        self.names += path.as_os_str().len();
        if self.names > NAMES {
            return Err(ArchiveError::TooMuch(too_many_names()));
        }
        self.seen.insert(path.to_path_buf(), seen);
        Ok(())
    }

    /// Refuses an archive that says itself that it holds too many bytes.
    pub(super) fn declared(&self, bytes: u64) -> Result<(), ArchiveError> {
        within(self.limits, self.length, bytes)
    }

    /// The bytes of an entry, counted with those of all others.
    pub(super) fn meter<R: Read>(&self, inner: R) -> Meter<R> {
        Meter { inner, limits: self.limits, length: self.length, total: Rc::clone(&self.total), read: 0 }
    }
}

/// What is said of an archive whose names take too much room.
pub(super) fn too_many_names() -> Sentence {
    sentence!("archive-too-many-names", "its list of names is too long")
}

fn within(limits: Limits, length: u64, total: u64) -> Result<(), ArchiveError> {
    if total > limits.size {
        return Err(ArchiveError::TooMuch(sentence!(
            "archive-too-many-bytes",
            "it holds more than {limit} bytes; `max_size` allows more",
            limit = limits.size,
        )));
    }
    if total > RATIO_FREE && total / limits.ratio.max(1) > length {
        return Err(ArchiveError::TooMuch(sentence!(
            "archive-too-tight",
            "it holds more than {limit} times its own size; `max_ratio` allows more",
            limit = limits.ratio,
        )));
    }
    Ok(())
}

/// A reader that counts what really comes out.
pub(super) struct Meter<R> {
    inner: R,
    limits: Limits,
    length: u64,
    total: Rc<Cell<u64>>,
    /// Bytes of this entry so far.
    pub(super) read: u64,
}

impl<R: Read> Read for Meter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        self.total.set(self.total.get().saturating_add(read as u64));
        within(self.limits, self.length, self.total.get())?;
        Ok(read)
    }
}

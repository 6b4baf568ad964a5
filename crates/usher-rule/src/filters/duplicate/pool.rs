//! Files among which others with the same bytes are looked for.
//!
//! Nothing is read of a file that is alone of its size. Of the others both ends are read, once; of those with the same
//! ends everything: two are compared directly, several by checksums that are kept.

use std::collections::HashMap;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::{Stat, World};

/// How much is read at either end.
const END: u64 = 16 * 1024;

/// How much is read at once.
const CHUNK: usize = 1024 * 1024;

type Hash = [u8; 32];

/// A file as it was when it was looked at.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) stat: Stat,
    ends: Option<Hash>,
    whole: Option<Hash>,
}

/// Files by size and then by their ends.
#[derive(Debug, Default, Clone)]
pub(super) struct Pool {
    files: Vec<File>,
    sizes: HashMap<u64, Bucket>,
}

#[derive(Debug, Default, Clone)]
struct Bucket {
    /// Files nothing was read of.
    unread: Vec<usize>,
    by_ends: HashMap<Hash, Vec<usize>>,
}

impl File {
    pub(super) fn new(path: PathBuf, stat: Stat) -> Self {
        Self { path, stat, ends: None, whole: None }
    }

    /// The checksum of both ends; of everything, where the file is short.
    fn ends(&mut self, world: &dyn World) -> io::Result<Hash> {
        if let Some(ends) = self.ends {
            return Ok(ends);
        }
        let size = self.stat.size;
        let mut content = world.open(&self.path)?;
        let mut hasher = blake3::Hasher::new();
        let mut bytes = Vec::new();
        let first = if size <= 2 * END { 2 * END + 1 } else { END };
        (&mut content).take(first).read_to_end(&mut bytes)?;
        if size > 2 * END {
            content.seek(SeekFrom::Start(size - END))?;
            content.take(END + 1).read_to_end(&mut bytes)?;
        }
        hasher.update(&bytes);
        let ends = *hasher.finalize().as_bytes();
        self.ends = Some(ends);
        Ok(ends)
    }

    /// The checksum of everything.
    fn whole(&mut self, world: &dyn World) -> io::Result<Hash> {
        if let Some(whole) = self.whole {
            return Ok(whole);
        }
        let mut content = world.open(&self.path)?;
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; CHUNK];
        loop {
            match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => drop(hasher.update(&buffer[..length])),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let whole = *hasher.finalize().as_bytes();
        self.whole = Some(whole);
        Ok(whole)
    }

    /// What is there now, if it is still what it was.
    pub(super) fn unchanged(&self, world: &dyn World) -> Option<Stat> {
        let same = |stat: &Stat| {
            let content = |stat: &Stat| (stat.kind, stat.size, stat.modified);
            let same_one = (stat.device, stat.inode) == (self.stat.device, self.stat.inode);
            content(stat) == content(&self.stat) && (same_one || self.stat.is_planned())
        };
        world.stat(&self.path).ok().filter(same)
    }
}

impl Pool {
    /// Adds a file; answers its place.
    pub(super) fn add(&mut self, file: File) -> usize {
        let place = self.files.len();
        let bucket = self.sizes.entry(file.stat.size).or_default();
        match file.ends {
            Some(ends) => bucket.by_ends.entry(ends).or_default().push(place),
            None => bucket.unread.push(place),
        }
        self.files.push(file);
        place
    }

    /// How many files there are.
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    /// The file at a place.
    pub(super) fn file(&self, place: usize) -> &File {
        &self.files[place]
    }

    /// Puts another file with the same bytes in the place of one.
    pub(super) fn replace(&mut self, place: usize, file: File) {
        self.files[place] = file;
    }

    /// The files with the same bytes as `new`, by their places in order, of those that are `wanted`. What cannot be read is
    /// none of them; whether one is still what it was is for the caller to ask.
    ///
    /// # Errors
    /// When `new` cannot be read.
    pub(super) fn same(
        &mut self,
        world: &dyn World,
        new: &mut File,
        wanted: &dyn Fn(usize, &Path) -> bool,
    ) -> io::Result<Vec<usize>> {
        let Some(bucket) = self.sizes.get_mut(&new.stat.size) else { return Ok(Vec::new()) };
        let only_itself = bucket.unread.iter().all(|place| self.files[*place].path == new.path);
        if only_itself && bucket.by_ends.is_empty() {
            return Ok(Vec::new());
        }
        for place in std::mem::take(&mut bucket.unread) {
            // What cannot be read is no original anyone could rely on.
            if let Ok(ends) = self.files[place].ends(world) {
                bucket.by_ends.entry(ends).or_default().push(place);
            }
        }
        let alike = bucket.by_ends.get(&new.ends(world)?).map(Vec::as_slice).unwrap_or_default();
        let other = |place: &usize| {
            let path = &self.files[*place].path;
            *path != new.path && wanted(*place, path)
        };
        let mut alike: Vec<usize> = alike.iter().copied().filter(other).collect();
        alike.sort_unstable();
        if new.stat.size <= 2 * END {
            return Ok(alike);
        }
        if let [place] = alike[..] {
            let file = &self.files[place];
            let same = file.unchanged(world).is_some() && world.same_content(&file.path, &new.path)?;
            return Ok(if same { alike } else { Vec::new() });
        }
        let mut same = Vec::new();
        for place in alike {
            let whole = new.whole(world)?;
            if self.files[place].whole(world).is_ok_and(|other| other == whole) {
                same.push(place);
            }
        }
        Ok(same)
    }
}

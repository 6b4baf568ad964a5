//! Recognising a file: is what lies here still what we left here?

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use usher_event::Kind;
use usher_rule::{Stat, World};

use crate::disk::lstat;

/// What identifies one version of one file. Two equal stamps mean that nobody has touched it in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// File, directory or link.
    pub kind: Kind,
    /// Bytes; 0 for anything but a file.
    pub size: u64,
    /// Last change of the content, in nanoseconds since 1970.
    pub modified: i64,
    /// The device it lies on.
    pub device: u64,
    /// Its number there.
    pub inode: u64,
}

impl Stamp {
    /// Whether `stat` shows the same content by size and time, wherever it lies. A directory's own time says nothing
    /// about what is in it, so directories are alike when they are the same directory.
    pub fn same_content(&self, stat: &Stat) -> bool {
        let other = Self::from(*stat);
        match self.kind {
            Kind::Dir => other.kind == Kind::Dir,
            _ => self.kind == other.kind && self.size == other.size && self.modified == other.modified,
        }
    }

    /// What changes with each version, beside the size. A directory's own time changes with every file that comes or
    /// goes, so it is no version.
    pub(crate) fn version(&self) -> i64 {
        if self.kind == Kind::Dir { 0 } else { self.modified }
    }

    /// Whether both are of the same file, in whatever version.
    pub(crate) fn same_identity(&self, other: &Self) -> bool {
        self.device == other.device && self.inode == other.inode
    }

    /// Whether `stat` shows this very file, unchanged.
    pub fn same_file(&self, stat: &Stat) -> bool {
        self.same_content(stat) && self.device == stat.device && self.inode == stat.inode
    }
}

impl From<Stat> for Stamp {
    fn from(stat: Stat) -> Self {
        let size = if stat.kind == Kind::File { stat.size } else { 0 };
        Self {
            kind: stat.kind,
            size,
            modified: nanoseconds(stat.modified),
            device: stat.device,
            inode: stat.inode,
        }
    }
}

/// What identifies all that lies at and below a path: names, kinds, sizes and times of files, and what links say. Two
/// equal ones mean that nobody has touched anything there in between.
pub(crate) fn fingerprint(world: &(impl World + ?Sized), path: &Path) -> io::Result<u64> {
    let mut hasher = blake3::Hasher::new();
    note(world, path, &mut hasher)?;
    let mut start = [0; 8];
    start.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    Ok(u64::from_le_bytes(start))
}

fn note(world: &(impl World + ?Sized), path: &Path, hasher: &mut blake3::Hasher) -> io::Result<()> {
    let stat = world.stat(path)?;
    hasher.update(&[stat.kind as u8]);
    match stat.kind {
        Kind::Dir => {
            let mut entries = world.list(path)?;
            entries.sort_by(|a, b| a.name.cmp(&b.name));
            for entry in entries {
                let name = entry.name.as_encoded_bytes();
                hasher.update(&(name.len() as u64).to_le_bytes()).update(name);
                note(world, &path.join(&entry.name), hasher)?;
            }
            // Where a directory ends, so that what follows is not taken for part of it.
            hasher.update(&u64::MAX.to_le_bytes());
        }
        Kind::Symlink => {
            hasher.update(world.link_target(path)?.as_os_str().as_encoded_bytes());
        }
        Kind::File | Kind::Other => {
            let stamp = Stamp::from(stat);
            hasher.update(&stamp.size.to_le_bytes()).update(&stamp.modified.to_le_bytes());
        }
    }
    Ok(())
}

/// Whether everything that lies at and below `part` lies in `whole` as well, bytes compared: what is left of a tree that
/// was being removed is part of its copy.
pub(crate) fn is_part_of(world: &(impl World + ?Sized), part: &Path, whole: &Path) -> io::Result<bool> {
    let (Some(left), Some(right)) = (lstat(world, part)?, lstat(world, whole)?) else { return Ok(false) };
    match (left.kind, right.kind) {
        (Kind::File, Kind::File) => world.same_content(part, whole),
        (Kind::Dir, Kind::Dir) => {
            for entry in world.list(part)? {
                if !is_part_of(world, &part.join(&entry.name), &whole.join(&entry.name))? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Kind::Symlink, Kind::Symlink) => Ok(same_link(world, part, whole)),
        (left, right) => Ok(left == right),
    }
}

/// Whether two symbolic links say the same.
pub(crate) fn same_link(world: &(impl World + ?Sized), a: &Path, b: &Path) -> bool {
    matches!((world.link_target(a), world.link_target(b)), (Ok(a), Ok(b)) if a == b)
}

/// Nanoseconds since 1970; what lies outside 1677 to 2262 counts as the end of it.
fn nanoseconds(at: jiff::Timestamp) -> i64 {
    let nanoseconds = at.as_nanosecond();
    i64::try_from(nanoseconds).unwrap_or(if nanoseconds < 0 { i64::MIN } else { i64::MAX })
}

/// The moment so many nanoseconds after 1970.
pub(crate) fn moment(nanoseconds: i64) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_nanosecond(nanoseconds.into()).ok()
}

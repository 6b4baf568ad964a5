//! Recognising a file: is what lies here still what we left here?

use serde::{Deserialize, Serialize};
use usher_event::Kind;
use usher_rule::Stat;

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

/// Nanoseconds since 1970; what lies outside 1677 to 2262 counts as the end of it.
fn nanoseconds(at: jiff::Timestamp) -> i64 {
    let nanoseconds = at.as_nanosecond();
    i64::try_from(nanoseconds).unwrap_or(if nanoseconds < 0 { i64::MIN } else { i64::MAX })
}

/// The moment so many nanoseconds after 1970.
pub(crate) fn moment(nanoseconds: i64) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_nanosecond(nanoseconds.into()).ok()
}

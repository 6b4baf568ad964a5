//! One and the same file, whatever path leads to it.

use std::path::Path;

use crate::world::real_folder;
use crate::{Stat, World};

/// An entry of a directory. A second name of a file (a hard link) is an entry of its own; another path to the same
/// folder, or the name in other letters, is not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Entry {
    file: (u64, u64),
    folder: (u64, u64),
    name: String,
}

impl Entry {
    /// `None` where there is nothing but the path to go by.
    pub(super) fn of(world: &dyn World, path: &Path, stat: &Stat) -> Option<Self> {
        if stat.inode == 0 || stat.is_planned() {
            return None;
        }
        let folder = real_folder(world, path)?;
        Some(Self { file: (stat.device, stat.inode), folder, name: name(path) })
    }
}

/// Whether two paths lead to one and the same entry of a directory.
pub(super) fn same_entry(world: &dyn World, a: (&Path, &Stat), b: (&Path, &Stat)) -> bool {
    a.0 == b.0
        || (a.1.device, a.1.inode) == (b.1.device, b.1.inode)
            && name(a.0) == name(b.0)
            && real_folder(world, a.0) == real_folder(world, b.0)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().to_lowercase()
}

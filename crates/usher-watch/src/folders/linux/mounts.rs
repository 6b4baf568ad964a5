//! Where drives come and go over watched directories, and which mounts cannot report changes.
//!
//! inotify knows inodes, not paths: it says nothing when a drive is mounted over a watched directory. The kernel's table
//! of mounts does, and can be waited for.

use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::mountinfo::{self, Mount};

/// The table of mounts as last read.
#[derive(Default)]
pub(super) struct Mounts {
    /// Held open to be waited on; `None` where there is no `/proc`.
    pub(super) table: Option<File>,
    mounts: Vec<Mount>,
}

impl Mounts {
    /// Opens and reads the table.
    pub(super) fn open() -> Self {
        // Opened before it is read: what changes in between is then reported as a change.
        let table = mountinfo::open().ok();
        Self { table, mounts: mountinfo::read().unwrap_or_default() }
    }

    /// A table that never changes.
    #[cfg(test)]
    pub(super) fn fixed(table: &[u8]) -> Self {
        Self { table: None, mounts: mountinfo::parse(table) }
    }

    /// Reads the table again. Returns the directories where something was mounted or unmounted.
    pub(super) fn refresh(&mut self) -> Vec<PathBuf> {
        let before = std::mem::replace(&mut self.mounts, mountinfo::read().unwrap_or_default());
        let gone = before.iter().filter(|mount| !self.mounts.contains(mount));
        let come = self.mounts.iter().filter(|mount| !before.contains(mount));
        gone.chain(come).map(|mount| mount.point.clone()).collect()
    }

    /// The kind of file system mounted exactly at `path`, if it cannot report changes. Touches no disk.
    pub(super) fn remote_at(&self, path: &Path) -> Option<&str> {
        // Asked for every directory: comparing paths part by part would be most of the work of watching a large tree.
        let name = path.file_name().unwrap_or_default().as_bytes();
        let may_be_at = |mount: &&Mount| mount.point.as_os_str().as_bytes().ends_with(name);
        // The last one mounted at a place covers the ones before it.
        let mount = self.mounts.iter().rev().filter(may_be_at).find(|mount| mount.point == path)?;
        mount.is_remote().then_some(mount.kind.as_str())
    }
}

/// Whether a change at `point` lies below `directory`.
pub(super) fn lies_below(point: &Path, directory: &Path) -> bool {
    point.as_os_str().as_bytes().len() > directory.as_os_str().as_bytes().len()
        && point.starts_with(directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Mounts {
        Mounts::fixed(text.as_bytes())
    }

    #[test]
    fn a_network_file_system_is_known_by_its_kind() {
        let mounts = table(r"36 35 98:0 / /media/My\040Disk\134 rw shared:1 master:2 - cifs //nas/x rw");
        assert_eq!(mounts.remote_at(Path::new("/media/My Disk\\")), Some("cifs"));
    }

    #[test]
    fn a_mount_is_known_however_its_path_is_written() {
        let mounts = table("1 0 0:1 / / rw - nfs4 host:/ rw\n2 1 0:2 / /m/n rw - nfs4 host:/ rw");
        for path in ["/m/n", "/m/n/", "//m/./n", "/", "//"] {
            assert_eq!(mounts.remote_at(Path::new(path)), Some("nfs4"), "{path}");
        }
        for path in ["/m", "/n", "/m/an", "/m/n/n", "m/n", ""] {
            assert_eq!(mounts.remote_at(Path::new(path)), None, "{path}");
        }
    }

    #[test]
    fn the_topmost_mount_decides() {
        let mounts = table("1 0 0:1 / /m rw - nfs4 host:/ rw\n2 1 0:2 / /m rw - tmpfs none rw");
        assert_eq!(mounts.remote_at(Path::new("/m")), None);
    }
}

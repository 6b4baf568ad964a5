//! The other paths that lead to a folder: over bind mounts, and over second mounts of what it lies on.
//!
//! Links are not looked at here. Which systems have such mounts and a table of them is Linux alone.

use std::path::{Path, PathBuf};

/// Knows the other paths of folders.
#[derive(Default)]
pub struct Ways {
    #[cfg(target_os = "linux")]
    mounts: std::sync::Mutex<linux::Mounts>,
}

impl Ways {
    /// Every other path that leads to a folder, or to something in it that is mounted elsewhere as well. Asks the disk only
    /// where there seems to be one, and reads the table of mounts only when it has changed.
    #[cfg(target_os = "linux")]
    pub fn to(&self, folder: &Path) -> Vec<PathBuf> {
        // What a path leads to is in the table, and no link on the way.
        let Ok(folder) = folder.canonicalize() else { return Vec::new() };
        let mut mounts = self.mounts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let ways = linux::ways(mounts.now(), &folder).into_iter();
        // A later mount may have covered one of them.
        ways.filter(|(way, original)| linux::same(way, original)).map(|(way, _)| way).collect()
    }

    /// No other path is known.
    #[cfg(not(target_os = "linux"))]
    pub fn to(&self, _folder: &Path) -> Vec<PathBuf> {
        Vec::new()
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::File;
    use std::os::unix::fs::MetadataExt;
    use std::path::{Path, PathBuf};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    use crate::mountinfo::{self, Mount};

    /// The table of mounts as last read.
    #[derive(Default)]
    pub(super) struct Mounts {
        /// Held open to be told of changes; `None` before the first reading, and where there is no `/proc`.
        table: Option<File>,
        mounts: Vec<Mount>,
    }

    impl Mounts {
        /// What is mounted now.
        pub(super) fn now(&mut self) -> &[Mount] {
            if self.table.as_ref().is_none_or(has_changed) {
                // Opened before it is read: what changes in between is then told as a change.
                if self.table.is_none() {
                    self.table = mountinfo::open().ok();
                }
                self.mounts = mountinfo::read().unwrap_or_default();
            }
            &self.mounts
        }
    }

    fn has_changed(table: &File) -> bool {
        let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
        poll(&mut [PollFd::new(table, PollFlags::PRI)], Some(&at_once)) != Ok(0)
    }

    /// The other paths of a folder by the table, each with the path of the same that was known.
    pub(super) fn ways(mounts: &[Mount], folder: &Path) -> Vec<(PathBuf, PathBuf)> {
        // Of several at one place the last one counts.
        let deepest = |(at, mount): &(usize, &Mount)| (mount.point.as_os_str().len(), *at);
        let around = mounts.iter().enumerate().filter(|(_, mount)| folder.starts_with(&mount.point));
        let own = around.max_by_key(deepest).map(|(_, mount)| mount);
        let within = mounts.iter().filter(|mount| mount.point != folder && mount.point.starts_with(folder));
        let mut ways = Vec::new();
        for mount in own.into_iter().chain(within) {
            // What of the folder this mount shows, in the file system's own paths and in the machine's.
            let top = if folder.starts_with(&mount.point) { folder } else { &mount.point };
            let Ok(rest) = top.strip_prefix(&mount.point) else { continue };
            let inner = joined(&mount.root, rest);
            for other in mounts.iter().filter(|other| other.device == mount.device) {
                let way = if let Ok(rest) = inner.strip_prefix(&other.root) {
                    (joined(&other.point, rest), top.to_path_buf())
                } else if let Ok(rest) = other.root.strip_prefix(&inner) {
                    (other.point.clone(), joined(top, rest))
                } else {
                    continue;
                };
                if !way.0.starts_with(folder) && !ways.contains(&way) {
                    ways.push(way);
                }
            }
        }
        ways
    }

    fn joined(dir: &Path, rest: &Path) -> PathBuf {
        if rest.as_os_str().is_empty() { dir.to_path_buf() } else { dir.join(rest) }
    }

    /// Whether two paths lead to one folder.
    pub(super) fn same(a: &Path, b: &Path) -> bool {
        let number = |path: &Path| path.metadata().map(|stat| (stat.dev(), stat.ino())).ok();
        number(a).is_some_and(|a| number(b) == Some(a))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn found(table: &str, folder: &str) -> Vec<String> {
            let mounts = mountinfo::parse(table.as_bytes());
            let ways = ways(&mounts, Path::new(folder));
            ways.iter().map(|(way, original)| format!("{} = {}", way.display(), original.display())).collect()
        }

        const STATE: &str = "/home/me/.local/state/usher";

        #[test]
        fn bind_mounts_of_a_folder_of_what_it_lies_in_and_of_what_lies_in_it_are_found() {
            let table = "21 1 8:1 / / rw - ext4 /dev/sda1 rw
30 21 8:1 /home/me /mnt/me rw - ext4 /dev/sda1 rw
31 21 8:1 /home/me/.local/state/usher/vault /mnt/vault rw - ext4 /dev/sda1 rw
32 21 8:1 /home/me/.local/state/usher /mnt/state rw - ext4 /dev/sda1 rw
33 21 8:1 /home/me/.local/state/usher-2 /mnt/like rw - ext4 /dev/sda1 rw
34 21 8:1 /srv /mnt/srv rw - ext4 /dev/sda1 rw
35 21 8:2 / /mnt/other rw - ext4 /dev/sdb1 rw";
            assert_eq!(
                found(table, STATE),
                [
                    format!("/mnt/me/.local/state/usher = {STATE}"),
                    format!("/mnt/vault = {STATE}/vault"),
                    format!("/mnt/state = {STATE}"),
                ]
            );
            assert_eq!(found(table, "/mnt/other/usher"), [""; 0]);
        }

        #[test]
        fn second_mounts_of_a_disk_and_of_its_subvolumes_are_found() {
            let table = "21 1 8:1 / / rw - ext4 /dev/sda1 rw
30 21 0:40 /@home /home rw - btrfs /dev/sdb1 rw
31 21 0:40 / /btrfs rw - btrfs /dev/sdb1 rw";
            assert_eq!(found(table, STATE), ["/btrfs/@home/me/.local/state/usher = ".to_owned() + STATE]);
            let table = format!(
                "{table}\n32 30 8:4 / {STATE}/vault rw - xfs /dev/sdc rw
33 21 8:4 /old /mnt/old rw - xfs /dev/sdc rw"
            );
            assert_eq!(found(&table, STATE)[1..], [format!("/mnt/old = {STATE}/vault/old")]);
        }

        #[test]
        fn this_machine_s_root_directory_is_known_without_waiting() {
            let mut mounts = Mounts::default();
            for _ in 0..2 {
                assert!(mounts.now().iter().any(|mount| mount.point == Path::new("/")));
            }
        }
    }
}

//! What is mounted where, and which of it cannot report changes.
//!
//! inotify knows inodes, not paths: it says nothing when a drive is mounted over a watched directory. The kernel's table
//! of mounts does, and can be waited for.

use std::ffi::OsString;
use std::fs::File;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

const TABLE: &str = "/proc/self/mountinfo";

/// File systems whose changes may come from another machine, or from a server that does not report them.
const REMOTE: &[&str] = &[
    "9p",
    "afs",
    "ceph",
    "cifs",
    "coda",
    "davfs",
    "fuse.davfs2",
    "fuse.gcsfuse",
    "fuse.glusterfs",
    "fuse.gvfsd-fuse",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.sshfs",
    "fuse.vmhgfs-fuse",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
    "vboxsf",
];

/// One mounted file system.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mount {
    id: String,
    point: PathBuf,
    kind: String,
}

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
        let table =
            File::open(TABLE).inspect_err(|error| tracing::warn!(%error, "{TABLE} cannot be read")).ok();
        Self { table, mounts: read() }
    }

    /// A table that never changes.
    #[cfg(test)]
    pub(super) fn fixed(table: &[u8]) -> Self {
        Self { table: None, mounts: table.split(|byte| *byte == b'\n').filter_map(parse).collect() }
    }

    /// Reads the table again. Returns the directories where something was mounted or unmounted.
    pub(super) fn refresh(&mut self) -> Vec<PathBuf> {
        let before = std::mem::replace(&mut self.mounts, read());
        let gone = before.iter().filter(|mount| !self.mounts.contains(mount));
        let come = self.mounts.iter().filter(|mount| !before.contains(mount));
        gone.chain(come).map(|mount| mount.point.clone()).collect()
    }

    /// The kind of file system mounted exactly at `path`, if it cannot report changes. Touches no disk.
    pub(super) fn remote_at(&self, path: &Path) -> Option<&str> {
        // The last one mounted at a place covers the ones before it.
        let mount = self.mounts.iter().rev().find(|mount| mount.point == path)?;
        REMOTE.contains(&mount.kind.as_str()).then_some(mount.kind.as_str())
    }
}

fn read() -> Vec<Mount> {
    // A path in the table need not be UTF-8.
    std::fs::read(TABLE)
        .map_or_else(|_| Vec::new(), |table| table.split(|byte| *byte == b'\n').filter_map(parse).collect())
}

/// Reads one line: `id parent major:minor root point options [tags...] - kind source options`.
fn parse(line: &[u8]) -> Option<Mount> {
    let mut fields = line.split(|byte| *byte == b' ');
    let id = String::from_utf8_lossy(fields.next()?).into_owned();
    let point = PathBuf::from(OsString::from_vec(unescape(fields.nth(3)?)));
    let kind = fields.skip_while(|field| *field != b"-").nth(1)?;
    Some(Mount { id, point, kind: String::from_utf8_lossy(kind).into_owned() })
}

/// Undoes the table's escapes: a backslash and three octal digits.
fn unescape(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [byte, tail @ ..] = rest {
        match rest {
            [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', tail @ ..] => {
                out.push((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0'));
                rest = tail;
            }
            _ => {
                out.push(*byte);
                rest = tail;
            }
        }
    }
    out
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
    fn a_line_with_tags_and_escapes_is_read() {
        let mounts = table(r"36 35 98:0 / /media/My\040Disk\134 rw shared:1 master:2 - cifs //nas/x rw");
        assert_eq!(mounts.mounts[0].point, Path::new("/media/My Disk\\"));
        assert_eq!(mounts.remote_at(Path::new("/media/My Disk\\")), Some("cifs"));
    }

    #[test]
    fn the_topmost_mount_decides() {
        let mounts = table("1 0 0:1 / /m rw - nfs4 host:/ rw\n2 1 0:2 / /m rw - tmpfs none rw");
        assert_eq!(mounts.remote_at(Path::new("/m")), None);
    }

    #[test]
    fn garbage_is_passed_over() {
        assert!(table("\n \nx\n1 2 3 4\n1 2 3 4 /m rw -").mounts.is_empty());
        assert_eq!(unescape(br"\9\04\400\"), br"\9\04\400\");
    }

    #[test]
    fn this_machine_has_a_root_directory() {
        assert!(Mounts::open().mounts.iter().any(|mount| mount.point == Path::new("/")));
    }
}

//! The kernel's table of mounts, which can be read and waited for.

use std::ffi::OsString;
use std::fs::File;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

const TABLE: &str = "/proc/self/mountinfo";

/// File systems whose files lie on another machine, or with a server that does not report changes.
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
    "virtiofs",
];

/// One mounted file system. Not its options: being made writable does not make it another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    /// The kernel's number of this mount.
    pub(crate) id: String,
    /// The number of the mount it lies in.
    pub(crate) parent: String,
    /// The device it lies on, as `major:minor`.
    pub(crate) device: String,
    /// Which directory of the file system is mounted; `/` but for bind mounts and subvolumes.
    pub(crate) root: PathBuf,
    /// Where.
    pub(crate) point: PathBuf,
    /// The kind of file system.
    pub(crate) kind: String,
    /// What the file system says it comes from: a device, a server, or any word.
    pub(crate) source: PathBuf,
}

impl Mount {
    /// Whether its files may change without this machine being told.
    pub(crate) fn is_remote(&self) -> bool {
        REMOTE.contains(&self.kind.as_str())
    }
}

/// Opens the table, to be waited on for an exceptional condition (`POLLPRI`).
pub(crate) fn open() -> std::io::Result<File> {
    File::open(TABLE).inspect_err(|error| tracing::warn!(%error, "{TABLE} cannot be read"))
}

/// What is mounted now. Of several at one place the last one covers the ones before it.
pub(crate) fn read() -> std::io::Result<Vec<Mount>> {
    Ok(parse(&std::fs::read(TABLE)?))
}

/// Reads a table. A path in it need not be UTF-8; a line that makes no sense is passed over.
pub(crate) fn parse(table: &[u8]) -> Vec<Mount> {
    table.split(|byte| *byte == b'\n').filter_map(line).collect()
}

/// Reads one line: `id parent major:minor root point options [tags...] - kind source options`.
fn line(line: &[u8]) -> Option<Mount> {
    let mut fields = line.split(|byte| *byte == b' ');
    let id = text(fields.next()?);
    let parent = text(fields.next()?);
    let device = text(fields.next()?);
    let root = path(fields.next()?);
    let point = path(fields.next()?);
    let mut fields = fields.skip_while(|field| *field != b"-").skip(1);
    let kind = text(fields.next()?);
    let source = fields.next().map(path).unwrap_or_default();
    Some(Mount { id, parent, device, root, point, kind, source })
}

fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field).into_owned()
}

fn path(field: &[u8]) -> PathBuf {
    PathBuf::from(OsString::from_vec(unescape(field)))
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_line_with_tags_and_escapes_is_read() {
        let mounts =
            parse(br"36 35 98:0 /a\011b /media/My\040Disk\134 rw shared:1 master:2 - cifs //nas/x\040y rw");
        assert_eq!(
            mounts,
            [Mount {
                id: "36".to_owned(),
                parent: "35".to_owned(),
                device: "98:0".to_owned(),
                root: PathBuf::from("/a\tb"),
                point: PathBuf::from("/media/My Disk\\"),
                kind: "cifs".to_owned(),
                source: PathBuf::from("//nas/x y"),
            }]
        );
        assert!(mounts[0].is_remote());
    }

    #[test]
    fn garbage_is_passed_over() {
        assert!(parse(b"\n \nx\n1 2 3 4\n1 2 3 4 /m rw -").is_empty());
        assert_eq!(unescape(br"\9\04\400\"), br"\9\04\400\");
    }

    #[test]
    fn this_machine_has_a_root_directory() {
        assert!(read().unwrap().iter().any(|mount| mount.point == Path::new("/")));
    }
}

//! A copy that is either whole or not there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use usher_event::sentence;

use super::Old;
use super::regular;
use super::rename::rename_new;

/// Bytes compared at a time.
const CHUNK: usize = 256 * 1024;

/// Copies a file to a free name through `part`, which lies beside it: written, flushed to the device, read back and
/// compared, renamed. Nobody ever sees half a file under the final name.
pub(super) fn copy_file(from: &Path, to: &Path, part: &Path) -> io::Result<()> {
    refuse_taken(to)?;
    let mut source = regular::open(from)?;
    // One that is there already is not ours to remove.
    let target = private().read(true).open(part)?;
    let result = fill_part(&mut source, from, target, part).and_then(|()| rename_new(part, to));
    if result.is_err() {
        // What is left of a failed copy is worth nothing; the original is untouched.
        let _ = fs::remove_file(part);
    }
    result
}

fn fill_part(source: &mut File, from: &Path, mut target: File, part: &Path) -> io::Result<()> {
    let before = source.metadata()?;
    copy_bytes(source, &mut target, &before)?;
    copy_attributes(source, &target, &before)?;
    target.sync_all()?;
    drop(target);
    if !same_bytes(from, part)? {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            sentence!("copy-differs", "the copy differs from its original"),
        ));
    }
    let after = fs::symlink_metadata(from)?;
    if after.len() != before.len() || after.modified().ok() != before.modified().ok() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            sentence!("copy-changed", "the file changed while it was being copied"),
        ));
    }
    Ok(())
}

/// Copies the bytes of a file. Its holes stay holes: filled up, a disk image of a few bytes may be more than a disk holds.
fn copy_bytes(source: &mut File, target: &mut File, stat: &fs::Metadata) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    if std::os::linux::fs::MetadataExt::st_blocks(stat) < stat.len() / 512
        && copy_data(source, target, stat.len())?
    {
        return Ok(());
    }
    let _ = stat;
    io::copy(source, target).map(drop)
}

/// Copies what lies between the holes of a file; nothing where its file system does not know where they are.
#[cfg(target_os = "linux")]
fn copy_data(source: &mut File, target: &mut File, length: u64) -> io::Result<bool> {
    use rustix::fs::{SeekFrom, seek};
    use rustix::io::Errno;
    let mut at = 0;
    while at < length {
        let data = match seek(&*source, SeekFrom::Data(at)) {
            Ok(data) => data,
            // The rest is a hole.
            Err(Errno::NXIO) => break,
            Err(_) if at == 0 => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        let hole = seek(&*source, SeekFrom::Hole(data))?;
        seek(&*source, SeekFrom::Start(data))?;
        seek(&*target, SeekFrom::Start(data))?;
        io::copy(&mut source.take(hole - data), target)?;
        at = hole;
    }
    target.set_len(length).map(|()| true)
}

/// How a file is begun whose permissions are to be those of another one. Until it has them nobody else can read it: the
/// other one may be private, and then its bytes must not lie open under another name meanwhile.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Times and permissions must come along; extended attributes come along where the target can hold them.
fn copy_attributes(source: &File, target: &File, stat: &fs::Metadata) -> io::Result<()> {
    copy_xattrs(source, target);
    // A FAT or SMB target refuses permissions it has no room for; the bytes are what counts there.
    let _ = target.set_permissions(permissions_for(target, stat)?);
    let mut times = fs::FileTimes::new();
    if let Ok(modified) = stat.modified() {
        times = times.set_modified(modified);
    }
    if let Ok(accessed) = stat.accessed() {
        times = times.set_accessed(accessed);
    }
    target.set_times(times)
}

/// The permissions of an original for a copy of it. To run with the rights of its owner or group is something only they
/// can let others do: where the copy belongs to somebody else, it does not come along.
#[cfg(unix)]
fn permissions_for(copy: &File, original: &fs::Metadata) -> io::Result<fs::Permissions> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let own = copy.metadata()?;
    let lost = |bit, same| if same { 0 } else { bit };
    let as_owner = lost(0o4000, own.uid() == original.uid());
    let as_group = lost(0o2000, own.gid() == original.gid());
    let mode = original.permissions().mode() & !(as_owner | as_group);
    Ok(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn permissions_for(_copy: &File, original: &fs::Metadata) -> io::Result<fs::Permissions> {
    Ok(original.permissions())
}

#[cfg(unix)]
pub(super) fn copy_xattrs(source: &File, target: &File) {
    use rustix::fs::{XattrFlags, fgetxattr, flistxattr, fsetxattr};
    let mut names = vec![0u8; 64 * 1024];
    let Ok(length) = flistxattr(source, &mut names[..]) else { return };
    for name in names[..length].split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let mut value = vec![0u8; 64 * 1024];
        if let Ok(length) = fgetxattr(source, name, &mut value[..]) {
            let _ = fsetxattr(target, name, &value[..length], XattrFlags::empty());
        }
    }
}

#[cfg(not(unix))]
pub(super) fn copy_xattrs(_source: &File, _target: &File) {}

/// Makes a file from `text` and what an old one leaves to it, the same careful way.
pub(super) fn create_file(path: &Path, part: &Path, text: &[u8], old: Old<'_>) -> io::Result<()> {
    refuse_taken(path)?;
    // Journals of before know of the content only.
    let like = old.like.or(old.content);
    let mut file = match like {
        Some(_) => private().open(part)?,
        None => OpenOptions::new().write(true).create_new(true).open(part)?,
    };
    let mut write = || -> io::Result<()> {
        file.write_all(text)?;
        if let Some(content) = old.content {
            io::copy(&mut regular::open(content)?, &mut file)?;
        }
        if let Some(like) = like {
            // A file may be written without being read, and then there is no asking for its attributes.
            if let Ok(readable) = regular::open(like) {
                copy_xattrs(&readable, &file);
            }
            // As with a copy: what the file system has no room for is not worth the bytes.
            let _ = file.set_permissions(permissions_for(&file, &fs::metadata(like)?)?);
        }
        file.sync_all()
    };
    let result = write().and_then(|()| rename_new(part, path));
    if result.is_err() {
        let _ = fs::remove_file(part);
    }
    result
}

/// Answers before any work is done; the rename at the end is what really refuses.
fn refuse_taken(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether both are files and hold the same bytes.
pub(super) fn same_bytes(a: &Path, b: &Path) -> io::Result<bool> {
    let (mut a, mut b) = match (regular::open(a), regular::open(b)) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(error), _) | (_, Err(error)) if error.kind() == io::ErrorKind::InvalidInput => return Ok(false),
        (Err(error), _) | (_, Err(error)) => return Err(error),
    };
    if a.metadata()?.len() != b.metadata()?.len() {
        return Ok(false);
    }
    let (mut left, mut right) = (vec![0; CHUNK], vec![0; CHUNK]);
    loop {
        let length = fill(&mut a, &mut left)?;
        if fill(&mut b, &mut right)? != length || left[..length] != right[..length] {
            return Ok(false);
        }
        if length == 0 {
            return Ok(true);
        }
    }
}

fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..])? {
            0 => break,
            n => filled += n,
        }
    }
    Ok(filled)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::{Seek, SeekFrom};
    use std::os::linux::fs::MetadataExt;

    use super::*;

    #[test]
    fn holes_stay_holes_wherever_they_are() {
        const MIB: u64 = 1024 * 1024;
        let dir = tempfile::tempdir().unwrap();
        for (nr, data) in [vec![], vec![0], vec![7 * MIB], vec![64 * MIB - 3], vec![0, 9 * MIB, 33 * MIB + 5]]
            .into_iter()
            .enumerate()
        {
            let [from, to, part] = ["from", "to", "part"].map(|name| dir.path().join(format!("{name}{nr}")));
            let mut file = File::create(&from).unwrap();
            file.set_len(64 * MIB).unwrap();
            for at in &data {
                file.seek(SeekFrom::Start(*at)).unwrap();
                file.write_all(b"abc").unwrap();
            }
            file.sync_all().unwrap();
            copy_file(&from, &to, &part).unwrap();
            assert!(same_bytes(&from, &to).unwrap() && !part.exists());
            let blocks = |path| fs::metadata(path).unwrap().st_blocks();
            assert!(blocks(&to) <= blocks(&from) + 128, "{data:?}: {} of {}", blocks(&to), blocks(&from));
        }
    }
}

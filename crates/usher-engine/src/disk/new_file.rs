//! A file made piece by piece, as archives and what is in them are.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use jiff::Timestamp;

use super::NewFile;

/// A file on the machine's disk that is being made.
pub(super) struct RealFile(BufWriter<File>);

pub(super) fn begin(path: &Path) -> io::Result<Box<dyn NewFile>> {
    // Readable too: some writers look at what they have written.
    let file = OpenOptions::new().write(true).read(true).create_new(true).open(path)?;
    Ok(Box::new(RealFile(BufWriter::with_capacity(64 * 1024, file))))
}

impl Write for RealFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Seek for RealFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

impl NewFile for RealFile {
    fn finish(self: Box<Self>, modified: Option<Timestamp>, executable: bool, flush: bool) -> io::Result<()> {
        let file = self.0.into_inner().map_err(io::IntoInnerError::into_error)?;
        if executable {
            allow_running(&file)?;
        }
        if let Some(modified) = modified {
            file.set_times(fs::FileTimes::new().set_modified(modified.into()))?;
        }
        if flush { file.sync_all() } else { Ok(()) }
    }
}

/// Lets everybody run it who may read it.
#[cfg(unix)]
fn allow_running(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = file.metadata()?.permissions();
    let mode = permissions.mode();
    permissions.set_mode(mode | (mode & 0o444) >> 2);
    file.set_permissions(permissions)
}

#[cfg(not(unix))]
fn allow_running(_file: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
pub(super) fn executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::symlink_metadata(path).is_ok_and(|stat| stat.is_file() && stat.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
pub(super) fn executable(_path: &Path) -> bool {
    false
}

/// The directory that holds the name, and those above it on the same file system: any of them may have just been made.
#[cfg(unix)]
pub(super) fn flush_name(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let Some(parent) = path.parent() else { return Ok(()) };
    let device = fs::metadata(parent)?.dev();
    File::open(parent)?.sync_all()?;
    for above in parent.ancestors().skip(1) {
        // One that may be passed through and not be read was there before Usher came.
        let Ok(dir) = File::open(above) else { break };
        if dir.metadata()?.dev() != device {
            break;
        }
        dir.sync_all()?;
    }
    Ok(())
}

/// A rename is in NTFS's own journal; there is no handle of a directory that could be flushed without special rights.
#[cfg(not(unix))]
pub(super) fn flush_name(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// One call for the whole file system: an archive may hold thousands of files, and each flush of one takes its time.
#[cfg(target_os = "linux")]
pub(super) fn flush_below(dir: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(dir)?)?)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn flush_below(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let (path, kind) = entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))?;
        if kind.is_dir() {
            flush_below(&path)?;
        } else if kind.is_file() {
            flush_file(&path)?;
        }
    }
    #[cfg(unix)]
    flush_file(dir)?;
    Ok(())
}

#[cfg(all(unix, not(target_os = "linux")))]
fn flush_file(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// One that may not be written to cannot be flushed here; a copy of such a file was when it was made.
#[cfg(windows)]
fn flush_file(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).open(path) {
        Ok(file) => file.sync_all(),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        Err(error) => Err(error),
    }
}

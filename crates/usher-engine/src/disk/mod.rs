//! The disk as an argument: reading it is [`World`], changing it is [`Disk`].
//!
//! Everything that changes a file goes through this trait and nowhere else, so that a test can make any single change
//! fail or "crash", and so that no call in the engine can replace a file by accident: there is no method that could.

#[cfg(target_os = "macos")]
mod added;
mod attribute;
mod copy;
mod mount;
mod new_file;
mod overlay;
mod real;
mod regular;
mod removable;
mod rename;
mod trash;
mod writer;

use std::ffi::OsStr;
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use usher_rule::{Stat, World};

pub use overlay::Overlay;
pub use real::{RealDisk, Ways};
pub use trash::TrashSpot;

/// Changing the disk. No method replaces anything: where something is in the way the answer is
/// [`io::ErrorKind::AlreadyExists`] and nothing has happened.
pub trait Disk: World + Send + Sync {
    /// Gives a file or directory a free name on the same file system, in one step.
    ///
    /// # Errors
    /// [`io::ErrorKind::CrossesDevices`] when the name lies on another file system.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Copies one file to a free name: written to `part` beside it, flushed, compared byte for byte, then renamed.
    /// Times, permissions and extended attributes come along. `part` is gone afterwards, whatever happened.
    fn copy_file(&self, from: &Path, to: &Path, part: &Path) -> io::Result<()>;

    /// Whether a file has other names than this one, as far as the platform tells. Files that have can be known from one
    /// another by their device and number.
    fn has_more_names(&self, path: &Path) -> io::Result<bool>;

    /// Makes a link at a free name that says what the link at `from` says.
    fn copy_link(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Makes a symbolic link at a free name that says `target`; `dir` where that is a folder.
    fn symlink(&self, target: &Path, path: &Path, dir: bool) -> io::Result<()>;

    /// Gives the file at `original` a second, free name.
    ///
    /// # Errors
    /// [`io::ErrorKind::CrossesDevices`] when the name lies on another file system.
    fn hard_link(&self, original: &Path, path: &Path) -> io::Result<()>;

    /// Sets an extended attribute, or removes it. Nothing else about the file changes.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] when it is not `before` any more.
    fn set_attribute(
        &self,
        path: &Path,
        name: &str,
        before: Option<&[u8]>,
        after: Option<&[u8]>,
    ) -> io::Result<()>;

    /// Makes a file at a free name holding `text`, with what it takes over from an old one.
    fn create_file(&self, path: &Path, part: &Path, text: &[u8], old: Old<'_>) -> io::Result<()>;

    /// Begins a file at a free name. It is not whole before [`NewFile::finish`] has been called.
    fn begin_file(&self, path: &Path) -> io::Result<Box<dyn NewFile>>;

    /// Sees to it that the name at `path` survives a power cut, and the directories that lead there.
    fn flush_name(&self, path: &Path) -> io::Result<()>;

    /// Sees to it that all files below a directory survive a power cut.
    fn flush_below(&self, dir: &Path) -> io::Result<()>;

    /// Whether the file's owner may run it; no on platforms that do not keep that.
    fn executable(&self, path: &Path) -> bool;

    /// Puts `text` at the end of a file that is `at` bytes long, and gives it a time of last change where one is wanted.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] when the file has another length.
    fn append(&self, path: &Path, at: u64, text: &[u8], modified: Option<i64>) -> io::Result<()>;

    /// Cuts `text` off the end of a file, so that it is `at` bytes long, and gives it the time of last change it had
    /// before, where that is known. A part of `text` may be missing at its end.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] when the file does not end with a beginning of `text` there.
    fn cut(&self, path: &Path, at: u64, text: &[u8], modified: Option<i64>) -> io::Result<()>;

    /// Makes one directory.
    fn make_dir(&self, path: &Path) -> io::Result<()>;

    /// Gives the directory `to` the times, permissions and extended attributes of `from`.
    fn copy_dir_attributes(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes an empty directory.
    fn remove_dir(&self, path: &Path) -> io::Result<()>;

    /// Removes a file or a link for good.
    fn remove_file(&self, path: &Path) -> io::Result<()>;

    /// Removes a directory with all in it for good. Links are removed, never followed, not even one that takes the place
    /// of a directory meanwhile.
    fn remove_all(&self, dir: &Path) -> io::Result<()>;

    /// Whether what lies at `path` could be taken away from there, as far as the platform tells without trying.
    ///
    /// # Errors
    /// With what speaks against it; a bare [`io::ErrorKind::PermissionDenied`] where its folder may not be written to.
    fn removable(&self, path: &Path) -> io::Result<()>;

    /// Where the file system is mounted that a folder lies on, whatever links lead there; `None` where it is the one that
    /// everything else is below, or where a drive that is gone takes its paths with it.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] when the folder is not there.
    fn mount_point(&self, folder: &Path) -> io::Result<Option<PathBuf>>;

    /// Where in the platform's trash the thing at `path` would go.
    fn trash_spot(&self, path: &Path) -> io::Result<TrashSpot>;

    /// Notes in the trash what is about to arrive at the spot; the spot is then taken.
    fn trash_note(&self, spot: &TrashSpot, from: &Path) -> io::Result<()>;

    /// Removes that note.
    fn trash_forget(&self, spot: &TrashSpot) -> io::Result<()>;

    /// Whether somebody has the file open for writing.
    fn writer(&self, path: &Path) -> Writer;

    /// Shows the names in a directory, up to so many of them. Says whether that were all.
    fn names(&self, dir: &Path, most: usize, see: &mut dyn FnMut(&OsStr)) -> io::Result<bool>;

    /// Whether no directory between `root` and `path` is a symbolic link by now. The root itself may be one.
    fn beneath(&self, root: &Path, path: &Path) -> io::Result<bool>;
}

/// What a new file takes over from one that gave way to it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Old<'a> {
    /// The file whose content follows the new text.
    pub content: Option<&'a Path>,
    /// The file whose permissions and extended attributes come along.
    pub like: Option<&'a Path>,
}

/// A file that is being made.
pub trait NewFile: Write + Seek {
    /// Ends it: gives it a time of last change, and lets its owner run it where it is a program. With `flush` it
    /// survives a power cut from then on.
    fn finish(self: Box<Self>, modified: Option<Timestamp>, executable: bool, flush: bool) -> io::Result<()>;
}

/// Whether somebody is writing to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// Nobody has it open for writing.
    None,
    /// Somebody has.
    Open,
    /// The platform does not tell.
    Unknown,
}

/// The part of a directory tree a caller walks: kind by kind, links never followed.
pub(crate) fn lstat(disk: &(impl World + ?Sized), path: &Path) -> io::Result<Option<Stat>> {
    match disk.stat(path) {
        Ok(stat) => Ok(Some(stat)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

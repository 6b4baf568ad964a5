//! The world as a rule is allowed to see it.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use jiff::{Timestamp, Zoned};
use usher_event::Kind;

use crate::archive::{Format, Packed};
use crate::python::{PythonAnswer, PythonCall};

/// Reading the disk, the clock and the environment.
///
/// The real disk implements this, and so does the overlay a plan is made on; a rule cannot tell which of them it is
/// looking at. No method follows a symbolic link at the last component of a path.
pub trait World {
    /// What is at `path`. A missing path is [`io::ErrorKind::NotFound`].
    fn stat(&self, path: &Path) -> io::Result<Stat>;

    /// The entries of a directory, in no particular order. The one call that follows a link: a location's root may be one.
    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>>;

    /// The content of a file, read as it is asked for.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Content>>;

    /// An extended attribute of a file or directory (`user.xdg.tags`), as the platform has it; `None` where it is not
    /// set. File systems and platforms without such a thing answer [`io::ErrorKind::Unsupported`].
    fn attribute(&self, path: &Path, name: &str) -> io::Result<Option<Vec<u8>>>;

    /// When something was put into the folder it is in, where the system keeps that; `None` where it is not known. Systems
    /// without such a thing answer [`io::ErrorKind::Unsupported`].
    fn added(&self, _path: &Path) -> io::Result<Option<Timestamp>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// What a symbolic link says. Anything else is [`io::ErrorKind::InvalidInput`].
    fn link_target(&self, path: &Path) -> io::Result<PathBuf>;

    /// What will be in an archive that is planned and not made yet, in its order; `None` for everything else. What its
    /// links say is as it is on the disk, and nobody has looked whether they stay within.
    fn planned_archive(&self, _path: &Path) -> Option<(Format, Vec<Packed>)> {
        None
    }

    /// Runs some of the user's Python in a process of its own and waits for it.
    ///
    /// # Errors
    /// When there is no interpreter, or the code takes longer than it may ([`io::ErrorKind::TimedOut`]). What the code
    /// itself does wrong is in the answer.
    fn python(&self, call: &PythonCall) -> io::Result<PythonAnswer>;

    /// The time now, in the user's time zone.
    fn now(&self) -> Zoned;

    /// An environment variable, where it is set and is text.
    fn env(&self, name: &str) -> Option<String>;

    /// The user's home directory, where there is one.
    fn home(&self) -> Option<PathBuf>;

    /// Usher's own folder, in which no rule finds anything: what is taken out of the vault cannot be put back by an undo any
    /// more. By each of its paths where it has several, as with a bind mount of it, or of something it lies in.
    fn own(&self) -> Vec<PathBuf> {
        Vec::new()
    }

    /// The directory relative paths start from.
    fn working_dir(&self) -> PathBuf;

    /// At most `limit` bytes from the start of a file.
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(path)?.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Whether two regular files hold the same bytes.
    ///
    /// Compares sizes, then beginnings of growing length. A world that can read piece by piece should do so instead.
    fn same_content(&self, a: &Path, b: &Path) -> io::Result<bool> {
        let (left, right) = (self.stat(a)?, self.stat(b)?);
        if left.kind != Kind::File || right.kind != Kind::File || left.size != right.size {
            return Ok(false);
        }
        let mut limit = 64 * 1024;
        loop {
            if self.read(a, limit)? != self.read(b, limit)? {
                return Ok(false);
            }
            if limit >= left.size {
                return Ok(true);
            }
            limit = limit.saturating_mul(8);
        }
    }

    /// Whether anything is at `path`, a dangling link included.
    fn exists(&self, path: &Path) -> bool {
        self.stat(path).is_ok()
    }
}

/// So many links are followed one after the other before they are taken for a circle.
const LINKS: u32 = 40;

/// Why links lead nowhere.
#[derive(Debug)]
pub(crate) enum Astray {
    /// They lead to each other.
    Circle,
    /// This one cannot be read.
    Unread(PathBuf, io::Error),
}

/// Where a path leads over symbolic links, at its end and on the way; what it leads to need not be there.
pub(crate) fn through_links(world: &dyn World, path: &Path) -> Result<PathBuf, Astray> {
    let is_link = |path: &Path| world.stat(path).is_ok_and(|stat| stat.kind == Kind::Symlink);
    // `..` in a link means the folder above the real one, so every folder on the way has to be real as well.
    let parts = |path: &Path| path.iter().rev().map(OsStr::to_os_string).collect::<Vec<_>>();
    let (mut left, mut real, mut links) = (parts(path), PathBuf::new(), 0);
    while let Some(part) = left.pop() {
        if part == ".." {
            real.pop();
            continue;
        }
        let next = if part == "." { real.clone() } else { real.join(&part) };
        if !is_link(&next) {
            real = next;
            continue;
        }
        links += 1;
        if links > LINKS {
            return Err(Astray::Circle);
        }
        let target = world.link_target(&next).map_err(|error| Astray::Unread(next, error))?;
        left.extend(parts(&target));
    }
    Ok(real)
}

/// Whether `to` is `from` in other letters on a file system that does not mind their case, so that only one of the two
/// names is there, and that is not `to`.
pub fn respelled(world: &(impl World + ?Sized), from: &Path, to: &Path) -> bool {
    if !only_letters_differ(from, to) {
        return false;
    }
    // Where both names are listed they are two links to one file.
    let listed = to.parent().and_then(|dir| world.list(dir).ok()).unwrap_or_default();
    !listed.iter().any(|entry| Some(&*entry.name) == to.file_name())
}

/// Whether two paths are the same but for the case of letters in the last name.
pub fn only_letters_differ(a: &Path, b: &Path) -> bool {
    let lower = |path: &Path| path.file_name().map(|name| name.to_string_lossy().to_lowercase());
    a != b && a.parent() == b.parent() && a.file_name().is_some() && lower(a) == lower(b)
}

/// The folder that `path` lies in, by its device and number: the same for every path that leads there, through a link
/// or over a second mount. `None` where it is not on the disk, or the system does not number folders.
pub fn real_folder(world: &(impl World + ?Sized), path: &Path) -> Option<(u64, u64)> {
    number(world, path.parent()?)
}

/// The same of a folder itself, or of the one that a link leads to.
pub(crate) fn number(world: &(impl World + ?Sized), folder: &Path) -> Option<(u64, u64)> {
    // With a dot behind it a link leads to the folder it stands for.
    world.stat(&folder.join(".")).ok()?.folder()
}

/// Whether two paths lead to one and the same place: a name in one folder, whatever leads to that folder.
pub fn same_place(world: &(impl World + ?Sized), a: &Path, b: &Path) -> bool {
    a == b
        || a.file_name().is_some()
            && a.file_name() == b.file_name()
            && real_folder(world, a).is_some_and(|folder| real_folder(world, b) == Some(folder))
}

/// The bytes of a file, from any place in it.
pub trait Content: Read + Seek {}

impl<T: Read + Seek> Content for T {}

/// What is known about one path without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// File, directory, link or other.
    pub kind: Kind,
    /// Bytes, for a regular file.
    pub size: u64,
    /// Last change of the content.
    pub modified: Timestamp,
    /// Birth, where the file system keeps it.
    pub created: Option<Timestamp>,
    /// The device it lies on. With `inode`, the file's identity as long as it exists.
    pub device: u64,
    /// The file's number on its device.
    pub inode: u64,
}

impl Stat {
    /// The device of what is not on the disk yet and only planned.
    pub const PLANNED: u64 = u64::MAX;

    /// Which folder it is of, by device and number, where it is of one that is there and has a number.
    pub fn folder(&self) -> Option<(u64, u64)> {
        let numbered = self.kind == Kind::Dir && self.inode != 0 && !self.is_planned();
        numbered.then_some((self.device, self.inode))
    }

    /// Whether it is of something that is only planned. Once it is there it has another identity.
    pub fn is_planned(&self) -> bool {
        self.device == Self::PLANNED
    }
}

/// One entry of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name within its directory, as the platform has it.
    pub name: OsString,
    /// File, directory, link or other.
    pub kind: Kind,
}

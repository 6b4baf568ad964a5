//! Doing deeds.

use std::io;
use std::path::{Path, PathBuf};

use usher_event::Kind;
use usher_rule::archive::Limits;

use crate::deed::{Deed, Names, Trace};
use crate::disk::{Disk, Old, lstat};
use crate::stamp::fingerprint;

/// A deed that was not done, and has left everything as it was.
#[derive(Debug, thiserror::Error)]
#[error("cannot {verb} {}", path.display())]
pub(crate) struct DeedError {
    /// What was tried (`move`, `copy`, `append to`).
    pub(crate) verb: &'static str,
    /// With which file.
    pub(crate) path: PathBuf,
    /// The cause.
    #[source]
    pub(crate) source: io::Error,
}

impl DeedError {
    /// Whether the name was free when the step was planned and is taken now.
    pub(crate) fn taken(&self) -> bool {
        self.source.kind() == io::ErrorKind::AlreadyExists
    }

    /// The error and its cause in one line, with what to do where that is known.
    pub(crate) fn sentence(&self) -> String {
        let cause = match self.source.kind() {
            io::ErrorKind::StorageFull => "the disk is full: free some space, then try again".to_owned(),
            io::ErrorKind::QuotaExceeded => {
                "your disk quota is used up: free some space, then try again".to_owned()
            }
            io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
            io::ErrorKind::PermissionDenied => {
                "permission denied: check who owns the file and its folder".to_owned()
            }
            io::ErrorKind::NotFound => "it is not there any more".to_owned(),
            io::ErrorKind::AlreadyExists => "the name is taken".to_owned(),
            io::ErrorKind::CrossesDevices => "it lies on another file system".to_owned(),
            io::ErrorKind::Unsupported if self.source.get_ref().is_none() => {
                "the file system cannot do that".to_owned()
            }
            _ => self.source.to_string(),
        };
        format!("{self}: {cause}")
    }
}

/// Whether a deed may take its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Only what is done in an instant; anything else answers [`Done::Slow`].
    Quick,
    /// Whatever it takes.
    Any,
}

/// How a deed ended.
#[derive(Debug)]
pub(crate) enum Done {
    /// It is done.
    Yes(Trace),
    /// It would take a while, and nothing has happened yet.
    Slow,
}

/// Bytes up to which a copy is done on the spot.
const QUICK_COPY: u64 = 256 * 1024;

/// What deeds are done with: the disk, the names of the step, and a way to make the journal durable before bytes go.
pub(crate) struct Hands<'a> {
    pub(crate) disk: &'a dyn Disk,
    pub(crate) names: Names,
    /// Called before the only other copy of something is removed. An intent that a power cut could take back is no
    /// intent.
    pub(crate) before_removal: &'a dyn Fn() -> io::Result<()>,
}

impl Hands<'_> {
    /// Does one deed. Commands and messages are not done here: they are not the disk's.
    pub(crate) fn perform(&self, deed: &Deed, pace: Pace) -> Result<Done, DeedError> {
        let fail = |verb, path: &Path| {
            let path = path.to_path_buf();
            move |source| DeedError { verb, path, source }
        };
        let before = match deed {
            Deed::Append { path, .. } => self.disk.stat(path).ok().map(Into::into),
            _ => None,
        };
        let changed = match deed {
            Deed::MakeDir { path } => self.make_dir(path).map_err(fail("make the folder", path))?,
            Deed::RemoveDir { path } => self.disk.remove_dir(path).is_ok(),
            Deed::Move { from, to } => {
                if !self.carry(from, to, pace).map_err(fail("move", from))? {
                    return Ok(Done::Slow);
                }
                true
            }
            Deed::Copy { from, to } => {
                let stat = self.disk.stat(from).map_err(fail("copy", from))?;
                if pace == Pace::Quick && (stat.kind == Kind::Dir || stat.size > QUICK_COPY) {
                    return Ok(Done::Slow);
                }
                self.copy(from, to).map_err(fail("copy", from))?;
                true
            }
            Deed::Trash { path, spot } => {
                let moved = self.trash(path, spot, pace).map_err(fail("move to the trash", path))?;
                if !moved {
                    return Ok(Done::Slow);
                }
                true
            }
            Deed::Untrash { path, spot } => {
                if !self.carry(&spot.stow, path, pace).map_err(fail("take out of the trash", path))? {
                    return Ok(Done::Slow);
                }
                let _ = self.disk.trash_forget(spot);
                true
            }
            Deed::Delete { path } => {
                (self.before_removal)().map_err(fail("delete", path))?;
                self.remove_tree(path).map_err(fail("delete", path))?;
                true
            }
            Deed::Create { path, text, then, like } => {
                let part = self.names.part(path);
                let old =
                    Old { content: then.as_deref().map(Path::new), like: like.as_deref().map(Path::new) };
                self.disk.create_file(path, &part, text, old).map_err(fail("write", path))?;
                true
            }
            Deed::Link { original, path, hard, dir } => {
                let made = match hard {
                    true => self.disk.hard_link(original, path),
                    false => self.disk.symlink(original, path, *dir),
                };
                made.map_err(fail("make the link", path))?;
                true
            }
            Deed::Pack { .. } | Deed::Unpack { .. } if pace == Pace::Quick => return Ok(Done::Slow),
            Deed::Pack { from, to, format } => {
                self.pack(from, to, format).map_err(fail("pack", from))?;
                true
            }
            Deed::Unpack { from, to, format, size, entries, ratio } => {
                let limits = Limits { size: *size, entries: *entries, ratio: *ratio };
                self.unpack(from, to, format, limits).map_err(fail("unpack", from))?;
                true
            }
            Deed::Attribute { path, name, before, after } => {
                let changed = self.disk.set_attribute(path, name, before.as_deref(), after.as_deref());
                changed.map_err(fail("change the tags of", path))?;
                true
            }
            Deed::Append { path, at, text } => {
                self.append(path, *at, text).map_err(fail("append to", path))?;
                true
            }
            Deed::Cut { path, at, text, modified } => {
                self.disk.cut(path, *at, text, *modified).map_err(fail("shorten", path))?;
                true
            }
            Deed::Spawn { .. }
            | Deed::Python { .. }
            | Deed::Open { .. }
            | Deed::Reveal { .. }
            | Deed::Tell { .. } => true,
        };
        let stamp = deed.result().and_then(|path| self.disk.stat(path).ok()).map(Into::into);
        let tree = match deed {
            Deed::Unpack { to, .. } => fingerprint(self.disk, to).ok(),
            _ => None,
        };
        Ok(Done::Yes(Trace { stamp, before, tree, changed }))
    }

    fn make_dir(&self, path: &Path) -> io::Result<bool> {
        match self.disk.make_dir(path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && self.is_dir(path) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A link to a directory will do where a directory is wanted.
    fn is_dir(&self, path: &Path) -> bool {
        self.disk.list(path).is_ok()
    }

    /// Renames, or copies, checks and removes across file systems. `false` when that would take a while.
    fn carry(&self, from: &Path, to: &Path, pace: Pace) -> io::Result<bool> {
        match self.disk.rename(from, to) {
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {}
            other => return other.map(|()| true),
        }
        if pace == Pace::Quick {
            return Ok(false);
        }
        self.copy(from, to)?;
        (self.before_removal)()?;
        self.remove_copied(from, to)?;
        Ok(true)
    }

    fn trash(&self, path: &Path, spot: &crate::disk::TrashSpot, pace: Pace) -> io::Result<bool> {
        self.disk.trash_note(spot, path)?;
        let moved = self.carry(path, &spot.stow, pace);
        if !matches!(moved, Ok(true)) {
            let _ = self.disk.trash_forget(spot);
        }
        moved
    }

    fn append(&self, path: &Path, at: u64, text: &[u8]) -> io::Result<()> {
        let result = self.disk.append(path, at, text);
        // A full disk may have taken the first half; what was there before has to be all that is there now.
        if result.is_err() && self.disk.stat(path).is_ok_and(|stat| stat.size > at) {
            self.disk.cut(path, at, text, None)?;
        }
        result
    }

    /// Copies a file, a link or a whole tree to a free name. The name appears when everything below it is there.
    fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        let part = self.names.part(to);
        match self.disk.stat(from)?.kind {
            Kind::File => self.disk.copy_file(from, to, &part),
            Kind::Symlink => self.disk.copy_link(from, to),
            Kind::Dir => {
                let result = self.copy_tree(from, &part).and_then(|()| self.disk.rename(&part, to));
                if result.is_err() {
                    let _ = self.remove_tree(&part);
                }
                result
            }
            Kind::Other => {
                Err(io::Error::new(io::ErrorKind::Unsupported, "it is neither a file nor a folder"))
            }
        }
    }

    fn copy_tree(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.make_dir(to)?;
        for entry in self.disk.list(from)? {
            let (from, to) = (from.join(&entry.name), to.join(&entry.name));
            match entry.kind {
                Kind::Dir => self.copy_tree(&from, &to)?,
                _ => self.copy(&from, &to)?,
            }
        }
        self.disk.copy_dir_attributes(from, to)
    }

    /// Removes the original of a finished copy, and only what was really copied: a file that changed or came since
    /// stays where it is, and so do the directories above it.
    pub(crate) fn remove_copied(&self, from: &Path, copy: &Path) -> io::Result<()> {
        let changed =
            || io::Error::new(io::ErrorKind::InvalidData, "it changed while it was being moved; both stay");
        let (Some(original), Some(copied)) = (lstat(self.disk, from)?, lstat(self.disk, copy)?) else {
            return Err(changed());
        };
        match original.kind {
            Kind::Dir if copied.kind == Kind::Dir => {
                for entry in self.disk.list(from)? {
                    self.remove_copied(&from.join(&entry.name), &copy.join(&entry.name))?;
                }
                self.disk.remove_dir(from)
            }
            // Times can differ on file systems that keep them coarsely; bytes cannot.
            Kind::File if original.modified == copied.modified && original.size == copied.size => {
                self.disk.remove_file(from)
            }
            Kind::File if self.disk.same_content(from, copy)? => self.disk.remove_file(from),
            Kind::Symlink if copied.kind == Kind::Symlink => self.disk.remove_file(from),
            _ => Err(changed()),
        }
    }

    /// Removes a file, a link or a directory with all in it. Links are removed, never followed.
    pub(crate) fn remove_tree(&self, path: &Path) -> io::Result<()> {
        if self.disk.stat(path)?.kind != Kind::Dir {
            return self.disk.remove_file(path);
        }
        for entry in self.disk.list(path)? {
            self.remove_tree(&path.join(&entry.name))?;
        }
        self.disk.remove_dir(path)
    }
}

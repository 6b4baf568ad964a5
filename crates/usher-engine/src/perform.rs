//! Doing deeds.

mod error;
mod refuser;

use std::io;
use std::path::Path;

use usher_event::{Kind, sentence};
use usher_rule::archive::Limits;
use usher_rule::world::respelled;

use crate::deed::{Deed, Names, Trace};
use crate::disk::{Disk, Old, TrashSpot, Writer, lstat};
use crate::stamp::{Stamp, fingerprint, same_link};
use error::{Cannot, cannot, cause};

pub(crate) use error::DeedError;
use refuser::{folder_refuses, named_below};

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
    /// It is done, but for what the error says, and what is done stands.
    Partly(Trace, DeedError),
    /// It would take a while, and nothing has happened yet.
    Slow,
}

/// How far something was carried to another place.
enum Carried {
    /// All of it.
    Whole,
    /// All of it is there. Some of it is still where it was as well, for this reason.
    Copied(io::Error),
    /// Nothing has happened yet, and it would take a while.
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
        match self.attempt(deed, pace) {
            Err(error) => Err(self.name_refuser(error, deed)),
            Ok(Done::Partly(trace, error)) => Ok(Done::Partly(trace, self.name_refuser(error, deed))),
            done => done,
        }
    }

    fn attempt(&self, deed: &Deed, pace: Pace) -> Result<Done, DeedError> {
        let fail = |cannot: Cannot, path: &Path| {
            let path = path.to_path_buf();
            move |source| DeedError { cannot, path, source }
        };
        let before = match deed {
            Deed::Append { path, .. } | Deed::Cut { path, .. } => self.disk.stat(path).ok().map(Into::into),
            _ => None,
        };
        let mut left_over = None;
        let mut carried = |carried, cannot: Cannot, path: &Path| match carried {
            Carried::Slow => false,
            Carried::Whole => true,
            Carried::Copied(source) => {
                left_over = Some(DeedError { cannot, path: path.to_path_buf(), source });
                true
            }
        };
        let changed = match deed {
            Deed::MakeDir { path } => self.make_dir(path).map_err(fail(
                cannot!("deed-cannot-make-folder", "cannot make the folder {path}: {why}"),
                path,
            ))?,
            Deed::RemoveDir { path } => self.disk.remove_dir(path).is_ok(),
            Deed::Move { from, to } => {
                let moved = self
                    .carry(from, to, pace)
                    .map_err(fail(cannot!("deed-cannot-move", "cannot move {path}: {why}"), from))?;
                if !carried(
                    moved,
                    cannot!(
                        "deed-cannot-remove-copied",
                        "cannot remove what has been copied of {path}: {why}"
                    ),
                    from,
                ) {
                    return Ok(Done::Slow);
                }
                true
            }
            Deed::Copy { from, to } => {
                let stat = self
                    .disk
                    .stat(from)
                    .map_err(fail(cannot!("deed-cannot-copy", "cannot copy {path}: {why}"), from))?;
                if pace == Pace::Quick && (stat.kind == Kind::Dir || stat.size > QUICK_COPY) {
                    return Ok(Done::Slow);
                }
                self.copy(from, to)
                    .and_then(|()| self.keep(to, from))
                    .map_err(fail(cannot!("deed-cannot-copy", "cannot copy {path}: {why}"), from))?;
                true
            }
            Deed::Trash { path, spot } => {
                let moved = self.trash(path, spot, pace).map_err(fail(
                    cannot!("deed-cannot-trash", "cannot move to the trash {path}: {why}"),
                    path,
                ))?;
                if !carried(
                    moved,
                    cannot!(
                        "deed-cannot-remove-trashed",
                        "cannot remove what has been copied to the trash of {path}: {why}"
                    ),
                    path,
                ) {
                    return Ok(Done::Slow);
                }
                true
            }
            Deed::Untrash { path, spot } => {
                let moved = self.carry(&spot.stow, path, pace).map_err(fail(
                    cannot!("deed-cannot-untrash", "cannot take out of the trash {path}: {why}"),
                    path,
                ))?;
                if !carried(
                    moved,
                    cannot!(
                        "deed-cannot-remove-untrashed",
                        "cannot remove what has been taken out of the trash of {path}: {why}"
                    ),
                    path,
                ) {
                    return Ok(Done::Slow);
                }
                self.forget_empty(spot);
                true
            }
            Deed::Delete { path } => {
                let left = self
                    .delete(path)
                    .map_err(fail(cannot!("deed-cannot-delete", "cannot delete {path}: {why}"), path))?;
                left_over = left
                    .map(fail(cannot!("deed-cannot-delete-all", "cannot delete all of {path}: {why}"), path));
                true
            }
            Deed::Create { path, text, then, like } => {
                let part = self.names.part(path);
                let old =
                    Old { content: then.as_deref().map(Path::new), like: like.as_deref().map(Path::new) };
                self.disk
                    .create_file(path, &part, text, old)
                    .map_err(fail(cannot!("deed-cannot-write", "cannot write {path}: {why}"), path))?;
                true
            }
            Deed::Link { original, path, hard, dir } => {
                let made = match hard {
                    true => self.disk.hard_link(original, path),
                    false => self.disk.symlink(original, path, *dir),
                };
                made.map_err(fail(cannot!("deed-cannot-link", "cannot make the link {path}: {why}"), path))?;
                true
            }
            Deed::Pack { .. } | Deed::Unpack { .. } if pace == Pace::Quick => return Ok(Done::Slow),
            Deed::Pack { from, to, format } => {
                self.pack(from, to, format)
                    .and_then(|()| self.keep(to, from))
                    .map_err(fail(cannot!("deed-cannot-pack", "cannot pack {path}: {why}"), from))?;
                true
            }
            Deed::Unpack { from, to, format, size, entries, ratio } => {
                let limits = Limits { size: *size, entries: *entries, ratio: *ratio };
                self.unpack(from, to, format, limits)
                    .and_then(|()| self.keep(to, from))
                    .map_err(fail(cannot!("deed-cannot-unpack", "cannot unpack {path}: {why}"), from))?;
                true
            }
            Deed::Attribute { path, name, before, after } => {
                let changed = self.disk.set_attribute(path, name, before.as_deref(), after.as_deref());
                changed.map_err(fail(
                    cannot!("deed-cannot-tag", "cannot change the tags of {path}: {why}"),
                    path,
                ))?;
                true
            }
            Deed::Append { path, at, text, modified } => {
                self.append(path, *at, text, *modified)
                    .map_err(fail(cannot!("deed-cannot-append", "cannot append to {path}: {why}"), path))?;
                true
            }
            Deed::Cut { path, at, text, modified } => {
                self.disk
                    .cut(path, *at, text, *modified)
                    .map_err(fail(cannot!("deed-cannot-shorten", "cannot shorten {path}: {why}"), path))?;
                true
            }
            Deed::Spawn { .. }
            | Deed::Python { .. }
            | Deed::Open { .. }
            | Deed::Reveal { .. }
            | Deed::Tell { .. } => true,
        };
        let stamp = deed.result().and_then(|path| self.disk.stat(path).ok()).map(Into::into);
        let trace = Trace { stamp, before, tree: deed.tree(self.disk), changed };
        Ok(match left_over {
            None => Done::Yes(trace),
            Some(error) => Done::Partly(trace, error),
        })
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

    /// Renames, or copies, checks and removes across file systems.
    fn carry(&self, from: &Path, to: &Path, pace: Pace) -> io::Result<Carried> {
        match self.disk.rename(from, to) {
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {}
            // There are file systems that take a name in other letters for one that is taken.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && respelled(self.disk, from, to) => {
                return self.respell(from, to).map(|()| Carried::Whole);
            }
            other => return other.map(|()| Carried::Whole),
        }
        if pace == Pace::Quick {
            return Ok(Carried::Slow);
        }
        // Better known before gigabytes are copied, and before half of it is gone.
        self.disk.removable(from)?;
        self.removable_below(from)?;
        self.copy(from, to)?;
        let made = (Stamp::from(self.disk.stat(to)?), self.tree_at(to));
        let mut removed = 0;
        match self.remove_original(from, to, &mut removed) {
            Ok(()) => Ok(Carried::Whole),
            // All of it is still where it was, so the copy is one too many.
            Err(error) if removed == 0 && self.is_as_made(to, made) => Err(self.withdraw(to, error)),
            Err(error) => Ok(Carried::Copied(error)),
        }
    }

    /// Whether everything below a folder could be removed, as far as that can be told without trying.
    fn removable_below(&self, path: &Path) -> io::Result<()> {
        if self.disk.stat(path)?.kind != Kind::Dir {
            return Ok(());
        }
        for entry in self.disk.list(path)? {
            let below = path.join(&entry.name);
            self.disk.removable(&below).map_err(|error| {
                let told = match folder_refuses(&error) {
                    true => sentence!(
                        "cause-permission-below",
                        "{folder} may not be written to, so what is in it cannot be taken away: give yourself the right to, then try again",
                        folder = path,
                    ),
                    false => sentence!("cause-below", "{path}: {why}", path = &below, why = cause(&error)),
                };
                io::Error::new(error.kind(), told)
            })?;
            self.removable_below(&below)?;
        }
        Ok(())
    }

    /// Removes what has been copied, once the copy has its name for good. Counts in `removed` what is gone.
    pub(crate) fn remove_original(&self, from: &Path, copy: &Path, removed: &mut usize) -> io::Result<()> {
        self.disk.flush_name(copy)?;
        (self.before_removal)()?;
        // What changed while the rest of a folder was being copied is found before anything is gone.
        if self.disk.stat(from)?.kind == Kind::Dir {
            self.all_copied(from, copy)?;
        }
        self.remove_copied(from, copy, removed)
    }

    /// The fingerprint of a folder.
    fn tree_at(&self, path: &Path) -> Option<u64> {
        let is_dir = self.disk.stat(path).is_ok_and(|stat| stat.kind == Kind::Dir);
        is_dir.then(|| fingerprint(self.disk, path).ok()).flatten()
    }

    /// Whether nobody has touched a copy since it was made.
    fn is_as_made(&self, copy: &Path, (stamp, tree): (Stamp, Option<u64>)) -> bool {
        self.disk.stat(copy).is_ok_and(|stat| stamp.same_file(&stat)) && self.tree_at(copy) == tree
    }

    /// Removes a copy whose original is all there, for the reason that is answered. Its name is free at once, so that no
    /// half of it is ever taken for the whole.
    fn withdraw(&self, copy: &Path, reason: io::Error) -> io::Error {
        let part = self.names.part(copy);
        let removed = self.disk.rename(copy, &part).and_then(|()| self.remove_tree(&part));
        match removed {
            Ok(()) => reason,
            Err(_) => {
                let left = if self.disk.exists(&part) { &part } else { copy };
                let told = sentence!(
                    "deed-left-of-copy",
                    "{reason}; what is left of its copy is {left}",
                    reason = &reason,
                    left = left,
                );
                io::Error::new(reason.kind(), told)
            }
        }
    }

    /// Sees to it that what was just made of `from` survives a power cut, where that lies on another file system: an end
    /// that `from` may come to there would not wait for it.
    fn keep(&self, made: &Path, from: &Path) -> io::Result<()> {
        let device = self.disk.stat(made)?.device;
        if self.disk.stat(from).is_ok_and(|stat| stat.device == device) {
            return Ok(());
        }
        self.disk.flush_name(made).inspect_err(|_| {
            let _ = self.remove_tree(made);
        })
    }

    /// Gives a file its name in other letters by way of another name.
    fn respell(&self, from: &Path, to: &Path) -> io::Result<()> {
        let part = self.names.part(to);
        self.disk.rename(from, &part)?;
        self.disk.rename(&part, to).inspect_err(|_| {
            let _ = self.disk.rename(&part, from);
        })
    }

    /// What is written after the copy was made would go down with the original.
    fn nobody_writes(&self, path: &Path) -> io::Result<()> {
        if self.disk.writer(path) == Writer::Open {
            let told = sentence!(
                "deed-being-written",
                "a program has begun to write to {path} while it was being moved",
                path = path,
            );
            return Err(io::Error::new(io::ErrorKind::ResourceBusy, told));
        }
        Ok(())
    }

    fn trash(&self, path: &Path, spot: &TrashSpot, pace: Pace) -> io::Result<Carried> {
        self.disk.trash_note(spot, path)?;
        let moved = self.carry(path, &spot.stow, pace);
        if !matches!(moved, Ok(Carried::Whole)) {
            self.forget_empty(spot);
        }
        moved
    }

    /// Removes the note of a spot in the trash, unless something lies there: without it nobody would find that.
    pub(crate) fn forget_empty(&self, spot: &TrashSpot) {
        if !self.disk.exists(&spot.stow) {
            let _ = self.disk.trash_forget(spot);
        }
    }

    /// Removes something for good: under another name first, so that nobody who looks for it ever finds the half of it,
    /// and what comes to its place meanwhile stays. Answers why some of it is left, at its place again.
    fn delete(&self, path: &Path) -> io::Result<Option<io::Error>> {
        (self.before_removal)()?;
        let part = self.names.part(path);
        let dir = self.disk.stat(path)?.kind == Kind::Dir;
        match self.disk.rename(path, &part) {
            // There are layered file systems that cannot rename a directory,
            Err(error) if dir && error.kind() == io::ErrorKind::CrossesDevices => {
                return Ok(self.disk.remove_all(path).err());
            }
            // and others that can rename nothing without replacing. A single file is there or gone anyway.
            Err(error)
                if !dir
                    && matches!(
                        error.kind(),
                        io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied
                    ) =>
            {
                return self.disk.remove_file(path).map(|()| None);
            }
            other => other?,
        }
        match self.finish_delete(path, &part) {
            Ok(()) => Ok(None),
            Err(error) if dir || self.disk.exists(&part) => Ok(Some(error)),
            Err(error) => Err(error),
        }
    }

    /// Removes what is being deleted, under the name it has got for that. What cannot be removed gets its own name back, or
    /// else is named.
    pub(crate) fn finish_delete(&self, path: &Path, part: &Path) -> io::Result<()> {
        self.remove_tree(part).map_err(|error| match self.disk.rename(part, path) {
            Ok(()) => error,
            Err(_) => {
                let told = sentence!(
                    "deed-left-of-it",
                    "{reason}; what is left of it is {left}",
                    reason = &error,
                    left = part,
                );
                io::Error::new(error.kind(), told)
            }
        })
    }

    fn append(&self, path: &Path, at: u64, text: &[u8], modified: Option<i64>) -> io::Result<()> {
        let result = self.disk.append(path, at, text, modified);
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
                self.disk.make_dir(&part)?;
                let whole = self.copy_into(from, &part).and_then(|()| self.disk.flush_below(&part));
                let result = whole.and_then(|()| self.disk.rename(&part, to));
                if result.is_err() {
                    let _ = self.remove_tree(&part);
                }
                result
            }
            Kind::Other => {
                let told = sentence!("deed-neither", "{path} is neither a file nor a folder", path = from);
                Err(io::Error::new(io::ErrorKind::Unsupported, told))
            }
        }
    }

    fn copy_into(&self, from: &Path, to: &Path) -> io::Result<()> {
        for entry in self.disk.list(from).map_err(|error| named_below(from, error))? {
            let (from, to) = (from.join(&entry.name), to.join(&entry.name));
            match entry.kind {
                Kind::Dir => {
                    self.disk.make_dir(&to)?;
                    self.copy_into(&from, &to)?;
                }
                _ => self.copy(&from, &to).map_err(|error| named_below(&from, error))?,
            }
        }
        self.disk.copy_dir_attributes(from, to)
    }

    /// Removes the original of a finished copy, and only what was really copied: a file that changed or came since
    /// stays where it is, and so do the directories above it. Counts in `removed` what is gone.
    fn remove_copied(&self, from: &Path, copy: &Path, removed: &mut usize) -> io::Result<()> {
        match self.copied(from, copy)? {
            Kind::Dir => {
                for entry in self.disk.list(from)? {
                    self.remove_copied(&from.join(&entry.name), &copy.join(&entry.name), removed)?;
                }
                self.disk.remove_dir(from)?;
            }
            _ => self.disk.remove_file(from)?,
        }
        *removed += 1;
        Ok(())
    }

    /// Whether all that lies at and below a path is in its copy as it is now, and nobody is writing to it.
    fn all_copied(&self, from: &Path, copy: &Path) -> io::Result<()> {
        if self.copied(from, copy)? == Kind::Dir {
            for entry in self.disk.list(from)? {
                self.all_copied(&from.join(&entry.name), &copy.join(&entry.name))?;
            }
        }
        Ok(())
    }

    /// The same for one thing, without what lies below it; answers what it is.
    fn copied(&self, from: &Path, copy: &Path) -> io::Result<Kind> {
        let changed = || {
            let told =
                sentence!("deed-changed-moving", "{path} changed while it was being moved", path = from);
            io::Error::new(io::ErrorKind::InvalidData, told)
        };
        let (Some(original), Some(copied)) = (lstat(self.disk, from)?, lstat(self.disk, copy)?) else {
            return Err(changed());
        };
        // Times can differ on file systems that keep them coarsely; bytes cannot.
        let same_bytes = || {
            let unchanged = original.modified == copied.modified && original.size == copied.size;
            Ok::<bool, io::Error>(unchanged || self.disk.same_content(from, copy)?)
        };
        let same = original.kind == copied.kind
            && match original.kind {
                Kind::Dir => true,
                Kind::File => same_bytes()?,
                Kind::Symlink => same_link(self.disk, from, copy),
                Kind::Other => false,
            };
        if !same {
            return Err(changed());
        }
        if original.kind == Kind::File {
            self.nobody_writes(from)?;
        }
        Ok(original.kind)
    }

    /// Removes a file, a link or a directory with all in it. Links are removed, never followed.
    pub(crate) fn remove_tree(&self, path: &Path) -> io::Result<()> {
        match self.disk.stat(path)?.kind {
            Kind::Dir => self.disk.remove_all(path),
            _ => self.disk.remove_file(path),
        }
    }
}

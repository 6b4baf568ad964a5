//! Doing deeds.

mod carrying;
mod copying;
mod error;
mod refuser;
mod removing;

use std::io;
use std::path::Path;

use usher_event::{Kind, sentence};
use usher_rule::archive::Limits;

use crate::deed::{Deed, Names, Trace};
use crate::disk::{Disk, Old, TrashSpot};
use crate::drive;
use carrying::Carried;
use error::{Cannot, cannot};

pub(crate) use error::DeedError;

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
        // Only what takes its time goes from one drive to another, and small copies.
        let crossed = match deed {
            deed if pace == Pace::Any || matches!(deed, Deed::Copy { .. }) => drive::crossed(self.disk, deed),
            _ => Trace::default(),
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
        let trace = Trace { stamp, before, tree: deed.tree(self.disk), changed, ..crossed };
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

    fn append(&self, path: &Path, at: u64, text: &[u8], modified: Option<i64>) -> io::Result<()> {
        let result = self.disk.append(path, at, text, modified);
        // A full disk may have taken the first half; what was there before has to be all that is there now.
        if result.is_err() && self.disk.stat(path).is_ok_and(|stat| stat.size > at) {
            self.disk.cut(path, at, text, None)?;
        }
        result
    }
}

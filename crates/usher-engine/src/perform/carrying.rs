//! Carrying something to another place: renamed where that will do, copied, checked and removed where it will not.

use std::io;
use std::path::Path;

use usher_event::{Kind, sentence};
use usher_rule::world::respelled;

use super::{Hands, Pace};
use crate::disk::{Writer, lstat};
use crate::stamp::{Stamp, fingerprint, same_link};

/// How far something was carried to another place.
pub(super) enum Carried {
    /// All of it.
    Whole,
    /// All of it is there. Some of it is still where it was as well, for this reason.
    Copied(io::Error),
    /// Nothing has happened yet, and it would take a while.
    Slow,
}

impl Hands<'_> {
    /// Renames, or copies, checks and removes across file systems.
    pub(super) fn carry(&self, from: &Path, to: &Path, pace: Pace) -> io::Result<Carried> {
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
        self.removable_whole(from)?;
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

    /// Removes what has been copied, once the copy has its name for good. Counts in `removed` what is gone.
    pub(crate) fn remove_original(&self, from: &Path, copy: &Path, removed: &mut usize) -> io::Result<()> {
        self.disk.flush_name(copy)?;
        (self.before_removal)()?;
        // What changed while the rest of a folder was being copied is found before anything is gone.
        if self.disk.stat(from)?.kind == Kind::Dir {
            self.all_copied(from, copy)?;
            self.removable_whole(from)?;
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
    pub(super) fn keep(&self, made: &Path, from: &Path) -> io::Result<()> {
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
}

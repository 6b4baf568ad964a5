//! Taking away for good: asked for as a whole first, and under another name before anything of it goes.

use std::io;
use std::path::Path;

use usher_event::{Kind, sentence};

use super::Hands;
use super::error::cause;
use super::refuser::folder_refuses;

impl Hands<'_> {
    /// Whether something could be taken away with all that lies below it, as far as that can be told without trying.
    pub(super) fn removable_whole(&self, path: &Path) -> io::Result<()> {
        self.disk.removable(path)?;
        self.removable_below(path)
    }

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

    /// Removes something for good: under another name first, so that nobody who looks for it ever finds the half of it,
    /// and what comes to its place meanwhile stays. Answers why some of it is left, at its place again.
    pub(super) fn delete(&self, path: &Path) -> io::Result<Option<io::Error>> {
        let dir = self.disk.stat(path)?.kind == Kind::Dir;
        // What stands in the way of some of it is better known before the rest is gone.
        if dir {
            self.removable_whole(path)?;
        }
        (self.before_removal)()?;
        let part = self.names.part(path);
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

    /// Removes a file, a link or a directory with all in it. Links are removed, never followed.
    pub(crate) fn remove_tree(&self, path: &Path) -> io::Result<()> {
        match self.disk.stat(path)?.kind {
            Kind::Dir => self.disk.remove_all(path),
            _ => self.disk.remove_file(path),
        }
    }
}

//! Which place has refused a deed, where that is not the one that the deed is said to be about.

use std::io;
use std::path::Path;

use usher_event::sentence;

use super::error::cause;
use super::{DeedError, Hands};
use crate::deed::Deed;

impl Hands<'_> {
    /// Says of an error which place is in the way. One that has words of its own says more already.
    pub(super) fn name_refuser(&self, error: DeedError, deed: &Deed) -> DeedError {
        if error.source.get_ref().is_some() {
            return error;
        }
        match error.source.kind() {
            io::ErrorKind::PermissionDenied => self.name_closed(error, deed),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => self.name_full(error, deed),
            _ => error,
        }
    }

    /// Says which disk is full: what is replaced goes to the vault, which may lie on another one than what replaces it.
    fn name_full(&self, error: DeedError, deed: &Deed) -> DeedError {
        let Some((place, folder)) = grows(deed).and_then(|place| Some((place, place.parent()?))) else {
            return error;
        };
        let kind = error.source.kind();
        let told = match (kind, self.names.keeps(place)) {
            (io::ErrorKind::QuotaExceeded, false) => sentence!(
                "cause-quota-at",
                "your disk quota is used up at {folder}: free some space there, then try again",
                folder = folder,
            ),
            (io::ErrorKind::QuotaExceeded, true) => sentence!(
                "cause-quota-vault",
                "your disk quota is used up at {folder}, where Usher keeps what it replaces: free some space there, then \
                 try again",
                folder = folder,
            ),
            (_, false) => sentence!(
                "cause-disk-full-at",
                "the disk is full at {folder}: free some space there, then try again",
                folder = folder,
            ),
            (_, true) => sentence!(
                "cause-disk-full-vault",
                "the disk is full at {folder}, where Usher keeps what it replaces: free some space there, then try again",
                folder = folder,
            ),
        };
        DeedError { source: io::Error::new(kind, told), ..error }
    }

    /// Where a folder has refused to have a name put into it or taken out of it, says which.
    fn name_closed(&self, error: DeedError, deed: &Deed) -> DeedError {
        let refuses = |path: &&Path| self.disk.removable(path).is_err_and(|error| folder_refuses(&error));
        let names = names_in_folders(deed);
        let Some(folder) = names.into_iter().flatten().find(refuses).and_then(Path::parent) else {
            return error;
        };
        let told = sentence!(
            "cause-permission-folder",
            "{folder} may not be written to: give yourself the right to, or choose another folder",
            folder = folder,
        );
        DeedError { source: io::Error::new(io::ErrorKind::PermissionDenied, told), ..error }
    }
}

/// Says which of many files or folders an error is about, where it is about that one and not about the disk.
pub(super) fn named_below(path: &Path, error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::ReadOnlyFilesystem => {
            error
        }
        _ if error.get_ref().is_some() => error,
        kind => {
            let told = sentence!("cause-below", "{path}: {why}", path = path, why = cause(&error));
            io::Error::new(kind, told)
        }
    }
}

/// The place that a deed puts something at.
fn grows(deed: &Deed) -> Option<&Path> {
    match deed {
        Deed::Attribute { path, .. } => Some(path),
        deed => deed.result(),
    }
}

/// The names that a deed puts into a folder or takes out of one.
fn names_in_folders(deed: &Deed) -> [Option<&Path>; 2] {
    match deed {
        Deed::Move { from, to } => [Some(to), Some(from)],
        Deed::Trash { path, spot } | Deed::Untrash { path, spot } => [Some(path), Some(&spot.stow)],
        Deed::Copy { to, .. } | Deed::Pack { to, .. } | Deed::Unpack { to, .. } => [Some(to), None],
        Deed::MakeDir { path }
        | Deed::RemoveDir { path }
        | Deed::Delete { path }
        | Deed::Create { path, .. }
        | Deed::Link { path, .. } => [Some(path), None],
        Deed::Append { .. }
        | Deed::Cut { .. }
        | Deed::Attribute { .. }
        | Deed::Spawn { .. }
        | Deed::Python { .. }
        | Deed::Open { .. }
        | Deed::Reveal { .. }
        | Deed::Tell { .. } => [None, None],
    }
}

/// Whether it is the folder that something lies in which keeps it from being taken away
/// ([`Disk::removable`]).
pub(super) fn folder_refuses(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied && error.get_ref().is_none()
}

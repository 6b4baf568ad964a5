//! Deeds that could not be done, in words: what was tried with which file, why it failed, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use usher_event::{Sentence, sentence};

use crate::told::no_drive;

/// A [`Cannot`], from the sentence's id and its English.
macro_rules! cannot {
    ($id:literal, $english:literal) => {
        |path, why| sentence!($id, $english, path = path, why = why)
    };
}

/// A deed that was not done, and has left everything as it was.
#[derive(Debug)]
pub(crate) struct DeedError {
    /// Says what was tried.
    pub(super) cannot: Cannot,
    /// With which file.
    pub(crate) path: PathBuf,
    /// The cause.
    pub(crate) source: io::Error,
}

impl DeedError {
    /// What was at `path` cannot be put back there, because no drive is mounted at `place`.
    pub(crate) fn no_drive(path: &Path, place: &Path) -> Self {
        Self {
            cannot: cannot!("deed-cannot-put-back", "cannot put back {path}: {why}"),
            path: path.to_path_buf(),
            source: io::Error::other(no_drive(place)),
        }
    }

    /// Whether the name was free when the step was planned and is taken now.
    pub(crate) fn taken(&self) -> bool {
        self.source.kind() == io::ErrorKind::AlreadyExists
    }

    /// The error and its cause in one line, with what to do where that is known.
    pub(crate) fn sentence(&self) -> Sentence {
        (self.cannot)(&self.path, cause(&self.source))
    }
}

/// Says what could not be done with which file, and why.
pub(super) type Cannot = fn(&Path, Sentence) -> Sentence;

pub(super) use cannot;

/// What kept it from being done, with what to do about it where that is known.
pub(super) fn cause(error: &io::Error) -> Sentence {
    match error.kind() {
        // Whoever knew more has said so.
        _ if error.get_ref().is_some_and(|inside| inside.is::<Sentence>()) => error.into(),
        io::ErrorKind::StorageFull => {
            sentence!("cause-disk-full", "the disk is full: free some space, then try again")
        }
        io::ErrorKind::QuotaExceeded => {
            sentence!("cause-quota", "your disk quota is used up: free some space, then try again")
        }
        io::ErrorKind::ReadOnlyFilesystem => sentence!(
            "cause-read-only",
            "the disk is read-only: make it writable, or choose a place on another disk"
        ),
        io::ErrorKind::PermissionDenied if error.get_ref().is_none() => {
            sentence!("cause-permission", "permission denied: check who owns the file and its folder")
        }
        io::ErrorKind::NotFound => sentence!(
            "cause-not-there",
            "it is not there any more: see whether it was moved, or its drive pulled out"
        ),
        io::ErrorKind::AlreadyExists => {
            sentence!("cause-taken", "the name is taken: rename one of the two, then try again")
        }
        io::ErrorKind::CrossesDevices => {
            sentence!("cause-other-disk", "it lies on another file system: choose a place on the same one")
        }
        io::ErrorKind::Unsupported if error.get_ref().is_none() => {
            sentence!("cause-unsupported", "the file system cannot do that: choose a place on another one")
        }
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_error_that_is_known_says_what_to_do() {
        for (kind, wanted) in [
            (io::ErrorKind::StorageFull, "the disk is full: free some space"),
            (io::ErrorKind::QuotaExceeded, "your disk quota is used up: free some space"),
            (io::ErrorKind::ReadOnlyFilesystem, "the disk is read-only: make it writable"),
            (io::ErrorKind::PermissionDenied, "permission denied: check who owns"),
            (io::ErrorKind::NotFound, "it is not there any more: see whether"),
            (io::ErrorKind::AlreadyExists, "the name is taken: rename one of the two"),
            (io::ErrorKind::CrossesDevices, "it lies on another file system: choose a place"),
            (io::ErrorKind::Unsupported, "the file system cannot do that: choose a place"),
        ] {
            let error = DeedError {
                cannot: cannot!("test-move", "cannot move {path}: {why}"),
                path: "/a/b".into(),
                source: kind.into(),
            };
            let sentence = error.sentence();
            assert!(sentence.starts_with(&format!("cannot move /a/b: {wanted}")), "{sentence}");
        }
        let source = io::Error::new(io::ErrorKind::Unsupported, "no names like that in a zip");
        let error = DeedError {
            cannot: cannot!("test-pack", "cannot pack {path}: {why}"),
            path: "/a/b".into(),
            source,
        };
        assert_eq!(
            error.sentence(),
            "cannot pack /a/b: no names like that in a zip",
            "its own words say more"
        );
    }
}

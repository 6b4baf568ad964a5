//! What is said of a file in more than one place.

use std::io;
use std::path::Path;

use usher_event::{Sentence, sentence};

/// It is another one by now.
pub(crate) fn changed_since(path: &Path) -> Sentence {
    sentence!("file-changed-since", "{path} has changed since it was looked at", path = path)
}

/// It was there.
pub(crate) fn gone(path: &Path) -> Sentence {
    sentence!("file-gone", "{path} is not there any more", path = path)
}

/// An earlier step on it has not ended.
pub(crate) fn still_going_on() -> Sentence {
    sentence!("waits-step", "a step on it is still going on")
}

/// Nobody can tell whether it is there.
pub(crate) fn cannot_look(path: &Path, error: &io::Error) -> Sentence {
    sentence!("file-cannot-look", "cannot look at {path}: {error}", path = path, error = error)
}

/// What is to go back to a drive cannot, because that is not mounted.
pub(crate) fn no_drive(place: &Path) -> Sentence {
    sentence!(
        "drive-gone",
        "the drive that was mounted at {place} is not there: plug it in, then try again",
        place = place,
    )
}

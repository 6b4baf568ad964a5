//! The trash of each platform, as places that are known before anything is put there.
//!
//! Written here and not taken from a library because undo needs to know, before the deed, the exact place a file will
//! have in the trash; libraries throw away and forget. Whatever the platform, a file gets there by the same rename that
//! refuses to replace, and by a copy where the trash lies on another file system.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

#[cfg(all(unix, not(target_os = "macos")))]
mod freedesktop;
#[cfg(target_os = "macos")]
mod macos;
// Also built for tests elsewhere: it is arithmetic.
#[cfg(any(windows, test))]
mod record;
#[cfg(windows)]
mod windows;

#[cfg(all(unix, not(target_os = "macos")))]
use freedesktop as platform;
#[cfg(target_os = "macos")]
use macos as platform;
#[cfg(windows)]
use windows as platform;

/// A place in the trash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashSpot {
    /// Where the thrown-away thing lies. Empty where the platform keeps that to itself.
    #[serde(with = "crate::path_text")]
    pub stow: PathBuf,
    /// The note beside it: where it came from and when. Empty where the platform keeps none.
    #[serde(with = "crate::path_text")]
    pub note: PathBuf,
}

/// Where a user's own trash may lie. macOS has it in the home folder, freedesktop.org with the user's data, and Windows
/// on the drive itself.
#[derive(Clone, Copy)]
#[allow(dead_code, reason = "each platform looks at its own")]
pub(super) struct Homes<'a> {
    /// The home folder.
    pub(super) home: Option<&'a Path>,
    /// The folder of user data.
    pub(super) data: &'a Path,
}

/// Picks a free spot for `path` that is not among the `promised` ones (by their [`TrashSpot::stow`]).
pub(super) fn spot(path: &Path, homes: Homes<'_>, promised: &HashSet<PathBuf>) -> io::Result<TrashSpot> {
    platform::spot(path, homes, promised)
}

/// Writes the note, where the platform keeps one; fails where one of that name exists.
pub(super) fn write_note(spot: &TrashSpot, from: &Path, at: &jiff::Zoned) -> io::Result<()> {
    platform::write_note(spot, from, at)
}

/// Removes the note.
pub(super) fn forget(spot: &TrashSpot) -> io::Result<()> {
    if spot.note.as_os_str().is_empty() {
        return Ok(());
    }
    std::fs::remove_file(&spot.note)
}

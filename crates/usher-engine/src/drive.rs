//! The drive that something was taken from: noted when it is taken to another one, and looked for before anything is put
//! back there.
//!
//! The same for the drive that something is brought to, while it waits for its turn.
//!
//! Where a drive is not mounted, its mount point is a folder like any other. What is put into it then lies below the drive
//! once that is back, where nobody finds it. Something that has stayed on one file system needs no such note: it is not
//! there either when its drive is gone.

use std::path::{Path, PathBuf};

use crate::deed::{Deed, Trace};
use crate::disk::Disk;

/// Where the file system is mounted that a deed takes something from, where it takes it to another one.
pub(crate) fn left_by(disk: &dyn Disk, deed: &Deed) -> Option<PathBuf> {
    let (from, to) = deed.source().zip(deed.result())?;
    let point = disk.mount_point(from.parent()?).ok()??;
    // Folders on the way there may not have been made yet.
    let there = to.ancestors().skip(1).find_map(|dir| disk.mount_point(dir).ok())?;
    (there.as_ref() != Some(&point)).then_some(point)
}

/// Where the file system is mounted that a deed brings something to.
pub(crate) fn reached_by(disk: &dyn Disk, deed: &Deed) -> Option<PathBuf> {
    disk.mount_point(deed.result()?.parent()?).ok()?
}

/// Whether something is mounted at a place now.
pub(crate) fn is_mounted(disk: &dyn Disk, point: &Path) -> bool {
    disk.mount_point(point).is_ok_and(|there| there.as_deref() == Some(point))
}

/// The place of the drive that was left by a deed with this trace, where no drive is mounted now.
pub(crate) fn missing<'t>(disk: &dyn Disk, trace: &'t Trace) -> Option<&'t Path> {
    trace.drive.as_deref().filter(|point| !is_mounted(disk, point))
}

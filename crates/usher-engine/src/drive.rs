//! The drives that something was taken from and brought to: noted when it goes from one to another, and looked for before
//! anything is put back. The same for the drive that something is brought to, while it waits for its turn.
//!
//! Where a drive is not mounted, its mount point is a folder like any other. What is put into it then lies below the drive
//! once that is back, where nobody finds it. Something that has stayed on one file system needs no such note: it is not
//! there either when its drive is gone.

use std::path::{Path, PathBuf};

use crate::deed::{Deed, Trace};
use crate::disk::Disk;

/// A trace with nothing in it but the drives that a deed takes something from and brings it to, where those are two.
pub(crate) fn crossed(disk: &dyn Disk, deed: &Deed) -> Trace {
    let original = match deed {
        Deed::Copy { from, .. } => Some(from.as_path()),
        deed => deed.source(),
    };
    let at = |path: &Path| path.parent().and_then(|dir| disk.mount_point(dir).ok());
    // Folders on the way there may not have been made yet.
    let near = |path: &Path| path.ancestors().skip(1).find_map(|dir| disk.mount_point(dir).ok());
    match (original.and_then(at), deed.result().and_then(near)) {
        (Some(from), Some(onto)) if from != onto => {
            Trace { drive: from.filter(|_| deed.source().is_some()), onto, ..Trace::default() }
        }
        _ => Trace::default(),
    }
}

/// Where the file system is mounted that a deed brings something to.
pub(crate) fn reached_by(disk: &dyn Disk, deed: &Deed) -> Option<PathBuf> {
    disk.mount_point(deed.result()?.parent()?).ok()?
}

/// The place of a drive where none is mounted now.
pub(crate) fn missing<'p>(disk: &dyn Disk, place: Option<&'p PathBuf>) -> Option<&'p Path> {
    let mounted = |point: &Path| disk.mount_point(point).is_ok_and(|there| there.as_deref() == Some(point));
    place.map(PathBuf::as_path).filter(|point| !mounted(point))
}

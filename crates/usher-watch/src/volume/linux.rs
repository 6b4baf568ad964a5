//! Volumes on Linux: what of the table of mounts is a drive.
//!
//! A mount is a volume when it holds files that people put there and lies where people look:
//!
//! - It is on a block device, is a network file system, a FUSE drive, a ZFS pool or a `tmpfs`. Everything the kernel or
//!   the system mounts for itself (`proc`, `cgroup2`, `overlay`, snaps and other `squashfs` images, AppImages, the
//!   desktop's own FUSE folders) is not.
//! - It is not mounted in the system's places, such as `/boot`, `/run`, `/var` or `/tmp` itself; below `/run/media`,
//!   `/media`, `/mnt`, homes and any other folder it is.
//! - It is the first mount of its device: a bind mount or a second subvolume is the same drive again.
//! - Nothing else is mounted over it.
//!
//! Not seen: shares that a file manager opens inside its own FUSE folder (`/run/user/1000/gvfs`). They are no mounts.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use rustix::event::PollFlags;
use usher_event::{Noun, Sentence, Volume, sentence};

use super::reading;
use crate::again::keep_watching;
use crate::bell::Bell;
use crate::mountinfo::{self, Mount};
use crate::source::Source;
use crate::tell::Teller;
use crate::worker::Worker;
use devices::Devices;

mod devices;

/// FUSE file systems by which a desktop or a container shows something that is no drive.
const INNER_FUSE: &[&str] =
    &["fuse.gvfsd-fuse", "fuse.lxcfs", "fuse.portal", "fuse.snapfuse", "fuse.squashfuse"];

/// Folders below which only the system mounts something.
const SYSTEM: &[&str] =
    &["/boot", "/dev", "/efi", "/etc", "/nix", "/proc", "/run", "/snap", "/sys", "/sysroot", "/usr", "/var"];

/// Folders in the system's places below which people mount nevertheless.
const PEOPLE: &[&str] = &["/run/media", "/var/home", "/var/media", "/var/mnt"];

/// What every AppImage mounts itself at has a name that begins so.
const APPIMAGE: &str = ".mount_";

/// Starts the source.
pub(crate) fn start(teller: Teller) -> io::Result<Box<dyn Source>> {
    let bell = Bell::new()?;
    let ring = bell.clone();
    let work = move || {
        let devices = Devices::of_this_machine();
        let watch = || watch(&teller, mountinfo::open(), &bell, &devices);
        keep_watching(&teller, watch, |pause| !bell.rings_within(pause));
    };
    Ok(Box::new(Worker::start(Noun::Volume, move || ring.ring(), work)?))
}

/// Reports what is mounted, and again after each change of the table, until the bell rings.
fn watch(teller: &Teller, table: io::Result<File>, bell: &Bell, devices: &Devices) -> Result<(), Sentence> {
    let unread = |error: io::Error| {
        sentence!(
            "volume-no-table",
            "The kernel's table of mounts in `/proc` cannot be read ({why}).",
            why = error
        )
    };
    let table = table.map_err(unread)?;
    loop {
        teller.watching(reading(volumes(&mountinfo::read().map_err(unread)?, devices)));
        match bell.or(table.as_fd(), PollFlags::PRI) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => {
                return Err(sentence!(
                    "volume-no-waiting",
                    "Waiting for drives failed ({why}); Usher tries again.",
                    why = error
                ));
            }
        }
    }
}

/// The drives among the mounts.
fn volumes(mounts: &[Mount], devices: &Devices) -> Vec<Volume> {
    let mut known = HashSet::new();
    mounts
        .iter()
        .filter(|mount| is_drive(mount) && !is_covered(mount, mounts) && known.insert(drive(mount)))
        .map(|mount| volume(mount, devices))
        .collect()
}

/// Whether something else is mounted over it, or over a folder on the way to it.
///
/// The order of the table does not tell: a root that the boot loader's system handed over comes after what lies in it.
fn is_covered(mount: &Mount, mounts: &[Mount]) -> bool {
    let mut way = vec![&mount.id];
    let mut parent = &mount.parent;
    while !way.contains(&parent) {
        way.push(parent);
        parent = mounts.iter().find(|above| above.id == *parent).map_or(parent, |above| &above.parent);
    }
    mounts.iter().any(|other| {
        mount.point.starts_with(&other.point) && way.contains(&&other.parent) && !way.contains(&&other.id)
    })
}

fn is_drive(mount: &Mount) -> bool {
    holds_files(mount) && is_whole(mount) && !is_systems_place(&mount.point)
}

/// Whether people may have put files on it, by the kind of file system.
fn holds_files(mount: &Mount) -> bool {
    match mount.kind.as_str() {
        "squashfs" | "erofs" | "devtmpfs" | "overlay" => false,
        kind if INNER_FUSE.contains(&kind) => false,
        "tmpfs" | "ramfs" | "virtiofs" => true,
        // One dataset of a pool is to the next what a folder is.
        "zfs" => mount.source.components().count() == 1,
        "fuse" | "fuseblk" => true,
        kind => kind.starts_with("fuse.") || mount.is_remote() || mount.source.starts_with("/dev"),
    }
}

/// Whether it is not a mere folder of a file system. A subvolume may well be all there is of it.
fn is_whole(mount: &Mount) -> bool {
    mount.root == Path::new("/") || matches!(mount.kind.as_str(), "btrfs" | "bcachefs")
}

/// Whether it is mounted where people do not look.
fn is_systems_place(point: &Path) -> bool {
    let below = |folders: &[&str]| folders.iter().any(|folder| point.starts_with(folder));
    let is_appimage = point.file_name().is_some_and(|name| name.to_string_lossy().starts_with(APPIMAGE));
    point == Path::new("/tmp") || is_appimage || (below(SYSTEM) && !below(PEOPLE))
}

/// What two mounts of the same drive have in common.
fn drive(mount: &Mount) -> PathBuf {
    // The device of a subvolume is made up for it; where it comes from is not.
    if mount.kind == "btrfs" { mount.source.clone() } else { PathBuf::from(&mount.device) }
}

fn volume(mount: &Mount, devices: &Devices) -> Volume {
    let device = devices.find(mount);
    let shown = || mount.point.file_name().map(|name| name.to_string_lossy().into_owned());
    Volume {
        label: device.as_ref().and_then(|device| device.label.clone()).or_else(shown),
        uuid: device.as_ref().and_then(|device| device.uuid.clone()),
        path: mount.point.clone(),
        fstype: mount.kind.clone(),
        removable: device.is_some_and(|device| device.removable),
        network: mount.is_remote(),
    }
}

#[cfg(test)]
mod tests;

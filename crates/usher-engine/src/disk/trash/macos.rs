//! The trash of macOS: `~/.Trash`, and `.Trashes` with a folder for each user on every other volume.
//!
//! Finder keeps what "Put Back" needs in a file of its own that only it may write, so there is no note: what Usher threw
//! away is put back by Usher's undo, or dragged out by hand.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use super::{Homes, TrashSpot};

/// Picks a free name for `path` in the trash of its volume, or in the home trash where that one cannot be used.
pub(super) fn spot(path: &Path, homes: Homes<'_>, promised: &HashSet<PathBuf>) -> io::Result<TrashSpot> {
    let home =
        homes.home.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "there is no home folder"))?;
    let home_trash = home.join(".Trash");
    make_private(&home_trash)?;
    let trash = own_trash(path, home).filter(|trash| make_private(trash).is_ok()).unwrap_or(home_trash);
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    for counter in 1u32.. {
        let stow = trash.join(numbered(name, counter));
        if !promised.contains(&stow) && is_free(&stow)? {
            return Ok(TrashSpot { stow, note: PathBuf::new() });
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// There is no note.
pub(super) fn write_note(_: &TrashSpot, _: &Path, _: &jiff::Zoned) -> io::Result<()> {
    Ok(())
}

/// The user's trash on the volume of `path`, where that is not the home folder's.
fn own_trash(path: &Path, home: &Path) -> Option<PathBuf> {
    let device = fs::symlink_metadata(path).ok()?.dev();
    if device == fs::metadata(home).ok()?.dev() {
        return None;
    }
    let same = |dir: &&Path| fs::metadata(dir).is_ok_and(|stat| stat.dev() == device);
    let top = path.parent()?.ancestors().take_while(same).last()?;
    // The system makes this one, for all users, when it mounts a volume that can have a trash.
    let trashes = fs::symlink_metadata(top.join(".Trashes")).ok()?;
    let user = rustix::process::getuid().as_raw().to_string();
    trashes.is_dir().then(|| top.join(".Trashes").join(user))
}

fn make_private(trash: &Path) -> io::Result<()> {
    match fs::DirBuilder::new().mode(0o700).create(trash) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

/// Whether nothing is there. Not being allowed to look is an error, and not taken for a yes.
fn is_free(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// `a.txt`, `a 2.txt`, `a 3.txt`.
fn numbered(name: &OsStr, counter: u32) -> OsString {
    if counter == 1 {
        return name.to_owned();
    }
    let path = Path::new(name);
    let mut numbered = path.file_stem().unwrap_or(name).to_owned();
    numbered.push(format!(" {counter}"));
    if let Some(extension) = path.extension() {
        numbered.push(".");
        numbered.push(extension);
    }
    numbered
}

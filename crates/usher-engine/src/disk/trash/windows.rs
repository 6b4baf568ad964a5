//! The recycle bin of Windows: on each drive a folder for each user, in it the thing itself as `$R` and a note as `$I`,
//! with the same letters after that.
//!
//! Explorer shows what is put there so, and can restore it. The shell's own call is not used, since it does not say
//! before the deed under which letters it will put a thing.

use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::os::windows::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf, Prefix};

use super::{Homes, TrashSpot, record};

mod user;

/// Picks free letters for `path` in the bin of its drive.
pub(super) fn spot(path: &Path, _: Homes<'_>, promised: &HashSet<PathBuf>) -> io::Result<TrashSpot> {
    let bin = bin(path)?;
    let ending = path.extension().map(|extension| extension.to_string_lossy().into_owned());
    let dice = RandomState::new();
    for counter in 0u32.. {
        let mut name = record::letters(dice.hash_one(counter));
        if let Some(ending) = &ending {
            name = format!("{name}.{ending}");
        }
        let spot = TrashSpot { stow: bin.join(format!("$R{name}")), note: bin.join(format!("$I{name}")) };
        let free = |path: &Path| fs::symlink_metadata(path).is_err();
        if !promised.contains(&spot.stow) && free(&spot.note) && free(&spot.stow) {
            return Ok(spot);
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// This user's bin on the drive of `path`.
fn bin(path: &Path) -> io::Result<PathBuf> {
    let letter = match path.components().next() {
        Some(Component::Prefix(prefix)) => match prefix.kind() {
            Prefix::Disk(letter) | Prefix::VerbatimDisk(letter) => Some(char::from(letter)),
            _ => None,
        },
        _ => None,
    };
    let none = |why: &str| io::Error::new(io::ErrorKind::NotFound, why.to_owned());
    let letter =
        letter.ok_or_else(|| none("a network share has no recycle bin; `move` it to a folder instead"))?;
    let bin = PathBuf::from(format!(r"{letter}:\$Recycle.Bin")).join(user::identifier()?);
    // Windows makes it, with rights that are its own affair.
    if !bin.is_dir() {
        return Err(none(
            "this drive has no recycle bin of yours; delete any file of it in Explorer to get one",
        ));
    }
    Ok(bin)
}

/// Writes the note; fails where one of that name exists.
pub(super) fn write_note(spot: &TrashSpot, from: &Path, at: &jiff::Zoned) -> io::Result<()> {
    let stat = fs::symlink_metadata(from)?;
    let size = if stat.is_file() { stat.len() } else { 0 };
    let from: Vec<u16> = from.as_os_str().encode_wide().collect();
    let mut file = OpenOptions::new().write(true).create_new(true).open(&spot.note)?;
    file.write_all(&record::note(size, at.timestamp(), &from))
}

//! The trash by the freedesktop.org specification, version 1.0: the file in `files`, a note of its origin in `info`.

use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Homes, TrashSpot};

/// What the trash in the top directory of a drive is called, but for the user's number.
const OF_DRIVE: &str = ".Trash-";

/// Picks a free spot for `path` in the trash of its file system, or in the home trash where that one cannot be used.
pub(super) fn spot(path: &Path, homes: Homes<'_>, promised: &HashSet<PathBuf>) -> io::Result<TrashSpot> {
    let home_trash = homes.data.join("Trash");
    make_private(&home_trash)?;
    let trash = match own_trash(path, &home_trash) {
        Some(trash) if make_private(&trash).is_ok() => trash,
        _ => home_trash,
    };
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    for counter in 1u32.. {
        let name = numbered(name, counter);
        let mut note = name.clone();
        note.push(".trashinfo");
        let spot = TrashSpot { stow: trash.join("files").join(&name), note: trash.join("info").join(note) };
        let free = |path: &Path| fs::symlink_metadata(path).is_err();
        if !promised.contains(&spot.stow) && free(&spot.note) && free(&spot.stow) {
            return Ok(spot);
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// `$topdir/.Trash-$uid` where the file lies on another file system than the home trash.
fn own_trash(path: &Path, home_trash: &Path) -> Option<PathBuf> {
    use std::os::unix::fs::MetadataExt;
    let device = fs::symlink_metadata(path).ok()?.dev();
    if device == fs::metadata(home_trash).ok()?.dev() {
        return None;
    }
    let same = |dir: &&Path| fs::metadata(dir).is_ok_and(|stat| stat.dev() == device);
    let top = path.parent()?.ancestors().take_while(same).last()?;
    Some(top.join(format!("{OF_DRIVE}{}", rustix::process::getuid().as_raw())))
}

fn make_private(trash: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    for dir in ["files", "info"] {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(trash.join(dir))?;
    }
    Ok(())
}

/// `a.txt`, `a.txt.2`, `a.txt.3`: short enough with its note's ending to be a name on any file system.
fn numbered(name: &std::ffi::OsStr, counter: u32) -> std::ffi::OsString {
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    const LONGEST: usize = 255 - ".trashinfo".len() - ".4294967295".len();
    let bytes = name.as_bytes();
    let mut short = bytes[..bytes.len().min(LONGEST)].to_vec();
    if counter > 1 {
        short.extend_from_slice(format!(".{counter}").as_bytes());
    }
    std::ffi::OsString::from_vec(short)
}

/// Writes the note; fails where one of that name exists.
pub(super) fn write_note(spot: &TrashSpot, from: &Path, at: &jiff::Zoned) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(&spot.note)?;
    let at = at.strftime("%Y-%m-%dT%H:%M:%S");
    let path = percent(below_top(spot, from).unwrap_or(from));
    writeln!(file, "[Trash Info]\nPath={path}\nDeletionDate={at}")
}

/// The path from the top directory of a drive on, where the spot is in the trash of that drive: the drive may be mounted
/// elsewhere the next time. `None` in the home trash.
fn below_top<'a>(spot: &TrashSpot, from: &'a Path) -> Option<&'a Path> {
    let trash = spot.note.parent()?.parent()?;
    let of_drive = trash.file_name()?.as_encoded_bytes().starts_with(OF_DRIVE.as_bytes());
    from.strip_prefix(trash.parent()?).ok().filter(|_| of_drive)
}

/// Percent-encodes a path as the specification asks: everything but unreserved characters and `/`.
fn percent(path: &Path) -> String {
    use std::fmt::Write;
    use std::os::unix::ffi::OsStrExt;
    let mut text = String::new();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                text.push(char::from(*byte))
            }
            other => {
                let _ = write!(text, "%{other:02X}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trash_of_a_drive_tells_where_from_its_top_and_that_of_the_user_the_whole_path() {
        let dir = tempfile::tempdir().unwrap();
        let at: jiff::Zoned = "2026-03-10T15:30:00[UTC]".parse().unwrap();
        let note = |trash: &str, from: &str| {
            let trash = dir.path().join(trash);
            make_private(&trash).unwrap();
            let name = Path::new(from).file_name().unwrap().to_str().unwrap();
            let note = trash.join("info").join(format!("{name}.trashinfo"));
            let spot = TrashSpot { stow: trash.join("files").join(name), note };
            write_note(&spot, &dir.path().join(from), &at).unwrap();
            fs::read_to_string(&spot.note).unwrap()
        };
        assert_eq!(
            note("drive/.Trash-1000", "drive/a b/c.txt"),
            "[Trash Info]\nPath=a%20b/c.txt\nDeletionDate=2026-03-10T15:30:00\n"
        );
        let whole = percent(&dir.path().join("home/d.txt"));
        for trash in ["home/.local/share/Trash", "home/Trash"] {
            assert_eq!(
                note(trash, "home/d.txt"),
                format!("[Trash Info]\nPath={whole}\nDeletionDate=2026-03-10T15:30:00\n")
            );
        }
    }
}

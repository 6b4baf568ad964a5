//! File names taken apart as organize does.

use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

/// The stem of a name and its suffix without the dot. `.hidden` and `odd.` have no suffix, `a.tar.gz` has `gz`.
pub fn split(path: &Path) -> (&OsStr, &OsStr) {
    match (path.file_stem(), path.extension()) {
        (Some(stem), Some(suffix)) if !suffix.is_empty() => (stem, suffix),
        _ => (path.file_name().unwrap_or_default(), OsStr::new("")),
    }
}

/// The longest name in bytes that every file system in use can hold.
pub const LONGEST: usize = 255;

/// `a 2.pdf` for `a.pdf` and 2, with a stem that is as short as it has to be; none where no stem is short enough.
pub fn numbered(path: &Path, counter: u64) -> Option<OsString> {
    let (mut stem, suffix) = split(path);
    loop {
        let mut name = stem.to_os_string();
        name.push(format!(" {counter}"));
        if !suffix.is_empty() {
            name.push(".");
            name.push(suffix);
        }
        match name.len().saturating_sub(LONGEST) {
            0 => return Some(name),
            beyond => stem = shortened(stem, beyond)?,
        }
    }
}

/// A stem without its last characters, so many bytes of them or a few more; none where nothing would be left.
pub fn shortened(stem: &OsStr, by: usize) -> Option<&OsStr> {
    let room = stem.len().checked_sub(by)?;
    Some(beginning(stem, room)).filter(|stem| !stem.is_empty())
}

#[cfg(unix)]
fn beginning(stem: &OsStr, mut end: usize) -> &OsStr {
    use std::os::unix::ffi::OsStrExt;
    let bytes = stem.as_bytes();
    let longest_character = end.saturating_sub(3);
    while end > longest_character && bytes.get(end).is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000) {
        end -= 1;
    }
    OsStr::from_bytes(&bytes[..end])
}

#[cfg(not(unix))]
fn beginning(stem: &OsStr, end: usize) -> &OsStr {
    stem.to_str().map_or(OsStr::new(""), |text| OsStr::new(&text[..text.floor_char_boundary(end)]))
}

/// The path without `.` and `..`, made by spelling alone: no link is followed.
pub fn normalize(path: &Path) -> PathBuf {
    let mut clean = PathBuf::with_capacity(path.as_os_str().len());
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_as_organize_splits_them() {
        for (name, stem, suffix) in [
            ("a.txt", "a", "txt"),
            ("a.tar.gz", "a.tar", "gz"),
            (".hidden", ".hidden", ""),
            (".hidden.txt", ".hidden", "txt"),
            ("odd.", "odd.", ""),
            ("none", "none", ""),
            ("..a", ".", "a"),
        ] {
            assert_eq!(split(Path::new(name)), (OsStr::new(stem), OsStr::new(suffix)), "{name}");
        }
    }

    #[test]
    fn a_number_finds_room_in_a_long_name() {
        let numbered = |name: &str| numbered(Path::new(name), 2).map(|name| name.into_string().unwrap());
        assert_eq!(numbered("a.pdf").unwrap(), "a 2.pdf");
        assert_eq!(numbered(".hidden").unwrap(), ".hidden 2");
        assert_eq!(numbered(&"n".repeat(253)).unwrap(), format!("{} 2", "n".repeat(253)));
        assert_eq!(numbered(&"n".repeat(254)).unwrap(), format!("{} 2", "n".repeat(253)));
        assert_eq!(
            numbered(&format!("{}.pdf", "n".repeat(251))).unwrap(),
            format!("{} 2.pdf", "n".repeat(249))
        );
        assert_eq!(
            numbered(&format!("é{}.pdf", "é".repeat(125))).unwrap(),
            format!("{} 2.pdf", "é".repeat(124))
        );
        assert_eq!(numbered(&format!("a.{}", "n".repeat(253))), None, "the extension stays as it is");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_are_cut_as_well() {
        use std::os::unix::ffi::OsStrExt;
        let name = [0xff; 255];
        let numbered = numbered(Path::new(OsStr::from_bytes(&name)), 10).unwrap();
        assert_eq!(numbered.as_bytes(), [&name[..252], b" 10"].concat());
    }

    #[test]
    fn dots_are_taken_out_of_paths() {
        assert_eq!(normalize(Path::new("/a/./b/../c//d/")), Path::new("/a/c/d"));
        assert_eq!(normalize(Path::new("/../../a")), Path::new("/a"));
    }
}

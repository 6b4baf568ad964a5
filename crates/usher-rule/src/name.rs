//! File names taken apart as organize does.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

/// The stem of a name and its suffix without the dot. `.hidden` and `odd.` have no suffix, `a.tar.gz` has `gz`.
pub fn split(path: &Path) -> (&OsStr, &OsStr) {
    match (path.file_stem(), path.extension()) {
        (Some(stem), Some(suffix)) if !suffix.is_empty() => (stem, suffix),
        _ => (path.file_name().unwrap_or_default(), OsStr::new("")),
    }
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
    fn dots_are_taken_out_of_paths() {
        assert_eq!(normalize(Path::new("/a/./b/../c//d/")), Path::new("/a/c/d"));
        assert_eq!(normalize(Path::new("/../../a")), Path::new("/a"));
    }
}

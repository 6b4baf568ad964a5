//! Names in archives: bytes somebody else has chosen.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use usher_event::{Sentence, sentence};

use super::ArchiveError;

/// Longer names than this are nobody's.
const LONGEST: usize = 4096;

/// The path an entry goes to; `None` for the archive's own top.
///
/// `backslashes` says whether `\` stands between folders too, as some programs that make zip files have it.
pub(super) fn clean(raw: &[u8], backslashes: bool) -> Result<Option<PathBuf>, ArchiveError> {
    let refused = |why| Err(ArchiveError::refused(String::from_utf8_lossy(raw), why));
    let is_separator = |byte: &u8| *byte == b'/' || (*byte == b'\\' && (backslashes || cfg!(windows)));
    let drive = matches!(raw, [letter, b':', rest @ ..] if letter.is_ascii_alphabetic()
        && (cfg!(windows) || rest.first().is_some_and(is_separator)));
    if raw.first().is_some_and(is_separator) || drive {
        return refused(sentence!("archive-absolute-name", "an absolute name"));
    }
    if raw.contains(&0) {
        return refused(sentence!("archive-zero-byte", "a name with a zero byte in it"));
    }
    if raw.len() > LONGEST {
        return Err(ArchiveError::refused(
            String::from_utf8_lossy(&raw[..40]) + "...",
            sentence!("archive-long-name", "a name of more than {limit} bytes", limit = LONGEST),
        ));
    }
    let mut path = PathBuf::new();
    for part in raw.split(is_separator) {
        match part {
            b"" | b"." => {}
            b".." => return refused(sentence!("archive-outside", "which would lie outside its folder")),
            part => match native(part) {
                Some(part) => path.push(part),
                None => return refused(sentence!("archive-no-name", "which cannot be a name here")),
            },
        }
    }
    Ok((!path.as_os_str().is_empty()).then_some(path))
}

#[cfg(unix)]
fn native(part: &[u8]) -> Option<&OsStr> {
    use std::os::unix::ffi::OsStrExt;
    Some(OsStr::from_bytes(part))
}

/// Windows takes some names for devices or streams, and drops dots and blanks at the end.
#[cfg(not(unix))]
fn native(part: &[u8]) -> Option<&OsStr> {
    const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];
    let name = std::str::from_utf8(part).ok()?;
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_lowercase();
    let numbered = stem.len() == 4
        && (stem.starts_with("com") || stem.starts_with("lpt"))
        && stem.ends_with(|c: char| c.is_ascii_digit());
    let odd = name.ends_with(['.', ' ']) || name.contains(|c: char| "<>:\"|?*".contains(c) || c < ' ');
    (!odd && !numbered && !DEVICES.contains(&&*stem)).then_some(OsStr::new(name))
}

/// What is wrong with a name that the place it is to be unpacked to cannot hold.
pub fn too_long_here(inside: &Path) -> Sentence {
    sentence!(
        "archive-too-long-here",
        "it holds `{name}`, a name that is too long for the file system there",
        name = inside
    )
}

/// The name of an entry as zip archives have them: text with slashes.
///
/// # Errors
/// What is wrong with a name that a zip cannot hold.
pub fn in_zip(inside: &Path) -> Result<String, Sentence> {
    let parts: Option<Vec<&str>> = inside.iter().map(OsStr::to_str).collect();
    let shown = inside.display();
    match parts {
        None => Err(sentence!(
            "archive-name-no-text",
            "the name {name} is not text, which zip cannot hold",
            name = shown
        )),
        // Reading it back, here and everywhere, makes a folder of what stands before it.
        Some(parts) if parts.iter().any(|part| part.contains('\\')) => Err(sentence!(
            "archive-name-backslash",
            "the name {name} has a backslash in it, which zip takes for the end of a folder's name",
            name = shown,
        )),
        Some(parts) => Ok(parts.join("/")),
    }
}

/// What a link at `at` says, if that stays within; and whether it leads up to the top.
///
/// `..` may only stand at the beginning: behind a name it would be taken from wherever that name leads, which may be a
/// link. The folders above the entry are real ones, so counting is enough for those at the beginning.
///
/// Where links may lead anywhere, none of that is looked at.
pub(super) fn link(at: &Path, raw: &[u8], anywhere: bool) -> Result<(PathBuf, bool), ArchiveError> {
    let refused = |why| Err(ArchiveError::refused(at.to_string_lossy(), why));
    if raw.is_empty() || raw.len() > LONGEST || raw.contains(&0) {
        return refused(says_nothing());
    }
    let Some(target) = native_path(raw) else {
        return refused(sentence!("archive-link-not-here", "a link that says nothing usable here"));
    };
    if anywhere {
        return Ok((target.to_path_buf(), false));
    }
    let depth = at.components().count().saturating_sub(1);
    let (mut climbed, mut named) = (0, false);
    for part in target.components() {
        match part {
            Component::CurDir => {}
            Component::Normal(_) => named = true,
            Component::ParentDir if !named => climbed += 1,
            _ => return refused(leads_out()),
        }
    }
    if climbed > depth {
        return refused(leads_out());
    }
    Ok((target.to_path_buf(), climbed == depth && depth > 0))
}

/// What is wrong with a link that leads out of the folder its archive is unpacked into.
pub(super) fn leads_out() -> Sentence {
    sentence!("archive-link-out", "a link that leads out of its folder")
}

/// What is wrong with a link that nothing can be made of.
pub(super) fn says_nothing() -> Sentence {
    sentence!("archive-link-empty", "a link that says nothing usable")
}

/// What is wrong with an entry that is neither a file, a folder nor a link.
pub(super) fn is_a_device() -> Sentence {
    sentence!("archive-device", "which is a device or a pipe")
}

#[cfg(unix)]
fn native_path(raw: &[u8]) -> Option<&Path> {
    use std::os::unix::ffi::OsStrExt;
    Some(Path::new(OsStr::from_bytes(raw)))
}

#[cfg(not(unix))]
fn native_path(raw: &[u8]) -> Option<&Path> {
    std::str::from_utf8(raw).ok().map(Path::new)
}

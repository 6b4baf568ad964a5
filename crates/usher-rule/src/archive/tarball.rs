//! Tar archives.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use jiff::Timestamp;
use tar::EntryType;
use usher_event::sentence;

use super::check::Check;
use super::guard::{Guard, Peek};
use super::{ArchiveError, Packed, PackedKind, Reading, Visit, name};

/// Bytes that the names and attributes of one entry may take.
const HEADER: u64 = 1024 * 1024;

pub(super) fn read(
    stream: impl Read,
    reading: &Reading<'_>,
    check: &mut Check,
    visit: &mut Visit<'_>,
) -> Result<bool, ArchiveError> {
    let peek = Peek::new(stream, reading.peek);
    let ended = Rc::clone(&peek.ended);
    match entries(peek, reading, check, visit) {
        Err(_) if ended.get() => Ok(false),
        other => other.map(|()| true),
    }
}

fn entries(
    stream: impl Read,
    reading: &Reading<'_>,
    check: &mut Check,
    visit: &mut Visit<'_>,
) -> Result<(), ArchiveError> {
    let left = Rc::new(Cell::new(HEADER));
    let mut archive = tar::Archive::new(Guard::new(stream, &left));
    let mut entries = archive.entries()?;
    loop {
        left.set(HEADER);
        let Some(entry) = entries.next() else { break };
        let mut entry = entry?;
        left.set(u64::MAX);
        let packed = packed(&mut entry, reading.any_link)?;
        let size = entry.size();
        let mut bytes = check.meter(&mut entry);
        if let Some(packed) = packed {
            check.admit(&packed)?;
            match reading.data {
                true => visit(&packed, &mut bytes),
                false => visit(&packed, &mut io::empty()),
            }
            .map_err(ArchiveError::from_visit)?;
        }
        // The rest is gone through here, where it is counted.
        io::copy(&mut bytes, &mut io::sink())?;
        if bytes.read < size {
            return Err(ArchiveError::Damaged(sentence!(
                "archive-ends-early",
                "it ends in the middle of a file"
            )));
        }
    }
    left.set(HEADER);
    checked_to_the_end(archive.into_inner())
}

/// A gzip stream says at its end whether it is whole. What may lie behind it is no concern of ours.
fn checked_to_the_end(mut stream: impl Read) -> Result<(), ArchiveError> {
    match io::copy(&mut stream, &mut io::sink()) {
        Err(error)
            if error.kind() == io::ErrorKind::UnexpectedEof || error.to_string().contains("checksum") =>
        {
            Err(error.into())
        }
        _ => Ok(()),
    }
}

/// The entry; `None` for what is about the archive and not in it.
fn packed<R: Read>(entry: &mut tar::Entry<'_, R>, any_link: bool) -> Result<Option<Packed>, ArchiveError> {
    let header = entry.header();
    let kind = header.entry_type();
    if matches!(kind, EntryType::XGlobalHeader | EntryType::XHeader) {
        return Ok(None);
    }
    let Some(path) = name::clean(&entry.path_bytes(), false)? else { return Ok(None) };
    let said = || entry.link_name_bytes().unwrap_or_default();
    let kind = match kind {
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => PackedKind::File,
        EntryType::Directory => PackedKind::Dir,
        EntryType::Symlink => {
            let (target, to_root) = name::link(&path, &said(), any_link)?;
            PackedKind::Symlink { target, to_root }
        }
        EntryType::Link => match name::clean(&said(), false)? {
            Some(original) => PackedKind::HardLink(original),
            None => {
                return Err(ArchiveError::refused(path.to_string_lossy(), name::says_nothing()));
            }
        },
        _ => return Err(ArchiveError::refused(path.to_string_lossy(), name::is_a_device())),
    };
    let modified = header.mtime().ok().and_then(|seconds| i64::try_from(seconds).ok());
    let executable = kind == PackedKind::File && header.mode().is_ok_and(|mode| mode & 0o100 != 0);
    let size = if kind == PackedKind::File { entry.size() } else { 0 };
    let modified = modified.and_then(|seconds| Timestamp::from_second(seconds).ok());
    Ok(Some(Packed { path, kind, size, modified, executable }))
}

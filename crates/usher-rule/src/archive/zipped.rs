//! Zip archives.

use std::cell::Cell;
use std::io::{self, Read, SeekFrom};
use std::rc::Rc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use usher_event::{Sentence, sentence};
use zip::CompressionMethod;
use zip::extra_fields::ExtraField;
use zip::read::{ZipArchive, ZipFile, ZipFileEntry};
use zip::result::ZipError;

use super::check::Check;
use super::guard::Guard;
use super::{ArchiveError, Packed, PackedKind, Reading, Visit, name};
use crate::Content;

/// What a link says is read up to here.
const LONGEST_LINK: u64 = 4096;

/// In a list of so many entries each one's own header is looked into. It is somewhere else in the file for each.
const LOOKED_INTO: usize = 5000;

/// What the Finder puts beside the files of an archive: their attributes, of use to the Finder alone.
const FINDER: &str = "__MACOSX";

type Source = Guard<io::BufReader<Box<dyn Content>>>;

pub(super) fn read(
    mut content: Box<dyn Content>,
    reading: &Reading<'_>,
    check: &mut Check,
    visit: &mut Visit<'_>,
) -> Result<bool, ArchiveError> {
    if let Some(entries) = declared_entries(&mut *content)? {
        check.declared_entries(entries)?;
    }
    let left = Rc::new(Cell::new(check.headers()));
    let mut archive = ZipArchive::new(Guard::new(io::BufReader::new(content), &left)).map_err(told)?;
    if archive.has_duplicate_names() {
        return Err(ArchiveError::Damaged(sentence!("archive-same-names", "it holds two files of one name")));
    }
    left.set(u64::MAX);
    let mut declared = 0u64;
    for nr in 0..archive.len() {
        declared = declared.saturating_add(archive.by_index_data(nr).map_err(told)?.size());
    }
    check.declared(declared)?;
    for nr in 0..archive.len() {
        let Some(packed) = packed(&mut archive, nr, reading)? else { continue };
        check.admit(&packed)?;
        if !reading.data || packed.kind != PackedKind::File {
            visit(&packed, &mut io::empty()).map_err(ArchiveError::from_visit)?;
            continue;
        }
        let mut bytes = check.meter(archive.by_index(nr).map_err(told)?);
        visit(&packed, &mut bytes).map_err(ArchiveError::from_visit)?;
        // Its checksum is looked at where it ends.
        io::copy(&mut bytes, &mut io::sink())?;
        if bytes.read != packed.size {
            return Err(ArchiveError::Damaged(sentence!(
                "archive-other-length",
                "`{path}` has another length",
                path = packed.path,
            )));
        }
    }
    Ok(true)
}

fn packed(
    archive: &mut ZipArchive<Source>,
    nr: usize,
    reading: &Reading<'_>,
) -> Result<Option<Packed>, ArchiveError> {
    let entry = archive.by_index_data(nr).map_err(told)?;
    // Many programs write UTF-8 without saying so; what is none is the alphabet of the first PCs.
    let raw = match std::str::from_utf8(entry.name_raw()) {
        Ok(name) => name.as_bytes().to_vec(),
        Err(_) => entry.name().map_err(told)?.into_owned().into_bytes(),
    };
    let shown = || String::from_utf8_lossy(&raw).into_owned();
    let Some(path) = name::clean(&raw, true)? else { return Ok(None) };
    if path.starts_with(FINDER) {
        return Ok(None);
    }
    if entry.encrypted() {
        return Err(ArchiveError::Encrypted(shown()));
    }
    let mode = entry.unix_mode().unwrap_or(0);
    let is_dir = entry.is_dir() || raw.ends_with(b"/") || raw.ends_with(b"\\");
    let kind = match mode & 0o170_000 {
        0o120_000 => None,
        0 | 0o100_000 | 0o040_000 if is_dir => Some(PackedKind::Dir),
        0 | 0o100_000 => Some(PackedKind::File),
        _ => return Err(ArchiveError::refused(shown(), name::is_a_device())),
    };
    if !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
        return Err(ArchiveError::refused(
            shown(),
            sentence!(
                "archive-odd-method",
                "packed by the method {method}, which Usher cannot read",
                method = entry.compression().to_string(),
            ),
        ));
    }
    let (size, local) = (entry.size(), local_time(&entry, reading));
    let exact = if reading.data || archive.len() <= LOOKED_INTO { exact_time(archive, nr)? } else { None };
    let modified = exact.or(local);
    let kind = match kind {
        Some(kind) => kind,
        None => {
            let mut said = Vec::new();
            let link: ZipFile<'_, Source> = archive.by_index(nr).map_err(told)?;
            link.take(LONGEST_LINK + 1).read_to_end(&mut said)?;
            let (target, to_root) = name::link(&path, &said, reading.any_link)?;
            PackedKind::Symlink { target, to_root }
        }
    };
    let is_file = kind == PackedKind::File;
    Ok(Some(Packed {
        path,
        kind,
        size: if is_file { size } else { 0 },
        modified,
        executable: is_file && mode & 0o100 != 0,
    }))
}

/// The time of last change, where the program that made the archive was exact about it.
fn exact_time(archive: &mut ZipArchive<Source>, nr: usize) -> Result<Option<Timestamp>, ArchiveError> {
    let file = archive.by_index_raw(nr).map_err(told)?;
    let exact = file.extra_data_fields().find_map(|field| match field {
        ExtraField::ExtendedTimestamp(times) => times.mod_time(),
        _ => None,
    });
    Ok(exact.and_then(|seconds| Timestamp::from_second(seconds.into()).ok()))
}

/// The time as every archive has it: on the clock of wherever it was made, which nobody knows; ours is the best guess.
fn local_time(entry: &ZipFileEntry<'_>, reading: &Reading<'_>) -> Option<Timestamp> {
    let at = entry.last_modified()?;
    let small = |number: u8| i8::try_from(number).ok();
    let at = DateTime::new(
        i16::try_from(at.year()).ok()?,
        small(at.month())?,
        small(at.day())?,
        small(at.hour())?,
        small(at.minute())?,
        small(at.second())?.min(59),
        0,
    );
    Some(at.ok()?.to_zoned(reading.zone.clone()).ok()?.timestamp())
}

/// How many entries the archive says it has, before a library makes room for them.
fn declared_entries(content: &mut dyn Content) -> io::Result<Option<u64>> {
    let length = content.seek(SeekFrom::End(0))?;
    let start = length.saturating_sub(66 * 1024);
    let mut tail = Vec::new();
    content.seek(SeekFrom::Start(start))?;
    (&mut *content).take(66 * 1024).read_to_end(&mut tail)?;
    let mut entries = None;
    if let Some(at) = tail.windows(4).rposition(|bytes| bytes == b"PK\x05\x06") {
        entries = tail.get(at + 10..at + 12).map(|count| u64::from(u16::from_le_bytes([count[0], count[1]])));
    }
    if entries == Some(0xffff)
        && let Some(at) = tail.windows(4).rposition(|bytes| bytes == b"PK\x06\x06")
    {
        let count = tail.get(at + 32..at + 40).and_then(|count| count.try_into().ok());
        entries = count.map(u64::from_le_bytes).or(entries);
    }
    content.seek(SeekFrom::Start(0))?;
    Ok(entries)
}

fn told(error: ZipError) -> ArchiveError {
    match error {
        ZipError::Io(error) => error.into(),
        other => ArchiveError::Damaged(Sentence::foreign(other.to_string())),
    }
}

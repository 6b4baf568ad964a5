//! Where in a picture the camera's data lies.

use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};

use super::super::guard::guarded;
use super::tags::{GPS, TAGS};
use super::tiff::{self, Found};
use crate::Content;

/// How much of a file is read in search of the data.
const SEARCH_LIMIT: u64 = 64 * 1024 * 1024;

/// How long the data of one picture can be.
const DATA_LIMIT: u64 = 8 * 1024 * 1024;

/// How TIFF files begin, and raw files that are made like them.
const TIFF: &[&[u8]] = &[b"II*\0", b"MM\0*", b"IIRO", b"IIRS", b"MMOR", b"IIU\0"];

/// The box of Canon's raw files that holds the camera's data.
const CANON: &[u8; 16] = b"\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48";

/// All tags of a picture; none where it is no picture, or one without any.
pub(super) fn tags(mut content: Box<dyn Content>) -> io::Result<Vec<Found>> {
    let mut start = Vec::new();
    (&mut content).take(100).read_to_end(&mut start)?;
    content.seek(SeekFrom::Start(0))?;
    if TIFF.iter().any(|begin| start.starts_with(begin)) {
        return Ok(tiff::tags(content));
    }
    if start.get(4..12) == Some(b"ftypcrx ") {
        return canon(content);
    }
    if start.starts_with(b"FUJIFILMCCD-RAW") {
        // A whole JPEG lies inside; where, is said in big-endian numbers.
        let place = start.get(84..88).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_be_bytes);
        content.seek(SeekFrom::Start(place.into()))?;
        let mut picture = Vec::new();
        content.take(DATA_LIMIT).read_to_end(&mut picture)?;
        return packed(Cursor::new(picture));
    }
    packed(content)
}

/// The data in a JPEG, PNG, WebP or HEIF.
fn packed(content: impl Read + Seek) -> io::Result<Vec<Found>> {
    let mut reader = BufReader::with_capacity(64 * 1024, Bounded { inner: content, left: SEARCH_LIMIT });
    let mut failed = None;
    let data = guarded(|| {
        let found = exif::Reader::new().continue_on_error(true).read_from_container(&mut reader);
        match found.or_else(|error| error.distill_partial_result(|_| {})) {
            Ok(found) => Ok(found.buf().to_vec()),
            Err(exif::Error::Io(error)) if error.kind() != io::ErrorKind::UnexpectedEof => {
                failed = Some(error);
                Ok(Vec::new())
            }
            Err(_) => Ok(Vec::new()),
        }
    });
    match failed {
        Some(error) if error.kind() != io::ErrorKind::FileTooLarge => Err(error),
        _ => Ok(tiff::tags(Cursor::new(data.unwrap_or_default()))),
    }
}

/// The data in Canon's newer raw files: three parts, each a TIFF of its own.
fn canon(mut content: Box<dyn Content>) -> io::Result<Vec<Found>> {
    let end = content.seek(SeekFrom::End(0))?;
    let Some((at, end)) = find_box(&mut content, 0, end, b"moov")? else { return Ok(Vec::new()) };
    let Some((at, end)) = find_box(&mut content, at, end, b"uuid")? else { return Ok(Vec::new()) };
    let mut id = [0; 16];
    content.seek(SeekFrom::Start(at))?;
    if content.read_exact(&mut id).is_err() || id != *CANON {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for (name, group, tags) in [(b"CMT1", "Image", TAGS), (b"CMT2", "EXIF", TAGS), (b"CMT4", "GPS", GPS)] {
        let Some((from, to)) = find_box(&mut content, at + 16, end, name)? else { continue };
        let mut part = Vec::new();
        content.seek(SeekFrom::Start(from))?;
        (&mut content).take((to - from).min(DATA_LIMIT)).read_to_end(&mut part)?;
        found.extend(tiff::directory(Cursor::new(part), group, tags));
    }
    Ok(found)
}

/// The first box of this name between two places: where its content begins and ends.
fn find_box(
    content: &mut Box<dyn Content>,
    mut at: u64,
    end: u64,
    name: &[u8; 4],
) -> io::Result<Option<(u64, u64)>> {
    for _ in 0..1000 {
        let mut head = [0; 16];
        content.seek(SeekFrom::Start(at))?;
        let length = (&mut *content).take(16).read(&mut head)?;
        if length < 8 || at >= end {
            return Ok(None);
        }
        let [size, large] =
            [&head[..4], &head[8..]].map(|bytes| bytes.iter().fold(0, |n, b| n << 8 | u64::from(*b)));
        let (size, head_size) = match size {
            0 => (end - at, 8),
            1 => (large, 16),
            size => (size, 8),
        };
        let Some(next) = at.checked_add(size).filter(|next| size >= head_size && *next <= end) else {
            return Ok(None);
        };
        if head[4..8] == *name {
            return Ok(Some((at + head_size, next)));
        }
        at = next;
    }
    Ok(None)
}

/// A reader that fails after so many bytes.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let length = self.inner.read(buffer)?;
        self.left = self.left.saturating_sub(length as u64);
        Ok(length)
    }
}

impl<R: Seek> Seek for Bounded<R> {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.inner.seek(place)
    }
}

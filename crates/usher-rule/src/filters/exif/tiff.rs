//! The directories of a TIFF, which is what every camera's data is made of, read as `exifread` reads them.

use std::collections::HashSet;
use std::io::{Read, Seek, SeekFrom};

use super::tags::{Shown, TAGS, Tag, find};
use super::value::{Content, Number};

/// A tag that was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// The directory: `Image`, `EXIF`, `GPS`, `Thumbnail`, `Interoperability`, `IFD 2`.
    pub(super) group: String,
    pub(super) name: String,
    pub(super) text: String,
}

/// How much all values together may take. Pictures do not lie in them.
const VALUES_LIMIT: u64 = 4 * 1024 * 1024;

/// How many directories there may be, and how many tags in all of them.
const DIRECTORY_LIMIT: usize = 32;
const TAG_LIMIT: usize = 10_000;

/// Lists as long as this are not read.
const LONG: u32 = 1000;

/// Tags `exifread` leaves out when it is not asked for details, as organize does not: comments, maker's notes, XMP.
const IGNORED: &[u16] = &[0x9286, 0x927c, 0x02bc];

/// The bytes of one value of each type.
const SIZES: [u64; 14] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];

/// Reads all tags; what is cut off or leads nowhere is left out.
pub(super) fn tags(content: impl Read + Seek) -> Vec<Found> {
    let Some(mut tiff) = Tiff::new(content) else { return Vec::new() };
    let mut directory = tiff.number(4, 4);
    let mut nr = 0;
    while directory != 0 && nr < DIRECTORY_LIMIT {
        let group = match nr {
            0 => "Image".to_owned(),
            1 => "Thumbnail".to_owned(),
            nr => format!("IFD {nr}"),
        };
        let Some(next) = tiff.directory(directory, &group, TAGS) else { break };
        directory = next;
        nr += 1;
    }
    if let Some(place) = tiff.camera {
        tiff.directory(place, "EXIF", TAGS);
    }
    tiff.found
}

/// Reads the one directory of a TIFF that holds nothing else, as a part of a larger file.
pub(super) fn directory(content: impl Read + Seek, group: &str, tags: &[Tag]) -> Vec<Found> {
    let Some(mut tiff) = Tiff::new(content) else { return Vec::new() };
    let place = tiff.number(4, 4);
    tiff.directory(place, group, tags);
    tiff.found
}

struct Tiff<R> {
    content: R,
    little: bool,
    /// How much may still be read.
    left: u64,
    /// Directories that were read.
    seen: HashSet<u64>,
    /// Where the camera's own directory is.
    camera: Option<u64>,
    found: Vec<Found>,
}

impl<R: Read + Seek> Tiff<R> {
    fn new(mut content: R) -> Option<Self> {
        let mut order = [0; 2];
        content.seek(SeekFrom::Start(0)).ok()?;
        content.read_exact(&mut order).ok()?;
        let little = match &order {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        Some(Self {
            content,
            little,
            left: VALUES_LIMIT,
            seen: HashSet::new(),
            camera: None,
            found: Vec::new(),
        })
    }

    /// Bytes from a place in the file; fewer where it ends.
    fn bytes(&mut self, place: u64, length: u64) -> Vec<u8> {
        let length = length.min(self.left);
        let mut bytes = Vec::new();
        if self.content.seek(SeekFrom::Start(place)).is_ok() {
            // What was read before an error counts.
            let _ = (&mut self.content).take(length).read_to_end(&mut bytes);
        }
        self.left -= bytes.len() as u64;
        bytes
    }

    fn number(&mut self, place: u64, length: u64) -> u64 {
        let bytes = self.bytes(place, length);
        if bytes.len() as u64 == length { unsigned(&bytes, self.little) } else { 0 }
    }

    /// Reads a directory; answers where the next one is, and nothing if this one was read before.
    fn directory(&mut self, place: u64, group: &str, tags: &[Tag]) -> Option<u64> {
        if self.seen.len() >= DIRECTORY_LIMIT || !self.seen.insert(place) {
            return None;
        }
        let count = self.number(place, 2);
        let entries = self.bytes(place + 2, count * 12);
        for (nr, entry) in entries.as_chunks::<12>().0.iter().enumerate() {
            if self.found.len() >= TAG_LIMIT {
                return None;
            }
            self.entry(entry, place + 2 + 12 * nr as u64, group, tags);
        }
        Some(self.number(place + 2 + 12 * count, 4))
    }

    fn entry(&mut self, entry: &[u8; 12], place: u64, group: &str, tags: &[Tag]) {
        let [tag, kind] = [&entry[..2], &entry[2..4]].map(|bytes| unsigned(bytes, self.little));
        let count = u32::try_from(unsigned(&entry[4..8], self.little)).unwrap_or(u32::MAX);
        let Ok(tag) = u16::try_from(tag) else { return };
        let Some(size) =
            usize::try_from(kind).ok().and_then(|kind| SIZES.get(kind)).filter(|size| **size > 0)
        else {
            return;
        };
        if IGNORED.contains(&tag) {
            return;
        }
        let length = u64::from(count) * size;
        let value = if length > 4 { unsigned(&entry[8..], self.little) } else { place + 8 };
        let content = match kind {
            2 => Content::Text(self.text(value, length)),
            _ if count < LONG => Content::Numbers(count, self.numbers(value, length, kind, *size)),
            _ => Content::Numbers(count, Vec::new()),
        };
        let known = find(tags, tag);
        let name = known.map_or_else(|| format!("Tag 0x{tag:04X}"), |(_, name, _)| (*name).to_owned());
        let shown = known.map_or(Shown::Plain, |(.., shown)| *shown);
        if let (Shown::Group(group, tags), Some(place)) = (shown, content.place()) {
            self.directory(place, group, tags);
        }
        if group == "Image" && name == "ExifOffset" {
            self.camera = content.place();
        }
        self.found.push(Found { group: group.to_owned(), name, text: content.text(shown) });
    }

    /// A text up to the zero that ends it.
    fn text(&mut self, place: u64, length: u64) -> String {
        let bytes = self.bytes(place, length);
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        String::from_utf8_lossy(&bytes[..end]).into_owned()
    }

    fn numbers(&mut self, place: u64, length: u64, kind: u64, size: u64) -> Vec<Number> {
        let mut bytes = self.bytes(place, length);
        // What lies beyond the end of the file counts as zero.
        if self.left > 0 {
            bytes.resize(usize::try_from(length).unwrap_or(0), 0);
        }
        let little = self.little;
        let signed = matches!(kind, 6 | 8 | 9 | 10);
        let whole = |bytes: &[u8]| match signed {
            true => signed_of(bytes, little),
            false => i64::try_from(unsigned(bytes, little)).unwrap_or(i64::MAX),
        };
        let number = |bytes: &[u8]| match kind {
            5 | 10 => Number::Ratio(whole(&bytes[..4]), whole(&bytes[4..])),
            11 => Number::Float(f32::from_bits(unsigned(bytes, little) as u32).into()),
            12 => Number::Float(f64::from_bits(unsigned(bytes, little))),
            _ => Number::Whole(whole(bytes)),
        };
        bytes.chunks_exact(usize::try_from(size).unwrap_or(1)).map(number).collect()
    }
}

fn unsigned(bytes: &[u8], little: bool) -> u64 {
    let add = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
    if little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) }
}

fn signed_of(bytes: &[u8], little: bool) -> i64 {
    let unused = 64 - 8 * u32::try_from(bytes.len()).unwrap_or(8).min(8);
    (unsigned(bytes, little) << unused) as i64 >> unused
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn numbers_keep_their_sign_and_order() {
        assert_eq!(unsigned(&[1, 2], true), 0x0201);
        assert_eq!(unsigned(&[1, 2], false), 0x0102);
        assert_eq!(signed_of(&[0xff, 0xfe], false), -2);
        assert_eq!(signed_of(&[0x80], true), -128);
    }

    #[test]
    fn circles_and_wild_numbers_end() {
        // One directory that is its own successor, its own camera data and its own place of the picture.
        let mut bytes = b"II*\0\x08\0\0\0\x02\0".to_vec();
        bytes.extend(b"\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x25\x88\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0");
        assert_eq!(tags(Cursor::new(&bytes)).len(), 2);
        for nr in 0..bytes.len() {
            for byte in [0, 1, 0x7f, 0xff] {
                let mut bytes = bytes.clone();
                bytes[nr] = byte;
                assert!(tags(Cursor::new(bytes)).len() <= TAG_LIMIT);
            }
        }
        let many = [&b"MM\0*\0\0\0\x08\xff\xff"[..], &[1; 12 * 70_000]].concat();
        assert!(tags(Cursor::new(many)).len() <= TAG_LIMIT);
    }
}

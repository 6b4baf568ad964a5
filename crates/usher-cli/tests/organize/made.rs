//! Pictures and documents, made for the cases that look into them.

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

/// What a camera has written into a picture: tags by their numbers, in the directories of a TIFF file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Picture {
    pub(crate) little: bool,
    pub(crate) image: Vec<(u16, Field)>,
    pub(crate) camera: Vec<(u16, Field)>,
    pub(crate) place: Vec<(u16, Field)>,
    pub(crate) thumbnail: Vec<(u16, Field)>,
}

/// The value of a tag, as the standard has them.
#[derive(Debug, Clone)]
pub(crate) enum Field {
    Bytes(Vec<u8>),
    Text(&'static str),
    Short(Vec<u16>),
    Long(Vec<u32>),
    Ratio(Vec<(u32, u32)>),
    Raw(Vec<u8>),
    SignedRatio(Vec<(i32, i32)>),
}

impl Picture {
    /// The picture as a TIFF file without any pixels.
    pub(crate) fn tiff(&self) -> Vec<u8> {
        let mut bytes = if self.little { b"II*\0\x08\0\0\0".to_vec() } else { b"MM\0*\0\0\0\x08".to_vec() };
        let inner: Vec<(u16, &Vec<(u16, Field)>)> = [(0x8769, &self.camera), (0x8825, &self.place)]
            .into_iter()
            .filter(|(_, tags)| !tags.is_empty())
            .collect();
        let mut image = self.image.clone();
        image.extend(inner.iter().map(|(tag, _)| (*tag, Field::Long(vec![0]))));
        image.sort_by_key(|(tag, _)| *tag);
        let next = self.directory(&mut bytes, &image);
        for (tag, tags) in inner {
            let nr = image.iter().position(|(other, _)| *other == tag).unwrap();
            let here = self.number(bytes.len());
            // After the magic words and the count, each entry has twelve bytes, and its value is the last four.
            let field = 8 + 2 + 12 * nr + 8;
            bytes[field..field + 4].copy_from_slice(&here);
            self.directory(&mut bytes, tags);
        }
        if !self.thumbnail.is_empty() {
            let here = self.number(bytes.len());
            bytes[next..next + 4].copy_from_slice(&here);
            self.directory(&mut bytes, &self.thumbnail);
        }
        bytes
    }

    /// The picture as a JPEG file without any pixels.
    pub(crate) fn jpeg(&self) -> Vec<u8> {
        let tiff = self.tiff();
        let length = u16::try_from(tiff.len() + 8).unwrap().to_be_bytes();
        let jfif = b"\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x48\0\x48\0\0";
        [&b"\xff\xd8"[..], jfif, b"\xff\xe1", &length, b"Exif\0\0", &tiff, b"\xff\xdb\0\x04\0\0\xff\xd9"]
            .concat()
    }

    /// The picture as a WebP file without any pixels.
    pub(crate) fn webp(&self) -> Vec<u8> {
        let mut tiff = self.tiff();
        let length = u32::try_from(tiff.len()).unwrap().to_le_bytes();
        if tiff.len() % 2 == 1 {
            tiff.push(0);
        }
        let chunks = [b"WEBPVP8X\x0a\0\0\0\x08\0\0\0\0\0\0\0\0\0EXIF", &length[..], &tiff].concat();
        [b"RIFF", &u32::try_from(chunks.len()).unwrap().to_le_bytes()[..], &chunks].concat()
    }

    /// Adds a directory; answers where the place of the next one is to be written.
    fn directory(&self, bytes: &mut Vec<u8>, tags: &[(u16, Field)]) -> usize {
        let start = bytes.len();
        bytes.extend(self.short(u16::try_from(tags.len()).unwrap()));
        bytes.resize(start + 2 + 12 * tags.len() + 4, 0);
        for (nr, (tag, field)) in tags.iter().enumerate() {
            let (kind, count, mut value) = self.field(field);
            if value.len() > 4 {
                let here = self.number(bytes.len());
                bytes.extend(std::mem::replace(&mut value, here.to_vec()));
            }
            value.resize(4, 0);
            let at = start + 2 + 12 * nr;
            let entry = [&self.short(*tag)[..], &self.short(kind), &self.number(count), &value].concat();
            bytes[at..at + 12].copy_from_slice(&entry);
        }
        start + 2 + 12 * tags.len()
    }

    /// The kind of a value, how many of it there are, and their bytes.
    fn field(&self, field: &Field) -> (u16, usize, Vec<u8>) {
        let pair = |(above, below): &(u32, u32)| [self.long(*above), self.long(*below)].concat();
        match field {
            Field::Bytes(bytes) => (1, bytes.len(), bytes.clone()),
            Field::Text(text) => (2, text.len() + 1, format!("{text}\0").into_bytes()),
            Field::Short(all) => (3, all.len(), all.iter().flat_map(|one| self.short(*one)).collect()),
            Field::Long(all) => (4, all.len(), all.iter().flat_map(|one| self.long(*one)).collect()),
            Field::Ratio(all) => (5, all.len(), all.iter().flat_map(pair).collect()),
            Field::Raw(bytes) => (7, bytes.len(), bytes.clone()),
            Field::SignedRatio(all) => {
                let all: Vec<_> =
                    all.iter().map(|(above, below)| (above.cast_unsigned(), below.cast_unsigned())).collect();
                (10, all.len(), all.iter().flat_map(pair).collect())
            }
        }
    }

    fn short(&self, number: u16) -> [u8; 2] {
        if self.little { number.to_le_bytes() } else { number.to_be_bytes() }
    }

    fn long(&self, number: u32) -> [u8; 4] {
        if self.little { number.to_le_bytes() } else { number.to_be_bytes() }
    }

    fn number(&self, number: usize) -> [u8; 4] {
        self.long(u32::try_from(number).unwrap())
    }
}

/// A Word document with these parts, such as `document` and `header1`, each of paragraphs in Word's markup.
pub(crate) fn word(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, paragraphs) in parts {
        archive.start_file(format!("word/{name}.xml"), options).unwrap();
        let markup = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document \
             xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{paragraphs}\
             </w:body></w:document>"
        );
        archive.write_all(markup.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A PDF file with a page of these lines, one below the other.
pub(crate) fn pdf(lines: &[&str]) -> Vec<u8> {
    let text: String = lines.iter().map(|line| format!("({line}) Tj 0 -20 Td\n")).collect();
    let page = format!("BT /F1 12 Tf 72 700 Td\n{text}ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = "0000000000 65535 f \n".to_owned();
    for (nr, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", nr + 1);
    }
    let start = file.len();
    let count = objects.len() + 1;
    file += &format!(
        "xref\n0 {count}\n{table}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}

/// Bytes as [`crate::tree::plant`] reads them.
pub(crate) fn listed(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("0x{digits}")
}

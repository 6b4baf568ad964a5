//! The table that comes with a font and says which text its codes stand for (a "ToUnicode CMap").
//!
//! The library reads such tables too, but unfolds them: a table of a hundred bytes can name all codes of four bytes, and
//! would fill the memory. Here a range stays a range.

use std::ops::RangeInclusive;
use std::sync::Arc;

use rangemap::RangeInclusiveMap;

/// The longest code, in bytes.
const LONGEST: usize = 4;

/// Stands for what a table does not say.
const UNKNOWN: u16 = 0xfffd;

/// Which text codes stand for. Codes of different lengths are different, also where they are the same number.
#[derive(Default)]
pub(super) struct CMap {
    texts: [RangeInclusiveMap<u32, Target>; LONGEST],
    /// The codes there are, where the table says so: lowest, highest, length.
    spaces: Vec<(u32, u32, usize)>,
}

/// What the codes of a range stand for, from the code `first` on.
#[derive(Clone, PartialEq, Eq)]
enum Target {
    /// One text, whose last unit counts up with the code.
    Counting { first: u32, text: Arc<[u16]> },
    /// A text for each code.
    Listed { first: u32, texts: Arc<[Vec<u16>]> },
}

/// One word of a table.
enum Word<'t> {
    Bytes(Vec<u8>),
    Open,
    Close,
    Name(&'t [u8]),
}

/// What the words between `begin…` and `end…` are.
#[derive(Clone, Copy)]
enum Section {
    Spaces,
    Chars,
    Ranges,
}

impl CMap {
    /// Reads a table; `None` if it has none of the parts that say something.
    pub(super) fn read(table: &[u8]) -> Option<Self> {
        let mut map = Self::default();
        let mut words = Words(table);
        let mut seen = false;
        while let Some(word) = words.next() {
            let section = match word {
                Word::Name(b"begincodespacerange") => Section::Spaces,
                Word::Name(b"beginbfchar") => Section::Chars,
                Word::Name(b"beginbfrange") => Section::Ranges,
                _ => continue,
            };
            seen = true;
            while map.entry(section, &mut words).is_some() {}
        }
        seen.then_some(map)
    }

    /// Reads one entry of a section; `None` at its end. What makes no sense is passed over.
    fn entry(&mut self, section: Section, words: &mut Words<'_>) -> Option<()> {
        let first = words.bytes()?;
        let last = match section {
            Section::Chars => first.clone(),
            Section::Spaces | Section::Ranges => words.bytes()?,
        };
        let target = match section {
            Section::Spaces => None,
            Section::Chars | Section::Ranges => Some(words.target()?),
        };
        let (Some((low, length)), Some((high, same))) = (code(&first), code(&last)) else { return Some(()) };
        if length != same || high < low {
            return Some(());
        }
        match target {
            None => self.spaces.push((low, high, length)),
            Some(target) => self.put(low..=high, length, target),
        }
        Some(())
    }

    fn put(&mut self, codes: RangeInclusive<u32>, length: usize, mut target: Vec<Vec<u16>>) {
        let first = *codes.start();
        let target = match target.len() {
            0 => return,
            1 => Target::Counting { first, text: target.swap_remove(0).into() },
            _ => Target::Listed { first, texts: target.into() },
        };
        if let Some(texts) = self.texts.get_mut(length - 1) {
            texts.insert(codes, target);
        }
    }

    /// What a string of codes says, in UTF-16.
    pub(super) fn decode(&self, bytes: &[u8]) -> Vec<u16> {
        let mut said = Vec::new();
        let (mut code, mut length) = (0u32, 0);
        for byte in bytes {
            code = code << 8 | u32::from(*byte);
            length += 1;
            let whole = match self.spaces.is_empty() {
                true => self.target(code, length).is_some(),
                false => self.spaces.iter().any(|space| inside(*space, code, length)),
            };
            if whole || length == LONGEST {
                self.say(code, length, &mut said);
                (code, length) = (0, 0);
            }
        }
        if length > 0 {
            self.say(code, length, &mut said);
        }
        said
    }

    fn target(&self, code: u32, length: usize) -> Option<&Target> {
        self.texts.get(length.checked_sub(1)?)?.get(&code)
    }

    /// Adds the text of a code.
    fn say(&self, code: u32, length: usize, said: &mut Vec<u16>) {
        match self.target(code, length) {
            Some(Target::Counting { first, text }) => {
                said.extend_from_slice(text);
                if let Some(last) = said.last_mut().filter(|_| !text.is_empty()) {
                    // Units wrap around, so the low half of the distance is all that counts.
                    *last = last.wrapping_add((code - first) as u16);
                }
            }
            Some(Target::Listed { first, texts }) => match texts.get((code - first) as usize) {
                Some(text) => said.extend_from_slice(text),
                None => said.push(UNKNOWN),
            },
            None => said.push(UNKNOWN),
        }
    }
}

/// Whether a code lies in a space. The bounds hold for each byte of it.
fn inside((low, high, length): (u32, u32, usize), code: u32, bytes: usize) -> bool {
    let (low, high, code) = (low.to_be_bytes(), high.to_be_bytes(), code.to_be_bytes());
    length == bytes
        && low.iter().zip(&high).zip(&code).all(|((low, high), byte)| (low..=high).contains(&byte))
}

fn code(bytes: &[u8]) -> Option<(u32, usize)> {
    let fits = (1..=LONGEST).contains(&bytes.len());
    fits.then(|| (bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte)), bytes.len()))
}

fn units(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks(2).map(|unit| unit.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte))).collect()
}

/// The words of a table that are still to be read.
struct Words<'t>(&'t [u8]);

impl<'t> Words<'t> {
    /// The bytes that come next, unless something else does.
    fn bytes(&mut self) -> Option<Vec<u8>> {
        match self.next()? {
            Word::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// A text, or a list of texts.
    fn target(&mut self) -> Option<Vec<Vec<u16>>> {
        match self.next()? {
            Word::Bytes(bytes) => Some(vec![units(&bytes)]),
            Word::Open => {
                let mut texts = Vec::new();
                loop {
                    match self.next()? {
                        Word::Bytes(bytes) => texts.push(units(&bytes)),
                        Word::Close => return Some(texts),
                        _ => return None,
                    }
                }
            }
            _ => None,
        }
    }

    /// Takes bytes away up to the first, after `from`, for which `ends` holds.
    fn take(&mut self, from: usize, ends: impl Fn(u8) -> bool) -> &'t [u8] {
        let end = self.0.iter().skip(from).position(|byte| ends(*byte));
        let (taken, rest) = self.0.split_at(end.map_or(self.0.len(), |end| from + end));
        self.0 = rest;
        taken
    }
}

impl<'t> Iterator for Words<'t> {
    type Item = Word<'t>;

    fn next(&mut self) -> Option<Word<'t>> {
        loop {
            match self.0.first()? {
                b'%' => drop(self.take(1, |byte| matches!(byte, b'\n' | b'\r'))),
                b'<' => return Some(Word::Bytes(hex(self.take(1, |byte| matches!(byte, b'<' | b'>'))))),
                b'[' | b']' => {
                    let open = self.take(1, |_| true) == b"[";
                    return Some(if open { Word::Open } else { Word::Close });
                }
                byte if separates(*byte) => drop(self.take(1, |_| true)),
                _ => {
                    return Some(Word::Name(
                        self.take(1, |byte| separates(byte) || b"%<[]/".contains(&byte)),
                    ));
                }
            }
        }
    }
}

/// Whether a byte is of no meaning here but stands between words.
fn separates(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"\0>(){}".contains(&byte)
}

/// The bytes that are written in hexadecimal digits; a last digit alone counts as the first of two.
fn hex(digits: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> =
        digits.iter().filter_map(|digit| u8::try_from(char::from(*digit).to_digit(16)?).ok()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use lopdf::{Dictionary, Document, Object, Stream};

    use super::*;

    fn table(sections: &str) -> String {
        format!(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /A def\n/CMapType 2 def\n\
             {sections}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
        )
    }

    fn said(table: &str, bytes: &[u8]) -> String {
        String::from_utf16_lossy(&CMap::read(table.as_bytes()).expect("a table").decode(bytes))
    }

    fn library(table: &str, bytes: &[u8]) -> String {
        let mut document = Document::new();
        let stream = document.add_object(Stream::new(Dictionary::new(), table.as_bytes().to_vec()));
        let mut font = Dictionary::new();
        font.set("Type", Object::Name(b"Font".to_vec()));
        font.set("ToUnicode", stream);
        font.get_font_encoding(&document).expect("an encoding").bytes_to_string(bytes).expect("a text")
    }

    #[test]
    fn tables_are_read_as_the_library_reads_them() {
        let space = "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n";
        let short = "1 begincodespacerange\n<00> <80>\n<8140> <9FFC>\nendcodespacerange\n";
        let sections = [
            "1 beginbfchar\n<01> <0041>\nendbfchar",
            "2 beginbfchar\n<0041> <00660066>\n<0102> <D83DDE00>\nendbfchar",
            "1 beginbfrange\n<0020> <007E> <0020>\nendbfrange",
            "2 beginbfrange\n<0000> <005E> <0020>\n<005F> <0061> [<00660066> <00660069> <00660066006C>]\nendbfrange",
            "1 beginbfrange\n<00> <FF> <0000>\nendbfrange\n1 beginbfchar\n<41> <0061>\nendbfchar",
            "1 beginbfrange\n<0041> <0043> <00410301>\nendbfrange",
            "0 beginbfchar\nendbfchar",
        ];
        let mut codes: Vec<u8> = (0..=u8::MAX).flat_map(|code| [0, code]).collect();
        codes.extend([1, 2, 0x81, 0x40, 0x41, 0x42, 0]);
        for before in ["", space, short] {
            for section in sections {
                let table = table(&format!("{before}{section}"));
                assert_eq!(said(&table, &codes), library(&table, &codes), "{table}");
            }
        }
    }

    #[test]
    fn what_others_write_loosely_is_read_too() {
        let loose = "begincmap%comment\rbeginbfchar<01><41>< 0 2 ><0 0 4 2>endbfchar/x(y)1 beginbfrange<03>\n<04>[<0043><0044>]";
        assert_eq!(said(loose, &[1, 2, 3, 4]), "ABCD");
        assert!(CMap::read(b"not a table").is_none());
        assert_eq!(said("beginbfchar <01> ] <02> <0042>", &[2]), "\u{fffd}");
    }

    #[test]
    fn entries_that_make_no_sense_are_passed_over() {
        let odd = "beginbfrange <05> <01> <0041> <01> <0102> <0041> <> <> <0041> <0102030405> <0102030405> <0041> \
                   <01> <02> [] <06> <09> [<0041> <0042>] endbfrange beginbfchar <07> <> endbfchar";
        assert_eq!(said(odd, &[6]), "A");
        assert_eq!(said(odd, &[7, 6]), "A");
        assert_eq!(said(odd, &[8]), "\u{fffd}");
    }

    #[test]
    fn a_table_of_all_codes_there_can_be_takes_no_time() {
        let all = "1 beginbfrange\n<00000000> <FFFFFFFF> <0041>\nendbfrange";
        assert_eq!(said(all, &[0, 0, 0, 1]), "B");
        assert_eq!(said(all, &[255; 4]), "@");
    }
}

//! Fonts as far as text needs them: what the codes of a string mean, and how wide they are.

use lopdf::{Dictionary, Document, Object};

use super::cmap::CMap;

/// What one stream that describes a font may unpack to.
const FONT_LIMIT: usize = 4 * 1024 * 1024;

/// More widths than this no font has.
const WIDTHS_LIMIT: usize = 70_000;

/// A font ready for use.
pub(super) struct Font {
    codes: Codes,
    /// Whether a code takes two bytes.
    pub(super) wide: bool,
    widths: Widths,
}

/// What codes mean.
enum Codes {
    /// A table that came with the font.
    Mapped(CMap),
    /// One text for each byte.
    Table(Vec<String>),
    /// The codes are UTF-16 themselves.
    Utf16,
}

/// How wide codes are, in thousandths of the font's size.
#[derive(Default)]
struct Widths {
    first: usize,
    list: Vec<f32>,
    other: Option<f32>,
}

impl Font {
    /// Reads a font's dictionary.
    pub(super) fn new(document: &Document, dictionary: &Dictionary) -> Self {
        let wide = dictionary.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Type0");
        let codes = mapped(document, dictionary).unwrap_or_else(|| match wide {
            true => Codes::Utf16,
            false => Codes::Table(table(document, dictionary)),
        });
        let widths =
            if wide { cid_widths(document, dictionary) } else { simple_widths(document, dictionary) };
        Self { codes, wide, widths }
    }

    /// What a string shown in this font says.
    pub(super) fn decode(&self, bytes: &[u8]) -> String {
        let mut text = String::new();
        match &self.codes {
            Codes::Mapped(map) => put(&mut text, map.decode(bytes)),
            Codes::Table(table) => {
                text.extend(
                    bytes.iter().filter_map(|byte| table.get(usize::from(*byte))).map(String::as_str),
                );
            }
            Codes::Utf16 => {
                put(&mut text, bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)));
            }
        }
        if text.contains(ligature) {
            text = text.chars().map(unfolded).collect::<Vec<_>>().concat();
        }
        text.retain(|c| !c.is_control() && c != '\u{fffd}');
        text
    }

    /// The codes of a string.
    pub(super) fn codes<'b>(&self, bytes: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
        let step = if self.wide { 2 } else { 1 };
        bytes.chunks(step).map(|code| code.iter().fold(0, |code, byte| code << 8 | usize::from(*byte)))
    }

    /// How wide a code is, in parts of the font's size.
    pub(super) fn width(&self, code: usize) -> f32 {
        let widths = &self.widths;
        let listed = code.checked_sub(widths.first).and_then(|place| widths.list.get(place)).copied();
        let width = listed.filter(|width| *width > 0.0).or(widths.other);
        match width {
            Some(width) => width / 1000.0,
            None => usual_width(u8::try_from(code).unwrap_or(b'n').into()),
        }
    }
}

fn put(text: &mut String, units: impl IntoIterator<Item = u16>) {
    text.extend(char::decode_utf16(units).filter_map(Result::ok));
}

/// The font's own table from codes to text, which says more than its encoding.
fn mapped(document: &Document, dictionary: &Dictionary) -> Option<Codes> {
    let table = dictionary.get_deref(b"ToUnicode", document).and_then(Object::as_stream).ok()?;
    CMap::read(&table.get_plain_content_with_limit(FONT_LIMIT).ok()?).map(Codes::Mapped)
}

/// What each byte means in a font of up to 256 characters.
fn table(document: &Document, dictionary: &Dictionary) -> Vec<String> {
    let (base, differences) = match dictionary.get_deref(b"Encoding", document).ok() {
        Some(Object::Name(name)) => (Some(name.as_slice()), None),
        Some(Object::Dictionary(encoding)) => (
            encoding.get(b"BaseEncoding").and_then(Object::as_name).ok(),
            encoding.get_deref(b"Differences", document).and_then(Object::as_array).ok(),
        ),
        _ => (None, None),
    };
    let mut table = base_table(document, base.unwrap_or(b"WinAnsiEncoding"));
    let mut code = 0usize;
    for item in differences.into_iter().flatten().take(4096) {
        match item {
            Object::Integer(first) => code = usize::try_from(*first).unwrap_or(usize::MAX),
            Object::Name(name) => {
                if let (Some(place), Some(text)) = (table.get_mut(code), glyph(document, name)) {
                    *place = text;
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    table
}

fn base_table(document: &Document, name: &[u8]) -> Vec<String> {
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", Object::Name(name.to_vec()));
    let Ok(encoding) = font.get_font_encoding(document) else { return Vec::new() };
    (0..=u8::MAX).map(|byte| encoding.bytes_to_string(&[byte]).unwrap_or_default()).collect()
}

/// The text of a glyph's name: `eacute`, `uni00E9`, `u00E9`, `f_i`, `a.alt`.
fn glyph(document: &Document, name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?;
    let name = name.split_once('.').map_or(name, |(name, _)| name);
    let hex = name.strip_prefix("uni").or_else(|| name.strip_prefix('u')).filter(|hex| hex.len() >= 4);
    if let Some(c) = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32) {
        return Some(c.into());
    }
    let known = known_glyph(document, name);
    known.or_else(|| {
        name.contains('_').then(|| name.split('_').filter_map(|part| known_glyph(document, part)).collect())
    })
}

/// Asks the library, whose list of glyphs can only be reached by way of a font.
fn known_glyph(document: &Document, name: &str) -> Option<String> {
    let mut encoding = Dictionary::new();
    encoding
        .set("Differences", Object::Array(vec![Object::Integer(0), Object::Name(name.as_bytes().to_vec())]));
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", Object::Dictionary(encoding));
    let text = font.get_font_encoding(document).ok()?.bytes_to_string(&[0]).ok()?;
    (!text.is_empty()).then_some(text)
}

fn simple_widths(document: &Document, dictionary: &Dictionary) -> Widths {
    let list = dictionary.get_deref(b"Widths", document).and_then(Object::as_array);
    let list = list.map(|list| list.iter().take(256).map(|width| number(document, width)).collect());
    let first = dictionary.get_deref(b"FirstChar", document).and_then(Object::as_i64);
    let first = first.ok().and_then(|first| usize::try_from(first).ok()).unwrap_or(0);
    Widths { first, list: list.unwrap_or_default(), other: None }
}

fn cid_widths(document: &Document, dictionary: &Dictionary) -> Widths {
    let mut widths = Widths { other: Some(1000.0), ..Widths::default() };
    let below = dictionary.get_deref(b"DescendantFonts", document).and_then(Object::as_array).ok();
    let below = below.and_then(|fonts| document.dereference(fonts.first()?).ok());
    let Some(below) = below.and_then(|(_, font)| font.as_dict().ok()) else { return widths };
    if let Ok(other) = below.get_deref(b"DW", document) {
        widths.other = Some(number(document, other));
    }
    let list = below.get_deref(b"W", document).and_then(Object::as_array);
    let mut items = list.map(|list| list.iter()).unwrap_or_default();
    // Either `first [widths]` or `first last width`.
    while let (Some(first), Some(second)) = (items.next(), items.next()) {
        let Ok(first) = usize::try_from(number(document, first) as i64) else { break };
        let second = document.dereference(second).map_or(second, |(_, object)| object);
        match second {
            Object::Array(list) => {
                let list = list.iter().map(|width| number(document, width)).enumerate();
                list.for_each(|(place, width)| set(&mut widths.list, first.saturating_add(place), width));
            }
            last => {
                let last = (number(document, last) as usize).min(WIDTHS_LIMIT);
                let Some(width) = items.next() else { break };
                let width = number(document, width);
                (first..=last).for_each(|place| set(&mut widths.list, place, width));
            }
        }
    }
    widths
}

fn set(list: &mut Vec<f32>, place: usize, width: f32) {
    if place < WIDTHS_LIMIT {
        if list.len() <= place {
            list.resize(place + 1, 0.0);
        }
        list[place] = width;
    }
}

fn number(document: &Document, object: &Object) -> f32 {
    document.dereference(object).ok().and_then(|(_, object)| object.as_float().ok()).unwrap_or(0.0)
}

/// How wide a character is in the fonts that need not come with a file.
fn usual_width(c: char) -> f32 {
    match c {
        'i' | 'l' | 'j' | '\'' | '|' => 0.22,
        ' ' | 'f' | 't' | 'r' | 'I' | '.' | ',' | ':' | ';' | '!' | '/' | '(' | ')' | '-' | '[' | ']' => 0.29,
        'm' | 'M' | 'W' | '%' | '@' => 0.86,
        'w' | 'A'..='Z' => 0.69,
        's' | 'c' | 'k' | 'v' | 'x' | 'y' | 'z' => 0.5,
        _ => 0.556,
    }
}

fn ligature(c: char) -> bool {
    ('\u{fb00}'..='\u{fb06}').contains(&c)
}

/// A ligature as the letters it stands for.
fn unfolded(c: char) -> String {
    match c {
        '\u{fb00}' => "ff".into(),
        '\u{fb01}' => "fi".into(),
        '\u{fb02}' => "fl".into(),
        '\u{fb03}' => "ffi".into(),
        '\u{fb04}' => "ffl".into(),
        '\u{fb05}' | '\u{fb06}' => "st".into(),
        c => c.into(),
    }
}

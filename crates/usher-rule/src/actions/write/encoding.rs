//! The encodings text can be written in, by the names Python has for them, since that is what organize's configs use.
//!
//! Where the web's tables differ from Python's, Python's win (`latin-1` is not `windows-1252`). Encodings whose tables no
//! library of ours has, such as the code pages of DOS, are not known.

use encoding_rs::{EncoderResult, Encoding as Table};

/// How text becomes bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Encoding {
    /// UTF-8, and whether a new file begins with a mark that says so.
    Utf8 { mark: bool },
    /// Characters up to this one, a byte each.
    Narrow(u8),
    /// UTF-16 or UTF-32.
    Wide { bytes: usize, little: bool, mark: bool },
    /// By a table.
    Table(&'static Table),
}

/// The encoding of a name; spelling is a matter of taste, as it is to Python.
pub(super) fn named(name: &str) -> Option<Encoding> {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let wide = |bytes, little, mark| Some(Encoding::Wide { bytes, little, mark });
    match plain.as_str() {
        "utf8" | "u8" | "utf" | "cp65001" => Some(Encoding::Utf8 { mark: false }),
        "utf8sig" => Some(Encoding::Utf8 { mark: true }),
        "ascii" | "usascii" | "646" => Some(Encoding::Narrow(0x7f)),
        "latin1" | "latin" | "iso88591" | "l1" | "8859" | "cp819" => Some(Encoding::Narrow(0xff)),
        "utf16" | "u16" => wide(2, cfg!(target_endian = "little"), true),
        "utf16le" => wide(2, true, false),
        "utf16be" => wide(2, false, false),
        "utf32" | "u32" => wide(4, cfg!(target_endian = "little"), true),
        "utf32le" => wide(4, true, false),
        "utf32be" => wide(4, false, false),
        other => label(other).and_then(|label| Table::for_label(label.as_bytes())).map(Encoding::Table),
    }
}

/// The web's name for one of Python's.
fn label(plain: &str) -> Option<String> {
    if let Some(page @ ("1250" | "1251" | "1252" | "1253" | "1254" | "1255" | "1256" | "1257" | "1258")) =
        plain.strip_prefix("cp").or_else(|| plain.strip_prefix("windows"))
    {
        return Some(format!("windows-{page}"));
    }
    // The first is latin-1, and what the web calls the ninth and the eleventh are tables of Windows.
    if let Some(part @ ("2" | "3" | "4" | "5" | "6" | "7" | "8" | "10" | "13" | "14" | "15" | "16")) =
        plain.strip_prefix("iso8859")
    {
        return Some(format!("iso-8859-{part}"));
    }
    let label = match plain {
        "latin2" | "l2" => "iso-8859-2",
        "latin3" | "l3" => "iso-8859-3",
        "latin4" | "l4" => "iso-8859-4",
        "latin6" | "l6" => "iso-8859-10",
        "latin9" | "l9" => "iso-8859-15",
        "latin10" | "l10" => "iso-8859-16",
        "cyrillic" => "iso-8859-5",
        "greek" => "iso-8859-7",
        "koi8r" => "koi8-r",
        "koi8u" => "koi8-u",
        "cp866" | "866" => "ibm866",
        "macroman" | "macintosh" => "macintosh",
        "cp932" | "ms932" | "mskanji" | "windows31j" => "shift_jis",
        "eucjp" => "euc-jp",
        "gbk" | "936" | "cp936" => "gbk",
        "gb18030" => "gb18030",
        "cp949" | "uhc" | "ms949" => "euc-kr",
        _ => return None,
    };
    Some(label.to_owned())
}

impl Encoding {
    /// The text as bytes, at the beginning of a file or not; the character that it has none for where there is one.
    pub(super) fn encode(self, text: String, at_start: bool) -> Result<Vec<u8>, char> {
        match self {
            Self::Utf8 { mark: false } => Ok(text.into_bytes()),
            Self::Utf8 { mark: true } => Ok([self.mark(at_start), text.as_bytes()].concat()),
            Self::Narrow(highest) => {
                let byte = |c| u8::try_from(u32::from(c)).ok().filter(|byte| *byte <= highest).ok_or(c);
                text.chars().map(byte).collect()
            }
            Self::Wide { .. } => {
                let mut bytes = self.mark(at_start).to_vec();
                text.chars().for_each(|c| self.widen(c, &mut bytes));
                Ok(bytes)
            }
            Self::Table(table) => tabled(table, &text),
        }
    }

    /// What a file in this encoding begins with.
    pub(super) fn mark(self, at_start: bool) -> &'static [u8] {
        match self {
            _ if !at_start => b"",
            Self::Utf8 { mark: true } => b"\xef\xbb\xbf",
            Self::Wide { bytes: 2, mark: true, little: true } => b"\xff\xfe",
            Self::Wide { bytes: 2, mark: true, little: false } => b"\xfe\xff",
            Self::Wide { mark: true, little: true, .. } => b"\xff\xfe\0\0",
            Self::Wide { mark: true, little: false, .. } => b"\0\0\xfe\xff",
            _ => b"",
        }
    }

    fn widen(self, c: char, bytes: &mut Vec<u8>) {
        let Self::Wide { bytes: width, little, .. } = self else { return };
        if width == 2 {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                bytes.extend(if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
            }
        } else {
            let code = u32::from(c);
            bytes.extend(if little { code.to_le_bytes() } else { code.to_be_bytes() });
        }
    }
}

fn tabled(table: &'static Table, text: &str) -> Result<Vec<u8>, char> {
    let mut encoder = table.new_encoder();
    let most = encoder.max_buffer_length_from_utf8_without_replacement(text.len()).unwrap_or(text.len() * 4);
    let mut bytes = Vec::with_capacity(most);
    match encoder.encode_from_utf8_to_vec_without_replacement(text, &mut bytes, true).0 {
        EncoderResult::InputEmpty | EncoderResult::OutputFull => Ok(bytes),
        EncoderResult::Unmappable(c) => Err(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(name: &str, text: &str, at_start: bool) -> Result<Vec<u8>, char> {
        named(name).unwrap().encode(text.to_owned(), at_start)
    }

    #[test]
    fn names_are_pythons() {
        for (name, wanted) in [
            ("utf-8", &b"\xc3\xa9"[..]),
            ("UTF8", b"\xc3\xa9"),
            ("utf_8_sig", b"\xef\xbb\xbf\xc3\xa9"),
            ("Latin-1", b"\xe9"),
            ("utf-16-le", b"\xe9\0"),
            ("utf_16_be", b"\0\xe9"),
            ("utf-32-be", b"\0\0\0\xe9"),
            ("cp1252", b"\xe9"),
            ("windows-1250", b"\xe9"),
            ("mac-roman", b"\x8e"),
            ("iso8859-15", b"\xe9"),
            ("gb18030", b"\xa8\xa6"),
        ] {
            assert_eq!(bytes(name, "é", true).unwrap(), wanted, "{name}");
        }
        assert_eq!(bytes("cp1251", "Ж", true).unwrap(), b"\xc6");
        assert_eq!(bytes("cp932", "あ", true).unwrap(), b"\x82\xa0");
        assert_eq!(bytes("utf-16-be", "😀", true).unwrap(), b"\xd8\x3d\xde\x00");
        assert!(
            ["maybe", "", "cp1259", "iso8859-12", "rot13", "x-user-defined"]
                .iter()
                .all(|name| named(name).is_none())
        );
    }

    #[test]
    fn a_mark_is_for_the_beginning_only() {
        assert_eq!(bytes("utf-8-sig", "a", false).unwrap(), b"a");
        assert_eq!(bytes("utf-16", "a", true).unwrap().len(), 4);
        assert_eq!(bytes("utf-16", "a", false).unwrap().len(), 2);
    }

    #[test]
    fn what_has_no_bytes_is_named() {
        assert_eq!(bytes("ascii", "aé", true), Err('é'));
        assert_eq!(bytes("cp1252", "Ж", true), Err('Ж'));
        assert_eq!(bytes("koi8-r", "aé", true), Err('é'));
    }
}

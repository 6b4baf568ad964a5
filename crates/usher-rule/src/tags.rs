//! Tags as platforms keep them: extended attributes of files.
//!
//! Linux desktops write `user.xdg.tags`, names with commas between them. The Finder writes a property list of texts, each
//! a name, a line break and the number of a colour; it reads the binary and the XML form, and so do we. Which attribute
//! is meant on this machine is the only thing here that depends on the platform.

use std::fmt::Write as _;

/// The attribute this platform keeps tags in; `None` where it has no such thing.
pub const ATTRIBUTE: Option<&str> = if cfg!(target_os = "macos") {
    Some(FINDER)
} else if cfg!(unix) {
    Some(XDG)
} else {
    None
};

/// Where Linux desktops keep tags.
pub const XDG: &str = "user.xdg.tags";

/// Where the Finder keeps tags.
pub const FINDER: &str = "com.apple.metadata:_kMDItemUserTags";

/// The Finder's colours, each at its number.
pub const COLOURS: [&str; 8] = ["none", "gray", "green", "purple", "blue", "yellow", "red", "orange"];

/// More tags than these on one file are somebody's mischief.
const MANY: usize = 1000;

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// The number of its colour in [`COLOURS`]; only the Finder keeps it.
    pub colour: u8,
}

impl Tag {
    /// A tag without a colour.
    pub fn plain(name: impl Into<String>) -> Self {
        Self { name: name.into(), colour: 0 }
    }
}

/// The tags in an attribute's value.
///
/// # Errors
/// What is wrong with a value that holds no tags as far as can be seen.
pub fn read(attribute: &str, value: &[u8]) -> Result<Vec<Tag>, String> {
    if attribute == FINDER {
        return finder_texts(value).map(|texts| texts.iter().map(|text| finder_tag(text)).collect());
    }
    let text = std::str::from_utf8(value).map_err(|_| format!("{attribute} is not text"))?;
    Ok(text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(Tag::plain).collect())
}

/// The attribute's value for these tags; `None` where none are left, so that the attribute goes.
pub fn write(attribute: &str, tags: &[Tag]) -> Option<Vec<u8>> {
    if tags.is_empty() {
        return None;
    }
    if attribute == FINDER {
        return Some(finder_list(tags).into_bytes());
    }
    let names: Vec<&str> = tags.iter().map(|tag| tag.name.as_str()).collect();
    Some(names.join(",").into_bytes())
}

fn finder_tag(text: &str) -> Tag {
    match text.rsplit_once('\n') {
        Some((name, colour)) => Tag { name: name.to_owned(), colour: colour.trim().parse().unwrap_or(0) },
        None => Tag::plain(text),
    }
}

/// An XML property list, which is a property list as good as a binary one and can be read in a terminal.
fn finder_list(tags: &[Tag]) -> String {
    let mut list = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" ",
        "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n",
        "<plist version=\"1.0\"><array>"
    ));
    for tag in tags {
        let name = tag.name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let _ = write!(list, "<string>{name}\n{}</string>", tag.colour);
    }
    list + "</array></plist>\n"
}

fn finder_texts(value: &[u8]) -> Result<Vec<String>, String> {
    let found = match value.strip_prefix(b"bplist00") {
        Some(_) => binary_texts(value),
        None => std::str::from_utf8(value).ok().and_then(xml_texts),
    };
    found.ok_or_else(|| format!("{FINDER} is no list of tags"))
}

fn xml_texts(text: &str) -> Option<Vec<String>> {
    let array = text.split_once("<array>")?.1.split_once("</array>")?.0;
    let mut texts = Vec::new();
    for part in array.split("<string>").skip(1) {
        let text = part.split_once("</string>")?.0;
        texts.push(
            text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"),
        );
    }
    Some(texts)
}

/// The texts of a binary property list whose top is an array of texts. Everything is looked up within the bytes given,
/// so that no value can do worse than be refused.
fn binary_texts(bytes: &[u8]) -> Option<Vec<String>> {
    let trailer = bytes.len().checked_sub(32).and_then(|at| bytes.get(at..))?;
    let (offset_size, reference_size) = (usize::from(trailer[6]), usize::from(trailer[7]));
    let (top, table) = (big_endian(&trailer[16..24])?, big_endian(&trailer[24..32])?);
    let object = |nr: usize| {
        let at = nr.checked_mul(offset_size)?.checked_add(table)?;
        big_endian(bytes.get(at..at.checked_add(offset_size)?)?)
    };
    let (kind, count, at) = head(bytes, object(top)?)?;
    // Many short references to one long text would make much of little.
    if kind != 0xa || count > MANY {
        return None;
    }
    let mut texts = Vec::new();
    for nr in 0..count {
        let at = nr.checked_mul(reference_size)?.checked_add(at)?;
        let reference = big_endian(bytes.get(at..at.checked_add(reference_size)?)?)?;
        let (kind, length, at) = head(bytes, object(reference)?)?;
        texts.push(match kind {
            0x5 => String::from_utf8_lossy(bytes.get(at..at.checked_add(length)?)?).into_owned(),
            0x6 => {
                let units = bytes.get(at..at.checked_add(length.checked_mul(2)?)?)?.as_chunks::<2>().0;
                String::from_utf16_lossy(
                    &units.iter().map(|pair| u16::from_be_bytes(*pair)).collect::<Vec<_>>(),
                )
            }
            _ => return None,
        });
    }
    Some(texts)
}

/// Kind, length and first byte of the object at `at`.
fn head(bytes: &[u8], at: usize) -> Option<(u8, usize, usize)> {
    let marker = *bytes.get(at)?;
    let (kind, short) = (marker >> 4, usize::from(marker & 0xf));
    if short != 0xf {
        return Some((kind, short, at + 1));
    }
    // A longer length is an object of its own: 0x1n, a whole number of 2 to the n bytes.
    let size = 1usize << (*bytes.get(at + 1)? & 0x3);
    Some((kind, big_endian(bytes.get(at + 2..at + 2 + size)?)?, at + 2 + size))
}

fn big_endian(bytes: &[u8]) -> Option<usize> {
    if bytes.is_empty() || bytes.len() > 8 {
        return None;
    }
    let number = bytes.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    usize::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(tags: &[Tag]) -> Vec<(&str, u8)> {
        tags.iter().map(|tag| (tag.name.as_str(), tag.colour)).collect()
    }

    #[test]
    fn xdg_tags_have_commas_between_them() {
        let tags = read(XDG, b"invoice, 2026 ,,paid").unwrap();
        assert_eq!(names(&tags), [("invoice", 0), ("2026", 0), ("paid", 0)]);
        assert_eq!(write(XDG, &tags).unwrap(), b"invoice,2026,paid");
        assert_eq!(write(XDG, &[]), None);
        assert!(read(XDG, b"\xff").is_err());
    }

    #[test]
    fn finder_tags_come_back_with_their_colours() {
        let tags = [Tag { name: "A & <B>".into(), colour: 6 }, Tag::plain("Ünïcode")];
        let written = write(FINDER, &tags).unwrap();
        assert_eq!(read(FINDER, &written).unwrap(), tags);
    }

    /// What `plutil -convert binary1` makes of `["Red\n6", "Grün\n2"]`.
    const BINARY: &[u8] = b"bplist00\xa2\x01\x02\x55Red\n6\x66\x00G\x00r\x00\xfc\x00n\x00\n\x002\
        \x08\x0b\x11\0\0\0\0\0\0\x01\x01\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x1e";

    #[test]
    fn the_finders_own_binary_form_is_read() {
        assert_eq!(names(&read(FINDER, BINARY).unwrap()), [("Red", 6), ("Grün", 2)]);
    }

    #[test]
    fn damaged_lists_are_refused_and_nothing_worse() {
        for end in 0..BINARY.len() {
            assert!(read(FINDER, &BINARY[..end]).is_err(), "{end}");
        }
        for at in 0..BINARY.len() {
            let mut damaged = BINARY.to_vec();
            damaged[at] = 0xff;
            let _ = read(FINDER, &damaged);
        }
        assert!(read(FINDER, b"<plist><array><string>a</array>").is_err());
    }
}

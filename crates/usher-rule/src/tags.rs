//! Tags as platforms keep them: extended attributes of files.
//!
//! Linux desktops write `user.xdg.tags`, names with commas between them. The Finder writes a property list of texts, each
//! a name, a line break and the number of a colour. Which attribute is meant on this machine is the only thing here that
//! depends on the platform.

use std::io::Cursor;

use usher_event::{Sentence, sentence};

/// The attribute this platform keeps tags in; `None` where it has no such thing.
pub const ATTRIBUTE: Option<&str> = if cfg!(target_os = "macos") {
    Some(FINDER)
} else if cfg!(target_os = "linux") {
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
pub fn read(attribute: &str, value: &[u8]) -> Result<Vec<Tag>, Sentence> {
    if attribute == FINDER {
        return finder_texts(value).map(|texts| texts.iter().map(|text| finder_tag(text)).collect());
    }
    let text = std::str::from_utf8(value)
        .map_err(|_| sentence!("tags-no-text", "{attribute} is not text", attribute = attribute))?;
    Ok(text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(Tag::plain).collect())
}

/// The attribute's value for these tags; `None` where none are left, so that the attribute goes.
pub fn write(attribute: &str, tags: &[Tag]) -> Option<Vec<u8>> {
    if tags.is_empty() {
        return None;
    }
    if attribute == FINDER {
        return finder_list(tags);
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

/// The texts of a property list that is a list of texts.
fn finder_texts(value: &[u8]) -> Result<Vec<String>, Sentence> {
    let list = plist::Value::from_reader(Cursor::new(value)).ok().and_then(plist::Value::into_array);
    let texts = list.map(|list| list.into_iter().map(plist::Value::into_string).collect::<Option<Vec<_>>>());
    texts
        .flatten()
        .ok_or_else(|| sentence!("tags-no-list", "{attribute} is no list of tags", attribute = FINDER))
}

fn finder_list(tags: &[Tag]) -> Option<Vec<u8>> {
    let text = |tag: &Tag| plist::Value::from(format!("{}\n{}", tag.name, tag.colour));
    let list = plist::Value::Array(tags.iter().map(text).collect());
    let mut bytes = Vec::new();
    list.to_writer_binary(&mut bytes).ok().map(|()| bytes)
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

    #[test]
    fn what_is_no_list_of_tags_is_refused() {
        let whole = write(FINDER, &[Tag::plain("a"), Tag::plain("b")]).unwrap();
        for end in 0..whole.len() {
            assert!(read(FINDER, &whole[..end]).is_err(), "{end}");
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] = 0xff;
            let _ = read(FINDER, &damaged);
        }
        assert!(read(FINDER, b"<plist><array><string>a</array>").is_err());
    }
}

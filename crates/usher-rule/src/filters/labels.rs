//! Labels that systems keep beside a file's content, in extended attributes: tags, and where a file came from.

use std::io;
use std::path::Path;

use super::{FilterError, Tried};
use crate::World;
use crate::tags::{self, COLOURS, FINDER};

/// An attribute, if the file has it.
///
/// # Errors
/// When the file cannot be looked at. A file system without attributes is no error: nothing is labelled there.
pub(super) fn attribute(world: &dyn World, path: &Path, name: &str) -> Result<Option<Vec<u8>>, FilterError> {
    match world.attribute(path, name) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(None),
        answer => answer.map_err(|error| FilterError::io(Tried::Labels, path, error)),
    }
}

/// The same as text.
pub(super) fn text(world: &dyn World, path: &Path, name: &str) -> Result<Option<String>, FilterError> {
    let bytes = attribute(world, path, name)?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).trim_end_matches('\0').to_owned()))
}

/// The texts of a property list that is a list of texts; none where it is something else.
pub(super) fn listed(bytes: &[u8]) -> Vec<String> {
    let list = plist::Value::from_reader(io::Cursor::new(bytes)).ok().and_then(plist::Value::into_array);
    list.unwrap_or_default().into_iter().filter_map(plist::Value::into_string).collect()
}

/// One Finder tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FinderTag {
    pub(super) name: String,
    pub(super) colour: &'static str,
}

/// The Finder tags of a file.
pub(super) fn finder_tags(world: &dyn World, path: &Path) -> Result<Vec<FinderTag>, FilterError> {
    let bytes = attribute(world, path, FINDER)?.unwrap_or_default();
    let tag = |tag: tags::Tag| FinderTag {
        name: tag.name,
        colour: COLOURS.get(usize::from(tag.colour)).unwrap_or(&COLOURS[0]),
    };
    // What is no list of tags holds none.
    Ok(tags::read(FINDER, &bytes).unwrap_or_default().into_iter().map(tag).collect())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::fake::Fake;

    /// A binary property list with these texts.
    pub(in crate::filters) fn property_list(texts: &[&str]) -> Vec<u8> {
        let list = plist::Value::Array(texts.iter().map(|text| (*text).into()).collect());
        let mut bytes = Vec::new();
        list.to_writer_binary(&mut bytes).expect("a property list");
        bytes
    }

    #[test]
    fn finder_tags_have_names_and_colours() {
        let tags = property_list(&["Urgent\n6", "Später\n0", "Plain", "Odd\n99"]);
        let world = Fake::new().file("/in/a", "").with_attribute("/in/a", FINDER, &tags);
        let found = finder_tags(&world, Path::new("/in/a")).expect("tags");
        let found: Vec<_> = found.iter().map(|tag| (tag.name.as_str(), tag.colour)).collect();
        assert_eq!(found, [("Urgent", "red"), ("Später", "none"), ("Plain", "none"), ("Odd", "none")]);
    }

    #[test]
    fn what_is_no_property_list_holds_nothing() {
        for bytes in
            [&b""[..], b"bplist00", b"bplist00\xa1\xff\xff\xff\xff\0\0\0\x08", b"<plist>", &[0xff; 100]]
        {
            assert!(listed(bytes).is_empty(), "{bytes:?}");
        }
    }
}

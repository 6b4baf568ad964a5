//! What is in an archive, without the bytes.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Component, Path};

use usher_event::Kind;

use super::{ArchiveError, Packed, PackedKind, Reading, read};
use crate::Content;

/// Entries that are kept; a plan needs to show no more.
const KEPT: usize = 20_000;

/// The entries of an archive as far as they were gone through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The entries, the folders they lie in perhaps left out.
    pub entries: Vec<Packed>,
    /// Whether these are all.
    pub complete: bool,
    /// Whether it is one file and no folder.
    pub single: bool,
    /// The only folder at the top, which is not unpacked as a folder in a folder.
    pub only: Option<OsString>,
}

/// Lists an archive, refusing it for everything that unpacking would refuse it for and that can be seen by now.
///
/// # Errors
/// At the first thing that is wrong with it.
pub fn list(content: Box<dyn Content>, reading: &Reading<'_>) -> Result<Listing, ArchiveError> {
    let mut listing = Listing { single: reading.format == super::Format::Gz, ..Listing::default() };
    let mut all_kept = true;
    let mut tops: BTreeMap<OsString, bool> = BTreeMap::new();
    let mut to_root = None;
    let complete = read(content, reading, &mut |packed, _| {
        if tops.len() < 2 {
            let deeper = packed.path.components().count() > 1 || packed.kind == PackedKind::Dir;
            *tops.entry(top(&packed.path)).or_default() |= deeper;
        }
        if matches!(packed.kind, PackedKind::Symlink { to_root: true, .. }) {
            to_root.get_or_insert_with(|| packed.path.clone());
        }
        if listing.entries.len() < KEPT {
            listing.entries.push(packed.clone());
        } else {
            all_kept = false;
        }
        Ok(())
    })?;
    listing.complete = complete && all_kept;
    listing.only = match tops.pop_first() {
        Some((top, true)) if tops.is_empty() => Some(top),
        _ => None,
    };
    match (to_root, &listing.only) {
        (Some(path), Some(_)) if complete => Err(climbs_out(&path)),
        _ => Ok(listing),
    }
}

/// Why a link that climbs to the top is refused: it leads out once the only folder there is the top.
pub fn climbs_out(path: &Path) -> ArchiveError {
    ArchiveError::refused(path.to_string_lossy(), "a link that leads out of its folder")
}

fn top(path: &Path) -> OsString {
    path.components().next().map(|part| part.as_os_str().to_os_string()).unwrap_or_default()
}

impl Listing {
    /// Where an entry lies below the result; empty for the result itself.
    pub fn place<'p>(&self, packed: &'p Packed) -> &'p Path {
        match (&self.only, self.single) {
            (_, true) => Path::new(""),
            (Some(only), _) => packed.path.strip_prefix(only).unwrap_or(&packed.path),
            (None, _) => &packed.path,
        }
    }

    /// The names right below the result, folders with a slash, sorted.
    pub fn top(&self) -> Vec<(OsString, Kind)> {
        let mut tops: BTreeMap<OsString, Kind> = BTreeMap::new();
        for packed in &self.entries {
            let mut parts = self.place(packed).components();
            let Some(Component::Normal(first)) = parts.next() else { continue };
            let kind = match (&packed.kind, parts.next()) {
                (PackedKind::Dir, _) | (_, Some(_)) => Kind::Dir,
                (PackedKind::Symlink { .. }, None) => Kind::Symlink,
                (_, None) => Kind::File,
            };
            tops.insert(first.to_os_string(), kind);
        }
        tops.into_iter().collect()
    }
}

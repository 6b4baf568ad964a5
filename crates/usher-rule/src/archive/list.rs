//! What is in an archive, without the bytes.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use usher_event::Kind;

use super::check::Check;
use super::{ArchiveError, Packed, PackedKind, Reading, name, read};
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
    let single = reading.format == super::Format::Gz;
    let mut seen = Seen { listing: Listing { single, ..Listing::default() }, ..Seen::default() };
    let complete = read(content, reading, &mut |packed, _| {
        seen.take(packed);
        Ok(())
    })?;
    seen.end(complete)
}

/// Lists an archive that is planned and not made yet, refusing it for what it will be refused for when it is. How much
/// smaller its bytes will be nobody knows by now.
///
/// # Errors
/// At the first thing that is wrong with it.
pub fn list_planned(entries: Vec<Packed>, reading: &Reading<'_>) -> Result<Listing, ArchiveError> {
    let mut check = Check::new(reading, u64::MAX);
    check.declared(entries.iter().map(|packed| packed.size).sum())?;
    let mut seen = Seen::default();
    for mut packed in entries {
        check.admit(&packed)?;
        if let PackedKind::Symlink { target, to_root } = &mut packed.kind {
            (*target, *to_root) = name::link(&packed.path, target.as_os_str().as_encoded_bytes(), false)?;
        }
        seen.take(&packed);
    }
    seen.end(true)
}

/// What has been seen of an archive that is listed.
#[derive(Default)]
struct Seen {
    listing: Listing,
    more: bool,
    /// The first names at the top, with whether there is a folder of that name.
    tops: BTreeMap<OsString, bool>,
    /// The first link that climbs to the top.
    to_root: Option<PathBuf>,
}

impl Seen {
    fn take(&mut self, packed: &Packed) {
        if self.tops.len() < 2 {
            let deeper = packed.path.components().count() > 1 || packed.kind == PackedKind::Dir;
            *self.tops.entry(top(&packed.path)).or_default() |= deeper;
        }
        if matches!(packed.kind, PackedKind::Symlink { to_root: true, .. }) {
            self.to_root.get_or_insert_with(|| packed.path.clone());
        }
        if self.listing.entries.len() < KEPT {
            self.listing.entries.push(packed.clone());
        } else {
            self.more = true;
        }
    }

    fn end(mut self, complete: bool) -> Result<Listing, ArchiveError> {
        self.listing.complete = complete && !self.more;
        self.listing.only = match self.tops.pop_first() {
            Some((top, true)) if self.tops.is_empty() => Some(top),
            _ => None,
        };
        match (self.to_root, &self.listing.only) {
            (Some(path), Some(_)) if complete => Err(climbs_out(&path)),
            _ => Ok(self.listing),
        }
    }
}

/// Why a link that climbs to the top is refused: it leads out once the only folder there is the top.
pub fn climbs_out(path: &Path) -> ArchiveError {
    ArchiveError::refused(path.to_string_lossy(), name::leads_out())
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

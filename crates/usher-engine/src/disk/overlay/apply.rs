//! What each operation makes of the world.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use usher_event::Kind;
use usher_rule::archive::{Format, Listing, Packed, PackedKind};
use usher_rule::{LinkKind, Op, Stat, World, WriteMode};

use super::place::{Place, bytes};
use super::{Attributes, Bytes, Overlay, Seat, below, joined};

/// Things in an archive that is planned, as far as they are kept in mind.
const MOST_PACKED: usize = 100_000;

impl Overlay<'_> {
    /// Shows the world as it is after `op`. Operations that do not touch files change nothing.
    pub fn apply(&self, op: &Op) {
        match op {
            Op::MakeDir { path } => {
                if !self.exists(path) {
                    self.put(path, Kind::Dir, Bytes::Own(Vec::new()));
                }
            }
            Op::Move { from, to } => self.carry(from, to, true),
            Op::Copy { from, to } => self.carry(from, to, false),
            Op::Stash { path } | Op::Trash { path } | Op::Delete { path } => {
                let kind = self.stat(path).map_or(Kind::Other, |stat| stat.kind);
                self.remove(path, kind);
            }
            Op::Link { original, path, kind } => self.link(original, path, *kind),
            Op::Pack { from, to, format } => {
                let mut entries = Vec::new();
                let top = from.file_name().map(PathBuf::from).unwrap_or_default();
                let size = self.pack(from, top, &mut entries);
                let content = match entries.len() {
                    ..=MOST_PACKED => Bytes::Archive { format: *format, entries: Arc::new(entries) },
                    _ => Bytes::Unmade,
                };
                self.put(to, Kind::File, content);
                self.alter(to, |stat| stat.size = size);
            }
            Op::Unpack { from, to, format, listing, .. } => self.unpack(from, to, *format, listing),
            Op::Attribute { path, name, after, .. } => {
                let mut attributes = self.attributes.borrow_mut();
                attributes.entry(self.settled(path)).or_default().insert(name.clone(), after.clone());
            }
            Op::Write { path, text, mode } => self.write(path, text, *mode),
            Op::Spawn(_) | Op::Python(_) => {}
            Op::Open { .. } | Op::Reveal { .. } | Op::Notify { .. } | Op::Say { .. } => {}
        }
    }

    /// Shows a file as it is after something was added to its end, or that was cut off.
    pub(crate) fn resize(&self, path: &Path, size: u64, modified: Option<i64>) {
        let Ok(mut stat) = self.stat(path) else { return };
        let content = self.content(path);
        stat.size = size;
        stat.modified = modified.and_then(crate::stamp::moment).unwrap_or(stat.modified);
        self.resized.borrow_mut().insert((stat.device, stat.inode), stat);
        self.set(path, stat, content);
    }

    fn set(&self, path: &Path, stat: Stat, content: Bytes) {
        self.expect_below(stat.kind);
        let place = Place(self.settled(path));
        self.changes.borrow_mut().insert(place, Seat::Taken { stat, content });
    }

    /// Notes that something of this kind is or was changed.
    fn expect_below(&self, kind: Kind) {
        self.folders.set(self.folders.get() || kind != Kind::File);
    }

    fn put(&self, path: &Path, kind: Kind, content: Bytes) {
        let mut inode = self.next_inode.borrow_mut();
        *inode += 1;
        let size = if let Bytes::Own(bytes) = &content { bytes.len() as u64 } else { 0 };
        let now = self.base.now().timestamp();
        // No real device has this number, so nothing made here is taken for something on the disk.
        let stat =
            Stat { kind, size, modified: now, created: Some(now), device: Stat::PLANNED, inode: *inode };
        self.set(path, stat, content);
    }

    fn alter(&self, path: &Path, alter: impl FnOnce(&mut Stat)) {
        if let Some(Seat::Taken { stat, .. }) = self.changes.borrow_mut().get_mut(bytes(&self.spelled(path)))
        {
            alter(stat);
        }
    }

    /// Puts down what an archive of what is at a path holds, in the order in which it is packed. Answers how many bytes
    /// that is.
    fn pack(&self, path: &Path, inside: PathBuf, entries: &mut Vec<(Packed, Bytes)>) -> u64 {
        let Ok(stat) = self.stat(path) else { return 0 };
        let (kind, size) = match stat.kind {
            Kind::Dir => (PackedKind::Dir, 0),
            Kind::Symlink => {
                let target = self.link_target(path).unwrap_or_default();
                (PackedKind::Symlink { target, to_root: false }, 0)
            }
            Kind::File | Kind::Other => (PackedKind::File, stat.size),
        };
        // What an archive keeps of a time is whole seconds.
        let modified = jiff::Timestamp::from_second(stat.modified.as_second()).ok();
        if entries.len() <= MOST_PACKED {
            let packed = Packed { path: inside.clone(), kind, size, modified, executable: false };
            entries.push((packed, self.content(path)));
        }
        if stat.kind != Kind::Dir {
            return stat.size;
        }
        let mut names: Vec<_> =
            self.list(path).unwrap_or_default().into_iter().map(|entry| entry.name).collect();
        names.sort();
        names.iter().map(|name| self.pack(&path.join(name), inside.join(name), entries)).sum()
    }

    /// Shows what an archive holds, as far as its list says.
    fn unpack(&self, from: &Path, to: &Path, format: Format, listing: &Listing) {
        let archive = self.content(from);
        let planned: HashMap<&Path, &Bytes> = match &archive {
            Bytes::Archive { entries, .. } => {
                entries.iter().map(|(packed, content)| (&*packed.path, content)).collect()
            }
            _ => HashMap::new(),
        };
        if !listing.single {
            self.put(to, Kind::Dir, Bytes::Own(Vec::new()));
        }
        for packed in &listing.entries {
            let place = joined(to, listing.place(packed));
            for folder in place.ancestors().skip(1).take_while(|folder| !self.exists(folder)) {
                self.put(folder, Kind::Dir, Bytes::Own(Vec::new()));
            }
            let (kind, content) = match &packed.kind {
                PackedKind::Dir if self.exists(&place) => continue,
                PackedKind::Dir => (Kind::Dir, Bytes::Own(Vec::new())),
                PackedKind::Symlink { target, .. } => (Kind::Symlink, Bytes::Link(target.clone())),
                PackedKind::HardLink(_) => (Kind::File, Bytes::Unmade),
                PackedKind::File => (
                    Kind::File,
                    match &archive {
                        Bytes::Base(archive) => {
                            Bytes::Packed { archive: archive.clone(), format, entry: packed.path.clone() }
                        }
                        _ => planned.get(&*packed.path).map_or(Bytes::Unmade, |content| (*content).clone()),
                    },
                ),
            };
            self.put(&place, kind, content);
            self.alter(&place, |stat| {
                stat.size = packed.size;
                stat.modified = packed.modified.unwrap_or(stat.modified);
            });
        }
    }

    fn link(&self, original: &Path, path: &Path, kind: LinkKind) {
        match (kind, self.stat(original)) {
            (LinkKind::Symbolic { .. }, _) => {
                self.put(path, Kind::Symlink, Bytes::Link(original.to_path_buf()));
            }
            // A second name shows the very same file.
            (LinkKind::Hard, Ok(stat)) => {
                let content = self.content(original);
                self.set(path, stat, content);
            }
            (LinkKind::Hard, Err(_)) => {}
        }
    }

    fn remove(&self, path: &Path, kind: Kind) {
        let place = Place(self.settled(path));
        self.attributes.borrow_mut().retain(|known, _| !known.starts_with(&place.0));
        let mut changes = self.changes.borrow_mut();
        if self.folders.get() {
            let below: Vec<Place> = below(&changes, &place.0).map(|(place, _)| place.clone()).collect();
            for place in below {
                changes.remove(&place);
            }
        }
        self.expect_below(kind);
        changes.insert(place, Seat::Gone);
    }

    /// Moves or copies what is at `from`, with everything the overlay knows below it.
    fn carry(&self, from: &Path, to: &Path, moved: bool) {
        let Ok(mut stat) = self.stat(from) else { return };
        let content = self.content(from);
        let (from, to) = (&*self.settled(from), &*self.settled(to));
        let below: Vec<(Place, Seat)> = match stat.kind {
            Kind::File => Vec::new(),
            _ => {
                let changes = self.changes.borrow();
                below(&changes, from).map(|(place, seat)| (place.clone(), seat.clone())).collect()
            }
        };
        let attributes: Vec<(PathBuf, Attributes)> = {
            let attributes = self.attributes.borrow();
            let below = attributes.iter().filter(|(path, _)| path.starts_with(from));
            below.map(|(path, values)| (path.clone(), values.clone())).collect()
        };
        if moved {
            self.remove(from, stat.kind);
        } else {
            let mut inode = self.next_inode.borrow_mut();
            *inode += 1;
            (stat.device, stat.inode) = (Stat::PLANNED, *inode);
        }
        let there = |path: &Path| path.strip_prefix(from).map(|rest| joined(to, rest)).ok();
        let mut known = self.attributes.borrow_mut();
        known.extend(attributes.into_iter().filter_map(|(path, values)| Some((there(&path)?, values))));
        let below = below.into_iter().filter_map(|(place, seat)| Some((Place(there(&place.0)?), seat)));
        self.changes.borrow_mut().extend(below);
        self.set(to, stat, content);
    }

    fn write(&self, path: &Path, text: &[u8], mode: WriteMode) {
        let old = match mode {
            WriteMode::Overwrite => Vec::new(),
            _ => self.read(path, u64::MAX).unwrap_or_default(),
        };
        let bytes = match mode {
            WriteMode::Append => [&old, text].concat(),
            WriteMode::Prepend | WriteMode::Overwrite => [text, &old].concat(),
        };
        self.put(path, Kind::File, Bytes::Own(bytes));
    }
}

//! The disk as it will be: a world in which planned steps have already happened.

use std::borrow::{Borrow, Cow};
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};
use std::io;
use std::ops::Bound;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use jiff::{Timestamp, Zoned};
use usher_event::Kind;
use usher_rule::{Content, Entry, Op, Stat, World, WriteMode};

/// A world on top of another one. Operations applied to it change what it shows and nothing else.
///
/// A simulation applies every planned step here and never to the disk; a real run does the same for as long as a batch
/// is being planned. That both look at the disk through this one type is what makes a simulation mean something.
pub struct Overlay<'a> {
    base: &'a dyn World,
    changes: RefCell<BTreeMap<Place, Seat>>,
    /// Whether any change is to something that may have something below it. Mostly all of them are to files, and then
    /// nobody has to look through the folders above a path.
    folders: Cell<bool>,
    seen: RefCell<Seen>,
    /// Numbers for files that exist only here.
    next_inode: RefCell<u64>,
}

/// A path as its bytes: plain to compare, where comparing paths takes both apart each time. Paths come here spelled in
/// one way only, without `.`, `..` and doubled separators.
#[derive(Debug, Clone)]
struct Place(PathBuf);

/// What the base has shown lately. A batch is planned in a moment, and every file of it asks for the same folders.
#[derive(Default)]
struct Seen {
    folders: HashMap<Place, Stat>,
    last: Option<(Place, Stat)>,
}

/// As many folders are kept in mind.
const FOLDERS: usize = 256;

/// What the overlay says about one path.
#[derive(Debug, Clone)]
enum Seat {
    /// Nothing is here any more.
    Gone,
    /// Something is here that differs from what the base has at this path.
    Taken { stat: Stat, content: Bytes },
}

/// Where the bytes (or the entries) of something in the overlay come from.
#[derive(Debug, Clone)]
enum Bytes {
    /// From a path of the base.
    Base(PathBuf),
    /// From memory; a directory made here has none.
    Own(Vec<u8>),
}

impl<'a> Overlay<'a> {
    /// The base as it is, nothing changed yet.
    pub fn new(base: &'a dyn World) -> Self {
        Self {
            base,
            changes: RefCell::default(),
            folders: Cell::new(false),
            seen: RefCell::default(),
            next_inode: RefCell::new(1),
        }
    }

    /// Forgets every change, because they have been applied to the base or have failed there.
    pub fn clear(&self) {
        self.changes.borrow_mut().clear();
        self.folders.set(false);
        self.look_afresh();
    }

    /// Forgets what the base has shown, because somebody else may have changed it meanwhile.
    pub(crate) fn look_afresh(&self) {
        *self.seen.borrow_mut() = Seen::default();
    }

    /// Whether what is at `path` here is something other than what the base has there.
    pub(crate) fn touched(&self, path: &Path) -> bool {
        !matches!(self.lookup(path), Found::Base(base) if *base == *path)
    }

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
            Op::Write { path, text, mode } => self.write(path, text, *mode),
            Op::Spawn(_) | Op::Notify { .. } | Op::Say { .. } => {}
        }
    }

    /// Shows a file as it is after its end was cut off.
    pub(crate) fn shorten(&self, path: &Path, at: u64, modified: Option<i64>) {
        let Ok(mut stat) = self.stat(path) else { return };
        let content = self.content(path);
        stat.size = at;
        stat.modified = modified.and_then(crate::stamp::moment).unwrap_or(stat.modified);
        self.set(path, stat, content);
    }

    fn set(&self, path: &Path, stat: Stat, content: Bytes) {
        self.expect_below(stat.kind);
        self.changes.borrow_mut().insert(path.into(), Seat::Taken { stat, content });
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
        let stat = Stat { kind, size, modified: now, created: Some(now), device: u64::MAX, inode: *inode };
        self.set(path, stat, content);
    }

    fn remove(&self, path: &Path, kind: Kind) {
        let mut changes = self.changes.borrow_mut();
        if self.folders.get() {
            let below: Vec<Place> = below(&changes, path).map(|(place, _)| place.clone()).collect();
            for place in below {
                changes.remove(&place);
            }
        }
        self.expect_below(kind);
        changes.insert(path.into(), Seat::Gone);
    }

    /// Moves or copies what is at `from`, with everything the overlay knows below it.
    fn carry(&self, from: &Path, to: &Path, moved: bool) {
        let Ok(mut stat) = self.stat(from) else { return };
        let content = self.content(from);
        let below: Vec<(Place, Seat)> = match stat.kind {
            Kind::File => Vec::new(),
            _ => {
                let changes = self.changes.borrow();
                below(&changes, from).map(|(place, seat)| (place.clone(), seat.clone())).collect()
            }
        };
        if moved {
            self.remove(from, stat.kind);
        } else {
            let mut inode = self.next_inode.borrow_mut();
            *inode += 1;
            (stat.device, stat.inode) = (u64::MAX, *inode);
        }
        for (place, seat) in below {
            if let Ok(rest) = place.0.strip_prefix(from) {
                self.changes.borrow_mut().insert(to.join(rest).as_path().into(), seat);
            }
        }
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

    /// Where the bytes of what is at `path` come from, as the overlay has it.
    fn content(&self, path: &Path) -> Bytes {
        match self.lookup(path) {
            Found::Here(_, content) => content,
            Found::Base(path) => Bytes::Base(path.into_owned()),
            Found::Nothing => Bytes::Own(Vec::new()),
        }
    }

    /// Finds the nearest thing the overlay knows at or above `path`.
    fn lookup<'p>(&self, path: &'p Path) -> Found<'p> {
        let changes = self.changes.borrow();
        if changes.is_empty() {
            return Found::Base(path.into());
        }
        let above = if self.folders.get() { usize::MAX } else { 1 };
        for ancestor in path.ancestors().take(above) {
            match changes.get(bytes(ancestor)) {
                None => {}
                Some(Seat::Gone) => return Found::Nothing,
                Some(Seat::Taken { stat, content }) if ancestor == path => {
                    return Found::Here(*stat, content.clone());
                }
                Some(Seat::Taken { content: Bytes::Base(base), .. }) => {
                    let rest = path.strip_prefix(ancestor).unwrap_or(Path::new(""));
                    return Found::Base(base.join(rest).into());
                }
                Some(Seat::Taken { content: Bytes::Own(_), .. }) => return Found::Nothing,
            }
        }
        Found::Base(path.into())
    }

    /// What the base has at `path`.
    fn base_stat(&self, path: &Path) -> io::Result<Stat> {
        if let Some(stat) = self.seen.borrow().at(path) {
            return Ok(stat);
        }
        let stat = self.base.stat(path)?;
        self.seen.borrow_mut().keep(path, stat);
        Ok(stat)
    }
}

impl Seen {
    fn at(&self, path: &Path) -> Option<Stat> {
        let path = bytes(path);
        let last = self.last.as_ref().filter(|(place, _)| place.bytes() == path);
        last.map(|(_, stat)| *stat).or_else(|| self.folders.get(path).copied())
    }

    fn keep(&mut self, path: &Path, stat: Stat) {
        if stat.kind != Kind::Dir {
            self.last = Some((path.into(), stat));
            return;
        }
        if self.folders.len() >= FOLDERS {
            self.folders.clear();
        }
        self.folders.insert(path.into(), stat);
    }
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

impl Place {
    fn bytes(&self) -> &[u8] {
        bytes(&self.0)
    }
}

impl From<&Path> for Place {
    fn from(path: &Path) -> Self {
        Self(path.to_path_buf())
    }
}

impl Borrow<[u8]> for Place {
    fn borrow(&self) -> &[u8] {
        self.bytes()
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Place {}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes().hash(state);
    }
}

enum Found<'p> {
    /// The overlay itself holds it.
    Here(Stat, Bytes),
    /// The base has it, at this path.
    Base(Cow<'p, Path>),
    /// It does not exist.
    Nothing,
}

/// The changes strictly below `dir`. In the order of bytes they stand together, behind the folder's own separator.
fn below<'m>(changes: &'m BTreeMap<Place, Seat>, dir: &Path) -> impl Iterator<Item = (&'m Place, &'m Seat)> {
    let mut below = bytes(dir).to_vec();
    if below.last() != Some(&(MAIN_SEPARATOR as u8)) {
        below.push(MAIN_SEPARATOR as u8);
    }
    changes
        .range::<[u8], _>((Bound::Excluded(&*below), Bound::Unbounded))
        .take_while(move |(place, _)| place.bytes().starts_with(&below))
}

fn missing() -> io::Error {
    io::ErrorKind::NotFound.into()
}

impl World for Overlay<'_> {
    fn stat(&self, path: &Path) -> io::Result<Stat> {
        match self.lookup(path) {
            Found::Here(stat, _) => Ok(stat),
            Found::Base(path) => self.base_stat(&path),
            Found::Nothing => Err(missing()),
        }
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = match self.lookup(dir) {
            Found::Here(stat, _) if stat.kind != Kind::Dir => return Err(io::ErrorKind::NotADirectory.into()),
            Found::Here(_, Bytes::Base(base)) => self.base.list(&base)?,
            Found::Base(base) => self.base.list(&base)?,
            Found::Here(_, Bytes::Own(_)) => Vec::new(),
            Found::Nothing => return Err(missing()),
        };
        let changes = self.changes.borrow();
        let mut own = Vec::new();
        for (place, seat) in below(&changes, dir) {
            let path = &place.0;
            let Some(name) = path.file_name().filter(|_| path.parent() == Some(dir)) else { continue };
            let kind = if let Seat::Taken { stat, .. } = seat { Some(stat.kind) } else { None };
            own.push((name.to_os_string(), kind));
        }
        if !own.is_empty() {
            entries
                .retain(|entry| own.binary_search_by(|(name, _)| name.as_os_str().cmp(&entry.name)).is_err());
            let made = own.into_iter().filter_map(|(name, kind)| kind.map(|kind| Entry { name, kind }));
            entries.extend(made);
        }
        Ok(entries)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Content>> {
        match self.lookup(path) {
            Found::Here(_, Bytes::Own(bytes)) => Ok(Box::new(io::Cursor::new(bytes))),
            Found::Here(_, Bytes::Base(base)) => self.base.open(&base),
            Found::Base(base) => self.base.open(&base),
            Found::Nothing => Err(missing()),
        }
    }

    fn attribute(&self, path: &Path, name: &str) -> io::Result<Option<Vec<u8>>> {
        match self.lookup(path) {
            Found::Here(_, Bytes::Own(_)) => Ok(None),
            Found::Here(_, Bytes::Base(base)) => self.base.attribute(&base, name),
            Found::Base(base) => self.base.attribute(&base, name),
            Found::Nothing => Err(missing()),
        }
    }

    fn added(&self, path: &Path) -> io::Result<Option<Timestamp>> {
        match self.lookup(path) {
            Found::Here(_, Bytes::Own(_)) => Ok(Some(self.base.now().timestamp())),
            Found::Here(_, Bytes::Base(base)) => self.base.added(&base),
            Found::Base(base) => self.base.added(&base),
            Found::Nothing => Err(missing()),
        }
    }

    fn same_content(&self, a: &Path, b: &Path) -> io::Result<bool> {
        match (self.content(a), self.content(b)) {
            (Bytes::Base(a), Bytes::Base(b)) => self.base.same_content(&a, &b),
            _ => Ok(self.stat(a)?.size == self.stat(b)?.size
                && self.read(a, u64::MAX)? == self.read(b, u64::MAX)?),
        }
    }

    fn now(&self) -> Zoned {
        self.base.now()
    }

    fn env(&self, name: &str) -> Option<String> {
        self.base.env(name)
    }

    fn home(&self) -> Option<PathBuf> {
        self.base.home()
    }

    fn working_dir(&self) -> PathBuf {
        self.base.working_dir()
    }
}

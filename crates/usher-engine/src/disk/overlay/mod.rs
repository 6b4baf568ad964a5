//! The disk as it will be: a world in which planned steps have already happened.

mod apply;
mod place;
mod spelling;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::ops::Bound;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::Arc;

use jiff::{Timestamp, Zoned};
use usher_event::{Kind, sentence};
use usher_rule::archive::{self, ArchiveError, Format, Limits, Packed, Reading};
use usher_rule::{Content, Entry, PythonAnswer, PythonCall, Stat, World};

use place::{Place, Seen, bytes};
use spelling::Spellings;

/// A world on top of another one. Operations applied to it change what it shows and nothing else.
///
/// A simulation applies every planned step here and never to the disk; a real run does the same for as long as a batch
/// is being planned. That both look at the disk through this one type is what makes a simulation mean something.
pub struct Overlay<'a> {
    base: &'a dyn World,
    changes: RefCell<BTreeMap<Place, Seat>>,
    /// Attributes that differ from those of whatever lies at the path.
    attributes: RefCell<BTreeMap<PathBuf, Attributes>>,
    /// Whether any change is to something that may have something below it. Mostly all of them are to files, and then
    /// nobody has to look through the folders above a path.
    folders: Cell<bool>,
    seen: RefCell<Seen>,
    /// Files that have grown or shrunk, by device and number: they have under every name.
    resized: RefCell<BTreeMap<(u64, u64), Stat>>,
    /// How the folders with changes in them are spelled here.
    spellings: RefCell<Spellings>,
    /// Numbers for files that exist only here.
    next_inode: RefCell<u64>,
    /// Where relative paths start, if not where they do in the base.
    cwd: Option<PathBuf>,
}

/// Values by name; `None` where an attribute was taken away.
type Attributes = BTreeMap<String, Option<Vec<u8>>>;

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
    /// A link that says this.
    Link(PathBuf),
    /// From an archive of the base, by the entry's name in there.
    Packed { archive: PathBuf, format: Format, entry: PathBuf },
    /// An archive that is not made yet, with what will be in it and where the bytes of that come from.
    Archive { format: Format, entries: Arc<Vec<(Packed, Bytes)>> },
    /// Nobody knows before it is made.
    Unmade,
}

/// Bytes of one file in an archive that are read into memory for a look at it.
const LARGEST_LOOK: u64 = 64 * 1024 * 1024;

impl<'a> Overlay<'a> {
    /// The base as it is, nothing changed yet.
    pub fn new(base: &'a dyn World) -> Self {
        Self {
            base,
            changes: RefCell::default(),
            folders: Cell::new(false),
            seen: RefCell::default(),
            resized: RefCell::default(),
            spellings: RefCell::default(),
            attributes: RefCell::default(),
            next_inode: RefCell::new(1),
            cwd: None,
        }
    }

    /// The same with relative paths starting somewhere else.
    pub(crate) fn starting_in(mut self, cwd: &Path) -> Self {
        self.cwd = Some(cwd.to_path_buf());
        self
    }

    /// Forgets every change, because they have been applied to the base or have failed there.
    pub fn clear(&self) {
        self.changes.borrow_mut().clear();
        self.attributes.borrow_mut().clear();
        self.resized.borrow_mut().clear();
        self.folders.set(false);
        *self.spellings.borrow_mut() = Spellings::default();
        self.look_afresh();
    }

    /// Forgets what the base has shown, because somebody else may have changed it meanwhile.
    pub(crate) fn look_afresh(&self) {
        *self.seen.borrow_mut() = Seen::default();
        self.spellings.borrow_mut().look_afresh();
    }

    /// Whether what is at `path` here is something other than what the base has there.
    pub(crate) fn touched(&self, path: &Path) -> bool {
        !matches!(self.lookup(path), Found::Base(base) if *base == *path)
    }

    /// The bytes of a file in an archive, for a look at it before it is unpacked.
    fn look_into(&self, archive: &Path, format: Format, entry: &Path) -> io::Result<Vec<u8>> {
        let limits = Limits { size: u64::MAX, entries: u64::MAX, ratio: u64::MAX };
        let zone = self.base.now().time_zone().clone();
        let reading = Reading { format, limits, zone, stem: entry, data: true, any_link: false, peek: None };
        let mut found = None;
        let walk = archive::read(self.base.open(archive)?, &reading, &mut |packed, bytes| {
            if packed.path == entry {
                let mut look = Vec::new();
                bytes.take(LARGEST_LOOK + 1).read_to_end(&mut look)?;
                found = Some(look);
                return Err(io::Error::other("far enough"));
            }
            Ok(())
        });
        match found {
            Some(look) if look.len() as u64 <= LARGEST_LOOK => Ok(look),
            Some(_) => Err(unmade()),
            None => {
                walk.map_err(ArchiveError::told)?;
                Err(missing())
            }
        }
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
            match changes.get(bytes(&self.spelled(ancestor))) {
                None => {}
                Some(Seat::Gone) => return Found::Nothing,
                Some(Seat::Taken { stat, content }) if ancestor == path => {
                    return Found::Here(*stat, content.clone());
                }
                Some(Seat::Taken { content: Bytes::Base(base), .. }) => {
                    let rest = path.strip_prefix(ancestor).unwrap_or(Path::new(""));
                    return Found::Base(base.join(rest).into());
                }
                Some(Seat::Taken { .. }) => return Found::Nothing,
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

/// The path below `dir`, and `dir` itself for the empty path.
fn joined(dir: &Path, rest: &Path) -> PathBuf {
    if rest.as_os_str().is_empty() { dir.to_path_buf() } else { dir.join(rest) }
}

/// Why the bytes of a file that is planned cannot be read.
fn unmade() -> io::Error {
    io::Error::new(
        io::ErrorKind::Unsupported,
        sentence!("plan-content-unknown", "what is in it is known only when it has been made"),
    )
}

fn missing() -> io::Error {
    io::ErrorKind::NotFound.into()
}

impl World for Overlay<'_> {
    fn stat(&self, path: &Path) -> io::Result<Stat> {
        let stat = match self.lookup(path) {
            Found::Here(stat, _) => stat,
            Found::Base(path) => self.base_stat(&path)?,
            Found::Nothing => return Err(missing()),
        };
        Ok(self.resized.borrow().get(&(stat.device, stat.inode)).copied().unwrap_or(stat))
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = match self.lookup(dir) {
            Found::Here(stat, _) if stat.kind != Kind::Dir => return Err(io::ErrorKind::NotADirectory.into()),
            Found::Here(_, Bytes::Base(base)) => self.base.list(&base)?,
            Found::Base(base) => self.base.list(&base)?,
            Found::Here(..) => Vec::new(),
            Found::Nothing => return Err(missing()),
        };
        let changes = self.changes.borrow();
        let dir = self.spelled_folder(dir);
        let mut own = Vec::new();
        for (place, seat) in below(&changes, &dir) {
            let path = &place.0;
            let Some(name) = path.file_name().filter(|_| path.parent() == Some(&*dir)) else { continue };
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
            Found::Here(_, Bytes::Link(target)) => self.open(&path.parent().unwrap_or(path).join(target)),
            Found::Here(_, Bytes::Packed { archive, format, entry }) => {
                Ok(Box::new(io::Cursor::new(self.look_into(&archive, format, &entry)?)))
            }
            Found::Here(_, Bytes::Archive { .. } | Bytes::Unmade) => Err(unmade()),
            Found::Nothing => Err(missing()),
        }
    }

    fn attribute(&self, path: &Path, name: &str) -> io::Result<Option<Vec<u8>>> {
        let found = self.lookup(path);
        if let Found::Nothing = found {
            return Err(missing());
        }
        let spelled = self.spelled(path);
        if let Some(value) = self.attributes.borrow().get(&*spelled).and_then(|values| values.get(name)) {
            return Ok(value.clone());
        }
        match found {
            Found::Here(_, Bytes::Base(base)) => self.base.attribute(&base, name),
            Found::Base(base) => self.base.attribute(&base, name),
            _ => Ok(None),
        }
    }

    fn link_target(&self, path: &Path) -> io::Result<PathBuf> {
        match self.lookup(path) {
            Found::Here(_, Bytes::Link(target)) => Ok(target),
            Found::Here(_, Bytes::Base(base)) => self.base.link_target(&base),
            Found::Base(base) => self.base.link_target(&base),
            Found::Here(..) => Err(io::ErrorKind::InvalidInput.into()),
            Found::Nothing => Err(missing()),
        }
    }

    fn planned_archive(&self, path: &Path) -> Option<(Format, Vec<Packed>)> {
        match self.lookup(path) {
            Found::Here(_, Bytes::Archive { format, entries }) => {
                Some((format, entries.iter().map(|(packed, _)| packed.clone()).collect()))
            }
            Found::Here(_, Bytes::Base(base)) => self.base.planned_archive(&base),
            Found::Base(base) => self.base.planned_archive(&base),
            _ => None,
        }
    }

    fn added(&self, path: &Path) -> io::Result<Option<Timestamp>> {
        match self.lookup(path) {
            Found::Here(_, Bytes::Base(base)) => self.base.added(&base),
            Found::Base(base) => self.base.added(&base),
            Found::Here(..) => Ok(Some(self.base.now().timestamp())),
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

    /// Python looks at the disk itself: at a file that is only planned to be there it cannot.
    fn python(&self, call: &PythonCall) -> io::Result<PythonAnswer> {
        match &call.path {
            Some(path) if self.touched(path) => Err(io::Error::new(
                io::ErrorKind::Unsupported,
                sentence!("plan-not-yet", "{path} is not there before the run has come so far", path = path),
            )),
            _ => self.base.python(call),
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

    fn own(&self) -> Vec<PathBuf> {
        self.base.own()
    }

    fn working_dir(&self) -> PathBuf {
        self.cwd.clone().unwrap_or_else(|| self.base.working_dir())
    }
}

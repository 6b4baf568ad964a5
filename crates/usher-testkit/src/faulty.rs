//! A disk that fails, or stops the world, at a chosen change.

use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{Timestamp, Zoned};
use usher_engine::disk::{NewFile, Old, TrashSpot};
use usher_engine::{Disk, Writer};
use usher_rule::world::only_letters_differ;
use usher_rule::{Content, Entry, PythonAnswer, PythonCall, Stat, World};

/// What happens at the chosen change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It fails with this error and nothing is done.
    Fails(io::ErrorKind),
    /// The process is "killed" before it: a panic that the test catches.
    KilledBefore,
    /// The process is "killed" right after it.
    KilledAfter,
    /// The power goes right after it: every name of a finished copy is lost again that was not flushed to the device.
    PowerCut,
}

/// What somebody else does.
type Meanwhile = Box<dyn Fn() + Send + Sync>;

/// Finished copies by the names they had before, and have now, where a power cut would still take that away.
pub type Unflushed = Arc<Mutex<Vec<(PathBuf, PathBuf)>>>;

/// The real disk with one fault.
pub struct FaultyDisk {
    inner: Arc<dyn Disk>,
    fault: Option<Fault>,
    /// The change at which it happens, from 0.
    at: usize,
    changes: AtomicUsize,
    /// Whether every place is on a file system of its own.
    apart: bool,
    /// Where a drive is mounted, as long as it is plugged in.
    drive: Option<(PathBuf, Arc<AtomicBool>)>,
    /// Whether the case of letters in names does not matter.
    caseless: bool,
    /// What somebody else does right before the change at `at`.
    meanwhile: Option<Meanwhile>,
    unflushed: Unflushed,
    /// The name of files at which whoever reads them falls into a fault of its own.
    baffling: Option<&'static str>,
}

impl FaultyDisk {
    /// `inner` with `fault` at its `at`th change.
    pub fn new(inner: Arc<dyn Disk>, fault: Option<Fault>, at: usize) -> Self {
        Self {
            inner,
            fault,
            at,
            changes: AtomicUsize::new(0),
            apart: false,
            drive: None,
            caseless: false,
            meanwhile: None,
            unflushed: Unflushed::default(),
            baffling: None,
        }
    }

    /// The same where every rename would cross file systems, but for those of half-made copies.
    pub fn apart(self) -> Self {
        Self { apart: true, ..self }
    }

    /// The same with a drive that is mounted at a folder for as long as it is plugged in.
    pub fn with_drive(self, point: PathBuf, plugged: &Arc<AtomicBool>) -> Self {
        Self { drive: Some((point, Arc::clone(plugged))), ..self }
    }

    /// Where the drive is mounted that a path lies on.
    fn drive(&self, path: &Path) -> Option<&Path> {
        let (point, plugged) = self.drive.as_ref()?;
        (plugged.load(Ordering::SeqCst) && path.starts_with(point)).then_some(point)
    }

    /// The same where names are found in other letters as well, and one that differs from the old one in nothing else
    /// counts as taken, as with `vfat`.
    pub fn caseless(self) -> Self {
        Self { caseless: true, ..self }
    }

    /// The same as the machine goes on after a kill: what was not flushed before still is not.
    pub fn with_unflushed(self, unflushed: &Unflushed) -> Self {
        Self { unflushed: Arc::clone(unflushed), ..self }
    }

    /// The same with somebody who does something right before the `at`th change.
    pub fn meanwhile(self, at: usize, what: impl Fn() + Send + Sync + 'static) -> Self {
        Self { at, meanwhile: Some(Box::new(what)), ..self }
    }

    /// The same with files of this name, the reading of which panics each time: a mistake of ours that they bring out.
    pub fn baffling(self, name: &'static str) -> Self {
        Self { baffling: Some(name), ..self }
    }

    /// The path in the letters that the directory has it in.
    fn spelled(&self, path: &Path) -> PathBuf {
        let (true, Some(dir)) = (self.caseless, path.parent()) else { return path.to_path_buf() };
        let listed = self.inner.list(dir).unwrap_or_default();
        let names = || listed.iter().map(|entry| dir.join(&entry.name));
        let exact = names().any(|name| name == path);
        let other = names().find(|name| !exact && only_letters_differ(name, path));
        other.unwrap_or_else(|| path.to_path_buf())
    }

    /// How many changes were asked for so far.
    pub fn changes(&self) -> usize {
        self.changes.load(Ordering::SeqCst)
    }

    fn change<T>(&self, change: impl FnOnce(&dyn Disk) -> io::Result<T>) -> io::Result<T> {
        let now = self.changes.fetch_add(1, Ordering::SeqCst) == self.at;
        if let Some(meanwhile) = self.meanwhile.as_ref().filter(|_| now) {
            meanwhile();
        }
        match self.fault.filter(|_| now) {
            Some(Fault::Fails(kind)) => Err(kind.into()),
            Some(Fault::KilledBefore) => killed(),
            Some(Fault::KilledAfter) => {
                let _ = change(&*self.inner);
                killed()
            }
            Some(Fault::PowerCut) => {
                let _ = change(&*self.inner);
                for (part, name) in self.unflushed().drain(..).rev() {
                    let _ = self.inner.rename(&name, &part);
                }
                killed()
            }
            None => change(&*self.inner),
        }
    }

    fn unflushed(&self) -> MutexGuard<'_, Vec<(PathBuf, PathBuf)>> {
        self.unflushed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What lies at `part` gets its name, which a power cut could take away again.
    fn named(&self, part: &Path, name: &Path) {
        self.unflushed().push((part.to_path_buf(), name.to_path_buf()));
    }
}

/// Stands for `kill -9`: nothing of the engine runs after it.
#[expect(clippy::panic, reason = "the test catches it")]
fn killed() -> ! {
    panic!("killed")
}

/// Stands for a mistake of ours in the midst of something.
#[expect(clippy::panic, reason = "the test catches it")]
fn baffled() -> ! {
    panic!("baffled")
}

impl World for FaultyDisk {
    fn stat(&self, path: &Path) -> io::Result<Stat> {
        let stat = self.inner.stat(&self.spelled(path))?;
        let of_its_own = || {
            let mut hasher = DefaultHasher::new();
            path.parent().hash(&mut hasher);
            hasher.finish() >> 1
        };
        let device = match self.drive(path) {
            Some(_) => !stat.device >> 1,
            None if self.apart => of_its_own(),
            None => stat.device,
        };
        Ok(Stat { device, ..stat })
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        self.inner.list(dir)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Content>> {
        if self.baffling.is_some_and(|name| path.ends_with(name)) {
            baffled();
        }
        self.inner.open(path)
    }

    fn attribute(&self, path: &Path, name: &str) -> io::Result<Option<Vec<u8>>> {
        self.inner.attribute(path, name)
    }

    fn added(&self, path: &Path) -> io::Result<Option<Timestamp>> {
        self.inner.added(path)
    }

    fn link_target(&self, path: &Path) -> io::Result<PathBuf> {
        self.inner.link_target(path)
    }

    fn python(&self, call: &PythonCall) -> io::Result<PythonAnswer> {
        self.inner.python(call)
    }

    fn same_content(&self, a: &Path, b: &Path) -> io::Result<bool> {
        self.inner.same_content(a, b)
    }

    fn now(&self) -> Zoned {
        self.inner.now()
    }

    fn env(&self, name: &str) -> Option<String> {
        self.inner.env(name)
    }

    fn home(&self) -> Option<PathBuf> {
        self.inner.home()
    }

    fn own(&self) -> Vec<PathBuf> {
        self.inner.own()
    }

    fn working_dir(&self) -> PathBuf {
        self.inner.working_dir()
    }
}

impl Disk for FaultyDisk {
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        if self.caseless && self.spelled(to) != to {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let is_part = |path: &Path| path.to_string_lossy().ends_with(".usher-part");
        let crosses = self.drive(from) != self.drive(to);
        if crosses || self.apart && !is_part(from) && !is_part(to) {
            return Err(io::ErrorKind::CrossesDevices.into());
        }
        self.change(|disk| {
            disk.rename(from, to)?;
            if is_part(from) {
                self.named(from, to);
            }
            Ok(())
        })
    }

    fn copy_file(&self, from: &Path, to: &Path, part: &Path) -> io::Result<()> {
        self.change(|disk| {
            disk.copy_file(from, to, part)?;
            self.named(part, to);
            Ok(())
        })
    }

    fn copy_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change(|disk| disk.copy_link(from, to))
    }

    fn symlink(&self, target: &Path, path: &Path, dir: bool) -> io::Result<()> {
        self.change(|disk| disk.symlink(target, path, dir))
    }

    fn has_more_names(&self, path: &Path) -> io::Result<bool> {
        self.inner.has_more_names(path)
    }

    fn hard_link(&self, original: &Path, path: &Path) -> io::Result<()> {
        if self.drive(original) != self.drive(path) {
            return Err(io::ErrorKind::CrossesDevices.into());
        }
        self.change(|disk| disk.hard_link(original, path))
    }

    fn set_attribute(
        &self,
        path: &Path,
        name: &str,
        before: Option<&[u8]>,
        after: Option<&[u8]>,
    ) -> io::Result<()> {
        self.change(|disk| disk.set_attribute(path, name, before, after))
    }

    fn create_file(&self, path: &Path, part: &Path, text: &[u8], old: Old<'_>) -> io::Result<()> {
        self.change(|disk| disk.create_file(path, part, text, old))
    }

    fn begin_file(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        self.change(|disk| disk.begin_file(path))
    }

    fn flush_name(&self, path: &Path) -> io::Result<()> {
        self.inner.flush_name(path)?;
        self.unflushed().retain(|(_, name)| name.parent() != path.parent());
        Ok(())
    }

    fn flush_below(&self, dir: &Path) -> io::Result<()> {
        self.inner.flush_below(dir)?;
        self.unflushed().retain(|(_, name)| !name.starts_with(dir));
        Ok(())
    }

    fn executable(&self, path: &Path) -> bool {
        self.inner.executable(path)
    }

    fn append(&self, path: &Path, at: u64, text: &[u8], modified: Option<i64>) -> io::Result<()> {
        self.change(|disk| disk.append(path, at, text, modified))
    }

    fn cut(&self, path: &Path, at: u64, text: &[u8], modified: Option<i64>) -> io::Result<()> {
        self.change(|disk| disk.cut(path, at, text, modified))
    }

    fn make_dir(&self, path: &Path) -> io::Result<()> {
        self.change(|disk| disk.make_dir(path))
    }

    fn copy_dir_attributes(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change(|disk| disk.copy_dir_attributes(from, to))
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.change(|disk| disk.remove_dir(path))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.change(|disk| disk.remove_file(path))
    }

    fn remove_all(&self, dir: &Path) -> io::Result<()> {
        self.change(|disk| disk.remove_all(dir))
    }

    fn removable(&self, path: &Path) -> io::Result<()> {
        self.inner.removable(path)
    }

    fn mount_point(&self, folder: &Path) -> io::Result<Option<PathBuf>> {
        let mounted = self.inner.mount_point(folder)?;
        Ok(self.drive(folder).map(Path::to_path_buf).or(mounted))
    }

    fn trash_spot(&self, path: &Path) -> io::Result<TrashSpot> {
        self.inner.trash_spot(path)
    }

    fn trash_note(&self, spot: &TrashSpot, from: &Path) -> io::Result<()> {
        self.change(|disk| disk.trash_note(spot, from))
    }

    fn trash_forget(&self, spot: &TrashSpot) -> io::Result<()> {
        self.change(|disk| disk.trash_forget(spot))
    }

    fn writer(&self, path: &Path) -> Writer {
        self.inner.writer(path)
    }

    fn names(&self, dir: &Path, most: usize, see: &mut dyn FnMut(&OsStr)) -> io::Result<bool> {
        self.inner.names(dir, most, see)
    }

    fn beneath(&self, root: &Path, path: &Path) -> io::Result<bool> {
        self.inner.beneath(root, path)
    }
}

//! A disk that fails, or stops the world, at a chosen change.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::{Timestamp, Zoned};
use usher_engine::disk::{NewFile, Old, TrashSpot};
use usher_engine::{Disk, Writer};
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
    /// Every rename says that it would cross file systems; nothing else goes wrong.
    OtherDevice,
}

/// The real disk with one fault.
pub struct FaultyDisk {
    inner: Arc<dyn Disk>,
    fault: Option<Fault>,
    /// The change at which it happens, from 0.
    at: usize,
    changes: AtomicUsize,
}

impl FaultyDisk {
    /// `inner` with `fault` at its `at`th change.
    pub fn new(inner: Arc<dyn Disk>, fault: Option<Fault>, at: usize) -> Self {
        Self { inner, fault, at, changes: AtomicUsize::new(0) }
    }

    /// How many changes were asked for so far.
    pub fn changes(&self) -> usize {
        self.changes.load(Ordering::SeqCst)
    }

    fn change<T>(&self, change: impl FnOnce(&dyn Disk) -> io::Result<T>) -> io::Result<T> {
        let now = self.changes.fetch_add(1, Ordering::SeqCst) == self.at;
        match self.fault.filter(|_| now) {
            Some(Fault::Fails(kind)) => Err(kind.into()),
            Some(Fault::KilledBefore) => killed(),
            Some(Fault::KilledAfter) => {
                let _ = change(&*self.inner);
                killed()
            }
            Some(Fault::OtherDevice) | None => change(&*self.inner),
        }
    }
}

/// Stands for `kill -9`: nothing of the engine runs after it.
#[expect(clippy::panic, reason = "the test catches it")]
fn killed() -> ! {
    panic!("killed")
}

impl World for FaultyDisk {
    fn stat(&self, path: &Path) -> io::Result<Stat> {
        self.inner.stat(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        self.inner.list(dir)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Content>> {
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

    fn working_dir(&self) -> PathBuf {
        self.inner.working_dir()
    }
}

impl Disk for FaultyDisk {
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let part =
            to.to_string_lossy().ends_with(".usher-part") || from.to_string_lossy().ends_with(".usher-part");
        if self.fault == Some(Fault::OtherDevice) && !part {
            return Err(io::ErrorKind::CrossesDevices.into());
        }
        self.change(|disk| disk.rename(from, to))
    }

    fn copy_file(&self, from: &Path, to: &Path, part: &Path) -> io::Result<()> {
        self.change(|disk| disk.copy_file(from, to, part))
    }

    fn copy_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change(|disk| disk.copy_link(from, to))
    }

    fn symlink(&self, target: &Path, path: &Path, dir: bool) -> io::Result<()> {
        self.change(|disk| disk.symlink(target, path, dir))
    }

    fn hard_link(&self, original: &Path, path: &Path) -> io::Result<()> {
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

    fn flush_below(&self, dir: &Path) -> io::Result<()> {
        self.inner.flush_below(dir)
    }

    fn executable(&self, path: &Path) -> bool {
        self.inner.executable(path)
    }

    fn append(&self, path: &Path, at: u64, text: &[u8]) -> io::Result<()> {
        self.change(|disk| disk.append(path, at, text))
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

    fn beneath(&self, root: &Path, path: &Path) -> io::Result<bool> {
        self.inner.beneath(root, path)
    }
}

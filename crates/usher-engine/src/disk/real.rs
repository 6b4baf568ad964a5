//! The machine's own disk.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{Timestamp, Zoned};
use usher_event::{Kind, sentence};
use usher_rule::{Content, Entry, PythonAnswer, PythonCall, Stat, World};

use super::{
    Disk, NewFile, Old, TrashSpot, Writer, attribute, copy, mount, new_file, regular, removable, rename,
    trash, writer,
};
use crate::clock::Clock;
use crate::python::Python;

/// The machine's disk, with the environment rules are evaluated in.
pub struct RealDisk {
    clock: Arc<dyn Clock>,
    home: Option<PathBuf>,
    data_home: PathBuf,
    /// Where relative paths of rules start; another one while a config from elsewhere is run.
    working_dir: Mutex<PathBuf>,
    /// Spots in the trash that were given out and are not taken yet: a batch is planned before it is done.
    promised: Mutex<HashSet<PathBuf>>,
    python: Python,
    own: Option<Own>,
}

/// Says by which other paths a folder is reached, over second mounts of what it lies on.
pub type Ways = dyn Fn(&Path) -> Vec<PathBuf> + Send + Sync;

/// Usher's own folder.
struct Own {
    folder: PathBuf,
    ways: Box<Ways>,
}

impl RealDisk {
    /// The disk as the user with this home sees it. `data_home` is where the home trash lies
    /// (`$XDG_DATA_HOME` on Linux).
    pub fn new(
        clock: Arc<dyn Clock>,
        home: Option<PathBuf>,
        data_home: PathBuf,
        working_dir: PathBuf,
    ) -> Self {
        Self {
            clock,
            home,
            data_home,
            working_dir: Mutex::new(working_dir),
            promised: Mutex::default(),
            python: Python::default(),
            own: None,
        }
    }

    /// The same, with Usher's own folder, which rules leave alone by whichever of its paths they come to it.
    #[must_use]
    pub fn keeping(mut self, folder: PathBuf, ways: Box<Ways>) -> Self {
        self.own = Some(Own { folder, ways });
        self
    }

    /// Lets relative paths start somewhere else from now on.
    pub fn set_working_dir(&self, working_dir: PathBuf) {
        *self.working_dir.lock().unwrap_or_else(PoisonError::into_inner) = working_dir;
    }
}

impl World for RealDisk {
    #[cfg(target_os = "linux")]
    fn stat(&self, path: &Path) -> io::Result<Stat> {
        use rustix::fs::{AtFlags, CWD, FileType, StatxFlags, statx};
        let wanted = StatxFlags::BASIC_STATS | StatxFlags::BTIME;
        let stat = statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, wanted)?;
        let kind = match FileType::from_raw_mode(stat.stx_mode.into()) {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Dir,
            FileType::Symlink => Kind::Symlink,
            _ => Kind::Other,
        };
        let moment = |seconds: i64, nanoseconds: u32| {
            Timestamp::new(seconds, i32::try_from(nanoseconds).unwrap_or(0)).unwrap_or(Timestamp::UNIX_EPOCH)
        };
        let born = StatxFlags::from_bits_retain(stat.stx_mask).contains(StatxFlags::BTIME);
        Ok(Stat {
            kind,
            size: stat.stx_size,
            modified: moment(stat.stx_mtime.tv_sec, stat.stx_mtime.tv_nsec),
            created: born.then(|| moment(stat.stx_btime.tv_sec, stat.stx_btime.tv_nsec)),
            device: rustix::fs::makedev(stat.stx_dev_major, stat.stx_dev_minor),
            inode: stat.stx_ino,
        })
    }

    #[cfg(not(target_os = "linux"))]
    fn stat(&self, path: &Path) -> io::Result<Stat> {
        let stat = fs::symlink_metadata(path)?;
        let time =
            |time: io::Result<std::time::SystemTime>| time.ok().and_then(|t| Timestamp::try_from(t).ok());
        let (device, inode) = identity(&stat);
        Ok(Stat {
            kind: kind_of(stat.file_type()),
            size: stat.len(),
            modified: time(stat.modified()).unwrap_or(Timestamp::UNIX_EPOCH),
            created: time(stat.created()),
            device,
            inode,
        })
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            entries.push(Entry { name: entry.file_name(), kind: kind_of(entry.file_type()?) });
        }
        Ok(entries)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Content>> {
        Ok(Box::new(regular::open(path)?))
    }

    fn own(&self) -> Vec<PathBuf> {
        let Some(Own { folder, ways }) = &self.own else { return Vec::new() };
        let mut own = ways(folder);
        own.push(folder.clone());
        own
    }

    fn attribute(&self, path: &Path, name: &str) -> io::Result<Option<Vec<u8>>> {
        attribute::get(path, name)
    }

    fn link_target(&self, path: &Path) -> io::Result<PathBuf> {
        fs::read_link(path)
    }

    #[cfg(target_os = "macos")]
    fn added(&self, path: &Path) -> io::Result<Option<Timestamp>> {
        super::added::added(path)
    }

    fn python(&self, call: &PythonCall) -> io::Result<PythonAnswer> {
        self.python.call(call)
    }

    fn same_content(&self, a: &Path, b: &Path) -> io::Result<bool> {
        copy::same_bytes(a, b)
    }

    fn now(&self) -> Zoned {
        self.clock.now()
    }

    fn env(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn home(&self) -> Option<PathBuf> {
        self.home.clone()
    }

    fn working_dir(&self) -> PathBuf {
        self.working_dir.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn kind_of(kind: fs::FileType) -> Kind {
    if kind.is_file() {
        Kind::File
    } else if kind.is_dir() {
        Kind::Dir
    } else if kind.is_symlink() {
        Kind::Symlink
    } else {
        Kind::Other
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
fn identity(stat: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (stat.dev(), stat.ino())
}

/// Without a file number, birth and size have to tell files apart.
#[cfg(windows)]
fn identity(stat: &fs::Metadata) -> (u64, u64) {
    use std::os::windows::fs::MetadataExt;
    (0, stat.creation_time())
}

impl Disk for RealDisk {
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        rename::rename_new(from, to)
    }

    fn copy_file(&self, from: &Path, to: &Path, part: &Path) -> io::Result<()> {
        copy::copy_file(from, to, part)
    }

    #[cfg(unix)]
    fn has_more_names(&self, path: &Path) -> io::Result<bool> {
        use std::os::unix::fs::MetadataExt;
        let stat = fs::symlink_metadata(path)?;
        Ok(stat.is_file() && stat.nlink() > 1)
    }

    /// There are no file numbers here by which two names could be seen to be of one file.
    #[cfg(windows)]
    fn has_more_names(&self, _path: &Path) -> io::Result<bool> {
        Ok(false)
    }

    fn copy_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        let dir = cfg!(windows) && fs::metadata(from).is_ok_and(|stat| stat.is_dir());
        self.symlink(&fs::read_link(from)?, to, dir)
    }

    #[cfg(unix)]
    fn symlink(&self, target: &Path, path: &Path, _dir: bool) -> io::Result<()> {
        std::os::unix::fs::symlink(target, path)
    }

    #[cfg(windows)]
    fn symlink(&self, target: &Path, path: &Path, dir: bool) -> io::Result<()> {
        use std::os::windows::fs::{symlink_dir, symlink_file};
        if dir { symlink_dir(target, path) } else { symlink_file(target, path) }
    }

    fn hard_link(&self, original: &Path, path: &Path) -> io::Result<()> {
        // The system call of Linux and of Windows names a link itself, where it is given one; no subject is one.
        fs::hard_link(original, path)
    }

    fn set_attribute(
        &self,
        path: &Path,
        name: &str,
        before: Option<&[u8]>,
        after: Option<&[u8]>,
    ) -> io::Result<()> {
        if attribute::get(path, name)?.as_deref() != before {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                sentence!("disk-changed", "it has been changed meanwhile"),
            ));
        }
        attribute::set(path, name, after)
    }

    fn create_file(&self, path: &Path, part: &Path, text: &[u8], old: Old<'_>) -> io::Result<()> {
        copy::create_file(path, part, text, old)
    }

    fn begin_file(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        new_file::begin(path)
    }

    fn flush_name(&self, path: &Path) -> io::Result<()> {
        new_file::flush_name(path)
    }

    fn flush_below(&self, dir: &Path) -> io::Result<()> {
        new_file::flush_below(dir)
    }

    fn executable(&self, path: &Path) -> bool {
        new_file::executable(path)
    }

    fn append(&self, path: &Path, at: u64, text: &[u8], modified: Option<i64>) -> io::Result<()> {
        let mut file = regular::open_with(fs::OpenOptions::new().append(true), path)?;
        if file.metadata()?.len() != at {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                sentence!("disk-file-changed", "the file has changed meanwhile"),
            ));
        }
        file.write_all(text)?;
        set_modified(&file, modified)?;
        file.sync_data()
    }

    fn cut(&self, path: &Path, at: u64, text: &[u8], modified: Option<i64>) -> io::Result<()> {
        let mut file = regular::open_with(fs::OpenOptions::new().read(true).write(true), path)?;
        let mut tail = Vec::new();
        file.seek(SeekFrom::Start(at))?;
        (&mut file).take(text.len() as u64 + 1).read_to_end(&mut tail)?;
        if file.metadata()?.len() < at || !text.starts_with(&tail) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                sentence!("disk-file-changed", "the file has changed meanwhile"),
            ));
        }
        file.set_len(at)?;
        set_modified(&file, modified)?;
        file.sync_data()
    }

    fn make_dir(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn copy_dir_attributes(&self, from: &Path, to: &Path) -> io::Result<()> {
        let stat = fs::symlink_metadata(from)?;
        if let (Ok(original), Ok(copy)) = (fs::File::open(from), fs::File::open(to)) {
            copy::copy_xattrs(&original, &copy);
        }
        let _ = fs::set_permissions(to, stat.permissions());
        let mut times = fs::FileTimes::new();
        if let Ok(modified) = stat.modified() {
            times = times.set_modified(modified);
        }
        fs::File::open(to)?.set_times(times)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_all(&self, dir: &Path) -> io::Result<()> {
        fs::remove_dir_all(dir)
    }

    fn removable(&self, path: &Path) -> io::Result<()> {
        removable::removable(path)
    }

    fn mount_point(&self, folder: &Path) -> io::Result<Option<PathBuf>> {
        mount::point(folder)
    }

    fn trash_spot(&self, path: &Path) -> io::Result<TrashSpot> {
        let mut promised = self.promised.lock().unwrap_or_else(PoisonError::into_inner);
        let homes = trash::Homes { home: self.home.as_deref(), data: &self.data_home };
        let spot = trash::spot(path, homes, &promised)?;
        promised.insert(spot.stow.clone());
        Ok(spot)
    }

    fn trash_note(&self, spot: &TrashSpot, from: &Path) -> io::Result<()> {
        trash::write_note(spot, from, &self.clock.now())?;
        self.promised.lock().unwrap_or_else(PoisonError::into_inner).remove(&spot.stow);
        Ok(())
    }

    fn trash_forget(&self, spot: &TrashSpot) -> io::Result<()> {
        trash::forget(spot)
    }

    fn writer(&self, path: &Path) -> Writer {
        writer::writer(path)
    }

    #[cfg(target_os = "linux")]
    fn names(&self, dir: &Path, most: usize, see: &mut dyn FnMut(&OsStr)) -> io::Result<bool> {
        use rustix::fs::{Mode, OFlags, RawDir, open};
        use std::os::unix::ffi::OsStrExt;
        let dir = open(dir, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        // A few dozen names a call: whoever wants to see few of many does not wait for more.
        let mut buffer = [std::mem::MaybeUninit::uninit(); 4096];
        let mut entries = RawDir::new(dir, &mut buffer);
        let mut seen = 0;
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if matches!(name, b"." | b"..") {
                continue;
            }
            if seen == most {
                return Ok(false);
            }
            seen += 1;
            see(OsStr::from_bytes(name));
        }
        Ok(true)
    }

    #[cfg(not(target_os = "linux"))]
    fn names(&self, dir: &Path, most: usize, see: &mut dyn FnMut(&OsStr)) -> io::Result<bool> {
        for (seen, entry) in fs::read_dir(dir)?.enumerate() {
            if seen == most {
                return Ok(false);
            }
            see(&entry?.file_name());
        }
        Ok(true)
    }

    #[cfg(target_os = "linux")]
    fn beneath(&self, root: &Path, path: &Path) -> io::Result<bool> {
        use rustix::fs::{Mode, OFlags, ResolveFlags, open, openat2};
        let Ok(inner) = path.parent().unwrap_or(path).strip_prefix(root) else { return Ok(true) };
        if inner.as_os_str().is_empty() {
            return Ok(true);
        }
        let root = open(root, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        match openat2(&root, inner, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS | ResolveFlags::BENEATH) {
            Ok(_) => Ok(true),
            Err(rustix::io::Errno::LOOP | rustix::io::Errno::XDEV) => Ok(false),
            Err(rustix::io::Errno::NOSYS) => by_components(&PathBuf::new(), path),
            Err(error) => Err(error.into()),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn beneath(&self, root: &Path, path: &Path) -> io::Result<bool> {
        by_components(root, path)
    }
}

/// Gives a file a time of last change, in nanoseconds since 1970, where one is wanted.
fn set_modified(file: &fs::File, modified: Option<i64>) -> io::Result<()> {
    let Some(modified) = modified.and_then(crate::stamp::moment) else { return Ok(()) };
    file.set_times(fs::FileTimes::new().set_modified(modified.into()))
}

/// Looks at each directory between `root` and `path` in turn.
fn by_components(root: &Path, path: &Path) -> io::Result<bool> {
    let Some(parent) = path.parent() else { return Ok(true) };
    for dir in parent.ancestors().take_while(|dir| *dir != root && dir.starts_with(root)) {
        if fs::symlink_metadata(dir)?.file_type().is_symlink() {
            return Ok(false);
        }
    }
    Ok(true)
}

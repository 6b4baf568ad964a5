//! The inotify instance and what each of its watches is for.
//!
//! The mask is the point of speaking to the kernel directly. A watch does not ask for opens, reads, single writes or
//! attribute changes, so that none of them wakes us or costs their maker anything.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use usher_event::sentence;

use super::super::tree::{NodeId, RootId, Tree, Watch};
use crate::folders::WatchError;

/// What is asked of every watched directory. `MASK_ADD`, because one directory may be watched for several reasons.
const DIRECTORY: WatchFlags = WatchFlags::CLOSE_WRITE
    .union(WatchFlags::MOVED_TO)
    .union(WatchFlags::MOVED_FROM)
    .union(WatchFlags::CREATE)
    .union(WatchFlags::DELETE)
    .union(WatchFlags::DELETE_SELF)
    .union(WatchFlags::MOVE_SELF)
    .union(WatchFlags::EXCL_UNLINK)
    .union(WatchFlags::ONLYDIR)
    .union(WatchFlags::MASK_ADD);

/// What is asked of a directory in which one name matters: entries coming and going.
const ENTRIES: WatchFlags = DIRECTORY.difference(WatchFlags::CLOSE_WRITE);

/// What is asked of a directory in which one name is there and may go. Not for what is created: a busy directory, such as
/// one for temporary files, would wake us for each.
const DEPARTURES: WatchFlags = ENTRIES.difference(WatchFlags::CREATE);

/// What is asked of a directory further above a root: to say when it is moved or deleted itself.
const ITSELF: WatchFlags = WatchFlags::DELETE_SELF
    .union(WatchFlags::MOVE_SELF)
    .union(WatchFlags::ONLYDIR)
    .union(WatchFlags::MASK_ADD);

/// What an anchor listens for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Concern {
    /// The directory itself being moved or deleted.
    Itself,
    /// An entry with this name coming or going.
    Entry(OsString),
    /// The directory with this name going, or another taking its place.
    Departure(OsString),
    /// An entry with this name becoming readable.
    Access(OsString),
    /// The directory at this path, below the root, becoming readable.
    Below(PathBuf),
    /// The file of this name, which is a root itself: everything that happens to it is reported.
    File(OsString),
}

impl Concern {
    fn mask(&self) -> WatchFlags {
        match self {
            Self::Itself => ITSELF,
            Self::Entry(_) => ENTRIES,
            Self::Departure(_) => DEPARTURES,
            Self::Access(_) | Self::Below(_) => ENTRIES.union(WatchFlags::ATTRIB),
            Self::File(_) => DIRECTORY,
        }
    }

    /// Whether an event that names `name` (or the directory itself) is what this listens for.
    pub(super) fn hears(&self, name: Option<&OsStr>) -> bool {
        match (self, name) {
            (_, None) => true,
            (Self::Itself, Some(_)) => false,
            (Self::Entry(own) | Self::Departure(own), Some(name)) => own == name,
            (Self::Access(own) | Self::File(own), Some(name)) => own == name,
            (Self::Below(path), Some(name)) => path.file_name() == Some(name),
        }
    }
}

/// A watch that a root holds outside its tree, to notice what happens to the root itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Anchor {
    /// The root that is to be looked at again.
    pub(super) root: RootId,
    /// What makes it necessary.
    pub(super) concern: Concern,
}

/// Why a directory is not watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The limit of watches is reached.
    Limit,
    /// It may not be read.
    Denied,
    /// It is not there (any more), or is no directory.
    Gone,
    /// Something else, which the log names.
    Other(Errno),
}

impl From<Errno> for Refusal {
    fn from(errno: Errno) -> Self {
        match errno {
            Errno::NOSPC => Self::Limit,
            Errno::ACCESS | Errno::PERM => Self::Denied,
            Errno::NOENT | Errno::NOTDIR | Errno::LOOP => Self::Gone,
            other => Self::Other(other),
        }
    }
}

/// A directory at which roots are anchored.
struct Anchored {
    directory: PathBuf,
    anchors: Vec<Anchor>,
}

impl Anchored {
    /// What has to be asked of the directory for the sake of its anchors.
    fn mask(&self) -> WatchFlags {
        self.anchors.iter().fold(WatchFlags::empty(), |mask, anchor| mask | anchor.concern.mask())
    }
}

/// The inotify instance, its trees and its anchors.
pub(super) struct Kernel {
    pub(super) fd: Arc<OwnedFd>,
    pub(super) tree: Tree,
    anchors: HashMap<Watch, Anchored>,
    limit: usize,
}

impl Kernel {
    /// Opens an inotify instance that watches at most `limit` directories.
    pub(super) fn open(limit: Option<usize>) -> Result<Self, WatchError> {
        let fd =
            inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).map_err(|errno| match errno {
                Errno::MFILE => WatchError::Instances(errno.into()),
                other => WatchError::Refused {
                    need: sentence!("watch-need-instance", "an inotify instance"),
                    source: other.into(),
                },
            })?;
        Ok(Self {
            fd: Arc::new(fd),
            tree: Tree::default(),
            anchors: HashMap::new(),
            limit: limit.unwrap_or(usize::MAX),
        })
    }

    /// Watches the directory of `id`, which is at `path`. Says whether the kernel did not watch it before.
    ///
    /// Only the top of a root may be reached through a symbolic link.
    pub(super) fn watch(&mut self, id: NodeId, path: &Path) -> Result<Watched, Refusal> {
        let follow = if self.tree.is_top(id) { WatchFlags::empty() } else { WatchFlags::DONT_FOLLOW };
        let watch = inotify::add_watch(&*self.fd, path, DIRECTORY | follow)?;
        if self.tree.is_known(id, watch) {
            return Ok(Watched::Known);
        }
        if self.tree.first(watch).is_none() && self.tree.watches() >= self.limit {
            self.release(watch);
            return Err(Refusal::Limit);
        }
        Ok(if self.tree.bind(id, watch) { Watched::Fresh } else { Watched::Shared })
    }

    /// Whether a watch is left for the directory at `path`.
    pub(super) fn has_room(&self, path: &Path) -> bool {
        let Ok(watch) = inotify::add_watch(&*self.fd, path, DIRECTORY) else { return false };
        let room = self.tree.first(watch).is_some() || self.tree.watches() < self.limit;
        self.release(watch);
        room
    }

    /// Whether the directory of `id` is still where its path says.
    pub(super) fn is_in_place(&mut self, id: NodeId, watch: Watch) -> bool {
        match inotify::add_watch(&*self.fd, self.tree.path(id), DIRECTORY | WatchFlags::DONT_FOLLOW) {
            Ok(found) if found == watch => true,
            Ok(found) => {
                self.release(found);
                false
            }
            Err(_) => false,
        }
    }

    /// Removes a directory with all below it from the tree and from the kernel.
    pub(super) fn forget(&mut self, id: NodeId) {
        for watch in self.tree.remove(id) {
            self.release(watch);
        }
    }

    /// Anchors a root at `directory`. Returns the watch.
    pub(super) fn anchor(&mut self, directory: &Path, anchor: Anchor) -> Result<Watch, Refusal> {
        let watch = inotify::add_watch(&*self.fd, directory, anchor.concern.mask())?;
        let new = || Anchored { directory: directory.to_owned(), anchors: Vec::new() };
        let anchored = self.anchors.entry(watch).or_insert_with(new);
        // By the way that was good last: the others may be gone.
        directory.clone_into(&mut anchored.directory);
        if !anchored.anchors.contains(&anchor) {
            anchored.anchors.push(anchor);
        }
        Ok(watch)
    }

    /// Takes away those anchors on the way to `root` that are not in `keep`.
    pub(super) fn weigh_anchors(&mut self, root: RootId, keep: &[(Watch, Concern)]) {
        let watches: Vec<Watch> = self.anchors.keys().copied().collect();
        for watch in watches {
            self.retain_anchors(watch, |anchor| {
                anchor.root != root
                    || matches!(anchor.concern, Concern::Below(_))
                    || keep.iter().any(|(at, concern)| *at == watch && *concern == anchor.concern)
            });
        }
    }

    /// Takes away the anchor that `root` has at `watch` for what lies at `path` below it.
    pub(super) fn drop_anchor(&mut self, root: RootId, watch: Watch, path: &Path) {
        self.retain_anchors(watch, |anchor| {
            anchor.root != root || !matches!(&anchor.concern, Concern::Below(below) if below == path)
        });
    }

    /// Takes away all other anchors at a watch, and asks the kernel for no more than is still needed.
    fn retain_anchors(&mut self, watch: Watch, keep: impl Fn(&Anchor) -> bool) {
        let Some(anchored) = self.anchors.get_mut(&watch) else { return };
        let before = anchored.mask();
        anchored.anchors.retain(keep);
        if anchored.mask() == before {
            return;
        }
        let directory = anchored.directory.clone();
        if anchored.anchors.is_empty() {
            self.anchors.remove(&watch);
        }
        self.ease(watch, &directory);
    }

    /// The anchors at a watch.
    pub(super) fn anchors(&self, watch: Watch) -> &[Anchor] {
        self.anchors.get(&watch).map_or(&[], |anchored| anchored.anchors.as_slice())
    }

    /// Takes note that the kernel dropped a watch. Returns the anchors that hung on it.
    pub(super) fn lost(&mut self, watch: Watch) -> Vec<Anchor> {
        self.anchors.remove(&watch).map(|anchored| anchored.anchors).unwrap_or_default()
    }

    /// Tells the kernel to drop a watch that nothing needs any more.
    fn release(&self, watch: Watch) {
        if self.tree.first(watch).is_some() {
            return;
        }
        match self.anchors.get(&watch) {
            Some(anchored) => self.ease(watch, &anchored.directory),
            // The kernel may have dropped it first, with the directory. Nothing is left to do then.
            None => _ = inotify::remove_watch(&*self.fd, watch),
        }
    }

    /// Asks no more of a watched directory than is needed now: what was asked in addition would wake us for nothing.
    fn ease(&self, watch: Watch, directory: &Path) {
        let anchors = self.anchors.get(&watch).map_or(WatchFlags::empty(), Anchored::mask);
        let tree = if self.tree.first(watch).is_some() { DIRECTORY } else { WatchFlags::empty() };
        let needed = anchors | tree;
        if needed.is_empty() {
            return self.release(watch);
        }
        // By a handle, so that it is surely the directory of this watch whose mask is replaced. Where that cannot be done
        // the mask stays as it was, which costs only some waking.
        let handle = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let Ok(handle) = rustix::fs::open(directory, handle, Mode::empty()) else { return };
        let path = format!("/proc/self/fd/{}", handle.as_raw_fd());
        match inotify::add_watch(&*self.fd, &path, needed) {
            Ok(found) if found == watch => {
                let _ = inotify::add_watch(&*self.fd, &path, needed.difference(WatchFlags::MASK_ADD));
            }
            // It stands elsewhere now, and what is here instead was perhaps not watched at all.
            Ok(other) if self.tree.first(other).is_none() && !self.anchors.contains_key(&other) => {
                let _ = inotify::remove_watch(&*self.fd, other);
            }
            _ => {}
        }
    }
}

/// What watching a directory came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Watched {
    /// It is watched for the first time.
    Fresh,
    /// It was watched already, for another root or before the tree was walked again.
    Shared,
    /// The very same entry is in the tree already.
    Known,
}

/// The limit of watches a user has, as the kernel says it now: the machine's, or that of the container we run in.
pub(super) fn watch_limit() -> Option<u64> {
    let limits = ["/proc/sys/fs/inotify/max_user_watches", "/proc/sys/user/max_inotify_watches"];
    limits.iter().filter_map(|limit| std::fs::read_to_string(limit).ok()?.trim().parse().ok()).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_says_by_no_space_left_that_the_limit_is_reached() {
        assert_eq!(Refusal::from(Errno::NOSPC), Refusal::Limit);
        assert_eq!(Refusal::from(Errno::ACCESS), Refusal::Denied);
        assert_eq!(Refusal::from(Errno::NOTDIR), Refusal::Gone);
    }

    #[test]
    fn opens_reads_writes_and_attributes_are_not_asked_for() {
        let unwanted = WatchFlags::OPEN | WatchFlags::ACCESS | WatchFlags::MODIFY | WatchFlags::ATTRIB;
        assert!(!DIRECTORY.union(ENTRIES).union(ITSELF).intersects(unwanted | WatchFlags::CLOSE_NOWRITE));
    }
}

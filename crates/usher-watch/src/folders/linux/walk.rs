//! Watching a directory with everything below it.
//!
//! Each directory is watched before it is listed, so that nothing made meanwhile falls between; it may be seen twice.

use std::ffi::OsStr;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RawDir};
use rustix::io::Errno;

use super::super::plan::Enters;
use super::super::tree::NodeId;
use super::kernel::{Kernel, Refusal, Watched};
use super::mounts::Mounts;

/// Room for some hundred entries: most directories are listed with one call.
const LISTING: usize = 32 * 1024;

/// What a walk came to.
#[derive(Default)]
pub(super) struct Walked {
    /// How many directories were not watched before.
    pub(super) fresh: u64,
    /// Directories that have to be polled, because the limit of watches is reached.
    pub(super) beyond_limit: Vec<PathBuf>,
    /// Directories that have to be polled, because their file system cannot report changes.
    pub(super) remote: Vec<PathBuf>,
    /// Directories that may not be read.
    pub(super) denied: Vec<PathBuf>,
    /// Why the first directory itself is not watched.
    pub(super) refused: Option<Refusal>,
}

/// A walk's surroundings.
pub(super) struct Walk<'a> {
    pub(super) kernel: &'a mut Kernel,
    pub(super) mounts: &'a Mounts,
    pub(super) enters: &'a Enters,
    /// Told of every file, directory and symbolic link that is found.
    pub(super) found: &'a mut dyn FnMut(&Path),
}

impl Walk<'_> {
    /// Watches the directory of `first`, which has no watch yet, and everything below that may be entered.
    /// Removes from the tree what cannot be watched.
    pub(super) fn run(&mut self, first: NodeId) -> Walked {
        let mut walked = Walked::default();
        let mut listing = Vec::with_capacity(LISTING);
        let mut todo = vec![first];
        while let Some(id) = todo.pop() {
            let mut path = self.kernel.tree.path(id);
            let refusal = match self.kernel.watch(id, &path) {
                Ok(Watched::Known) => {
                    self.kernel.forget(id);
                    continue;
                }
                Ok(watched) => {
                    walked.fresh += u64::from(watched == Watched::Fresh);
                    match self.list(id, &mut path, &mut listing, &mut todo, &mut walked) {
                        Ok(()) => continue,
                        Err(errno) => Refusal::from(errno),
                    }
                }
                Err(refusal) => refusal,
            };
            self.kernel.forget(id);
            if id == first {
                walked.refused = Some(refusal);
            }
            walked.note(refusal, path);
        }
        walked
    }

    /// Lists a directory: reports what is there and adds its directories to the tree and to `todo`.
    fn list(
        &mut self,
        id: NodeId,
        path: &mut PathBuf,
        listing: &mut Vec<u8>,
        todo: &mut Vec<NodeId>,
        walked: &mut Walked,
    ) -> Result<(), Errno> {
        let fd = open(path, self.kernel.tree.is_top(id))?;
        let before = todo.len();
        let listed = self.list_open(&fd, id, path, listing, todo, walked);
        if listed.is_err() {
            // The directory is forgotten, and its children with it.
            todo.truncate(before);
        }
        listed
    }

    fn list_open(
        &mut self,
        fd: &OwnedFd,
        id: NodeId,
        path: &mut PathBuf,
        listing: &mut Vec<u8>,
        todo: &mut Vec<NodeId>,
        walked: &mut Walked,
    ) -> Result<(), Errno> {
        let mut entries = RawDir::new(fd, listing.spare_capacity_mut() as &mut [MaybeUninit<u8>]);
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name == "." || name == ".." {
                continue;
            }
            let kind = kind(fd, name, entry.file_type());
            path.push(name);
            if matches!(kind, FileType::RegularFile | FileType::Directory | FileType::Symlink) {
                (self.found)(path);
            }
            if kind == FileType::Directory && self.enters.admit(path) {
                if self.mounts.remote_at(path).is_some() {
                    walked.remote.push(path.clone());
                } else {
                    todo.push(self.kernel.tree.add(id, name));
                }
            }
            path.pop();
        }
        Ok(())
    }
}

impl Walked {
    fn note(&mut self, refusal: Refusal, path: PathBuf) {
        match refusal {
            Refusal::Limit => self.beyond_limit.push(path),
            Refusal::Denied => self.denied.push(path),
            Refusal::Gone => {}
            Refusal::Other(errno) => {
                tracing::warn!(path = %path.display(), error = %errno, "this directory cannot be watched");
                self.denied.push(path);
            }
        }
    }
}

fn open(path: &Path, follow: bool) -> Result<OwnedFd, Errno> {
    let follow = if follow { OFlags::empty() } else { OFlags::NOFOLLOW };
    rustix::fs::openat(
        CWD,
        path,
        OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | follow,
        Mode::empty(),
    )
}

/// The kind of an entry; asks for it only where the listing does not say.
fn kind(directory: &OwnedFd, name: &OsStr, listed: FileType) -> FileType {
    if listed != FileType::Unknown {
        return listed;
    }
    rustix::fs::statat(directory, name, AtFlags::SYMLINK_NOFOLLOW)
        .map_or(FileType::Unknown, |stat| FileType::from_raw_mode(stat.st_mode))
}

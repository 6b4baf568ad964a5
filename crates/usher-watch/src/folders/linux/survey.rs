//! Where a root really is, and what has to be watched to notice that this changes.
//!
//! The path is walked as the kernel walks it, one name at a time, so that every directory and symbolic link on the way
//! gets an anchor, and so that no file system that may hang is ever touched.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{Access, AtFlags, CWD, FileType, Stat};
use rustix::io::Errno;

use super::kernel::Concern;
use super::mounts::Mounts;

/// As many symbolic links as the kernel follows.
const MOST_LINKS: usize = 40;

/// What a root's path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reach {
    /// A directory that can be read.
    Directory(Identity),
    /// Something that is not a directory.
    File,
    /// Nothing.
    Missing,
    /// Something that may not be read, or lies below something that may not be.
    Denied(PathBuf),
    /// A file system that cannot report changes.
    Remote(String),
}

/// Which directory it is, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
}

/// The way to a root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Survey {
    /// What is at the end of it.
    pub(super) reach: Reach,
    /// The path without symbolic links, as far as it exists.
    pub(super) real: PathBuf,
    /// The directories to be anchored at, outermost first.
    pub(super) anchors: Vec<(PathBuf, Concern)>,
}

/// Walks the path to `root`.
pub(super) fn survey(root: &Path, mounts: &Mounts) -> Survey {
    let mut walk = Walk { at: PathBuf::from("/"), rest: VecDeque::new(), anchors: Vec::new(), links: 0 };
    walk.prepend(root);
    let reach = walk.run(mounts);
    if reach != Reach::File {
        for (_, concern) in &mut walk.anchors {
            if let Concern::File(name) = concern {
                *concern = Concern::Entry(std::mem::take(name));
            }
        }
    }
    Survey { reach, real: walk.at, anchors: walk.anchors }
}

struct Walk {
    at: PathBuf,
    rest: VecDeque<OsString>,
    anchors: Vec<(PathBuf, Concern)>,
    links: usize,
}

impl Walk {
    /// Puts a path in front of what is left to walk.
    fn prepend(&mut self, path: &Path) {
        for component in path.components().rev() {
            match component {
                Component::Normal(name) => self.rest.push_front(name.to_owned()),
                Component::ParentDir => self.rest.push_front("..".into()),
                Component::RootDir | Component::Prefix(_) | Component::CurDir => {}
            }
        }
        if path.is_absolute() {
            self.at = PathBuf::from("/");
        }
    }

    fn run(&mut self, mounts: &Mounts) -> Reach {
        while let Some(name) = self.rest.pop_front() {
            if name == ".." {
                self.at.pop();
                continue;
            }
            let next = self.at.join(&name);
            if let Some(kind) = mounts.remote_at(&next) {
                self.at = next;
                return Reach::Remote(kind.to_owned());
            }
            if let Some(end) = self.step(next, &name) {
                return end;
            }
        }
        match rustix::fs::stat(&self.at) {
            Ok(stat) => Reach::Directory(identity(&stat)),
            Err(_) => Reach::Missing,
        }
    }

    /// Goes on to `next`. Returns what is there if the way ends at it.
    fn step(&mut self, next: PathBuf, name: &OsStr) -> Option<Reach> {
        let stat = match rustix::fs::lstat(&next) {
            Ok(stat) => stat,
            Err(Errno::ACCESS) => return Some(self.deny(self.at.clone())),
            Err(_) => {
                self.anchors.push((self.at.clone(), Concern::Entry(name.to_owned())));
                return Some(Reach::Missing);
            }
        };
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Symlink => self.follow(&next, name),
            FileType::Directory if self.rest.is_empty() => {
                self.anchors.push((self.at.clone(), Concern::Departure(name.to_owned())));
                if rustix::fs::accessat(CWD, &next, Access::READ_OK | Access::EXEC_OK, AtFlags::EACCESS)
                    == Err(Errno::ACCESS)
                {
                    return Some(self.deny(next));
                }
                self.at = next;
                None
            }
            FileType::Directory => {
                self.anchors.push((next.clone(), Concern::Itself));
                self.at = next;
                None
            }
            _ if self.rest.is_empty() => {
                self.anchors.push((self.at.clone(), Concern::File(name.to_owned())));
                self.at = next;
                Some(Reach::File)
            }
            _ => {
                // A file stands where the path needs a directory.
                self.anchors.push((self.at.clone(), Concern::Entry(name.to_owned())));
                Some(Reach::Missing)
            }
        }
    }

    fn follow(&mut self, link: &Path, name: &OsStr) -> Option<Reach> {
        // A link to a file is reported when it is replaced, like the file itself.
        let concern = if self.rest.is_empty() { Concern::File } else { Concern::Entry };
        self.anchors.push((self.at.clone(), concern(name.to_owned())));
        self.links += 1;
        match rustix::fs::readlink(link, Vec::new()) {
            Ok(target) if self.links <= MOST_LINKS => {
                use std::os::unix::ffi::OsStrExt;
                self.prepend(Path::new(OsStr::from_bytes(target.as_bytes())));
                None
            }
            _ => Some(Reach::Missing),
        }
    }

    /// Ends the way at something that may not be read: its parent hears when that changes.
    fn deny(&mut self, denied: PathBuf) -> Reach {
        if let (Some(parent), Some(name)) = (denied.parent(), denied.file_name()) {
            self.anchors.push((parent.to_owned(), Concern::Access(name.to_owned())));
        }
        Reach::Denied(denied)
    }
}

fn identity(stat: &Stat) -> Identity {
    Identity { device: stat.st_dev, inode: stat.st_ino }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn look(path: &Path) -> Survey {
        survey(path, &Mounts::default())
    }

    #[test]
    fn a_missing_path_is_anchored_at_its_nearest_directory() {
        let temp = tempfile::tempdir().unwrap();
        let found = look(&temp.path().join("a/b"));
        assert_eq!(found.reach, Reach::Missing);
        let nearest = (temp.path().canonicalize().unwrap(), Concern::Entry("a".into()));
        assert_eq!(found.anchors.last(), Some(&nearest));
    }

    #[test]
    fn a_link_is_anchored_and_so_is_the_way_to_its_target() {
        let temp = tempfile::tempdir().unwrap();
        let base = temp.path().canonicalize().unwrap();
        std::fs::create_dir_all(base.join("far/away")).unwrap();
        symlink("far/away", base.join("link")).unwrap();
        let found = look(&base.join("link"));
        assert!(matches!(found.reach, Reach::Directory(_)));
        assert_eq!(found.real, base.join("far/away"));
        assert!(found.anchors.contains(&(base.clone(), Concern::Entry("link".into()))));
        assert!(found.anchors.contains(&(base.join("far"), Concern::Itself)));
        assert!(found.anchors.contains(&(base.join("far"), Concern::Departure("away".into()))));
    }

    #[test]
    fn a_circle_of_links_ends() {
        let temp = tempfile::tempdir().unwrap();
        symlink("b", temp.path().join("a")).unwrap();
        symlink("a", temp.path().join("b")).unwrap();
        assert_eq!(look(&temp.path().join("a")).reach, Reach::Missing);
    }

    #[test]
    fn a_file_in_the_way_is_a_missing_root() {
        let temp = tempfile::tempdir().unwrap();
        std::fs::write(temp.path().join("file"), "").unwrap();
        assert_eq!(look(&temp.path().join("file/x")).reach, Reach::Missing);
        assert_eq!(look(&temp.path().join("file")).reach, Reach::File);
    }
}

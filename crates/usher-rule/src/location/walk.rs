//! Going through a location.

use std::io;
use std::path::{Path, PathBuf};
use std::vec::IntoIter;

use usher_event::{Kind, Subject};

use super::{Order, Root, sort};
use crate::{Entry, Targets, World};

/// A walk through a location that can be left and taken up again between any two subjects.
#[derive(Debug)]
pub struct Walk {
    root: Root,
    targets: Targets,
    begun: bool,
    /// The folders on the way down to where it is.
    open: Vec<Folder>,
}

/// A folder in the middle of being looked through.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    depth: usize,
    files: IntoIter<Entry>,
    dirs: Vec<Entry>,
    /// The next directory as a subject, and the next one to go down into.
    shown: usize,
    entered: usize,
}

impl Walk {
    pub(super) fn new(root: Root, targets: Targets) -> Self {
        Self { root, targets, begun: false, open: Vec::new() }
    }

    /// The folder, or the single file, it goes through.
    pub fn root(&self) -> &Path {
        &self.root.path
    }

    /// The next subject. Each directory that cannot be listed is given to `unreadable`.
    pub fn next(
        &mut self,
        world: &dyn World,
        unreadable: &mut dyn FnMut(&Path, io::Error),
    ) -> Option<Subject> {
        if !std::mem::replace(&mut self.begun, true) && !self.root.is_own(&self.root.path) {
            match world.stat(&self.root.path).map(|stat| stat.kind) {
                Ok(Kind::File) if self.targets.files => return Some(Subject::file(&self.root.path)),
                // The root itself may be a link; what it leads to is listed.
                Ok(Kind::Dir | Kind::Symlink) => self.enter(self.root.path.clone(), 0, world, unreadable),
                Ok(Kind::File | Kind::Other) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => unreadable(&self.root.path, error),
            }
        }
        loop {
            let order = self.root.reach.order;
            if order == Order::Breadth
                && let Some(subject) = self.entry()
            {
                return Some(subject);
            }
            if let Some((dir, depth)) = self.way_down() {
                self.enter(dir, depth, world, unreadable);
                continue;
            }
            if order == Order::Depth
                && let Some(subject) = self.entry()
            {
                return Some(subject);
            }
            self.open.pop()?;
        }
    }

    fn enter(
        &mut self,
        dir: PathBuf,
        depth: usize,
        world: &dyn World,
        unreadable: &mut dyn FnMut(&Path, io::Error),
    ) {
        let entries = world.list(&dir).unwrap_or_else(|error| {
            if error.kind() != io::ErrorKind::NotFound {
                unreadable(&dir, error);
            }
            Vec::new()
        });
        let (mut files, mut dirs) = (Vec::new(), Vec::new());
        for entry in entries {
            match entry.kind {
                Kind::File if self.targets.files => files.push(entry),
                Kind::Dir => dirs.push(entry),
                _ => {}
            }
        }
        sort::sort(&mut files);
        sort::sort(&mut dirs);
        self.open.push(Folder { path: dir, depth, files: files.into_iter(), dirs, shown: 0, entered: 0 });
    }

    /// The next entry of the innermost folder that is a subject.
    fn entry(&mut self) -> Option<Subject> {
        let reach = &self.root.reach;
        let folder = self.open.last_mut()?;
        let depth = folder.depth;
        if let Some(file) = folder.files.find(|entry| reach.takes_file(&entry.name, depth)) {
            return Some(Subject::file(below(&folder.path, &file)));
        }
        while let Some(dir) = folder.dirs.get(folder.shown).filter(|_| self.targets.dirs) {
            folder.shown += 1;
            let path = below(&folder.path, dir);
            if reach.takes_dir(&dir.name, depth) && !self.root.holds_own(&path) {
                return Some(Subject::dir(path));
            }
        }
        None
    }

    /// The next directory to go down into, and how deep it lies.
    fn way_down(&mut self) -> Option<(PathBuf, usize)> {
        let reach = &self.root.reach;
        let folder = self.open.last_mut()?;
        while let Some(dir) = folder.dirs.get(folder.entered) {
            folder.entered += 1;
            let path = below(&folder.path, dir);
            if reach.enters(&dir.name, folder.depth) && !self.root.is_own(&path) {
                return Some((path, folder.depth + 1));
            }
        }
        None
    }
}

/// The path of an entry, made in one piece: there may be very many of them.
fn below(dir: &Path, entry: &Entry) -> PathBuf {
    let mut path = PathBuf::with_capacity(dir.as_os_str().len() + 1 + entry.name.len());
    path.push(dir);
    path.push(&entry.name);
    path
}

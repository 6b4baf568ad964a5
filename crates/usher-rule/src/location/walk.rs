//! Going through a location.

use std::io;
use std::path::Path;

use usher_event::{Kind, Subject};

use super::{Order, Root, sort};
use crate::{Entry, Targets, World};

pub(super) fn walk(
    root: &Root,
    world: &dyn World,
    targets: Targets,
    unreadable: &mut dyn FnMut(&Path, io::Error),
    visit: &mut dyn FnMut(Subject) -> bool,
) {
    match world.stat(&root.path).map(|stat| stat.kind) {
        Ok(Kind::File) => {
            if targets.files {
                visit(Subject::file(&root.path));
            }
        }
        // The root itself may be a link; what it leads to is listed.
        Ok(Kind::Dir | Kind::Symlink) => {
            Walk { root, world, targets, unreadable, visit }.directory(&root.path, 0);
        }
        Ok(Kind::Other) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => unreadable(&root.path, error),
    }
}

struct Walk<'w> {
    root: &'w Root,
    world: &'w dyn World,
    targets: Targets,
    unreadable: &'w mut dyn FnMut(&Path, io::Error),
    visit: &'w mut dyn FnMut(Subject) -> bool,
}

impl Walk<'_> {
    /// Visits what is in a directory; answers whether to go on.
    fn directory(&mut self, dir: &Path, depth: usize) -> bool {
        let (files, dirs) = self.list(dir);
        match self.root.reach.order {
            Order::Breadth => self.entries(dir, depth, &files, &dirs) && self.descend(dir, depth, &dirs),
            Order::Depth => self.descend(dir, depth, &dirs) && self.entries(dir, depth, &files, &dirs),
        }
    }

    fn list(&mut self, dir: &Path) -> (Vec<Entry>, Vec<Entry>) {
        let entries = match self.world.list(dir) {
            Ok(entries) => entries,
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    (self.unreadable)(dir, error);
                }
                return (Vec::new(), Vec::new());
            }
        };
        let (mut files, mut dirs) = (Vec::new(), Vec::new());
        for entry in entries {
            match entry.kind {
                Kind::File if self.targets.files => files.push(entry),
                Kind::Dir => dirs.push(entry),
                _ => {}
            }
        }
        files.sort_by(|a, b| sort::natural(&a.name, &b.name));
        dirs.sort_by(|a, b| sort::natural(&a.name, &b.name));
        (files, dirs)
    }

    fn entries(&mut self, dir: &Path, depth: usize, files: &[Entry], dirs: &[Entry]) -> bool {
        let reach = &self.root.reach;
        for entry in files.iter().filter(|entry| reach.takes_file(&entry.name, depth)) {
            if !(self.visit)(Subject::file(dir.join(&entry.name))) {
                return false;
            }
        }
        if self.targets.dirs {
            for entry in dirs.iter().filter(|entry| reach.takes_dir(&entry.name, depth)) {
                if !(self.visit)(Subject::dir(dir.join(&entry.name))) {
                    return false;
                }
            }
        }
        true
    }

    fn descend(&mut self, dir: &Path, depth: usize, dirs: &[Entry]) -> bool {
        let root = self.root;
        dirs.iter()
            .filter(|entry| root.reach.enters(&entry.name, depth))
            .all(|entry| self.directory(&dir.join(&entry.name), depth + 1))
    }
}

//! Locations: the places a rule covers, walked for a sweep and asked about for an event.
//!
//! Walking and asking have to agree: [`Root::walk`] visits what [`Root::covers`] says belongs, and nothing else. Both
//! are made of the same questions to a [`Reach`], one a name at a time.

mod patterns;
mod sort;
mod walk;

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use usher_event::{Kind, Sentence, Subject, sentence};

pub use patterns::Patterns;
pub use walk::Walk;

use crate::occasions::Facts;
use crate::template::{Basics, Template, inexact};
use crate::world::through_links;
use crate::{World, name};

/// One location of a rule as it is written: some folders and how far to look into them.
#[derive(Debug, Clone)]
pub struct Location {
    /// The folders, with placeholders.
    pub paths: Vec<Template>,
    /// How far.
    pub reach: Arc<Reach>,
}

/// How far a rule looks into a folder.
#[derive(Debug, Default, Clone)]
pub struct Reach {
    /// Subjects above this depth are left out; the folder's own entries have depth 0.
    pub min_depth: usize,
    /// Folders at this depth are not entered.
    pub max_depth: Option<usize>,
    /// What comes first.
    pub order: Order,
    /// Names of files to leave out.
    pub exclude_files: Patterns,
    /// Names of folders to leave out with all in them.
    pub exclude_dirs: Patterns,
    /// Names of files that systems leave behind, in any case.
    pub system_files: Patterns,
    /// Names of folders that tools keep for themselves, in any case.
    pub system_dirs: Patterns,
    /// If there, only files with these names.
    pub filter: Option<Patterns>,
    /// If there, only folders with these names, all the way down.
    pub filter_dirs: Option<Patterns>,
}

/// What comes first in a walk.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The entries of a folder, then its subfolders in turn. organize's order.
    #[default]
    Breadth,
    /// The subfolders in turn, then the entries beside them: what is inside a folder comes before the folder.
    Depth,
}

/// One expanded location of a rule: a folder (or a single file) with its depth limits and patterns.
#[derive(Debug, Clone)]
pub struct Root {
    /// The absolute folder.
    pub path: PathBuf,
    reach: Arc<Reach>,
    /// What lies in it and is Usher's own, by each of the ways that lead there from here.
    own: Arc<[PathBuf]>,
}

impl Location {
    /// Adds its folders as they are now to `roots`; `event` is what an edge brought along.
    ///
    /// # Errors
    /// The text of the first folder that cannot be expanded.
    pub fn roots(&self, world: &dyn World, event: &Facts, roots: &mut Vec<Root>) -> Result<(), Sentence> {
        for template in &self.paths {
            let filled = template.fill(&Basics { world, event }).map_err(|error| {
                sentence!(
                    "location-not-expanded",
                    "the location `{location}` cannot be expanded: {why}",
                    location = template.source(),
                    why = error.message,
                )
            })?;
            if let Some(path) = inexact(event).filter(|_| filled.has_replacements()) {
                return Err(sentence!(
                    "location-not-text",
                    "the location `{location}` cannot be expanded: {path} is not text",
                    location = template.source(),
                    path = path,
                ));
            }
            // Nothing is no place: it would be the working directory, and everything in it.
            if filled.text.is_empty() {
                continue;
            }
            let path = name::normalize(&world.working_dir().join(filled.text));
            let own = own_within(world, &path);
            roots.push(Root { path, reach: self.reach.clone(), own });
        }
        Ok(())
    }
}

impl Root {
    /// A folder to be looked into.
    pub fn new(path: impl Into<PathBuf>, reach: Arc<Reach>) -> Self {
        Self { path: path.into(), reach, own: Arc::default() }
    }

    /// How far it is looked into.
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Whether a directory below the root is to be watched and descended into.
    pub fn enters(&self, dir: &Path) -> bool {
        let Ok(below) = dir.strip_prefix(&self.path) else { return false };
        let lets_in = below.components().enumerate().all(|(depth, part)| match part {
            Component::Normal(name) => self.reach.enters(name, depth),
            _ => false,
        });
        lets_in && !self.is_own(dir)
    }

    /// Whether a path is Usher's own.
    fn is_own(&self, path: &Path) -> bool {
        self.own.iter().any(|own| path.starts_with(own))
    }

    /// Whether a folder is Usher's own, or holds what is.
    fn holds_own(&self, dir: &Path) -> bool {
        self.own.iter().any(|own| dir.starts_with(own) || own.starts_with(dir))
    }

    /// Whether something of this kind at `path` belongs to the location (depth, excludes, include patterns).
    /// Purely by its name and place; the disk is not asked.
    pub fn covers(&self, path: &Path, kind: Kind, targets: crate::Targets) -> bool {
        if path == self.path {
            // A location that is a file is just that file, whatever its name.
            return kind == Kind::File && targets.files && !self.is_own(path);
        }
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { return false };
        let Ok(below) = parent.strip_prefix(&self.path) else { return false };
        let depth = below.components().count();
        let wanted = match kind {
            Kind::File => targets.files && self.reach.takes_file(name, depth),
            Kind::Dir => targets.dirs && self.reach.takes_dir(name, depth) && !self.holds_own(path),
            Kind::Symlink | Kind::Other => false,
        };
        wanted && self.enters(parent)
    }

    /// Visits every subject in the location in organize's order: naturally sorted within a directory, files before
    /// subfolders, a directory listed when it is reached. Links are skipped, unreadable directories too, except that
    /// each of those is given to `unreadable`. Stops when `visit` returns `false`.
    pub fn walk(
        &self,
        world: &dyn World,
        targets: crate::Targets,
        unreadable: &mut dyn FnMut(&Path, std::io::Error),
        visit: &mut dyn FnMut(Subject) -> bool,
    ) {
        let mut walk = self.walking(targets);
        while let Some(subject) = walk.next(world, unreadable) {
            if !visit(subject) {
                return;
            }
        }
    }

    /// The same as a walk that the caller takes a step at a time.
    pub fn walking(&self, targets: crate::Targets) -> Walk {
        Walk::new(self.clone(), targets)
    }
}

/// Where Usher's own folder lies, seen from a location that has to do with it. A second mount may lead there as well, and
/// then there is more than one way.
fn own_within(world: &dyn World, location: &Path) -> Arc<[PathBuf]> {
    let Ok(real) = through_links(world, location) else { return Arc::default() };
    let seen = |own: PathBuf| {
        let own = through_links(world, &own).ok()?;
        if real.starts_with(&own) {
            return Some(location.to_path_buf());
        }
        Some(location.join(own.strip_prefix(&real).ok()?))
    };
    world.own().into_iter().filter_map(seen).collect()
}

impl Reach {
    /// Whether a file of this name, `depth` folders below the root, is a subject.
    fn takes_file(&self, name: &OsStr, depth: usize) -> bool {
        depth >= self.min_depth
            && !self.system_files.match_any(name)
            && !self.exclude_files.match_any(name)
            && self.filter.as_ref().is_none_or(|filter| filter.match_any(name))
    }

    /// Whether a folder of this name is a subject.
    fn takes_dir(&self, name: &OsStr, depth: usize) -> bool {
        depth >= self.min_depth && self.lets_in(name)
    }

    /// Whether a folder of this name is looked into.
    fn enters(&self, name: &OsStr, depth: usize) -> bool {
        self.max_depth.is_none_or(|max| depth < max) && self.lets_in(name)
    }

    fn lets_in(&self, name: &OsStr) -> bool {
        !self.system_dirs.match_any(name)
            && !self.exclude_dirs.match_any(name)
            && self.filter_dirs.as_ref().is_none_or(|filter| filter.match_any(name))
    }
}

#[cfg(test)]
mod tests;

//! What lies in a rule's locations, for a file that is asked about alone.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use usher_event::{Kind, Sentence, Subject};

use super::entry::Entry;
use super::pool::{File, Pool};
use crate::{Context, Root, Targets, World};

/// Every file of the rule's locations, in the order a run would ask about them.
#[derive(Debug, Default, Clone)]
pub(super) struct Index {
    pub(super) pool: Pool,
    pub(super) paths: Paths,
    places: HashMap<PathBuf, usize>,
    entries: HashMap<Entry, usize>,
    /// Where the files of each location begin.
    roots: Vec<(usize, PathBuf)>,
}

/// The further paths by which the locations lead to a file; mostly there are none.
#[derive(Debug, Default, Clone)]
pub(super) struct Paths(HashMap<usize, Vec<PathBuf>>);

impl Paths {
    pub(super) fn of(&self, place: usize) -> &[PathBuf] {
        self.0.get(&place).map(Vec::as_slice).unwrap_or_default()
    }
}

impl Index {
    /// Goes through the rule's locations. Nothing is read but directories and sizes.
    ///
    /// # Errors
    /// With the reason why a location cannot be expanded.
    pub(super) fn build(cx: &Context<'_>) -> Result<Self, Sentence> {
        let mut index = Self::default();
        for root in cx.rule.roots(cx.world, &cx.run.event)? {
            index.add(cx, &root);
        }
        Ok(index)
    }

    fn add(&mut self, cx: &Context<'_>, root: &Root) {
        self.roots.push((self.pool.len(), root.path.clone()));
        let files = Targets { files: true, dirs: false };
        let mut visit = |Subject { path, .. }: Subject| {
            if !self.places.contains_key(&path)
                && let Ok(stat) = cx.world.stat(&path)
                && stat.kind == Kind::File
            {
                self.take_in(Entry::of(cx.world, &path, &stat), File::new(path, stat));
            }
            true
        };
        // A folder that cannot be looked into holds nothing anyone could compare with.
        root.walk(cx.world, files, &mut |_, _| {}, &mut visit);
    }

    fn take_in(&mut self, entry: Option<Entry>, file: File) {
        let path = file.path.clone();
        let place = match entry.as_ref().and_then(|entry| self.entries.get(entry)) {
            Some(&place) => {
                self.paths.0.entry(place).or_default().push(path.clone());
                place
            }
            None => self.pool.add(file),
        };
        self.entries.extend(entry.map(|entry| (entry, place)));
        self.places.insert(path, place);
    }

    /// When a run would ask about a file.
    pub(super) fn place(&self, world: &dyn World, file: &File) -> Option<usize> {
        let by_path = self.places.get(&file.path);
        let place = by_path.or_else(|| self.entries.get(&Entry::of(world, &file.path, &file.stat)?));
        place.copied()
    }

    /// The location a file was found in.
    pub(super) fn root(&self, place: usize) -> &Path {
        let root = self.roots.iter().rev().find(|(first, _)| *first <= place);
        root.map_or(Path::new(""), |(_, root)| root)
    }
}

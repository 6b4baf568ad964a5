//! What lies in a rule's locations, for a file that is asked about alone.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use usher_event::{Kind, Sentence, Subject};

use super::pool::{File, Pool};
use crate::{Context, Root, Targets};

/// Every file of the rule's locations, in the order a run would ask about them.
#[derive(Debug, Default, Clone)]
pub(super) struct Index {
    pub(super) pool: Pool,
    places: HashMap<PathBuf, usize>,
    /// Where the files of each location begin.
    roots: Vec<(usize, PathBuf)>,
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
        self.roots.push((self.places.len(), root.path.clone()));
        let files = Targets { files: true, dirs: false };
        let mut visit = |Subject { path, .. }: Subject| {
            if !self.places.contains_key(&path)
                && let Ok(stat) = cx.world.stat(&path)
                && stat.kind == Kind::File
            {
                let place = self.pool.add(File::new(path.clone(), stat));
                self.places.insert(path, place);
            }
            true
        };
        // A folder that cannot be looked into holds nothing anyone could compare with.
        root.walk(cx.world, files, &mut |_, _| {}, &mut visit);
    }

    /// When a run would ask about a file.
    pub(super) fn place(&self, path: &Path) -> Option<usize> {
        self.places.get(path).copied()
    }

    /// The location a file was found in.
    pub(super) fn root(&self, place: usize) -> &Path {
        let root = self.roots.iter().rev().find(|(first, _)| *first <= place);
        root.map_or(Path::new(""), |(_, root)| root)
    }
}

//! The rule in hand, and where its subjects come from.

use std::collections::{HashSet, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use usher_event::Subject;
use usher_rule::{Root, Rule, Walk};

use crate::brakes::{Found, Held};
use crate::disk::{Overlay, lstat};
use crate::plan::Chain;

/// Where subjects come from.
enum Source {
    /// What lies in the rule's locations.
    Walk { roots: VecDeque<Root>, walk: Option<Walk> },
    /// What was found before, with the root the last one lies in.
    Found { subjects: VecDeque<Found>, root: PathBuf },
}

/// A rule with what is left of its locations.
pub(super) struct InHand {
    pub(super) rule: Arc<Rule>,
    source: Source,
    /// What the rule itself puts into its locations is not its business any more.
    pub(super) produced: HashSet<PathBuf>,
    /// The same of a chain that has asked something: it is the rule's business once more where the rest fails.
    unsure: Vec<PathBuf>,
    locations: Vec<PathBuf>,
}

impl InHand {
    /// Over everything in its locations.
    pub(super) fn walking(rule: Arc<Rule>, roots: Vec<Root>) -> Self {
        let locations = roots.iter().map(|root| root.path.clone()).collect();
        let source = Source::Walk { roots: roots.into(), walk: None };
        Self { rule, source, produced: HashSet::new(), unsure: Vec::new(), locations }
    }

    /// Over what was held back.
    pub(super) fn held(held: Held) -> Self {
        Self::over(held.rule, held.subjects)
    }

    /// Over what is known to lie there.
    pub(super) fn over(rule: Arc<Rule>, subjects: Vec<Found>) -> Self {
        let source = Source::Found { subjects: subjects.into(), root: PathBuf::new() };
        Self { rule, source, produced: HashSet::new(), unsure: Vec::new(), locations: Vec::new() }
    }

    /// Whether it goes over its locations.
    pub(super) fn walks(&self) -> bool {
        matches!(self.source, Source::Walk { .. })
    }

    /// The root of the subject that came last.
    pub(super) fn root(&self) -> Option<&Path> {
        match &self.source {
            Source::Walk { walk, .. } => walk.as_ref().map(Walk::root),
            Source::Found { root, .. } => Some(root),
        }
    }

    /// Keeps the rule from what it has put into its own locations.
    pub(super) fn leave_alone(&mut self, chain: &Chain) {
        if chain.failure.is_some() {
            return self.unsure.clear();
        }
        let inside = |path: &&PathBuf| self.locations.iter().any(|location| path.starts_with(location));
        let produced = chain.produced.iter().filter(inside).cloned();
        match chain.inquiry() {
            Some(_) => self.unsure.extend(produced),
            None => self.produced.extend(produced),
        }
    }

    /// Whether the rule has made this, or brought it there.
    pub(super) fn has_made(&mut self, path: &Path) -> bool {
        // What was asked about an earlier subject has been answered by now.
        self.produced.extend(self.unsure.drain(..));
        self.produced.contains(path)
    }

    /// The next subject.
    pub(super) fn next(
        &mut self,
        world: &Overlay<'_>,
        unreadable: &mut Vec<(PathBuf, io::Error)>,
    ) -> Option<Subject> {
        let mut note = |path: &Path, error: io::Error| unreadable.push((path.to_path_buf(), error));
        match &mut self.source {
            Source::Walk { roots, walk } => loop {
                if let Some(subject) = walk.as_mut().and_then(|walk| walk.next(world, &mut note)) {
                    return Some(subject);
                }
                *walk = Some(roots.pop_front()?.walking(self.rule.targets));
            },
            Source::Found { subjects, root } => loop {
                let path;
                (*root, path) = subjects.pop_front()?;
                // What has gone is not the file that was asked about.
                if let Ok(Some(stat)) = lstat(world, &path) {
                    return Some(Subject { path, kind: stat.kind });
                }
            },
        }
    }
}

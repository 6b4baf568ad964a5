//! Trying again what could not be watched: when an anchor hears that it may be read now, or after a while where nothing
//! will say so.

use std::path::{Path, PathBuf};

use usher_event::RescanReason;

use super::super::tree::{NodeId, RootId};
use super::Source;
use super::kernel::{Anchor, Concern, Refusal};
use super::root::{Denied, Root, State};
use super::walk::{Walk, Walked};

impl Source {
    /// Takes note of directories below a root that may not be read. The directory above each hears when that changes.
    pub(super) fn denied_below(&mut self, id: RootId, denied: Vec<PathBuf>) {
        let Some(root) = self.roots.get_mut(&id) else { return };
        for path in denied {
            if root.denied.iter().any(|known| known.path == path) {
                continue;
            }
            let anchor = Anchor { root: id, concern: Concern::Below(path.clone()) };
            let heard_at = path.parent().and_then(|parent| self.kernel.anchor(parent, anchor).ok());
            root.denied.push(Denied { path, heard_at });
        }
    }

    /// Forgets that some directories below a root may not be read.
    pub(super) fn forget_denied(&mut self, id: RootId, which: impl Fn(&Path) -> bool) {
        let Some(root) = self.roots.get_mut(&id) else { return };
        for denied in root.denied.extract_if(.., |denied| which(&denied.path)) {
            if let Some(watch) = denied.heard_at {
                self.kernel.drop_anchor(id, watch, &denied.path);
            }
        }
    }

    /// Tries again a directory that could not be read.
    pub(super) fn try_denied(&mut self, id: RootId, path: &Path) {
        if !self.roots.get(&id).is_some_and(|root| root.denied.iter().any(|denied| denied.path == path)) {
            return;
        }
        self.forget_denied(id, |denied| denied == path);
        let Some(walked) = self.walk_at(id, path) else { return self.report(id, None) };
        self.took(id, walked, RescanReason::Returned);
    }

    /// Tries again the directories of a root that are polled because there were no watches left, until there are none
    /// again.
    fn try_beyond_limit(&mut self, id: RootId) {
        let Some(root) = self.roots.get(&id) else { return };
        if let State::BeyondLimit(_) = root.state {
            if self.kernel.has_room(&root.path) {
                self.walk_again(id, Some(RescanReason::ModeChanged));
            }
            return;
        }
        let beyond = root.polled.iter().filter(|polled| polled.beyond_limit);
        let beyond: Vec<PathBuf> = beyond.map(|polled| polled.path.clone()).collect();
        for path in beyond {
            let Some(walked) = self.walk_at(id, &path) else { continue };
            if walked.refused == Some(Refusal::Limit) {
                return;
            }
            self.stop_polling_at(id, &path);
            self.took(id, walked, RescanReason::ModeChanged);
        }
    }

    /// Watches the directory at `path` with what lies below it, if the directory above is watched.
    fn walk_at(&mut self, id: RootId, path: &Path) -> Option<Walked> {
        let root = self.roots.get(&id)?;
        let enters = root.enters.clone();
        let (above, name) = (self.node_at(root, path.parent()?)?, path.file_name()?);
        let node = self.kernel.tree.add(above, name);
        let mut walk =
            Walk { kernel: &mut self.kernel, mounts: &self.mounts, enters: &enters, found: &mut |_| {} };
        Some(walk.run(node))
    }

    fn node_at(&self, root: &Root, path: &Path) -> Option<NodeId> {
        let mut way = path.strip_prefix(&root.path).ok()?.iter();
        way.try_fold(root.top()?, |at, name| self.kernel.tree.child(at, name))
    }

    /// Takes note of what came of another try. What was not watched before has to be swept.
    fn took(&mut self, id: RootId, walked: Walked, reason: RescanReason) {
        self.denied_below(id, walked.denied);
        self.poll_below(id, walked.beyond_limit, walked.remote);
        self.report(id, (walked.fresh > 0).then_some(reason));
    }

    /// Whether there is something that cannot be watched, and no anchor will say when that changes.
    pub(super) fn has_unheard(&self) -> bool {
        self.roots.values().any(|root| root.is_unheard() || root.is_beyond_limit())
    }

    /// Tries again what nothing but time will tell about.
    pub(super) fn try_unheard(&mut self) {
        self.tried = std::time::Instant::now();
        for id in self.ids() {
            if self.roots.get(&id).is_some_and(Root::is_unheard) {
                self.dirty.insert(id);
            }
            self.try_beyond_limit(id);
        }
    }

    /// Tries again everything that cannot be watched as it should be.
    pub(super) fn try_all(&mut self) {
        self.try_unheard();
        self.dirty.extend(self.roots.keys());
        for (id, root) in &self.roots {
            self.readable.extend(root.denied.iter().map(|denied| (*id, denied.path.clone())));
        }
    }
}

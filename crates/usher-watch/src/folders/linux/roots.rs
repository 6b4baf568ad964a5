//! The roots: looking whether each is there and what it is, and acting on what has changed.

use std::path::Path;

use usher_event::{Event, Health, RescanReason};

use super::super::Place;
use super::super::plan::plan;
use super::super::tree::RootId;
use super::Source;
use super::kernel::{Anchor, Concern};
use super::mounts::lies_below;
use super::root::{Root, State};
use super::survey::{Identity, Reach, Survey, survey};
use super::walk::Walk;

/// How often a path is surveyed again that keeps changing while it is being anchored. The anchors report the rest.
const PATIENCE: usize = 8;

impl Source {
    /// Makes the watched roots those of `places`. Adds before it removes, so that what they share stays watched.
    pub(super) fn set_places(&mut self, places: Vec<Place>) {
        let wanted = plan(places);
        let unwanted = |root: &Root| !wanted.iter().any(|want| want.root == root.path);
        let gone: Vec<_> = self.roots.iter().filter(|(_, root)| unwanted(root)).map(|(id, _)| *id).collect();
        for want in wanted {
            match self.roots.iter_mut().find(|(_, root)| root.path == want.root) {
                Some((_, root)) if root.enters.same(&want.enters) => {}
                Some((id, root)) => {
                    root.enters = want.enters;
                    let id = *id;
                    self.walk_again(id, None);
                }
                None => {
                    let id = self.next_root;
                    self.next_root += 1;
                    self.roots.insert(id, Root::new(want.root, want.enters));
                    self.look(id);
                }
            }
        }
        gone.into_iter().for_each(|id| self.remove_root(id));
    }

    fn remove_root(&mut self, id: RootId) {
        self.stop_polling(id);
        self.forget_denied(id, |_| true);
        if let Some(top) = self.roots.remove(&id).and_then(|root| root.top()) {
            self.kernel.forget(top);
        }
        self.kernel.weigh_anchors(id, &[]);
        self.dirty.remove(&id);
    }

    /// Asks for a sweep of every root that is there, and tries again what could not be watched.
    pub(super) fn rescan(&mut self, reason: RescanReason) {
        for id in self.ids() {
            let Some(root) = self.roots.get(&id) else { continue };
            if root.top().is_some() && (!root.polled.is_empty() || !root.denied.is_empty()) {
                self.walk_again(id, Some(reason));
                continue;
            }
            let before = root.state.clone();
            self.look(id);
            if let Some(root) = self.roots.get(&id).filter(|root| root.is_there() && root.state == before) {
                self.emit(Event::Rescan { root: root.path.clone(), reason });
            }
        }
    }

    /// Looks after what the last events put in doubt.
    pub(super) fn settle_roots(&mut self) {
        if std::mem::take(&mut self.overflowed) {
            for id in self.ids() {
                self.look(id);
                self.walk_again(id, Some(RescanReason::Overflow));
            }
        }
        for _ in 0..PATIENCE {
            for id in std::mem::take(&mut self.dirty) {
                self.look(id);
            }
        }
        for (id, path) in std::mem::take(&mut self.readable) {
            self.try_denied(id, &path);
        }
    }

    /// Looks after everything a change in the table of mounts may have touched.
    pub(super) fn mounts_changed(&mut self) {
        let points = self.mounts.refresh();
        if points.is_empty() {
            return;
        }
        for id in self.ids() {
            self.dirty.insert(id);
            if points.iter().any(|point| self.belongs_below(id, point)) {
                self.walk_again(id, Some(RescanReason::Returned));
            }
        }
    }

    /// Whether `point` is a directory below the root that is to be watched. The kernel has dropped its watch by now if
    /// something was unmounted there, so that the directory above it has to answer.
    fn belongs_below(&self, id: RootId, point: &Path) -> bool {
        let Some(root) = self.roots.get(&id).filter(|root| lies_below(point, &root.real)) else {
            return false;
        };
        let (Some(top), Ok(way)) = (root.top(), point.strip_prefix(&root.real)) else { return false };
        let mut above = way.parent().into_iter().flat_map(Path::iter);
        above.try_fold(top, |at, name| self.kernel.tree.child(at, name)).is_some()
            && root.enters.admit(&root.path.join(way))
    }

    /// Surveys a root and acts on what has changed.
    fn look(&mut self, id: RootId) {
        let Some(found) = self.anchor(id) else { return };
        let Some(root) = self.roots.get_mut(&id) else { return };
        root.real = found.real;
        let before = root.state.clone();
        match found.reach {
            Reach::Directory(identity) => {
                let known = match before {
                    State::Directory(_, known) | State::BeyondLimit(known) => Some(known),
                    _ => None,
                };
                if known != Some(identity) {
                    self.enter(id, identity, before.reason_after());
                }
            }
            Reach::File if before == State::File => {}
            Reach::File => {
                self.leave(id, State::File);
                self.report(id, Some(before.reason_after()));
            }
            Reach::Remote(kind) if before == State::Remote(kind.clone()) => {}
            Reach::Remote(kind) => {
                self.leave(id, State::Remote(kind));
                self.poll_root(id, before.reason_after());
            }
            Reach::Missing => {
                self.leave(id, State::Missing);
                self.report(id, None);
            }
            Reach::Denied(path) => {
                self.leave(id, State::Denied(path));
                self.report(id, None);
            }
        }
    }

    /// Anchors a root along the way to it. Returns the way.
    fn anchor(&mut self, id: RootId) -> Option<Survey> {
        let path = self.roots.get(&id)?.path.clone();
        let mut found = survey(&path, &self.mounts);
        for _ in 0..PATIENCE {
            let mut unheard = false;
            let mut held: Vec<(i32, Concern)> = Vec::with_capacity(found.anchors.len());
            for (directory, concern) in &found.anchors {
                match self.kernel.anchor(directory, Anchor { root: id, concern: concern.clone() }) {
                    Ok(watch) => {
                        held.push((watch, concern.clone()));
                        unheard = false;
                    }
                    // Directories further up are often closed to us, and seldom move.
                    Err(_) => unheard = true,
                }
            }
            self.kernel.weigh_anchors(id, &held);
            self.roots.get_mut(&id)?.unheard = unheard;
            // Only now can nothing change unheard: what the first look saw may be out of date.
            let again = survey(&path, &self.mounts);
            if again == found {
                break;
            }
            found = again;
        }
        Some(found)
    }

    /// Watches the directory that is at the root's path now.
    fn enter(&mut self, id: RootId, identity: Identity, reason: RescanReason) {
        if self.watch_tree(id, identity).is_some() {
            self.report(id, Some(reason));
        }
    }

    /// Walks a root's tree again, while its old watches still stand, and says so if `reason` is given or if there was
    /// something new.
    pub(super) fn walk_again(&mut self, id: RootId, reason: Option<RescanReason>) {
        let Some(root) = self.roots.get(&id) else { return };
        match root.state.clone() {
            State::Directory(_, identity) | State::BeyondLimit(identity) => {
                let Some(fresh) = self.watch_tree(id, identity) else { return };
                self.report(id, reason.or((fresh > 0).then_some(RescanReason::Started)));
            }
            State::Remote(_) if reason.is_none() => {
                self.stop_polling(id);
                self.poll_root(id, RescanReason::Started);
            }
            _ => {
                if let (Some(reason), true) = (reason, root.is_there()) {
                    self.emit(Event::Rescan { root: root.path.clone(), reason });
                }
            }
        }
    }

    /// Builds a new tree for a root, then drops the old one: the kernel keeps the watches both have. Returns how many
    /// directories were not watched before, or nothing if the root vanished meanwhile.
    fn watch_tree(&mut self, id: RootId, identity: Identity) -> Option<u64> {
        let (path, enters) = self.roots.get(&id).map(|root| (root.path.clone(), root.enters.clone()))?;
        let top = self.kernel.tree.add_top(id, path.as_os_str());
        let mut walk =
            Walk { kernel: &mut self.kernel, mounts: &self.mounts, enters: &enters, found: &mut |_| {} };
        let walked = walk.run(top);
        self.stop_polling(id);
        let root = self.roots.get_mut(&id)?;
        if let Some(old) = root.top() {
            self.kernel.forget(old);
        }
        if walked.refused.is_some() && walked.beyond_limit.is_empty() {
            // It went away or was closed to us in this moment: the next look says which.
            if walked.denied.contains(&path) {
                root.state = State::Denied(path);
                self.report(id, None);
            } else {
                root.state = State::Lost;
                self.dirty.insert(id);
            }
            return None;
        }
        let is_watched = walked.refused.is_none();
        root.state = if is_watched { State::Directory(top, identity) } else { State::BeyondLimit(identity) };
        root.owed = None;
        root.absent = false;
        self.forget_denied(id, |_| true);
        self.denied_below(id, walked.denied);
        self.poll_below(id, walked.beyond_limit, walked.remote);
        Some(walked.fresh)
    }

    /// Drops everything below a root because it is something else now.
    fn leave(&mut self, id: RootId, state: State) {
        let Some(root) = self.roots.get_mut(&id) else { return };
        let top = root.top();
        if root.state != state {
            root.state = state;
            root.owed = None;
            root.absent = false;
            self.stop_polling(id);
            self.forget_denied(id, |_| true);
        }
        if let Some(top) = top {
            self.kernel.forget(top);
        }
    }

    /// Takes note that a root's own directory is gone from under its watch.
    pub(super) fn top_lost(&mut self, id: RootId) {
        if let Some(root) = self.roots.get_mut(&id) {
            root.state = State::Lost;
            self.dirty.insert(id);
        }
    }

    /// Reports a root's health if it changed, then asks for a sweep if there is a reason.
    pub(super) fn report(&mut self, id: RootId, reason: Option<RescanReason>) {
        let directories = self.kernel.tree.count(id);
        let Some(root) = self.roots.get_mut(&id) else { return };
        let polled: u64 = root.polled.iter().filter_map(|polled| polled.directories).sum();
        let (mode, why) = root.mode();
        let health = Health { mode, reason: why, directories: directories + polled };
        let root_path = root.path.clone();
        if root.health.as_ref() != Some(&health) {
            root.health = Some(health.clone());
            self.emit(Event::Folder { root: root_path.clone(), health });
        }
        if let Some(reason) = reason {
            self.emit(Event::Rescan { root: root_path, reason });
        }
    }

    pub(super) fn ids(&self) -> Vec<RootId> {
        self.roots.keys().copied().collect()
    }
}

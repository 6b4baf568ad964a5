//! What a kernel event means: which paths it is about, what has to be watched or forgotten, what is said.

use std::ffi::{CStr, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::inotify::ReadFlags;
use usher_event::{Change, Event};

use super::super::tree::{NodeId, Watch};
use super::Source;
use super::kernel::Concern;
use super::walk::{Walk, Walked};

impl Source {
    /// Handles one event of the kernel's.
    pub(super) fn dispatch(&mut self, watch: Watch, flags: ReadFlags, name: Option<&CStr>) {
        let name = name.map(|name| OsStr::from_bytes(name.to_bytes()));
        self.said.clear();
        self.hear(watch, flags, name);
        if flags.contains(ReadFlags::IGNORED) {
            self.watch_lost(watch);
        } else if flags.contains(ReadFlags::MOVE_SELF) {
            self.moved_away(watch);
        } else if let (Some(name), Some(change)) = (name, change(flags)) {
            self.entry(watch, name, change, flags.contains(ReadFlags::ISDIR));
        }
    }

    /// Tells the roots that are anchored at this watch.
    fn hear(&mut self, watch: Watch, flags: ReadFlags, name: Option<&OsStr>) {
        let mut files = Vec::new();
        for anchor in self.kernel.anchors(watch) {
            if !anchor.concern.hears(name) {
                continue;
            }
            if let Concern::Below(path) = &anchor.concern {
                self.readable.insert((anchor.root, path.clone()));
                continue;
            }
            if let (Concern::File(_), Some(change)) = (&anchor.concern, change(flags)) {
                files.push((anchor.root, change));
                if change == Change::Closed {
                    continue;
                }
            }
            self.dirty.insert(anchor.root);
        }
        for (root, change) in files {
            if let Some(root) = self.roots.get(&root).filter(|root| root.is_file()) {
                let path = root.path.clone();
                self.say(path, change, true);
            }
        }
    }

    /// Reports what happened to the entry `name` of a watched directory, once for each path that leads to it.
    fn entry(&mut self, watch: Watch, name: &OsStr, change: Change, is_directory: bool) {
        let Some(first) = self.kernel.tree.first(watch) else { return };
        let shared = self.kernel.tree.alias(first).is_some() || !self.said.is_empty();
        let mut next = Some(first);
        while let Some(id) = next {
            next = self.kernel.tree.alias(id);
            let mut path = self.kernel.tree.path(id);
            path.push(name);
            let appeared = matches!(change, Change::Created | Change::MovedIn);
            if is_directory && appeared {
                self.say(path.clone(), change, shared);
                self.directory_appeared(id, name, &path, change, shared);
            } else {
                self.say(path, change, shared);
            }
        }
    }

    /// Watches a directory that appeared below `parent`, and reports what is in it already.
    fn directory_appeared(
        &mut self,
        parent: NodeId,
        name: &OsStr,
        path: &Path,
        change: Change,
        shared: bool,
    ) {
        let root = self.kernel.tree.root(parent);
        let Some(enters) = self.roots.get(&root).map(|root| root.enters.clone()) else { return };
        if !enters.admit(path) {
            return;
        }
        let id = self.kernel.tree.add(parent, name);
        let mut found = Vec::new();
        let walked = Walk {
            kernel: &mut self.kernel,
            mounts: &self.mounts,
            enters: &enters,
            found: &mut |path: &Path| found.push(path.to_owned()),
        }
        .run(id);
        for path in found {
            self.say(path, change, shared);
        }
        let Walked { beyond_limit, remote, denied, .. } = walked;
        if !denied.is_empty() {
            self.denied_below(root, denied);
            self.report(root, None);
        }
        self.poll_below(root, beyond_limit, remote);
    }

    /// The kernel dropped a watch: its directory was deleted, or its file system is gone.
    fn watch_lost(&mut self, watch: Watch) {
        for anchor in self.kernel.lost(watch) {
            match anchor.concern {
                Concern::Below(path) => _ = self.readable.insert((anchor.root, path)),
                _ => _ = self.dirty.insert(anchor.root),
            }
        }
        // Dropping one node may drop another of them, which lay below it; so they are asked for one at a time.
        while let Some(id) = self.kernel.tree.first(watch) {
            if self.kernel.tree.is_top(id) {
                self.top_lost(self.kernel.tree.root(id));
            }
            self.kernel.forget(id);
        }
    }

    /// A watched directory was moved. Where it went to, if anywhere we watch, another event says.
    fn moved_away(&mut self, watch: Watch) {
        for id in self.kernel.tree.with_watch(watch) {
            if self.kernel.tree.is_top(id) {
                self.dirty.insert(self.kernel.tree.root(id));
            } else if !self.kernel.is_in_place(id, watch) {
                let (root, path) = (self.kernel.tree.root(id), self.kernel.tree.path(id));
                self.kernel.forget(id);
                self.forget_denied(root, |denied| denied.starts_with(&path));
            }
        }
    }

    /// Says that something happened to `path`, at most once for each kernel event if it might come up again.
    fn say(&mut self, path: PathBuf, change: Change, shared: bool) {
        if !shared || self.said.insert((path.clone(), change)) {
            self.emit(Event::Path { path, change });
        }
    }
}

fn change(flags: ReadFlags) -> Option<Change> {
    Some(if flags.contains(ReadFlags::CLOSE_WRITE) {
        Change::Closed
    } else if flags.contains(ReadFlags::MOVED_TO) {
        Change::MovedIn
    } else if flags.contains(ReadFlags::CREATE) {
        Change::Created
    } else if flags.intersects(ReadFlags::DELETE | ReadFlags::MOVED_FROM) {
        Change::Gone
    } else {
        return None;
    })
}

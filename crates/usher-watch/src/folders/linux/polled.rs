//! What is polled instead of watched: handing it to the poller, and what the poller answers.

use std::path::{Path, PathBuf};

use usher_event::{Event, RescanReason};

use super::super::poll::{Notice, Poller, Token};
use super::super::tree::RootId;
use super::Source;
use super::root::Polled;

impl Source {
    /// Polls a whole root, which lies on a file system that reports nothing. Its health follows, with the sweep, when the
    /// poller has looked at it once.
    pub(super) fn poll_root(&mut self, id: RootId, reason: RescanReason) {
        let Some(root) = self.roots.get_mut(&id) else { return };
        root.owed = Some(reason);
        let path = root.path.clone();
        self.poll(id, path, false);
    }

    /// Polls parts of a root.
    pub(super) fn poll_below(&mut self, id: RootId, beyond_limit: Vec<PathBuf>, remote: Vec<PathBuf>) {
        if beyond_limit.is_empty() && remote.is_empty() {
            return;
        }
        if let Some(root) = self.roots.get_mut(&id) {
            root.owed.get_or_insert(RescanReason::ModeChanged);
        }
        beyond_limit.into_iter().for_each(|path| self.poll(id, path, true));
        remote.into_iter().for_each(|path| self.poll(id, path, false));
    }

    fn poll(&mut self, id: RootId, path: PathBuf, beyond_limit: bool) {
        let token: Token = self.next_token;
        self.next_token += 1;
        // A directory that was made again before the poller saw the old one go.
        self.stop_polling_at(id, &path);
        let Some(root) = self.roots.get_mut(&id) else { return };
        let (interval, mailbox) = (self.options.poll_interval, &self.mailbox);
        let poller = self.poller.get_or_insert_with(|| Poller::start(interval, mailbox.clone()));
        poller.watch(token, path.clone(), root.enters.clone());
        root.polled.push(Polled { token, path, directories: None, beyond_limit });
    }

    /// Ends the poller, which wakes every few seconds, once it has nothing to poll.
    pub(super) fn rest_poller(&mut self) {
        if self.poller.is_some() && self.roots.values().all(|root| root.polled.is_empty()) {
            self.poller = None;
        }
    }

    /// Ends the polling of one directory.
    pub(super) fn stop_polling_at(&mut self, id: RootId, path: &Path) {
        let (Some(root), Some(poller)) = (self.roots.get_mut(&id), &self.poller) else { return };
        root.polled
            .extract_if(.., |polled| polled.path == *path)
            .for_each(|polled| poller.forget(polled.token));
    }

    /// Ends all polling for a root.
    pub(super) fn stop_polling(&mut self, id: RootId) {
        let (Some(root), Some(poller)) = (self.roots.get_mut(&id), &self.poller) else { return };
        root.polled.drain(..).for_each(|polled| poller.forget(polled.token));
    }

    /// Handles what the poller says. What it says of directories that are not polled any more is not heard.
    pub(super) fn polled(&mut self, notice: Notice) {
        let token = notice.token();
        let Some((&id, root)) =
            self.roots.iter_mut().find(|(_, root)| root.polled.iter().any(|polled| polled.token == token))
        else {
            return;
        };
        match notice {
            Notice::Path { path, change, .. } => self.emit(Event::Path { path, change }),
            Notice::Ready { directories, .. } => {
                root.absent = false;
                root.polled.iter_mut().filter(|polled| polled.token == token).for_each(|polled| {
                    polled.directories = Some(directories);
                });
                if root.polled.iter().all(|polled| polled.directories.is_some()) {
                    let reason = root.owed.take();
                    self.report(id, reason);
                }
            }
            Notice::Gone { .. } => {
                let path = &root.path;
                if root.polled.iter().any(|polled| polled.token == token && polled.path == *path) {
                    root.absent = true;
                    root.owed = Some(RescanReason::Returned);
                    root.polled.iter_mut().for_each(|polled| polled.directories = None);
                } else {
                    root.polled.retain(|polled| polled.token != token);
                }
                self.report(id, None);
            }
        }
    }
}

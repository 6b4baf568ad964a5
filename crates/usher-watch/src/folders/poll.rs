//! Looking every few seconds at what cannot be watched: network file systems and directories beyond the watch limit.
//!
//! A thread of its own, so that a server that hangs never delays what is reported of local folders. notify's
//! [`PollWatcher`] compares; one of its watches is one directory without what lies below, so that `enter` decides what is
//! read.
//!
//! It compares modification times to the second: a file that is written again within the second in which it was looked
//! at is not noticed until it changes once more. Whoever acts on a path waits for it to be quiet, which covers that.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use notify::event::{EventKind, ModifyKind};
use notify::{Config, PollWatcher, RecursiveMode, Watcher};
use usher_event::Change;

use super::mailbox::{Letter, Mailbox};
use super::plan::Enters;

/// Names one polled tree.
pub(super) type Token = u64;

/// What the poller says.
#[derive(Debug)]
pub(super) enum Notice {
    /// A tree has been looked at for the first time, or is there again. Changes from now on are reported.
    Ready { token: Token, directories: u64 },
    /// Something changed in a tree.
    Path { token: Token, path: PathBuf, change: Change },
    /// The top of a tree is not there; it is looked for.
    Gone { token: Token },
}

impl Notice {
    /// The tree it is about.
    pub(super) fn token(&self) -> Token {
        match self {
            Self::Ready { token, .. } | Self::Path { token, .. } | Self::Gone { token } => *token,
        }
    }
}

enum Order {
    Watch { token: Token, top: PathBuf, enters: Enters },
    Forget(Token),
    Seen(notify::Event),
    Stop,
}

/// A running poller. Dropping it tells it to end; nobody waits for it, because a server might make it wait.
pub(super) struct Poller {
    orders: Sender<Order>,
}

impl Poller {
    /// Starts polling nothing yet.
    pub(super) fn start(interval: Duration, mailbox: Mailbox) -> Self {
        let (orders, inbox) = channel();
        let seen = orders.clone();
        let started =
            std::thread::Builder::new().name("usher-polling".to_owned()).spawn(move || {
                match watcher(interval, seen) {
                    Ok(watcher) => Polling::new(watcher, interval, mailbox).run(&inbox),
                    Err(error) => tracing::error!(%error, "folders cannot be polled"),
                }
            });
        if let Err(error) = started {
            tracing::error!(%error, "folders cannot be polled: no thread could be started");
        }
        Self { orders }
    }

    /// Polls the directory (or file) `top` and what `enters` admits below it.
    pub(super) fn watch(&self, token: Token, top: PathBuf, enters: Enters) {
        let _ = self.orders.send(Order::Watch { token, top, enters });
    }

    /// Ends the polling of a tree.
    pub(super) fn forget(&self, token: Token) {
        let _ = self.orders.send(Order::Forget(token));
    }
}

impl Drop for Poller {
    fn drop(&mut self) {
        let _ = self.orders.send(Order::Stop);
    }
}

fn watcher(interval: Duration, seen: Sender<Order>) -> notify::Result<PollWatcher> {
    let handler = move |result: notify::Result<notify::Event>| match result {
        Ok(event) => {
            let _ = seen.send(Order::Seen(event));
        }
        Err(error) => tracing::debug!(%error, "while polling"),
    };
    PollWatcher::new(handler, Config::default().with_poll_interval(interval).with_follow_symlinks(false))
}

/// A tree that is polled.
struct Top {
    path: PathBuf,
    enters: Enters,
    is_there: bool,
}

/// What the poller's thread owns.
struct Polling {
    watcher: PollWatcher,
    interval: Duration,
    mailbox: Mailbox,
    tops: HashMap<Token, Top>,
    /// Every directory (or file, for a top that is one) that is looked at, with the trees it belongs to.
    places: HashMap<PathBuf, Vec<Token>>,
}

impl Polling {
    fn new(watcher: PollWatcher, interval: Duration, mailbox: Mailbox) -> Self {
        Self { watcher, interval, mailbox, tops: HashMap::new(), places: HashMap::new() }
    }

    fn run(mut self, inbox: &Receiver<Order>) {
        loop {
            // Only a top that is not there has to be looked for: the watcher cannot.
            let order = match self.tops.values().all(|top| top.is_there) {
                true => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
                false => inbox.recv_timeout(self.interval),
            };
            match order {
                Ok(Order::Watch { token, top, enters }) => {
                    self.tops.insert(token, Top { path: top, enters, is_there: true });
                    self.enter_top(token);
                }
                Ok(Order::Forget(token)) => self.forget(token),
                Ok(Order::Seen(event)) => self.seen(event),
                Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => self.look_for_tops(),
            }
        }
    }

    fn look_for_tops(&mut self) {
        let absent: Vec<_> =
            self.tops.iter().filter(|(_, top)| !top.is_there).map(|(token, _)| *token).collect();
        absent.into_iter().for_each(|token| self.enter_top(token));
    }

    /// Looks at a whole tree for the first time.
    fn enter_top(&mut self, token: Token) {
        let Some(top) = self.tops.get_mut(&token) else { return };
        let path = top.path.clone();
        let was_there = std::mem::replace(&mut top.is_there, path.exists());
        if top.is_there {
            self.enter(token, path, &mut |_| {});
            let directories = self.places.values().filter(|tokens| tokens.contains(&token)).count() as u64;
            self.tell(Notice::Ready { token, directories });
        } else if was_there {
            self.tell(Notice::Gone { token });
        }
    }

    /// Polls `first` and the directories below it. Each is looked at by the watcher before it is listed.
    fn enter(&mut self, token: Token, first: PathBuf, found: &mut dyn FnMut(PathBuf)) {
        let Some(enters) = self.tops.get(&token).map(|top| top.enters.clone()) else { return };
        let mut todo = vec![first];
        while let Some(directory) = todo.pop() {
            self.add(token, &directory);
            let entries = match std::fs::read_dir(&directory) {
                Ok(entries) => entries,
                Err(error) => {
                    // What vanished meanwhile must be unknown when it comes back.
                    if error.kind() == ErrorKind::NotFound {
                        self.drop_place(token, &directory);
                    }
                    continue;
                }
            };
            for entry in entries.flatten() {
                found(entry.path());
                let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
                if is_directory && enters.admit(&entry.path()) {
                    todo.push(entry.path());
                }
            }
        }
    }

    fn add(&mut self, token: Token, directory: &Path) {
        let tokens = self.places.entry(directory.to_owned()).or_default();
        if tokens.is_empty()
            && let Err(error) = self.watcher.watch(directory, RecursiveMode::NonRecursive)
        {
            tracing::warn!(path = %directory.display(), %error, "this directory cannot be polled");
        }
        if !tokens.contains(&token) {
            tokens.push(token);
        }
    }

    fn drop_place(&mut self, token: Token, directory: &Path) {
        let Some(tokens) = self.places.get_mut(directory) else { return };
        tokens.retain(|other| *other != token);
        if tokens.is_empty() {
            self.places.remove(directory);
            let _ = self.watcher.unwatch(directory);
        }
    }

    fn forget(&mut self, token: Token) {
        self.tops.remove(&token);
        let Self { places, watcher, .. } = self;
        places.retain(|directory, tokens| {
            tokens.retain(|other| *other != token);
            if tokens.is_empty() {
                let _ = watcher.unwatch(directory);
            }
            !tokens.is_empty()
        });
    }

    fn seen(&mut self, event: notify::Event) {
        for path in event.paths {
            match event.kind {
                EventKind::Create(_) => self.appeared(path),
                EventKind::Remove(_) => self.vanished(path),
                // A directory says nothing by its own time: what changed in it is reported by name.
                EventKind::Modify(ModifyKind::Name(_)) => {}
                EventKind::Modify(_) if !path.is_dir() => self.changed(path, Change::Written),
                _ => {}
            }
        }
    }

    fn appeared(&mut self, path: PathBuf) {
        self.changed(path.clone(), Change::Created);
        if !std::fs::symlink_metadata(&path).is_ok_and(|data| data.is_dir())
            || self.places.contains_key(&path)
        {
            return;
        }
        for token in self.tokens_of(&path) {
            if self.tops.get(&token).is_some_and(|top| top.enters.admit(&path)) {
                let mut found = Vec::new();
                self.enter(token, path.clone(), &mut |path| found.push(path));
                found
                    .into_iter()
                    .for_each(|path| self.tell(Notice::Path { token, path, change: Change::Created }));
            }
        }
    }

    fn vanished(&mut self, path: PathBuf) {
        self.changed(path.clone(), Change::Gone);
        let Some(tokens) = self.places.remove(&path) else { return };
        let _ = self.watcher.unwatch(&path);
        for token in tokens {
            let top = self.tops.get_mut(&token).filter(|top| top.path == path && top.is_there);
            if let Some(top) = top {
                top.is_there = false;
                self.tell(Notice::Gone { token });
            }
        }
    }

    /// Reports a change, once, whatever number of trees the path belongs to.
    fn changed(&self, path: PathBuf, change: Change) {
        if let Some(token) = self.tokens_of(&path).first().copied() {
            self.tell(Notice::Path { token, path, change });
        }
    }

    fn tokens_of(&self, path: &Path) -> Vec<Token> {
        let beside = path.parent().and_then(|parent| self.places.get(parent));
        beside.or_else(|| self.places.get(path)).cloned().unwrap_or_default()
    }

    fn tell(&self, notice: Notice) {
        self.mailbox.send(Letter::Polled(notice));
    }
}

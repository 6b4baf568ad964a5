//! Watching on macOS and Windows, through notify's recommended watcher.
//!
//! The platform watches whole trees, so there is no tree of our own: a root is one recursive watch, and `enter` is asked
//! when something happened below it. A root that is missing is awaited at its nearest directory.
//!
//! Not seen here: closes. What was written is reported as [`Change::Written`], and whoever acts on it waits for quiet.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use notify::event::{EventKind, MetadataKind, ModifyKind, RenameMode};
use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher};
use usher_event::{Change, Event, RescanReason, Sentence, sentence};

use super::mailbox::{Letter, Mailbox};
use super::plan::plan;
use super::poll::{Notice, Poller, Token};
use super::{Options, Place, Sink, WatchError, unwatched};
use root::{Root, State, is_remote};

mod root;

/// How often a root is looked for that has no directory above it to be awaited at, such as a drive letter.
const TRY_AGAIN: Duration = Duration::from_secs(30);

/// How often the roots are looked at again that keep changing while they are being watched.
const PATIENCE: usize = 8;

/// Starts the source's thread.
pub(super) fn start(sink: Sink, options: Options) -> Result<(Mailbox, JoinHandle<()>), WatchError> {
    start_with(sink, options, is_remote)
}

fn start_with(
    sink: Sink,
    options: Options,
    is_remote: impl Fn(&Path) -> bool + Send + 'static,
) -> Result<(Mailbox, JoinHandle<()>), WatchError> {
    let (letters, mail) = channel();
    let mailbox = Mailbox::new(letters, || {});
    let seen = mailbox.clone();
    let handler = move |result| {
        seen.send(Letter::Platform(result));
    };
    let watcher = RecommendedWatcher::new(handler, Config::default().with_follow_symlinks(false))
        .map_err(WatchError::Platform)?;
    let source = Source {
        watcher,
        held: HashMap::new(),
        roots: Vec::new(),
        poller: None,
        next_token: 0,
        stopped: false,
        is_remote: Box::new(is_remote),
        mailbox: mailbox.clone(),
        sink,
        options,
    };
    let thread = std::thread::Builder::new()
        .name("usher-folders".to_owned())
        .spawn(move || source.run(&mail))
        .map_err(|source| WatchError::Refused { need: WatchError::thread(), source })?;
    Ok((mailbox, thread))
}

struct Source {
    watcher: RecommendedWatcher,
    /// What the platform watches for us.
    held: HashMap<PathBuf, RecursiveMode>,
    roots: Vec<Root>,
    /// Runs while there is something that has to be polled.
    poller: Option<Poller>,
    next_token: Token,
    /// Whether the end of it is wanted.
    stopped: bool,
    /// Whether a path lies on a file system whose changes the platform does not report.
    is_remote: Box<dyn Fn(&Path) -> bool + Send>,
    mailbox: Mailbox,
    sink: Sink,
    options: Options,
}

impl Source {
    fn run(mut self, mail: &Receiver<Letter>) {
        loop {
            let homeless =
                self.roots.iter().any(|root| root.state == State::Missing && root.awaited_at().is_none());
            let letter = match homeless {
                true => mail.recv_timeout(TRY_AGAIN),
                false => mail.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match letter {
                Ok(Letter::Places(places)) => self.set_places(places),
                Ok(Letter::Rescan(reason)) => self.rescan(|_| true, reason),
                Ok(Letter::TryAgain) => self.try_all(),
                Ok(Letter::Polled(notice)) => self.polled(notice),
                Ok(Letter::Platform(Ok(event))) => self.seen(event),
                Ok(Letter::Platform(Err(error))) => self.failed(&error),
                Ok(Letter::Stop) | Err(RecvTimeoutError::Disconnected) => {
                    self.stopped = true;
                    return;
                }
                Err(RecvTimeoutError::Timeout) => self.look_at_all(),
            }
            self.rest_poller();
        }
    }

    /// Looks again for what could not be watched before: roots that are missing, and those that are only polled.
    fn try_all(&mut self) {
        for index in 0..self.roots.len() {
            self.watch_polled(index);
        }
        self.look_at_all();
    }

    /// Watches a root that was polled until now, where the platform does so by now.
    fn watch_polled(&mut self, index: usize) {
        let root = &self.roots[index];
        let State::Polled { token, .. } = root.state else { return };
        let path = root.path.clone();
        if (self.is_remote)(&path) || !path.is_dir() {
            return;
        }
        if self.watcher.watch(&path, RecursiveMode::Recursive).is_err() {
            return;
        }
        if let Some(poller) = &self.poller {
            poller.forget(token);
        }
        self.held.insert(path.clone(), RecursiveMode::Recursive);
        let root = &mut self.roots[index];
        root.real = std::fs::canonicalize(&path).unwrap_or(path);
        root.state = State::Directory;
        self.report(index, Some(RescanReason::ModeChanged));
    }

    /// Ends the poller, which wakes every few seconds, once it has nothing to poll.
    fn rest_poller(&mut self) {
        if self.poller.is_some() && !self.roots.iter().any(Root::is_polled) {
            self.poller = None;
        }
    }

    fn set_places(&mut self, places: Vec<Place>) {
        let wanted = plan(places);
        let (kept, gone): (Vec<_>, Vec<_>) =
            self.roots.drain(..).partition(|root| wanted.iter().any(|want| want.root == root.path));
        self.roots = kept;
        for root in gone {
            if let (State::Polled { token, .. }, Some(poller)) = (root.state, &self.poller) {
                poller.forget(token);
            }
        }
        for want in wanted {
            match self.roots.iter_mut().find(|root| root.path == want.root) {
                Some(root) if root.enters.same(&want.enters) => {}
                Some(root) => {
                    root.enters = want.enters;
                    // More may be admitted now than was swept before.
                    let path = root.path.clone();
                    self.rescan(|root| root.path == path, RescanReason::Started);
                }
                None => self.roots.push(Root {
                    real: want.root.clone(),
                    path: want.root,
                    enters: want.enters,
                    state: State::New,
                    health: None,
                }),
            }
        }
        self.look_at_all();
    }

    fn rescan(&self, which: impl Fn(&Root) -> bool, reason: RescanReason) {
        for root in self.roots.iter().filter(|root| root.is_there() && which(root)) {
            (self.sink)(Event::Rescan { root: root.path.clone(), reason });
        }
    }

    /// Looks whether each root is there, and watches accordingly.
    fn look_at_all(&mut self) {
        let mut changed = false;
        // A root may come or go between the look and the watch, so what a new watch was set for is looked at again.
        for _ in 0..PATIENCE {
            let fresh: Vec<_> =
                (0..self.roots.len()).filter_map(|index| Some((index, self.look(index)?))).collect();
            let again = self.sync();
            for (index, reason) in fresh {
                self.report(index, Some(reason));
            }
            changed |= again;
            if !again {
                break;
            }
        }
        if changed && cfg!(target_os = "macos") {
            // The platform's one stream was started anew, and what happened meanwhile is unknown.
            self.rescan(|root| root.state == State::Directory, RescanReason::ModeChanged);
        }
    }

    /// Looks at one root. Returns a reason if it is newly there and can be watched.
    fn look(&mut self, index: usize) -> Option<RescanReason> {
        let root = self.roots.get_mut(index)?;
        if matches!(root.state, State::Polled { .. }) {
            return None;
        }
        let before = root.state.clone();
        if (self.is_remote)(&root.path) {
            let why = sentence!(
                "watch-network",
                "It lies on a network file system, which does not report changes."
            );
            self.poll(index, why);
            return None;
        }
        root.state = match std::fs::metadata(&root.path) {
            Ok(data) if data.is_dir() => State::Directory,
            Ok(_) => State::File,
            Err(_) => State::Missing,
        };
        root.real = std::fs::canonicalize(&root.path).unwrap_or_else(|_| root.path.clone());
        if root.state == State::Missing {
            self.report(index, None);
            return None;
        }
        let reason = if before == State::New { RescanReason::Started } else { RescanReason::Returned };
        (root.state != before).then_some(reason)
    }

    /// Makes the platform watch what the roots need and nothing else. Says whether anything changed.
    fn sync(&mut self) -> bool {
        let mut wanted = HashMap::new();
        for (path, mode) in self.roots.iter().filter_map(Root::watch) {
            if mode == RecursiveMode::Recursive || !wanted.contains_key(&path) {
                wanted.insert(path, mode);
            }
        }
        let gone: Vec<_> = self.held.iter().filter(|(path, mode)| wanted.get(*path) != Some(mode)).collect();
        let gone: Vec<_> = gone.into_iter().map(|(path, _)| path.clone()).collect();
        let mut changed = !gone.is_empty();
        for path in gone {
            self.held.remove(&path);
            // It may be gone itself, and its watch with it.
            let _ = self.watcher.unwatch(&path);
        }
        for (path, mode) in wanted {
            if self.held.contains_key(&path) {
                continue;
            }
            changed = true;
            match self.watcher.watch(&path, mode) {
                Ok(()) => {
                    self.held.insert(path, mode);
                }
                Err(error) => self.poll_instead(&path, &error),
            }
        }
        changed
    }

    /// Polls the roots that the platform refuses to watch.
    fn poll_instead(&mut self, path: &Path, error: &notify::Error) {
        tracing::warn!(path = %path.display(), %error, "this folder cannot be watched");
        for index in 0..self.roots.len() {
            if self.roots[index].watch().is_some_and(|(watched, _)| watched == path) {
                let why = error.to_string();
                self.poll(
                    index,
                    sentence!("watch-refused-here", "The system cannot watch it ({why}).", why = why),
                );
            }
        }
    }

    fn poll(&mut self, index: usize, why: Sentence) {
        let (interval, mailbox) = (self.options.poll_interval, &self.mailbox);
        let poller = self.poller.get_or_insert_with(|| Poller::start(interval, mailbox.clone()));
        let root = &mut self.roots[index];
        let returns = root.state != State::New;
        root.state = State::Polled { token: self.next_token, directories: None, returns, why };
        poller.watch(self.next_token, root.path.clone(), root.enters.clone());
        self.next_token += 1;
    }

    fn polled(&mut self, notice: Notice) {
        let token = notice.token();
        let is_its = |root: &Root| matches!(root.state, State::Polled { token: own, .. } if own == token);
        let Some(index) = self.roots.iter().position(is_its) else { return };
        let State::Polled { directories, returns, .. } = &mut self.roots[index].state else { return };
        match notice {
            Notice::Path { path, change, .. } => (self.sink)(Event::Path { path, change }),
            Notice::Ready { directories: count, .. } => {
                *directories = Some(count);
                let reason = if *returns { RescanReason::Returned } else { RescanReason::Started };
                self.report(index, Some(reason));
            }
            Notice::Gone { .. } => {
                *directories = None;
                *returns = true;
                self.report(index, None);
            }
        }
    }

    fn report(&mut self, index: usize, reason: Option<RescanReason>) {
        let Some(root) = self.roots.get_mut(index) else { return };
        let health = root.health_now();
        let path = root.path.clone();
        if root.health.as_ref() != Some(&health) {
            root.health = Some(health.clone());
            (self.sink)(Event::Folder { root: path.clone(), health });
        }
        if let (Some(reason), true) = (reason, self.roots[index].is_there()) {
            (self.sink)(Event::Rescan { root: path, reason });
        }
    }

    fn failed(&mut self, error: &notify::Error) {
        tracing::warn!(%error, "the system's file watcher reports a problem");
        self.rescan(|_| true, RescanReason::Overflow);
        self.look_at_all();
    }

    /// Delivers what the platform noticed.
    fn seen(&mut self, event: notify::Event) {
        if event.need_rescan() {
            self.rescan(|_| true, RescanReason::Overflow);
        }
        let mut in_doubt = false;
        let mut said: Vec<(PathBuf, Change)> = Vec::new();
        for (path, change) in changes(&event) {
            for root in &mut self.roots {
                if root.is_put_in_doubt(&path, change) {
                    in_doubt = true;
                    if change == Change::Gone && self.held.remove(&root.path).is_some() {
                        let _ = self.watcher.unwatch(&root.path);
                        root.state = State::Missing;
                    }
                }
                root.collect(&path, change, &mut said);
            }
        }
        for (path, change) in said {
            (self.sink)(Event::Path { path, change });
        }
        if in_doubt {
            self.look_at_all();
        }
    }
}

impl Drop for Source {
    /// Says of each root that nobody watches it any more, where that is not what was wanted: after a panic, too.
    fn drop(&mut self) {
        if self.stopped {
            return;
        }
        for root in &self.roots {
            (self.sink)(unwatched(&root.path));
        }
    }
}

/// What an event of notify's means, path by path.
fn changes(event: &notify::Event) -> Vec<(PathBuf, Change)> {
    let all = |change| event.paths.iter().map(|path| (path.clone(), change)).collect();
    match event.kind {
        EventKind::Create(_) => all(Change::Created),
        EventKind::Remove(_) => all(Change::Gone),
        EventKind::Modify(ModifyKind::Name(RenameMode::From)) => all(Change::Gone),
        EventKind::Modify(ModifyKind::Name(RenameMode::To)) => all(Change::MovedIn),
        // The from-and-to pair repeats what was said of each end, where a platform sends it at all.
        EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => Vec::new(),
        // macOS does not say which end of a rename it means; the disk does.
        EventKind::Modify(ModifyKind::Name(_)) => event
            .paths
            .iter()
            .map(|path| {
                let is_there = std::fs::symlink_metadata(path).is_ok();
                (path.clone(), if is_there { Change::MovedIn } else { Change::Gone })
            })
            .collect(),
        EventKind::Modify(ModifyKind::Metadata(kind)) if kind != MetadataKind::WriteTime => Vec::new(),
        EventKind::Modify(_) => all(Change::Written),
        EventKind::Access(_) | EventKind::Any | EventKind::Other => Vec::new(),
    }
}

#[cfg(test)]
mod tests;

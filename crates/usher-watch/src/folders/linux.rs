//! Watching on Linux: one thread that sleeps until the kernel, the table of mounts or a letter wakes it.
//!
//! There is no timer, but for what nothing can report on. What a root is and where it went is decided in `roots.rs`; what a
//! kernel event means in `dispatch.rs`.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Instant;

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::fs::inotify::{ReadFlags, Reader};
use rustix::io::Errno;
use usher_event::{Change, Event, sentence};

use super::mailbox::{Letter, Mailbox};
use super::poll::Poller;
use super::tree::RootId;
use super::{Options, Sink, WatchError, unwatched};
use kernel::Kernel;
use mounts::Mounts;
use root::Root;

mod dispatch;
mod health;
mod kernel;
mod mounts;
mod polled;
mod retry;
mod root;
mod roots;
mod survey;
mod walk;

/// Room for about two thousand events a read.
const READ: usize = 64 * 1024;

/// How long it is not told that something was made, in case more comes of it right away. Whoever makes a file mostly
/// writes and closes it in the same breath, and who is told twice wakes twice.
const SAME_BREATH: Timespec = Timespec { tv_sec: 0, tv_nsec: 1_000_000 };

/// So much is held back at most.
const HELD: usize = 512;

/// Starts the source's thread.
pub(super) fn start(sink: Sink, options: Options) -> Result<(Mailbox, JoinHandle<()>), WatchError> {
    start_with(sink, options, Mounts::open())
}

fn start_with(sink: Sink, options: Options, mounts: Mounts) -> Result<(Mailbox, JoinHandle<()>), WatchError> {
    let refused = |need| move |source| WatchError::Refused { need, source };
    let bell = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)
        .map_err(|errno| refused(sentence!("watch-need-wake", "a way to wake the watcher"))(errno.into()))?;
    let bell = Arc::new(bell);
    let (letters, mail) = channel();
    let ring = Arc::clone(&bell);
    let mailbox = Mailbox::new(letters, move || {
        // The counter can only be full if the thread is awake already.
        let _ = rustix::io::write(&*ring, &1_u64.to_ne_bytes());
    });
    let source = Source {
        kernel: Kernel::open(options.watch_limit)?,
        mounts,
        roots: BTreeMap::new(),
        next_root: 0,
        next_token: 0,
        dirty: BTreeSet::new(),
        readable: BTreeSet::new(),
        overflowed: false,
        tried: Instant::now(),
        said: HashSet::new(),
        held: Vec::new(),
        poller: None,
        stopped: false,
        mail,
        mailbox: mailbox.clone(),
        sink,
        options,
    };
    let thread = std::thread::Builder::new()
        .name("usher-folders".to_owned())
        .spawn(move || source.run(&bell))
        .map_err(refused(WatchError::thread()))?;
    Ok((mailbox, thread))
}

/// Everything the source's thread owns.
struct Source {
    kernel: Kernel,
    mounts: Mounts,
    roots: BTreeMap<RootId, Root>,
    next_root: RootId,
    next_token: u64,
    /// Roots that have to be looked at again once the events at hand are delivered.
    dirty: BTreeSet<RootId>,
    /// Directories below roots that may have become readable.
    readable: BTreeSet<(RootId, PathBuf)>,
    overflowed: bool,
    /// When it was last tried again what no event will tell about.
    tried: Instant,
    /// What has been said of the kernel event at hand, where overlapping roots might say it twice.
    said: HashSet<(PathBuf, Change)>,
    /// That things were made, which is told with the next event or after [`SAME_BREATH`].
    held: Vec<Event>,
    /// Runs while there is something that has to be polled.
    poller: Option<Poller>,
    /// Whether the end of it is wanted.
    stopped: bool,
    mail: Receiver<Letter>,
    mailbox: Mailbox,
    sink: Sink,
    options: Options,
}

impl Source {
    fn run(mut self, bell: &OwnedFd) {
        let mut buffer = vec![MaybeUninit::uninit(); READ];
        let inotify = Arc::clone(&self.kernel.fd);
        let mut reader = Reader::new(inotify, &mut buffer);
        loop {
            let woken = match self.wait(bell) {
                Ok(woken) => woken,
                Err(Errno::INTR) => continue,
                Err(error) => {
                    tracing::error!(%error, "waiting for folder events failed; folders are no longer watched");
                    return;
                }
            };
            if woken.kernel {
                self.read(&mut reader);
            }
            if woken.mounts {
                self.mounts_changed();
            }
            if woken.mail && self.read_mail(bell).is_break() {
                return;
            }
            if woken.timed_out {
                self.tell_held();
            }
            if self.has_unheard() && self.tried.elapsed() >= self.options.try_again {
                self.try_unheard();
            }
            self.settle_roots();
            self.rest_poller();
        }
    }

    /// Sleeps until there is something to do.
    fn wait(&self, bell: &OwnedFd) -> Result<Woken, Errno> {
        let timeout = match (self.held.is_empty(), self.has_unheard()) {
            (false, _) => Some(SAME_BREATH),
            (true, true) => {
                Timespec::try_from(self.options.try_again.saturating_sub(self.tried.elapsed())).ok()
            }
            (true, false) => None,
        };
        let mut fds = vec![PollFd::new(&self.kernel.fd, PollFlags::IN), PollFd::new(bell, PollFlags::IN)];
        if let Some(table) = &self.mounts.table {
            fds.push(PollFd::from_borrowed_fd(table.as_fd(), PollFlags::PRI));
        }
        let ready = poll(&mut fds, timeout.as_ref())?;
        let at = |index: usize| fds.get(index).is_some_and(|fd| !fd.revents().is_empty());
        Ok(Woken { kernel: at(0), mail: at(1), mounts: at(2), timed_out: ready == 0 })
    }

    /// Delivers the events of one read.
    fn read(&mut self, reader: &mut Reader<'_, Arc<OwnedFd>>) {
        let lose =
            self.options.lose_next_read.as_ref().is_some_and(|lose| lose.swap(false, Ordering::SeqCst));
        loop {
            match reader.next() {
                Ok(_) if lose => self.overflowed = true,
                Ok(event) if event.events().contains(ReadFlags::QUEUE_OVERFLOW) => self.overflowed = true,
                Ok(event) => self.dispatch(event.wd(), event.events(), event.file_name()),
                Err(Errno::AGAIN | Errno::INTR) => return,
                Err(error) => {
                    tracing::error!(%error, "folder events could not be read");
                    self.overflowed = true;
                    return;
                }
            }
            if reader.is_buffer_empty() {
                return;
            }
        }
    }

    fn read_mail(&mut self, bell: &OwnedFd) -> std::ops::ControlFlow<()> {
        let mut count = [0; 8];
        // Emptied first: a letter that comes now rings again.
        let _ = rustix::io::read(bell, &mut count);
        while let Ok(letter) = self.mail.try_recv() {
            match letter {
                Letter::Places(places) => self.set_places(places),
                Letter::Rescan(reason) => self.rescan(reason),
                Letter::TryAgain => self.try_all(),
                Letter::Polled(notice) => self.polled(notice),
                #[cfg(test)]
                Letter::Platform(_) => {}
                Letter::Stop => {
                    self.stopped = true;
                    return std::ops::ControlFlow::Break(());
                }
            }
        }
        std::ops::ControlFlow::Continue(())
    }

    fn emit(&mut self, event: Event) {
        let made = matches!(event, Event::Path { change: Change::Created, .. });
        if made && self.held.len() < HELD {
            self.held.push(event);
            return;
        }
        self.tell_held();
        (self.sink)(event);
    }

    fn tell_held(&mut self) {
        self.held.drain(..).for_each(&*self.sink);
    }
}

impl Drop for Source {
    /// Says of each root that nobody watches it any more, where that is not what was wanted: after a panic, too.
    fn drop(&mut self) {
        if self.stopped {
            return;
        }
        for root in self.roots.values() {
            (self.sink)(unwatched(&root.path));
        }
    }
}

/// Why the thread woke up.
struct Woken {
    kernel: bool,
    mail: bool,
    mounts: bool,
    timed_out: bool,
}

#[cfg(test)]
mod tests;

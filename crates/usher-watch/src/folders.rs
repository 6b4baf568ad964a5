//! The folder source: watches directories and reports what happens in them.
//!
//! Three ways of looking, one for each thing a platform can tell:
//!
//! - Linux speaks inotify itself (`linux.rs`), because the price of watching is paid by every reader and writer of the
//!   folder, and only a mask of our own keeps it to what a rule can use.
//! - macOS and Windows watch through [`notify`] (`other.rs`).
//! - Where no platform can tell (network file systems, directories beyond the watch limit) the folder is looked at every
//!   few seconds (`poll.rs`), and its health says so.
//!
//! All of it reports hints. Nothing here waits for a file to be finished, and nothing here reads one.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::JoinHandle;
use std::time::Duration;

use usher_event::{Event, Health, Mode, RescanReason, Sentence, sentence};

use crate::Sink;

mod error;
#[cfg(target_os = "linux")]
mod linux;
mod mailbox;
// Also built for tests on Linux, where notify has a real back end to run it against.
#[cfg(any(not(target_os = "linux"), test))]
mod other;
mod plan;
mod poll;
#[cfg(target_os = "linux")]
mod tree;

#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(not(target_os = "linux"))]
use other as platform;

pub use error::WatchError;
use mailbox::{Letter, Mailbox};

/// What is said of a root that is not there.
fn missing() -> Sentence {
    sentence!("watch-missing", "It does not exist. It is watched as soon as it does.")
}

/// Says whether a directory below a root is to be watched; asked before anything is watched there.
pub type Enter = Arc<dyn Fn(&Path) -> bool + Send + Sync>;

/// One folder to watch with what lies below it.
#[derive(Clone)]
pub struct Place {
    /// The absolute folder, as the rule names it. It need not exist yet. It may be a file: then its folder is watched
    /// and only the file is reported.
    pub root: PathBuf,
    /// Which directories below the root belong to it (depth limits and excludes).
    pub enter: Enter,
}

/// How the source looks. The defaults are right for everyone; tests change them.
#[derive(Clone)]
pub struct Options {
    /// The time between two looks at what has to be polled. 5 seconds unless told.
    pub poll_interval: Duration,
    /// The time after which it is tried again to watch what no event will tell about: roots whose surroundings cannot be
    /// watched, and directories beyond the watch limit. 30 seconds unless told. Linux only.
    pub try_again: Duration,
    /// Watches at most this many directories and polls the rest, as if the kernel had refused more. Linux only.
    pub watch_limit: Option<usize>,
    /// While true, the next read of kernel events is thrown away and taken for an overflow; the source sets it back to
    /// false when that has happened. Linux only, for tests.
    pub lose_next_read: Option<Arc<AtomicBool>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            poll_interval: Duration::from_secs(5),
            try_again: Duration::from_secs(30),
            watch_limit: None,
            lose_next_read: None,
        }
    }
}

/// A running folder source. Dropping it stops its thread and waits for the end of it.
///
/// The same directory may belong to several places. It is then watched once, and each path is reported once for each
/// thing that happens to it. A directory that is reached by two names (a root that is a symbolic link, a bind mount)
/// is reported under both, because a rule knows only the one it names.
pub struct Folders {
    mailbox: Mailbox,
    thread: Option<JoinHandle<()>>,
}

impl Folders {
    /// Starts the source; events go to `sink` on the source's own thread. Watches nothing yet.
    pub fn start(sink: Sink) -> Result<Folders, WatchError> {
        Self::start_with(sink, Options::default())
    }

    /// Starts the source with options of the caller's.
    pub fn start_with(sink: Sink, options: Options) -> Result<Folders, WatchError> {
        let (mailbox, thread) = platform::start(sink, options)?;
        Ok(Self { mailbox, thread: Some(thread) })
    }

    /// Replaces the set of watched places; what stays the same stays watched without a gap.
    ///
    /// For each new root the source reports its health once its tree is watched, then asks for the first sweep, so that
    /// nothing falls between. A place whose `enter` is another closure than before is walked again, and swept again only
    /// if that brought new directories.
    pub fn set_places(&self, places: Vec<Place>) {
        self.mailbox.send(Letter::Places(places));
    }

    /// Asks for a rescan of every root that is there, and looks again for what could not be watched before.
    pub fn rescan(&self, reason: RescanReason) {
        self.mailbox.send(Letter::Rescan(reason));
    }

    /// Looks again for what could not be watched before, without waiting for a sign that it can be. What comes of it is
    /// reported; nothing else is.
    pub fn try_again(&self) {
        self.mailbox.send(Letter::TryAgain);
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        self.mailbox.send(Letter::Stop);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the folder source ended in a panic");
        }
    }
}

/// What is said of a root when the thread that watched it has failed.
fn unwatched(root: &Path) -> Event {
    let reason = sentence!(
        "watch-failed",
        "Watching has failed. Start Usher anew, and please report it with its log."
    );
    let health = Health { mode: Mode::Unreadable, reason: Some(reason), directories: 0 };
    Event::Folder { root: root.to_owned(), health }
}

//! What the source's thread is told, by its owner and by its helpers' threads.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use usher_event::RescanReason;

use super::{Place, poll};

/// One message to the source's thread.
pub(super) enum Letter {
    /// Watch these places and no others.
    Places(Vec<Place>),
    /// Ask for a rescan of everything.
    Rescan(RescanReason),
    /// Look again for what could not be watched.
    TryAgain,
    /// Polling noticed something.
    Polled(poll::Notice),
    /// The platform's watcher noticed something.
    #[cfg(any(not(target_os = "linux"), test))]
    Platform(notify::Result<notify::Event>),
    /// End the thread.
    Stop,
}

/// Sends letters to the source's thread and wakes it.
#[derive(Clone)]
pub(super) struct Mailbox {
    letters: Sender<Letter>,
    pub(super) wake: Arc<dyn Fn() + Send + Sync>,
}

impl Mailbox {
    /// A mailbox whose thread is woken by `wake`.
    pub(super) fn new(letters: Sender<Letter>, wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self { letters, wake: Arc::new(wake) }
    }

    /// Sends one letter. Says false when nobody reads them any more.
    pub(super) fn send(&self, letter: Letter) -> bool {
        let sent = self.letters.send(letter).is_ok();
        (self.wake)();
        sent
    }
}

//! A daemon's silence, and who speaks meanwhile.

use std::cell::RefCell;

use async_channel::{Receiver, Sender};
use usher_event::Sentence;

/// Whether a daemon says nothing, and why. Whoever stands in for it waits here for its turn.
pub(crate) struct Silence {
    reason: RefCell<Option<Sentence>>,
    ring: Sender<()>,
    bell: Receiver<()>,
}

impl Silence {
    pub(crate) fn new() -> Self {
        let (ring, bell) = async_channel::bounded(1);
        Self { reason: RefCell::default(), ring, bell }
    }

    /// The daemon says nothing any more, because of this.
    pub(crate) fn begin(&self, reason: Sentence) {
        // Whoever stands in goes on undisturbed while it is the same silence: a display counts idle time from when it is
        // asked.
        let before = self.reason.replace(Some(reason));
        if before != *self.reason.borrow() {
            self.ring();
        }
    }

    /// The daemon speaks for itself.
    pub(crate) fn end(&self) {
        if self.reason.take().is_some() {
            self.ring();
        }
    }

    fn ring(&self) {
        // A full bell is one that rings already.
        let _ = self.ring.try_send(());
    }

    /// Why it says nothing, while it does not.
    pub(crate) fn reason(&self) -> Option<Sentence> {
        self.reason.borrow().clone()
    }

    /// Waits for the silence to begin, to end, or to have another reason.
    pub(crate) async fn turned(&self) {
        // It cannot be closed: both ends are here.
        let _ = self.bell.recv().await;
    }
}

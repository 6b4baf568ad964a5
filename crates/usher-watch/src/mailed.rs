//! A source that reads letters on a thread of its own, written by the platform's callbacks.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use usher_event::{Moment, Noun};

use crate::source::Source;
use crate::worker::Worker;

/// One message to the source's thread.
// The tests on Linux need only some of them.
#[cfg_attr(target_os = "linux", allow(dead_code))]
pub(crate) enum Letter {
    /// Something may be other than before.
    Look,
    /// Something happened that is not a state.
    Happened(Moment),
    /// The screen was locked or unlocked.
    Locked(bool),
    /// End the thread.
    Stop,
}

/// A running source.
pub(crate) struct Mailed {
    /// Held for its end.
    _worker: Worker,
}

impl Mailed {
    /// Starts a thread that reads letters until it gets [`Letter::Stop`]. It is also given a way to write itself some.
    pub(crate) fn start(
        noun: Noun,
        read: impl FnOnce(Receiver<Letter>, Sender<Letter>) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (letters, mail) = channel();
        let own = letters.clone();
        let stop = move || drop(letters.send(Letter::Stop));
        Ok(Self { _worker: Worker::start(noun, stop, move || read(mail, own))? })
    }
}

impl Source for Mailed {}

/// Sleeps until a letter says to stop, for so long at most. Says whether one has. Others are of no use by then: whoever
/// begins to watch looks at everything.
#[cfg_attr(target_os = "linux", expect(dead_code, reason = "daemons are listened to there"))]
pub(crate) fn stops_within(mail: &Receiver<Letter>, time: Duration) -> bool {
    let end = Instant::now() + time;
    loop {
        match mail.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(Letter::Stop) | Err(RecvTimeoutError::Disconnected) => return true,
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => return false,
        }
    }
}

/// Looks at once and after every letter, until one says to stop. One look answers all that have come by then.
#[cfg_attr(target_os = "linux", expect(dead_code, reason = "daemons are listened to there"))]
pub(crate) fn look_at_each(mail: &Receiver<Letter>, look: impl Fn()) {
    loop {
        look();
        let Ok(first) = mail.recv() else { return };
        if std::iter::once(first).chain(mail.try_iter()).any(|letter| matches!(letter, Letter::Stop)) {
            return;
        }
    }
}

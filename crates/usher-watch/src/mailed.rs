//! A source that reads letters on a thread of its own: from whoever owns it, and from the platform's callbacks.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use usher_event::Moment;

use crate::source::{Source, Wants};

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
    /// Other wants are in force.
    Want(Wants),
    /// End the thread.
    Stop,
}

/// A running source. Dropping it ends its thread and waits for that.
pub(crate) struct Mailed {
    letters: Sender<Letter>,
    thread: Option<JoinHandle<()>>,
}

impl Mailed {
    /// Starts a thread that reads letters until it gets [`Letter::Stop`]. It is also given a way to write itself some.
    pub(crate) fn start(
        name: &str,
        read: impl FnOnce(Receiver<Letter>, Sender<Letter>) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (letters, mail) = channel();
        let own = letters.clone();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || read(mail, own))?;
        Ok(Self { letters, thread: Some(thread) })
    }
}

impl Source for Mailed {
    fn want(&mut self, wants: &Wants) {
        let _ = self.letters.send(Letter::Want(wants.clone()));
    }
}

impl Drop for Mailed {
    fn drop(&mut self) {
        let _ = self.letters.send(Letter::Stop);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("a source ended in a panic");
        }
    }
}

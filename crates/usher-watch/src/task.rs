//! A source that is one piece of waiting on a thread of its own.

use std::convert::Infallible;
use std::future::Future;

use futures_lite::future::{block_on, or};
use usher_event::Noun;

use crate::source::Source;
use crate::worker::Worker;

/// A running task. Dropping it ends the waiting wherever it is, and then the thread.
pub(crate) struct Task {
    /// Held for its end.
    _worker: Worker,
}

impl Task {
    /// Starts a thread for what `make` makes there.
    pub(crate) fn start<F>(noun: Noun, make: impl FnOnce() -> F + Send + 'static) -> std::io::Result<Self>
    where
        F: Future<Output = ()>,
    {
        // Nothing is ever sent here; that it is closed is the message.
        let (end, ended) = async_channel::bounded::<Infallible>(1);
        let work = move || {
            let closed = async move {
                let _ = ended.recv().await;
            };
            block_on(or(closed, make()));
        };
        Ok(Self { _worker: Worker::start(noun, move || drop(end), work)? })
    }
}

impl Source for Task {}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn dropping_ends_what_would_wait_for_ever() {
        let (send, heard) = channel();
        let task = Task::start(Noun::Idle, move || async move {
            send.send("waits").unwrap();
            std::future::pending().await
        })
        .unwrap();
        assert_eq!(heard.recv().unwrap(), "waits");
        drop(task);
        assert!(heard.recv().is_err());
    }
}

//! A source that is one piece of waiting on a thread of its own.

use std::convert::Infallible;
use std::future::Future;

use async_channel::{Receiver, Sender};
use futures_lite::future::{block_on, or};
use usher_event::Noun;

use crate::source::{Source, Wants};
use crate::worker::Worker;

/// A running task. Dropping it ends the waiting wherever it is, and then the thread.
pub(crate) struct Task {
    wants: Sender<Wants>,
    /// Held for its end.
    _worker: Worker,
}

impl Task {
    /// Starts a thread for what `make` makes there, which is given the other wants that come later.
    pub(crate) fn start<F>(
        noun: Noun,
        make: impl FnOnce(Receiver<Wants>) -> F + Send + 'static,
    ) -> std::io::Result<Self>
    where
        F: Future<Output = ()>,
    {
        let (wants, wanted) = async_channel::unbounded();
        // Nothing is ever sent here; that it is closed is the message.
        let (end, ended) = async_channel::bounded::<Infallible>(1);
        let work = move || {
            let closed = async move {
                let _ = ended.recv().await;
            };
            block_on(or(closed, make(wanted)));
        };
        Ok(Self { wants, _worker: Worker::start(noun, move || drop(end), work)? })
    }
}

impl Source for Task {
    fn want(&mut self, wants: &Wants) {
        // Refused where the source wants nothing and does not read them.
        let _ = self.wants.try_send(wants.clone());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    #[test]
    fn dropping_ends_what_would_wait_for_ever() {
        let (send, heard) = channel();
        let mut task = Task::start(Noun::Idle, move |wanted| async move {
            while let Ok(wants) = wanted.recv().await {
                send.send(wants).unwrap();
            }
            std::future::pending().await
        })
        .unwrap();
        let wants = Wants { idle: vec![Duration::from_secs(5)] };
        task.want(&wants);
        assert_eq!(heard.recv().unwrap(), wants);
        drop(task);
        assert!(heard.recv().is_err());
    }
}

//! The owner's inbox: many threads put messages in, one takes them out, in the order they came.
//!
//! The channel of the standard library wakes its reader while it still holds the lock that the reader takes first, so
//! that the reader sleeps once more before it has begun: two switches of threads more for every single event. Here the
//! lock is free by then, and nobody is woken who is awake.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

#[cfg(unix)]
use unix::Bell;
#[cfg(windows)]
use windows::Bell;

/// The end that messages are put in at.
pub(crate) struct Sender<T>(Arc<Shared<T>>);

/// The end that messages are taken out at. Dropping it drops what is in it.
pub(crate) struct Inbox<T>(Arc<Shared<T>>);

/// Why there is no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoMessage {
    /// None came in time.
    Yet,
    /// None will come any more: nobody is left to send one.
    Ever,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    came: Bell,
}

struct State<T> {
    messages: VecDeque<T>,
    senders: usize,
    /// Whether somebody takes messages out.
    read: bool,
    /// Whether they sleep and have to be woken.
    asleep: bool,
}

/// A new inbox.
///
/// # Errors
/// When the system has nothing left to wake a thread with.
pub(crate) fn new<T>() -> io::Result<(Sender<T>, Inbox<T>)> {
    let state = State { messages: VecDeque::new(), senders: 1, read: true, asleep: false };
    let shared = Arc::new(Shared { state: Mutex::new(state), came: Bell::new()? });
    Ok((Sender(Arc::clone(&shared)), Inbox(shared)))
}

impl<T> Shared<T> {
    /// Nothing that is done while it is held can panic in the middle of a change.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the reader, where it sleeps. The lock is free before it is awake.
    fn wake(&self, mut state: MutexGuard<'_, State<T>>) {
        let asleep = std::mem::take(&mut state.asleep);
        drop(state);
        if asleep {
            self.came.ring();
        }
    }
}

impl<T> Sender<T> {
    /// Puts a message in.
    ///
    /// # Errors
    /// With the message, when nobody will take it out.
    pub(crate) fn send(&self, message: T) -> Result<(), T> {
        let mut state = self.0.lock();
        if !state.read {
            return Err(message);
        }
        state.messages.push_back(message);
        self.0.wake(state);
        Ok(())
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.0.lock().senders += 1;
        Self(Arc::clone(&self.0))
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.senders -= 1;
        if state.senders == 0 {
            self.0.wake(state);
        }
    }
}

impl<T> Inbox<T> {
    /// The next message. Waits for it, for ever where no time is given.
    pub(crate) fn next(&self, within: Option<Duration>) -> Result<T, NoMessage> {
        // What ends after the end of all time does not end.
        let until = within.and_then(|within| Instant::now().checked_add(within));
        loop {
            let mut state = self.0.lock();
            // Whoever woke it has put that away; what has woken by itself sleeps no more either.
            state.asleep = false;
            if let Some(message) = state.messages.pop_front() {
                return Ok(message);
            }
            if state.senders == 0 {
                return Err(NoMessage::Ever);
            }
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Err(NoMessage::Yet);
            }
            state.asleep = true;
            drop(state);
            self.0.came.sleep(left);
        }
    }

    /// The next message, if it is there already.
    pub(crate) fn at_hand(&self) -> Option<T> {
        self.0.lock().messages.pop_front()
    }
}

impl<T> Drop for Inbox<T> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.read = false;
        // Somebody may be told by their drop, and send something because of it.
        let unread = std::mem::take(&mut state.messages);
        drop(state);
        drop(unread);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_out_in_the_order_they_went_in_and_none_is_lost() {
        let (sender, inbox) = new().unwrap();
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                let sender = sender.clone();
                std::thread::spawn(move || (0..10_000).for_each(|nr| sender.send((thread, nr)).unwrap()))
            })
            .collect();
        drop(sender);
        let mut next = [0; 4];
        while let Ok((thread, nr)) = inbox.next(None) {
            assert_eq!(nr, next[thread]);
            next[thread] += 1;
        }
        assert_eq!(next, [10_000; 4]);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }

    #[test]
    fn it_waits_as_long_as_it_is_told_and_no_longer() {
        let (sender, inbox) = new::<u8>().unwrap();
        assert_eq!(inbox.next(Some(Duration::ZERO)), Err(NoMessage::Yet));
        assert_eq!(inbox.next(Some(Duration::from_millis(5))), Err(NoMessage::Yet));
        assert_eq!(inbox.at_hand(), None);
        sender.send(1).unwrap();
        assert_eq!(inbox.next(Some(Duration::MAX)), Ok(1));
        let late = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            drop(sender);
        });
        assert_eq!(inbox.next(None), Err(NoMessage::Ever));
        late.join().unwrap();
    }

    #[test]
    fn what_nobody_will_read_comes_back_and_what_nobody_has_read_is_dropped() {
        let (sender, inbox) = new().unwrap();
        let message = Arc::new(());
        sender.send(Arc::clone(&message)).unwrap();
        drop(inbox);
        assert_eq!(Arc::strong_count(&message), 1);
        assert!(sender.send(message).is_err());
    }
}

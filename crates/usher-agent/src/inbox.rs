//! The owner's inbox: many threads put messages in, one takes them out, in the order they came.
//!
//! The channel of the standard library wakes its reader while it still holds the lock that the reader takes first, so
//! that the reader sleeps once more before it has begun: two switches of threads more for every single event. Here the
//! lock is free by then.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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
    came: Condvar,
}

struct State<T> {
    messages: VecDeque<T>,
    senders: usize,
    /// Whether somebody takes messages out.
    read: bool,
}

/// A new inbox.
pub(crate) fn new<T>() -> (Sender<T>, Inbox<T>) {
    let state = State { messages: VecDeque::new(), senders: 1, read: true };
    let shared = Arc::new(Shared { state: Mutex::new(state), came: Condvar::new() });
    (Sender(Arc::clone(&shared)), Inbox(shared))
}

impl<T> Shared<T> {
    /// Nothing that is done while it is held can panic in the middle of a change.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
        drop(state);
        self.0.came.notify_one();
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
        let last = state.senders == 0;
        drop(state);
        if last {
            self.0.came.notify_one();
        }
    }
}

impl<T> Inbox<T> {
    /// The next message. Waits for it, for ever where no time is given.
    pub(crate) fn next(&self, within: Option<Duration>) -> Result<T, NoMessage> {
        // What ends after the end of all time does not end.
        let until = within.and_then(|within| Instant::now().checked_add(within));
        let mut state = self.0.lock();
        loop {
            if let Some(message) = state.messages.pop_front() {
                return Ok(message);
            }
            if state.senders == 0 {
                return Err(NoMessage::Ever);
            }
            state = match until {
                None => self.0.came.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(until) => {
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Err(NoMessage::Yet);
                    }
                    self.0.came.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
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
        let (sender, inbox) = new();
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
        let (sender, inbox) = new::<u8>();
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
        let (sender, inbox) = new();
        let message = Arc::new(());
        sender.send(Arc::clone(&message)).unwrap();
        drop(inbox);
        assert_eq!(Arc::strong_count(&message), 1);
        assert!(sender.send(message).is_err());
    }
}

//! What the sources report, for as long as somebody looks at it: over a link of its own, which ends with the wish.
//!
//! A link may end by itself: its owner has gone, or has let a listener go that did not keep up. It is then made again,
//! later each time that it fails. While all is well nothing waits for a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use usher_agent::api::{Notice, Refusal};

/// Hears what a link tells.
pub(super) type Listener = Box<dyn Fn(Notice) + Send>;

/// Makes a link that tells a listener until it is dropped.
type Begin<L> = dyn Fn(Listener) -> Result<L, Refusal> + Send + Sync;

/// How long it takes until a link that has ended is made again.
#[derive(Clone, Copy)]
struct Pauses {
    /// At first.
    first: Duration,
    /// At most, however often it has failed.
    longest: Duration,
}

const PAUSES: Pauses = Pauses { first: Duration::from_secs(1), longest: Duration::from_secs(30) };

/// The stream, wanted or not.
pub(super) struct Stream<L> {
    state: Arc<Mutex<State<L>>>,
    begin: Arc<Begin<L>>,
    tell: Arc<dyn Fn(Notice) + Send + Sync>,
    pauses: Pauses,
}

struct State<L> {
    link: Option<L>,
    /// Counts what was wished for, so that a link of an older wish is not made again.
    wish: u64,
}

impl<L> Clone for Stream<L> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
            begin: self.begin.clone(),
            tell: self.tell.clone(),
            pauses: self.pauses,
        }
    }
}

impl<L: Send + 'static> Stream<L> {
    /// A stream that nobody wants yet. `tell` hears its events.
    pub(super) fn new(
        begin: impl Fn(Listener) -> Result<L, Refusal> + Send + Sync + 'static,
        tell: impl Fn(Notice) + Send + Sync + 'static,
    ) -> Self {
        Self {
            state: Arc::new(Mutex::new(State { link: None, wish: 0 })),
            begin: Arc::new(begin),
            tell: Arc::new(tell),
            pauses: PAUSES,
        }
    }

    /// Begins to listen, or ends it. Whatever link there was may have ended with its owner, so there is always a new one.
    pub(super) fn follow(&self, on: bool) -> Result<(), Refusal> {
        let mut state = self.lock();
        state.wish += 1;
        state.link = None;
        if on {
            state.link = Some(self.link(state.wish)?);
        }
        Ok(())
    }

    fn link(&self, wish: u64) -> Result<L, Refusal> {
        let stream = self.clone();
        (self.begin)(Box::new(move |notice| match notice {
            Notice::Event { .. } => (stream.tell)(notice),
            Notice::Gone => stream.link_later(wish),
            _ => {}
        }))
    }

    /// Makes the link again, unless something else is wished for by then.
    fn link_later(&self, wish: u64) {
        let stream = self.clone();
        crate::thread("events", move || {
            let mut pause = stream.pauses.first;
            loop {
                std::thread::sleep(pause);
                let mut state = stream.lock();
                if state.wish != wish {
                    return;
                }
                match stream.link(wish) {
                    Ok(link) => {
                        state.link = Some(link);
                        return;
                    }
                    Err(_) => pause = (pause * 2).min(stream.pauses.longest),
                }
            }
        });
    }

    fn lock(&self) -> MutexGuard<'_, State<L>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};

    use usher_agent::api::{EventInfo, Sentence};

    use super::*;

    const SOON: Duration = Duration::from_secs(20);
    /// Many times the longest pause of the tests.
    const NEVER: Duration = Duration::from_millis(200);

    /// A stream whose links come out of the first receiver, and its events out of the second. An answer of `false` from
    /// `reached` is an owner that cannot be reached.
    fn stream(
        reached: impl Fn() -> bool + Send + Sync + 'static,
    ) -> (Stream<()>, Receiver<Listener>, Receiver<Notice>) {
        let (made, links) = channel();
        let (said, heard) = channel();
        let begin = move |listener| match reached() {
            true => made
                .send(listener)
                .map_err(|_| Refusal::new("unreachable", Sentence::foreign("the test has ended"))),
            false => Err(Refusal::new("unreachable", Sentence::foreign("Usher is not running"))),
        };
        let mut stream = Stream::new(begin, move |notice| drop(said.send(notice)));
        stream.pauses = Pauses { first: Duration::from_millis(1), longest: Duration::from_millis(4) };
        (stream, links, heard)
    }

    fn event(kind: &str) -> Notice {
        let event = EventInfo {
            source: "files".to_owned(),
            kind: kind.to_owned(),
            path: None,
            detail: None,
            facts: None,
        };
        Notice::Event { at: String::new(), event }
    }

    #[test]
    fn a_link_that_was_let_go_is_made_again_and_events_are_heard_again() {
        let (stream, links, heard) = stream(|| true);
        stream.follow(true).unwrap();
        let first = links.recv_timeout(SOON).unwrap();
        first(event("closed"));
        assert_eq!(heard.recv_timeout(SOON), Ok(event("closed")));
        first(Notice::Gone);
        let second = links.recv_timeout(SOON).unwrap();
        second(event("created"));
        assert_eq!(heard.recv_timeout(SOON), Ok(event("created")));
    }

    #[test]
    fn an_owner_that_is_away_for_a_while_is_asked_until_it_is_back() {
        let asked = std::sync::atomic::AtomicU32::new(0);
        // The first link, then five refusals.
        let reached = move || !(1..=5).contains(&asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst));
        let (stream, links, _heard) = stream(reached);
        stream.follow(true).unwrap();
        links.recv_timeout(SOON).unwrap()(Notice::Gone);
        assert!(links.recv_timeout(SOON).is_ok());
    }

    #[test]
    fn what_nobody_wants_any_more_is_not_made_again() {
        let (stream, links, _heard) = stream(|| true);
        stream.follow(true).unwrap();
        let first = links.recv_timeout(SOON).unwrap();
        stream.follow(false).unwrap();
        first(Notice::Gone);
        assert!(matches!(links.recv_timeout(NEVER), Err(RecvTimeoutError::Timeout)));
    }

    #[test]
    fn who_asks_anew_has_one_link_though_the_old_one_ends_late() {
        let (stream, links, _heard) = stream(|| true);
        stream.follow(true).unwrap();
        let first = links.recv_timeout(SOON).unwrap();
        stream.follow(true).unwrap();
        let _second = links.recv_timeout(SOON).unwrap();
        first(Notice::Gone);
        assert!(matches!(links.recv_timeout(NEVER), Err(RecvTimeoutError::Timeout)));
    }

    #[test]
    fn an_owner_that_cannot_be_reached_at_first_is_said_and_not_asked_again() {
        let (stream, links, _heard) = stream(|| false);
        assert_eq!(stream.follow(true).unwrap_err().code, "unreachable");
        assert!(matches!(links.recv_timeout(NEVER), Err(RecvTimeoutError::Timeout)));
    }
}

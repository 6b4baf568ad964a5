//! Who is told what happens, and how nobody is ever waited for.
//!
//! Every subscriber has a queue of its own. That of a connection is full when nobody reads there: its subscriber is let go,
//! and neither the engine nor anyone else notices. A listener in this process is never let go before the end.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::sync::{Notify, mpsc};

use crate::api::Notice;
use crate::client::Listener;
use crate::wire;

/// How many lines may wait for one connection. A rule that says something of each file of a large folder has so much to
/// say in the same breath, faster than anybody reads.
pub(crate) const QUEUE: usize = 16 * 1024;

/// Where the notices for one asker go.
#[derive(Clone)]
pub(crate) enum Outlet {
    /// To a connection.
    Socket(SocketOutlet),
    /// To a listener in this process.
    Local(Sender<Notice>),
    /// To a listener in this process that waits for the last notice and sleeps through all others.
    Last(Sender<Notice>),
}

/// The queue of a connection.
#[derive(Clone)]
pub(crate) struct SocketOutlet {
    /// Lines to be written.
    pub(crate) lines: mpsc::Sender<Arc<str>>,
    /// Told when the connection is to be ended because it does not keep up.
    pub(crate) overflow: Arc<Notify>,
}

struct Subscriber {
    outlet: Outlet,
    events: bool,
}

/// Everyone who has subscribed.
#[derive(Default)]
pub(crate) struct Subscribers {
    all: Vec<Subscriber>,
}

impl Subscribers {
    /// Adds one.
    pub(crate) fn add(&mut self, outlet: Outlet, events: bool) {
        self.all.push(Subscriber { outlet, events });
    }

    /// Forgets those whose connection has ended: sources work for nobody else than those who still listen.
    pub(crate) fn forget_gone(&mut self) {
        self.all.retain(|subscriber| match &subscriber.outlet {
            Outlet::Socket(socket) => !socket.lines.is_closed(),
            Outlet::Local(_) | Outlet::Last(_) => true,
        });
    }

    /// Whether there is nobody to tell anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.iter().all(|subscriber| matches!(subscriber.outlet, Outlet::Last(_)))
    }

    /// Whether somebody wants to hear of events.
    pub(crate) fn wants_events(&self) -> bool {
        self.all.iter().any(|subscriber| subscriber.events)
    }

    /// Tells everyone; events only those who want them.
    pub(crate) fn tell(&mut self, notice: &Notice) {
        let event = matches!(notice, Notice::Event { .. });
        let mut line = Line::default();
        self.all
            .retain(|subscriber| (event && !subscriber.events) || subscriber.outlet.offer(notice, &mut line));
    }

    /// The listeners in this process.
    pub(crate) fn locals(&self) -> Vec<Outlet> {
        let outlets = self.all.iter().map(|subscriber| &subscriber.outlet);
        outlets.filter(|outlet| matches!(outlet, Outlet::Local(_))).cloned().collect()
    }
}

/// A notice as the text of a line, made once for all sockets and only if there is one.
#[derive(Default)]
struct Line(Option<Arc<str>>);

impl Line {
    fn of(&mut self, notice: &Notice) -> Option<Arc<str>> {
        if self.0.is_none() {
            self.0 = wire::notice(notice)
                .inspect_err(|error| tracing::error!(%error, "a notice cannot be sent"))
                .ok()
                .map(Arc::from);
        }
        self.0.clone()
    }
}

impl Outlet {
    /// Puts a notice into the queue; `false` where the subscriber is to be let go.
    fn offer(&self, notice: &Notice, line: &mut Line) -> bool {
        match self {
            Self::Last(_) if *notice != Notice::Gone => true,
            Self::Local(queue) | Self::Last(queue) => queue.send(notice.clone()).is_ok(),
            Self::Socket(socket) => {
                let Some(line) = line.of(notice) else { return true };
                match socket.lines.try_send(line) {
                    Ok(()) => true,
                    Err(mpsc::error::TrySendError::Closed(_)) => false,
                    Err(mpsc::error::TrySendError::Full(_)) => {
                        tracing::warn!("a subscriber does not keep up and is let go");
                        socket.overflow.notify_one();
                        false
                    }
                }
            }
        }
    }

    /// Puts a notice into the queue if there is room.
    pub(crate) fn mention(&self, notice: &Notice) {
        match self {
            Self::Local(queue) => drop(queue.send(notice.clone())),
            Self::Last(_) => {}
            Self::Socket(socket) => {
                if let Some(line) = Line::default().of(notice) {
                    drop(socket.lines.try_send(line));
                }
            }
        }
    }
}

/// An outlet that calls `listener` on a thread of its own, and ends with [`Notice::Gone`].
pub(crate) fn local(listener: Listener) -> std::io::Result<Outlet> {
    Ok(Outlet::Local(listening(listener)?))
}

/// The same for a listener that wants to hear of the end and of nothing else.
pub(crate) fn last(listener: Listener) -> std::io::Result<Outlet> {
    Ok(Outlet::Last(listening(listener)?))
}

fn listening(listener: Listener) -> std::io::Result<Sender<Notice>> {
    let (queue, notices) = channel();
    std::thread::Builder::new().name("usher-notices".to_owned()).spawn(move || hear(&notices, &listener))?;
    Ok(queue)
}

fn hear(notices: &Receiver<Notice>, listener: &Listener) {
    while let Ok(notice) = notices.recv() {
        if notice == Notice::Gone {
            break;
        }
        listener(notice);
    }
    listener(Notice::Gone);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Notice {
        Notice::Message { title: String::new(), text: text.to_owned() }
    }

    #[test]
    fn one_that_does_not_read_is_let_go_and_the_others_hear_everything() {
        let mut subscribers = Subscribers::default();
        let (slow, _unread) = mpsc::channel(2);
        let overflow = Arc::new(Notify::new());
        subscribers.add(Outlet::Socket(SocketOutlet { lines: slow, overflow: overflow.clone() }), false);
        let (queue, notices) = channel();
        subscribers.add(Outlet::Local(queue), false);
        for nr in 0..5 {
            subscribers.tell(&message(&nr.to_string()));
        }
        assert_eq!(subscribers.all.len(), 1);
        assert_eq!(notices.try_iter().count(), 5);
    }

    #[test]
    fn whoever_reads_hears_all_of_a_burst_and_its_end_last() {
        const BURST: usize = 12_000;
        let mut subscribers = Subscribers::default();
        let (heard, hears) = channel();
        let listener: Listener = Box::new(move |notice| drop(heard.send(notice)));
        subscribers.add(local(listener).unwrap(), false);
        let (lines, mut read) = mpsc::channel(QUEUE);
        subscribers.add(Outlet::Socket(SocketOutlet { lines, overflow: Arc::new(Notify::new()) }), false);
        (0..BURST).for_each(|nr| subscribers.tell(&message(&nr.to_string())));
        subscribers.tell(&Notice::Gone);
        let all: Vec<Notice> = hears.iter().collect();
        assert_eq!(all.len(), BURST + 1);
        assert!(all[..BURST].iter().all(|notice| *notice != Notice::Gone));
        drop(subscribers);
        assert_eq!(std::iter::from_fn(|| read.blocking_recv()).count(), BURST + 1);
    }

    #[test]
    fn one_whose_connection_has_ended_wants_nothing_any_more() {
        let mut subscribers = Subscribers::default();
        let (lines, unread) = mpsc::channel(2);
        subscribers.add(Outlet::Socket(SocketOutlet { lines, overflow: Arc::new(Notify::new()) }), true);
        subscribers.forget_gone();
        assert!(subscribers.wants_events());
        drop(unread);
        subscribers.forget_gone();
        assert!(!subscribers.wants_events() && subscribers.is_empty());
    }

    #[test]
    fn a_local_listener_hears_gone_once_and_last() {
        let (tell, heard) = std::sync::mpsc::channel();
        let outlet = local(Box::new(move |notice| tell.send(notice).unwrap())).unwrap();
        let mut subscribers = Subscribers::default();
        subscribers.add(outlet, false);
        subscribers.tell(&message("a"));
        subscribers.tell(&Notice::Gone);
        drop(subscribers);
        assert_eq!(heard.iter().collect::<Vec<_>>(), [message("a"), Notice::Gone]);
    }

    #[test]
    fn one_that_waits_for_the_end_hears_nothing_else_and_counts_for_nobody() {
        let (tell, heard) = std::sync::mpsc::channel();
        let mut subscribers = Subscribers::default();
        subscribers.add(last(Box::new(move |notice| tell.send(notice).unwrap())).unwrap(), false);
        assert!(subscribers.is_empty());
        subscribers.tell(&message("a"));
        subscribers.tell(&Notice::Gone);
        drop(subscribers);
        assert_eq!(heard.iter().collect::<Vec<_>>(), [Notice::Gone]);
    }

    #[test]
    fn events_go_to_those_who_want_them() {
        let mut subscribers = Subscribers::default();
        let (queue, notices) = channel();
        subscribers.add(Outlet::Local(queue), false);
        assert!(!subscribers.wants_events());
        let event = crate::api::EventInfo {
            source: "files".into(),
            kind: "gone".into(),
            path: None,
            detail: None,
            facts: None,
        };
        subscribers.tell(&Notice::Event { at: String::new(), event });
        assert_eq!(notices.try_iter().count(), 0);
    }
}

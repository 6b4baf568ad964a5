//! A running source with its events in a channel, and ways to wait for them.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use usher_event::{Event, Noun, NounHealth, Reading};
use usher_watch::{Sink, Source, Wants};

/// Long enough for a busy machine; only a failing test waits for it.
const SOON: Duration = Duration::from_secs(30);

/// A running source.
pub(crate) struct Watching {
    // Only for its end.
    source: Option<Box<dyn Source>>,
    events: Receiver<Event>,
}

impl Watching {
    pub(crate) fn start(noun: Noun) -> Self {
        let (send, events) = channel();
        let sink: Sink = Arc::new(move |event| drop(send.send(event)));
        Self { source: Some(usher_watch::start(noun, &Wants::default(), sink)), events }
    }

    /// The next event.
    pub(crate) fn next(&self) -> Option<Event> {
        self.events.recv_timeout(SOON).ok()
    }

    /// The health the source begins with.
    pub(crate) fn health(&self) -> Option<NounHealth> {
        match self.next() {
            Some(Event::Noun { health, .. }) => Some(health),
            _ => None,
        }
    }

    /// Waits for a reading that is as wanted. Returns it, or nothing if there is none for long.
    pub(crate) fn until(&self, mut is_it: impl FnMut(&Reading) -> bool) -> Option<Reading> {
        let deadline = Instant::now() + SOON;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left).ok()? {
                Event::State { reading } if is_it(&reading) => return Some(reading),
                _ => {}
            }
        }
    }

    /// Stops the source. Returns what it had still said.
    pub(crate) fn stop(mut self) -> Vec<Event> {
        self.source.take();
        self.events.iter().collect()
    }
}

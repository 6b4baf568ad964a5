//! A running source with its events in a channel.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use usher_event::{Event, Noun, NounMode, Reading};
use usher_testkit::Bus;
use usher_watch::{Sink, Source, Surroundings, Wants, start_in};

/// Long enough for a busy machine; only a failing test waits for it.
pub(crate) const SOON: Duration = Duration::from_secs(60);

/// A running source.
pub(crate) struct Watching {
    _source: Box<dyn Source>,
    noun: Noun,
    events: Receiver<Event>,
}

impl Watching {
    pub(crate) fn start(noun: Noun, wants: &Wants, surroundings: Surroundings) -> Self {
        let (send, events) = channel();
        let sink: Sink = Arc::new(move |event| {
            let _ = send.send(event);
        });
        Self { _source: start_in(surroundings, noun, wants, sink), noun, events }
    }

    /// The next event.
    pub(crate) fn next(&self) -> Event {
        self.events.recv_timeout(SOON).unwrap_or_else(|_| panic!("nothing more is heard of {:?}", self.noun))
    }

    /// Waits for an event, past others.
    pub(crate) fn until(&self, what: &str, mut is_it: impl FnMut(&Event) -> bool) -> Event {
        let deadline = Instant::now() + SOON;
        let mut seen = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(event) if is_it(&event) => return event,
                Ok(event) => seen.push(event),
                Err(_) => panic!("waited for {what} and saw {seen:#?}"),
            }
        }
    }

    /// Waits for this reading, past others.
    pub(crate) fn reads(&self, wanted: &Reading) {
        self.until(
            &format!("{wanted:?}"),
            |event| matches!(event, Event::State { reading } if reading == wanted),
        );
    }

    /// Waits for the noun to be seen in this way. Returns the reason.
    pub(crate) fn mode(&self, wanted: NounMode) -> String {
        let event = self.until(&format!("{wanted:?}"), |event| {
            matches!(event, Event::Noun { noun, health } if *noun == self.noun && health.mode == wanted)
        });
        match event {
            Event::Noun { health, .. } => health.reason.map(String::from).unwrap_or_default(),
            _ => String::new(),
        }
    }
}

/// Surroundings that have nothing in them but these buses.
pub(crate) fn only(system: &Bus, session: &Bus, nowhere: &Path) -> Surroundings {
    Surroundings {
        system_bus: Some(system.address()),
        session_bus: Some(session.address()),
        display: Some(String::new()),
        wayland: Some(String::new()),
        sys: nowhere.to_owned(),
        proc: nowhere.to_owned(),
    }
}

//! What a source of the machine has said, so that it says nothing twice.

use usher_event::{Event, Noun, NounHealth, Reading};

use crate::Sink;

/// The last words of one source.
pub(crate) struct Report {
    noun: Noun,
    sink: Sink,
    health: Option<NounHealth>,
    reading: Option<Reading>,
}

impl Report {
    /// Nothing has been said of `noun` yet.
    pub(crate) fn new(noun: Noun, sink: Sink) -> Self {
        Self { noun, sink, health: None, reading: None }
    }

    /// Says that the platform reports changes, and what there is now. A list has to keep its order.
    pub(crate) fn watching(&mut self, reading: Reading) {
        self.health(NounHealth::watching());
        if self.reading.as_ref() != Some(&reading) {
            self.reading = Some(reading.clone());
            (self.sink)(Event::State { reading });
        }
    }

    /// Says that the noun cannot be seen, because of this. What was seen last stands until it is seen again.
    pub(crate) fn unavailable(&mut self, reason: impl Into<String>) {
        self.health(NounHealth::unavailable(reason));
    }

    fn health(&mut self, health: NounHealth) {
        if self.health.as_ref() != Some(&health) {
            tracing::debug!(noun = self.noun.name(), ?health, "health");
            self.health = Some(health.clone());
            (self.sink)(Event::Noun { noun: self.noun, health });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::channel;

    use usher_event::Display;

    use super::*;

    #[test]
    fn nothing_is_said_twice_and_health_comes_first() {
        let (send, events) = channel();
        let sink: Sink = Arc::new(move |event| drop(send.send(event)));
        let mut report = Report::new(Noun::Display, sink);
        let one = Reading::Display(vec![Display { name: "HDMI-1".to_owned() }]);
        report.watching(one.clone());
        report.watching(one.clone());
        report.unavailable("the display server is gone");
        report.unavailable("the display server is gone");
        report.watching(one.clone());
        report.watching(Reading::Display(Vec::new()));

        let health = |health| Event::Noun { noun: Noun::Display, health };
        let want = [
            health(NounHealth::watching()),
            Event::State { reading: one },
            health(NounHealth::unavailable("the display server is gone")),
            health(NounHealth::watching()),
            Event::State { reading: Reading::Display(Vec::new()) },
        ];
        assert_eq!(events.try_iter().collect::<Vec<_>>(), want);
    }
}

//! Telling the sink what is new about a noun, and nothing twice.

use std::sync::{Mutex, PoisonError};

use usher_event::{Event, Moment, Noun, NounHealth, Reading, Sentence, sentence};

use crate::source::Sink;

/// One noun's way to the sink. Sources say what they see as often as they like; what was said before is not said again.
pub(crate) struct Teller {
    noun: Noun,
    sink: Sink,
    said: Mutex<Said>,
}

#[derive(Default)]
struct Said {
    health: Option<NounHealth>,
    reading: Option<Reading>,
}

impl Teller {
    /// A teller that has said nothing yet.
    pub(crate) fn new(noun: Noun, sink: Sink) -> Self {
        Self { noun, sink, said: Mutex::default() }
    }

    /// The platform reports changes of the noun, and this is its state. A list has to keep its order.
    pub(crate) fn watching(&self, reading: Reading) {
        self.sees(NounHealth::watching(), reading);
    }

    /// The noun is seen, in this way, and this is its state. Nothing with the same noun is older.
    pub(crate) fn sees(&self, health: NounHealth, reading: Reading) {
        // Held while telling: two threads must not overtake each other between what is true and what is said.
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        self.health(&mut said, health);
        if said.reading.as_ref() != Some(&reading) {
            (self.sink)(Event::State { reading: reading.clone() });
            said.reading = Some(reading);
        }
    }

    /// The noun cannot be seen, because of this. Its state is told anew once it can.
    pub(crate) fn blind(&self, reason: impl Into<Sentence>) {
        let health = NounHealth::unavailable(reason);
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.reading = None;
        self.health(&mut said, health);
    }

    fn health(&self, said: &mut Said, health: NounHealth) {
        if said.health.as_ref() != Some(&health) {
            tracing::debug!(noun = self.noun.name(), ?health, "health");
            (self.sink)(Event::Noun { noun: self.noun, health: health.clone() });
            said.health = Some(health);
        }
    }

    /// Something happened that is not a state.
    pub(crate) fn happened(&self, moment: Moment) {
        let _in_order = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        (self.sink)(Event::Moment { moment });
    }
}

impl Drop for Teller {
    /// Says that the noun is not seen any more where its source ends in a panic.
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.blind(sentence!(
                "watch-noun-panicked",
                "watching it has failed; start Usher anew, and please report it with its log"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::channel;

    use usher_event::{Power, PowerSource};

    use super::*;

    fn on(source: PowerSource) -> Reading {
        Reading::Power(Power { source, percent: None })
    }

    #[test]
    fn nothing_is_said_twice_and_everything_again_after_blindness() {
        let (send, heard) = channel();
        let sink: Sink = Arc::new(move |event| send.send(event).unwrap());
        let teller = Teller::new(Noun::Power, sink);
        let health = |health| Event::Noun { noun: Noun::Power, health };
        let watching = || health(NounHealth::watching());
        let state = |source| Event::State { reading: on(source) };

        teller.sees(NounHealth::watching(), on(PowerSource::Ac));
        teller.sees(NounHealth::watching(), on(PowerSource::Ac));
        teller.sees(NounHealth::watching(), on(PowerSource::Battery));
        teller.blind(Sentence::foreign("gone"));
        teller.blind(Sentence::foreign("gone"));
        teller.sees(NounHealth::watching(), on(PowerSource::Battery));
        drop(teller);
        let told: Vec<_> = heard.iter().collect();
        assert_eq!(
            told,
            [
                watching(),
                state(PowerSource::Ac),
                state(PowerSource::Battery),
                health(NounHealth::unavailable(Sentence::foreign("gone"))),
                watching(),
                state(PowerSource::Battery),
            ]
        );
    }

    #[test]
    fn a_noun_whose_source_has_failed_does_not_seem_watched() {
        let (send, heard) = channel();
        let teller = Teller::new(Noun::Power, Arc::new(move |event| drop(send.send(event))));
        let source = std::thread::spawn(move || {
            teller.watching(on(PowerSource::Ac));
            panic!("a fault of the source");
        });
        assert!(source.join().is_err());
        let last = heard.iter().last();
        assert!(matches!(last, Some(Event::Noun { health, .. }) if health.reason.is_some()));
    }
}

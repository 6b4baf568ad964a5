//! Occasions: what a rule waits for (`when`) and what it wants to be so (`while`). One file a noun; adding one is a new
//! file and a line in [`ALL`].
//!
//! The same words serve both: `volume: mounted, label: X` waits for that drive after `when`, and asks whether it is
//! there after `while`. A noun that only happens (a schedule, a key chord) is none to ask about.

mod display;
mod facts;
mod files;
mod hotkey;
mod idle;
mod network;
mod power;
mod schedule;
mod session;
mod started;
mod texts;
mod usb;
mod volume;

use std::borrow::Cow;
use std::fmt::Debug;
use std::time::Duration;

use usher_event::{Edge, Noun, State};

pub use facts::{Facts, NAMES, NO_FACTS, facts};
pub use files::Awaited;
pub use schedule::{Missed, Schedule};

pub(crate) use session::{LASTING, check_guard};

use crate::World;
use crate::brought::Brought;
use crate::load::{Problems, Reader, Spec};
use crate::template::Basics;

/// One thing a rule waits for or asks about.
pub trait Occasion: Debug + Send + Sync {
    /// The noun that has to be looked at for it, where there is one.
    fn noun(&self) -> Option<Noun> {
        None
    }

    /// Whether this edge is what it waits for. Schedules answer for any rule's; see [`crate::Rule::wakes`].
    fn wakes(&self, edge: &Edge) -> bool;

    /// Whether it is so; `None` where that is not known.
    fn holds(&self, _state: &State) -> Option<bool> {
        None
    }

    /// What of files it waits for.
    fn files(&self) -> Awaited {
        Awaited::default()
    }

    /// The time without use it asks for.
    fn idle(&self) -> Option<Duration> {
        None
    }

    /// The moments it waits for.
    fn schedule(&self) -> Option<&Schedule> {
        None
    }

    /// The key chord it waits for.
    fn hotkey(&self) -> Option<&str> {
        None
    }
}

/// An occasion with the words the rule has for it.
#[derive(Debug)]
pub struct Clause {
    /// What it means.
    pub occasion: Box<dyn Occasion>,
    /// As the rule says it: `volume: mounted, label: X`.
    pub words: String,
    /// The noun it is about.
    pub(crate) entry: &'static Entry,
    /// Where it asks for what an event brings; `occasion` has stand-ins for that.
    pub(crate) brought: Option<Brought>,
}

/// What a guard says.
pub struct Answer<'c> {
    /// Whether it is so; `None` where nobody can tell.
    pub holds: Option<bool>,
    /// Its words, with what the event brings.
    pub words: Cow<'c, str>,
}

impl Clause {
    /// Whether it is so, for a rule that this event has woken, or none.
    pub(crate) fn ask(&self, state: &State, event: &Facts, world: &dyn World) -> Answer<'_> {
        let Some(brought) = &self.brought else {
            return Answer { holds: self.occasion.holds(state), words: Cow::Borrowed(&self.words) };
        };
        let Ok(values) = brought.values(&Basics { world, event }) else {
            return Answer { holds: None, words: Cow::Borrowed(&self.words) };
        };
        let node = brought.with(&values);
        let mut problems = Problems::new("");
        let occasion = Reader::of_mapping(self.entry.spec, &node, &mut problems)
            .and_then(|mut reader| (self.entry.read)(&mut reader));
        Answer {
            holds: occasion.filter(|_| problems.errors() == 0).and_then(|occasion| occasion.holds(state)),
            words: Cow::Owned(brought.words(&values)),
        }
    }
}

/// A noun as the loader knows it.
#[derive(Debug)]
pub struct Entry {
    /// What it is called and takes. The first parameter is the noun itself.
    pub spec: &'static Spec,
    /// Whether it can be asked about (`while`).
    pub is_state: bool,
    /// Makes an occasion of its parameters; `None` where they are no use, which the reader's problems then say.
    pub read: fn(&mut Reader<'_, '_>) -> Option<Box<dyn Occasion>>,
}

/// Every noun.
pub const ALL: &[Entry] = &[
    Entry { spec: &files::SPEC, is_state: false, read: files::read },
    Entry { spec: &volume::SPEC, is_state: true, read: volume::read },
    Entry { spec: &usb::SPEC, is_state: true, read: usb::read },
    Entry { spec: &power::SPEC, is_state: true, read: power::read },
    Entry { spec: &power::BATTERY, is_state: true, read: power::read_battery },
    Entry { spec: &network::SPEC, is_state: true, read: network::read },
    Entry { spec: &session::SPEC, is_state: true, read: session::read },
    Entry { spec: &idle::SPEC, is_state: true, read: idle::read },
    Entry { spec: &display::SPEC, is_state: true, read: display::read },
    Entry { spec: &schedule::SPEC, is_state: false, read: schedule::read },
    Entry { spec: &hotkey::SPEC, is_state: false, read: hotkey::read },
    Entry { spec: &started::SPEC, is_state: false, read: started::read },
];

#[cfg(test)]
mod testing {
    use std::path::Path;

    use super::Clause;
    use crate::load;

    fn rule(clause: &str) -> String {
        format!("rules:\n  - when: {{ {clause} }}\n    actions: [{{ echo: hi }}]\n")
    }

    /// The occasion of a rule that waits for this.
    pub(super) fn clause(clause: &str) -> Clause {
        let loaded = load(Path::new("rules.yaml"), &rule(clause));
        assert!(loaded.is_good(), "{clause}: {:?}", loaded.diagnostics);
        loaded.rules.into_iter().next().unwrap().when.into_iter().next().unwrap()
    }

    /// The codes of what is wrong with it.
    pub(super) fn problems(clause: &str) -> Vec<&'static str> {
        load(Path::new("rules.yaml"), &rule(clause)).diagnostics.iter().map(|problem| problem.code).collect()
    }
}

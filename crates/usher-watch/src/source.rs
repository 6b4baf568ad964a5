//! The sources of the machine's nouns: what they have in common, and how one is started.
//!
//! Each noun has a file of its own, and its platforms' code in a folder beside it. A source reports the noun's health
//! first, then its whole state, then its whole state again whenever that is another one; it heals itself when what it
//! listens to goes away and comes back. While nothing happens none of its threads wakes.

use std::sync::Arc;
use std::time::Duration;

use usher_event::{Event, Noun, NounHealth, sentence};

use crate::surroundings::Surroundings;
use crate::tell::Teller;
use crate::{idle, network, power, session};

/// Where a source delivers its events; called on the source's own thread.
pub type Sink = Arc<dyn Fn(Event) + Send + Sync>;

/// What rules want of a source beyond its noun's state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wants {
    /// The times without use that [`Noun::Idle`] is to report, in any order.
    pub idle: Vec<Duration>,
}

/// A running source. Dropping it stops it; no event arrives after that. One that other things are wanted of is started
/// anew.
pub trait Source: Send {}

/// Starts the source of a noun.
///
/// There is no error: what cannot be seen is reported to `sink` as the noun's health, with the reason, and everything
/// else goes on.
pub fn start(noun: Noun, wants: &Wants, sink: Sink) -> Box<dyn Source> {
    start_in(Surroundings::default(), noun, wants, sink)
}

/// Starts the source of a noun in surroundings of the caller's.
pub fn start_in(surroundings: Surroundings, noun: Noun, wants: &Wants, sink: Sink) -> Box<dyn Source> {
    let teller = Teller::new(noun, Arc::clone(&sink));
    let started = match noun {
        Noun::Power => power::start(teller, surroundings),
        Noun::Idle => idle::start(wants, teller, surroundings),
        Noun::Network => network::start(teller, surroundings),
        Noun::Session => session::start(teller, surroundings),
        #[cfg(any(target_os = "linux", target_os = "macos", windows))]
        Noun::Volume => crate::volume::start(teller),
        #[cfg(any(target_os = "linux", target_os = "macos", windows))]
        Noun::Usb => crate::usb::start(teller),
        #[cfg(any(target_os = "linux", target_os = "macos", windows))]
        Noun::Display => crate::display::start(teller, surroundings),
        #[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
        _ => Err(std::io::ErrorKind::Unsupported.into()),
    };
    started.unwrap_or_else(|error| {
        let reason = match error.kind() {
            std::io::ErrorKind::Unsupported => sentence!(
                "watch-noun-not-here",
                "Usher cannot look at `{noun}` on this system",
                noun = noun.name()
            ),
            _ => sentence!(
                "watch-noun-failed",
                "Usher cannot look at `{noun}`: {why}",
                noun = noun.name(),
                why = error
            ),
        };
        sink(Event::Noun { noun, health: NounHealth::unavailable(reason) });
        Box::new(Nothing)
    })
}

/// The source of a noun that cannot be seen at all.
pub(crate) struct Nothing;

impl Source for Nothing {}

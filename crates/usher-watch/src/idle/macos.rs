//! Idleness from the time of the last event of the keyboard or pointer.

use std::time::Duration;

use objc2_core_graphics::{CGEventSource, CGEventSourceStateID, CGEventType};

use super::timer;
use crate::source::{Source, Wants};
use crate::surroundings::Surroundings;
use crate::tell::Teller;

/// `kCGAnyInputEventType`, which the headers define as a number that is none of the types.
const ANY_INPUT: CGEventType = CGEventType(u32::MAX);

/// Starts the source.
pub(crate) fn start(wants: &Wants, teller: Teller, _: Surroundings) -> std::io::Result<Box<dyn Source>> {
    timer::start(wants, teller, idle)
}

fn idle() -> Option<Duration> {
    let seconds =
        CGEventSource::seconds_since_last_event_type(CGEventSourceStateID::HIDSystemState, ANY_INPUT);
    Duration::try_from_secs_f64(seconds).ok()
}

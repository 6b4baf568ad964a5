//! A clock that stands still until it is told to go on.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp, Zoned, tz::TimeZone};
use usher_engine::Clock;

/// Stands still at a moment near the real one (files get real times) until it is moved.
#[derive(Debug)]
pub struct FakeClock {
    start: Timestamp,
    passed: Mutex<Duration>,
    /// By how much the clock for people was set.
    set_by: Mutex<SignedDuration>,
    zone: Mutex<TimeZone>,
}

impl Default for FakeClock {
    fn default() -> Self {
        // An hour ahead: files made by the test are then long finished by their times.
        let start = Timestamp::now() + Duration::from_secs(3600);
        Self { start, passed: Mutex::default(), set_by: Mutex::default(), zone: Mutex::new(TimeZone::UTC) }
    }
}

impl FakeClock {
    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        *self.passed.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }

    /// Has the clock for people show the time of another zone than UTC.
    pub fn live_in(&self, zone: TimeZone) {
        *self.zone.lock().unwrap_or_else(PoisonError::into_inner) = zone;
    }

    /// Sets the clock for people forth or back. No time passes.
    pub fn set(&self, by: SignedDuration) {
        *self.set_by.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Zoned {
        let set_by = *self.set_by.lock().unwrap_or_else(PoisonError::into_inner);
        let zone = self.zone.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (self.start + self.ticks() + set_by).to_zoned(zone)
    }

    fn ticks(&self) -> Duration {
        *self.passed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! A clock that stands still until it is told to go on.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{Timestamp, Zoned, tz::TimeZone};
use usher_engine::Clock;

/// Stands still at a moment near the real one (files get real times) until it is moved.
#[derive(Debug)]
pub struct FakeClock {
    start: Timestamp,
    passed: Mutex<Duration>,
}

impl Default for FakeClock {
    fn default() -> Self {
        // An hour ahead: files made by the test are then long finished by their times.
        let start = Timestamp::now() + Duration::from_secs(3600);
        Self { start, passed: Mutex::default() }
    }
}

impl FakeClock {
    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        *self.passed.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Zoned {
        (self.start + self.ticks()).to_zoned(TimeZone::UTC)
    }

    fn ticks(&self) -> Duration {
        *self.passed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

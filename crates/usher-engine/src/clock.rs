//! Time as an argument. The only place of the engine that asks the machine what time it is.

use std::time::{Duration, Instant};

use jiff::{Timestamp, Zoned};

/// Two clocks: one for people, one for waiting.
pub trait Clock: Send + Sync {
    /// The time now, in the user's time zone. It may jump.
    fn now(&self) -> Zoned;

    /// Time since some fixed moment. It never goes back and is what waiting is measured with.
    fn ticks(&self) -> Duration;

    /// The moment now.
    fn timestamp(&self) -> Timestamp {
        self.now().timestamp()
    }
}

/// The machine's clocks.
#[derive(Debug)]
pub struct MachineClock {
    started: Instant,
}

impl Default for MachineClock {
    fn default() -> Self {
        Self { started: Instant::now() }
    }
}

impl Clock for MachineClock {
    fn now(&self) -> Zoned {
        Zoned::now()
    }

    fn ticks(&self) -> Duration {
        self.started.elapsed()
    }

    fn timestamp(&self) -> Timestamp {
        Timestamp::now()
    }
}

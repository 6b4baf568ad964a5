//! The clock: says when it is set, or when the machine wakes, so that nobody has to look at it every now and then.
//!
//! Costs a thread that sleeps in the kernel until that happens. Only Linux tells; elsewhere the engine looks at the
//! clock every hour while it waits for a moment.

use crate::Sink;

#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
use linux as platform;

/// A running watch over the clock. Dropping it stops it.
pub struct Clock {
    #[cfg(target_os = "linux")]
    _watch: platform::Watch,
}

impl Clock {
    /// Begins to watch; [`usher_event::Event::ClockSet`] goes to `sink`. `None` where the system does not tell.
    pub fn start(sink: Sink) -> Option<Self> {
        #[cfg(target_os = "linux")]
        {
            platform::Watch::start(sink)
                .inspect_err(|error| tracing::warn!(%error, "nobody tells when the clock is set"))
                .ok()
                .map(|watch| Self { _watch: watch })
        }
        #[cfg(not(target_os = "linux"))]
        {
            drop(sink);
            None
        }
    }
}

//! The clock: says when it is set, or when the machine wakes, so that nobody has to look at it every now and then.
//!
//! Costs a thread that sleeps in the kernel until that happens. The engine looks at the clock every hour all the same
//! while it waits for a moment.

use crate::Sink;
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
use crate::worker::Worker;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;
#[cfg(target_os = "linux")]
use linux::start;
#[cfg(target_os = "macos")]
use macos::start;
#[cfg(windows)]
use windows::start;

/// A running watch over the clock. Dropping it stops it.
pub struct Clock {
    #[cfg(any(target_os = "linux", target_os = "macos", windows))]
    _worker: Worker,
}

impl Clock {
    /// Begins to watch; [`usher_event::Event::ClockSet`] goes to `sink`. `None` where the system does not tell.
    pub fn start(sink: Sink) -> Option<Self> {
        #[cfg(any(target_os = "linux", target_os = "macos", windows))]
        {
            start(sink)
                .inspect_err(|error| tracing::warn!(%error, "nobody tells when the clock is set"))
                .ok()
                .map(|worker| Self { _worker: worker })
        }
        #[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
        {
            drop(sink);
            None
        }
    }
}

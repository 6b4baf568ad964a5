//! How far a run has come, and of how much: what it goes over is counted on a thread beside it once it has gone on for a
//! while, so that a short one does not pay for it.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use usher_engine::{Census, Engine, Sofar, Sweep};

use super::runs::Reached;

/// A run that is over sooner is not counted.
const LONG: Duration = Duration::from_secs(1);

/// What is known of how far one run has come.
pub(super) struct Tally {
    began: Option<Instant>,
    count: Option<Count>,
    pub(super) reached: Reached,
}

impl Tally {
    pub(super) fn new() -> Self {
        Self { began: None, count: None, reached: Reached::default() }
    }

    /// Begins to count what a run goes over, where it has gone on for long and is not being counted. For as long as the
    /// working directory is the run's.
    pub(super) fn count_if_long(&mut self, census: impl FnOnce() -> Option<Census>) {
        let began = *self.began.get_or_insert_with(Instant::now);
        if self.count.is_none() && began.elapsed() >= LONG {
            self.count = Some(census().map_or_else(Count::default, Count::start));
        }
    }

    /// Takes in how far a run has come by now.
    pub(super) fn take(&mut self, engine: &Engine, sweep: &Sweep) {
        self.reach(Sofar { subjects: sweep.subjects(), looked: engine.gone_over(sweep) });
    }

    /// The same of a simulation.
    pub(super) fn reach(&mut self, Sofar { subjects, looked }: Sofar) {
        // What has come since it was counted belongs to it.
        let of = self.count.as_ref().and_then(Count::known).map(|of| of.max(looked));
        self.reached = Reached { subjects, looked, of, undo: false };
    }

    /// The same where the run has come to so many subjects since.
    pub(super) fn with(&self, subjects: u32) -> Reached {
        Reached { subjects, ..self.reached }
    }
}

/// A count on a thread of its own; it is stopped when this is dropped.
#[derive(Default)]
struct Count {
    stop: Arc<AtomicBool>,
    counted: Arc<OnceLock<u32>>,
}

impl Count {
    fn start(census: Census) -> Self {
        let count = Self::default();
        let (stop, counted) = (Arc::clone(&count.stop), Arc::clone(&count.counted));
        let thread = std::thread::Builder::new().name("usher-count".to_owned()).spawn(move || {
            if let Some(of) = census.count(&stop) {
                let _ = counted.set(of);
            }
        });
        if let Err(error) = thread {
            tracing::debug!(%error, "a run is not counted");
        }
        count
    }

    fn known(&self) -> Option<u32> {
        self.counted.get().copied()
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

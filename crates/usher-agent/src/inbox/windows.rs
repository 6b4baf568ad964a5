//! A bell on Windows.

use std::io;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Wakes one thread that sleeps.
pub(super) struct Bell {
    rung: Mutex<bool>,
    rings: Condvar,
}

impl Bell {
    #[allow(clippy::unnecessary_wraps, reason = "it may fail elsewhere")]
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { rung: Mutex::new(false), rings: Condvar::new() })
    }

    /// Wakes whoever sleeps, or the next one to.
    pub(super) fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.rings.notify_one();
    }

    /// Sleeps until somebody rings, for ever where no time is given. May wake early.
    pub(super) fn sleep(&self, within: Option<Duration>) {
        let mut rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        if !*rung {
            rung = match within {
                None => self.rings.wait(rung).unwrap_or_else(PoisonError::into_inner),
                Some(within) => {
                    self.rings.wait_timeout(rung, within).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        *rung = false;
    }
}

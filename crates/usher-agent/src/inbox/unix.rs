//! A bell on Unix: a pipe, and nothing quicker.
//!
//! Whoever rings a pipe is taken by the kernel for one that will sleep next, so the sleeper wakes on the processor that
//! has the news in its cache and is free in a moment. One that is woken by a futex may be sent to a processor that is
//! busy with something else, and wait there for its turn: milliseconds, now and then.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// Wakes one thread that sleeps.
pub(super) struct Bell {
    hears: PipeReader,
    rings: PipeWriter,
}

impl Bell {
    pub(super) fn new() -> io::Result<Self> {
        let (hears, rings) = io::pipe()?;
        Ok(Self { hears, rings })
    }

    /// Wakes whoever sleeps, or the next one to. Called at most once for each [`sleep`](Self::sleep).
    pub(super) fn ring(&self) {
        // There is room: no more than one ring is on its way.
        let _ = (&self.rings).write(&[1]);
    }

    /// Sleeps until somebody rings, for ever where no time is given. May wake early.
    pub(super) fn sleep(&self, within: Option<Duration>) {
        let within = within.and_then(|within| Timespec::try_from(within).ok());
        if poll(&mut [PollFd::new(&self.hears, PollFlags::IN)], within.as_ref()).is_ok_and(|ready| ready > 0)
        {
            let _ = (&self.hears).read(&mut [0; 16]);
        }
    }
}

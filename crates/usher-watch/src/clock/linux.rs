//! A timer that never rings and that the kernel cancels when the clock is set.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::event::PollFlags;
use rustix::io::Errno;
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};
use usher_event::Event;

use crate::Sink;
use crate::bell::Bell;
use crate::worker::Worker;

/// Starts the thread that waits.
pub(super) fn start(sink: Sink) -> io::Result<Worker> {
    let timer = timerfd_create(TimerfdClockId::Realtime, TimerfdFlags::CLOEXEC | TimerfdFlags::NONBLOCK)?;
    wind(&timer)?;
    let bell = Bell::new()?;
    let ring = bell.clone();
    let wait = move || {
        if let Err(error) = wait(&timer, &bell, &sink) {
            tracing::warn!(%error, "nobody tells any more when the clock is set");
        }
    };
    Worker::named("clock", move || ring.ring(), wait)
}

/// Sets the timer to a moment that never comes.
fn wind(timer: &OwnedFd) -> io::Result<()> {
    let never = Itimerspec {
        it_interval: Timespec { tv_sec: 0, tv_nsec: 0 },
        it_value: Timespec { tv_sec: i64::from(i32::MAX) * 4, tv_nsec: 0 },
    };
    let flags = TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET;
    timerfd_settime(timer, flags, &never)?;
    Ok(())
}

fn wait(timer: &OwnedFd, bell: &Bell, sink: &Sink) -> io::Result<()> {
    while bell.or(timer.as_fd(), PollFlags::IN)? {
        let mut rung = [0u8; 8];
        match rustix::io::read(timer, &mut rung) {
            Err(Errno::CANCELED) => {
                wind(timer)?;
                sink(Event::ClockSet);
            }
            Ok(_) => wind(timer)?,
            Err(Errno::AGAIN | Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_watch_that_is_dropped_ends_its_thread() {
        // The real clock is not a test's to set; the engine's part is tested with a fake one.
        let watch = start(Arc::new(|_| {})).unwrap();
        drop(watch);
    }
}

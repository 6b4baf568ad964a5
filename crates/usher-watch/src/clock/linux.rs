//! A timer that never rings and that the kernel cancels when the clock is set.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::thread::JoinHandle;

use rustix::event::{EventfdFlags, PollFd, PollFlags, eventfd, poll};
use rustix::io::Errno;
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};
use usher_event::Event;

use crate::Sink;

/// The thread that waits.
pub(super) struct Watch {
    stop: OwnedFd,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    pub(super) fn start(sink: Sink) -> io::Result<Self> {
        let timer = timerfd_create(TimerfdClockId::Realtime, TimerfdFlags::CLOEXEC | TimerfdFlags::NONBLOCK)?;
        wind(&timer)?;
        let stop = eventfd(0, EventfdFlags::CLOEXEC)?;
        let stopped = stop.try_clone()?;
        let wait = move || {
            if let Err(error) = wait(&timer, &stopped, &sink) {
                tracing::warn!(%error, "nobody tells any more when the clock is set");
            }
        };
        let thread = std::thread::Builder::new().name("usher-clock".to_owned()).spawn(wait)?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let told = rustix::io::write(&self.stop, &1u64.to_ne_bytes());
        if let (Ok(_), Some(thread)) = (told, self.thread.take())
            && thread.join().is_err()
        {
            tracing::error!("the watch over the clock ended in a panic");
        }
    }
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

fn wait(timer: &OwnedFd, stop: &OwnedFd, sink: &Sink) -> io::Result<()> {
    loop {
        let mut fds = [PollFd::new(timer, PollFlags::IN), PollFd::new(stop, PollFlags::IN)];
        match poll(&mut fds, None) {
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        if !fds[1].revents().is_empty() {
            return Ok(());
        }
        let mut rung = [0u8; 8];
        match rustix::io::read(timer.as_fd(), &mut rung) {
            Err(Errno::CANCELED) => {
                wind(timer)?;
                sink(Event::ClockSet);
            }
            Ok(_) => wind(timer)?,
            Err(Errno::AGAIN | Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_watch_that_is_dropped_ends_its_thread() {
        // The real clock is not a test's to set; the engine's part is tested with a fake one.
        let watch = Watch::start(Arc::new(|_| {})).unwrap();
        drop(watch);
    }
}

//! Waking a thread that sleeps in `poll`.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::io::Errno;

/// A descriptor that becomes readable when somebody rings.
#[derive(Clone)]
pub(crate) struct Bell(Arc<OwnedFd>);

impl Bell {
    /// Makes one that nobody has rung.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self(Arc::new(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?)))
    }

    /// Wakes whoever waits for it, now or later.
    pub(crate) fn ring(&self) {
        // The counter can only be full if the thread is awake already.
        let _ = rustix::io::write(&*self.0, &1_u64.to_ne_bytes());
    }

    /// Sleeps until `what` happens to `other` or somebody rings. Says whether it was `other`.
    pub(crate) fn or(&self, other: BorrowedFd<'_>, what: PollFlags) -> io::Result<bool> {
        let mut fds = [PollFd::new(&self.0, PollFlags::IN), PollFd::from_borrowed_fd(other, what)];
        loop {
            match poll(&mut fds, None) {
                Ok(_) => return Ok(fds[0].revents().is_empty()),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Bell {
    /// Sleeps until somebody rings, for so long at most. Says whether somebody has.
    pub(crate) fn rings_within(&self, time: Duration) -> bool {
        let end = Instant::now() + time;
        let mut fds = [PollFd::new(&self.0, PollFlags::IN)];
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let left = Timespec { tv_sec: left.as_secs() as i64, tv_nsec: left.subsec_nanos().into() };
            match poll(&mut fds, Some(&left)) {
                Ok(0) => return false,
                Ok(_) => return true,
                Err(Errno::INTR) => {}
                // It cannot be waited for: whoever asks is to end and not to spin.
                Err(_) => return true,
            }
        }
    }
}

impl AsFd for Bell {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_wins_and_lasts() {
        let (bell, other) = (Bell::new().unwrap(), Bell::new().unwrap());
        other.ring();
        assert!(bell.or(other.as_fd(), PollFlags::IN).unwrap());
        bell.ring();
        assert!(!bell.or(other.as_fd(), PollFlags::IN).unwrap());
        assert!(!bell.or(other.as_fd(), PollFlags::IN).unwrap());
        assert!(bell.rings_within(Duration::from_secs(60)));
        assert!(!Bell::new().unwrap().rings_within(Duration::from_millis(5)));
    }
}

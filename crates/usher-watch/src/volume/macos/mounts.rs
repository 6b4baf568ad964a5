//! Waiting for the kernel to say that something was mounted or unmounted.

#![expect(unsafe_code, reason = "the safe wrapper of kqueue does not know this filter")]

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::ptr::{null, null_mut};
use std::time::{Duration, Instant};

/// The event by which the waiting thread is told to stop.
const STOP: usize = 1;

/// The kernel's events of file systems.
pub(super) struct Mounts(OwnedFd);

impl Mounts {
    /// Begins to listen: what is mounted from now on is told.
    pub(super) fn open() -> io::Result<Self> {
        let mounts = Self(rustix::event::kqueue::kqueue()?);
        mounts.submit(event(0, libc::EVFILT_FS, libc::EV_ADD | libc::EV_CLEAR, 0))?;
        mounts.submit(event(STOP, libc::EVFILT_USER, libc::EV_ADD | libc::EV_CLEAR, 0))?;
        Ok(mounts)
    }

    /// Makes whoever waits return.
    pub(super) fn stop(&self) {
        // The event was added above; there is nothing that could refuse to set it off.
        let _ = self.submit(event(STOP, libc::EVFILT_USER, 0, libc::NOTE_TRIGGER));
    }

    /// Sleeps until a file system was mounted or unmounted (true) or [`Self::stop`] was called (false).
    pub(super) fn changed(&self) -> io::Result<bool> {
        loop {
            if let Some(filter) = self.next(None)? {
                return Ok(filter == libc::EVFILT_FS);
            }
        }
    }

    /// Sleeps until [`Self::stop`] was called, for so long at most. Says whether it was. What is mounted meanwhile is seen
    /// by whoever looks after this.
    pub(super) fn stops_within(&self, time: Duration) -> bool {
        let end = Instant::now() + time;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.next(Some(left)) {
                Ok(Some(filter)) if filter == libc::EVFILT_FS => {}
                Ok(Some(_)) => return true,
                Ok(None) if left.is_zero() => return false,
                Ok(None) => {}
                Err(_) => {
                    // It cannot be waited for like this; the time passes all the same.
                    std::thread::sleep(left.min(Duration::from_secs(1)));
                    return false;
                }
            }
        }
    }

    /// The filter of the next event; none after this time, or where waiting was interrupted.
    fn next(&self, at_most: Option<Duration>) -> io::Result<Option<i16>> {
        let mut happened = event(0, 0, 0, 0);
        let at_most = at_most.map(|time| libc::timespec {
            tv_sec: time.as_secs().try_into().unwrap_or(libc::time_t::MAX),
            tv_nsec: time.subsec_nanos().into(),
        });
        let at_most = at_most.as_ref().map_or(null(), std::ptr::from_ref);
        // SAFETY: there is room for the one event that is asked for, and the time, if any, lives until the call returns.
        let count = unsafe { libc::kevent(self.0.as_raw_fd(), null(), 0, &mut happened, 1, at_most) };
        match count {
            1 => Ok(Some(happened.filter)),
            0 => Ok(None),
            _ => match io::Error::last_os_error() {
                error if error.kind() == io::ErrorKind::Interrupted => Ok(None),
                error => Err(error),
            },
        }
    }

    fn submit(&self, change: libc::kevent) -> io::Result<()> {
        // SAFETY: the one change lives until the call returns, and no event is asked for.
        let done = unsafe { libc::kevent(self.0.as_raw_fd(), &change, 1, null_mut(), 0, null()) };
        if done < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }
}

fn event(ident: usize, filter: i16, flags: u16, fflags: u32) -> libc::kevent {
    libc::kevent { ident, filter, flags, fflags, data: 0, udata: null_mut() }
}

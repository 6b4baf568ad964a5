//! Waiting for the kernel to say that something was mounted or unmounted.

#![expect(unsafe_code, reason = "the safe wrapper of kqueue does not know this filter")]

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::ptr::{null, null_mut};

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
        let mut happened = event(0, 0, 0, 0);
        loop {
            // SAFETY: there is room for the one event that is asked for, and no time limit.
            let count = unsafe { libc::kevent(self.0.as_raw_fd(), null(), 0, &mut happened, 1, null()) };
            match count {
                1 => return Ok(happened.filter == libc::EVFILT_FS),
                0 => {}
                _ => {
                    let error = io::Error::last_os_error();
                    if error.kind() != io::ErrorKind::Interrupted {
                        return Err(error);
                    }
                }
            }
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

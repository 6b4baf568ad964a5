//! The notification that the system sends around when the clock is set: what stands behind Foundation's
//! `NSSystemClockDidChangeNotification`, which comes through a main run loop only, and `usher watch` has none.

#![expect(unsafe_code, reason = "no binding offers the system's notifications")]

use std::ffi::{CStr, c_char, c_int};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use usher_event::Event;

use crate::Sink;
use crate::worker::Worker;

/// `kNotifyClockSet` of `notify_keys.h`.
const CLOCK_SET: &CStr = c"com.apple.system.clock_set";

// From `notify.h`, in the library that every program has.
unsafe extern "C" {
    fn notify_register_file_descriptor(
        name: *const c_char,
        descriptor: *mut c_int,
        flags: c_int,
        token: *mut c_int,
    ) -> u32;
    fn notify_cancel(token: c_int) -> u32;
}

/// Starts the thread that waits.
pub(super) fn start(sink: Sink) -> io::Result<Worker> {
    let told = Told::register()?;
    let (end, ended) = UnixStream::pair()?;
    let wait = move || {
        if let Err(error) = wait(&told, &ended, &sink) {
            tracing::warn!(%error, "nobody tells any more when the clock is set");
        }
    };
    // The other end becomes readable when this one is closed.
    Worker::named("clock", move || drop(end), wait)
}

fn wait(told: &Told, ended: &UnixStream, sink: &Sink) -> io::Result<()> {
    loop {
        let mut fds = [PollFd::new(told, PollFlags::IN), PollFd::new(ended, PollFlags::IN)];
        match poll(&mut fds, None) {
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        if !fds[1].revents().is_empty() {
            return Ok(());
        }
        // The token, which is the same each time.
        let mut token = [0u8; size_of::<c_int>()];
        match rustix::io::read(told, &mut token) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(_) => sink(Event::ClockSet),
            Err(Errno::AGAIN | Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// That the notification is written to a descriptor, until it is dropped.
struct Told {
    /// The library's own, which closes it with the registration.
    descriptor: c_int,
    token: c_int,
}

impl Told {
    fn register() -> io::Result<Self> {
        let (mut descriptor, mut token) = (-1, 0);
        // SAFETY: the name ends in a zero; the other two places are valid for the length of the call.
        let status =
            unsafe { notify_register_file_descriptor(CLOCK_SET.as_ptr(), &mut descriptor, 0, &mut token) };
        match status {
            0 => Ok(Self { descriptor, token }),
            code => Err(io::Error::other(format!("the notification is refused with status {code}"))),
        }
    }
}

impl AsFd for Told {
    fn as_fd(&self) -> BorrowedFd<'_> {
        // SAFETY: it is open until the registration ends, which is when this is dropped.
        unsafe { BorrowedFd::borrow_raw(self.descriptor) }
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        // SAFETY: the token is of a registration that has not ended.
        unsafe { notify_cancel(self.token) };
    }
}

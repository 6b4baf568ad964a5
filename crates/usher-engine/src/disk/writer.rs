//! Whether somebody has a file open for writing.

use std::path::Path;

use super::Writer;

/// Chooses the signal a broken lease is told by; the same number on every architecture, and missing in `libc`.
#[cfg(target_os = "linux")]
const F_SETSIG: i32 = 10;

/// Asks the kernel for a read lease and gives it back at once: it is refused while anybody has the file open for
/// writing. Four system calls, no search through other processes. Needs to own the file; otherwise the answer is
/// [`Writer::Unknown`].
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "no safe binding offers F_SETLEASE")]
pub(super) fn writer(path: &Path) -> Writer {
    use std::os::fd::AsRawFd;

    use rustix::fs::{Mode, OFlags, open};

    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let Ok(file) = open(path, flags, Mode::empty()) else { return Writer::Unknown };
    let fd = file.as_raw_fd();
    // SAFETY: fcntl with integer arguments on a descriptor that `file` keeps open. A writer that opens the file while
    // the lease is held makes the kernel send a signal whose default would end this process (SIGIO); SIGURG, chosen
    // first, is ignored by default.
    unsafe {
        if libc::fcntl(fd, F_SETSIG, libc::SIGURG) != 0 {
            return Writer::Unknown;
        }
        if libc::fcntl(fd, libc::F_SETLEASE, libc::F_RDLCK) == 0 {
            // Closing the file, which nobody else shares, gives the lease back.
            return Writer::None;
        }
    }
    match std::io::Error::last_os_error().raw_os_error() {
        Some(libc::EAGAIN) => Writer::Open,
        _ => Writer::Unknown,
    }
}

/// Elsewhere the platform does not say; a file counts as finished when its size and time stand still.
#[cfg(not(target_os = "linux"))]
pub(super) fn writer(_path: &Path) -> Writer {
    Writer::Unknown
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_writer_is_seen_for_as_long_as_it_has_the_file_open() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let mut file = std::fs::File::create(&path).unwrap();
        file.write_all(b"x").unwrap();
        assert_eq!(writer(&path), Writer::Open);
        drop(file);
        assert_eq!(writer(&path), Writer::None);
        let reader = std::fs::File::open(&path).unwrap();
        assert_eq!(writer(&path), Writer::None);
        drop(reader);
    }
}

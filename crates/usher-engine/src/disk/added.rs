//! When something was put into its folder, which macOS keeps for every file.

use std::ffi::{CString, c_void};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

/// What `getattrlist` writes: how long the answer is, then the attribute asked for, packed to four bytes.
#[repr(C, packed(4))]
struct Answer {
    length: u32,
    seconds: i64,
    nanoseconds: i64,
}

/// Asks the file system. A zero is no time: the file system does not keep it.
#[expect(unsafe_code, reason = "no safe binding offers getattrlist")]
pub(super) fn added(path: &Path) -> io::Result<Option<Timestamp>> {
    let path = CString::new(path.as_os_str().as_bytes())?;
    let mut wanted = libc::attrlist {
        bitmapcount: libc::ATTR_BIT_MAP_COUNT,
        reserved: 0,
        commonattr: libc::ATTR_CMN_ADDEDTIME,
        volattr: 0,
        dirattr: 0,
        fileattr: 0,
        forkattr: 0,
    };
    let mut answer = Answer { length: 0, seconds: 0, nanoseconds: 0 };
    let list: *mut c_void = (&raw mut wanted).cast();
    let buffer: *mut c_void = (&raw mut answer).cast();
    // SAFETY: the path ends with a zero, both structures live through the call, and the size given is that of the answer.
    let result =
        unsafe { libc::getattrlist(path.as_ptr(), list, buffer, size_of::<Answer>(), libc::FSOPT_NOFOLLOW) };
    if result != 0 {
        let error = io::Error::last_os_error();
        let unknown = matches!(error.raw_os_error(), Some(libc::ENOTSUP | libc::EINVAL));
        return if unknown { Err(io::ErrorKind::Unsupported.into()) } else { Err(error) };
    }
    let (length, seconds, nanoseconds) = (answer.length, answer.seconds, answer.nanoseconds);
    if usize::try_from(length).is_ok_and(|length| length < size_of::<Answer>()) || seconds == 0 {
        return Ok(None);
    }
    let since = SignedDuration::from_secs(seconds).checked_add(SignedDuration::from_nanos(nanoseconds));
    Ok(since.and_then(|since| Timestamp::from_duration(since).ok()))
}

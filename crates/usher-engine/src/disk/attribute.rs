//! Extended attributes, where the platform has them.

use std::io;
use std::path::Path;

/// Bytes of a value that are read; Linux allows no more, and nobody tags a file with more elsewhere.
#[cfg(unix)]
const LONGEST: usize = 64 * 1024;

#[cfg(unix)]
pub(super) fn get(path: &Path, name: &str) -> io::Result<Option<Vec<u8>>> {
    let mut value = vec![0; LONGEST];
    match rustix::fs::lgetxattr(path, name, &mut value[..]) {
        Ok(length) => {
            value.truncate(length);
            Ok(Some(value))
        }
        Err(NOT_SET) => Ok(None),
        Err(error) => Err(told(error)),
    }
}

/// Sets the value, or removes the attribute. Links are not followed.
#[cfg(unix)]
pub(super) fn set(path: &Path, name: &str, value: Option<&[u8]>) -> io::Result<()> {
    let result = match value {
        Some(value) => rustix::fs::lsetxattr(path, name, value, rustix::fs::XattrFlags::empty()),
        None => rustix::fs::lremovexattr(path, name),
    };
    match result {
        Err(NOT_SET) if value.is_none() => Ok(()),
        other => other.map_err(told),
    }
}

#[cfg(target_os = "linux")]
const NOT_SET: rustix::io::Errno = rustix::io::Errno::NODATA;
#[cfg(all(unix, not(target_os = "linux")))]
const NOT_SET: rustix::io::Errno = rustix::io::Errno::NOATTR;

#[cfg(unix)]
fn told(error: rustix::io::Errno) -> io::Error {
    match error {
        rustix::io::Errno::NOTSUP => io::ErrorKind::Unsupported.into(),
        error => error.into(),
    }
}

#[cfg(not(unix))]
pub(super) fn get(_path: &Path, _name: &str) -> io::Result<Option<Vec<u8>>> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(unix))]
pub(super) fn set(_path: &Path, _name: &str, _value: Option<&[u8]>) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

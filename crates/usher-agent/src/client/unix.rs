//! A Unix socket in a directory that is this user's alone.

use std::io;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;

use crate::directories::check_private;

/// What bytes go through.
pub(super) type Stream = UnixStream;

/// What ends a read that waits on another thread.
pub(super) type Hangup = UnixStream;

/// Connects. A socket in a folder that somebody else could have put it into is not trusted.
pub(super) fn connect(socket: &Path) -> io::Result<Stream> {
    if let Some(folder) = socket.parent() {
        check_private(folder).map_err(|error| io::Error::new(io::ErrorKind::PermissionDenied, error))?;
    }
    UnixStream::connect(socket)
}

pub(super) fn hangup(stream: &Stream) -> io::Result<Hangup> {
    stream.try_clone()
}

pub(super) fn hang_up(hangup: Hangup) {
    // It is already closed where this fails.
    let _ = hangup.shutdown(Shutdown::Both);
}

//! A named pipe, opened as a file.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::time::Duration;

/// What bytes go through.
pub(super) type Stream = File;

/// A read that waits on a pipe ends with the owner, or with this process.
pub(super) struct Hangup;

/// `ERROR_PIPE_BUSY`: every instance of the pipe has its client, and the next one is being made.
const PIPE_BUSY: i32 = 231;

/// How often a busy pipe is tried, a few milliseconds apart.
const TRIES: u32 = 50;

/// Connects.
pub(super) fn connect(socket: &Path) -> io::Result<Stream> {
    let mut tries = 0;
    loop {
        match OpenOptions::new().read(true).write(true).open(socket) {
            Err(error) if error.raw_os_error() == Some(PIPE_BUSY) && tries < TRIES => {
                tries += 1;
                std::thread::sleep(Duration::from_millis(5));
            }
            other => return other,
        }
    }
}

pub(super) fn hangup(_: &Stream) -> io::Result<Hangup> {
    Ok(Hangup)
}

pub(super) fn hang_up(_: Hangup) {}

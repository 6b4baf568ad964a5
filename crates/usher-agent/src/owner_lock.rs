//! The lock that makes one process the owner of journal, vault and socket.
//!
//! The operating system holds it, so it is gone when the process is, however that ended. The file stays; what is
//! written in it (the process, and the socket it listens at) is for whoever finds the lock taken.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

/// The owner's lock, held as long as this lives.
#[derive(Debug)]
pub(crate) struct OwnerLock {
    _file: File,
}

impl OwnerLock {
    /// Takes the lock; `None` where another process has it.
    pub(crate) fn take(path: &Path, socket: &Path) -> io::Result<Option<Self>> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        file.set_len(0)?;
        file.rewind()?;
        write!(file, "{}\n{}\n", std::process::id(), socket.display())?;
        Ok(Some(Self { _file: file }))
    }

    /// The socket that the present owner wrote down. It may be another than ours: a remote shell can lack the
    /// variable that the session's directory is found with. On Windows a locked file cannot be read.
    pub(crate) fn socket_of_owner(path: &Path) -> Option<PathBuf> {
        let text = std::fs::read_to_string(path).ok()?;
        text.lines().nth(1).filter(|line| !line.is_empty()).map(PathBuf::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_is_taken_once_and_free_again_after() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("owner.lock");
        let first = OwnerLock::take(&path, Path::new("/run/usher.sock")).unwrap();
        assert!(first.is_some());
        assert!(OwnerLock::take(&path, Path::new("/other.sock")).unwrap().is_none());
        #[cfg(unix)]
        assert_eq!(OwnerLock::socket_of_owner(&path).as_deref(), Some(Path::new("/run/usher.sock")));
        drop(first);
        assert!(OwnerLock::take(&path, Path::new("/other.sock")).unwrap().is_some());
    }
}

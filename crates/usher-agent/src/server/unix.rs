//! A Unix socket with mode 0600 in a directory with mode 0700, open to processes of the same user only.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

/// The socket. Dropping it removes it.
pub(super) struct Listener {
    listener: UnixListener,
    path: PathBuf,
}

impl Listener {
    /// Opens the socket in place of whatever is left there.
    pub(super) fn bind(path: &Path) -> io::Result<Self> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(path)?;
        fs::set_permissions(path, PermissionsExt::from_mode(0o600))?;
        Ok(Self { listener, path: path.to_path_buf() })
    }

    /// The next client.
    ///
    /// # Errors
    /// [`io::ErrorKind::PermissionDenied`] for a client of another user.
    pub(super) async fn accept(&mut self) -> io::Result<UnixStream> {
        let (stream, _) = self.listener.accept().await?;
        let own = rustix::process::getuid().as_raw();
        if !may_talk(stream.peer_cred()?.uid(), own) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(stream)
    }
}

/// The administrator has every way into the user's files already, but no business with the user's rules.
fn may_talk(peer: u32, own: u32) -> bool {
    peer == own
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_user_may_talk() {
        assert!(may_talk(1000, 1000));
        assert!(!may_talk(1001, 1000));
        assert!(!may_talk(0, 1000));
    }
}

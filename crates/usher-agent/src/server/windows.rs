//! A named pipe that no other process may have made before us and no other machine may open.
//!
//! Windows gives a pipe made without a security descriptor full access to its user, the system and administrators;
//! others could open it for reading, which brings them nothing: notices go to those who have asked for them.

use std::io;
use std::path::{Path, PathBuf};

use tokio::net::windows::named_pipe::{NamedPipeServer, ServerOptions};

/// The pipe. Its next instance always waits for a client.
pub(super) struct Listener {
    next: NamedPipeServer,
    name: PathBuf,
}

impl Listener {
    /// Makes the pipe.
    pub(super) fn bind(name: &Path) -> io::Result<Self> {
        let next = ServerOptions::new().first_pipe_instance(true).reject_remote_clients(true).create(name)?;
        Ok(Self { next, name: name.to_path_buf() })
    }

    /// The next client.
    pub(super) async fn accept(&mut self) -> io::Result<NamedPipeServer> {
        self.next.connect().await?;
        let next = ServerOptions::new().reject_remote_clients(true).create(&self.name)?;
        Ok(std::mem::replace(&mut self.next, next))
    }
}

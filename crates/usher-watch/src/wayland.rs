//! Reaching a Wayland compositor.

use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

/// Why a compositor cannot be reached.
#[derive(Debug, thiserror::Error)]
#[error("{path} cannot be reached ({source})")]
pub(crate) struct Unreachable {
    path: PathBuf,
    source: std::io::Error,
}

/// Connects to a display by its name or its socket's path.
pub(crate) fn connect(display: &str) -> Result<UnixStream, Unreachable> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").unwrap_or_default();
    let path = Path::new(&runtime).join(display);
    UnixStream::connect(&path).map_err(|source| Unreachable { path, source })
}

//! Reaching a Wayland compositor.

use std::os::unix::net::UnixStream;
use std::path::Path;

use usher_event::{Sentence, sentence};

/// Connects to a display by its name or its socket's path.
pub(crate) fn connect(display: &str) -> Result<UnixStream, Sentence> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").unwrap_or_default();
    let path = Path::new(&runtime).join(display);
    UnixStream::connect(&path).map_err(|why| {
        sentence!("display-socket-unreached", "{path} cannot be reached ({why})", path = path, why = why)
    })
}

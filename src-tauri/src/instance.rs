//! A second launch knocks at a socket beside the control socket and ends, before it has started any toolkit.
//!
//! tauri-plugin-single-instance does the same over the session bus, and decides when two launches meet at the same
//! moment. But it needs a bus, and it can only speak once the toolkit has started: ending a process at that moment
//! crashes now and then inside the toolkit's libraries.

use std::io::{self, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::Duration;

use crate::window::Window;

/// What a second launch says that wants the window.
const SHOW: &[u8] = b"show";

/// A launch that connects and says nothing must not keep the next one waiting.
const PATIENCE: Duration = Duration::from_secs(1);

/// Knocks. Returns whether a tray process runs already; it has been told to show its window, if `show`.
pub(crate) fn knock(socket: &Path, show: bool) -> bool {
    UnixStream::connect(socket).is_ok_and(|mut first| first.write_all(if show { SHOW } else { b"" }).is_ok())
}

/// Listens for knocks. A socket that nobody listens at any more is replaced.
///
/// # Errors
/// When the socket cannot be made.
pub(crate) fn listen(socket: &Path, window: &Window) -> io::Result<()> {
    match std::fs::remove_file(socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(socket)?;
    let window = window.clone();
    crate::thread("second-launch", move || answer(&listener, &window));
    Ok(())
}

fn answer(listener: &UnixListener, window: &Window) {
    for mut launch in listener.incoming().flatten() {
        let mut said = [0; SHOW.len()];
        let read = launch.set_read_timeout(Some(PATIENCE)).and_then(|()| launch.read_exact(&mut said));
        if read.is_ok() && said == SHOW {
            window.show();
        }
    }
}

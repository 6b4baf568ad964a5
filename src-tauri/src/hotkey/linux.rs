//! Chords on Linux: through the desktop's portal on Wayland, where it has one, and grabbed from the X11 display otherwise.

use std::sync::Arc;

use tauri::{AppHandle, Builder, Wry};
use tauri_plugin_global_shortcut::Shortcut;

use super::{Cause, Told};

mod portal;
mod x11;

/// Adds what the keys need to an app that is being built: nothing here.
pub(crate) fn prepare(builder: Builder<Wry>) -> Builder<Wry> {
    builder
}

/// The session's keys.
pub(super) enum Keys {
    Portal(portal::Portal),
    X11(x11::Keys),
}

impl Keys {
    pub(super) fn new(_: &AppHandle, tell: impl Fn(Told) + Send + Sync + 'static) -> Self {
        let tell: portal::Tell = Arc::new(tell);
        let is_wayland = std::env::var_os("WAYLAND_DISPLAY").is_some_and(|name| !name.is_empty());
        if is_wayland {
            match portal::Portal::open(Arc::clone(&tell)) {
                Ok(portal) => return Self::Portal(portal),
                Err(why) => crate::stderr(format_args!("this desktop has no portal for hotkeys: {why}")),
            }
        }
        Self::X11(x11::Keys::new(move |chord| tell(Told::Pressed(chord))))
    }

    pub(super) fn hold(&self, chord: &Shortcut) -> Result<(), Cause> {
        match self {
            Self::Portal(portal) => portal.hold(chord),
            Self::X11(display) => display.hold(chord),
        }
    }

    pub(super) fn release(&self, chord: &Shortcut) {
        match self {
            Self::Portal(portal) => portal.release(chord),
            Self::X11(display) => display.release(chord),
        }
    }
}

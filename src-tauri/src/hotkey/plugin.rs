//! Chords on macOS and Windows, through tauri-plugin-global-shortcut, which waits there without polling.

use std::sync::Arc;

use tauri::{AppHandle, Builder, Wry};
use tauri_plugin_global_shortcut::{Error, GlobalShortcutExt, Shortcut, ShortcutState};

use super::Cause;

/// Adds what the keys need to an app that is being built.
pub(crate) fn prepare(builder: Builder<Wry>) -> Builder<Wry> {
    builder.plugin(tauri_plugin_global_shortcut::Builder::new().build())
}

/// The session's keys.
pub(super) struct Keys {
    app: AppHandle,
    pressed: Arc<dyn Fn(Shortcut) + Send + Sync>,
}

impl Keys {
    pub(super) fn new(app: &AppHandle, pressed: impl Fn(Shortcut) + Send + Sync + 'static) -> Self {
        Self { app: app.clone(), pressed: Arc::new(pressed) }
    }

    pub(super) fn hold(&self, chord: &Shortcut) -> Result<(), Cause> {
        let pressed = self.pressed.clone();
        let on =
            move |_: &AppHandle, chord: &Shortcut, event: tauri_plugin_global_shortcut::ShortcutEvent| {
                if event.state == ShortcutState::Pressed {
                    pressed(*chord);
                }
            };
        self.app.global_shortcut().on_shortcut(*chord, on).map_err(|error| match error {
            Error::GlobalHotkey(why) if why.contains("already registered") => Cause::Taken,
            other => Cause::Unavailable(other.to_string()),
        })
    }

    pub(super) fn release(&self, chord: &Shortcut) {
        // It may be gone already; either way it is not held any more.
        let _ = self.app.global_shortcut().unregister(*chord);
    }
}

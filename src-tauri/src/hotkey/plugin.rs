//! Chords on macOS and Windows, through tauri-plugin-global-shortcut, which waits there without polling.

use std::sync::Arc;

use tauri::{AppHandle, Builder, Wry};
use tauri_plugin_global_shortcut::{Error, GlobalShortcutExt, Shortcut, ShortcutState};

use super::{Cause, Told};

/// Adds what the keys need to an app that is being built.
pub(crate) fn prepare(builder: Builder<Wry>) -> Builder<Wry> {
    builder.plugin(tauri_plugin_global_shortcut::Builder::new().build())
}

/// The session's keys.
pub(super) struct Keys {
    app: AppHandle,
    tell: Arc<dyn Fn(Told) + Send + Sync>,
}

impl Keys {
    pub(super) fn new(app: &AppHandle, tell: impl Fn(Told) + Send + Sync + 'static) -> Self {
        Self { app: app.clone(), tell: Arc::new(tell) }
    }

    pub(super) fn hold(&self, chord: &Shortcut) -> Result<(), Cause> {
        let tell = self.tell.clone();
        let on =
            move |_: &AppHandle, chord: &Shortcut, event: tauri_plugin_global_shortcut::ShortcutEvent| {
                if event.state == ShortcutState::Pressed {
                    tell(Told::Pressed(*chord));
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

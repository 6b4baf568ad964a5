//! Launch at login: the desktop's own entry is the only record of it.

use tauri::AppHandle;
use tauri::plugin::TauriPlugin;
use tauri_plugin_autostart::{Builder, ManagerExt};

/// The plugin that knows each platform's way, set up to start the tray without a window.
pub(crate) fn plugin() -> TauriPlugin<tauri::Wry> {
    Builder::new().app_name("Usher").arg("--hidden").build()
}

/// Whether Usher starts with the session.
pub(crate) fn is_on(app: &AppHandle) -> bool {
    app.autolaunch().is_enabled().unwrap_or(false)
}

/// Writes or removes the entry.
pub(crate) fn set(app: &AppHandle, on: bool) -> Result<(), String> {
    let entry = app.autolaunch();
    if on == entry.is_enabled().unwrap_or(!on) {
        return Ok(());
    }
    let (verb, done) = if on { ("written", entry.enable()) } else { ("removed", entry.disable()) };
    done.map_err(|error| format!("The entry that starts Usher with the session could not be {verb}: {error}"))
}

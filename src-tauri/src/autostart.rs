//! Launch at login: the desktop's own entry is the only record of it.

use tauri::AppHandle;
use tauri::plugin::TauriPlugin;
use tauri_plugin_autostart::{Builder, ManagerExt};
use usher_agent::directories::AUTOSTART_NAME;

#[cfg(target_os = "linux")]
mod entry;

/// What Usher is started with: the tray, and no window.
const ARGUMENT: &str = "--hidden";

/// The plugin that knows each platform's way, set up to start the tray without a window.
pub(crate) fn plugin() -> TauriPlugin<tauri::Wry> {
    Builder::new().app_name(AUTOSTART_NAME).arg(ARGUMENT).build()
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
    let failed = |verb, error: &dyn std::fmt::Display| {
        format!("The entry that starts Usher with the session could not be {verb}: {error}")
    };
    if !on {
        return entry.disable().map_err(|error| failed("removed", &error));
    }
    entry.enable().map_err(|error| failed("written", &error))?;
    #[cfg(target_os = "linux")]
    entry::quote(app).map_err(|error| {
        // One that starts nothing, or something else, is worse than none.
        let _ = entry.disable();
        failed("written", &error)
    })?;
    Ok(())
}

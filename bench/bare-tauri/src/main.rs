//! A tray icon with one menu entry, a hotkey, and nothing behind them; with `--window`, also a window with a page.

use tauri::menu::{Menu, MenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() {
    let done = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|_app, _words, _folder| {}))
        .plugin(tauri_plugin_autostart::Builder::new().build())
        .plugin(tauri_plugin_global_shortcut::Builder::new().build())
        .setup(|app| {
            let quit = MenuItem::with_id(app, "quit", "Quit", true, None::<&str>)?;
            let menu = Menu::with_items(app, &[&quit])?;
            let mut tray = TrayIconBuilder::new().menu(&menu);
            if let Some(icon) = app.default_window_icon() {
                tray = tray.icon(icon.clone());
            }
            tray.on_menu_event(|app, _event| app.exit(0)).build(app)?;
            if std::env::args().any(|word| word == "--window") {
                WebviewWindowBuilder::new(app, "main", WebviewUrl::default()).inner_size(760.0, 560.0).build()?;
            }
            Ok(())
        })
        .build(tauri::generate_context!());
    match done {
        Ok(app) => app.run(|_app, event| {
            if let tauri::RunEvent::ExitRequested { api, code: None, .. } = event {
                api.prevent_exit();
            }
        }),
        Err(problem) => eprintln!("bare-tauri: {problem}"),
    }
}

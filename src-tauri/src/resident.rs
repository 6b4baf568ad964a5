//! The tray process: an app without a window, whose plugins and events all end at the desk.

use std::sync::Arc;
use std::sync::mpsc::channel;

use tauri::tray::{MouseButton, MouseButtonState, TrayIconEvent};

use crate::args::{Opening, second_launch_shows};
use crate::desk::{Desk, News, send};
use crate::link::Owner;
use crate::tray::menu::Action;
use crate::window::Window;
use crate::{autostart, hotkey};

/// Runs the tray process until it is told to quit.
pub(crate) fn run(owner: Owner, opening: Opening) -> tauri::Result<()> {
    #[cfg(target_os = "linux")]
    if crate::instance::knock(&owner.directories().desktop_socket(), opening != Opening::Hidden) {
        return Ok(());
    }
    #[cfg(target_os = "linux")]
    without_graphics();
    let (sender, news) = channel();
    let owner = Arc::new(owner);
    let said = sender.clone();
    let window = Window::new(move |word| send(&said, News::Window(word)));
    let second = window.clone();
    let (clicks, taps) = (sender.clone(), window.clone());
    let builder = tauri::Builder::default()
        // First of all: a second launch ends here, if it has come this far.
        .plugin(tauri_plugin_single_instance::init(move |_, arguments, _| {
            if second_launch_shows(&arguments) {
                second.show();
            }
        }))
        .plugin(autostart::plugin())
        .on_menu_event(move |_, event| {
            if let Some(action) = Action::of(event.id().as_ref()) {
                send(&clicks, News::Clicked(action));
            }
        })
        .on_tray_icon_event(move |_, event| {
            if is_click(&event) {
                taps.toggle();
            }
        });
    let app = hotkey::prepare(builder)
        .setup(move |app| {
            #[cfg(target_os = "macos")]
            app.set_activation_policy(tauri::ActivationPolicy::Accessory);
            let desk = Desk::new(app.handle().clone(), owner, window, sender);
            std::thread::Builder::new().name("desk".to_owned()).spawn(move || desk.work(&news, opening))?;
            Ok(())
        })
        .build(crate::context())?;
    app.run(|_, _| ());
    Ok(())
}

/// Keeps the toolkit from loading a graphics driver, which it does to choose among visuals that an app without a
/// window never uses. Spares some 10 MB and a tenth of a second. The window's process has its own environment.
#[cfg(target_os = "linux")]
fn without_graphics() {
    let (name, value) = crate::window::NO_GRAPHICS;
    // What the user has set stays. Nothing else runs yet that could read the environment meanwhile.
    let _ = glib::setenv(name, value, false);
}

fn is_click(event: &TrayIconEvent) -> bool {
    matches!(
        event,
        TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. }
    )
}

//! The pictures of the tray icon, part of the binary and decoded when it was built.

use tauri::image::Image;
use tauri::include_image;

use super::facts::Face;

/// The colour of the panel that the icon stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Panel {
    /// Light, or a menu bar that recolours a dark glyph itself.
    Light,
    /// Dark.
    Dark,
    /// Nobody says: the glyph has an edge that is legible on both.
    Any,
}

/// The picture for a face, on this desktop.
pub(crate) fn picture(face: Face) -> Image<'static> {
    drawn(
        face,
        panel(cfg!(target_os = "macos"), std::env::var("XDG_CURRENT_DESKTOP").as_deref().unwrap_or("")),
    )
}

/// What is known of the panel's colour. StatusNotifierItem does not tell; GNOME's bar is always dark.
fn panel(macos: bool, desktop: &str) -> Panel {
    if macos {
        Panel::Light
    } else if desktop.split(':').any(|name| name.eq_ignore_ascii_case("gnome")) {
        Panel::Dark
    } else {
        Panel::Any
    }
}

fn drawn(face: Face, panel: Panel) -> Image<'static> {
    match (panel, face) {
        (Panel::Light, Face::Watching) => include_image!("../icons/tray/light/watching.png"),
        (Panel::Light, Face::Paused) => include_image!("../icons/tray/light/paused.png"),
        (Panel::Light, Face::NeedsYou) => include_image!("../icons/tray/light/attention.png"),
        (Panel::Dark, Face::Watching) => include_image!("../icons/tray/dark/watching.png"),
        (Panel::Dark, Face::Paused) => include_image!("../icons/tray/dark/paused.png"),
        (Panel::Dark, Face::NeedsYou) => include_image!("../icons/tray/dark/attention.png"),
        (Panel::Any, Face::Watching) => include_image!("../icons/tray/any/watching.png"),
        (Panel::Any, Face::Paused) => include_image!("../icons/tray/any/paused.png"),
        (Panel::Any, Face::NeedsYou) => include_image!("../icons/tray/any/attention.png"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_panel_is_guessed_only_where_it_is_known() {
        assert_eq!(panel(true, ""), Panel::Light);
        assert_eq!(panel(false, "ubuntu:GNOME"), Panel::Dark);
        assert_eq!(panel(false, "KDE"), Panel::Any);
        assert_eq!(panel(false, ""), Panel::Any);
    }

    #[test]
    fn every_state_has_a_picture_of_its_own_on_every_panel() {
        for panel in [Panel::Light, Panel::Dark, Panel::Any] {
            let pictures = [Face::Watching, Face::Paused, Face::NeedsYou].map(|face| drawn(face, panel));
            for (at, picture) in pictures.iter().enumerate() {
                assert_eq!((picture.width(), picture.height()), (44, 44));
                assert!(picture.rgba().chunks(4).any(|pixel| pixel[3] != 0), "an empty picture");
                assert!(pictures[..at].iter().all(|other| other.rgba() != picture.rgba()), "twice the same");
            }
        }
    }
}

//! A step as one line of text. Plan, journal, terminal and window show the same line because they all get it here.

use std::path::Path;

use usher_event::{Connection, Edge};

/// The line for a step: `move ~/in/a.pdf -> ~/out/a.pdf (replaces a file)`.
pub fn step_text(
    action: &str,
    from: Option<&Path>,
    to: Option<&Path>,
    note: Option<&str>,
    home: Option<&Path>,
) -> String {
    let mut line = action.to_owned();
    if let Some(from) = from {
        line.push(' ');
        line.push_str(&short(from, home));
    }
    if let Some(to) = to {
        line.push_str(" -> ");
        line.push_str(&short(to, home));
    }
    if let Some(note) = note {
        line.push_str(if from.is_some() || to.is_some() { " (" } else { ": " });
        line.push_str(note);
        if from.is_some() || to.is_some() {
            line.push(')');
        }
    }
    line
}

/// The path with the home directory as `~`.
pub(crate) fn short(path: &Path, home: Option<&Path>) -> String {
    match home.and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}

/// An edge in a few words: `volume.mounted EOS_DIGITAL`.
pub fn edge_text(edge: &Edge) -> String {
    let about = match edge {
        Edge::VolumeMounted(volume) | Edge::VolumeUnmounted(volume) => {
            Some(volume.label.clone().unwrap_or_else(|| volume.path.display().to_string()))
        }
        Edge::UsbAttached(device) | Edge::UsbDetached(device) => {
            Some(device.name.clone().unwrap_or_else(|| format!("{}:{}", device.vendor, device.product)))
        }
        Edge::PowerAc(power) | Edge::PowerBattery(power) => {
            power.percent.map(|percent| format!("{percent} %"))
        }
        Edge::BatteryLevel(level) => Some(format!("{} %", level.percent)),
        Edge::NetworkConnected(Connection { name, .. })
        | Edge::NetworkDisconnected(Connection { name, .. }) => Some(name.clone()),
        Edge::IdleAfter(idle) | Edge::IdleBack(idle) => Some(format!("{} s", idle.seconds)),
        Edge::DisplayConnected(shown) | Edge::DisplayDisconnected(shown) => Some(shown.display.name.clone()),
        Edge::ScheduleDue(due) => Some(due.due.clone()),
        Edge::HotkeyPressed(hotkey) => Some(hotkey.keys.clone()),
        Edge::Started(beginning) => beginning.reloaded.then(|| "rules".to_owned()),
        Edge::NetworkOnline(_)
        | Edge::NetworkOffline(_)
        | Edge::SessionLocked
        | Edge::SessionUnlocked
        | Edge::SessionSuspend
        | Edge::SessionResume
        | Edge::SessionShutdown
        | Edge::SessionLogin => None,
    };
    match about {
        Some(about) => format!("{} {about}", edge.name()),
        None => edge.name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_action_and_both_places() {
        let home = Some(Path::new("/home/a"));
        let line = step_text("move", Some(Path::new("/home/a/in/x")), Some(Path::new("/srv/x")), None, home);
        assert_eq!(line, "move ~/in/x -> /srv/x");
        assert_eq!(step_text("echo", None, None, Some("hello"), home), "echo: hello");
        assert_eq!(
            step_text("copy", Some(Path::new("/x")), None, Some("already there"), home),
            "copy /x (already there)"
        );
    }
}

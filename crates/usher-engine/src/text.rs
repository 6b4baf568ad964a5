//! A step as one line of text. Plan, journal, terminal and window show the same line because they all get it here.

use std::path::Path;

use usher_event::{Connection, Edge, Sentence, sentence};

/// The line for a step: `move ~/in/a.pdf -> ~/out/a.pdf (replaces a file)`. Where its note is Usher's own, that can be said
/// in another language.
pub fn step_text(
    action: &str,
    from: Option<&Path>,
    to: Option<&Path>,
    note: Option<&Sentence>,
    home: Option<&Path>,
) -> Sentence {
    let mut line = action.to_owned();
    if let Some(from) = from {
        line.push(' ');
        line.push_str(&short(from, home));
    }
    if let Some(to) = to {
        line.push_str(" -> ");
        line.push_str(&short(to, home));
    }
    let Some(note) = note else { return Sentence::foreign(line) };
    let is_foreign = note.id().is_none();
    let note = home.map_or_else(|| note.clone(), |home| note.clone().with_short_paths(home));
    let said = match from.is_some() || to.is_some() {
        true => sentence!("step-noted", "{step} ({note})", step = line, note = note),
        false => sentence!("step-says", "{step}: {note}", step = line, note = note),
    };
    if is_foreign { Sentence::foreign(said) } else { said }
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
    use usher_event::Part;

    use super::*;

    #[test]
    fn a_line_names_action_and_both_places() {
        let home = Some(Path::new("/home/a"));
        let line = step_text("move", Some(Path::new("/home/a/in/x")), Some(Path::new("/srv/x")), None, home);
        assert_eq!(line, "move ~/in/x -> /srv/x");
        let words = Sentence::foreign("see /home/a/in");
        let line = step_text("echo", None, None, Some(&words), home);
        assert_eq!((line.text(), line.id()), ("echo: see /home/a/in", None), "words are left as they are");
    }

    #[test]
    fn a_note_of_ours_is_a_sentence_in_the_line_and_names_paths_as_the_line_does() {
        let home = Some(Path::new("/home/a"));
        let note = sentence!("test-there", "{path} exists already", path = "/home/a/out/x");
        let line = step_text("copy", Some(Path::new("/home/a/x")), None, Some(&note), home);
        assert_eq!(line, "copy ~/x (~/out/x exists already)");
        let short = sentence!("test-there", "{path} exists already", path = "~/out/x");
        assert_eq!(line.parts().find(|(name, _)| *name == "note").unwrap().1, &Part::from(short));
    }
}

//! `hotkey`: a key chord of the rule's own.

use usher_event::{Edge, sentence};

use super::Occasion;
use crate::Diagnostic;
use crate::load::{Kind, Param, Reader, Spec};

pub(super) const SPEC: Spec = Spec {
    params: &[Param::required("hotkey", Kind::Text, "the key chord: `Ctrl+Alt+I`")],
    ..Spec::new("hotkey", "a key chord is pressed, wherever the focus is; needs Usher's tray")
};

/// What a chord has to have beside its key, so that it takes no key away from everything else.
const MODIFIERS: &[&str] =
    &["ctrl", "control", "alt", "option", "shift", "cmd", "command", "super", "meta", "cmdorctrl"];

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Occasion>> {
    let keys = reader.text("hotkey");
    let parts: Vec<&str> = keys.split('+').map(str::trim).collect();
    let held = |part: &&str| MODIFIERS.contains(&part.to_ascii_lowercase().as_str());
    let good = match parts.split_last() {
        Some((key, before)) => !key.is_empty() && !held(key) && !before.is_empty() && before.iter().all(held),
        None => false,
    };
    if !good {
        let span = reader.node("hotkey").map_or(reader.span(), crate::document::Node::head);
        let message = sentence!("when-bad-hotkey", "`{keys}` is no key chord", keys = &keys);
        reader.problems().push(Diagnostic::error("bad_hotkey", span, message).help(sentence!(
            "when-bad-hotkey-help",
            "write one or several of Ctrl, Alt, Shift and Super, and a key: `Ctrl+Alt+I`"
        )));
        return None;
    }
    Some(Box::new(Chord { keys: parts.join("+") }))
}

#[derive(Debug)]
struct Chord {
    keys: String,
}

impl Occasion for Chord {
    fn wakes(&self, edge: &Edge) -> bool {
        matches!(edge, Edge::HotkeyPressed(pressed) if pressed.keys.eq_ignore_ascii_case(&self.keys))
    }

    fn hotkey(&self) -> Option<&str> {
        Some(&self.keys)
    }
}

#[cfg(test)]
mod tests {
    use usher_event::Hotkey;

    use super::super::testing::{clause, problems};
    use super::*;

    #[test]
    fn a_chord_has_a_modifier_and_a_key() {
        let chord = clause("hotkey: ctrl + alt + I").occasion;
        assert_eq!(chord.hotkey(), Some("ctrl+alt+I"));
        assert!(chord.wakes(&Edge::HotkeyPressed(Hotkey { keys: "Ctrl+Alt+I".into() })));
        for written in ["hotkey: I", "hotkey: Ctrl", "hotkey: Ctrl+", "hotkey: Ctrl+Foo+I", "hotkey: ''"] {
            assert_eq!(problems(written), ["bad_hotkey"], "{written}");
        }
    }
}

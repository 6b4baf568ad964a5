//! `display`: monitors that are connected and disconnected.

use usher_event::{Displayed, Edge, Noun, State};

use super::Occasion;
use super::texts::{Texts, patterns};
use crate::load::{Kind, Param, Reader, Spec};

pub(super) const SPEC: Spec = Spec {
    params: &[
        Param::required(
            "display",
            Kind::Choices(&["connected", "disconnected"]),
            "what happens to a display",
        ),
        patterns("name", "names of displays, with `*` and `?`"),
        Param::new("count", Kind::Count(0), "", "how many displays there are then"),
    ],
    variables: &["display.name", "display.count"],
    ..Spec::new("display", "a display is connected, or is not any more")
};

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Occasion>> {
    let what = reader.choices("display");
    Some(Box::new(Screen {
        connected: what.contains(&"connected"),
        disconnected: what.contains(&"disconnected"),
        name: Texts::read(reader, "name"),
        count: reader.count("count"),
    }))
}

#[derive(Debug)]
struct Screen {
    connected: bool,
    disconnected: bool,
    name: Texts,
    count: Option<i64>,
}

impl Screen {
    fn fits(&self, displayed: &Displayed) -> bool {
        self.name.fit(Some(&displayed.display.name))
            && self.count.is_none_or(|count| count == i64::from(displayed.count))
    }
}

impl Occasion for Screen {
    fn noun(&self) -> Option<Noun> {
        Some(Noun::Display)
    }

    fn wakes(&self, edge: &Edge) -> bool {
        match edge {
            Edge::DisplayConnected(displayed) => self.connected && self.fits(displayed),
            Edge::DisplayDisconnected(displayed) => self.disconnected && self.fits(displayed),
            _ => false,
        }
    }

    fn holds(&self, state: &State) -> Option<bool> {
        let displays = state.displays.as_ref()?;
        let count = i64::try_from(displays.len()).unwrap_or(i64::MAX);
        let there = displays.iter().any(|display| self.name.fit(Some(&display.name)));
        let counted = self.count.is_none_or(|wanted| wanted == count);
        Some(counted && (self.connected && there || self.disconnected && !there))
    }
}

#[cfg(test)]
mod tests {
    use usher_event::Display;

    use super::super::testing::clause;
    use super::*;

    #[test]
    fn displays_are_told_by_name_and_counted() {
        let two = Displayed { display: Display { name: "HDMI-1".into() }, count: 2 };
        let edge = Edge::DisplayConnected(two);
        assert!(clause("display: connected").occasion.wakes(&edge));
        assert!(clause("display: connected, count: 2").occasion.wakes(&edge));
        assert!(!clause("display: connected, count: 3").occasion.wakes(&edge));
        assert!(clause("display: connected, name: hdmi*").occasion.wakes(&edge));
        let state = State { displays: Some(vec![Display { name: "eDP-1".into() }]), ..State::default() };
        assert_eq!(clause("display: connected, count: 1").occasion.holds(&state), Some(true));
        assert_eq!(clause("display: disconnected, name: HDMI*").occasion.holds(&state), Some(true));
    }
}

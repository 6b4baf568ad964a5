//! `started`: Usher begins to watch, or has read its rules anew.

use usher_event::Edge;

use super::Occasion;
use crate::load::{Kind, Param, Reader, Spec};

pub(super) const SPEC: Spec = Spec {
    params: &[Param::new(
        "started",
        Kind::Choices(&["usher", "rules"]),
        "usher",
        "`usher` for its start, `rules` for rules that were loaded anew",
    )],
    ..Spec::new("started", "Usher has started, or has loaded its rules anew")
};

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Occasion>> {
    let words = reader.choices("started");
    Some(Box::new(Beginning {
        usher: words.is_empty() || words.contains(&"usher"),
        rules: words.contains(&"rules"),
    }))
}

#[derive(Debug)]
struct Beginning {
    usher: bool,
    rules: bool,
}

impl Occasion for Beginning {
    fn wakes(&self, edge: &Edge) -> bool {
        matches!(edge, Edge::Started(beginning) if if beginning.reloaded { self.rules } else { self.usher })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::clause;
    use super::*;

    #[test]
    fn a_start_and_a_reload_are_told_apart() {
        let edge = |reloaded| Edge::Started(usher_event::Beginning { reloaded });
        assert!(clause("started").occasion.wakes(&edge(false)));
        assert!(!clause("started").occasion.wakes(&edge(true)));
        assert!(clause("started: [usher, rules]").occasion.wakes(&edge(true)));
    }
}

//! `power` and `battery`: where the power comes from, and how much of it is left.

use usher_event::{Edge, Noun, PowerSource, State, sentence};

use super::Occasion;
use crate::Diagnostic;
use crate::document::{Node, Value};
use crate::load::{Kind, Param, Problems, Reader, Spec, plain_text};

pub(super) const SPEC: Spec = Spec {
    params: &[Param::required("power", Kind::Choices(&["ac", "battery"]), "where the power comes from")],
    variables: &["power.source", "power.percent"],
    ..Spec::new("power", "the machine is plugged in, or runs on its battery")
};

pub(super) const BATTERY: Spec = Spec {
    params: &[Param::required(
        "battery",
        Kind::Other,
        "`below: N` or `above: N`: how many percent are left; both for in between",
    )],
    variables: &["power.percent"],
    ..Spec::new("battery", "the battery's charge falls below or rises above a mark")
};

/// The marks of a battery.
const MARKS: Spec = Spec {
    params: &[
        Param::new("below", Kind::Int, "", "less than so many percent"),
        Param::new("above", Kind::Int, "", "more than so many percent"),
    ],
    ..Spec::new("battery", "marks of a battery's charge")
};

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Occasion>> {
    let what = reader.choices("power");
    Some(Box::new(Supply { ac: what.contains(&"ac"), battery: what.contains(&"battery") }))
}

pub(super) fn read_battery(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Occasion>> {
    let node = reader.node("battery")?;
    let Value::Map(pairs) = &node.value else {
        let message = sentence!("when-battery-no-mark", "`battery` wants a mark");
        let help = sentence!("when-battery-no-mark-help", "write `battery: {{ below: 20 }}`");
        reader.problems().push(Diagnostic::error("wrong_type", node.head(), message).help(help));
        return None;
    };
    let mut marks = Reader::mapping(&MARKS, node.head(), pairs, reader.problems());
    let said = marks.node("below").is_some() || marks.node("above").is_some();
    let (below, above) = (mark(&mut marks, "below"), mark(&mut marks, "above"));
    if !said {
        let message = sentence!("when-battery-needs-mark", "`battery` needs a mark");
        let help =
            sentence!("when-battery-needs-mark-help", "write `below:` or `above:` and how many percent");
        reader.problems().push(Diagnostic::error("missing_parameter", node.head(), message).help(help));
        return None;
    }
    (below.is_some() || above.is_some()).then(|| Box::new(Charge { below, above }) as Box<dyn Occasion>)
}

/// A mark between 0 and 100.
fn mark(reader: &mut Reader<'_, '_>, name: &'static str) -> Option<u8> {
    let node = reader.node(name).filter(|node| !node.is_null())?;
    let percent = plain_text(node).and_then(|text| text.trim().trim_end_matches('%').trim().parse().ok());
    let percent = percent.filter(|percent| *percent <= 100);
    if percent.is_none() {
        out_of_range(name, node, reader.problems());
    }
    percent
}

fn out_of_range(name: &str, node: &Node, problems: &mut Problems<'_>) {
    let message = sentence!("when-bad-percent", "`{name}` wants a number from 0 to 100", name = name);
    problems.push(
        Diagnostic::error("wrong_type", node.head(), message)
            .help(sentence!("when-bad-percent-help", "it is a percentage of the battery's charge")),
    );
}

#[derive(Debug)]
struct Supply {
    ac: bool,
    battery: bool,
}

impl Occasion for Supply {
    fn noun(&self) -> Option<Noun> {
        Some(Noun::Power)
    }

    fn wakes(&self, edge: &Edge) -> bool {
        match edge {
            Edge::PowerAc(_) => self.ac,
            Edge::PowerBattery(_) => self.battery,
            _ => false,
        }
    }

    fn holds(&self, state: &State) -> Option<bool> {
        Some(match state.power?.source {
            PowerSource::Ac => self.ac,
            PowerSource::Battery => self.battery,
        })
    }
}

#[derive(Debug)]
struct Charge {
    below: Option<u8>,
    above: Option<u8>,
}

impl Charge {
    fn fits(&self, percent: u8) -> bool {
        self.below.is_none_or(|below| percent < below) && self.above.is_none_or(|above| percent > above)
    }
}

impl Occasion for Charge {
    fn noun(&self) -> Option<Noun> {
        Some(Noun::Power)
    }

    fn wakes(&self, edge: &Edge) -> bool {
        match edge {
            // Only the step over the mark counts, not each percent beyond it.
            Edge::BatteryLevel(level) => self.fits(level.percent) && !self.fits(level.before),
            _ => false,
        }
    }

    fn holds(&self, state: &State) -> Option<bool> {
        Some(self.fits(state.power?.percent?))
    }
}

#[cfg(test)]
mod tests {
    use usher_event::{BatteryLevel, Power};

    use super::super::testing::{clause, problems};
    use super::*;

    #[test]
    fn only_the_step_over_a_mark_wakes() {
        let level = |before, percent| Edge::BatteryLevel(BatteryLevel { percent, before });
        let low = clause("battery: { below: 20 }").occasion;
        assert!(low.wakes(&level(20, 19)));
        assert!(!low.wakes(&level(19, 18)));
        assert!(!low.wakes(&level(15, 25)));
        let full = clause("battery: { above: 95% }").occasion;
        assert!(full.wakes(&level(95, 96)));
        assert!(clause("battery: { above: 20, below: 80 }").occasion.wakes(&level(81, 79)));
    }

    #[test]
    fn a_guard_asks_for_the_supply_as_it_is() {
        let state = |source, percent| State { power: Some(Power { source, percent }), ..State::default() };
        let on_battery = state(PowerSource::Battery, Some(50));
        assert_eq!(clause("power: ac").occasion.holds(&on_battery), Some(false));
        assert_eq!(clause("battery: { above: 30 }").occasion.holds(&on_battery), Some(true));
        assert_eq!(clause("battery: { above: 30 }").occasion.holds(&state(PowerSource::Ac, None)), None);
    }

    #[test]
    fn marks_are_percentages() {
        assert_eq!(problems("battery: { below: 120 }"), ["wrong_type"]);
        assert_eq!(problems("battery: 20"), ["wrong_type"]);
        assert_eq!(problems("battery: {}"), ["missing_parameter"]);
        assert_eq!(problems("battery: { belw: 20 }"), ["unknown_key", "missing_parameter"]);
    }
}

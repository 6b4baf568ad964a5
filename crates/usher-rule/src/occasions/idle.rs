//! `idle`: nobody has touched the machine for a while, or somebody is back.

use std::time::Duration;

use usher_event::{Edge, Noun, State, sentence};

use super::Occasion;
use crate::Diagnostic;
use crate::load::{Kind, Param, Reader, Spec};

pub(super) const SPEC: Spec = Spec {
    params: &[
        Param::required(
            "idle",
            Kind::Other,
            "how long nobody has touched keyboard or pointer (`10m`), or `back`",
        ),
        Param::new("after", Kind::Duration, "", "with `back`: only after so long"),
    ],
    variables: &["idle.for"],
    ..Spec::new("idle", "nobody has touched the machine for a while, or somebody is back")
};

/// What `back` means where no time is given.
const AWAY: Duration = Duration::from_secs(300);

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Occasion>> {
    let after = reader.duration("after");
    let node = reader.node("idle")?;
    if node.text() == Some("back") {
        return Some(Box::new(Rest { back: true, after: after.unwrap_or(AWAY) }));
    }
    if after.is_some() {
        let message = sentence!("when-idle-after", "`after` goes with `idle: back` only");
        let help = sentence!("when-idle-after-help", "write `idle: 10m`, or `idle: back, after: 10m`");
        reader.problems().push(Diagnostic::error("unknown_key", node.head(), message).help(help));
        return None;
    }
    let after = reader.duration("idle").filter(|after| *after >= Duration::from_secs(1));
    if after.is_none() {
        let message = sentence!("when-bad-idle", "`idle` wants a second or more, or `back`");
        let help = sentence!("when-bad-idle-help", "write `idle: 10m`");
        reader.problems().push(Diagnostic::error("bad_duration", node.head(), message).help(help));
    }
    Some(Box::new(Rest { back: false, after: after? }))
}

#[derive(Debug)]
struct Rest {
    back: bool,
    after: Duration,
}

impl Occasion for Rest {
    fn noun(&self) -> Option<Noun> {
        Some(Noun::Idle)
    }

    fn wakes(&self, edge: &Edge) -> bool {
        let after = self.after.as_secs();
        match edge {
            Edge::IdleAfter(idle) => !self.back && idle.seconds >= after && idle.before < after,
            Edge::IdleBack(idle) => self.back && idle.seconds >= after,
            _ => false,
        }
    }

    fn holds(&self, state: &State) -> Option<bool> {
        let idle = state.idle?.seconds >= self.after.as_secs();
        Some(idle != self.back)
    }

    fn idle(&self) -> Option<Duration> {
        Some(self.after)
    }
}

#[cfg(test)]
mod tests {
    use usher_event::{Idle, IdleFor};

    use super::super::testing::{clause, problems};
    use super::*;

    #[test]
    fn each_rule_has_its_own_time() {
        let after = |before, seconds| Edge::IdleAfter(IdleFor { seconds, before });
        let ten = clause("idle: 10m").occasion;
        assert_eq!(ten.idle(), Some(Duration::from_secs(600)));
        assert!(!ten.wakes(&after(0, 300)));
        assert!(ten.wakes(&after(300, 600)));
        assert!(ten.wakes(&after(0, 900)), "a later one has passed it too");
        assert!(!ten.wakes(&after(600, 900)));
        let back = clause("idle: back, after: 10m").occasion;
        assert!(back.wakes(&Edge::IdleBack(IdleFor { seconds: 600, before: 0 })));
        assert!(!back.wakes(&Edge::IdleBack(IdleFor { seconds: 300, before: 0 })));
        let state = |seconds| State { idle: Some(Idle { seconds }), ..State::default() };
        assert_eq!(ten.holds(&state(600)), Some(true));
        assert_eq!(ten.holds(&state(0)), Some(false));
    }

    #[test]
    fn a_time_is_needed() {
        assert_eq!(problems("idle: soon"), ["bad_duration", "bad_duration"]);
        assert_eq!(problems("idle: 0"), ["bad_duration"]);
        assert_eq!(problems("idle: 10m, after: 5m"), ["unknown_key"]);
    }
}

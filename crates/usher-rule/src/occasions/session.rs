//! `session`: the screen lock, and the machine's sleep.

use usher_event::{Edge, Noun, State, sentence};

use super::Occasion;
use crate::Diagnostic;
use crate::load::{Kind, Param, Reader, Spec};

const WORDS: &[&str] = &["locked", "unlocked", "suspend", "resume", "shutdown", "login"];

/// Those that last, so that `while` can ask for them.
pub(crate) const LASTING: &[&str] = &["locked", "unlocked"];

pub(super) const SPEC: Spec = Spec {
    params: &[Param::required(
        "session",
        Kind::Choices(WORDS),
        "what happens to the session; `while` knows `locked` and `unlocked`",
    )],
    ..Spec::new(
        "session",
        "the screen is locked or unlocked, the machine goes to sleep, wakes or is switched off, the user logs in",
    )
};

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Occasion>> {
    Some(Box::new(Sitting { words: reader.choices("session") }))
}

/// Says that a word can be waited for and not asked about.
pub(crate) fn check_guard(reader: &mut Reader<'_, '_>) {
    for (text, node) in reader.texts("session") {
        if !LASTING.contains(&text.as_str()) {
            let message =
                sentence!("when-session-never-so", "`session: {word}` happens and is never so", word = text);
            let problem = Diagnostic::error("unknown_value", node.head(), message);
            reader.problems().push(problem.help(sentence!(
                "when-session-never-so-help",
                "ask for `locked` or `unlocked`, or put it after `when`"
            )));
        }
    }
}

#[derive(Debug)]
struct Sitting {
    words: Vec<&'static str>,
}

impl Occasion for Sitting {
    fn noun(&self) -> Option<Noun> {
        Some(Noun::Session)
    }

    fn wakes(&self, edge: &Edge) -> bool {
        let word = match edge {
            Edge::SessionLocked => "locked",
            Edge::SessionUnlocked => "unlocked",
            Edge::SessionSuspend => "suspend",
            Edge::SessionResume => "resume",
            Edge::SessionShutdown => "shutdown",
            Edge::SessionLogin => "login",
            _ => return false,
        };
        self.words.contains(&word)
    }

    fn holds(&self, state: &State) -> Option<bool> {
        let word = if state.session?.locked { "locked" } else { "unlocked" };
        Some(self.words.contains(&word))
    }
}

#[cfg(test)]
mod tests {
    use usher_event::Session;

    use super::super::testing::clause;
    use super::*;

    #[test]
    fn the_lock_can_be_waited_for_and_asked_about() {
        let locked = clause("session: [locked, suspend]").occasion;
        assert!(locked.wakes(&Edge::SessionLocked) && locked.wakes(&Edge::SessionSuspend));
        assert!(!locked.wakes(&Edge::SessionUnlocked));
        let state = State { session: Some(Session { locked: true }), ..State::default() };
        assert_eq!(locked.holds(&state), Some(true));
        assert_eq!(clause("session: unlocked").occasion.holds(&state), Some(false));
    }
}

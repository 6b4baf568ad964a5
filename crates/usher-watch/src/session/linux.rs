//! The session from logind, and the lock also from the desktop's screen saver.
//!
//! GNOME, Plasma and others keep logind's `LockedHint`. Where a desktop does not, its screen saver says whether the
//! screen is covered. Where there is neither, what is left is logind's request to lock, and nobody tells when such a
//! screen is opened again but by a request to unlock.

use std::cell::{Cell, RefCell};

use futures_lite::future::or;
use usher_event::{Noun, NounHealth, Sentence, sentence};

use super::reading;
use crate::bus::Bus;
use crate::source::Source;
use crate::surroundings::Surroundings;
use crate::task::Task;
use crate::tell::Teller;

mod logind;
mod saver;

/// Starts the source.
pub(crate) fn start(teller: Teller, surroundings: Surroundings) -> std::io::Result<Box<dyn Source>> {
    let task = Task::start(Noun::Session, || async move {
        let seen = Seen::new(&teller);
        let system = Bus::system(surroundings.system_bus.as_deref());
        let session = Bus::session(surroundings.session_bus.as_deref());
        let logind = logind::Logind::new(&seen);
        let saver = saver::Saver::new(&seen);
        or(system.hold(&logind), session.hold(&saver)).await;
    })?;
    Ok(Box::new(task))
}

/// What is known of the lock, from whom.
struct Seen<'t> {
    teller: &'t Teller,
    /// Why logind says nothing; known only once it has been asked.
    without_logind: RefCell<Option<Option<Sentence>>>,
    lock: Cell<Lock>,
}

/// What each of them says of the lock.
#[derive(Debug, Clone, Copy, Default)]
struct Lock {
    /// The desktop, through logind.
    hint: bool,
    /// Whether the desktop has ever said so: then it can be trusted to say the contrary as well.
    hints: bool,
    /// The screen saver, where there is one.
    saver: Option<bool>,
    /// The last request, if there was one.
    asked: bool,
}

impl Lock {
    fn locked(self) -> bool {
        if self.hint || self.hints { self.hint } else { self.saver.unwrap_or(self.asked) }
    }
}

impl<'t> Seen<'t> {
    fn new(teller: &'t Teller) -> Self {
        Self { teller, without_logind: RefCell::default(), lock: Cell::default() }
    }

    /// Notes what is known of the lock now; [`Seen::tell`] says it.
    fn lock(&self, change: impl FnOnce(&mut Lock)) {
        let mut lock = self.lock.get();
        change(&mut lock);
        self.lock.set(lock);
    }

    /// Notes whether logind is there, and if not, why.
    fn logind(&self, missing: Option<Sentence>) {
        self.without_logind.replace(Some(missing));
    }

    /// Says what is known.
    fn tell(&self) {
        let lock = self.lock.get();
        let health = match (&*self.without_logind.borrow(), lock.saver) {
            // Not asked yet: what is said now might be wrong in a moment.
            (None, _) => return,
            (Some(None), _) => NounHealth::watching(),
            (Some(Some(reason)), None) => return self.teller.blind(reason.clone()),
            (Some(Some(reason)), Some(_)) => {
                // The lock is seen, sleep is not.
                NounHealth {
                    reason: Some(sentence!(
                        "session-lock-only",
                        "only the screen's lock is seen: {why}",
                        why = reason
                    )),
                    ..NounHealth::watching()
                }
            }
        };
        self.teller.sees(health, reading(lock.locked()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_desktop_is_believed_before_its_screen_saver_and_that_before_requests() {
        let lock = Lock::default();
        assert!(!lock.locked());
        assert!(Lock { asked: true, ..lock }.locked());
        assert!(!Lock { asked: true, saver: Some(false), ..lock }.locked());
        assert!(Lock { saver: Some(true), ..lock }.locked());
        assert!(Lock { hint: true, hints: true, saver: Some(false), ..lock }.locked());
        assert!(!Lock { hint: false, hints: true, saver: Some(true), asked: true }.locked());
    }
}

//! The session from the messages the login window sends around, and sleep from the kernel's power manager.
//!
//! Those messages arrive through the program's main run loop. A program without one (`usher watch`) asks every few
//! seconds whether the screen is locked, and says so.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use objc2_core_foundation::{CFBoolean, CFDictionary, CFNumber, CFRetained, CFRunLoop, CFString, CFType};
use objc2_core_graphics::CGSessionCopyCurrentDictionary;
use usher_event::{Noun, NounHealth, sentence};

use super::reading;
use crate::again::keep_watching;
use crate::mailed::{Letter, Mailed, stops_within};
use crate::pump::Pump;
use crate::source::Source;
use crate::surroundings::Surroundings;
use crate::tell::Teller;

mod messages;
mod sleep;

/// The time between two looks where no messages arrive.
const EVERY: Duration = Duration::from_secs(10);

/// Starts the source.
pub(crate) fn start(teller: Teller, _: Surroundings) -> std::io::Result<Box<dyn Source>> {
    let source = Mailed::start(Noun::Session, move |mail, own| {
        let _messages = messages::Messages::hear(own.clone());
        let watch = || {
            let own = own.clone();
            let _pump = Pump::start("usher-sleep-loop", move |run_loop| sleep::Sleep::attach(run_loop, own))
                .map_err(|error| {
                    sentence!("session-macos-silent", "macOS does not report sleep: {why}", why = error)
                })?;
            listen(&teller, &mail);
            Ok(())
        };
        keep_watching(&teller, watch, |pause| !stops_within(&mail, pause));
    })?;
    Ok(Box::new(source))
}

/// Tells what the letters say until one says to stop.
fn listen(teller: &Teller, mail: &Receiver<Letter>) {
    let mut locked = is_locked();
    loop {
        let arrive = CFRunLoop::main().is_some_and(|main| main.current_mode().is_some());
        let health = if arrive {
            NounHealth::watching()
        } else {
            NounHealth::polling(sentence!(
                "session-asked",
                "without the desktop program, Usher asks every 10 seconds whether the screen is locked"
            ))
        };
        teller.sees(health, reading(locked));
        let letter = if arrive {
            mail.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            mail.recv_timeout(EVERY)
        };
        match letter {
            Ok(Letter::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            Ok(Letter::Happened(moment)) => teller.happened(moment),
            Ok(Letter::Locked(now)) => locked = now,
            Ok(Letter::Look) | Err(RecvTimeoutError::Timeout) => locked = is_locked(),
        }
    }
}

/// Whether the screen is locked now. The window server mentions it only when it is.
#[expect(unsafe_code, reason = "the bindings do not know the types inside of the dictionary")]
fn is_locked() -> bool {
    let Some(session) = CGSessionCopyCurrentDictionary() else { return false };
    // SAFETY: it goes by texts; of what type a value is is asked before it is used.
    let session: CFRetained<CFDictionary<CFString, CFType>> = unsafe { CFRetained::cast_unchecked(session) };
    let Some(said) = session.get(&CFString::from_static_str("CGSSessionScreenIsLocked")) else {
        return false;
    };
    match said.downcast::<CFBoolean>() {
        Ok(said) => said.as_bool(),
        Err(said) => said.downcast::<CFNumber>().is_ok_and(|said| said.as_i64() == Some(1)),
    }
}

//! The global hotkey: one chord, held from the whole session, that toggles the window.
//!
//! A chord is written as in the settings, `Ctrl+Alt+Space`. On Linux it is grabbed by [`keys`] itself, because the
//! plugin's way there looks for key presses twenty times a second; elsewhere the plugin waits as the platform offers.

#[cfg_attr(target_os = "linux", path = "x11.rs")]
#[cfg_attr(not(target_os = "linux"), path = "plugin.rs")]
mod keys;

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use tauri::AppHandle;
use tauri_plugin_global_shortcut::Shortcut;

use keys::Keys;
pub(crate) use keys::prepare;

/// Why a chord does not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The chord, as it was written.
    pub(crate) chord: String,
    /// What is in the way.
    pub(crate) cause: Cause,
}

/// What is in a chord's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cause {
    /// It is no chord.
    Unreadable(String),
    /// Another program holds it.
    Taken,
    /// This session has no global hotkeys, or the platform refused for this reason.
    Unavailable(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chord = &self.chord;
        match &self.cause {
            Cause::Unreadable(why) => {
                write!(f, "`{chord}` is not a key chord ({why}); write it as `Ctrl+Alt+Space`")
            }
            Cause::Taken => write!(f, "{chord} is held by another program; choose another chord in Settings"),
            Cause::Unavailable(why) => write!(
                f,
                "{chord} cannot open the window: {why}. Bind the command `usher-desktop` to a chord in the \
                 desktop's own keyboard settings: a second launch opens the window"
            ),
        }
    }
}

/// The chord that is held now, if any.
pub(crate) struct Hotkey {
    keys: Keys,
    held: Mutex<Option<Shortcut>>,
}

impl Hotkey {
    /// No chord yet; `pressed` is called for each press of the one that will be held.
    pub(crate) fn new(app: &AppHandle, pressed: impl Fn() + Send + Sync + 'static) -> Self {
        Self { keys: Keys::new(app, pressed), held: Mutex::default() }
    }

    /// Holds a chord in place of the present one; an empty chord holds none. The present one stays where this fails.
    pub(crate) fn hold(&self, chord: &str) -> Result<(), Problem> {
        let problem = |cause| Problem { chord: chord.to_owned(), cause };
        let wanted = match chord.trim() {
            "" => None,
            written => Some(read(written).map_err(|why| problem(Cause::Unreadable(why)))?),
        };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if *held == wanted {
            return Ok(());
        }
        if let Some(wanted) = &wanted {
            self.keys.hold(wanted).map_err(problem)?;
        }
        if let Some(old) = std::mem::replace(&mut *held, wanted) {
            self.keys.release(&old);
        }
        Ok(())
    }
}

/// Reads a chord. A key without a modifier is refused: it would be taken from every other program.
fn read(chord: &str) -> Result<Shortcut, String> {
    let shortcut = Shortcut::from_str(chord).map_err(|error| error.to_string())?;
    if shortcut.mods.is_empty() {
        return Err("it has no modifier such as Ctrl or Alt".to_owned());
    }
    Ok(shortcut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_chord_is_read() {
        let chord = read("Ctrl+Alt+Space").expect("a chord");
        assert_eq!(chord.to_string(), "control+alt+Space");
    }

    #[test]
    fn problems_say_what_to_do() {
        let problem = |cause| Problem { chord: "Ctrl+Alt+Space".to_owned(), cause }.to_string();
        insta::assert_snapshot!(problem(Cause::Taken), @"Ctrl+Alt+Space is held by another program; choose another chord in Settings");
        insta::assert_snapshot!(problem(Cause::Unavailable("this session has no X11 display".to_owned())), @"Ctrl+Alt+Space cannot open the window: this session has no X11 display. Bind the command `usher-desktop` to a chord in the desktop's own keyboard settings: a second launch opens the window");
        let unreadable =
            Problem { chord: "Space".to_owned(), cause: Cause::Unreadable(read("Space").expect_err("bare")) };
        insta::assert_snapshot!(unreadable, @"`Space` is not a key chord (it has no modifier such as Ctrl or Alt); write it as `Ctrl+Alt+Space`");
    }
}

//! Global hotkeys: one chord, held from the whole session, that toggles the window, and those that rules wait for.
//!
//! A chord is written as in the settings, `Ctrl+Alt+Space`. On Linux [`keys`] itself grabs it or asks the desktop for it,
//! because the plugin's way there looks for key presses twenty times a second, and knows nothing of Wayland; elsewhere the
//! plugin waits as the platform offers.

#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "plugin.rs")]
mod keys;

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

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

impl Problem {
    /// The problem of a chord that a rule waits for, as a sentence.
    pub(crate) fn of_rule(&self, rule: &str) -> String {
        let chord = &self.chord;
        match &self.cause {
            Cause::Unreadable(why) => format!("{rule}: `{chord}` is not a key chord ({why})"),
            Cause::Taken => format!("{rule}: {chord} is held already; give the rule another chord"),
            Cause::Unavailable(why) => format!("{rule}: {chord} cannot be waited for: {why}"),
        }
    }
}

/// What the session's keys tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// A chord was pressed.
    Pressed(Shortcut),
    /// A chord that seemed to be held is not.
    #[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "elsewhere that is known at once"))]
    Refused(Shortcut, Cause),
}

/// What is heard of the chords that are held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    /// The window's chord was pressed.
    Window,
    /// A chord that rules wait for was pressed, as they write it.
    Rule(String),
    /// The window's chord is not held after all.
    NoWindow(Problem),
    /// A chord that rules wait for is not held after all.
    NoRule(Problem),
}

/// The chords that are held now.
pub(crate) struct Hotkey {
    keys: Keys,
    held: Arc<Mutex<Held>>,
}

#[derive(Default)]
struct Held {
    window: Option<Shortcut>,
    /// What has become known of the window's chord since it was held.
    refused: Option<Problem>,
    rules: Vec<(Shortcut, String)>,
}

impl Held {
    fn of(&mut self, told: Told) -> Option<Heard> {
        let (Told::Pressed(chord) | Told::Refused(chord, _)) = told;
        let is_windows = self.window == Some(chord);
        let of_rule =
            || self.rules.iter().find(|(held, _)| *held == chord).map(|(_, written)| written.clone());
        Some(match told {
            Told::Pressed(_) if is_windows => Heard::Window,
            Told::Pressed(_) => Heard::Rule(of_rule()?),
            Told::Refused(_, cause) if is_windows => {
                let problem = Problem { chord: chord.to_string(), cause };
                self.refused = Some(problem.clone());
                Heard::NoWindow(problem)
            }
            Told::Refused(_, cause) => Heard::NoRule(Problem { chord: of_rule()?, cause }),
        })
    }
}

impl Hotkey {
    /// No chord yet; `heard` is called for each press of one that will be held, and where one turns out not to be.
    pub(crate) fn new(app: &AppHandle, heard: impl Fn(Heard) + Send + Sync + 'static) -> Self {
        let held = Arc::new(Mutex::new(Held::default()));
        let known = held.clone();
        let on = move |told| {
            let what = known.lock().unwrap_or_else(PoisonError::into_inner).of(told);
            what.into_iter().for_each(&heard);
        };
        Self { keys: Keys::new(app, on), held }
    }

    /// Holds these chords for rules, and none of those held for rules before that are not among them. Answers with those
    /// that could not be held; the window's own chord goes before a rule's.
    pub(crate) fn hold_for_rules(&self, chords: &[String]) -> Vec<Problem> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let mut problems = Vec::new();
        let old = std::mem::take(&mut held.rules);
        let mut wanted: Vec<(Shortcut, String)> = Vec::new();
        for written in chords {
            match read(written) {
                Ok(chord) if held.window == Some(chord) => {
                    problems.push(Problem { chord: written.clone(), cause: Cause::Taken });
                }
                Ok(chord) if wanted.iter().any(|(other, _)| *other == chord) => {}
                Ok(chord) => wanted.push((chord, written.clone())),
                Err(why) => problems.push(Problem { chord: written.clone(), cause: Cause::Unreadable(why) }),
            }
        }
        for (chord, _) in old.iter().filter(|(chord, _)| !wanted.iter().any(|(other, _)| other == chord)) {
            self.keys.release(chord);
        }
        for (chord, written) in wanted {
            let is_held = old.iter().any(|(other, _)| *other == chord);
            match if is_held { Ok(()) } else { self.keys.hold(&chord) } {
                Ok(()) => held.rules.push((chord, written)),
                Err(cause) => problems.push(Problem { chord: written, cause }),
            }
        }
        problems
    }

    /// Holds a chord in place of the present one; an empty chord holds none. The present one stays where this fails.
    pub(crate) fn hold(&self, chord: &str) -> Result<(), Problem> {
        let problem = |cause| Problem { chord: chord.to_owned(), cause };
        let wanted = match chord.trim() {
            "" => None,
            written => Some(read(written).map_err(|why| problem(Cause::Unreadable(why)))?),
        };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.window == wanted {
            return held.refused.clone().map_or(Ok(()), Err);
        }
        if let Some(wanted) = &wanted {
            if held.rules.iter().any(|(chord, _)| chord == wanted) {
                return Err(problem(Cause::Taken));
            }
            self.keys.hold(wanted).map_err(problem)?;
        }
        held.refused = None;
        if let Some(old) = std::mem::replace(&mut held.window, wanted) {
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
    fn a_press_is_the_windows_or_a_rules() {
        let chord = |written: &str| read(written).expect("a chord");
        let mut held = Held {
            window: Some(chord("Ctrl+Alt+Space")),
            refused: None,
            rules: vec![(chord("ctrl+alt+i"), "Ctrl + Alt + I".to_owned())],
        };
        let mut pressed = |written: &str| held.of(Told::Pressed(chord(written)));
        assert_eq!(pressed("Ctrl+Alt+Space"), Some(Heard::Window));
        assert_eq!(pressed("Ctrl+Alt+I"), Some(Heard::Rule("Ctrl + Alt + I".to_owned())));
        assert_eq!(pressed("Ctrl+Alt+J"), None);
        let mut refused = |written: &str| held.of(Told::Refused(chord(written), Cause::Taken));
        let problem = |chord: &str| Problem { chord: chord.to_owned(), cause: Cause::Taken };
        assert_eq!(refused("Ctrl+Alt+Space"), Some(Heard::NoWindow(problem("control+alt+Space"))));
        assert_eq!(refused("Ctrl+Alt+I"), Some(Heard::NoRule(problem("Ctrl + Alt + I"))));
        assert_eq!(refused("Ctrl+Alt+J"), None);
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

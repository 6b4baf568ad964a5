//! Chords on a Wayland session, where only the desktop sees the keyboard: its GlobalShortcuts portal asks the user and
//! tells of presses.
//!
//! What is asked for is wished, not grabbed: the user may give it other keys in the desktop's settings, or refuse. That may
//! take its time, so a refusal is told later. A portal that is started anew is asked anew.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use futures_lite::StreamExt;
use futures_lite::future::{block_on, or};
use tauri_plugin_global_shortcut::{Code, Modifiers, Shortcut};
use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

use super::{Cause, Told};

const PORTAL: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const SHORTCUTS: &str = "org.freedesktop.portal.GlobalShortcuts";
const REQUEST: &str = "org.freedesktop.portal.Request";
const SESSION: &str = "org.freedesktop.portal.Session";

/// Chords that are wanted within so much time are asked for together: the user is asked once.
const TOGETHER: Duration = Duration::from_millis(300);

/// How long the portal may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(3);

/// The ways of a [`Told`] to the rest of the program.
pub(super) type Tell = Arc<dyn Fn(Told) + Send + Sync>;

/// What is to be asked of the portal.
enum Order {
    Hold(Shortcut),
    Release(Shortcut),
    /// There is another portal than before.
    Again,
}

/// The session's portal.
pub(crate) struct Portal {
    orders: Sender<Order>,
}

impl Portal {
    /// The portal of this session. Fails, with the reason, where there is none.
    pub(super) fn open(tell: Tell) -> Result<Self, String> {
        Self::on(Builder::session(), tell)
    }

    fn on(bus: zbus::Result<Builder<'_>>, tell: Tell) -> Result<Self, String> {
        let why = |error: zbus::Error| error.to_string();
        let bus = bus.and_then(|bus| bus.method_timeout(PATIENCE).build()).map_err(why)?;
        let portal = shortcuts(&bus).map_err(why)?;
        // Asking starts it, where it is not running yet.
        portal.get_property::<u32>("version").map_err(why)?;
        let pressed = portal.receive_signal("Activated").map_err(why)?;
        let owners = portal.receive_owner_changed().map_err(why)?;
        let (orders, wanted) = channel();
        let (again, press) = (orders.clone(), Arc::clone(&tell));
        thread("hotkey", move || {
            for signal in pressed {
                let body = signal.body();
                let Ok((_, id, _, _)) =
                    body.deserialize::<(OwnedObjectPath, String, u64, HashMap<String, OwnedValue>)>()
                else {
                    continue;
                };
                if let Ok(chord) = id.parse() {
                    press(Told::Pressed(chord));
                }
            }
        })?;
        thread("hotkey-portal", move || {
            // Told of changes alone: another portal may take the place of the one that was found in a single step.
            for owner in owners {
                if owner.is_some() && again.send(Order::Again).is_err() {
                    return;
                }
            }
        })?;
        thread("hotkey-wishes", move || wish(&bus, &wanted, &tell))?;
        Ok(Self { orders })
    }

    pub(super) fn hold(&self, chord: &Shortcut) -> Result<(), Cause> {
        let gone = |_| Cause::Unavailable("nobody listens to the desktop's portal any more".to_owned());
        self.orders.send(Order::Hold(*chord)).map_err(gone)
    }

    pub(super) fn release(&self, chord: &Shortcut) {
        // Nobody who listens holds nothing.
        let _ = self.orders.send(Order::Release(*chord));
    }
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), String> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map(drop).map_err(|error| error.to_string())
}

fn shortcuts(bus: &Connection) -> zbus::Result<Proxy<'static>> {
    Proxy::new(bus, PORTAL, PATH, SHORTCUTS)
}

/// Has the portal hold what is wanted, whenever that is something else.
fn wish(bus: &Connection, orders: &Receiver<Order>, tell: &Tell) {
    let mut wanted: Vec<Shortcut> = Vec::new();
    let mut session: Option<OwnedObjectPath> = None;
    let mut asked = 0;
    let refuse = |wanted: &[Shortcut], why: String| {
        for chord in wanted {
            tell(Told::Refused(*chord, Cause::Unavailable(why.clone())));
        }
    };
    let mut early = None;
    while let Some(first) = early.take().or_else(|| orders.recv().ok()) {
        let mut order = Some(first);
        while let Some(next) = order {
            match next {
                Order::Hold(chord) if !wanted.contains(&chord) => wanted.push(chord),
                Order::Release(chord) => wanted.retain(|held| *held != chord),
                Order::Hold(_) | Order::Again => {}
            }
            order = orders.recv_timeout(TOGETHER).ok();
        }
        // A session is given its chords once; others take another session.
        if let Some(old) = session.take() {
            close(bus, &old);
        }
        if wanted.is_empty() {
            continue;
        }
        asked += 1;
        match bind(bus, asked, &wanted) {
            Ok((held, bound)) => {
                session = Some(held);
                let missed = wanted.iter().filter(|chord| !bound.contains(&chord.to_string()));
                refuse(&missed.copied().collect::<Vec<_>>(), "the desktop did not take it".to_owned());
            }
            Err(Failure::Said(why)) => refuse(&wanted, why),
            Err(Failure::Silent(why)) => {
                // Mostly another portal follows at once, and is asked anew.
                early = orders.recv_timeout(PATIENCE).ok();
                if early.is_none() {
                    refuse(&wanted, why);
                }
            }
        }
    }
}

/// Why chords are not held.
enum Failure {
    /// The portal has said so.
    Said(String),
    /// The portal says nothing, or is there no more.
    Silent(String),
}

/// Ends a session. One that is not there any more has ended.
fn close(bus: &Connection, session: &OwnedObjectPath) {
    if let Ok(session) = Proxy::new(bus, PORTAL, session, SESSION) {
        let _ = session.call_method("Close", &());
    }
}

type Results = HashMap<String, OwnedValue>;
type Options<'a> = HashMap<&'a str, Value<'a>>;

/// Makes a session with these chords; answers with those that the desktop has bound.
fn bind(
    bus: &Connection,
    asked: u32,
    chords: &[Shortcut],
) -> Result<(OwnedObjectPath, Vec<String>), Failure> {
    let token = format!("usher{asked}");
    let made = ask(bus, &format!("{token}_session"), |portal, mut options| {
        options.insert("session_handle_token", Value::from(token.clone()));
        portal.call("CreateSession", &(options,))
    })?;
    let session = made.get("session_handle").and_then(|path| String::try_from(path.try_clone().ok()?).ok());
    let session = session.and_then(|path| OwnedObjectPath::try_from(path).ok());
    let strange =
        || Failure::Said("the desktop's portal answers in a way Usher does not understand".to_owned());
    let session = session.ok_or_else(strange)?;
    let wishes: Vec<(String, Options<'_>)> =
        chords.iter().map(|chord| (chord.to_string(), about(chord))).collect();
    let bound = ask(bus, &format!("{token}_chords"), |portal, options| {
        portal.call("BindShortcuts", &(&session, &wishes, "", options))
    });
    match bound {
        Ok(bound) => Ok((session, names(&bound))),
        Err(why) => {
            close(bus, &session);
            Err(why)
        }
    }
}

/// The chords in an answer.
fn names(bound: &Results) -> Vec<String> {
    let shortcuts = bound.get("shortcuts").and_then(|shortcuts| shortcuts.try_clone().ok());
    let shortcuts = shortcuts.and_then(|shortcuts| Vec::<(String, Results)>::try_from(shortcuts).ok());
    shortcuts.unwrap_or_default().into_iter().map(|(id, _)| id).collect()
}

/// What the portal is told of a chord.
fn about(chord: &Shortcut) -> Options<'static> {
    let mut about = HashMap::from([("description", Value::from(format!("Usher: {chord}")))]);
    about.extend(trigger(chord).map(|trigger| ("preferred_trigger", Value::from(trigger))));
    about
}

/// Calls a method that answers later, and waits for the answer: as long as the user takes, while it is the same portal.
fn ask(
    bus: &Connection,
    token: &str,
    call: impl FnOnce(&Proxy<'_>, Options<'_>) -> zbus::Result<OwnedObjectPath>,
) -> Result<Results, Failure> {
    let why = |error: zbus::Error| Failure::Silent(format!("the desktop's portal does not answer ({error})"));
    let own =
        bus.unique_name().map(|name| name.trim_start_matches(':').replace('.', "_")).unwrap_or_default();
    let request = Proxy::new(bus, PORTAL, format!("{PATH}/request/{own}/{token}"), REQUEST).map_err(why)?;
    // Before the call: the answer may be there before what the call returns.
    let mut answers = block_on(request.inner().receive_signal("Response")).map_err(why)?;
    let mut owners = block_on(request.inner().receive_owner_changed()).map_err(why)?;
    let portal = shortcuts(bus).map_err(why)?;
    call(&portal, HashMap::from([("handle_token", Value::from(token))])).map_err(why)?;
    let ended = async {
        let _ = owners.next().await;
        None
    };
    let silent = || Failure::Silent("the desktop's portal has ended before it answered".to_owned());
    let answer = block_on(or(answers.next(), ended)).ok_or_else(silent)?;
    match answer.body().deserialize::<(u32, Results)>().map_err(why)? {
        (0, results) => Ok(results),
        (1, _) => Err(Failure::Said("it was declined when the desktop asked".to_owned())),
        _ => Err(Failure::Said("the desktop has broken off asking for it".to_owned())),
    }
}

/// A chord as the portal wants it: modifiers and the name of a key symbol. `None` for keys without a name of their own;
/// the user is then asked for the keys.
fn trigger(chord: &Shortcut) -> Option<String> {
    let modifiers = [
        (Modifiers::CONTROL, "CTRL+"),
        (Modifiers::ALT, "ALT+"),
        (Modifiers::SHIFT, "SHIFT+"),
        (Modifiers::SUPER, "LOGO+"),
        (Modifiers::META, "LOGO+"),
    ];
    let held = modifiers.iter().filter(|(modifier, _)| chord.mods.contains(*modifier)).map(|(_, word)| *word);
    Some(held.collect::<String>() + &symbol(chord.key)?)
}

fn symbol(key: Code) -> Option<String> {
    let name = key.to_string();
    if let Some(letter) = name.strip_prefix("Key").or_else(|| name.strip_prefix("Digit")) {
        return Some(letter.to_ascii_lowercase());
    }
    if name.strip_prefix('F').is_some_and(|number| number.parse::<u32>().is_ok()) {
        return Some(name);
    }
    let symbol = match key {
        Code::Space => "space",
        Code::Backquote => "grave",
        Code::Minus => "minus",
        Code::Equal => "equal",
        Code::BracketLeft => "bracketleft",
        Code::BracketRight => "bracketright",
        Code::Backslash => "backslash",
        Code::Semicolon => "semicolon",
        Code::Quote => "apostrophe",
        Code::Comma => "comma",
        Code::Period => "period",
        Code::Slash => "slash",
        Code::Backspace => "BackSpace",
        Code::Tab => "Tab",
        Code::Enter => "Return",
        Code::Pause => "Pause",
        Code::Escape => "Escape",
        Code::Home => "Home",
        Code::End => "End",
        Code::ArrowLeft => "Left",
        Code::ArrowUp => "Up",
        Code::ArrowRight => "Right",
        Code::ArrowDown => "Down",
        Code::PageUp => "Prior",
        Code::PageDown => "Next",
        Code::PrintScreen => "Print",
        Code::Insert => "Insert",
        Code::Delete => "Delete",
        _ => return None,
    };
    Some(symbol.to_owned())
}

#[cfg(test)]
mod tests;

//! The session's notification service, and the clicks on its buttons.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zbus::Message;
use zbus::blocking::proxy::SignalIterator;
use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::Value;

use crate::notifications::Clicked;

/// What the service calls our button.
const UNDO: &str = "undo";

/// The most notifications whose buttons still do something. Nobody goes back further.
const REMEMBERED: usize = 50;

/// The service, over a connection of its own: some tell of a click only whom the notification came from.
pub(in crate::notifications) struct Screen {
    service: Proxy<'static>,
    markup: bool,
    buttons: bool,
    open: Mutex<Open>,
}

/// What clicks would take back.
#[derive(Default)]
struct Open {
    runs: BTreeMap<u32, i64>,
    /// Whether somebody waits for them.
    awaited: bool,
}

impl Screen {
    /// Finds the service and what it can do.
    pub(in crate::notifications) fn open() -> Result<Self, String> {
        Self::find().map_err(|error| error.to_string())
    }

    fn find() -> zbus::Result<Self> {
        let name = "org.freedesktop.Notifications";
        let service = Proxy::new(&Connection::session()?, name, "/org/freedesktop/Notifications", name)?;
        // Where nobody answers, showing fails too, and says why.
        let can: Vec<String> = service.call("GetCapabilities", &()).unwrap_or_default();
        let has = |wanted: &str| can.iter().any(|one| one == wanted);
        let (markup, buttons) = (has("body-markup"), has("actions"));
        Ok(Self { service, markup, buttons, open: Mutex::default() })
    }

    /// Shows a notification; with a button where there is a run to take back, a word for that, and somebody to tell.
    pub(in crate::notifications) fn show(
        self: &Arc<Self>,
        title: &str,
        text: &str,
        button: Option<(i64, &str, Clicked)>,
    ) -> Result<(), String> {
        self.send(title, text, button.filter(|_| self.buttons)).map_err(|error| error.to_string())
    }

    fn send(
        self: &Arc<Self>,
        title: &str,
        text: &str,
        button: Option<(i64, &str, Clicked)>,
    ) -> zbus::Result<()> {
        // File names are not ours and must not be taken for markup.
        let body = if self.markup { escaped(text) } else { text.to_owned() };
        let actions = button.as_ref().map_or_else(Vec::new, |(_, word, _)| vec![UNDO, *word]);
        let hints: HashMap<&str, Value<'_>> = HashMap::new();
        // Held until the number is known: a click may come at once.
        let mut open = self.lock();
        if let Some((_, _, clicked)) = &button
            && !open.awaited
        {
            self.await_clicks(Arc::clone(clicked))?;
            open.awaited = true;
        }
        let shown = ("Usher", 0_u32, "", title, body.as_str(), actions, hints, -1_i32);
        let id: u32 = self.service.call("Notify", &shown)?;
        if let Some((run, ..)) = button {
            open.runs.insert(id, run);
            if open.runs.len() > REMEMBERED {
                open.runs.pop_first();
            }
        }
        Ok(())
    }

    /// Waits for clicks on a thread of its own, until no notification is left that could be clicked.
    fn await_clicks(self: &Arc<Self>, clicked: Clicked) -> zbus::Result<()> {
        let signals = self.service.receive_all_signals()?;
        let screen = Arc::clone(self);
        let wait = move || screen.wait(signals, &clicked);
        std::thread::Builder::new().name("usher-clicks".to_owned()).spawn(wait)?;
        Ok(())
    }

    fn wait(&self, signals: SignalIterator<'_>, clicked: &Clicked) {
        for signal in signals {
            let mut open = self.lock();
            match read(&signal) {
                Some(Signal::Clicked(id)) => {
                    if let Some(run) = open.runs.remove(&id) {
                        clicked(run);
                    }
                }
                Some(Signal::Closed(id)) => drop(open.runs.remove(&id)),
                None => {}
            }
            if open.runs.is_empty() {
                open.awaited = false;
                return;
            }
        }
        // The bus is gone, and every notification with it.
        *self.lock() = Open::default();
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the service tells of a notification.
enum Signal {
    Clicked(u32),
    Closed(u32),
}

fn read(message: &Message) -> Option<Signal> {
    let body = message.body();
    match message.header().member()?.as_str() {
        "ActionInvoked" => {
            let (id, key): (u32, String) = body.deserialize().ok()?;
            (key == UNDO).then_some(Signal::Clicked(id))
        }
        "NotificationClosed" => {
            let (id, _): (u32, u32) = body.deserialize().ok()?;
            Some(Signal::Closed(id))
        }
        _ => None,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_not_markup() {
        assert_eq!(escaped("<b>a&b</b>.txt"), "&lt;b&gt;a&amp;b&lt;/b&gt;.txt");
    }
}

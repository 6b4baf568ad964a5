//! What the desktop's screen saver says: whether it covers the screen.

use zbus::Message;

use usher_event::Sentence;

use super::Seen;
use crate::bus::{Line, Listener, Trouble};

const GNOME: &str = "org.gnome.ScreenSaver";
const COMMON: &str = "org.freedesktop.ScreenSaver";

/// The screen savers in the order they are asked, with their objects. Some desktops own the common name and answer no
/// questions there.
const SAVERS: [(&str, &str); 5] = [
    (GNOME, "/org/gnome/ScreenSaver"),
    ("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"),
    ("org.mate.ScreenSaver", "/org/mate/ScreenSaver"),
    ("org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"),
    (COMMON, "/org/freedesktop/ScreenSaver"),
];

pub(super) struct Saver<'s> {
    seen: &'s Seen<'s>,
}

impl<'s> Saver<'s> {
    pub(super) fn new(seen: &'s Seen<'s>) -> Self {
        Self { seen }
    }
}

impl Listener for Saver<'_> {
    const DAEMONS: &'static [&'static str] =
        &[GNOME, "org.cinnamon.ScreenSaver", "org.mate.ScreenSaver", "org.xfce.ScreenSaver", COMMON];
    const SIGNALS: &'static [&'static str] = &["type='signal',member='ActiveChanged'"];

    fn heard(&self, _daemon: &'static str, signal: &Message) -> bool {
        signal.header().member().is_some_and(|member| member.as_str() == "ActiveChanged")
    }

    async fn look(&self, line: &Line) -> Result<(), Trouble> {
        let mut active = None;
        for (saver, path) in SAVERS.iter().filter(|(saver, _)| line.has(saver)) {
            let answer = line.call::<_, bool>(saver, path, saver, "GetActive", &()).await;
            // One that does not know is no trouble: most desktops have one name of several.
            active = answer.inspect_err(|Trouble(error)| tracing::debug!(%error)).ok();
            if active.is_some() {
                break;
            }
        }
        self.seen.lock(|lock| lock.saver = active);
        self.seen.tell();
        Ok(())
    }

    fn lost(&self, reason: Sentence) {
        tracing::debug!(%reason, "no screen saver to listen to");
        self.seen.lock(|lock| lock.saver = None);
        self.seen.tell();
    }
}

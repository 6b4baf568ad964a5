//! What logind (systemd's or elogind) says: sleep, shutdown, logins, and the lock of the user's session.

use std::cell::RefCell;

use usher_event::{Moment, Sentence, sentence};
use zbus::Message;
use zbus::zvariant::{OwnedObjectPath, Structure};

use super::Seen;
use crate::bus::{Line, Listener, Properties, Trouble};

const LOGIND: &str = "org.freedesktop.login1";
const PATH: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";

/// More sessions than this are not looked at: nobody has so many.
const MANY: usize = 64;

pub(super) struct Logind<'s> {
    seen: &'s Seen<'s>,
    user: u32,
    /// Sessions that have begun and were not looked at yet.
    begun: RefCell<Vec<OwnedObjectPath>>,
    /// The session whose lock counts.
    own: RefCell<Option<OwnedObjectPath>>,
}

impl<'s> Logind<'s> {
    pub(super) fn new(seen: &'s Seen<'s>) -> Self {
        let user = rustix::process::getuid().as_raw();
        Self { seen, user, begun: RefCell::default(), own: RefCell::default() }
    }

    /// Of the user's sessions the one at the screen.
    async fn find_own(&self, line: &Line) -> Result<Option<(OwnedObjectPath, Properties)>, Trouble> {
        type Listed = (String, u32, String, String, OwnedObjectPath);
        let all: Vec<Listed> = line.call(LOGIND, PATH, MANAGER, "ListSessions", &()).await?;
        let ours = all.into_iter().filter(|(_, user, ..)| *user == self.user).take(MANY);
        let mut best: Option<(u8, OwnedObjectPath, Properties)> = None;
        for (.., path) in ours {
            // One that ends in between is not ours any more.
            let Ok(session) = line.properties(LOGIND, path.as_str(), SESSION).await else { continue };
            let rank = rank(&session);
            if rank > best.as_ref().map_or(0, |(rank, ..)| *rank) {
                best = Some((rank, path, session));
            }
        }
        Ok(best.map(|(_, path, session)| (path, session)))
    }

    /// Tells of the user's logins among the sessions that have begun.
    async fn greet(&self, line: &Line) {
        for path in self.begun.take() {
            let Ok(session) = line.properties(LOGIND, path.as_str(), SESSION).await else { continue };
            if user_of(&session) == Some(self.user) && rank(&session) > 0 {
                self.seen.teller.happened(Moment::Login);
            }
        }
    }

    fn manager_says(&self, member: &str, signal: &Message) -> bool {
        let body = signal.body();
        match member {
            "PrepareForSleep" => match body.deserialize() {
                Ok(true) => self.seen.teller.happened(Moment::Suspend),
                Ok(false) => self.seen.teller.happened(Moment::Resume),
                Err(error) => tracing::debug!(%error, "logind's word of sleep makes no sense"),
            },
            "PrepareForShutdown" => {
                if let Ok(true) = body.deserialize() {
                    self.seen.teller.happened(Moment::Shutdown);
                }
            }
            "SessionNew" => {
                if let Ok((_, path)) = body.deserialize::<(&str, OwnedObjectPath)>()
                    && self.begun.borrow().len() < MANY
                {
                    self.begun.borrow_mut().push(path);
                }
                return true;
            }
            "SessionRemoved" => return true,
            _ => {}
        }
        false
    }
}

/// How much a session is the one people sit in front of; 0 for what is none of theirs (services, login screens).
fn rank(session: &Properties) -> u8 {
    if !session.get::<&str>("Class").is_some_and(|class| class.starts_with("user")) {
        return 0;
    }
    let graphical = matches!(session.get("Type"), Some("x11" | "wayland" | "mir"));
    let active = session.get::<bool>("Active") == Some(true);
    1 + u8::from(active) + 2 * u8::from(graphical)
}

fn user_of(session: &Properties) -> Option<u32> {
    session.get::<&Structure<'_>>("User")?.fields().first()?.downcast_ref::<u32>().ok()
}

impl Listener for Logind<'_> {
    const DAEMONS: &'static [&'static str] = &[LOGIND];
    const SIGNALS: &'static [&'static str] = &[
        "type='signal',sender='org.freedesktop.login1',path='/org/freedesktop/login1',interface='org.freedesktop.login1.Manager'",
        "type='signal',sender='org.freedesktop.login1',interface='org.freedesktop.login1.Session'",
        "type='signal',sender='org.freedesktop.login1',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',arg0='org.freedesktop.login1.Session'",
    ];

    fn heard(&self, _daemon: &'static str, signal: &Message) -> bool {
        let header = signal.header();
        let (Some(interface), Some(member)) = (header.interface(), header.member()) else { return false };
        match (interface.as_str(), member.as_str()) {
            (MANAGER, member) => self.manager_says(member, signal),
            (SESSION, member @ ("Lock" | "Unlock")) => {
                let path = header.path().map(|path| path.as_str());
                if path.is_some() && path == self.own.borrow().as_ref().map(|own| own.as_str()) {
                    self.seen.lock(|lock| lock.asked = member == "Lock");
                    self.seen.tell();
                }
                false
            }
            ("org.freedesktop.DBus.Properties", "PropertiesChanged") => true,
            _ => false,
        }
    }

    async fn look(&self, line: &Line) -> Result<(), Trouble> {
        if !line.has(LOGIND) {
            self.lost(sentence!(
                "session-no-logind",
                "logind is not running, which reports sleep and the lock; it is part of systemd, elsewhere install \
                 `elogind`"
            ));
            return Ok(());
        }
        self.greet(line).await;
        let own = self.find_own(line).await?;
        let hint = own.as_ref().and_then(|(_, session)| session.get("LockedHint"));
        self.own.replace(own.map(|(path, _)| path));
        self.seen.lock(|lock| {
            lock.hints |= hint == Some(true);
            lock.hint = hint == Some(true);
        });
        self.seen.logind(None);
        self.seen.tell();
        Ok(())
    }

    fn lost(&self, reason: Sentence) {
        self.own.take();
        self.seen.lock(|lock| {
            lock.hint = false;
            lock.hints = false;
            lock.asked = false;
        });
        self.seen.logind(Some(reason));
        self.seen.tell();
    }
}

//! The session, from stand-ins for logind and a screen saver.

use usher_event::{Event, Moment, Noun, NounHealth, NounMode, Reading, Session};
use usher_testkit::{Bus, Daemon, MOCK};
use usher_watch::Wants;
use zbus::Message;
use zbus::blocking::fdo::DBusProxy;
use zbus::zvariant::Value;

use crate::support::{Watching, only};

const LOGIND: &str = "org.freedesktop.login1";
const PATH: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";
const OWN: &str = "/org/freedesktop/login1/session/c1";
const SAVER: &str = "org.gnome.ScreenSaver";
const SAVER_PATH: &str = "/org/gnome/ScreenSaver";

/// Logind with a session of ours and one of somebody else.
pub(crate) fn logind(bus: &Bus) -> Daemon {
    let logind = bus.template(LOGIND, "logind");
    let me = rustix::process::getuid().as_raw();
    logind.call(PATH, MOCK, "AddSession", &("c1", "seat0", me, "me", true));
    logind.call(PATH, MOCK, "AddSession", &("c7", "seat1", me + 7, "other", true));
    logind
}

fn reading(locked: bool) -> Reading {
    Reading::Session(Session { locked })
}

/// A source with these two buses and nothing else.
fn watch(system: &Bus, session: &Bus) -> Watching {
    let nowhere = std::path::Path::new("/nonexistent");
    Watching::start(Noun::Session, &Wants::default(), only(system, session, nowhere))
}

fn happens(watching: &Watching, wanted: Moment) {
    assert_eq!(watching.next(), Event::Moment { moment: wanted });
}

#[test]
fn logind_tells_of_lock_sleep_and_shutdown() {
    let (system, session) = (Bus::running(), Bus::absent());
    let logind = logind(&system);
    let watching = watch(&system, &session);
    assert_eq!(watching.next(), Event::Noun { noun: Noun::Session, health: NounHealth::watching() });
    assert_eq!(watching.next(), Event::State { reading: reading(false) });

    logind.emit(PATH, MANAGER, "PrepareForSleep", "b", &[Value::from(true)]);
    happens(&watching, Moment::Suspend);
    logind.call(OWN, SESSION, "SetLockedHint", &true);
    assert_eq!(watching.next(), Event::State { reading: reading(true) });
    logind.emit(PATH, MANAGER, "PrepareForSleep", "b", &[Value::from(false)]);
    happens(&watching, Moment::Resume);
    logind.call(OWN, SESSION, "SetLockedHint", &false);
    assert_eq!(watching.next(), Event::State { reading: reading(false) });

    // Called off, and of a type nobody expects: no moments.
    logind.emit(PATH, MANAGER, "PrepareForShutdown", "b", &[Value::from(false)]);
    logind.emit(PATH, MANAGER, "PrepareForSleep", "s", &[Value::from("soon")]);
    logind.emit(PATH, MANAGER, "PrepareForShutdown", "b", &[Value::from(true)]);
    happens(&watching, Moment::Shutdown);
}

#[test]
fn nothing_is_inhibited() {
    let (system, session) = (Bus::running(), Bus::absent());
    let logind = logind(&system);
    let watching = watch(&system, &session);
    watching.reads(&reading(false));
    logind.emit(PATH, MANAGER, "PrepareForSleep", "b", &[Value::from(true)]);
    happens(&watching, Moment::Suspend);
    let bus = system.connect();
    let held = bus.call_method(Some(LOGIND), PATH, Some(MANAGER), "ListInhibitors", &()).unwrap();
    let held: Vec<(String, String, String, String, u32, u32)> = held.body().deserialize().unwrap();
    assert_eq!(held, []);
}

#[test]
fn a_login_is_ours_alone() {
    let (system, session) = (Bus::running(), Bus::absent());
    let logind = logind(&system);
    let watching = watch(&system, &session);
    watching.reads(&reading(false));
    let begins = |id: &str| {
        let path = format!("/org/freedesktop/login1/session/{id}");
        let path = zbus::zvariant::ObjectPath::try_from(path).unwrap();
        logind.emit(PATH, MANAGER, "SessionNew", "so", &[Value::from(id), Value::from(path)]);
    };
    begins("c7");
    begins("gone_again");
    begins("c1");
    logind.emit(PATH, MANAGER, "SessionRemoved", "s", &[Value::from("x")]);
    happens(&watching, Moment::Login);
    logind.emit(PATH, MANAGER, "PrepareForShutdown", "b", &[Value::from(true)]);
    happens(&watching, Moment::Shutdown);
}

#[test]
fn where_no_desktop_keeps_the_hint_a_request_to_lock_counts() {
    let (system, session) = (Bus::running(), Bus::absent());
    let logind = logind(&system);
    let watching = watch(&system, &session);
    watching.reads(&reading(false));
    logind.call("/org/freedesktop/login1/session/c7", SESSION, "Lock", &());
    logind.call(OWN, SESSION, "Lock", &());
    assert_eq!(watching.next(), Event::State { reading: reading(true) });
    logind.call(OWN, SESSION, "Unlock", &());
    assert_eq!(watching.next(), Event::State { reading: reading(false) });
}

#[test]
fn without_logind_the_screen_saver_tells_of_the_lock() {
    let (system, session) = (Bus::absent(), Bus::running());
    let mut saver = session.template(SAVER, "gnome_screensaver");
    let watching = watch(&system, &session);
    let reason = watching.mode(NounMode::Watching);
    assert!(
        reason.starts_with("only the screen's lock is seen: Usher does not reach the system bus"),
        "{reason}"
    );
    watching.reads(&reading(false));
    saver.call(SAVER_PATH, SAVER, "SetActive", &true);
    watching.reads(&reading(true));
    saver.stop();
    watching.mode(NounMode::Unavailable);
}

#[test]
fn logind_may_go_and_come_back() {
    let (system, session) = (Bus::running(), Bus::absent());
    let mut daemon = logind(&system);
    let watching = watch(&system, &session);
    watching.reads(&reading(false));
    daemon.stop();
    let reason = watching.mode(NounMode::Unavailable);
    assert!(reason.starts_with("logind is not running"), "{reason}");
    let daemon = logind(&system);
    watching.mode(NounMode::Watching);
    watching.reads(&reading(false));
    daemon.emit(PATH, MANAGER, "PrepareForSleep", "b", &[Value::from(true)]);
    watching.until("sleep", |event| *event == Event::Moment { moment: Moment::Suspend });
}

#[test]
fn nobody_else_speaks_for_logind() {
    let (system, session) = (Bus::running(), Bus::absent());
    let logind = logind(&system);
    let watching = watch(&system, &session);
    watching.reads(&reading(false));
    let stranger = system.connect();
    for name in DBusProxy::new(&stranger).unwrap().list_names().unwrap() {
        let lie = Message::signal(PATH, MANAGER, "PrepareForShutdown").unwrap();
        let lie = lie.destination(name.as_str()).unwrap().build(&true).unwrap();
        stranger.send(&lie).unwrap();
    }
    // An answer to the stranger comes only after all of that was passed on.
    DBusProxy::new(&stranger).unwrap().get_id().unwrap();
    logind.emit(PATH, MANAGER, "PrepareForSleep", "b", &[Value::from(true)]);
    happens(&watching, Moment::Suspend);
}

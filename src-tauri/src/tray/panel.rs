//! Whether the session has a panel that shows tray icons, and word of one that comes later.
//!
//! At login the panel is often later than its guests. A registered icon is carried over a panel's restart by the
//! library; this file is only about the first one. It blocks on the session bus and polls nothing.

use zbus::MatchRule;
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, MessageIterator, Proxy};
use zbus::message::Type;

/// The name, and the interface, of a panel's side of StatusNotifierItem.
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// Waits until a panel is there, on this thread, for as long as the session lasts.
///
/// Fails at once where there is no session bus.
pub(crate) fn wait() -> zbus::Result<()> {
    let bus = Connection::session()?;
    let session = DBusProxy::new(&bus)?;
    for rule in [arrivals()?, registrations()?] {
        session.add_match_rule(rule)?;
    }
    let signals = MessageIterator::from(&bus);
    // Asked after the rules are in place: a panel that came in between is not missed.
    if is_there(&bus) {
        return Ok(());
    }
    for signal in signals {
        signal?;
        if is_there(&bus) {
            return Ok(());
        }
    }
    Err(zbus::Error::Failure("the session bus has gone away".to_owned()))
}

/// A panel's watcher takes its name.
fn arrivals() -> zbus::Result<MatchRule<'static>> {
    let rule = MatchRule::builder().msg_type(Type::Signal).sender("org.freedesktop.DBus")?;
    Ok(rule.member("NameOwnerChanged")?.arg(0, WATCHER)?.build())
}

/// A panel tells its watcher that it shows icons.
fn registrations() -> zbus::Result<MatchRule<'static>> {
    let rule = MatchRule::builder().msg_type(Type::Signal).interface(WATCHER)?;
    Ok(rule.member("StatusNotifierHostRegistered")?.build())
}

fn is_there(bus: &Connection) -> bool {
    Proxy::new(bus, WATCHER, "/StatusNotifierWatcher", WATCHER)
        .and_then(|watcher| watcher.get_property::<bool>("IsStatusNotifierHostRegistered"))
        .unwrap_or(false)
}

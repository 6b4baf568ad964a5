//! The network from NetworkManager, and from the kernel while NetworkManager is not there.

use futures_lite::future::or;
use usher_event::{Connection, ConnectionKind, Noun, Sentence, sentence};
use zbus::Message;

use super::{MANY, reading};
use crate::bus::{Bus, Line, Listener, Properties, Silence, Trouble};
use crate::source::Source;
use crate::surroundings::Surroundings;
use crate::task::Task;
use crate::tell::Teller;

mod interfaces;
mod kernel;

/// Starts the source.
pub(crate) fn start(teller: Teller, surroundings: Surroundings) -> std::io::Result<Box<dyn Source>> {
    let task = Task::start(Noun::Network, || async move {
        let manager = Manager { teller: &teller, silence: Silence::new() };
        let bus = Bus::system(surroundings.system_bus.as_deref());
        or(bus.hold(&manager), kernel::watch(&manager, &surroundings)).await;
    })?;
    Ok(Box::new(task))
}

/// What NetworkManager says.
struct Manager<'t> {
    teller: &'t Teller,
    silence: Silence,
}

const MANAGER: &str = "org.freedesktop.NetworkManager";
const PATH: &str = "/org/freedesktop/NetworkManager";
const ACTIVE: &str = "org.freedesktop.NetworkManager.Connection.Active";
const ACCESS_POINT: &str = "org.freedesktop.NetworkManager.AccessPoint";

/// `NM_ACTIVE_CONNECTION_STATE_ACTIVATED`
const ACTIVATED: u32 = 2;

impl Manager<'_> {
    async fn connections(&self, line: &Line, manager: &Properties) -> Vec<Connection> {
        let mut connections = Vec::new();
        for path in manager.objects("ActiveConnections").iter().take(MANY) {
            // One that is taken down in between is none.
            let Ok(active) = line.properties(MANAGER, path.as_str(), ACTIVE).await else { continue };
            let kind = active.get::<&str>("Type").and_then(kind);
            if let Some(kind) = kind
                && active.get("State") == Some(ACTIVATED)
            {
                connections.extend(name(line, &active, kind).await.map(|name| Connection { name, kind }));
            }
        }
        connections
    }
}

/// What users know a connection by: the wireless network's name, otherwise the profile's.
async fn name(line: &Line, active: &Properties, kind: ConnectionKind) -> Option<String> {
    if kind == ConnectionKind::Wifi
        && let Some(point) = active.get::<&zbus::zvariant::ObjectPath<'_>>("SpecificObject")
        && point.as_str() != "/"
        && let Ok(point) = line.properties(MANAGER, point.as_str(), ACCESS_POINT).await
    {
        let name = point.bytes("Ssid");
        if !name.is_empty() {
            return Some(String::from_utf8_lossy(&name).into_owned());
        }
    }
    active.get::<&str>("Id").filter(|id| !id.is_empty()).map(str::to_owned)
}

/// The kind of a connection by NetworkManager's word for it; none for what leads nowhere.
fn kind(word: &str) -> Option<ConnectionKind> {
    Some(match word {
        "loopback" | "dummy" | "veth" => return None,
        "802-11-wireless" => ConnectionKind::Wifi,
        "802-3-ethernet" => ConnectionKind::Ethernet,
        "gsm" | "cdma" | "bluetooth" | "wimax" => ConnectionKind::Mobile,
        "vpn" | "wireguard" | "tun" | "ip-tunnel" => ConnectionKind::Vpn,
        _ => ConnectionKind::Other,
    })
}

/// Whether the internet is reachable: what the check found, or where there is no check, whether a way leads there.
fn online(connectivity: Option<u32>, state: Option<u32>) -> bool {
    match connectivity {
        None | Some(0) => state == Some(70),
        Some(found) => found == 4,
    }
}

impl Listener for Manager<'_> {
    const DAEMONS: &'static [&'static str] = &[MANAGER];
    const SIGNALS: &'static [&'static str] = &[
        "type='signal',sender='org.freedesktop.NetworkManager',path='/org/freedesktop/NetworkManager',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',arg0='org.freedesktop.NetworkManager'",
        "type='signal',sender='org.freedesktop.NetworkManager',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',arg0='org.freedesktop.NetworkManager.Connection.Active'",
    ];

    fn heard(&self, _daemon: &'static str, _signal: &Message) -> bool {
        true
    }

    async fn look(&self, line: &Line) -> Result<(), Trouble> {
        if !line.has(MANAGER) {
            self.lost(sentence!("network-no-manager", "NetworkManager is not running"));
            return Ok(());
        }
        let manager = line.properties(MANAGER, PATH, MANAGER).await?;
        let online = online(manager.get("Connectivity"), Some(manager.need("State")?));
        let connections = self.connections(line, &manager).await;
        self.silence.end();
        self.teller.watching(reading(online, connections));
        Ok(())
    }

    fn lost(&self, reason: Sentence) {
        self.silence.begin(reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_captive_portal_is_not_the_internet() {
        assert!(online(Some(4), Some(70)));
        assert!(!online(Some(2), Some(70)));
        assert!(online(Some(0), Some(70)));
        assert!(online(None, Some(70)));
        assert!(!online(None, Some(60)));
        assert!(!online(Some(99), None));
    }

    #[test]
    fn kinds() {
        assert_eq!(kind("loopback"), None);
        assert_eq!(kind("802-11-wireless"), Some(ConnectionKind::Wifi));
        assert_eq!(kind("wireguard"), Some(ConnectionKind::Vpn));
        assert_eq!(kind("something new"), Some(ConnectionKind::Other));
    }
}

//! `network`: being online, and being connected to something.

use usher_event::{Connection, ConnectionKind, Edge, Noun, State, sentence};

use super::Occasion;
use super::texts::{Texts, patterns};
use crate::Diagnostic;
use crate::load::{Kind, Param, Reader, Spec};

const KINDS: &[&str] = &["wifi", "ethernet", "mobile", "vpn", "other"];

pub(super) const SPEC: Spec = Spec {
    params: &[
        Param::required(
            "network",
            Kind::Choices(&["online", "offline", "connected", "disconnected"]),
            "what happens to the network, or to one connection",
        ),
        patterns("name", "names of connections, with `*` and `?`"),
        Param::new("kind", Kind::Choices(KINDS), "", "kinds of connections"),
    ],
    variables: &["network.name", "network.kind"],
    ..Spec::new("network", "the machine goes online or offline, or a connection comes up or goes")
};

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Occasion>> {
    let what = reader.choices("network");
    if what == ["offline"]
        && let Some(node) = ["name", "kind"].into_iter().find_map(|key| reader.node(key))
    {
        let message = sentence!("when-offline-of-one", "`offline` is about the network as a whole");
        let help = sentence!("when-offline-of-one-help", "write `network: disconnected` for one connection");
        reader.problems().push(Diagnostic::error("unknown_key", node.head(), message).help(help));
    }
    Some(Box::new(Net {
        online: what.contains(&"online"),
        offline: what.contains(&"offline"),
        connected: what.contains(&"connected"),
        disconnected: what.contains(&"disconnected"),
        name: Texts::read(reader, "name"),
        kinds: reader.choices("kind"),
    }))
}

/// The word rules have for a kind of connection.
pub(super) fn word(kind: ConnectionKind) -> &'static str {
    match kind {
        ConnectionKind::Wifi => "wifi",
        ConnectionKind::Ethernet => "ethernet",
        ConnectionKind::Mobile => "mobile",
        ConnectionKind::Vpn => "vpn",
        ConnectionKind::Other => "other",
    }
}

#[derive(Debug)]
struct Net {
    online: bool,
    offline: bool,
    connected: bool,
    disconnected: bool,
    name: Texts,
    kinds: Vec<&'static str>,
}

impl Net {
    fn fits(&self, connection: &Connection) -> bool {
        self.name.fit(Some(&connection.name))
            && (self.kinds.is_empty() || self.kinds.contains(&word(connection.kind)))
    }
}

impl Occasion for Net {
    fn noun(&self) -> Option<Noun> {
        Some(Noun::Network)
    }

    fn wakes(&self, edge: &Edge) -> bool {
        match edge {
            Edge::NetworkOnline(network) => self.online && self.any(&network.connections),
            Edge::NetworkOffline(_) => self.offline,
            Edge::NetworkConnected(connection) => self.connected && self.fits(connection),
            Edge::NetworkDisconnected(connection) => self.disconnected && self.fits(connection),
            _ => false,
        }
    }

    fn holds(&self, state: &State) -> Option<bool> {
        let network = state.network.as_ref()?;
        let there = network.connections.iter().any(|connection| self.fits(connection));
        Some(
            self.online && network.online && self.any(&network.connections)
                || self.offline && !network.online
                || self.connected && there
                || self.disconnected && !there,
        )
    }
}

impl Net {
    /// Whether one of the connections fits, or none is asked for.
    fn any(&self, connections: &[Connection]) -> bool {
        self.asks_for_nothing() || connections.iter().any(|connection| self.fits(connection))
    }

    fn asks_for_nothing(&self) -> bool {
        self.kinds.is_empty() && self.name.fit(None)
    }
}

#[cfg(test)]
mod tests {
    use usher_event::Network;

    use super::super::testing::clause;
    use super::*;

    #[test]
    fn connections_are_told_by_name_and_kind() {
        let home = Connection { name: "Home".into(), kind: ConnectionKind::Wifi };
        let edge = Edge::NetworkConnected(home.clone());
        for (written, wakes) in [
            ("network: connected", true),
            ("network: disconnected", false),
            ("network: connected, name: home", true),
            ("network: connected, name: Office*", false),
            ("network: connected, kind: vpn", false),
            ("network: connected, kind: [wifi, ethernet]", true),
            ("network: online", false),
        ] {
            assert_eq!(clause(written).occasion.wakes(&edge), wakes, "{written}");
        }
        let state = State {
            network: Some(Network { online: true, connections: vec![home], ..Network::default() }),
            ..State::default()
        };
        let holds = |written: &str| clause(written).occasion.holds(&state);
        assert_eq!(holds("network: online"), Some(true));
        assert_eq!(holds("network: online, name: Office"), Some(false));
        assert_eq!(holds("network: offline"), Some(false));
        assert_eq!(holds("network: connected, name: Home"), Some(true));
        assert_eq!(holds("network: disconnected, kind: vpn"), Some(true));
    }
}

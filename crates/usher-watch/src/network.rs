//! The network: what is connected, and whether the internet is reachable.
//!
//! Linux asks NetworkManager, and the kernel where that is not used; then connections go by their interface's name.
//! It costs a look whenever a connection, an address or a route changes, and nothing in between.

use usher_event::{Connection, Network, Reading};

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;
#[cfg(target_os = "linux")]
pub(crate) use linux::start;
#[cfg(target_os = "macos")]
pub(crate) use macos::start;
#[cfg(windows)]
pub(crate) use windows::start;

/// More connections than this are not told: nobody has so many, and somebody may make them up.
const MANY: usize = 256;

/// The reading of what a platform says. In an order of its own, so that the same network is the same reading.
fn reading(online: bool, mut connections: Vec<Connection>) -> Reading {
    connections.truncate(MANY);
    connections.sort_by(|a, b| (&a.name, a.kind as u8).cmp(&(&b.name, b.kind as u8)));
    connections.dedup();
    Reading::Network(Network { online, connections, by_interface: false })
}

#[cfg(test)]
mod tests {
    use usher_event::ConnectionKind;

    use super::*;

    #[test]
    fn the_same_network_in_another_order_is_the_same_reading() {
        let one = |name: &str, kind| Connection { name: name.to_owned(), kind };
        let home = one("Home", ConnectionKind::Wifi);
        let wire = one("Home", ConnectionKind::Ethernet);
        let office = one("Office", ConnectionKind::Vpn);
        let there = reading(true, vec![office.clone(), home.clone(), wire.clone(), home.clone()]);
        let back = reading(true, vec![wire, home, office]);
        assert_eq!(there, back);
    }
}

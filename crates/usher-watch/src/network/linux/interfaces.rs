//! What the kernel's own tables say of the network.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use usher_event::{Connection, ConnectionKind};

/// Whether a way leads to the internet, and the interfaces that are up and have an address. None where the kernel lists
/// no interfaces.
pub(super) fn look(sys: &Path, proc: &Path) -> Option<(bool, Vec<Connection>)> {
    let table = |name: &str| fs::read_to_string(proc.join("net").join(name)).unwrap_or_default();
    let (old, new) = (Routes::v4(&table("route")), Routes::v6(&table("ipv6_route")));
    let addressed: BTreeSet<String> = old.all.into_iter().chain(addressed(&table("if_inet6"))).collect();
    let mut connections = Vec::new();
    for entry in fs::read_dir(sys.join("class/net")).ok()?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(kind) = kind(&entry.path(), &name)
            && is_up(&entry.path())
            && addressed.contains(&name)
        {
            connections.push(Connection { name, kind });
        }
    }
    // A way over a cable that is pulled leads nowhere.
    let online = old.ways.union(&new.ways).any(|name| is_up(&sys.join("class/net").join(name)));
    Some((online, connections))
}

fn word(dir: &Path, name: &str) -> String {
    fs::read_to_string(dir.join(name)).map(|text| text.trim().to_owned()).unwrap_or_default()
}

/// Tunnels do not know whether they are up; that they have an address has to do.
fn is_up(interface: &Path) -> bool {
    matches!(word(interface, "operstate").as_str(), "up" | "unknown")
}

/// None for what is no connection of its own: loopback, dummies, and the ports of bridges and bonds.
fn kind(interface: &Path, name: &str) -> Option<ConnectionKind> {
    const LOOPBACK: &str = "772";
    let describes = word(interface, "uevent");
    let sort = describes.lines().find_map(|line| line.strip_prefix("DEVTYPE=")).unwrap_or_default();
    if word(interface, "type") == LOOPBACK || name.starts_with("dummy") || interface.join("master").exists() {
        return None;
    }
    Some(match sort {
        "wlan" => ConnectionKind::Wifi,
        "wwan" => ConnectionKind::Mobile,
        "wireguard" => ConnectionKind::Vpn,
        _ if interface.join("tun_flags").exists() => ConnectionKind::Vpn,
        // Also what a container has for a card.
        "" if word(interface, "type") == "1" => ConnectionKind::Ethernet,
        _ => ConnectionKind::Other,
    })
}

/// The interfaces with a route, and those of them with one for everywhere.
#[derive(Default)]
struct Routes {
    all: BTreeSet<String>,
    ways: BTreeSet<String>,
}

impl Routes {
    /// Reads `/proc/net/route`: interface, destination, gateway, flags, three counters, mask, in hexadecimal.
    fn v4(table: &str) -> Self {
        let mut routes = Self::default();
        for line in table.lines().skip(1) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [interface, destination, _, flags, _, _, _, mask, ..] = fields[..] else { continue };
            if usable(flags) {
                if destination == "00000000" && mask == "00000000" {
                    routes.ways.insert(interface.to_owned());
                }
                routes.all.insert(interface.to_owned());
            }
        }
        routes
    }

    /// Reads `/proc/net/ipv6_route`: destination and its prefix, source and its prefix, next hop, metric, two counters,
    /// flags, interface.
    fn v6(table: &str) -> Self {
        let mut routes = Self::default();
        for line in table.lines() {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [destination, prefix, _, _, _, _, _, _, flags, interface] = fields[..] else { continue };
            // The kernel keeps a route to nowhere on the loopback.
            if usable(flags) && interface != "lo" {
                if prefix == "00" && destination.bytes().all(|digit| digit == b'0') {
                    routes.ways.insert(interface.to_owned());
                }
                routes.all.insert(interface.to_owned());
            }
        }
        routes
    }
}

/// `RTF_UP` without `RTF_REJECT`.
fn usable(flags: &str) -> bool {
    u32::from_str_radix(flags, 16).is_ok_and(|flags| flags & 0x1 != 0 && flags & 0x200 == 0)
}

/// The interfaces with an IPv6 address that reaches beyond the link. Reads `/proc/net/if_inet6`: address, index, prefix,
/// scope, flags, interface.
fn addressed(table: &str) -> impl Iterator<Item = String> {
    table.lines().filter_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, _, _, scope, _, interface] = fields[..] else { return None };
        (scope == "00").then(|| interface.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUTE: &str = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n\
        wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n\
        wlan0\t0001A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0\n";

    struct Machine(tempfile::TempDir);

    impl Machine {
        fn new(route: &str) -> Self {
            let dir = tempfile::tempdir().unwrap();
            fs::create_dir_all(dir.path().join("net")).unwrap();
            fs::create_dir_all(dir.path().join("class/net")).unwrap();
            fs::write(dir.path().join("net/route"), route).unwrap();
            Self(dir)
        }

        fn interface(&self, name: &str, files: &[(&str, &str)]) {
            let dir = self.0.path().join("class/net").join(name);
            fs::create_dir_all(&dir).unwrap();
            for (file, text) in files {
                fs::write(dir.join(file), text).unwrap();
            }
        }

        fn look(&self) -> Option<(bool, Vec<Connection>)> {
            look(self.0.path(), self.0.path())
        }
    }

    #[test]
    fn a_wireless_card_with_a_way_out() {
        let machine = Machine::new(ROUTE);
        let up = ("operstate", "up\n");
        machine.interface("lo", &[("type", "772\n"), ("operstate", "unknown\n")]);
        machine.interface("wlan0", &[("type", "1\n"), up, ("uevent", "DEVTYPE=wlan\nINTERFACE=wlan0\n")]);
        machine.interface("eth0", &[("type", "1\n"), ("operstate", "down\n")]);
        let wireless = Connection { name: "wlan0".to_owned(), kind: ConnectionKind::Wifi };
        assert_eq!(machine.look(), Some((true, vec![wireless])));
    }

    #[test]
    fn a_link_without_an_address_is_no_connection_and_leads_nowhere() {
        let machine = Machine::new("");
        machine.interface("eth0", &[("type", "1\n"), ("operstate", "up\n")]);
        assert_eq!(machine.look(), Some((false, vec![])));
    }

    #[test]
    fn ports_are_no_connections_and_tunnels_are_vpns() {
        let machine = Machine::new(&ROUTE.replace("wlan0", "tun3"));
        machine
            .interface("tun3", &[("type", "65534\n"), ("operstate", "unknown\n"), ("tun_flags", "0x1001\n")]);
        machine.interface("veth1", &[("type", "1\n"), ("operstate", "up\n"), ("master", "")]);
        let tunnel = Connection { name: "tun3".to_owned(), kind: ConnectionKind::Vpn };
        assert_eq!(machine.look(), Some((true, vec![tunnel])));
    }

    #[test]
    fn nonsense_is_no_network() {
        let machine = Machine::new("Iface\nwlan0 zz\n\u{0}\u{0} 00000000 0 xyz 0 0 0 00000000\n");
        machine.interface("wlan0", &[("operstate", "up\n")]);
        assert_eq!(machine.look(), Some((false, vec![])));
        assert_eq!(look(Path::new("/nonexistent"), Path::new("/nonexistent")), None);
    }

    #[test]
    fn rejected_ways_and_those_of_the_loopback_lead_nowhere() {
        let nowhere = "0".repeat(32);
        let line = |flags: &str, interface: &str| {
            format!("{nowhere} 00 {nowhere} 00 {nowhere} ffffffff 1 0 {flags} {interface}\n")
        };
        assert!(Routes::v6(&line("00200200", "lo")).ways.is_empty());
        assert!(Routes::v6(&line("00200201", "eth0")).ways.is_empty());
        assert!(!Routes::v6(&line("00450003", "eth0")).ways.is_empty());
    }
}

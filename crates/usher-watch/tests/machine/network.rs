//! The network, from a stand-in for NetworkManager and from files that look like the kernel's.

use std::fs;
use std::path::Path;
use std::process::Command;

use rustix::mount::{MountFlags, MountPropagationFlags, mount, mount_change};
use rustix::thread::{UnshareFlags, unshare_unsafe};
use usher_event::{Connection, ConnectionKind, Event, Network, Noun, NounHealth, NounMode, Reading};
use usher_testkit::{Bus, Daemon, MOCK};
use usher_watch::{Surroundings, Wants};
use zbus::zvariant::{ObjectPath, Value};

use crate::support::{Watching, only};

const MANAGER: &str = "org.freedesktop.NetworkManager";
/// Where the stand-in takes its orders.
const ORDERS: &str = "/org/freedesktop";
const PATH: &str = "/org/freedesktop/NetworkManager";
const ACTIVE: &str = "org.freedesktop.NetworkManager.Connection.Active";
const DEVICE: &str = "/org/freedesktop/NetworkManager/Devices/radio";
const POINT: &str = "/org/freedesktop/NetworkManager/AccessPoint/point";
const UP: &str = "/org/freedesktop/NetworkManager/ActiveConnection/1";

/// NetworkManager with a wireless network in reach.
pub(crate) fn manager(bus: &Bus) -> Daemon {
    let manager = bus.template(MANAGER, "networkmanager");
    manager.call(ORDERS, MOCK, "AddWiFiDevice", &("radio", "wlan0", 30_i32));
    let point = (
        DEVICE,
        "point",
        "Caf\u{e9} \u{2615}",
        "00:23:F8:7E:12:BB",
        2_u32,
        2425_u32,
        5400_u32,
        82_u8,
        0x100_u32,
    );
    manager.call(ORDERS, MOCK, "AddAccessPoint", &point);
    manager.call(ORDERS, MOCK, "AddWiFiConnection", &(DEVICE, "profile", "Caf\u{e9} \u{2615}", "wpa-psk"));
    manager
}

fn connect(manager: &Daemon) {
    let profile = "/org/freedesktop/NetworkManager/Settings/profile";
    manager.call(ORDERS, MOCK, "AddActiveConnection", &(vec![DEVICE], profile, POINT, "1", 2_u32));
}

fn network(online: bool, connections: &[(&str, ConnectionKind)]) -> Reading {
    let connections =
        connections.iter().map(|(name, kind)| Connection { name: (*name).to_owned(), kind: *kind });
    Reading::Network(Network { online, connections: connections.collect(), by_interface: false })
}

fn watch(bus: &Bus, tree: &std::path::Path) -> Watching {
    Watching::start(Noun::Network, &Wants::default(), only(bus, bus, tree))
}

#[test]
fn network_manager_is_read_and_followed() {
    let bus = Bus::running();
    let nowhere = tempfile::tempdir().unwrap();
    let manager = manager(&bus);
    let watching = watch(&bus, nowhere.path());
    assert_eq!(watching.next(), Event::Noun { noun: Noun::Network, health: NounHealth::watching() });
    assert_eq!(watching.next(), Event::State { reading: network(true, &[]) });

    connect(&manager);
    watching.reads(&network(true, &[("Caf\u{e9} \u{2615}", ConnectionKind::Wifi)]));
    // Behind a portal.
    manager.set(PATH, MANAGER, "Connectivity", Value::from(2_u32));
    watching.reads(&network(false, &[("Caf\u{e9} \u{2615}", ConnectionKind::Wifi)]));
    manager.set(UP, ACTIVE, "Type", Value::from("vpn"));
    watching.reads(&network(false, &[("Caf\u{e9} \u{2615}", ConnectionKind::Vpn)]));
    manager.set(UP, ACTIVE, "State", Value::from(3_u32));
    watching.reads(&network(false, &[]));
}

#[test]
fn absurd_connections_are_none() {
    let bus = Bus::running();
    let nowhere = tempfile::tempdir().unwrap();
    let manager = manager(&bus);
    connect(&manager);
    let watching = watch(&bus, nowhere.path());
    watching.reads(&network(true, &[("Caf\u{e9} \u{2615}", ConnectionKind::Wifi)]));
    manager.set(UP, ACTIVE, "Id", Value::from(7_u32));
    manager.set(UP, ACTIVE, "Type", Value::from("vpn"));
    watching.reads(&network(true, &[]));
    let nobody = ObjectPath::try_from("/no/such/object").unwrap();
    manager.set(PATH, MANAGER, "ActiveConnections", Value::from(vec![nobody]));
    manager.set(PATH, MANAGER, "Connectivity", Value::from(99_u32));
    watching.reads(&network(false, &[]));
    manager.set(PATH, MANAGER, "State", Value::from("fine"));
    let reason = watching.mode(NounMode::Unavailable);
    assert!(reason.contains("does not understand: State"), "{reason}");
}

#[test]
fn without_network_manager_the_kernel_is_asked() {
    let bus = Bus::running();
    let tree = tempfile::tempdir().unwrap();
    let card = tree.path().join("class/net/eth0");
    fs::create_dir_all(&card).unwrap();
    fs::create_dir_all(tree.path().join("net")).unwrap();
    fs::write(card.join("type"), "1\n").unwrap();
    fs::write(card.join("operstate"), "up\n").unwrap();
    fs::write(tree.path().join("net/route"), "Iface\neth0 00000000 0 0003 0 0 0 00000000 0 0 0\n").unwrap();

    let watching = watch(&bus, tree.path());
    let eth0 = Connection { name: "eth0".to_owned(), kind: ConnectionKind::Ethernet };
    let by_interface =
        Reading::Network(Network { online: true, connections: vec![eth0], by_interface: true });
    let said = watching.until("the kernel's view", |event| matches!(event, Event::Noun { .. }));
    let Event::Noun { health, .. } = said else { panic!("{said:?}") };
    assert_ne!(health.mode, NounMode::Unavailable);
    let reason = health.reason.unwrap();
    assert!(reason.contains("connections go by their interface's name"), "{reason}");
    watching.reads(&by_interface);

    let mut daemon = manager(&bus);
    watching.reads(&network(true, &[]));
    daemon.stop();
    watching.reads(&by_interface);
}

/// Runs `ip` with these words.
type Ip<'p> = &'p dyn Fn(&str);

/// Does this in a network of its own, which has nothing in it but the loopback, or says why it is skipped. It is given the
/// network's tree of devices, and a way to run `ip`.
fn in_a_network_of_its_own(play: fn(&Path, Ip<'_>)) {
    let play = move || {
        let tree = tempfile::tempdir().unwrap();
        if let Err(error) = leave_the_network(tree.path()) {
            println!("skipped: a network of the test's own takes root ({error})");
            return;
        }
        play(tree.path(), &|words| {
            let done = Command::new("ip").args(words.split(' ')).status().unwrap();
            assert!(done.success(), "ip {words}");
        });
    };
    // What is left is left by the thread, and by those and the processes that it starts.
    std::thread::spawn(play).join().unwrap();
}

/// Has this thread see another network, and its devices at `tree`.
fn leave_the_network(tree: &Path) -> rustix::io::Result<()> {
    let flags = UnshareFlags::NEWNET | UnshareFlags::NEWNS;
    #[expect(unsafe_code, reason = "it is safe for namespaces; what it can do beside that is not asked for")]
    // SAFETY: neither memory nor descriptors are unshared.
    unsafe {
        unshare_unsafe(flags)?;
    }
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
    mount("none", tree, "sysfs", MountFlags::RDONLY, None)
}

#[test]
fn a_cable_that_is_plugged_in_and_pulled_is_told_by_the_kernel() {
    in_a_network_of_its_own(|tree, ip| {
        let bus = Bus::running();
        let surroundings = Surroundings { proc: "/proc/thread-self".into(), ..only(&bus, &bus, tree) };
        let watching = Watching::start(Noun::Network, &Wants::default(), surroundings);
        assert_eq!(watching.mode(NounMode::Watching), REASON, "nothing is polled");
        let by_interface = |online, connected: bool| {
            let eth9 = Connection { name: "eth9".to_owned(), kind: ConnectionKind::Ethernet };
            let connections = connected.then_some(eth9).into_iter().collect();
            Reading::Network(Network { online, connections, by_interface: true })
        };
        watching.reads(&by_interface(false, false));
        // The two ends of a cable.
        ip("link add eth9 type veth peer name other");
        ip("link set other up");
        ip("link set eth9 up");
        ip("addr add 192.0.2.7/24 dev eth9");
        watching.reads(&by_interface(false, true));
        ip("route add default via 192.0.2.1 dev eth9");
        watching.reads(&by_interface(true, true));
        ip("link set other down");
        watching.reads(&by_interface(false, false));
        ip("link set other up");
        watching.reads(&by_interface(true, true));
        ip("link del eth9");
        watching.reads(&by_interface(false, false));
    });
}

const REASON: &str = "NetworkManager is not running, so connections go by their interface's name";

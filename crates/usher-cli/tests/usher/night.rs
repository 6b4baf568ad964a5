//! A night, from the messages of the machine's daemons to the runs in the journal: a real `usher watch` on a bus of its
//! own, with stand-ins for logind, UPower and NetworkManager.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use usher_testkit::{Bus, Daemon, MOCK};
use zbus::zvariant::Value;

use crate::home::{Background, Home, Watching, until};

/// A rule for everything that could come of a night, each of which only says that it woke.
const RULES: &str = "
rules:
  - { name: asleep, when: { session: suspend }, actions: [{ echo: woke }] }
  - { name: awake, when: { session: resume }, actions: [{ echo: woke }] }
  - { name: locked, when: { session: locked }, actions: [{ echo: woke }] }
  - { name: left home, when: { network: disconnected, name: Home }, actions: [{ echo: '{network.name}' }] }
  - { name: came home, when: { network: connected, name: Home }, actions: [{ echo: '{network.name}' }] }
  - { name: came to work, when: { network: connected, name: Work }, actions: [{ echo: '{network.name}' }] }
  - { name: offline, when: { network: offline }, actions: [{ echo: woke }] }
  - { name: online, when: { network: online }, actions: [{ echo: woke }] }
  - { name: on battery, when: { power: battery }, actions: [{ echo: '{power.source}' }] }
  - { name: on mains, when: { power: ac }, actions: [{ echo: '{power.source}' }] }
";

const LOGIND: &str = "org.freedesktop.login1";
const LOGIND_PATH: &str = "/org/freedesktop/login1";
const LOGIND_MANAGER: &str = "org.freedesktop.login1.Manager";
const UPOWER: &str = "org.freedesktop.UPower";
const UPOWER_PATH: &str = "/org/freedesktop/UPower";
const NETWORK: &str = "org.freedesktop.NetworkManager";
const NETWORK_PATH: &str = "/org/freedesktop/NetworkManager";
const ACTIVE: &str = "org.freedesktop.NetworkManager.Connection.Active";
/// Where the stand-in of NetworkManager takes its orders.
const ORDERS: &str = "/org/freedesktop";
const RADIO: &str = "/org/freedesktop/NetworkManager/Devices/radio";

/// `NM_ACTIVE_CONNECTION_STATE_ACTIVATED` and `..._DEACTIVATED`
const UP: u32 = 2;
const DOWN: u32 = 4;

/// The machine: its daemons on a bus of their own.
struct Machine {
    bus: Bus,
    logind: Daemon,
    upower: Daemon,
    network: Daemon,
}

impl Machine {
    /// On the mains, at home, nobody asleep.
    fn new() -> Self {
        let bus = Bus::running();
        let (logind, upower, network) = (logind(&bus), upower(&bus), network(&bus));
        Self { bus, logind, upower, network }
    }

    fn sleep(&self, begins: bool) {
        let signal = [Value::from(begins)];
        self.logind.emit(LOGIND_PATH, LOGIND_MANAGER, "PrepareForSleep", "b", &signal);
    }

    fn lock(&self, locked: bool) {
        let own = "/org/freedesktop/login1/session/c1";
        self.logind.call(own, "org.freedesktop.login1.Session", "SetLockedHint", &locked);
    }

    fn battery(&self, on: bool) {
        self.upower.set(UPOWER_PATH, UPOWER, "OnBattery", Value::from(on));
    }

    fn connection(&self, name: &str, state: u32) {
        let number = if name == "Home" { 1 } else { 2 };
        let path = format!("{NETWORK_PATH}/ActiveConnection/{number}");
        self.network.set(&path, ACTIVE, "State", Value::from(state));
    }

    fn reachable(&self, reachable: bool) {
        let (state, connectivity) = if reachable { (70_u32, 4_u32) } else { (20, 1) };
        self.network.set(NETWORK_PATH, NETWORK, "State", Value::from(state));
        self.network.set(NETWORK_PATH, NETWORK, "Connectivity", Value::from(connectivity));
    }

    fn watch(&self, home: &Home) -> Watching {
        let mut command = home.command(["watch"]);
        command.env("DBUS_SYSTEM_BUS_ADDRESS", self.bus.address());
        command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", home.path("no-bus").display()));
        home.watch_by(command)
    }
}

fn access_point(name: &str) -> String {
    format!("{NETWORK_PATH}/AccessPoint/{name}")
}

fn logind(bus: &Bus) -> Daemon {
    let logind = bus.template(LOGIND, "logind");
    let me = rustix::process::getuid().as_raw();
    logind.call(LOGIND_PATH, MOCK, "AddSession", &("c1", "seat0", me, "me", true));
    logind
}

fn upower(bus: &Bus) -> Daemon {
    let upower = bus.template(UPOWER, "upower");
    // A charge that nobody else would tell of.
    let battery = (2_u32, 2_u32, 42.0, 40.0, 100.0, 5.0, 3600_i64, 0_i64, true, "battery", 1_u32);
    upower.call(UPOWER_PATH, MOCK, "SetupDisplayDevice", &battery);
    upower.set(UPOWER_PATH, UPOWER, "OnBattery", Value::from(false));
    upower
}

fn network(bus: &Bus) -> Daemon {
    let network = bus.template(NETWORK, "networkmanager");
    network.call(ORDERS, MOCK, "AddWiFiDevice", &("radio", "wlan0", 100_i32));
    for (number, name) in [(1_u32, "Home"), (2, "Work")] {
        let point = (RADIO, name, name, "00:23:F8:7E:12:BB", 2_u32, 2425_u32, 5400_u32, 82_u8, 0x100_u32);
        network.call(ORDERS, MOCK, "AddAccessPoint", &point);
        network.call(ORDERS, MOCK, "AddWiFiConnection", &(RADIO, name, name, "wpa-psk"));
        let (profile, point) = (format!("{NETWORK_PATH}/Settings/{name}"), access_point(name));
        let state = if name == "Home" { UP } else { DOWN };
        let active = (vec![RADIO], profile.as_str(), point.as_str(), number.to_string(), state);
        network.call(ORDERS, MOCK, "AddActiveConnection", &active);
    }
    network
}

/// How often each rule has been woken, by what is in the journal, each run with its one step done.
fn runs(home: &Home) -> BTreeMap<String, usize> {
    let mut runs = BTreeMap::new();
    for step in home.json(&["log", "--json"]) {
        assert_eq!(step["action"], "echo", "{step}");
        *runs.entry(step["rule"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    runs
}

fn woke(home: &Home, rule: &str, times: usize) {
    until(&format!("`{rule}` has been woken {times} times"), || {
        runs(home).get(rule).copied().unwrap_or(0) == times
    });
}

/// A lock counts at once: when its run is in the journal, so is that of everything that had counted before.
fn lock_and_unlock(machine: &Machine, home: &Home, times: usize) {
    machine.lock(true);
    woke(home, "locked", times);
    machine.lock(false);
}

#[test]
fn a_night_makes_the_runs_of_what_has_changed_and_no_other() {
    let home = Home::with_rules(RULES);
    let machine = Machine::new();
    let _watching = machine.watch(&home);
    until("the machine is seen", || {
        ["power", "network", "session"].iter().all(|name| home.noun(name)["state"].is_string())
    });
    let seen = home.path("events.jsonl");
    let events =
        home.command(["events", "--follow", "--json"]).stdout(fs::File::create(&seen).unwrap()).spawn();
    let _events = Background(events.unwrap());
    until("events are followed", || fs::metadata(&seen).unwrap().len() > 0);
    // As the source sees it; the status says what counts.
    let is_online = || {
        let text = fs::read_to_string(&seen).unwrap();
        let mut states = text.lines().filter(|line| line.contains(r#""source":"network","kind":"state""#));
        states.next_back().map(|line| line.contains(r#""detail":{"text":"online"#))
    };

    machine.sleep(true);
    woke(&home, "asleep", 1);
    // The radio goes off with the machine, and needs five seconds to find the network again.
    machine.connection("Home", DOWN);
    machine.reachable(false);
    until("the drop is seen", || is_online() == Some(false));
    machine.sleep(false);
    woke(&home, "awake", 1);
    std::thread::sleep(Duration::from_secs(5));
    machine.reachable(true);
    machine.connection("Home", UP);
    until("the return is seen", || is_online() == Some(true));
    lock_and_unlock(&machine, &home, 1);
    let night = [("asleep", 1), ("awake", 1), ("locked", 1)];
    assert_eq!(runs(&home), night.map(|(rule, times)| (rule.to_owned(), times)).into());

    // And then the machine is carried to work. The network before it and the one after it make one change.
    machine.connection("Home", DOWN);
    machine.connection("Work", UP);
    woke(&home, "came to work", 1);
    lock_and_unlock(&machine, &home, 2);
    let day = [("asleep", 1), ("awake", 1), ("came to work", 1), ("left home", 1), ("locked", 2)];
    assert_eq!(runs(&home), day.map(|(rule, times)| (rule.to_owned(), times)).into());
    let named = home.json(&["log", "--json", "--rule", "came to work"]);
    assert!(named[0].to_string().contains("Work"), "{named:?}");
}

fn is_charged(home: &Home) -> bool {
    home.noun("power")["state"].as_str().is_some_and(|state| state.contains("42 %"))
}

#[test]
fn a_daemon_that_was_started_anew_is_heard_again() {
    let home = Home::with_rules(RULES);
    let mut machine = Machine::new();
    let _watching = machine.watch(&home);
    until("the machine is seen", || is_charged(&home) && home.noun("session")["state"].is_string());
    machine.battery(true);
    woke(&home, "on battery", 1);
    machine.battery(false);
    woke(&home, "on mains", 1);

    machine.upower.stop();
    machine.logind.stop();
    // Power is then told by the kernel; nobody else knows of the session.
    until("UPower is gone", || !is_charged(&home));
    until("logind is gone", || home.noun("session")["mode"] != "watching");
    machine.upower = upower(&machine.bus);
    machine.logind = logind(&machine.bus);
    until("UPower is back", || is_charged(&home));
    until("logind is back", || home.noun("session")["mode"] == "watching");
    machine.sleep(true);
    woke(&home, "asleep", 1);
    machine.sleep(false);
    woke(&home, "awake", 1);
    machine.battery(true);
    woke(&home, "on battery", 2);
    lock_and_unlock(&machine, &home, 1);
    let all = [("asleep", 1), ("awake", 1), ("locked", 1), ("on battery", 2), ("on mains", 1)];
    assert_eq!(runs(&home), all.map(|(rule, times)| (rule.to_owned(), times)).into());
}

#[test]
fn a_network_manager_that_was_started_anew_is_no_other_network() {
    let home = Home::with_rules(RULES);
    let mut machine = Machine::new();
    let _watching = machine.watch(&home);
    let at_home = || home.noun("network")["state"].as_str().is_some_and(|state| state.contains("Home"));
    until("the machine is seen", at_home);

    machine.network.stop();
    until("NetworkManager is gone", || home.noun("network")["reason"].is_object());
    // Longer than a network has to stand to count.
    std::thread::sleep(Duration::from_secs(4));
    machine.network = network(&machine.bus);
    until("NetworkManager is back", || home.noun("network")["reason"].is_null() && at_home());
    std::thread::sleep(Duration::from_secs(4));
    // Whether the internet can be reached is for whoever runs this test to say.
    let moved = |rule: &String| rule.contains("home") || rule.contains("work");
    assert_eq!(runs(&home).into_keys().filter(moved).collect::<Vec<_>>(), [""; 0]);

    machine.connection("Home", DOWN);
    machine.connection("Work", UP);
    woke(&home, "came to work", 1);
    assert_eq!(runs(&home).get("left home"), Some(&1));
}

#[test]
fn a_login_and_a_shutdown_wake_the_rules_that_wait_for_them() {
    let home = Home::with_rules(
        "
rules:
  - { name: at login, when: { session: login }, actions: [{ echo: woke }] }
  - { name: at the end, when: { session: shutdown }, actions: [{ echo: woke }] }
  - { name: locked, when: { session: locked }, actions: [{ echo: woke }] }
",
    );
    let machine = Machine::new();
    let _watching = machine.watch(&home);
    until("the session is seen", || home.noun("session")["state"].is_string());
    let me = rustix::process::getuid().as_raw();
    let begins = |id: &str, user: u32| {
        machine.logind.call(LOGIND_PATH, MOCK, "AddSession", &(id, format!("seat_{id}"), user, "me", true));
        let path = format!("{LOGIND_PATH}/session/{id}");
        let path = zbus::zvariant::ObjectPath::try_from(path).unwrap();
        let signal = [Value::from(id), Value::from(path)];
        machine.logind.emit(LOGIND_PATH, LOGIND_MANAGER, "SessionNew", "so", &signal);
    };
    lock_and_unlock(&machine, &home, 1);
    begins("c7", me + 7);
    begins("c8", me);
    woke(&home, "at login", 1);
    machine.logind.emit(LOGIND_PATH, LOGIND_MANAGER, "PrepareForShutdown", "b", &[Value::from(true)]);
    woke(&home, "at the end", 1);
    let all = [("at login", 1), ("at the end", 1), ("locked", 1)];
    assert_eq!(runs(&home), all.map(|(rule, times)| (rule.to_owned(), times)).into());
}

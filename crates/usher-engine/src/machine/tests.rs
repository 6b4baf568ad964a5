use usher_event::{Connection, ConnectionKind, Network, Power, PowerSource, Session, Volume};

use super::*;

fn at(seconds: u64) -> (Duration, Timestamp) {
    (Duration::from_secs(seconds), Timestamp::from_second(i64::try_from(seconds).unwrap()).unwrap())
}

fn wifi(names: &[&str]) -> Reading {
    let connection = |name: &&str| Connection { name: (*name).to_owned(), kind: ConnectionKind::Wifi };
    Reading::Network(Network {
        online: !names.is_empty(),
        connections: names.iter().map(connection).collect(),
        by_interface: false,
    })
}

fn names(edges: &[Edge]) -> Vec<&'static str> {
    edges.iter().map(Edge::name).collect()
}

struct Bench {
    machine: Machine,
    told: Vec<Edge>,
}

impl Bench {
    fn new(first: Reading) -> Self {
        let mut machine = Machine::default();
        machine.read(first, at(0).0, at(0).1);
        Self { machine, told: Vec::new() }
    }

    fn read(&mut self, seconds: u64, reading: Reading) {
        self.until(seconds);
        self.machine.read(reading, at(seconds).0, at(seconds).1);
    }

    fn moment(&mut self, seconds: u64, moment: Moment) {
        self.until(seconds);
        self.machine.moment(moment, at(seconds).0);
    }

    /// Turns at each moment at which something is due, as an owner does.
    fn until(&mut self, seconds: u64) {
        while let Some(due) = self.machine.due().filter(|due| *due <= at(seconds).0) {
            let moment = Timestamp::UNIX_EPOCH + due;
            self.told.extend(self.machine.settle(due, moment));
        }
    }
}

#[test]
fn the_first_reading_is_no_edge_and_a_lasting_change_is_one() {
    let mut bench = Bench::new(wifi(&["Home"]));
    bench.read(10, wifi(&["Office"]));
    bench.until(12);
    assert_eq!(names(&bench.told), [""; 0], "it has not stood long enough");
    bench.until(20);
    assert_eq!(names(&bench.told), ["network.disconnected", "network.connected"]);
    assert_eq!(bench.machine.view(Noun::Network).unwrap().since, Some(at(13).1));
}

#[test]
fn what_flickers_is_no_edge() {
    let mut bench = Bench::new(wifi(&["Home"]));
    for second in (10..40).step_by(2) {
        bench.read(second, wifi(&[]));
        bench.read(second + 1, wifi(&["Home"]));
    }
    bench.until(100);
    assert_eq!(bench.told, []);
}

#[test]
fn a_night_with_a_wifi_that_drops_has_no_edges_and_another_place_has_one_of_each() {
    let mut bench = Bench::new(wifi(&["Home"]));
    bench.moment(10, Moment::Suspend);
    bench.read(11, wifi(&[]));
    // The ticks stand still while the machine sleeps.
    bench.moment(12, Moment::Resume);
    bench.read(17, wifi(&["Home"]));
    bench.until(2000);
    assert_eq!(bench.told, [], "as before");

    bench.moment(3000, Moment::Suspend);
    bench.read(3001, wifi(&[]));
    bench.moment(3002, Moment::Resume);
    bench.read(3006, wifi(&["Office"]));
    bench.until(5000);
    assert_eq!(names(&bench.told), ["network.disconnected", "network.connected"]);
}

#[test]
fn a_sleep_that_does_not_come_holds_nothing_back_for_long() {
    let mut bench = Bench::new(wifi(&["Home"]));
    bench.moment(10, Moment::Suspend);
    bench.read(11, wifi(&["Office"]));
    bench.until(60);
    assert_eq!(bench.told, []);
    bench.until(80);
    assert_eq!(names(&bench.told), ["network.disconnected", "network.connected"]);
}

#[test]
fn the_lock_counts_at_once_even_on_the_way_to_sleep() {
    let mut bench = Bench::new(Reading::Session(Session { locked: false }));
    bench.moment(10, Moment::Suspend);
    bench.read(11, Reading::Session(Session { locked: true }));
    bench.until(11);
    assert_eq!(names(&bench.told), ["session.locked"]);
}

#[test]
fn a_pause_holds_readings_until_it_is_over() {
    let power = |source| Reading::Power(Power { source, percent: Some(50) });
    let mut bench = Bench::new(power(PowerSource::Ac));
    bench.machine.pause(true);
    bench.read(10, power(PowerSource::Battery));
    bench.until(100);
    assert_eq!(bench.told, []);
    bench.machine.pause(false);
    bench.until(101);
    assert_eq!(names(&bench.told), ["power.battery"]);
}

#[test]
fn a_change_without_end_is_taken_as_it_is_at_last() {
    let mut bench = Bench::new(wifi(&["a"]));
    for second in 10..40 {
        bench.read(second, wifi(&[if second % 2 == 0 { "b" } else { "c" }]));
    }
    bench.until(39);
    assert!(!bench.told.is_empty());
}

#[test]
fn a_drive_with_another_system_on_it_is_another_drive() {
    let drive = |uuid: &str| Volume { path: "/media/x".into(), uuid: Some(uuid.into()), ..Volume::default() };
    let mut bench = Bench::new(Reading::Volume(vec![drive("1")]));
    bench.read(10, Reading::Volume(vec![drive("2")]));
    bench.until(20);
    assert_eq!(names(&bench.told), ["volume.unmounted", "volume.mounted"]);
    bench.machine.forget(Noun::Volume);
    assert_eq!(bench.machine.state().volumes, None);
}

#[test]
fn names_that_nobody_knows_for_a_while_are_no_change_of_network() {
    let by_interface = |online| {
        let connections = vec![Connection { name: "wlan0".to_owned(), kind: ConnectionKind::Wifi }];
        Reading::Network(Network { online, connections, by_interface: true })
    };
    let mut bench = Bench::new(wifi(&["Home"]));
    bench.read(10, by_interface(true));
    bench.until(30);
    // Whoever knows the names is back, and needs a moment to see what is connected.
    bench.read(40, Reading::Network(Network { online: true, ..Network::default() }));
    bench.read(41, wifi(&["Home"]));
    bench.until(60);
    assert_eq!(names(&bench.told), [""; 0]);
    // What is true is told whoever tells it, and once.
    bench.read(70, by_interface(true));
    bench.read(71, by_interface(false));
    bench.until(80);
    assert_eq!(names(&bench.told), ["network.offline"]);
    bench.read(90, Reading::Network(Network::default()));
    bench.until(100);
    assert_eq!(names(&bench.told), ["network.offline", "network.disconnected"]);
}

#[test]
fn what_cannot_be_seen_is_not_so_and_what_comes_back_as_it_was_is_no_edge() {
    let mut bench = Bench::new(Reading::Session(Session { locked: true }));
    let health = |bench: &mut Bench, health| bench.machine.health(Noun::Session, health);
    health(&mut bench, NounHealth::unavailable(usher_event::Sentence::foreign("logind is not running")));
    assert_eq!(bench.machine.state().session, None);
    health(&mut bench, NounHealth::watching());
    bench.read(10, Reading::Session(Session { locked: true }));
    assert!(bench.machine.state().session.is_some_and(|session| session.locked));
    bench.until(20);
    assert_eq!(names(&bench.told), [""; 0]);
    health(&mut bench, NounHealth::unavailable(usher_event::Sentence::foreign("logind is not running")));
    bench.read(30, Reading::Session(Session { locked: false }));
    bench.until(40);
    assert_eq!(names(&bench.told), ["session.unlocked"]);
}

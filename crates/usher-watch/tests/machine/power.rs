//! Power, from a stand-in for UPower and from a folder that looks like the kernel's.

use usher_event::{Event, Noun, NounHealth, NounMode, Power, PowerSource, Reading};
use usher_testkit::{Bus, Daemon, MOCK};
use usher_watch::{Surroundings, Wants};
use zbus::zvariant::Value;

use crate::support::{Watching, only};

const UPOWER: &str = "org.freedesktop.UPower";
const PATH: &str = "/org/freedesktop/UPower";
const DEVICE: &str = "org.freedesktop.UPower.Device";
const DISPLAYED: &str = "/org/freedesktop/UPower/devices/DisplayDevice";

pub(crate) fn upower(bus: &Bus) -> Daemon {
    let upower = bus.template(UPOWER, "upower");
    charge(&upower, 42.0);
    upower
}

/// A battery that is this full.
fn charge(upower: &Daemon, percent: f64) {
    let battery = (2_u32, 2_u32, percent, 40.0, 100.0, 5.0, 3600_i64, 0_i64, true, "battery", 1_u32);
    upower.call(PATH, MOCK, "SetupDisplayDevice", &battery);
}

fn power(source: PowerSource, percent: Option<u8>) -> Reading {
    Reading::Power(Power { source, percent })
}

fn watch(surroundings: Surroundings) -> Watching {
    Watching::start(Noun::Power, &Wants::default(), surroundings)
}

#[test]
fn upower_is_read_and_followed() {
    let bus = Bus::running();
    let nowhere = tempfile::tempdir().unwrap();
    let upower = upower(&bus);
    let watching = watch(only(&bus, &bus, nowhere.path()));
    assert_eq!(watching.next(), Event::Noun { noun: Noun::Power, health: NounHealth::watching() });
    assert_eq!(watching.next(), Event::State { reading: power(PowerSource::Ac, Some(42)) });

    upower.set(PATH, UPOWER, "OnBattery", Value::from(true));
    watching.reads(&power(PowerSource::Battery, Some(42)));
    upower.set(DISPLAYED, DEVICE, "Percentage", Value::from(17.4));
    watching.reads(&power(PowerSource::Battery, Some(17)));
}

#[test]
fn absurd_batteries_have_no_charge() {
    let bus = Bus::running();
    let nowhere = tempfile::tempdir().unwrap();
    let upower = upower(&bus);
    let watching = watch(only(&bus, &bus, nowhere.path()));
    watching.reads(&power(PowerSource::Ac, Some(42)));
    upower.set(DISPLAYED, DEVICE, "Percentage", Value::from(4e9));
    watching.reads(&power(PowerSource::Ac, None));
    charge(&upower, 99.0);
    watching.reads(&power(PowerSource::Ac, Some(99)));
    upower.set(DISPLAYED, DEVICE, "IsPresent", Value::from("yes"));
    watching.reads(&power(PowerSource::Ac, None));
    upower.set(PATH, UPOWER, "OnBattery", Value::from("perhaps"));
    let reason = watching.mode(NounMode::Unavailable);
    assert!(reason.contains("does not understand: OnBattery"), "{reason}");
    upower.set(PATH, UPOWER, "OnBattery", Value::from(true));
    watching.reads(&power(PowerSource::Battery, None));
}

#[test]
fn upower_may_go_and_come_back() {
    let bus = Bus::running();
    let nowhere = tempfile::tempdir().unwrap();
    let mut daemon = upower(&bus);
    let watching = watch(only(&bus, &bus, nowhere.path()));
    watching.reads(&power(PowerSource::Ac, Some(42)));
    daemon.stop();
    let reason = watching.mode(NounMode::Unavailable);
    assert!(reason.starts_with("UPower is not running; install and start it"), "{reason}");
    let _daemon = upower(&bus);
    watching.mode(NounMode::Watching);
    watching.reads(&power(PowerSource::Ac, Some(42)));
}

#[test]
fn the_bus_may_come_late_and_go_and_come_back() {
    let mut bus = Bus::absent();
    let nowhere = tempfile::tempdir().unwrap();
    let watching = watch(only(&bus, &bus, nowhere.path()));
    let reason = watching.mode(NounMode::Unavailable);
    assert!(reason.contains("does not reach the system bus"), "{reason}");
    for _ in 0..2 {
        bus.start();
        let daemon = upower(&bus);
        watching.reads(&power(PowerSource::Ac, Some(42)));
        bus.stop();
        watching.mode(NounMode::Unavailable);
        drop(daemon);
    }
}

#[test]
fn without_upower_the_kernel_is_asked() {
    let bus = Bus::running();
    let sys = tempfile::tempdir().unwrap();
    let battery = sys.path().join("class/power_supply/BAT0");
    std::fs::create_dir_all(&battery).unwrap();
    for (name, word) in [("type", "Battery"), ("status", "Discharging"), ("capacity", "64")] {
        std::fs::write(battery.join(name), word).unwrap();
    }
    let watching = watch(only(&bus, &bus, sys.path()));
    let reason = watching.mode(NounMode::Polling);
    assert!(reason.ends_with("until then Usher looks once a minute"), "{reason}");
    watching.reads(&power(PowerSource::Battery, Some(64)));

    let mut daemon = upower(&bus);
    watching.mode(NounMode::Watching);
    watching.reads(&power(PowerSource::Ac, Some(42)));
    daemon.stop();
    watching.mode(NounMode::Polling);
    watching.reads(&power(PowerSource::Battery, Some(64)));
}

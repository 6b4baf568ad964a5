//! Idleness, from a stand-in for GNOME's idle monitor and from a real X server.

use std::process::Command;
use std::time::Duration;

use usher_event::{Event, Idle, Noun, NounHealth, NounMode, Reading};
use usher_testkit::{Bus, Daemon, MOCK};
use usher_watch::{Surroundings, Wants};
use zbus::zvariant::Value;

use crate::compositor::Compositor;
use crate::support::{Watching, only};
use crate::xserver::XServer;

const MUTTER: &str = "org.gnome.Mutter.IdleMonitor";
const PATH: &str = "/org/gnome/Mutter/IdleMonitor/Core";

fn reading(seconds: u64) -> Reading {
    Reading::Idle(Idle { seconds })
}

fn wants(seconds: &[u64]) -> Wants {
    Wants { idle: seconds.iter().map(|seconds| Duration::from_secs(*seconds)).collect() }
}

/// An idle monitor that numbers its watches: those for times from 1 on, those for a return from 1001 on.
pub(crate) fn mutter(bus: &Bus) -> Daemon {
    let mutter = bus.bare(MUTTER, PATH);
    let methods = [
        ("GetIdletime", "", "t", "ret = getattr(self, 'idle', 0)"),
        ("AddIdleWatch", "t", "u", "self.n = getattr(self, 'n', 0) + 1; ret = self.n"),
        ("AddUserActiveWatch", "", "u", "self.m = getattr(self, 'm', 1000) + 1; ret = self.m"),
        ("SetIdle", "t", "", "self.idle = args[0]"),
    ];
    mutter.call(PATH, MOCK, "AddMethods", &(MUTTER, methods.as_slice()));
    mutter
}

fn fires(mutter: &Daemon, idle: Duration, watch: u32) {
    mutter.call(PATH, MUTTER, "SetIdle", &(idle.as_millis() as u64));
    mutter.emit(PATH, MUTTER, "WatchFired", "u", &[Value::from(watch)]);
}

#[test]
fn the_idle_monitor_tells_of_times_and_of_the_return() {
    let bus = Bus::running();
    let nowhere = tempfile::tempdir().unwrap();
    let mutter = mutter(&bus);
    let watching = Watching::start(Noun::Idle, &wants(&[60, 300]), only(&bus, &bus, nowhere.path()));
    assert_eq!(watching.next(), Event::Noun { noun: Noun::Idle, health: NounHealth::watching() });
    assert_eq!(watching.next(), Event::State { reading: reading(0) });

    // A hair early, as clocks are.
    fires(&mutter, Duration::from_millis(59_990), 1);
    assert_eq!(watching.next(), Event::State { reading: reading(60) });
    fires(&mutter, Duration::from_secs(300), 2);
    assert_eq!(watching.next(), Event::State { reading: reading(300) });
    fires(&mutter, Duration::ZERO, 1001);
    assert_eq!(watching.next(), Event::State { reading: reading(0) });
    // And once more: the watch for the return is a new one.
    fires(&mutter, Duration::from_secs(60), 1);
    assert_eq!(watching.next(), Event::State { reading: reading(60) });
    fires(&mutter, Duration::ZERO, 1002);
    assert_eq!(watching.next(), Event::State { reading: reading(0) });
}

#[test]
fn a_return_before_it_was_asked_for_is_not_missed() {
    let bus = Bus::running();
    let nowhere = tempfile::tempdir().unwrap();
    let mutter = mutter(&bus);
    // Whoever asks to be told of the return finds that the user has just been here.
    let late = [("AddUserActiveWatch", "", "u", "self.idle = 0; ret = 1001")];
    mutter.call(PATH, MOCK, "AddMethods", &(MUTTER, late.as_slice()));
    let watching = Watching::start(Noun::Idle, &wants(&[60, 300]), only(&bus, &bus, nowhere.path()));
    watching.reads(&reading(0));
    fires(&mutter, Duration::from_secs(60), 1);
    mutter.is_called(PATH, "AddUserActiveWatch");
    // That was no time to tell of. The watch for the return is still there, so this one stands.
    fires(&mutter, Duration::from_secs(300), 2);
    assert_eq!(watching.next(), Event::State { reading: reading(300) });
}

#[test]
fn without_monitor_and_display_it_says_so() {
    let bus = Bus::running();
    let nowhere = tempfile::tempdir().unwrap();
    let watching = Watching::start(Noun::Idle, &wants(&[60]), only(&bus, &bus, nowhere.path()));
    let reason = watching.mode(NounMode::Unavailable);
    assert!(reason.starts_with("there is no display to see idleness on"), "{reason}");
}

#[test]
fn a_monitor_that_goes_is_missed() {
    let bus = Bus::running();
    let nowhere = tempfile::tempdir().unwrap();
    let mut mutter = mutter(&bus);
    let watching = Watching::start(Noun::Idle, &wants(&[60]), only(&bus, &bus, nowhere.path()));
    watching.reads(&reading(0));
    mutter.stop();
    let reason = watching.mode(NounMode::Unavailable);
    assert!(reason.ends_with("(GNOME's idle monitor is not running)"), "{reason}");
}

#[test]
fn the_x_server_tells_of_times_and_of_the_return() {
    let bus = Bus::absent();
    let nowhere = tempfile::tempdir().unwrap();
    let mut server = XServer::start();
    let display = server.place.clone();
    let touch = || {
        let mut xdotool = Command::new("xdotool");
        xdotool.args(["mousemove_relative", "--", "1", "1"]).env("DISPLAY", &display);
        assert!(xdotool.status().unwrap().success());
    };
    touch();
    let surroundings = Surroundings { display: Some(display.clone()), ..only(&bus, &bus, nowhere.path()) };
    let watching = Watching::start(Noun::Idle, &wants(&[1, 2]), surroundings);
    watching.mode(NounMode::Watching);
    for _ in 0..2 {
        watching.reads(&reading(1));
        watching.reads(&reading(2));
        touch();
        watching.reads(&reading(0));
    }
    server.end();
    let reason = watching.mode(NounMode::Unavailable);
    assert!(reason.contains("does not tell for how long nobody was there"), "{reason}");
    server.start_anew();
    watching.mode(NounMode::Watching);
    touch();
    watching.reads(&reading(1));
}

/// A source that has this compositor and nothing else.
fn on(compositor: &Compositor, seconds: &[u64]) -> Watching {
    let nobody = Bus::absent();
    let nowhere = std::path::Path::new("/nonexistent");
    let surroundings =
        Surroundings { wayland: Some(compositor.display()), ..only(&nobody, &nobody, nowhere) };
    Watching::start(Noun::Idle, &wants(seconds), surroundings)
}

#[test]
fn a_compositor_tells_of_times_and_of_the_return() {
    let (short, long) = (Duration::from_secs(60), Duration::from_secs(300));
    for version in [1, 2] {
        let dir = tempfile::tempdir().unwrap();
        let compositor = Compositor::at(&dir.path().join("wayland"), Some(version));
        let watching = on(&compositor, &[300, 60]);
        assert_eq!(compositor.asked(), (short, version == 2));
        assert_eq!(compositor.asked(), (long, version == 2));
        watching.mode(NounMode::Watching);
        watching.reads(&reading(0));
        compositor.idled(short);
        watching.reads(&reading(60));
        compositor.idled(long);
        watching.reads(&reading(300));
        compositor.resumed(short);
        compositor.resumed(long);
        watching.reads(&reading(0));
        let place = compositor.display();
        drop(compositor);
        let reason = watching.mode(NounMode::Unavailable);
        assert!(reason.contains("the connection was lost"), "{reason}");
        // Another one at the same place is asked as well.
        let another = Compositor::at(place.as_ref(), Some(version));
        assert_eq!((another.asked().0, another.asked().0), (short, long));
        watching.mode(NounMode::Watching);
        another.idled(short);
        watching.reads(&reading(60));
    }
}

#[test]
fn a_compositor_that_does_not_tell_is_named_as_the_reason() {
    let compositor = Compositor::start(None);
    let watching = on(&compositor, &[60]);
    let reason = watching.mode(NounMode::Unavailable);
    assert!(reason.contains("it does not offer the protocol ext-idle-notify-v1"), "{reason}");
}

//! Displays, from a Wayland compositor of the test's own.

use std::path::Path;

use usher_event::{Display, Noun, NounMode, Reading};
use usher_testkit::Bus;
use usher_watch::{Surroundings, Wants};

use crate::compositor::Compositor;
use crate::support::{Watching, only};
use crate::xserver::XServer;

fn reading(names: &[&str]) -> Reading {
    Reading::Display(names.iter().map(|name| Display { name: (*name).to_owned() }).collect())
}

fn on(display: String) -> Watching {
    let nobody = Bus::absent();
    let surroundings =
        Surroundings { wayland: Some(display), ..only(&nobody, &nobody, Path::new("/nonexistent")) };
    Watching::start(Noun::Display, &Wants::default(), surroundings)
}

#[test]
fn a_compositor_tells_of_displays_as_they_come_and_go() {
    let compositor = Compositor::start(None);
    let watching = on(compositor.display());
    watching.mode(NounMode::Watching);
    watching.reads(&reading(&[]));
    compositor.plugged("eDP-1");
    watching.reads(&reading(&["eDP-1"]));
    compositor.plugged("DP-1");
    watching.reads(&reading(&["DP-1", "eDP-1"]));
    compositor.unplugged("DP-1");
    watching.reads(&reading(&["eDP-1"]));
    // Who comes later is told of what is there.
    let later = on(compositor.display());
    later.reads(&reading(&["eDP-1"]));
    drop(later);
    drop(compositor);
    let reason = watching.mode(NounMode::Unavailable);
    assert!(reason.contains("Displays of the Wayland compositor"), "{reason}");
}

#[test]
fn a_compositor_that_is_started_anew_is_asked_again() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("wayland");
    let compositor = Compositor::at(&place, None);
    let watching = on(compositor.display());
    compositor.plugged("eDP-1");
    watching.reads(&reading(&["eDP-1"]));
    drop(compositor);
    watching.mode(NounMode::Unavailable);
    let compositor = Compositor::at(&place, None);
    watching.mode(NounMode::Watching);
    compositor.plugged("DP-1");
    watching.reads(&reading(&["DP-1"]));
}

#[test]
fn an_x_server_that_is_killed_and_started_anew_is_asked_again() {
    let mut server = XServer::start();
    let nobody = Bus::absent();
    let surroundings = Surroundings {
        display: Some(server.place.clone()),
        ..only(&nobody, &nobody, Path::new("/nonexistent"))
    };
    let watching = Watching::start(Noun::Display, &Wants::default(), surroundings);
    for _ in 0..2 {
        watching.mode(NounMode::Watching);
        watching.reads(&reading(&["screen"]));
        server.end();
        let reason = watching.mode(NounMode::Unavailable);
        assert!(reason.contains(&format!("the X server {}", server.place)), "{reason}");
        server.start_anew();
    }
    watching.reads(&reading(&["screen"]));
}

#[test]
fn a_compositor_that_is_not_there_is_named() {
    let watching = on("/nonexistent/wayland-0".to_owned());
    let reason = watching.mode(NounMode::Unavailable);
    assert!(reason.contains("/nonexistent/wayland-0 cannot be reached"), "{reason}");
}

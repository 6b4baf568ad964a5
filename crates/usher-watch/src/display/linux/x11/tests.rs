//! The source over an X server of its own, where there is Xvfb.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use usher_event::{Display, Event, Noun, NounHealth, Reading};
use x11rb::protocol::randr::MonitorInfo;

use super::*;
use crate::source::{Sink, Source};
use crate::surroundings::Surroundings;

/// Long enough for a busy machine; only a failing test waits for it.
const SOON: Duration = Duration::from_secs(30);

/// A virtual X server that ends with the test.
struct Server {
    process: Child,
    place: String,
}

impl Server {
    /// Starts one, or says why not.
    fn start() -> Option<Self> {
        let arguments = ["-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp"];
        let process =
            Command::new("Xvfb").args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut process = match process {
            Ok(process) => process,
            Err(error) => {
                println!("skipped: displays take Xvfb to be tested ({error})");
                return None;
            }
        };
        let mut number = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Some(Self { process, place: format!(":{}", number.trim()) })
    }

    fn end(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn start_there(place: &str) -> (Box<dyn Source>, Receiver<Event>) {
    let (send, events) = channel();
    let sink: Sink = Arc::new(move |event| drop(send.send(event)));
    let surroundings = Surroundings {
        display: Some(place.to_owned()),
        wayland: Some(String::new()),
        ..Surroundings::default()
    };
    let source = crate::display::start(Teller::new(Noun::Display, sink), surroundings).unwrap();
    (source, events)
}

fn state(names: &[&str]) -> Event {
    let displays = names.iter().map(|name| Display { name: (*name).to_owned() }).collect();
    Event::State { reading: Reading::Display(displays) }
}

/// A monitor that lies beside the server's own.
fn beside(name: u32) -> MonitorInfo {
    MonitorInfo {
        name,
        primary: false,
        automatic: false,
        x: 320,
        y: 0,
        width: 320,
        height: 480,
        width_in_millimeters: 80,
        height_in_millimeters: 120,
        outputs: Vec::new(),
    }
}

#[test]
fn a_display_is_seen_coming_and_going_and_so_is_the_servers_end() {
    let Some(mut server) = Server::start() else { return };
    let (source, events) = start_there(&server.place);
    let next = || events.recv_timeout(SOON);
    assert_eq!(next(), Ok(Event::Noun { noun: Noun::Display, health: NounHealth::watching() }));
    assert_eq!(next(), Ok(state(&["screen"])));

    let (other, screen) = RustConnection::connect(Some(&server.place)).unwrap();
    let root = other.setup().roots[screen].root;
    let name = other.intern_atom(false, b"HDMI-1").unwrap().reply().unwrap().atom;
    other.randr_set_monitor(root, beside(name)).unwrap().check().unwrap();
    assert_eq!(next(), Ok(state(&["HDMI-1", "screen"])));
    other.randr_delete_monitor(root, name).unwrap().check().unwrap();
    assert_eq!(next(), Ok(state(&["screen"])));

    server.end();
    let Ok(Event::Noun { noun: Noun::Display, health }) = next() else { panic!("no word of the end") };
    assert_eq!(health.mode, usher_event::NounMode::Unavailable);
    drop(source);
    // It may have tried once more by then.
    assert!(events.iter().all(|event| matches!(event, Event::Noun { .. })));
}

#[test]
fn a_source_that_is_dropped_ends_while_nothing_happens() {
    let Some(server) = Server::start() else { return };
    let (source, events) = start_there(&server.place);
    assert!(events.recv_timeout(SOON).is_ok());
    drop(source);
    // Ends only when the thread, and its sink with it, is gone.
    assert!(events.iter().all(|event| event == state(&["screen"])));
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let (_source, events) = start_there(":987");
    let Ok(Event::Noun { health, .. }) = events.recv_timeout(SOON) else { panic!("nothing was said") };
    assert!(health.reason.is_some_and(|reason| reason.contains("the X server :987")));
}

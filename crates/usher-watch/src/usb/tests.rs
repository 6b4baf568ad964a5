//! The source over a bus that plays what was recorded.

use std::sync::mpsc::channel;

use usher_event::{Event, NounHealth, sentence};

use super::*;
use crate::source::Sink;

/// A bus that lists one recording after the other and then stops.
struct Recorded(Vec<Result<Vec<Attached>, String>>);

impl Bus for Recorded {
    fn list(&self) -> Result<Vec<Attached>, String> {
        self.0[0].clone()
    }

    fn changed(&mut self) -> bool {
        self.0.remove(0).ok();
        !self.0.is_empty()
    }
}

fn keyboard() -> Attached {
    Attached {
        vendor: 0x046d,
        product: 0xc31c,
        maker: Some("Logitech".to_owned()),
        name: Some("USB Keyboard".to_owned()),
        bus: "001".to_owned(),
        ports: vec![2],
        ..Attached::default()
    }
}

fn stick() -> Attached {
    Attached {
        vendor: 0x0781,
        product: 0x5581,
        serial: Some(" 4C530001 \0".to_owned()),
        maker: Some("SanDisk".to_owned()),
        name: Some("  ".to_owned()),
        bus: "001".to_owned(),
        ports: vec![1, 3],
        ..Attached::default()
    }
}

fn hub() -> Attached {
    Attached { class: HUB, bus: "001".to_owned(), ports: vec![1], ..Attached::default() }
}

fn played(recordings: Vec<Result<Vec<Attached>, String>>) -> Vec<Event> {
    let (send, events) = channel();
    let sink: Sink = Arc::new(move |event| drop(send.send(event)));
    let teller = Teller::new(Noun::Usb, sink);
    watch(&teller, Recorded(recordings));
    drop(teller);
    events.iter().collect()
}

#[test]
fn devices_come_and_go_as_whole_readings() {
    let keys = || vec![hub(), keyboard()];
    let with_stick = vec![keyboard(), stick(), hub()];
    let in_other_order = vec![hub(), stick(), keyboard()];
    let events = played(vec![Ok(keys()), Ok(with_stick), Ok(in_other_order), Ok(keys())]);

    let keyboard = UsbDevice {
        vendor: "046d".to_owned(),
        product: "c31c".to_owned(),
        serial: None,
        name: Some("USB Keyboard".to_owned()),
        port: "001-2".to_owned(),
    };
    let stick = UsbDevice {
        vendor: "0781".to_owned(),
        product: "5581".to_owned(),
        serial: Some("4C530001".to_owned()),
        name: Some("SanDisk".to_owned()),
        port: "001-1.3".to_owned(),
    };
    let state = |devices: &[&UsbDevice]| Event::State {
        reading: Reading::Usb(devices.iter().map(|device| (*device).clone()).collect()),
    };
    let want = [
        Event::Noun { noun: Noun::Usb, health: NounHealth::watching() },
        state(&[&keyboard]),
        state(&[&stick, &keyboard]),
        state(&[&keyboard]),
    ];
    assert_eq!(events, want);
}

#[test]
fn a_bus_that_fails_for_a_while_is_told_and_heals() {
    let events = played(vec![Err("no such bus".to_owned()), Ok(Vec::new())]);
    let health = |health| Event::Noun { noun: Noun::Usb, health };
    let want = [
        health(NounHealth::unavailable(sentence!(
            "usb-unlisted",
            "USB devices cannot be listed: {why}.",
            why = "no such bus"
        ))),
        health(NounHealth::watching()),
        Event::State { reading: Reading::Usb(Vec::new()) },
    ];
    assert_eq!(events, want);
}

#[test]
fn this_machines_bus_is_watched_or_said_to_be_missing_and_can_be_left() {
    let (send, events) = channel();
    let sink: Sink = Arc::new(move |event| drop(send.send(event)));
    let source = start(Teller::new(Noun::Usb, sink)).unwrap();
    let first = events.recv().unwrap();
    let is_there = std::path::Path::new("/sys/bus/usb/devices").exists() || !cfg!(target_os = "linux");
    let Event::Noun { noun: Noun::Usb, health } = first else { panic!("{first:?}") };
    assert_eq!(health == NounHealth::watching(), is_there, "{health:?}");
    drop(source);
    let last: Vec<_> = events.iter().collect();
    assert!(last.iter().all(|event| matches!(event, Event::State { reading: Reading::Usb(_) })), "{last:?}");
}

#[test]
fn a_bus_that_cannot_be_opened_or_tells_no_more_is_opened_again() {
    let (send, events) = channel();
    let sink: Sink = Arc::new(move |event| drop(send.send(event)));
    let teller = Teller::new(Noun::Usb, sink);
    let attempts = std::cell::RefCell::new(vec![
        Err("there is no bus".to_owned()),
        Ok(Recorded(vec![Ok(vec![keyboard()])])),
        Ok(Recorded(vec![Ok(vec![keyboard(), stick()])])),
    ]);
    let mut pauses = Vec::new();
    let open = || attempts.borrow_mut().remove(0);
    let pause = |pause: std::time::Duration| {
        pauses.push(pause.as_secs());
        pauses.len() < 3
    };
    keep_watching(&teller, || watch_new(&teller, open, || false), pause);
    assert_eq!(pauses, [1, 2, 4]);
    drop(teller);
    let seen = |event: &Event| match event {
        Event::State { reading: Reading::Usb(devices) } => Some(devices.len().to_string()),
        Event::Noun { health, .. } => {
            Some(health.reason.clone().map_or_else(|| "seen".to_owned(), String::from))
        }
        _ => None,
    };
    let told: Vec<_> = events.iter().filter_map(|event| seen(&event)).collect();
    let over = "The system tells no more of USB devices; Usher asks it again.";
    let refused = "USB devices cannot be watched: there is no bus. Usher tries again.";
    assert_eq!(told, [refused, "seen", "1", over, "seen", "2", over]);
}

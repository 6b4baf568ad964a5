//! While nothing happens, nothing of a source wakes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use usher_event::{Noun, NounMode};
use usher_testkit::Bus;
use usher_watch::{Surroundings, Wants};

use crate::support::{SOON, Watching, only};
use crate::xserver::XServer;
use crate::{idle, network, power, session};

/// How often each thread of the sources has gone to sleep so far.
fn sleeps() -> BTreeMap<String, String> {
    let mut sleeps = BTreeMap::new();
    for task in fs::read_dir("/proc/self/task").unwrap().flatten() {
        // A thread that has just ended is none.
        let Ok(name) = fs::read_to_string(task.path().join("comm")) else { continue };
        let Ok(status) = fs::read_to_string(task.path().join("status")) else { continue };
        if ["usher-", "async-io", "nusb"].iter().any(|own| name.starts_with(own)) {
            let count = status.lines().find(|line| line.starts_with("voluntary_ctxt_switches")).unwrap();
            let id = task.file_name().to_string_lossy().into_owned();
            sleeps.insert(format!("{} {id}", name.trim()), count.to_owned());
        }
    }
    sleeps
}

#[test]
fn while_nothing_happens_no_thread_wakes() {
    let bus = Bus::running();
    let nowhere = tempfile::tempdir().unwrap();
    let _daemons = (power::upower(&bus), network::manager(&bus), session::logind(&bus), idle::mutter(&bus));
    let wants = Wants { idle: vec![Duration::from_secs(60)] };
    let server = XServer::start();
    let mut nouns = vec![Noun::Power, Noun::Network, Noun::Session, Noun::Idle, Noun::Volume, Noun::Display];
    match Path::new("/sys/bus/usb/devices").exists() {
        true => nouns.push(Noun::Usb),
        false => println!("skipped: no USB here that could be quiet"),
    }
    let surroundings =
        || Surroundings { display: Some(server.place.clone()), ..only(&bus, &bus, nowhere.path()) };
    let sources: Vec<_> = nouns.iter().map(|noun| Watching::start(*noun, &wants, surroundings())).collect();
    for source in &sources {
        source.mode(NounMode::Watching);
    }
    // What was still under way may take its time; something that wakes by itself never ends.
    let deadline = Instant::now() + SOON;
    loop {
        let before = sleeps();
        assert!(before.len() > nouns.len(), "{before:?}");
        std::thread::sleep(Duration::from_secs(3));
        let after = sleeps();
        if before == after {
            return;
        }
        assert!(Instant::now() < deadline, "these still wake: {before:#?} {after:#?}");
    }
}

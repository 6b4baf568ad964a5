//! While nothing happens, nothing of a source wakes.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use usher_event::{Noun, NounMode};
use usher_testkit::Bus;
use usher_watch::Wants;

use crate::support::{SOON, Watching, only};
use crate::{idle, network, power, session};

/// How often each thread of the sources has gone to sleep so far.
fn sleeps() -> BTreeMap<String, String> {
    let mut sleeps = BTreeMap::new();
    for task in fs::read_dir("/proc/self/task").unwrap().flatten() {
        // A thread that has just ended is none.
        let Ok(name) = fs::read_to_string(task.path().join("comm")) else { continue };
        let Ok(status) = fs::read_to_string(task.path().join("status")) else { continue };
        if name.starts_with("usher-") || name.starts_with("async-io") {
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
    let nouns = [Noun::Power, Noun::Network, Noun::Session, Noun::Idle];
    let sources = nouns.map(|noun| Watching::start(noun, &wants, only(&bus, &bus, nowhere.path())));
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

//! Displays on macOS: Core Graphics lists them and calls back when they are reconfigured.
//!
//! It calls back from the process's main event loop, which the desktop app has and a bare command has not: there only
//! what was connected at the start is seen.

use std::sync::mpsc::channel;

use usher_event::{Noun, sentence};

use super::{edid, reading};
use crate::again::keep_watching;
use crate::source::Source;
use crate::surroundings::Surroundings;
use crate::tell::Teller;
use crate::worker::Worker;
use quartz::Reconfiguration;

mod quartz;

/// What the source's thread waits for.
enum Note {
    Changed,
    Stop,
}

/// Starts the source.
pub(crate) fn start(teller: Teller, _: Surroundings) -> std::io::Result<Box<dyn Source>> {
    let (notes, waiting) = channel();
    let stop = notes.clone();
    // A thread that is gone needs no note.
    let stop = move || drop(stop.send(Note::Stop));
    let work = move || {
        let watch = || {
            let notes = notes.clone();
            let changed = move || drop(notes.send(Note::Changed));
            let _told = Reconfiguration::watch(Box::new(changed)).ok_or_else(|| {
                sentence!(
                    "display-macos-silent",
                    "macOS does not tell of displays that come and go; Usher asks it again."
                )
            })?;
            look(&teller);
            while let Ok(Note::Changed) = waiting.recv() {
                look(&teller);
            }
            Ok(())
        };
        // Nothing but to stop is written to a thread that is not told of changes.
        keep_watching(&teller, watch, |pause| waiting.recv_timeout(pause).is_err());
    };
    Ok(Box::new(Worker::start(Noun::Display, stop, work)?))
}

fn look(teller: &Teller) {
    let displays = quartz::active();
    teller.watching(reading(displays.iter().map(name).collect()));
}

fn name(display: &quartz::Display) -> String {
    if display.builtin { "Built-in Display".to_owned() } else { edid::name(display.vendor, display.model) }
}

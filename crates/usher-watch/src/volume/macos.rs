//! Volumes on macOS: the mounted file systems that the Finder shows.

use std::sync::Arc;

use usher_event::{Noun, Sentence, sentence};

use super::reading;
use crate::again::keep_watching;
use crate::source::Source;
use crate::tell::Teller;
use crate::worker::Worker;
use mounts::Mounts;

mod finder;
mod mounts;

/// Starts the source.
pub(crate) fn start(teller: Teller) -> std::io::Result<Box<dyn Source>> {
    let mounts = Arc::new(Mounts::open()?);
    let stop = Arc::clone(&mounts);
    let work =
        move || keep_watching(&teller, || watch(&teller, &mounts), |pause| !mounts.stops_within(pause));
    Ok(Box::new(Worker::start(Noun::Volume, move || stop.stop(), work)?))
}

/// Reports what is mounted, and again after each change, until it is to stop.
fn watch(teller: &Teller, mounts: &Mounts) -> Result<(), Sentence> {
    loop {
        teller.watching(reading(finder::volumes()));
        match mounts.changed() {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => {
                return Err(sentence!(
                    "volume-macos-silent",
                    "The kernel does not tell of drives that come and go ({why}); Usher asks it again.",
                    why = error
                ));
            }
        }
    }
}

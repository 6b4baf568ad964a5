//! Volumes on macOS: the mounted file systems that the Finder shows.

use std::sync::Arc;

use usher_event::Noun;

use super::reading;
use crate::report::Report;
use crate::worker::Worker;
use crate::{Sink, Source};
use mounts::Mounts;

mod finder;
mod mounts;

/// Starts the source.
pub(super) fn start(sink: Sink) -> Box<dyn Source> {
    let mounts = match Mounts::open() {
        Ok(mounts) => Arc::new(mounts),
        Err(error) => {
            Report::new(Noun::Volume, sink).unavailable(failed(&error));
            return Box::new(crate::source::Nothing);
        }
    };
    let stop = Arc::clone(&mounts);
    Worker::start(Noun::Volume, sink, move || stop.stop(), move |report| watch(report, &mounts))
}

/// Reports what is mounted, and again after each change, until it is to stop.
fn watch(report: &mut Report, mounts: &Mounts) {
    loop {
        report.watching(reading(finder::volumes()));
        match mounts.changed() {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return report.unavailable(failed(&error)),
        }
    }
}

fn failed(error: &std::io::Error) -> String {
    format!("The kernel does not tell of drives that come and go ({error}); restart Usher to try again.")
}

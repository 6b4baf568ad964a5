//! A source that is one thread, asleep until the platform has something to say or it is told to stop.

use std::thread::JoinHandle;

use usher_event::Noun;

use crate::report::Report;
use crate::{Sink, Source};

/// The running thread. Dropping it tells the thread to stop and waits for its end.
pub(crate) struct Worker {
    stop: Option<Box<dyn FnOnce() + Send>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Runs `work` on a thread of its own; `stop` is called once and has to make it return soon.
    ///
    /// Where there is no thread to be had, the noun's health says so.
    pub(crate) fn start(
        noun: Noun,
        sink: Sink,
        stop: impl FnOnce() + Send + 'static,
        work: impl FnOnce(&mut Report) + Send + 'static,
    ) -> Box<dyn Source> {
        let mut report = Report::new(noun, sink.clone());
        let thread = std::thread::Builder::new()
            .name(format!("usher-{}", noun.name()))
            .spawn(move || work(&mut report))
            .inspect_err(|error| Report::new(noun, sink).unavailable(no_thread(error)))
            .ok();
        Box::new(Self { stop: Some(Box::new(stop)), thread })
    }
}

fn no_thread(error: &std::io::Error) -> String {
    format!("The system gave Usher no thread to watch with ({error}); restart Usher to try again.")
}

impl Source for Worker {}

impl Drop for Worker {
    fn drop(&mut self) {
        let (Some(stop), Some(thread)) = (self.stop.take(), self.thread.take()) else { return };
        stop();
        if thread.join().is_err() {
            tracing::error!("a source ended in a panic");
        }
    }
}

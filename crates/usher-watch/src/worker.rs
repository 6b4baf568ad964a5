//! A source's own thread, asleep until the platform has something to say or it is told to stop.

use std::thread::JoinHandle;

use usher_event::Noun;

use crate::source::Source;

/// The running thread. Dropping it tells the thread to stop and waits for its end.
pub(crate) struct Worker {
    stop: Option<Box<dyn FnOnce() + Send>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Runs `work` on a thread of its own; `stop` is called once and has to make it return soon.
    pub(crate) fn start(
        noun: Noun,
        stop: impl FnOnce() + Send + 'static,
        work: impl FnOnce() + Send + 'static,
    ) -> std::io::Result<Self> {
        Self::named(noun.name(), stop, work)
    }

    /// The same for what is no noun.
    pub(crate) fn named(
        name: &str,
        stop: impl FnOnce() + Send + 'static,
        work: impl FnOnce() + Send + 'static,
    ) -> std::io::Result<Self> {
        let thread = std::thread::Builder::new().name(format!("usher-{name}")).spawn(work)?;
        Ok(Self { stop: Some(Box::new(stop)), thread: Some(thread) })
    }
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

//! The broadcasts of Windows that the clock was set and that the machine has woken.

use usher_event::Event;
use windows_sys::Win32::UI::WindowsAndMessaging::{PBT_APMRESUMEAUTOMATIC, WM_POWERBROADCAST, WM_TIMECHANGE};

use crate::Sink;
use crate::broadcasts::Ear;
use crate::worker::Worker;

/// Starts the thread that waits.
pub(super) fn start(sink: Sink) -> std::io::Result<Worker> {
    let ear = Ear::default();
    let own = ear.clone();
    let wait = move || {
        let heard = |message, detail| {
            if concerns(message, detail) {
                sink(Event::ClockSet);
            }
        };
        if let Err(error) = own.listen(|| {}, heard) {
            tracing::warn!(%error, "nobody tells any more when the clock is set");
        }
    };
    Worker::named("clock", move || ear.close(), wait)
}

fn concerns(message: u32, detail: usize) -> bool {
    message == WM_TIMECHANGE || message == WM_POWERBROADCAST && detail == PBT_APMRESUMEAUTOMATIC as usize
}

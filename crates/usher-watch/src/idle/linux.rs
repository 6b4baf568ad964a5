//! Idleness from GNOME's idle monitor, from a Wayland compositor, or from the X server.

use std::time::Duration;

use futures_lite::future::or;
use usher_event::Noun;

use super::{passed, reading, times};
use crate::bus::{Bus, Silence, pause};
use crate::source::{Source, Wants};
use crate::surroundings::Surroundings;
use crate::task::Task;
use crate::tell::Teller;

mod mutter;
mod wayland;
mod x11;

/// The time until a display is tried again that is not there or has gone.
const AGAIN: Duration = Duration::from_secs(60);

/// Starts the source.
pub(crate) fn start(
    wants: &Wants,
    teller: Teller,
    surroundings: Surroundings,
) -> std::io::Result<Box<dyn Source>> {
    let times = times(wants);
    let task = Task::start(Noun::Idle, move || watch(times, teller, surroundings))?;
    Ok(Box::new(task))
}

/// Watches for these times.
async fn watch(times: Vec<u64>, teller: Teller, surroundings: Surroundings) {
    let bus = Bus::session(surroundings.session_bus.as_deref());
    let mutter = mutter::Mutter::new(&teller, &times);
    or(bus.hold(&mutter), stand_in(&mutter.silence, &teller, &times, &surroundings)).await;
}

/// Asks the display whenever there is no idle monitor. Never ends.
async fn stand_in(silence: &Silence, teller: &Teller, times: &[u64], surroundings: &Surroundings) {
    loop {
        silence.turned().await;
        while let Some(monitor) = silence.reason() {
            let asked = async {
                let reason = display(teller, times, surroundings).await;
                teller.blind(format!("{reason} ({monitor})"));
                pause(AGAIN).await;
            };
            or(silence.turned(), asked).await;
        }
    }
}

/// Watches on the display for as long as that goes well. Returns what is missing.
async fn display(teller: &Teller, times: &[u64], surroundings: &Surroundings) -> String {
    // The X server inside a Wayland compositor hears only what its own windows are told: it is not asked.
    if let Some(display) = surroundings.wayland_display() {
        let Err(error) = wayland::watch(teller, times, &display).await;
        return format!("the Wayland compositor does not tell for how long nobody was there: {error}");
    }
    let Some(display) = surroundings.x11_display() else {
        return "there is no display to see idleness on; Usher has to run inside a desktop session"
            .to_owned();
    };
    let Err(error) = x11::watch(teller, times, &display).await;
    format!("the X display {display} does not tell for how long nobody was there: {error}")
}

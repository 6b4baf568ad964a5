//! Idleness from GNOME's idle monitor, from a Wayland compositor, or from the X server.

use std::future::pending;

use futures_lite::future::or;
use usher_event::{Noun, Sentence, sentence};

use super::{passed, reading, times};
use crate::again::Pauses;
use crate::bus::{Bus, Silence, pause};
use crate::source::{Source, Wants};
use crate::surroundings::Surroundings;
use crate::task::Task;
use crate::tell::Teller;

mod mutter;
mod wayland;
mod x11;

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
        let mut pauses = Pauses::new();
        while let Some(monitor) = silence.reason() {
            let asked = async {
                pauses.begin();
                match display(teller, times, surroundings).await {
                    Some(reason) => {
                        teller.blind(both(reason, monitor));
                        pause(pauses.failed()).await;
                    }
                    None => {
                        teller.blind(both(nowhere(), monitor));
                        pending().await
                    }
                }
            };
            or(silence.turned(), asked).await;
        }
    }
}

/// What is said where there is no display, which nothing changes for a program that runs.
fn nowhere() -> Sentence {
    sentence!(
        "idle-no-display",
        "there is no display to see idleness on; Usher has to run inside a desktop session"
    )
}

/// Why neither the display tells nor the desktop's idle monitor.
fn both(display: Sentence, monitor: Sentence) -> Sentence {
    sentence!("idle-neither", "{display} ({monitor})", display = display, monitor = monitor)
}

/// Watches on the display for as long as that goes well. Returns what went wrong; nothing where there is none.
async fn display(teller: &Teller, times: &[u64], surroundings: &Surroundings) -> Option<Sentence> {
    // The X server inside a Wayland compositor hears only what its own windows are told: it is not asked.
    if let Some(display) = surroundings.wayland_display() {
        let Err(error) = wayland::watch(teller, times, &display).await;
        return Some(sentence!(
            "idle-wayland-silent",
            "the Wayland compositor does not tell for how long nobody was there: {why}",
            why = error.sentence()
        ));
    }
    let display = surroundings.x11_display()?;
    let Err(error) = x11::watch(teller, times, &display).await;
    Some(sentence!(
        "idle-x11-silent",
        "the X display {display} does not tell for how long nobody was there: {why}",
        display = display,
        why = error.sentence()
    ))
}

//! Displays from the Wayland compositor, or else from the X server. Under Wayland that server is Xwayland, which most
//! compositors bring along and which shows the same displays; it is asked where the compositor cannot be.

use std::io;

use usher_event::Noun;

use crate::again::keep_watching;
use crate::bell::Bell;
use crate::source::{Nothing, Source};
use crate::surroundings::Surroundings;
use crate::tell::Teller;
use crate::worker::Worker;

mod wayland;
mod x11;

/// Starts the source.
pub(crate) fn start(teller: Teller, surroundings: Surroundings) -> io::Result<Box<dyn Source>> {
    let (wayland, x11) = (surroundings.wayland_display(), surroundings.x11_display());
    if wayland.is_none() && x11.is_none() {
        teller.blind("There is no graphical session: neither WAYLAND_DISPLAY nor DISPLAY is set.");
        return Ok(Box::new(Nothing));
    }
    let bell = Bell::new()?;
    let ring = bell.clone();
    let work = move || {
        let watch = || watch(&teller, wayland.as_deref(), x11.as_deref(), &bell);
        keep_watching(&teller, watch, |pause| !bell.rings_within(pause));
    };
    Ok(Box::new(Worker::start(Noun::Display, move || ring.ring(), work)?))
}

/// Watches until the bell rings, or until there is nobody left to ask. What ends with a display mostly is the session, and
/// Usher with it; one that outlives it, as a service does, finds the next display of the same name.
fn watch(teller: &Teller, wayland: Option<&str>, x11: Option<&str>, bell: &Bell) -> Result<(), String> {
    let mut reasons = Vec::new();
    if let Some(place) = wayland {
        let Err(error) = wayland::watch(teller, place, bell) else { return Ok(()) };
        reasons.push(format!("Displays of the Wayland compositor {place} cannot be seen: {error}."));
    }
    if let Some(place) = x11 {
        let Err(error) = x11::watch(teller, place, bell) else { return Ok(()) };
        reasons.push(format!("Displays of the X server {place} cannot be seen: {error}."));
    }
    Err(reasons.join(" "))
}

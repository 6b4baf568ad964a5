//! Displays from the Wayland compositor, or else from the X server. Under Wayland that server is Xwayland, which most
//! compositors bring along and which shows the same displays; it is asked where the compositor cannot be.

use std::error::Error;
use std::io;

use usher_event::{Noun, Sentence, sentence};

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
        teller.blind(sentence!(
            "display-no-session",
            "There is no graphical session: neither WAYLAND_DISPLAY nor DISPLAY is set."
        ));
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
fn watch(teller: &Teller, wayland: Option<&str>, x11: Option<&str>, bell: &Bell) -> Result<(), Sentence> {
    let mut unseen = None;
    if let Some(place) = wayland {
        let Err(error) = wayland::watch(teller, place, bell) else { return Ok(()) };
        unseen = Some(sentence!(
            "display-wayland-unseen",
            "Displays of the Wayland compositor {place} cannot be seen: {why}.",
            place = place,
            why = told(&*error)
        ));
    }
    let Some(place) = x11 else { return unseen.map_or(Ok(()), Err) };
    let Err(error) = x11::watch(teller, place, bell) else { return Ok(()) };
    let second = sentence!(
        "display-x11-unseen",
        "Displays of the X server {place} cannot be seen: {why}.",
        place = place,
        why = told(&*error)
    );
    Err(match unseen {
        Some(first) => sentence!("display-neither", "{first} {second}", first = first, second = second),
        None => second,
    })
}

/// An error in our own words where it has them.
fn told(error: &(dyn Error + 'static)) -> Sentence {
    if let Some(own) = error.downcast_ref::<Sentence>() {
        return own.clone();
    }
    match error.downcast_ref::<io::Error>() {
        Some(error) => error.into(),
        None => Sentence::foreign(error.to_string()),
    }
}

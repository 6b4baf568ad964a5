//! Displays on Windows: the monitors of every adapter that shows a part of the desktop.

use usher_event::{Noun, Reading};
use windows_sys::Win32::UI::WindowsAndMessaging::WM_DISPLAYCHANGE;

use super::reading;
use crate::broadcasts;
use crate::source::Source;
use crate::surroundings::Surroundings;
use crate::tell::Teller;

mod system;

/// Starts the source.
pub(crate) fn start(teller: Teller, _: Surroundings) -> std::io::Result<Box<dyn Source>> {
    broadcasts::listen(Noun::Display, teller, |message, _| message == WM_DISPLAYCHANGE, displays)
}

fn displays() -> Reading {
    let adapters = system::active(None);
    let monitors = adapters.iter().flat_map(|adapter| system::active(Some(adapter)));
    reading(monitors.map(|monitor| monitor.shown()).collect())
}

//! Idleness from the time of the last input of the session.

use std::time::Duration;

use windows_sys::Win32::System::SystemInformation::GetTickCount;
use windows_sys::Win32::UI::Input::KeyboardAndMouse::{GetLastInputInfo, LASTINPUTINFO};

use super::timer;
use crate::source::{Source, Wants};
use crate::surroundings::Surroundings;
use crate::tell::Teller;

/// Starts the source.
pub(crate) fn start(wants: &Wants, teller: Teller, _: Surroundings) -> std::io::Result<Box<dyn Source>> {
    timer::start(wants, teller, idle)
}

/// For how long nobody was there; none in a session without input, as a service has.
#[expect(unsafe_code, reason = "no safe binding offers GetLastInputInfo")]
fn idle() -> Option<Duration> {
    let mut last = LASTINPUTINFO { cbSize: size_of::<LASTINPUTINFO>() as u32, dwTime: 0 };
    // SAFETY: `last` is valid for the length of the call and says its own size; GetTickCount has no conditions.
    let (known, now) = unsafe { (GetLastInputInfo(&mut last) != 0, GetTickCount()) };
    // Both clocks begin anew every 49.7 days, together.
    known.then(|| Duration::from_millis(now.wrapping_sub(last.dwTime).into()))
}

//! The session: whether the screen is locked, and when the machine sleeps, wakes, or is switched off.
//!
//! Usher only listens: it never delays sleep or shutdown. It costs nothing while nothing happens.

use usher_event::{Reading, Session};

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;
#[cfg(target_os = "linux")]
pub(crate) use linux::start;
#[cfg(target_os = "macos")]
pub(crate) use macos::start;
#[cfg(windows)]
pub(crate) use windows::start;

fn reading(locked: bool) -> Reading {
    Reading::Session(Session { locked })
}

//! Noticing: one source a file, each turning what a platform reports into [`usher_event::Event`]s.
//!
//! A source decides nothing. It does not know rules, does not wait for files to be finished and does not read them.

#[cfg(any(target_os = "linux", target_os = "macos", windows))]
mod again;
#[cfg(target_os = "linux")]
mod bell;
#[cfg(windows)]
mod broadcasts;
#[cfg(target_os = "linux")]
mod bus;
mod clock;
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
mod display;
pub mod folders;
mod idle;
#[cfg(any(not(target_os = "linux"), test))]
mod mailed;
#[cfg(target_os = "linux")]
mod mountinfo;
mod network;
mod power;
#[cfg(target_os = "macos")]
mod pump;
mod session;
mod source;
mod surroundings;
#[cfg(target_os = "linux")]
mod task;
mod tell;
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
mod usb;
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
mod volume;
#[cfg(target_os = "linux")]
mod wayland;
mod ways;
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
mod worker;

pub use clock::Clock;
pub use source::{Sink, Source, Wants, start, start_in};
pub use surroundings::Surroundings;
pub use ways::Ways;

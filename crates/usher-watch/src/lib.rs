//! Noticing: one source a file, each turning what a platform reports into [`usher_event::Event`]s.
//!
//! A source decides nothing. It does not know rules, does not wait for files to be finished and does not read them.

#[cfg(target_os = "linux")]
mod bell;
#[cfg(windows)]
mod broadcasts;
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
mod display;
pub mod folders;
#[cfg(target_os = "linux")]
mod mountinfo;
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
mod report;
mod source;
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
mod usb;
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
mod volume;
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
mod worker;

pub use source::{Sink, Source, Wants, start};

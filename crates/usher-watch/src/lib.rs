//! Noticing: one source a file, each turning what a platform reports into [`usher_event::Event`]s.
//!
//! A source decides nothing. It does not know rules, does not wait for files to be finished and does not read them.

#[cfg(target_os = "linux")]
mod bell;
mod clock;
#[cfg(target_os = "linux")]
mod display;
pub mod folders;
#[cfg(target_os = "linux")]
mod mountinfo;
#[cfg(target_os = "linux")]
mod report;
mod source;
#[cfg(target_os = "linux")]
mod usb;
#[cfg(target_os = "linux")]
mod volume;
#[cfg(target_os = "linux")]
mod worker;

pub use clock::Clock;
pub use source::{Sink, Source, Wants, start};

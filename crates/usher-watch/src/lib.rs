//! Noticing: one source a file, each turning what a platform reports into [`usher_event::Event`]s.
//!
//! A source decides nothing. It does not know rules, does not wait for files to be finished and does not read them.

pub mod folders;

mod clock;
mod source;

pub use clock::Clock;
pub use source::{Sink, Source, Wants, start};

//! The folder source against a real kernel, in temporary directories.
#![cfg(target_os = "linux")]
// Clippy spares test functions; what they call fails the same way.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod deeds;
mod pressure;
mod roots;
mod support;

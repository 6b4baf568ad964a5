//! The machine's sources against the machine itself.
#![cfg(target_os = "linux")]
// Clippy spares test functions; a skipped one says why.
#![allow(clippy::print_stdout)]

mod support;
mod volumes;

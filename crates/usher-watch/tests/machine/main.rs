//! The sources of the machine's nouns against a real message bus of the test's own, with stand-ins for the daemons.
#![cfg(target_os = "linux")]
// Clippy spares test functions; what they call fails, or says why it is skipped, in the same way.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod compositor;
mod display;
mod idle;
mod network;
mod power;
mod quiet;
mod session;
mod support;
mod xserver;

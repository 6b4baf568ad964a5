//! The sources of the machine's nouns against a real message bus of the test's own, with stand-ins for the daemons.
#![cfg(target_os = "linux")]
// Clippy spares test functions; what they call fails the same way.
#![allow(clippy::unwrap_used, clippy::panic)]

mod compositor;
mod display;
mod idle;
mod network;
mod power;
mod quiet;
mod session;
mod support;
mod xserver;

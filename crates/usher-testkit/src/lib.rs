//! For tests: a hermetic home, a fake clock, a disk that fails on demand, events played from a script, and a message bus
//! with stand-ins for daemons.
//!
//! Set `USHER_KEEP=1` to keep a test's folder; its path is printed.

#[cfg(target_os = "linux")]
mod bus;
mod clock;
mod faulty;
mod home;
mod outside;
mod stage;

#[cfg(target_os = "linux")]
pub use bus::{Bus, Daemon, MOCK, Running};
pub use clock::FakeClock;
pub use faulty::{Fault, FaultyDisk, Unflushed};
pub use home::{Home, Thing};
pub use outside::Recorder;
pub use stage::Stage;

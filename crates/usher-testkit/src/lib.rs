//! For tests: a hermetic home, a fake clock, a disk that fails on demand, and events played from a script.
//!
//! Set `USHER_KEEP=1` to keep a test's folder; its path is printed.

mod clock;
mod faulty;
mod home;
mod outside;
mod stage;

pub use clock::FakeClock;
pub use faulty::{Fault, FaultyDisk};
pub use home::{Home, Thing};
pub use outside::Recorder;
pub use stage::Stage;

//! Idleness: for how long nobody has touched the machine, in steps that rules wait for.
//!
//! Only wanted times are told of. Linux desktops tell when one has passed and when the user is back, so there it costs
//! nothing in between; macOS and Windows are asked when the next wanted time may have passed, and every few seconds
//! while nobody is there.

use std::time::Duration;

use usher_event::{Idle, Reading};

use crate::source::Wants;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(any(not(target_os = "linux"), test))]
mod timer;
#[cfg(windows)]
mod windows;
#[cfg(target_os = "linux")]
pub(crate) use linux::start;
#[cfg(target_os = "macos")]
pub(crate) use macos::start;
#[cfg(windows)]
pub(crate) use windows::start;

/// More wanted times than this are not waited for, the longest ones first.
const MANY: usize = 64;

/// The longest wanted time the desktops can count, in seconds.
const LONGEST: u64 = u32::MAX as u64 / 1000;

/// The wanted times in whole seconds, shortest first.
fn times(wants: &Wants) -> Vec<u64> {
    let mut times: Vec<u64> =
        wants.idle.iter().map(Duration::as_secs).filter(|s| (1..=LONGEST).contains(s)).collect();
    times.sort_unstable();
    times.dedup();
    times.truncate(MANY);
    times
}

/// The longest of these times that has passed when nobody was there for `idle` seconds.
fn passed(times: &[u64], idle: u64) -> u64 {
    times.iter().copied().filter(|time| *time <= idle).max().unwrap_or(0)
}

fn reading(seconds: u64) -> Reading {
    Reading::Idle(Idle { seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_time_that_has_passed() {
        let wanted = [300, 60, 300, 0, u64::MAX].map(Duration::from_secs);
        let times = times(&Wants { idle: wanted.to_vec() });
        assert_eq!(times, [60, 300]);
        assert_eq!(passed(&times, 59), 0);
        assert_eq!(passed(&times, 60), 60);
        assert_eq!(passed(&times, 10_000), 300);
        assert_eq!(passed(&[], 10_000), 0);
    }
}

//! Power: the mains or the battery, and how full it is.
//!
//! Linux asks UPower, and reads the kernel's own list of supplies where UPower is not there; macOS and Windows report
//! both themselves. It costs one wake-up for each percent of a battery in use, and nothing on the mains.

use usher_event::{Power, PowerSource, Reading};

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;
#[cfg(target_os = "linux")]
pub(crate) use linux::start;
#[cfg(target_os = "macos")]
pub(crate) use macos::start;
#[cfg(windows)]
pub(crate) use windows::start;

/// The reading of what a platform says: on battery or not, and the battery's charge where there is one.
fn reading(on_battery: bool, percent: Option<f64>) -> Reading {
    let source = if on_battery { PowerSource::Battery } else { PowerSource::Ac };
    Reading::Power(Power { source, percent: percent.and_then(whole) })
}

/// A charge as whole percent. Worn or badly calibrated batteries say a little more than 100; what is further off is not
/// a charge.
fn whole(percent: f64) -> Option<u8> {
    (-1.0..=120.0).contains(&percent).then(|| percent.clamp(0.0, 100.0).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charge_is_between_none_and_all_or_unknown() {
        assert_eq!(whole(0.0), Some(0));
        assert_eq!(whole(41.5), Some(42));
        assert_eq!(whole(104.2), Some(100));
        assert_eq!(whole(-0.2), Some(0));
        for absurd in [-40.0, 4e9, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(whole(absurd), None, "{absurd}");
        }
    }
}

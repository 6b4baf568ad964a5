//! The kernel's own list of power supplies, for while UPower is not there.
//!
//! The kernel reports the plug at once, and a battery's charge only where its driver feels like it: so a battery is
//! looked at every now and then, and the health says so.

use std::fs;
use std::future::pending;
use std::path::Path;
use std::time::Duration;

use futures_lite::future::or;
use rustix::net::netlink::KOBJECT_UEVENT;
use usher_event::{NounHealth, Reading, sentence};

use super::super::reading;
use super::UPower;
use crate::bus::{Notices, pause};

/// The time between two looks at a battery that reports nothing itself.
const EVERY: Duration = Duration::from_secs(60);

/// The kernel's own words about devices, not what udev makes of them.
const KERNEL: u32 = 1;

/// Tells the kernel's view whenever UPower has none. Never ends.
pub(super) async fn watch(upower: &UPower<'_>, sys: &Path) {
    loop {
        upower.silence.turned().await;
        if upower.silence.reason().is_some() {
            stand_in(upower, sys).await;
        }
    }
}

/// Tells the kernel's view until UPower is back, or there is none.
async fn stand_in(upower: &UPower<'_>, sys: &Path) {
    // Before looking: what changes in between is noticed too.
    let mut notices = Notices::open(Some(KOBJECT_UEVENT), KERNEL)
        .inspect_err(|error| tracing::debug!(%error, "the kernel's notices of devices cannot be heard"))
        .ok();
    while let Some(reason) = upower.silence.reason() {
        let Some((seen, battery)) = look(sys) else {
            return upower.teller.blind(sentence!(
                "power-no-supplies",
                "{why}; the kernel lists no power supplies either",
                why = reason
            ));
        };
        let polled = battery || notices.is_none();
        let health = if polled {
            NounHealth::polling(sentence!(
                "power-asked",
                "{why}; until then Usher looks once a minute",
                why = reason
            ))
        } else {
            NounHealth::watching()
        };
        upower.teller.sees(health, seen);
        let late = async { if polled { pause(EVERY).await } else { pending().await } };
        let heard = async {
            match &notices {
                Some(notices) => notices.heard(b"power_supply").await,
                None => pending().await,
            }
        };
        let turned = async {
            or(late, upower.silence.turned()).await;
            Ok(())
        };
        if let Err(error) = or(heard, turned).await {
            tracing::debug!(%error, "the kernel's notices of devices are no longer heard");
            notices = None;
        }
    }
}

/// Reads all supplies: the state, and whether there is a battery. None where the kernel keeps no such list.
fn look(sys: &Path) -> Option<(Reading, bool)> {
    let mut supplies = Vec::new();
    for entry in fs::read_dir(sys.join("class/power_supply")).ok()?.flatten() {
        supplies.extend(Supply::read(&entry.path()));
    }
    let (on_battery, percent) = sum(&supplies);
    Some((
        reading(on_battery, percent),
        supplies.iter().any(|supply| matches!(supply, Supply::Battery { .. })),
    ))
}

/// One power supply of the machine itself.
#[derive(Debug, PartialEq)]
enum Supply {
    /// The mains, plugged in or not.
    Mains { online: bool },
    /// A battery.
    Battery { discharging: bool, percent: Option<f64> },
}

impl Supply {
    /// None for what does not feed the machine: batteries of mice and headphones, empty bays, wireless chargers.
    fn read(dir: &Path) -> Option<Self> {
        let word =
            |name| fs::read_to_string(dir.join(name)).map(|text| text.trim().to_owned()).unwrap_or_default();
        if word("scope") == "Device" || word("present") == "0" {
            return None;
        }
        match word("type").as_str() {
            "Mains" | "USB" => Some(Self::Mains { online: word("online") == "1" }),
            "Battery" | "UPS" => Some(Self::Battery {
                discharging: word("status") == "Discharging",
                percent: word("capacity").parse().ok(),
            }),
            _ => None,
        }
    }
}

/// On battery or not, and the charge of all batteries together.
fn sum(supplies: &[Supply]) -> (bool, Option<f64>) {
    let mut plugged = false;
    let mut draining = false;
    let mut charges = Vec::new();
    for supply in supplies {
        match supply {
            Supply::Mains { online } => plugged |= online,
            Supply::Battery { discharging, percent } => {
                draining |= discharging;
                charges.extend(*percent);
            }
        }
    }
    let percent = (!charges.is_empty()).then(|| charges.iter().sum::<f64>() / charges.len() as f64);
    (draining && !plugged, percent)
}

#[cfg(test)]
mod tests {
    use usher_event::{Power, PowerSource};

    use super::*;

    fn supply(sys: &Path, name: &str, words: &[(&str, &str)]) {
        let dir = sys.join("class/power_supply").join(name);
        fs::create_dir_all(&dir).unwrap();
        for (file, word) in words {
            fs::write(dir.join(file), format!("{word}\n")).unwrap();
        }
    }

    fn power(source: PowerSource, percent: Option<u8>) -> Reading {
        Reading::Power(Power { source, percent })
    }

    #[test]
    fn laptops_desktops_and_mice() {
        let sys = tempfile::tempdir().unwrap();
        assert_eq!(look(sys.path()), None);

        supply(
            sys.path(),
            "hidpp_battery_0",
            &[("type", "Battery"), ("scope", "Device"), ("capacity", "5"), ("status", "Discharging")],
        );
        assert_eq!(look(sys.path()), Some((power(PowerSource::Ac, None), false)));

        supply(sys.path(), "BAT0", &[("type", "Battery"), ("status", "Discharging"), ("capacity", "40")]);
        supply(sys.path(), "BAT1", &[("type", "Battery"), ("status", "Unknown"), ("capacity", "81")]);
        supply(sys.path(), "AC", &[("type", "Mains"), ("online", "0")]);
        assert_eq!(look(sys.path()), Some((power(PowerSource::Battery, Some(61)), true)));

        supply(sys.path(), "AC", &[("online", "1")]);
        assert_eq!(look(sys.path()), Some((power(PowerSource::Ac, Some(61)), true)));
    }

    #[test]
    fn nonsense_is_no_charge() {
        let sys = tempfile::tempdir().unwrap();
        supply(sys.path(), "BAT0", &[("type", "Battery"), ("status", "\u{0}"), ("capacity", "99999999999")]);
        supply(sys.path(), "BAT1", &[("type", "")]);
        fs::write(sys.path().join("class/power_supply/BAT1/capacity"), [0xff, 0xfe]).unwrap();
        assert_eq!(look(sys.path()), Some((power(PowerSource::Ac, None), true)));
    }
}

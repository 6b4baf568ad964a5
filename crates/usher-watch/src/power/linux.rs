//! Power from UPower, and from the kernel while UPower is not there.

use futures_lite::future::or;
use usher_event::{Noun, Sentence, sentence};
use zbus::Message;

use super::reading;
use crate::bus::{Bus, Line, Listener, Silence, Trouble};
use crate::source::Source;
use crate::surroundings::Surroundings;
use crate::task::Task;
use crate::tell::Teller;

mod supplies;

/// Starts the source.
pub(crate) fn start(teller: Teller, surroundings: Surroundings) -> std::io::Result<Box<dyn Source>> {
    let task = Task::start(Noun::Power, || async move {
        let upower = UPower { teller: &teller, silence: Silence::new() };
        let bus = Bus::system(surroundings.system_bus.as_deref());
        or(bus.hold(&upower), supplies::watch(&upower, &surroundings.sys)).await;
    })?;
    Ok(Box::new(task))
}

/// What UPower says.
struct UPower<'t> {
    teller: &'t Teller,
    silence: Silence,
}

const UPOWER: &str = "org.freedesktop.UPower";
const PATH: &str = "/org/freedesktop/UPower";
const DISPLAYED: &str = "/org/freedesktop/UPower/devices/DisplayDevice";

impl Listener for UPower<'_> {
    const DAEMONS: &'static [&'static str] = &[UPOWER];
    const STARTS: &'static [&'static str] = &[UPOWER];
    const SIGNALS: &'static [&'static str] = &[
        "type='signal',sender='org.freedesktop.UPower',path='/org/freedesktop/UPower',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged'",
        "type='signal',sender='org.freedesktop.UPower',path='/org/freedesktop/UPower/devices/DisplayDevice',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged'",
    ];

    fn heard(&self, _daemon: &'static str, _signal: &Message) -> bool {
        true
    }

    async fn look(&self, line: &Line) -> Result<(), Trouble> {
        if !line.has(UPOWER) {
            self.lost(sentence!(
                "power-no-upower",
                "UPower is not running; install and start it (the package is `upower`)"
            ));
            return Ok(());
        }
        let machine = line.properties(UPOWER, PATH, UPOWER).await?;
        let on_battery = machine.need("OnBattery")?;
        // Of the battery that stands for all of them. Very old ones have none, and the source alone is worth telling.
        let battery = line.properties(UPOWER, DISPLAYED, "org.freedesktop.UPower.Device").await;
        let percent = battery.ok().and_then(|battery| match battery.get("IsPresent") {
            Some(true) => battery.get("Percentage"),
            _ => None,
        });
        self.silence.end();
        self.teller.watching(reading(on_battery, percent));
        Ok(())
    }

    fn lost(&self, reason: Sentence) {
        self.silence.begin(reason);
    }
}

//! What templates get to know of the edge that woke a rule.

use std::collections::BTreeMap;

use minijinja::Value;
use usher_event::{Connection, Edge, Power, PowerSource, UsbDevice, Volume};

use super::network;
use crate::template::PathValue;

/// The names templates have for what an edge brings.
pub const NAMES: &[&str] = &["volume", "usb", "power", "network", "idle", "display", "schedule"];

/// What is known of an edge, by the name templates have for it.
pub type Facts = BTreeMap<String, Value>;

/// What is known where no edge has set anything off.
pub static NO_FACTS: Facts = BTreeMap::new();

/// What is known of this edge.
pub fn facts(edge: &Edge) -> Facts {
    let Some((name, values)) = values(edge) else { return Facts::new() };
    let values: BTreeMap<&str, Value> = values.into_iter().collect();
    BTreeMap::from([(name.to_owned(), Value::from(values))])
}

type Values = Vec<(&'static str, Value)>;

fn values(edge: &Edge) -> Option<(&'static str, Values)> {
    Some(match edge {
        Edge::VolumeMounted(volume) | Edge::VolumeUnmounted(volume) => ("volume", of_volume(volume)),
        Edge::UsbAttached(device) | Edge::UsbDetached(device) => ("usb", of_device(device)),
        Edge::PowerAc(power) | Edge::PowerBattery(power) => ("power", of_power(power)),
        Edge::BatteryLevel(level) => ("power", vec![("percent", Value::from(level.percent))]),
        Edge::NetworkOnline(network) | Edge::NetworkOffline(network) => {
            ("network", network.connections.first().map_or_else(of_no_connection, of_connection))
        }
        Edge::NetworkConnected(connection) | Edge::NetworkDisconnected(connection) => {
            ("network", of_connection(connection))
        }
        Edge::IdleAfter(idle) | Edge::IdleBack(idle) => ("idle", vec![("for", Value::from(idle.seconds))]),
        Edge::DisplayConnected(shown) | Edge::DisplayDisconnected(shown) => (
            "display",
            vec![("name", Value::from(shown.display.name.as_str())), ("count", Value::from(shown.count))],
        ),
        Edge::ScheduleDue(due) => ("schedule", vec![("due", due_moment(&due.due))]),
        Edge::SessionLocked
        | Edge::SessionUnlocked
        | Edge::SessionSuspend
        | Edge::SessionResume
        | Edge::SessionShutdown
        | Edge::SessionLogin
        | Edge::HotkeyPressed(_)
        | Edge::Started(_) => return None,
    })
}

fn of_volume(volume: &Volume) -> Values {
    vec![
        ("label", optional(volume.label.as_deref())),
        ("uuid", optional(volume.uuid.as_deref())),
        ("path", Value::from_object(PathValue(volume.path.clone()))),
        ("fstype", Value::from(volume.fstype.as_str())),
    ]
}

fn of_device(device: &UsbDevice) -> Values {
    vec![
        ("vendor", Value::from(device.vendor.as_str())),
        ("product", Value::from(device.product.as_str())),
        ("serial", optional(device.serial.as_deref())),
        ("name", optional(device.name.as_deref())),
    ]
}

fn of_power(power: &Power) -> Values {
    let source = match power.source {
        PowerSource::Ac => "ac",
        PowerSource::Battery => "battery",
    };
    let percent = power.percent.map_or_else(|| Value::from(""), Value::from);
    vec![("source", Value::from(source)), ("percent", percent)]
}

fn of_connection(connection: &Connection) -> Values {
    vec![
        ("name", Value::from(connection.name.as_str())),
        ("kind", Value::from(network::word(connection.kind))),
    ]
}

fn of_no_connection() -> Values {
    vec![("name", optional(None)), ("kind", optional(None))]
}

fn due_moment(due: &str) -> Value {
    use crate::template::Moment;
    match due.parse::<jiff::Zoned>() {
        Ok(due) => Moment::Aware(due).value(),
        Err(_) => due.parse::<jiff::Timestamp>().map_or_else(
            |_| Value::from(due),
            |due| Moment::Aware(due.to_zoned(jiff::tz::TimeZone::system())).value(),
        ),
    }
}

/// A text that may be missing: empty then, so that a template that asks for it is filled.
fn optional(text: Option<&str>) -> Value {
    Value::from(text.unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::Fake;
    use crate::template::{Template, Vars};

    #[test]
    fn an_edge_brings_what_is_known_about_it() {
        let camera = Volume { label: Some("EOS".into()), path: "/media/EOS".into(), ..Volume::default() };
        let vars = facts(&Edge::VolumeMounted(camera));
        let template = Template::compile("{volume.path}/DCIM of {volume.label}{volume.uuid}").unwrap();
        let vars = [("volume", vars["volume"].clone())];
        let filled = template.render(&Vars { world: &Fake::new(), vars: &vars }).unwrap();
        assert_eq!(filled.text, "/media/EOS/DCIM of EOS");
        assert_eq!(facts(&Edge::SessionLocked).len(), 0);
    }

    #[test]
    fn every_edge_fills_every_variable_that_its_occasion_declares() {
        use usher_event::{BatteryLevel, Display, Displayed, Due, IdleFor, Network, PowerSource, UsbDevice};
        let power = Power { source: PowerSource::Ac, percent: None };
        let idle = IdleFor { seconds: 60, before: 0 };
        let shown = Displayed { display: Display { name: "HDMI-1".into() }, count: 1 };
        let due = Due { rule: "r".into(), due: "2026-01-01T00:00:00Z".into() };
        let edges = [
            ("volume", Edge::VolumeUnmounted(Volume::default())),
            ("usb", Edge::UsbAttached(UsbDevice::default())),
            ("power", Edge::PowerAc(power)),
            ("battery", Edge::BatteryLevel(BatteryLevel { percent: 9, before: 10 })),
            ("network", Edge::NetworkOffline(Network::default())),
            ("idle", Edge::IdleBack(idle)),
            ("display", Edge::DisplayConnected(shown)),
            ("schedule", Edge::ScheduleDue(due)),
        ];
        for (occasion, edge) in edges {
            let facts = facts(&edge);
            let known = |name: &&'static str| facts.get(*name).map(|value| (*name, value.clone()));
            let vars: Vec<_> = NAMES.iter().filter_map(known).collect();
            let declared = super::super::ALL.iter().find(|entry| entry.spec.name == occasion).unwrap();
            for variable in declared.spec.variables {
                let template = Template::compile(&format!("<{{{variable}}}>")).unwrap();
                let filled = template.render(&Vars { world: &Fake::new(), vars: &vars });
                let text = filled.unwrap_or_else(|error| panic!("{variable} of {occasion}: {error:?}")).text;
                assert!(!text.contains("None"), "{variable} of {occasion}: {text}");
            }
        }
    }

    #[test]
    fn every_declared_variable_has_its_name_here() {
        for variable in super::super::ALL.iter().flat_map(|entry| entry.spec.variables) {
            let name = variable.split('.').next().unwrap();
            assert!(NAMES.contains(&name), "{variable}");
        }
    }
}

//! Edges that people play to the rules: a name and a few details to what a source would have brought about.

use std::collections::BTreeMap;

use jiff::Timestamp;
use usher_event::{
    BatteryLevel, Beginning, Connection, ConnectionKind, Display, Displayed, Due, Edge, Hotkey, IdleFor,
    Network, Power, PowerSource, UsbDevice, Volume, sentence,
};

use crate::api::Refusal;

/// The details of an edge, taken out one by one; what is left was meant for nothing.
struct Details<'d> {
    name: &'d str,
    given: BTreeMap<&'d str, &'d str>,
    known: Vec<&'static str>,
}

/// The edge of this name with these details.
///
/// # Errors
/// When there is no such edge, or a detail is missing, means nothing to it, or cannot be read.
pub(crate) fn edge(name: &str, details: &BTreeMap<String, String>, now: Timestamp) -> Result<Edge, Refusal> {
    let given = details.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let mut details = Details { name, given, known: Vec::new() };
    let edge = read(name, &mut details, now)?;
    match details.given.keys().next() {
        None => Ok(edge),
        Some(key) => {
            let known = details.known.iter().map(|key| format!("{key}=…")).collect::<Vec<_>>().join(" ");
            let hint = match known.as_str() {
                "" => sentence!("trigger-say-it", "say it as: usher trigger {name}", name = name),
                known => sentence!(
                    "trigger-say-it-with",
                    "say it as: usher trigger {name} {known}",
                    name = name,
                    known = known,
                ),
            };
            Err(Refusal::new(
                "bad_params",
                sentence!(
                    "trigger-means-nothing",
                    "`{key}` means nothing to `{name}`",
                    key = *key,
                    name = name
                ),
            )
            .hint(hint))
        }
    }
}

fn read(name: &str, details: &mut Details<'_>, now: Timestamp) -> Result<Edge, Refusal> {
    Ok(match name {
        "volume.mounted" => Edge::VolumeMounted(volume(details)?),
        "volume.unmounted" => Edge::VolumeUnmounted(volume(details)?),
        "usb.attached" => Edge::UsbAttached(device(details)),
        "usb.detached" => Edge::UsbDetached(device(details)),
        "power.ac" => Edge::PowerAc(power(PowerSource::Ac, details)?),
        "power.battery" => Edge::PowerBattery(power(PowerSource::Battery, details)?),
        "battery.level" => {
            let percent = details.number("percent")?.unwrap_or(50);
            // Where nobody says so, it comes from the other side of any mark.
            let other = if percent < 50 { 100 } else { 0 };
            Edge::BatteryLevel(BatteryLevel { percent, before: details.number("before")?.unwrap_or(other) })
        }
        "network.online" => Edge::NetworkOnline(network(true, details)?),
        "network.offline" => Edge::NetworkOffline(network(false, details)?),
        "network.connected" => Edge::NetworkConnected(connection(details)?),
        "network.disconnected" => Edge::NetworkDisconnected(connection(details)?),
        "session.locked" => Edge::SessionLocked,
        "session.unlocked" => Edge::SessionUnlocked,
        "session.suspend" => Edge::SessionSuspend,
        "session.resume" => Edge::SessionResume,
        "session.shutdown" => Edge::SessionShutdown,
        "session.login" => Edge::SessionLogin,
        "idle.after" => Edge::IdleAfter(idle(details)?),
        "idle.back" => Edge::IdleBack(idle(details)?),
        "display.connected" => Edge::DisplayConnected(displayed(details)?),
        "display.disconnected" => Edge::DisplayDisconnected(displayed(details)?),
        "schedule.due" => {
            let rule = details.needed("rule")?;
            Edge::ScheduleDue(Due { rule, due: details.text("due").unwrap_or_else(|| now.to_string()) })
        }
        "hotkey.pressed" => Edge::HotkeyPressed(Hotkey { keys: details.needed("keys")? }),
        "started" => Edge::Started(Beginning { reloaded: details.flag("reloaded")? }),
        other => {
            let hint = sentence!("trigger-one", "one of: {names}", names = Edge::NAMES.join(", "));
            return Err(Refusal::new(
                "bad_params",
                sentence!("trigger-there-no-event", "there is no event `{other}`", other = other),
            )
            .hint(hint));
        }
    })
}

fn volume(details: &mut Details<'_>) -> Result<Volume, Refusal> {
    Ok(Volume {
        label: details.text("label"),
        uuid: details.text("uuid"),
        path: details.needed("path")?.into(),
        fstype: details.text("fstype").unwrap_or_default(),
        removable: details.flag("removable")?,
        network: details.flag("network")?,
    })
}

fn device(details: &mut Details<'_>) -> UsbDevice {
    UsbDevice {
        vendor: details.text("vendor").unwrap_or_default(),
        product: details.text("product").unwrap_or_default(),
        serial: details.text("serial"),
        name: details.text("name"),
        port: String::new(),
    }
}

fn power(source: PowerSource, details: &mut Details<'_>) -> Result<Power, Refusal> {
    Ok(Power { source, percent: details.number("percent")? })
}

fn network(online: bool, details: &mut Details<'_>) -> Result<Network, Refusal> {
    let connections = match details.given.contains_key("name") {
        true => vec![connection(details)?],
        false => Vec::new(),
    };
    Ok(Network { online, connections, ..Network::default() })
}

fn connection(details: &mut Details<'_>) -> Result<Connection, Refusal> {
    let kind = match details.text("kind").as_deref() {
        None | Some("wifi") => ConnectionKind::Wifi,
        Some("ethernet") => ConnectionKind::Ethernet,
        Some("mobile") => ConnectionKind::Mobile,
        Some("vpn") => ConnectionKind::Vpn,
        Some("other") => ConnectionKind::Other,
        Some(_) => return Err(details.wrong("kind", "wifi, ethernet, mobile, vpn or other")),
    };
    Ok(Connection { name: details.needed("name")?, kind })
}

fn idle(details: &mut Details<'_>) -> Result<IdleFor, Refusal> {
    Ok(IdleFor { seconds: details.number("for")?.unwrap_or(u64::from(u32::MAX)), before: 0 })
}

fn displayed(details: &mut Details<'_>) -> Result<Displayed, Refusal> {
    Ok(Displayed {
        display: Display { name: details.text("name").unwrap_or_default() },
        count: details.number("count")?.unwrap_or(1),
    })
}

impl Details<'_> {
    fn text(&mut self, key: &'static str) -> Option<String> {
        self.known.push(key);
        self.given.remove(key).map(str::to_owned)
    }

    fn needed(&mut self, key: &'static str) -> Result<String, Refusal> {
        let name = self.name;
        self.text(key).filter(|text| !text.is_empty()).ok_or_else(|| {
            Refusal::new(
                "bad_params",
                sentence!("trigger-needs", "`{name}` needs `{key}`", name = name, key = key),
            )
            .hint(sentence!(
                "trigger-say-as-usher-trigger",
                "say it as: usher trigger {name} {key}=…",
                name = name,
                key = key
            ))
        })
    }

    fn number<N: std::str::FromStr>(&mut self, key: &'static str) -> Result<Option<N>, Refusal> {
        let Some(text) = self.text(key) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| self.wrong(key, "a number"))
    }

    fn flag(&mut self, key: &'static str) -> Result<bool, Refusal> {
        match self.text(key).as_deref() {
            None | Some("no" | "false") => Ok(false),
            Some("yes" | "true") => Ok(true),
            Some(_) => Err(self.wrong(key, "yes or no")),
        }
    }

    fn wrong(&self, key: &str, wanted: &str) -> Refusal {
        Refusal::new(
            "bad_params",
            sentence!(
                "trigger-wants",
                "`{key}` of `{name}` wants {wanted}",
                key = key,
                name = self.name,
                wanted = wanted
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn play(name: &str, details: &[(&str, &str)]) -> Result<Edge, Refusal> {
        let details = details.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        edge(name, &details, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn an_edge_is_made_of_a_name_and_details() {
        let edge =
            play("volume.mounted", &[("label", "X"), ("path", "/mnt/x"), ("removable", "yes")]).unwrap();
        let Edge::VolumeMounted(volume) = edge else { panic!("{edge:?}") };
        assert_eq!((volume.label.as_deref(), volume.removable), (Some("X"), true));
        assert_eq!(play("session.locked", &[]).unwrap(), Edge::SessionLocked);
    }

    #[test]
    fn every_name_can_be_played() {
        let details = [("path", "/x"), ("name", "x"), ("rule", "x"), ("keys", "x")];
        for name in Edge::NAMES {
            let fits = details.iter().find_map(|detail| play(name, &[*detail]).ok());
            let edge = fits.or_else(|| play(name, &[]).ok()).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(edge.name(), *name);
        }
    }

    #[test]
    fn what_makes_no_edge_is_refused_with_what_would() {
        for (name, details) in [
            ("volume.mountd", &[("path", "/x")][..]),
            ("volume.mounted", &[]),
            ("volume.mounted", &[("path", "/x"), ("colour", "red")]),
            ("power.ac", &[("percent", "much")]),
            ("network.connected", &[("name", "x"), ("kind", "string")]),
            ("session.locked", &[("name", "x")]),
        ] {
            assert_eq!(play(name, details).unwrap_err().code, "bad_params", "{name} {details:?}");
        }
    }
}

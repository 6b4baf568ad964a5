//! The machine's nouns in words for people.

use usher_event::{ConnectionKind, NounMode, PowerSource, Reading};

use crate::api::Fact;

/// The word for the way a noun is looked at.
pub(crate) fn mode(mode: NounMode) -> &'static str {
    match mode {
        NounMode::Watching => "watching",
        NounMode::Polling => "polling",
        NounMode::Unavailable => "unavailable",
    }
}

/// A state in a few words.
pub(crate) fn words(reading: &Reading) -> String {
    match reading {
        Reading::Volume(volumes) => listed(volumes, "no drives", |volume| match &volume.label {
            Some(label) => format!("{label} at {}", volume.path.display()),
            None => volume.path.display().to_string(),
        }),
        Reading::Usb(devices) => listed(devices, "no devices", |device| match &device.name {
            Some(name) => name.clone(),
            None => format!("{}:{}", device.vendor, device.product),
        }),
        Reading::Power(power) => {
            let source = match power.source {
                PowerSource::Ac => "on mains power",
                PowerSource::Battery => "on battery",
            };
            power.percent.map_or(source.to_owned(), |percent| format!("{source}, {percent} %"))
        }
        Reading::Network(network) => {
            let online = if network.online { "online" } else { "offline" };
            let connection = |connection: &usher_event::Connection| {
                format!("{} ({})", connection.name, connection_kind(connection.kind))
            };
            match network.connections.is_empty() {
                true => online.to_owned(),
                false => format!("{online}: {}", listed(&network.connections, "", connection)),
            }
        }
        Reading::Session(session) => if session.locked { "locked" } else { "unlocked" }.to_owned(),
        Reading::Idle(idle) => match idle.seconds {
            0 => "in use".to_owned(),
            seconds => format!("not used for {seconds} s"),
        },
        Reading::Display(displays) => listed(displays, "no displays", |display| display.name.clone()),
    }
}

/// A state as facts, for whoever has words of another language.
pub(crate) fn facts(reading: &Reading) -> Vec<Fact> {
    let facts = match reading {
        Reading::Volume(volumes) => volumes
            .iter()
            .map(|volume| {
                let path = volume.path.display().to_string();
                let beside = volume.label.is_some().then(|| path.clone());
                Fact { beside, ..named("volume", volume.label.clone().unwrap_or(path)) }
            })
            .collect(),
        Reading::Usb(devices) => devices
            .iter()
            .map(|device| {
                let numbers = || format!("{}:{}", device.vendor, device.product);
                named("device", device.name.clone().unwrap_or_else(numbers))
            })
            .collect(),
        Reading::Power(power) => {
            let source = match power.source {
                PowerSource::Ac => fact("ac"),
                PowerSource::Battery => fact("battery"),
            };
            let percent = power.percent.map(|percent| numbered("percent", u32::from(percent)));
            [source].into_iter().chain(percent).collect()
        }
        Reading::Network(network) => {
            let online = fact(if network.online { "online" } else { "offline" });
            let connection = |connection: &usher_event::Connection| Fact {
                beside: Some(connection_kind(connection.kind).to_owned()),
                ..named("connection", connection.name.clone())
            };
            [online].into_iter().chain(network.connections.iter().map(connection)).collect()
        }
        Reading::Session(session) => vec![fact(if session.locked { "locked" } else { "unlocked" })],
        Reading::Idle(idle) => match idle.seconds {
            0 => vec![fact("in_use")],
            seconds => vec![numbered("unused", u32::try_from(seconds).unwrap_or(u32::MAX))],
        },
        Reading::Display(displays) => {
            displays.iter().map(|display| named("display", display.name.clone())).collect()
        }
    };
    if facts.is_empty() { vec![fact("none")] } else { facts }
}

fn fact(code: &str) -> Fact {
    Fact { code: code.to_owned(), ..Fact::default() }
}

fn named(code: &str, name: String) -> Fact {
    Fact { name: Some(name), ..fact(code) }
}

fn numbered(code: &str, number: u32) -> Fact {
    Fact { number: Some(number), ..fact(code) }
}

fn listed<T>(items: &[T], none: &str, word: impl Fn(&T) -> String) -> String {
    match items {
        [] => none.to_owned(),
        items => items.iter().map(word).collect::<Vec<_>>().join(", "),
    }
}

fn connection_kind(kind: ConnectionKind) -> &'static str {
    match kind {
        ConnectionKind::Wifi => "wifi",
        ConnectionKind::Ethernet => "ethernet",
        ConnectionKind::Mobile => "mobile",
        ConnectionKind::Vpn => "vpn",
        ConnectionKind::Other => "other",
    }
}

#[cfg(test)]
mod tests {
    use usher_event::{Connection, Network};

    use super::*;

    #[test]
    fn facts_say_what_the_words_say() {
        let wifi = Connection { name: "Home".into(), kind: ConnectionKind::Wifi };
        let network =
            Reading::Network(Network { online: true, connections: [wifi].into(), ..Network::default() });
        assert_eq!(words(&network), "online: Home (wifi)");
        let said: Vec<_> = facts(&network)
            .into_iter()
            .map(|fact| [Some(fact.code), fact.name, fact.beside].into_iter().flatten().collect::<Vec<_>>())
            .collect();
        assert_eq!(said, [vec!["online"], vec!["connection", "Home", "wifi"]]);
        assert_eq!(facts(&Reading::Volume(Vec::new())), [fact("none")]);
    }
}

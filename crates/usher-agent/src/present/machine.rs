//! The machine's nouns in words for people.

use usher_event::{ConnectionKind, NounMode, PowerSource, Reading};

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

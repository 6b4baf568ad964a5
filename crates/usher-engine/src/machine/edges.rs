//! What lies between two readings of the same noun.

use usher_event::{
    BatteryLevel, Display, Displayed, Edge, IdleFor, Network, Power, PowerSource, Reading, UsbDevice, Volume,
};

/// The edges between what was and what is, in the order they are told: what went comes before what came.
pub(super) fn between(was: &Reading, is: &Reading) -> Vec<Edge> {
    match (was, is) {
        (Reading::Volume(was), Reading::Volume(is)) => volumes(was, is),
        (Reading::Usb(was), Reading::Usb(is)) => devices(was, is),
        (Reading::Power(was), Reading::Power(is)) => power(*was, *is),
        (Reading::Network(was), Reading::Network(is)) => network(was, is),
        (Reading::Session(was), Reading::Session(is)) => match (was.locked, is.locked) {
            (false, true) => vec![Edge::SessionLocked],
            (true, false) => vec![Edge::SessionUnlocked],
            _ => Vec::new(),
        },
        (Reading::Idle(was), Reading::Idle(is)) => {
            if is.seconds > was.seconds {
                vec![Edge::IdleAfter(IdleFor { seconds: is.seconds, before: was.seconds })]
            } else if is.seconds < was.seconds {
                vec![Edge::IdleBack(IdleFor { seconds: was.seconds, before: 0 })]
            } else {
                Vec::new()
            }
        }
        (Reading::Display(was), Reading::Display(is)) => displays(was, is),
        _ => Vec::new(),
    }
}

fn volumes(was: &[Volume], is: &[Volume]) -> Vec<Edge> {
    let same = |one: &Volume, other: &Volume| one.path == other.path && one.uuid == other.uuid;
    let (gone, came) = changes(was, is, same);
    gone.map(|volume| Edge::VolumeUnmounted(volume.clone()))
        .chain(came.map(|volume| Edge::VolumeMounted(volume.clone())))
        .collect()
}

fn devices(was: &[UsbDevice], is: &[UsbDevice]) -> Vec<Edge> {
    let same = |one: &UsbDevice, other: &UsbDevice| {
        one.port == other.port
            && one.vendor == other.vendor
            && one.product == other.product
            && one.serial == other.serial
    };
    let (gone, came) = changes(was, is, same);
    gone.map(|device| Edge::UsbDetached(device.clone()))
        .chain(came.map(|device| Edge::UsbAttached(device.clone())))
        .collect()
}

fn power(was: Power, is: Power) -> Vec<Edge> {
    let mut edges = Vec::new();
    if was.source != is.source {
        edges.push(match is.source {
            PowerSource::Ac => Edge::PowerAc(is),
            PowerSource::Battery => Edge::PowerBattery(is),
        });
    }
    if let (Some(before), Some(percent)) = (was.percent, is.percent)
        && before != percent
    {
        edges.push(Edge::BatteryLevel(BatteryLevel { percent, before }));
    }
    edges
}

fn network(was: &Network, is: &Network) -> Vec<Edge> {
    let (gone, came) = changes(&was.connections, &is.connections, |one, other| one == other);
    let mut edges: Vec<Edge> = gone.map(|gone| Edge::NetworkDisconnected(gone.clone())).collect();
    if was.online && !is.online {
        edges.push(Edge::NetworkOffline(is.clone()));
    }
    edges.extend(came.map(|came| Edge::NetworkConnected(came.clone())));
    if !was.online && is.online {
        edges.push(Edge::NetworkOnline(is.clone()));
    }
    edges
}

fn displays(was: &[Display], is: &[Display]) -> Vec<Edge> {
    let (gone, came) = changes(was, is, |one, other| one == other);
    let count = u32::try_from(is.len()).unwrap_or(u32::MAX);
    let shown = |display: &Display| Displayed { display: display.clone(), count };
    gone.map(|display| Edge::DisplayDisconnected(shown(display)))
        .chain(came.map(|display| Edge::DisplayConnected(shown(display))))
        .collect()
}

/// What is only in the first list, and what is only in the second one.
fn changes<'a, T>(
    was: &'a [T],
    is: &'a [T],
    same: impl Fn(&T, &T) -> bool + Copy + 'a,
) -> (impl Iterator<Item = &'a T>, impl Iterator<Item = &'a T>) {
    let only = move |list: &'a [T], other: &'a [T]| {
        list.iter().filter(move |one| !other.iter().any(|known| same(one, known)))
    };
    (only(was, is), only(is, was))
}

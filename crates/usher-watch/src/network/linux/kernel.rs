//! The network as the kernel knows it, for while NetworkManager is not there.

use std::future::pending;
use std::time::Duration;

use futures_lite::future::or;
use usher_event::{Connection, Network, NounHealth, Reading, sentence};

use super::super::reading;
use super::{Manager, interfaces};
use crate::bus::{Notices, pause};
use crate::surroundings::Surroundings;

/// The time between two looks where the kernel's notices cannot be heard.
const EVERY: Duration = Duration::from_secs(30);

/// Links, and the addresses and routes of IPv4 and IPv6: `RTMGRP_*` of the kernel's `rtnetlink.h`.
const GROUPS: u32 = 0x1 | 0x10 | 0x40 | 0x100 | 0x400;

/// Tells the kernel's view whenever NetworkManager has none. Never ends.
pub(super) async fn watch(manager: &Manager<'_>, surroundings: &Surroundings) {
    loop {
        manager.silence.turned().await;
        if manager.silence.reason().is_some() {
            stand_in(manager, surroundings).await;
        }
    }
}

/// The reading of what the kernel says.
fn by_interface(online: bool, connections: Vec<Connection>) -> Reading {
    match reading(online, connections) {
        Reading::Network(network) => Reading::Network(Network { by_interface: true, ..network }),
        other => other,
    }
}

/// Tells the kernel's view until NetworkManager is back, or there is none.
async fn stand_in(manager: &Manager<'_>, surroundings: &Surroundings) {
    // Before looking: what changes in between is noticed too.
    let mut notices = Notices::open(None, GROUPS)
        .inspect_err(|error| tracing::debug!(%error, "the kernel's notices of the network cannot be heard"))
        .ok();
    while let Some(reason) = manager.silence.reason() {
        let Some((online, connections)) = interfaces::look(&surroundings.sys, &surroundings.proc) else {
            return manager.teller.blind(sentence!(
                "network-no-interfaces",
                "{why}; the kernel lists no network interfaces either",
                why = reason
            ));
        };
        let names = sentence!(
            "network-by-interface",
            "{why}, so connections go by their interface's name",
            why = reason
        );
        let health = match notices {
            Some(_) => NounHealth { reason: Some(names), ..NounHealth::watching() },
            None => NounHealth::polling(sentence!(
                "network-asked",
                "{names}, and Usher looks twice a minute",
                names = names
            )),
        };
        manager.teller.sees(health, by_interface(online, connections));
        let late = async { if notices.is_none() { pause(EVERY).await } else { pending().await } };
        let heard = async {
            match &notices {
                Some(notices) => notices.heard(b"").await,
                None => pending().await,
            }
        };
        let turned = async {
            or(late, manager.silence.turned()).await;
            Ok(())
        };
        if let Err(error) = or(heard, turned).await {
            tracing::debug!(%error, "the kernel's notices of the network are no longer heard");
            notices = None;
        }
    }
}

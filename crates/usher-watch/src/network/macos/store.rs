//! What the system's dynamic store and its list of interfaces say.

use std::collections::BTreeMap;

use objc2_core_foundation::{CFArray, CFDictionary, CFRetained, CFString, CFType};
use objc2_system_configuration::{SCDynamicStore, SCNetworkInterface};
use usher_event::{Connection, ConnectionKind};

use super::wireless;

/// The keys of the interfaces' addresses.
pub(super) const ADDRESSES: &str = "State:/Network/Interface/[^/]+/IPv[46]";

/// Whether a way leads to the internet, and the interfaces with an address that reaches beyond the link.
pub(super) fn look() -> (bool, Vec<Connection>) {
    let known = interfaces();
    let mut connections = Vec::new();
    for key in keys(ADDRESSES) {
        // State:/Network/Interface/en0/IPv4
        let Some(interface) = key.split('/').nth(3) else { continue };
        if reaches(&key)
            && let Some((name, kind)) = known.get(interface).cloned().or_else(|| tunnel(interface))
        {
            connections.push(Connection { name, kind });
        }
    }
    (!keys("State:/Network/Global/IPv[46]").is_empty(), connections)
}

/// The names and kinds of the interfaces in the settings, by the kernel's names for them.
#[expect(unsafe_code, reason = "the bindings do not know the types inside of the list")]
fn interfaces() -> BTreeMap<String, (String, ConnectionKind)> {
    let all = SCNetworkInterface::all();
    // SAFETY: that is what the list holds.
    let all: CFRetained<CFArray<SCNetworkInterface>> = unsafe { CFRetained::cast_unchecked(all) };
    let described = |interface: CFRetained<SCNetworkInterface>| {
        let own = interface.bsd_name()?.to_string();
        let kind = interface.interface_type().map_or(ConnectionKind::Other, |word| kind(&word.to_string()));
        let network = (kind == ConnectionKind::Wifi).then(|| wireless::network(&own)).flatten();
        let service = || interface.localized_display_name().map(|name| name.to_string());
        let name = network.or_else(service).unwrap_or_else(|| own.clone());
        Some((own, (name, kind)))
    };
    all.iter().filter_map(described).collect()
}

/// The kind of an interface by the framework's word for it.
fn kind(word: &str) -> ConnectionKind {
    match word {
        "IEEE80211" => ConnectionKind::Wifi,
        "Ethernet" => ConnectionKind::Ethernet,
        "WWAN" | "Modem" | "Bluetooth" => ConnectionKind::Mobile,
        "IPSec" | "L2TP" | "PPTP" | "PPP" => ConnectionKind::Vpn,
        _ => ConnectionKind::Other,
    }
}

/// A tunnel, which is in no settings. Everything else that is not there is the system's own business.
fn tunnel(interface: &str) -> Option<(String, ConnectionKind)> {
    let is_tunnel = ["utun", "ipsec", "ppp"].iter().any(|sort| interface.starts_with(sort));
    is_tunnel.then(|| (interface.to_owned(), ConnectionKind::Vpn))
}

/// The store's keys that match.
#[expect(unsafe_code, reason = "the bindings do not know the types inside of the list")]
fn keys(pattern: &'static str) -> Vec<String> {
    let Some(keys) = SCDynamicStore::key_list(None, &CFString::from_static_str(pattern)) else {
        return Vec::new();
    };
    // SAFETY: that is what the list holds.
    let keys: CFRetained<CFArray<CFString>> = unsafe { CFRetained::cast_unchecked(keys) };
    keys.iter().map(|key| key.to_string()).collect()
}

/// Whether one of the addresses under a key reaches beyond the link.
#[expect(unsafe_code, reason = "the bindings do not know the types inside of the lists")]
fn reaches(key: &str) -> bool {
    let addresses = || {
        let about = SCDynamicStore::value(None, &CFString::from_str(key))?.downcast::<CFDictionary>().ok()?;
        // SAFETY: what is in the store goes by texts; of what type a value is is asked before it is used.
        let about: CFRetained<CFDictionary<CFString, CFType>> = unsafe { CFRetained::cast_unchecked(about) };
        let list = about.get(&CFString::from_static_str("Addresses"))?.downcast::<CFArray>().ok()?;
        // SAFETY: whatever is in a list of the framework's is an object of its.
        Some(unsafe { CFRetained::cast_unchecked::<CFArray<CFType>>(list) })
    };
    let beyond = |address: CFRetained<CFType>| {
        let address = address.downcast::<CFString>().map(|text| text.to_string()).unwrap_or_default();
        !address.is_empty()
            && !["fe80:", "169.254.", "127.", "::1"].iter().any(|near| address.starts_with(near))
    };
    addresses().is_some_and(|list| list.iter().any(beyond))
}

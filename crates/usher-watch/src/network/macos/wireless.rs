//! What CoreWLAN tells of the wireless network that an interface is in.

#![expect(unsafe_code, reason = "the bindings call every foreign call unsafe")]

use objc2::rc::autoreleasepool;
use objc2_core_wlan::CWWiFiClient;
use objc2_foundation::NSString;

/// The network's name. None where there is none, or where macOS keeps it to itself.
pub(super) fn network(interface: &str) -> Option<String> {
    // The thread has no event loop that would let go of what the calls hand out.
    autoreleasepool(|_| {
        // SAFETY: these calls ask for nothing beyond the types of what they are given, and may come from any thread.
        let name = unsafe {
            let client = CWWiFiClient::sharedWiFiClient();
            client.interfaceWithName(Some(&NSString::from_str(interface)))?.ssid()?
        };
        Some(name.to_string()).filter(|name| !name.is_empty())
    })
}

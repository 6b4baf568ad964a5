//! The system's table of network adapters.

use usher_event::ConnectionKind;
use windows_sys::Win32::Foundation::{ERROR_BUFFER_OVERFLOW, ERROR_NO_DATA};
use windows_sys::Win32::NetworkManagement::IpHelper::{
    ConvertInterfaceLuidToGuid, GAA_FLAG_SKIP_ANYCAST, GAA_FLAG_SKIP_DNS_SERVER, GAA_FLAG_SKIP_MULTICAST,
    GetAdaptersAddresses, IF_TYPE_ETHERNET_CSMACD, IF_TYPE_IEEE80211, IF_TYPE_PPP, IF_TYPE_PROP_VIRTUAL,
    IF_TYPE_SOFTWARE_LOOPBACK, IF_TYPE_TUNNEL, IF_TYPE_WWANPP, IF_TYPE_WWANPP2, IP_ADAPTER_ADDRESSES_LH,
};
use windows_sys::Win32::NetworkManagement::Ndis::{IfOperStatusUp, NET_LUID_LH};
use windows_sys::Win32::Networking::WinSock::AF_UNSPEC;
use windows_sys::core::{GUID, PCWSTR};

use super::os_error;

/// Longer names than this are cut: Windows allows 256 characters.
const LONGEST_NAME: usize = 512;

/// A connected adapter.
pub(super) struct Adapter {
    /// Its name in the system's settings.
    pub(super) name: String,
    pub(super) kind: ConnectionKind,
    /// The system's identifier of it.
    pub(super) id: GUID,
}

/// The adapters that are up, have an address, and lead somewhere.
#[expect(unsafe_code, reason = "no safe binding offers GetAdaptersAddresses")]
pub(super) fn connected() -> std::io::Result<Vec<Adapter>> {
    let table = table()?;
    let mut adapters = Vec::new();
    let mut next = table.as_ptr().cast::<IP_ADAPTER_ADDRESSES_LH>();
    if table.is_empty() {
        return Ok(adapters);
    }
    // SAFETY: the table begins with a row; each row says where the next one is, and all of them and their texts lie in
    // the table, which outlives this loop.
    while let Some(row) = unsafe { next.as_ref() } {
        if row.OperStatus == IfOperStatusUp
            && !row.FirstUnicastAddress.is_null()
            && let Some(kind) = kind(row.IfType)
        {
            // SAFETY: as above.
            let name = unsafe { text(row.FriendlyName) };
            adapters.push(Adapter { name, kind, id: id(&row.Luid) });
        }
        next = row.Next;
    }
    Ok(adapters)
}

/// The table as the system writes it; aligned, since it holds rows with pointers.
#[expect(unsafe_code, reason = "no safe binding offers GetAdaptersAddresses")]
fn table() -> std::io::Result<Vec<u64>> {
    let flags = GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER;
    // What Microsoft recommends to begin with.
    let mut bytes = 16 * 1024_u32;
    // It may grow between the answer of how large it is and the next question.
    for _ in 0..4 {
        let mut table = vec![0_u64; bytes.div_ceil(8) as usize];
        // SAFETY: the table is as large as it is said to be.
        let error = unsafe {
            let rows = table.as_mut_ptr().cast();
            GetAdaptersAddresses(AF_UNSPEC.into(), flags, std::ptr::null(), rows, &mut bytes)
        };
        match error {
            0 => return Ok(table),
            ERROR_NO_DATA => return Ok(Vec::new()),
            ERROR_BUFFER_OVERFLOW => {}
            code => return Err(os_error(code)),
        }
    }
    Err(os_error(ERROR_BUFFER_OVERFLOW))
}

#[expect(unsafe_code, reason = "no safe binding offers ConvertInterfaceLuidToGuid")]
fn id(luid: &NET_LUID_LH) -> GUID {
    let mut id = GUID::from_u128(0);
    // SAFETY: both are valid for the length of the call. Where it fails the identifier is none that exists.
    unsafe { ConvertInterfaceLuidToGuid(luid, &mut id) };
    id
}

/// The kind of an adapter; none for what leads nowhere.
fn kind(if_type: u32) -> Option<ConnectionKind> {
    Some(match if_type {
        IF_TYPE_SOFTWARE_LOOPBACK => return None,
        IF_TYPE_IEEE80211 => ConnectionKind::Wifi,
        IF_TYPE_ETHERNET_CSMACD => ConnectionKind::Ethernet,
        IF_TYPE_WWANPP | IF_TYPE_WWANPP2 => ConnectionKind::Mobile,
        IF_TYPE_TUNNEL | IF_TYPE_PROP_VIRTUAL | IF_TYPE_PPP => ConnectionKind::Vpn,
        _ => ConnectionKind::Other,
    })
}

/// A text of the system's.
///
/// # Safety
///
/// It is null, or ends with a zero.
#[expect(unsafe_code, reason = "the system's texts end with a zero")]
unsafe fn text(text: PCWSTR) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: nothing beyond the zero is looked at.
    let units: Vec<u16> =
        (0..LONGEST_NAME).map(|at| unsafe { *text.add(at) }).take_while(|unit| *unit != 0).collect();
    String::from_utf16_lossy(&units)
}

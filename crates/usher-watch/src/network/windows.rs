//! The network from the system's table of adapters, which is read again when it says that something has changed.
//!
//! Wireless networks go by their own name where Windows tells it (since 24H2 it asks the user first), everything else by
//! the adapter's.

use std::ffi::c_void;
use std::sync::mpsc::Sender;

use usher_event::{Connection, ConnectionKind, Noun, sentence};
use windows_sys::Win32::Foundation::HANDLE;
use windows_sys::Win32::NetworkManagement::IpHelper::{
    CancelMibChangeNotify2, GetNetworkConnectivityHint, MIB_NOTIFICATION_TYPE, MIB_UNICASTIPADDRESS_ROW,
    NotifyNetworkConnectivityHintChange, NotifyUnicastIpAddressChange,
};
use windows_sys::Win32::Networking::WinSock::{
    AF_UNSPEC, NL_NETWORK_CONNECTIVITY_HINT, NetworkConnectivityLevelHintInternetAccess,
};

use super::reading;
use crate::again::keep_watching;
use crate::mailed::{Letter, Mailed, look_at_each, stops_within};
use crate::source::Source;
use crate::surroundings::Surroundings;
use crate::tell::Teller;

mod adapters;
mod wireless;

/// Starts the source.
pub(crate) fn start(teller: Teller, _: Surroundings) -> std::io::Result<Box<dyn Source>> {
    let source = Mailed::start(Noun::Network, move |mail, own| {
        let watch = || {
            let unheard = |error: std::io::Error| {
                sentence!(
                    "network-windows-silent",
                    "Windows does not report changes of the network: {why}",
                    why = error
                )
            };
            let _addresses = Notice::of_addresses(own.clone()).map_err(unheard)?;
            let _reach = Notice::of_reach(own.clone()).map_err(unheard)?;
            look_at_each(&mail, || match look() {
                Ok((online, connections)) => teller.watching(reading(online, connections)),
                Err(error) => teller.blind(sentence!(
                    "network-no-adapters",
                    "Windows does not list its network adapters: {why}",
                    why = error
                )),
            });
            Ok(())
        };
        keep_watching(&teller, watch, |pause| !stops_within(&mail, pause));
    })?;
    Ok(Box::new(source))
}

/// Whether the internet is reachable, and what is connected.
fn look() -> std::io::Result<(bool, Vec<Connection>)> {
    let mut connections = Vec::new();
    for adapter in adapters::connected()? {
        let own_name = if adapter.kind == ConnectionKind::Wifi { wireless::name(&adapter.id) } else { None };
        connections.push(Connection { name: own_name.unwrap_or(adapter.name), kind: adapter.kind });
    }
    Ok((online()?, connections))
}

#[expect(unsafe_code, reason = "no safe binding offers GetNetworkConnectivityHint")]
fn online() -> std::io::Result<bool> {
    let mut hint = NL_NETWORK_CONNECTIVITY_HINT::default();
    // SAFETY: `hint` is valid for the length of the call.
    match unsafe { GetNetworkConnectivityHint(&mut hint) } {
        0 => Ok(hint.ConnectivityLevel == NetworkConnectivityLevelHintInternetAccess),
        code => Err(os_error(code)),
    }
}

fn os_error(code: u32) -> std::io::Error {
    std::io::Error::from_raw_os_error(code.cast_signed())
}

/// That a kind of change is told to a mailbox, until it is dropped.
struct Notice {
    handle: HANDLE,
    /// What the system was given for a context; it may use it until it has been told to stop.
    letters: *mut Sender<Letter>,
}

impl Notice {
    /// Of addresses that come and go.
    #[expect(unsafe_code, reason = "no safe binding offers NotifyUnicastIpAddressChange")]
    fn of_addresses(letters: Sender<Letter>) -> std::io::Result<Self> {
        let context = Box::into_raw(Box::new(letters));
        let mut handle: HANDLE = std::ptr::null_mut();
        // SAFETY: the context is what `address_changed` takes it for, and lives until the notice has ended.
        let error = unsafe {
            let context = context.cast_const().cast();
            NotifyUnicastIpAddressChange(AF_UNSPEC, Some(address_changed), context, false, &mut handle)
        };
        Self::new(error, handle, context)
    }

    /// Of how far the network reaches.
    #[expect(unsafe_code, reason = "no safe binding offers NotifyNetworkConnectivityHintChange")]
    fn of_reach(letters: Sender<Letter>) -> std::io::Result<Self> {
        let context = Box::into_raw(Box::new(letters));
        let mut handle: HANDLE = std::ptr::null_mut();
        // SAFETY: the context is what `reach_changed` takes it for, and lives until the notice has ended.
        let error = unsafe {
            let context = context.cast_const().cast();
            NotifyNetworkConnectivityHintChange(Some(reach_changed), context, false, &mut handle)
        };
        Self::new(error, handle, context)
    }

    fn new(error: u32, handle: HANDLE, letters: *mut Sender<Letter>) -> std::io::Result<Self> {
        // Dropped on an error as well, which frees the context.
        let notice = Self { handle, letters };
        if error == 0 { Ok(notice) } else { Err(os_error(error)) }
    }
}

impl Drop for Notice {
    #[expect(unsafe_code, reason = "no safe binding offers CancelMibChangeNotify2")]
    fn drop(&mut self) {
        // SAFETY: the handle is null or of a notice that has not ended. Cancelling waits for calls on their way, and
        // this is no thread of theirs; after that nobody else has the context.
        unsafe {
            if !self.handle.is_null() {
                CancelMibChangeNotify2(self.handle);
            }
            drop(Box::from_raw(self.letters));
        }
    }
}

/// Called by the system when an address has come or gone.
#[expect(unsafe_code, reason = "the system calls it with a bare pointer")]
unsafe extern "system" fn address_changed(
    context: *const c_void,
    _: *const MIB_UNICASTIPADDRESS_ROW,
    _: MIB_NOTIFICATION_TYPE,
) {
    // SAFETY: `Notice` gave a sender that lives until the notice has ended; sending is possible from any thread.
    let letters = unsafe { &*context.cast::<Sender<Letter>>() };
    let _ = letters.send(Letter::Look);
}

/// Called by the system when the network reaches further or less far.
#[expect(unsafe_code, reason = "the system calls it with a bare pointer")]
unsafe extern "system" fn reach_changed(context: *const c_void, _: NL_NETWORK_CONNECTIVITY_HINT) {
    // SAFETY: `Notice` gave a sender that lives until the notice has ended; sending is possible from any thread.
    let letters = unsafe { &*context.cast::<Sender<Letter>>() };
    let _ = letters.send(Letter::Look);
}

//! What Windows tells about display devices.

#![expect(unsafe_code, reason = "the call takes pointers to what it writes")]

use std::ptr::null;

use windows_sys::Win32::Graphics::Gdi::{DISPLAY_DEVICE_ACTIVE, DISPLAY_DEVICEW, EnumDisplayDevicesW};

/// An adapter's output, or a monitor at one.
pub(super) struct Device(DISPLAY_DEVICEW);

impl Device {
    /// What the device calls itself: `Dell U2720Q`.
    pub(super) fn shown(&self) -> String {
        let text = &self.0.DeviceString;
        let end = text.iter().position(|unit| *unit == 0).unwrap_or(text.len());
        String::from_utf16_lossy(&text[..end])
    }
}

/// The adapters that show a part of the desktop, or the monitors in use at one of them.
pub(super) fn active(adapter: Option<&Device>) -> Vec<Device> {
    let of = adapter.map_or(null(), |adapter| adapter.0.DeviceName.as_ptr());
    let mut found = Vec::new();
    for number in 0.. {
        let mut device =
            DISPLAY_DEVICEW { cb: size_of::<DISPLAY_DEVICEW>() as u32, ..DISPLAY_DEVICEW::default() };
        // SAFETY: the name is null or ends in a zero, as the system wrote it; the device is ours and says its own size.
        if unsafe { EnumDisplayDevicesW(of, number, &mut device, 0) } == 0 {
            break;
        }
        if device.StateFlags & DISPLAY_DEVICE_ACTIVE != 0 {
            found.push(Device(device));
        }
    }
    found
}

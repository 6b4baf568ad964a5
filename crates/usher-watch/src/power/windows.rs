//! Power from the system's power status, which says by itself when it is another one.

use std::ffi::c_void;
use std::sync::mpsc::Sender;

use usher_event::{Noun, sentence};
use windows_sys::Win32::System::Power::{
    DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS, GetSystemPowerStatus, HPOWERNOTIFY, PowerSettingRegisterNotification,
    PowerSettingUnregisterNotification, SYSTEM_POWER_STATUS,
};
use windows_sys::Win32::System::SystemServices::{GUID_ACDC_POWER_SOURCE, GUID_BATTERY_PERCENTAGE_REMAINING};
use windows_sys::Win32::UI::WindowsAndMessaging::DEVICE_NOTIFY_CALLBACK;
use windows_sys::core::GUID;

use super::reading;
use crate::again::keep_watching;
use crate::mailed::{Letter, Mailed, look_at_each, stops_within};
use crate::source::Source;
use crate::surroundings::Surroundings;
use crate::tell::Teller;

/// Starts the source.
pub(crate) fn start(teller: Teller, _: Surroundings) -> std::io::Result<Box<dyn Source>> {
    let source = Mailed::start(Noun::Power, move |mail, own| {
        let watch = || {
            let unheard = |error: std::io::Error| {
                sentence!(
                    "power-windows-silent",
                    "Windows does not report changes of the power supply: {why}",
                    why = error
                )
            };
            let _plug = Registration::new(&GUID_ACDC_POWER_SOURCE, own.clone()).map_err(unheard)?;
            let _charge =
                Registration::new(&GUID_BATTERY_PERCENTAGE_REMAINING, own.clone()).map_err(unheard)?;
            look_at_each(&mail, || match status() {
                Ok((on_battery, percent)) => teller.watching(reading(on_battery, percent)),
                Err(error) => teller.blind(sentence!(
                    "power-windows-unknown",
                    "Windows does not say where the power comes from: {why}",
                    why = error
                )),
            });
            Ok(())
        };
        keep_watching(&teller, watch, |pause| !stops_within(&mail, pause));
    })?;
    Ok(Box::new(source))
}

/// On battery or not, and the charge.
#[expect(unsafe_code, reason = "no safe binding offers GetSystemPowerStatus")]
fn status() -> std::io::Result<(bool, Option<f64>)> {
    /// What the fields say that do not know.
    const UNKNOWN: u8 = 255;
    const OFFLINE: u8 = 0;
    let mut status = SYSTEM_POWER_STATUS::default();
    // SAFETY: `status` is valid for the length of the call.
    if unsafe { GetSystemPowerStatus(&mut status) } == 0 {
        return Err(std::io::Error::last_os_error());
    }
    let percent = (status.BatteryLifePercent != UNKNOWN).then(|| status.BatteryLifePercent.into());
    Ok((status.ACLineStatus == OFFLINE, percent))
}

/// That a power setting's changes are told to a mailbox, until it is dropped.
struct Registration(HPOWERNOTIFY);

impl Registration {
    #[expect(unsafe_code, reason = "no safe binding offers PowerSettingRegisterNotification")]
    fn new(setting: &GUID, letters: Sender<Letter>) -> std::io::Result<Self> {
        // Never freed: a call may still be on its way when the registration has ended.
        let letters: &'static Sender<Letter> = Box::leak(Box::new(letters));
        let mut told = DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS {
            Callback: Some(changed),
            Context: std::ptr::from_ref(letters).cast_mut().cast(),
        };
        let mut handle: *mut c_void = std::ptr::null_mut();
        // SAFETY: the parameters are read during the call alone; the context lives for ever and is what `changed` takes
        // it for.
        let error = unsafe {
            let told = std::ptr::from_mut(&mut told).cast();
            PowerSettingRegisterNotification(setting, DEVICE_NOTIFY_CALLBACK, told, &mut handle)
        };
        if error == 0 { Ok(Self(handle as HPOWERNOTIFY)) } else { Err(os_error(error)) }
    }
}

fn os_error(code: u32) -> std::io::Error {
    std::io::Error::from_raw_os_error(code.cast_signed())
}

impl Drop for Registration {
    #[expect(unsafe_code, reason = "no safe binding offers PowerSettingUnregisterNotification")]
    fn drop(&mut self) {
        // SAFETY: the handle is of a registration that has not ended.
        unsafe { PowerSettingUnregisterNotification(self.0) };
    }
}

/// Called by the system, on a thread of its own, when a power setting has changed.
#[expect(unsafe_code, reason = "the system calls it with a bare pointer")]
unsafe extern "system" fn changed(context: *const c_void, _: u32, _: *const c_void) -> u32 {
    // SAFETY: `Registration::new` gave a sender that lives for ever; sending is possible from any thread.
    let letters = unsafe { &*context.cast::<Sender<Letter>>() };
    // Nobody reads any more once the source has ended.
    let _ = letters.send(Letter::Look);
    0
}

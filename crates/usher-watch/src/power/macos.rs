//! Power from IOKit's list of power sources, which says by itself when it is another one.

use std::ffi::c_void;
use std::sync::mpsc::Sender;

use objc2_core_foundation::{
    CFArray, CFBoolean, CFDictionary, CFNumber, CFRetained, CFRunLoop, CFRunLoopSource, CFString, CFType,
};
use objc2_io_kit::{
    IOPSCopyPowerSourcesInfo, IOPSCopyPowerSourcesList, IOPSGetPowerSourceDescription,
    IOPSGetProvidingPowerSourceType, IOPSNotificationCreateRunLoopSource,
};
use usher_event::{Noun, sentence};

use super::reading;
use crate::again::keep_watching;
use crate::mailed::{Letter, Mailed, look_at_each, stops_within};
use crate::pump::{Pump, mode, no_notifications};
use crate::source::Source;
use crate::surroundings::Surroundings;
use crate::tell::Teller;

/// Starts the source.
pub(crate) fn start(teller: Teller, _: Surroundings) -> std::io::Result<Box<dyn Source>> {
    let source = Mailed::start(Noun::Power, move |mail, own| {
        let watch = || {
            let own = own.clone();
            let _pump = Pump::start("usher-power-loop", move |run_loop| Heard::attach(run_loop, own))
                .map_err(|error| {
                    sentence!(
                        "power-macos-silent",
                        "macOS does not report changes of the power supply: {why}",
                        why = error
                    )
                })?;
            look_at_each(&mail, || match status() {
                Some((on_battery, percent)) => teller.watching(reading(on_battery, percent)),
                None => teller
                    .blind(sentence!("power-macos-unknown", "macOS does not say where the power comes from")),
            });
            Ok(())
        };
        keep_watching(&teller, watch, |pause| !stops_within(&mail, pause));
    })?;
    Ok(Box::new(source))
}

/// On battery or not, and the charge.
#[expect(unsafe_code, reason = "the bindings do not know the types inside of the list")]
fn status() -> Option<(bool, Option<f64>)> {
    let sources = IOPSCopyPowerSourcesInfo()?;
    // SAFETY: it is the list that was just made.
    let from = unsafe { IOPSGetProvidingPowerSourceType(Some(&sources)) }?;
    // SAFETY: as above.
    let list = unsafe { IOPSCopyPowerSourcesList(Some(&sources)) }?;
    // SAFETY: whatever is in a list of the framework's is an object of its.
    let list: CFRetained<CFArray<CFType>> = unsafe { CFRetained::cast_unchecked(list) };
    let charge = list.iter().find_map(|source| {
        // SAFETY: the source is one of this list.
        let about = unsafe { IOPSGetPowerSourceDescription(Some(&sources), Some(&source)) }?;
        // SAFETY: descriptions go by texts; of what type the values are is asked before they are used.
        let about: CFRetained<CFDictionary<CFString, CFType>> = unsafe { CFRetained::cast_unchecked(about) };
        charge(&about)
    });
    Some((from.to_string() != "AC Power", charge))
}

/// The charge of the built-in battery in percent; none for what is no such battery, or not there.
fn charge(about: &CFDictionary<CFString, CFType>) -> Option<f64> {
    let value = |key: &'static str| about.get(&CFString::from_static_str(key));
    let is_battery = value("Type")?.downcast::<CFString>().ok()?.to_string() == "InternalBattery";
    let is_present = value("Is Present")?.downcast::<CFBoolean>().ok()?.as_bool();
    let number = |key| value(key)?.downcast::<CFNumber>().ok()?.as_f64();
    let (now, full) = (number("Current Capacity")?, number("Max Capacity")?);
    (is_battery && is_present && full > 0.0).then(|| now * 100.0 / full)
}

/// That changes are told to a mailbox, as long as the loop runs and this is there.
struct Heard {
    source: CFRetained<CFRunLoopSource>,
    letters: *mut Sender<Letter>,
}

impl Heard {
    #[expect(unsafe_code, reason = "a context is a bare pointer")]
    fn attach(run_loop: &CFRunLoop, letters: Sender<Letter>) -> std::io::Result<Self> {
        let letters = Box::into_raw(Box::new(letters));
        // SAFETY: the context is what `changed` takes it for, and lives until the source has ended.
        let source = unsafe { IOPSNotificationCreateRunLoopSource(Some(changed), letters.cast()) };
        let Some(source) = source else {
            // SAFETY: nobody else has it.
            drop(unsafe { Box::from_raw(letters) });
            return Err(std::io::Error::other(no_notifications()));
        };
        run_loop.add_source(Some(&source), mode());
        Ok(Self { source, letters })
    }
}

impl Drop for Heard {
    #[expect(unsafe_code, reason = "a context is a bare pointer")]
    fn drop(&mut self) {
        self.source.invalidate();
        // SAFETY: the source called on this thread alone, and calls no more.
        drop(unsafe { Box::from_raw(self.letters) });
    }
}

/// Called by the loop when a power source has changed.
#[expect(unsafe_code, reason = "the framework calls it with a bare pointer")]
unsafe extern "C-unwind" fn changed(context: *mut c_void) {
    // SAFETY: `Heard::attach` gave a sender that lives until the source has ended.
    let letters = unsafe { &*context.cast::<Sender<Letter>>() };
    let _ = letters.send(Letter::Look);
}

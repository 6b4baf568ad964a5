//! What Core Graphics tells about displays.

#![expect(unsafe_code, reason = "the calls take pointers to what they write, and a callback")]

use std::ffi::c_void;
use std::ptr::from_ref;

use objc2_core_graphics::{
    CGDirectDisplayID, CGDisplayChangeSummaryFlags, CGDisplayIsBuiltin, CGDisplayModelNumber,
    CGDisplayRegisterReconfigurationCallback, CGDisplayRemoveReconfigurationCallback, CGDisplayVendorNumber,
    CGError, CGGetActiveDisplayList,
};

/// More displays than a Mac drives.
const MOST: u32 = 32;

/// A display that shows a part of the desktop.
pub(super) struct Display {
    /// Whether it is a part of the machine.
    pub(super) builtin: bool,
    /// The maker's number.
    pub(super) vendor: u32,
    /// The model's number.
    pub(super) model: u32,
}

/// The displays that show a part of the desktop.
pub(super) fn active() -> Vec<Display> {
    let mut found = [CGDirectDisplayID::default(); MOST as usize];
    let mut count = 0;
    // SAFETY: there is room for as many as are asked for.
    let error = unsafe { CGGetActiveDisplayList(MOST, found.as_mut_ptr(), &mut count) };
    let count = if error == CGError::Success { count as usize } else { 0 };
    found.iter().take(count).map(|display| about(*display)).collect()
}

fn about(display: CGDirectDisplayID) -> Display {
    Display {
        builtin: CGDisplayIsBuiltin(display),
        vendor: CGDisplayVendorNumber(display),
        model: CGDisplayModelNumber(display),
    }
}

type Callback = Box<dyn Fn() + Send + Sync>;

/// A standing wish to be told when displays are reconfigured; dropping it ends it.
pub(super) struct Reconfiguration(&'static Callback);

impl Reconfiguration {
    /// Has `changed` called, on a thread of the system's choice, each time the displays are other ones.
    pub(super) fn watch(changed: Callback) -> Option<Self> {
        // Never freed, for a call may be under way when the wish ends. A source begins once, and it is a few bytes.
        let changed: &'static Callback = Box::leak(Box::new(changed));
        // SAFETY: the callback takes what is handed over here, which lives as long as the process.
        let error = unsafe { CGDisplayRegisterReconfigurationCallback(Some(reconfigured), place(changed)) };
        (error == CGError::Success).then_some(Self(changed))
    }
}

impl Drop for Reconfiguration {
    fn drop(&mut self) {
        // SAFETY: it is the pair that was registered.
        unsafe { CGDisplayRemoveReconfigurationCallback(Some(reconfigured), place(self.0)) };
    }
}

fn place(changed: &'static Callback) -> *mut c_void {
    from_ref(changed).cast_mut().cast()
}

/// # Safety
/// `changed` is what [`Reconfiguration::watch`] handed over.
unsafe extern "C-unwind" fn reconfigured(
    _display: CGDirectDisplayID,
    flags: CGDisplayChangeSummaryFlags,
    changed: *mut c_void,
) {
    // Each display is told of twice: before anything has happened, and after.
    if flags.contains(CGDisplayChangeSummaryFlags::BeginConfigurationFlag) {
        return;
    }
    // SAFETY: by this function's contract; it is never changed and never freed.
    let changed = unsafe { &*changed.cast_const().cast::<Callback>() };
    changed();
}

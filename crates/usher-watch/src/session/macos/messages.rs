//! The messages that the login window sends to all programs.

use std::ffi::c_void;
use std::sync::mpsc::Sender;

use objc2_core_foundation::{
    CFDictionary, CFNotificationCenter, CFNotificationName, CFNotificationSuspensionBehavior, CFRetained,
    CFString,
};
use usher_event::Moment;

use crate::mailed::Letter;

/// What is listened to. A shutdown that is called off afterwards is told of all the same: macOS says no more.
const NAMES: [&str; 4] = [
    "com.apple.screenIsLocked",
    "com.apple.screenIsUnlocked",
    "com.apple.shutdownInitiated",
    "com.apple.restartInitiated",
];

/// That the messages are told to a mailbox, until it is dropped.
pub(super) struct Messages {
    center: CFRetained<CFNotificationCenter>,
    letters: &'static Sender<Letter>,
}

impl Messages {
    /// None where there is nowhere to hear them.
    #[expect(unsafe_code, reason = "an observer is a bare pointer")]
    pub(super) fn hear(letters: Sender<Letter>) -> Option<Self> {
        let center = CFNotificationCenter::distributed_center()?;
        // Never freed: a message may be on its way, on the main thread, when we have stopped to listen.
        let letters: &'static Sender<Letter> = Box::leak(Box::new(letters));
        for name in NAMES.map(CFString::from_static_str) {
            // SAFETY: the observer lives for ever and is what `heard` takes it for.
            unsafe {
                center.add_observer(
                    std::ptr::from_ref(letters).cast(),
                    Some(heard),
                    Some(&name),
                    std::ptr::null(),
                    CFNotificationSuspensionBehavior::DeliverImmediately,
                );
            }
        }
        Some(Self { center, letters })
    }
}

impl Drop for Messages {
    #[expect(unsafe_code, reason = "an observer is a bare pointer")]
    fn drop(&mut self) {
        // SAFETY: the pointer serves as a name alone.
        unsafe { self.center.remove_every_observer(std::ptr::from_ref(self.letters).cast()) };
    }
}

/// Called on the main thread when a message has come.
#[expect(unsafe_code, reason = "the framework calls it with bare pointers")]
unsafe extern "C-unwind" fn heard(
    _: *mut CFNotificationCenter,
    observer: *mut c_void,
    name: *const CFNotificationName,
    _: *const c_void,
    _: *const CFDictionary,
) {
    // SAFETY: `Messages::hear` gave a sender that lives for ever; the name is there as long as this call.
    let (letters, name) = unsafe { (&*observer.cast::<Sender<Letter>>(), name.as_ref()) };
    let letter = match name.map(|name| name.to_string()).as_deref() {
        Some("com.apple.screenIsLocked") => Letter::Locked(true),
        Some("com.apple.screenIsUnlocked") => Letter::Locked(false),
        Some("com.apple.shutdownInitiated" | "com.apple.restartInitiated") => {
            Letter::Happened(Moment::Shutdown)
        }
        _ => return,
    };
    // Nobody reads any more once the source has ended.
    let _ = letters.send(letter);
}

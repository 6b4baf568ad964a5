//! The network from the system's dynamic store, which says by itself when something in it has changed.
//!
//! A wireless connection goes by the name of its network where macOS tells that, which it does to programs only that may
//! know where the user is; it is not asked for that right. Everything else goes by its service's name in the settings
//! ("Wi-Fi", "Ethernet").

use std::ffi::c_void;
use std::ptr::NonNull;
use std::sync::mpsc::Sender;

use objc2_core_foundation::{CFArray, CFRetained, CFRunLoop, CFRunLoopSource, CFString};
use objc2_system_configuration::{SCDynamicStore, SCDynamicStoreContext};
use usher_event::{Noun, Sentence, sentence};

use super::reading;
use crate::again::keep_watching;
use crate::mailed::{Letter, Mailed, look_at_each, stops_within};
use crate::pump::{Pump, mode, no_notifications};
use crate::source::Source;
use crate::surroundings::Surroundings;
use crate::tell::Teller;

mod store;
mod wireless;

/// What is listened to: the way out, and the addresses of each interface.
const KEYS: [&str; 2] = ["State:/Network/Global/IPv[46]", store::ADDRESSES];

/// Starts the source.
pub(crate) fn start(teller: Teller, _: Surroundings) -> std::io::Result<Box<dyn Source>> {
    let source = Mailed::start(Noun::Network, move |mail, own| {
        let watch = || {
            let own = own.clone();
            let _pump = Pump::start("usher-network-loop", move |run_loop| Heard::attach(run_loop, own))
                .map_err(|error| {
                    sentence!(
                        "network-macos-silent",
                        "macOS does not report changes of the network: {why}",
                        why = error
                    )
                })?;
            look_at_each(&mail, || {
                let (online, connections) = store::look();
                teller.watching(reading(online, connections));
            });
            Ok(())
        };
        keep_watching(&teller, watch, |pause| !stops_within(&mail, pause));
    })?;
    Ok(Box::new(source))
}

/// That changes are told to a mailbox, as long as the loop runs and this is there.
struct Heard {
    source: CFRetained<CFRunLoopSource>,
    _store: CFRetained<SCDynamicStore>,
    _letters: Box<Sender<Letter>>,
}

impl Heard {
    #[expect(unsafe_code, reason = "a context is a bare pointer")]
    fn attach(run_loop: &CFRunLoop, letters: Sender<Letter>) -> std::io::Result<Self> {
        let letters = Box::new(letters);
        let mut context = SCDynamicStoreContext {
            version: 0,
            info: std::ptr::from_ref::<Sender<Letter>>(&letters).cast_mut().cast(),
            retain: None,
            release: None,
            copyDescription: None,
        };
        let name = CFString::from_static_str("Usher");
        // SAFETY: the context is copied during the call; what it points to is what `changed` takes it for, and is
        // dropped after the source and the store.
        let store = unsafe { SCDynamicStore::new(None, &name, Some(changed), &mut context) };
        let store = store
            .ok_or_else(|| refused(sentence!("network-no-store", "the dynamic store cannot be opened")))?;
        let keys = KEYS.map(CFString::from_static_str);
        let keys = CFArray::from_retained_objects(&keys);
        // SAFETY: a list of texts, as is asked for.
        if !unsafe { store.set_notification_keys(None, Some(keys.as_opaque())) } {
            return Err(refused(sentence!("network-store-silent", "the dynamic store tells of no changes")));
        }
        let source = SCDynamicStore::new_run_loop_source(None, &store, 0)
            .ok_or_else(|| refused(no_notifications()))?;
        run_loop.add_source(Some(&source), mode());
        Ok(Self { source, _store: store, _letters: letters })
    }
}

fn refused(what: Sentence) -> std::io::Error {
    std::io::Error::other(what)
}

impl Drop for Heard {
    fn drop(&mut self) {
        // It called on this thread alone, and calls no more.
        self.source.invalidate();
    }
}

/// Called by the loop when something in the store has changed.
#[expect(unsafe_code, reason = "the framework calls it with a bare pointer")]
unsafe extern "C-unwind" fn changed(_: NonNull<SCDynamicStore>, _: NonNull<CFArray>, context: *mut c_void) {
    // SAFETY: `Heard::attach` gave a sender that lives until the source has ended.
    let letters = unsafe { &*context.cast::<Sender<Letter>>() };
    let _ = letters.send(Letter::Look);
}

//! A run loop on a thread of its own, for what macOS tells through run loops only.

use std::ptr::null_mut;
use std::sync::mpsc::channel;
use std::thread::JoinHandle;

use objc2_core_foundation::{
    CFRetained, CFRunLoop, CFRunLoopMode, CFRunLoopSource, CFRunLoopSourceContext, kCFRunLoopDefaultMode,
};
use usher_event::{Sentence, sentence};

/// What is said where the system has no source of notifications for a run loop.
pub(crate) fn no_notifications() -> Sentence {
    sentence!("watch-no-notifications", "there is no source of notifications")
}

/// The mode the run loop runs in.
#[expect(unsafe_code, reason = "it is a constant of the framework's")]
pub(crate) fn mode() -> Option<&'static CFRunLoopMode> {
    // SAFETY: the framework sets it before anything of ours runs, and never again.
    unsafe { kCFRunLoopDefaultMode }
}

/// A running run loop. Dropping it ends the loop, and waits for that.
pub(crate) struct Pump {
    end: End,
    thread: Option<JoinHandle<()>>,
}

impl Pump {
    /// Starts the loop. `attach` adds to it what is to be heard; what it returns is dropped on the same thread, after the
    /// loop has ended.
    pub(crate) fn start<G>(
        name: &str,
        attach: impl FnOnce(&CFRunLoop) -> std::io::Result<G> + Send + 'static,
    ) -> std::io::Result<Self> {
        let (ready, started) = channel();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            let made = End::new().and_then(|end| Ok((attach(&end.run_loop)?, end)));
            match made {
                Ok((heard, end)) => {
                    let _ = ready.send(Ok(end));
                    CFRunLoop::run();
                    drop(heard);
                }
                Err(error) => {
                    let _ = ready.send(Err(error));
                }
            }
        })?;
        let end = started.recv().map_err(std::io::Error::other)??;
        Ok(Self { end, thread: Some(thread) })
    }
}

impl Drop for Pump {
    fn drop(&mut self) {
        self.end.signal();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The way to end a loop from another thread. Not a bare call to stop it: one that comes before the loop runs would be
/// lost, a signal is not.
struct End {
    run_loop: CFRetained<CFRunLoop>,
    source: CFRetained<CFRunLoopSource>,
}

// SAFETY: of all that can be done with the two only signalling and waking is done on another thread than the loop's, and
// both are documented to be possible from any.
#[expect(unsafe_code, reason = "the bindings do not say which calls are possible from any thread")]
unsafe impl Send for End {}

impl End {
    /// For the loop of this thread.
    #[expect(unsafe_code, reason = "a source is made of bare pointers")]
    fn new() -> std::io::Result<Self> {
        let none =
            || std::io::Error::other(sentence!("watch-no-run-loop", "macOS gives this thread no run loop"));
        let run_loop = CFRunLoop::current().ok_or_else(none)?;
        let mut context = CFRunLoopSourceContext {
            version: 0,
            info: null_mut(),
            retain: None,
            release: None,
            copyDescription: None,
            equal: None,
            hash: None,
            schedule: None,
            cancel: None,
            perform: Some(stop),
        };
        // SAFETY: the context is copied during the call, and has no pointers that anything is kept behind.
        let source = unsafe { CFRunLoopSource::new(None, 0, &mut context) }.ok_or_else(none)?;
        run_loop.add_source(Some(&source), mode());
        Ok(Self { run_loop, source })
    }

    fn signal(&self) {
        self.source.signal();
        self.run_loop.wake_up();
    }
}

/// Called by the loop once it is signalled to end.
#[expect(unsafe_code, reason = "the framework's type of it")]
unsafe extern "C-unwind" fn stop(_: *mut std::ffi::c_void) {
    if let Some(run_loop) = CFRunLoop::current() {
        run_loop.stop();
    }
}

//! Sleep and waking, from the kernel's power manager.

use std::cell::Cell;
use std::ffi::c_void;
use std::sync::mpsc::Sender;

use objc2_core_foundation::CFRunLoop;
use objc2_io_kit::{
    IOAllowPowerChange, IODeregisterForSystemPower, IONotificationPort, IONotificationPortRef,
    IORegisterForSystemPower, IOServiceClose, io_connect_t, io_object_t, io_service_t,
    kIOMessageCanSystemSleep as CAN_SLEEP, kIOMessageSystemHasPoweredOn as HAS_POWERED_ON,
    kIOMessageSystemWillSleep as WILL_SLEEP,
};
use usher_event::{Moment, sentence};

use crate::mailed::Letter;
use crate::pump::{mode, no_notifications};

/// What the callback is given.
struct Context {
    letters: Sender<Letter>,
    /// Where sleep is agreed to; known only once the callback is registered, and before the loop runs.
    kernel: Cell<io_connect_t>,
}

/// That sleep and waking are told to a mailbox, as long as the loop runs and this is there.
pub(super) struct Sleep {
    context: *mut Context,
    port: IONotificationPortRef,
    notifier: io_object_t,
}

impl Sleep {
    #[expect(unsafe_code, reason = "a registration is made of bare pointers")]
    pub(super) fn attach(run_loop: &CFRunLoop, letters: Sender<Letter>) -> std::io::Result<Self> {
        let context = Box::into_raw(Box::new(Context { letters, kernel: Cell::new(0) }));
        let mut port: IONotificationPortRef = std::ptr::null_mut();
        let mut notifier: io_object_t = 0;
        // SAFETY: both places are valid for the length of the call; the context is what `heard` takes it for, and lives
        // until the registration has ended.
        let kernel =
            unsafe { IORegisterForSystemPower(context.cast(), &mut port, Some(heard), &mut notifier) };
        if kernel == 0 {
            // SAFETY: nobody else has it.
            drop(unsafe { Box::from_raw(context) });
            return Err(std::io::Error::other(sentence!(
                "session-no-power-manager",
                "the power manager cannot be listened to"
            )));
        }
        // SAFETY: the context is alive, and the callback is not called before the loop runs.
        unsafe { (*context).kernel.set(kernel) };
        let sleep = Self { context, port, notifier };
        // SAFETY: the port was just made.
        let source = unsafe { IONotificationPort::run_loop_source(port) };
        let source = source.ok_or_else(|| std::io::Error::other(no_notifications()))?;
        run_loop.add_source(Some(&source), mode());
        Ok(sleep)
    }
}

impl Drop for Sleep {
    #[expect(unsafe_code, reason = "a registration is made of bare pointers")]
    fn drop(&mut self) {
        // SAFETY: all three were made together and are ended once, in the order Apple asks for; the callback was called
        // on this thread alone, and is not called any more when its context is freed.
        unsafe {
            IODeregisterForSystemPower(&mut self.notifier);
            let context = Box::from_raw(self.context);
            IOServiceClose(context.kernel.get());
            IONotificationPort::destroy(self.port);
        }
    }
}

/// Called by the loop before sleep and after waking. Sleep is agreed to at once: it is never held up.
#[expect(unsafe_code, reason = "the framework calls it with bare pointers")]
unsafe extern "C-unwind" fn heard(context: *mut c_void, _: io_service_t, message: u32, about: *mut c_void) {
    // SAFETY: `Sleep::attach` gave a context that lives until the registration has ended.
    let context = unsafe { &*context.cast::<Context>() };
    // Nobody reads any more once the source has ended.
    let happened = |moment| drop(context.letters.send(Letter::Happened(moment)));
    match message {
        WILL_SLEEP => {
            happened(Moment::Suspend);
            IOAllowPowerChange(context.kernel.get(), about as isize);
        }
        CAN_SLEEP => {
            IOAllowPowerChange(context.kernel.get(), about as isize);
        }
        HAS_POWERED_ON => happened(Moment::Resume),
        _ => {}
    }
}

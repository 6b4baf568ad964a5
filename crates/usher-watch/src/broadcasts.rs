//! What Windows tells every top-level window: devices that come and go, displays that change, a clock that is set, a
//! machine that wakes.
//!
//! Only a window hears it, and a message-only one does not, so there is one that is never shown. It lives on the thread
//! of whoever listens, which sleeps until a message comes.

#![expect(unsafe_code, reason = "windows are made and heard by calls that take pointers")]

use std::ffi::c_void;
use std::io;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use usher_event::{Noun, Reading, sentence};
use windows_sys::Win32::Foundation::{HWND, LPARAM, LRESULT, WPARAM};
use windows_sys::Win32::System::LibraryLoader::GetModuleHandleW;
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DefWindowProcW, DestroyWindow, DispatchMessageW, GetMessageW, MSG, PostMessageW,
    RegisterClassW, WM_APP, WM_CLOSE, WM_DEVICECHANGE, WM_DISPLAYCHANGE, WM_POWERBROADCAST, WM_TIMECHANGE,
    WNDCLASSW,
};

use crate::again::keep_watching;
use crate::source::Source;
use crate::tell::Teller;
use crate::worker::Worker;

/// What the window's procedure makes of a broadcast, which it is sent, so that the thread finds it among what was posted:
/// the broadcast's own message and its detail.
const HEARD: u32 = WM_APP;

/// Starts a source that looks at once, and again after each broadcast (message, detail) that `concerns` it.
pub(crate) fn listen(
    noun: Noun,
    teller: Teller,
    concerns: fn(u32, usize) -> bool,
    look: fn() -> Reading,
) -> io::Result<Box<dyn Source>> {
    let ear = Ear::default();
    let own = ear.clone();
    let work = move || {
        let heard = |message, detail| {
            if concerns(message, detail) {
                teller.watching(look());
            }
        };
        let unheard = |error: io::Error| {
            sentence!(
                "watch-no-window",
                "Windows gave Usher no window to be told of changes by ({why}); Usher tries again.",
                why = error
            )
        };
        let watch = || own.listen(|| teller.watching(look()), heard).map_err(unheard);
        keep_watching(&teller, watch, |pause| !own.closes_within(pause));
    };
    Ok(Box::new(Worker::start(noun, move || ear.close(), work)?))
}

/// The window of one thread that listens, as far as that has made it.
#[derive(Clone, Default)]
pub(crate) struct Ear(Arc<State>);

#[derive(Default)]
struct State {
    window: AtomicPtr<c_void>,
    closed: Mutex<bool>,
    closing: Condvar,
}

impl Ear {
    /// Makes the thread that listens return, now or as soon as it begins.
    pub(crate) fn close(&self) {
        *self.closed() = true;
        self.0.closing.notify_all();
        let window = self.0.window.load(Ordering::SeqCst);
        if !window.is_null() {
            // SAFETY: a handle is a number to the system; one that is no window any more is refused.
            unsafe { PostMessageW(window, WM_CLOSE, 0, 0) };
        }
    }

    /// Sleeps until it is closed, for so long at most. Says whether it is.
    pub(crate) fn closes_within(&self, time: Duration) -> bool {
        let waited = self.0.closing.wait_timeout_while(self.closed(), time, |closed| !*closed);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn closed(&self) -> MutexGuard<'_, bool> {
        self.0.closed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls `ready` as soon as nothing is missed any more, and `heard` for each broadcast (message, detail), until it is
    /// closed.
    pub(crate) fn listen(&self, ready: impl FnOnce(), heard: impl Fn(u32, usize)) -> io::Result<()> {
        let window = Window::new()?;
        self.0.window.store(window.0, Ordering::SeqCst);
        // In this order: whoever closes before it sees the window has said so by now.
        if *self.closed() {
            return Ok(());
        }
        ready();
        let ended = loop {
            match window.next() {
                Ok(Some(message)) if message.message == HEARD => {
                    heard(message.wParam as u32, message.lParam as usize);
                }
                Ok(Some(_)) => {}
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        self.0.window.store(null_mut(), Ordering::SeqCst);
        ended
    }
}

/// A top-level window that is never shown.
struct Window(HWND);

impl Window {
    fn new() -> io::Result<Self> {
        let name: Vec<u16> = "usher-broadcasts\0".encode_utf16().collect();
        // SAFETY: no name asks for the handle of the running program, which always is there.
        let instance = unsafe { GetModuleHandleW(null()) };
        let class = WNDCLASSW {
            lpfnWndProc: Some(procedure),
            hInstance: instance,
            lpszClassName: name.as_ptr(),
            ..WNDCLASSW::default()
        };
        // SAFETY: the class and the name live until the call returns. That a source before this one has registered the
        // same class is no failure: making the window tells whether there is one.
        unsafe { RegisterClassW(&class) };
        // SAFETY: the name lives until the call returns; everything that may be absent is null.
        let window = unsafe {
            CreateWindowExW(0, name.as_ptr(), null(), 0, 0, 0, 0, 0, null_mut(), null_mut(), instance, null())
        };
        if window.is_null() { Err(io::Error::last_os_error()) } else { Ok(Self(window)) }
    }

    /// Sleeps until the next message for the window; none when it is to be closed.
    fn next(&self) -> io::Result<Option<MSG>> {
        let mut message = MSG::default();
        // SAFETY: the message is ours to be written to, and the window is this thread's.
        match unsafe { GetMessageW(&mut message, self.0, 0, 0) } {
            -1 => Err(io::Error::last_os_error()),
            0 => Ok(None),
            _ if message.message == WM_CLOSE => Ok(None),
            _ => {
                // SAFETY: it is a message that the system has just handed out.
                unsafe { DispatchMessageW(&message) };
                Ok(Some(message))
            }
        }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // SAFETY: the window is this thread's, and nothing uses it after this.
        unsafe { DestroyWindow(self.0) };
    }
}

/// Posts the broadcasts to the window itself, and leaves everything else to the system.
///
/// # Safety
/// Called by the system alone, with a window of this thread.
unsafe extern "system" fn procedure(window: HWND, message: u32, detail: WPARAM, about: LPARAM) -> LRESULT {
    if matches!(message, WM_DEVICECHANGE | WM_DISPLAYCHANGE | WM_POWERBROADCAST | WM_TIMECHANGE) {
        // SAFETY: the window is the one the system calls for.
        unsafe { PostMessageW(window, HEARD, message as WPARAM, detail as LPARAM) };
    }
    // SAFETY: these are the system's own arguments.
    unsafe { DefWindowProcW(window, message, detail, about) }
}

//! The session from the messages Windows sends to a window that is never shown, and sleep from its power notices.

use std::cell::OnceCell;
use std::ffi::c_void;
use std::sync::mpsc::{Receiver, Sender};
use std::thread::JoinHandle;

use usher_event::{Moment, Noun, sentence};
use windows_sys::Win32::Foundation::{HWND, LPARAM, LRESULT, WPARAM};
use windows_sys::Win32::System::LibraryLoader::GetModuleHandleW;
use windows_sys::Win32::System::Power::{
    DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS, HPOWERNOTIFY, PowerRegisterSuspendResumeNotification,
    PowerUnregisterSuspendResumeNotification,
};
use windows_sys::Win32::System::RemoteDesktop::{
    NOTIFY_FOR_THIS_SESSION, WTS_CURRENT_SESSION, WTS_SESSIONSTATE_LOCK, WTSFreeMemory, WTSINFOEXW,
    WTSQuerySessionInformationW, WTSRegisterSessionNotification, WTSSessionInfoEx,
    WTSUnRegisterSessionNotification,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DEVICE_NOTIFY_CALLBACK, DefWindowProcW, DestroyWindow, DispatchMessageW, GetMessageW,
    MSG, PBT_APMRESUMEAUTOMATIC, PBT_APMSUSPEND, PostMessageW, PostQuitMessage, RegisterClassW, WM_CLOSE,
    WM_DESTROY, WM_ENDSESSION, WM_WTSSESSION_CHANGE, WNDCLASSW, WTS_SESSION_LOCK, WTS_SESSION_LOGON,
    WTS_SESSION_UNLOCK,
};
use windows_sys::core::PCWSTR;

use super::reading;
use crate::again::keep_watching;
use crate::mailed::{Letter, Mailed, stops_within};
use crate::source::Source;
use crate::surroundings::Surroundings;
use crate::tell::Teller;

/// Starts the source.
pub(crate) fn start(teller: Teller, _: Surroundings) -> std::io::Result<Box<dyn Source>> {
    let source = Mailed::start(Noun::Session, move |mail, own| {
        let watch = || {
            let _ears = Ears::open(&own).map_err(|error| {
                sentence!(
                    "session-windows-silent",
                    "Windows does not report locks and sleep: {why}",
                    why = error
                )
            })?;
            listen(&teller, &mail);
            Ok(())
        };
        keep_watching(&teller, watch, |pause| !stops_within(&mail, pause));
    })?;
    Ok(Box::new(source))
}

/// Tells what the letters say until one says to stop.
fn listen(teller: &Teller, mail: &Receiver<Letter>) {
    // What cannot be asked for is told of at the next change.
    let locked = locked().unwrap_or(false);
    teller.watching(reading(locked));
    for letter in mail {
        match letter {
            Letter::Stop => return,
            Letter::Happened(moment) => teller.happened(moment),
            Letter::Locked(locked) => teller.watching(reading(locked)),
            Letter::Look => {}
        }
    }
}

/// Whether the session is locked now.
#[expect(unsafe_code, reason = "no safe binding offers WTSQuerySessionInformation")]
fn locked() -> Option<bool> {
    let mut answer: *mut u16 = std::ptr::null_mut();
    let mut length = 0;
    let here = std::ptr::null_mut();
    // SAFETY: both places are valid for the length of the call.
    let known = unsafe {
        WTSQuerySessionInformationW(here, WTS_CURRENT_SESSION, WTSSessionInfoEx, &mut answer, &mut length)
    };
    if known == 0 || answer.is_null() {
        return None;
    }
    let large_enough = length as usize >= size_of::<WTSINFOEXW>();
    // SAFETY: the answer is as long as it says, and is of this type as long as it says level 1; it is read before it is
    // given back, and given back once.
    unsafe {
        let info = large_enough.then(|| answer.cast::<WTSINFOEXW>().read_unaligned());
        WTSFreeMemory(answer.cast());
        let info = info.filter(|info| info.Level == 1)?;
        Some(info.Data.WTSInfoExLevel1.SessionFlags.cast_unsigned() == WTS_SESSIONSTATE_LOCK)
    }
}

/// Everything that hears: they end when it is dropped.
struct Ears {
    _sleep: Sleep,
    _window: Window,
}

impl Ears {
    fn open(letters: &Sender<Letter>) -> std::io::Result<Self> {
        Ok(Self { _sleep: Sleep::open(letters.clone())?, _window: Window::open(letters.clone())? })
    }
}

/// That sleep and waking are told to a mailbox.
struct Sleep(HPOWERNOTIFY);

impl Sleep {
    #[expect(unsafe_code, reason = "no safe binding offers PowerRegisterSuspendResumeNotification")]
    fn open(letters: Sender<Letter>) -> std::io::Result<Self> {
        // Never freed: a call may still be on its way when the registration has ended.
        let letters: &'static Sender<Letter> = Box::leak(Box::new(letters));
        let mut told = DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS {
            Callback: Some(sleeps),
            Context: std::ptr::from_ref(letters).cast_mut().cast(),
        };
        let mut handle: *mut c_void = std::ptr::null_mut();
        // SAFETY: the parameters are read during the call alone; the context lives for ever and is what `sleeps` takes
        // it for.
        let error = unsafe {
            let told = std::ptr::from_mut(&mut told).cast();
            PowerRegisterSuspendResumeNotification(DEVICE_NOTIFY_CALLBACK, told, &mut handle)
        };
        match error {
            0 => Ok(Self(handle as HPOWERNOTIFY)),
            code => Err(std::io::Error::from_raw_os_error(code.cast_signed())),
        }
    }
}

impl Drop for Sleep {
    #[expect(unsafe_code, reason = "no safe binding offers PowerUnregisterSuspendResumeNotification")]
    fn drop(&mut self) {
        // SAFETY: the handle is of a registration that has not ended.
        unsafe { PowerUnregisterSuspendResumeNotification(self.0) };
    }
}

/// Called by the system when it is about to sleep and when it has woken.
#[expect(unsafe_code, reason = "the system calls it with a bare pointer")]
unsafe extern "system" fn sleeps(context: *const c_void, what: u32, _: *const c_void) -> u32 {
    // SAFETY: `Sleep::open` gave a sender that lives for ever; sending is possible from any thread.
    let letters = unsafe { &*context.cast::<Sender<Letter>>() };
    let moment = match what {
        PBT_APMSUSPEND => Moment::Suspend,
        // Sent at every waking, whether a user is there or not.
        PBT_APMRESUMEAUTOMATIC => Moment::Resume,
        _ => return 0,
    };
    // Nobody reads any more once the source has ended.
    let _ = letters.send(Letter::Happened(moment));
    0
}

/// A window that is never shown, on a thread that reads its messages. Not a message-only one: those are not told when
/// the session ends.
struct Window {
    handle: isize,
    thread: Option<JoinHandle<()>>,
}

thread_local! {
    /// Where the window of this thread tells what it hears.
    static LETTERS: OnceCell<Sender<Letter>> = const { OnceCell::new() };
}

impl Window {
    fn open(letters: Sender<Letter>) -> std::io::Result<Self> {
        let (ready, made) = std::sync::mpsc::channel();
        let thread = std::thread::Builder::new().name("usher-window".to_owned()).spawn(move || {
            LETTERS.with(|own| drop(own.set(letters)));
            let window = make_window();
            let handle = window.as_ref().map(|handle| *handle as isize);
            let _ = ready.send(handle.map_err(|error| std::io::Error::other(error.to_string())));
            if window.is_ok() {
                read_messages();
            }
        })?;
        let handle = made.recv().map_err(std::io::Error::other)??;
        Ok(Self { handle, thread: Some(thread) })
    }
}

impl Drop for Window {
    #[expect(unsafe_code, reason = "no safe binding offers PostMessage")]
    fn drop(&mut self) {
        // SAFETY: posting is possible from any thread, and a window that is gone by now is an error without effect.
        unsafe { PostMessageW(self.handle as HWND, WM_CLOSE, 0, 0) };
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[expect(unsafe_code, reason = "no safe binding makes a window without a library of its own")]
fn make_window() -> std::io::Result<HWND> {
    let name: Vec<u16> = "UsherSession\0".encode_utf16().collect();
    let name: PCWSTR = name.as_ptr();
    let none = std::ptr::null_mut;
    // SAFETY: the class and its name are read during the calls alone; `heard` is a window procedure. A class that is
    // registered already is the same one.
    unsafe {
        let instance = GetModuleHandleW(std::ptr::null());
        let class = WNDCLASSW {
            lpfnWndProc: Some(heard),
            hInstance: instance,
            lpszClassName: name,
            ..Default::default()
        };
        RegisterClassW(&class);
        let window = CreateWindowExW(
            0,
            name,
            std::ptr::null(),
            0,
            0,
            0,
            0,
            0,
            none(),
            none(),
            instance,
            std::ptr::null(),
        );
        if window.is_null() {
            return Err(std::io::Error::last_os_error());
        }
        if WTSRegisterSessionNotification(window, NOTIFY_FOR_THIS_SESSION) == 0 {
            let error = std::io::Error::last_os_error();
            DestroyWindow(window);
            return Err(error);
        }
        Ok(window)
    }
}

/// Reads the thread's messages until the window is closed.
#[expect(unsafe_code, reason = "no safe binding reads messages without a library of its own")]
fn read_messages() {
    let mut message = MSG::default();
    // SAFETY: `message` is valid throughout.
    unsafe {
        while GetMessageW(&mut message, std::ptr::null_mut(), 0, 0) > 0 {
            DispatchMessageW(&message);
        }
    }
}

/// The window's procedure.
#[expect(unsafe_code, reason = "the system calls it, and wants the rest given on")]
unsafe extern "system" fn heard(window: HWND, message: u32, what: WPARAM, more: LPARAM) -> LRESULT {
    let letter = match message {
        WM_WTSSESSION_CHANGE => match u32::try_from(what).unwrap_or_default() {
            WTS_SESSION_LOCK => Some(Letter::Locked(true)),
            WTS_SESSION_UNLOCK => Some(Letter::Locked(false)),
            WTS_SESSION_LOGON => Some(Letter::Happened(Moment::Login)),
            _ => None,
        },
        // Zero: somebody has called it off.
        WM_ENDSESSION if what != 0 => Some(Letter::Happened(Moment::Shutdown)),
        WM_DESTROY => {
            // SAFETY: the window is this thread's own, and there until this call returns.
            unsafe {
                WTSUnRegisterSessionNotification(window);
                PostQuitMessage(0);
            }
            None
        }
        _ => None,
    };
    if let Some(letter) = letter {
        LETTERS.with(|own| own.get().map(|letters| letters.send(letter)));
    }
    // SAFETY: these are the arguments the system has given. It destroys the window when that is to be closed.
    unsafe { DefWindowProcW(window, message, what, more) }
}

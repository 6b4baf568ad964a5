//! Where notifications are shown: the session's own service on Linux, reached over one connection for as long as a click
//! may come; toasts on Windows; the notification centre of macOS, without buttons.

#[cfg(target_os = "linux")]
pub(super) use self::linux::Screen;
#[cfg(target_os = "macos")]
pub(super) use self::macos::Screen;
#[cfg(windows)]
pub(super) use self::windows::Screen;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

//! What Windows tells about drive letters.

#![expect(unsafe_code, reason = "the calls take pointers to what they write")]

use std::ptr::null_mut;

use windows_sys::Win32::NetworkManagement::WNet::WNetGetConnectionW;
use windows_sys::Win32::Storage::FileSystem::{GetDriveTypeW, GetLogicalDrives, GetVolumeInformationW};
use windows_sys::Win32::System::Diagnostics::Debug::{SEM_FAILCRITICALERRORS, SetThreadErrorMode};

/// More than the longest name of a volume, of a file system or of a share.
const LONGEST: usize = 1024;

/// What is known of the volume in a drive.
pub(super) struct About {
    /// Its name, where it has one.
    pub(super) label: Option<String>,
    /// The number it was given when it was formatted.
    pub(super) serial: u32,
    /// `NTFS`, `exFAT`, `CDFS`.
    pub(super) file_system: String,
}

/// The letters that are drives: a bit each, beginning with A.
pub(super) fn letters() -> u32 {
    // SAFETY: it takes nothing.
    unsafe { GetLogicalDrives() }
}

/// One of the `DRIVE_` constants.
pub(super) fn kind(letter: char) -> u32 {
    let root = wide(&format!("{letter}:\\"));
    // SAFETY: the text ends in a zero and lives until the call returns.
    unsafe { GetDriveTypeW(root.as_ptr()) }
}

/// What is in a drive; nothing if it is empty.
pub(super) fn about(letter: char) -> Option<About> {
    let root = wide(&format!("{letter}:\\"));
    let (mut label, mut file_system) = ([0_u16; LONGEST], [0_u16; LONGEST]);
    let mut serial = 0;
    // SAFETY: it changes how this thread is told of an empty drive: by an answer, not by a window that asks for a disk.
    unsafe { SetThreadErrorMode(SEM_FAILCRITICALERRORS, null_mut()) };
    // SAFETY: the text ends in a zero, the buffers are as long as is said, and all live until the call returns.
    let done = unsafe {
        GetVolumeInformationW(
            root.as_ptr(),
            label.as_mut_ptr(),
            LONGEST as u32,
            &mut serial,
            null_mut(),
            null_mut(),
            file_system.as_mut_ptr(),
            LONGEST as u32,
        )
    };
    let label = Some(narrow(&label)).filter(|label| !label.is_empty());
    (done != 0).then(|| About { label, serial, file_system: narrow(&file_system) })
}

/// The name of the share that a letter is connected to: `photos` of `\\nas\photos`.
pub(super) fn share(letter: char) -> Option<String> {
    let local = wide(&format!("{letter}:"));
    let mut remote = [0_u16; LONGEST];
    let mut length = LONGEST as u32;
    // SAFETY: the text ends in a zero, the buffer is as long as is said, and both live until the call returns.
    let failed = unsafe { WNetGetConnectionW(local.as_ptr(), remote.as_mut_ptr(), &mut length) };
    let name = narrow(&remote);
    (failed == 0).then(|| name.rsplit('\\').next().unwrap_or(&name).to_owned())
}

fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

/// The text up to its zero.
fn narrow(text: &[u16]) -> String {
    let end = text.iter().position(|unit| *unit == 0).unwrap_or(text.len());
    String::from_utf16_lossy(&text[..end])
}

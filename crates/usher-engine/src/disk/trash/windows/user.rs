//! Who runs this process, as Windows writes it in the names of folders.

#![expect(unsafe_code, reason = "the calls take and give pointers")]

use std::io;
use std::ptr::null_mut;

use windows_sys::Win32::Foundation::{CloseHandle, HANDLE, LocalFree};
use windows_sys::Win32::Security::Authorization::ConvertSidToStringSidW;
use windows_sys::Win32::Security::{GetTokenInformation, TOKEN_QUERY, TOKEN_USER, TokenUser};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

/// Room for a user's identifier, in words: the longest has 68 bytes and a header before it.
const ROOM: usize = 32;

/// The security identifier of the user: `S-1-5-21-...`.
pub(super) fn identifier() -> io::Result<String> {
    let mut token: HANDLE = null_mut();
    // SAFETY: the handle is ours to be written to; that of the process itself needs no closing.
    if unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &mut token) } == 0 {
        return Err(io::Error::last_os_error());
    }
    let user = of(token);
    // SAFETY: the handle was opened above and is used no more.
    unsafe { CloseHandle(token) };
    user
}

fn of(token: HANDLE) -> io::Result<String> {
    // Words, for what is written there begins with a pointer.
    let mut room = [0_u64; ROOM];
    let mut length = 0;
    // SAFETY: there is as much room as is said.
    let done = unsafe {
        GetTokenInformation(
            token,
            TokenUser,
            room.as_mut_ptr().cast(),
            size_of_val(&room) as u32,
            &mut length,
        )
    };
    if done == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call has put one there, aligned like the words.
    let user = unsafe { room.as_ptr().cast::<TOKEN_USER>().read() };
    let mut text = null_mut();
    // SAFETY: the identifier lies in the room, which is still there; the text's place is ours to be written to.
    if unsafe { ConvertSidToStringSidW(user.User.Sid, &mut text) } == 0 {
        return Err(io::Error::last_os_error());
    }
    let mut units = Vec::new();
    // SAFETY: the text ends in a zero, and nothing after that is read.
    while let unit @ 1.. = unsafe { *text.add(units.len()) } {
        units.push(unit);
    }
    // SAFETY: the text was allocated by the call above for us to free, and is used no more.
    unsafe { LocalFree(text.cast()) };
    Ok(String::from_utf16_lossy(&units))
}

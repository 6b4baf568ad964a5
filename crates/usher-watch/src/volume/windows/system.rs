//! What Windows tells about drive letters.

#![expect(unsafe_code, reason = "the calls take pointers to what they write")]

use std::mem::offset_of;
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{CloseHandle, HANDLE, INVALID_HANDLE_VALUE};
use windows_sys::Win32::NetworkManagement::WNet::WNetGetConnectionW;
use windows_sys::Win32::Storage::FileSystem::{
    BusType1394, BusTypeUsb, CreateFileW, FILE_SHARE_READ, FILE_SHARE_WRITE, GetDriveTypeW, GetLogicalDrives,
    GetVolumeInformationW, OPEN_EXISTING,
};
use windows_sys::Win32::System::Diagnostics::Debug::{SEM_FAILCRITICALERRORS, SetThreadErrorMode};
use windows_sys::Win32::System::IO::DeviceIoControl;
use windows_sys::Win32::System::Ioctl::{
    IOCTL_STORAGE_QUERY_PROPERTY, PropertyStandardQuery, STORAGE_DEVICE_DESCRIPTOR, STORAGE_PROPERTY_QUERY,
    StorageDeviceProperty,
};

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

/// Whether the disk that a drive lies on is attached by USB or FireWire.
pub(super) fn is_on_a_cable(letter: char) -> bool {
    let Some(volume) = Handle::of_volume(letter) else { return false };
    let query = STORAGE_PROPERTY_QUERY {
        PropertyId: StorageDeviceProperty,
        QueryType: PropertyStandardQuery,
        AdditionalParameters: [0],
    };
    let mut about = STORAGE_DEVICE_DESCRIPTOR::default();
    let mut length = 0;
    // SAFETY: the handle is open, and what is asked, the answer and its length live until the call returns, each as long as
    // is said. An answer that is longer, with the maker's name behind it, is cut off there.
    let done = unsafe {
        DeviceIoControl(
            volume.0,
            IOCTL_STORAGE_QUERY_PROPERTY,
            (&raw const query).cast(),
            size_of_val(&query) as u32,
            (&raw mut about).cast(),
            size_of_val(&about) as u32,
            &mut length,
            null_mut(),
        )
    };
    let told = length as usize >= offset_of!(STORAGE_DEVICE_DESCRIPTOR, RawPropertiesLength);
    done != 0 && told && [BusTypeUsb, BusType1394].contains(&about.BusType)
}

/// A volume, opened to be asked about and not to be read, which takes no right.
struct Handle(HANDLE);

impl Handle {
    fn of_volume(letter: char) -> Option<Self> {
        let device = wide(&format!(r"\\.\{letter}:"));
        // SAFETY: the text ends in a zero and lives until the call returns; everything that may be absent is null.
        let handle = unsafe {
            CreateFileW(
                device.as_ptr(),
                0,
                FILE_SHARE_READ | FILE_SHARE_WRITE,
                null(),
                OPEN_EXISTING,
                0,
                null_mut(),
            )
        };
        (handle != INVALID_HANDLE_VALUE).then_some(Self(handle))
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: it was opened by us and is closed once.
        unsafe { CloseHandle(self.0) };
    }
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

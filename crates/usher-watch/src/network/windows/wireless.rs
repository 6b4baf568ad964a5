//! The name of the wireless network an adapter is connected to.

use std::ffi::{CStr, c_void};

use windows_sys::Win32::Foundation::{FreeLibrary, HANDLE, HMODULE};
use windows_sys::Win32::NetworkManagement::WiFi::{
    WLAN_CONNECTION_ATTRIBUTES, WLAN_INTF_OPCODE, WLAN_OPCODE_VALUE_TYPE, wlan_intf_opcode_current_connection,
};
use windows_sys::Win32::System::LibraryLoader::{
    GetProcAddress, LOAD_LIBRARY_SEARCH_SYSTEM32, LoadLibraryExW,
};
use windows_sys::core::GUID;

// The library's functions, as its headers declare them.
type Open = unsafe extern "system" fn(u32, *const c_void, *mut u32, *mut HANDLE) -> u32;
type Query = unsafe extern "system" fn(
    HANDLE,
    *const GUID,
    WLAN_INTF_OPCODE,
    *const c_void,
    *mut u32,
    *mut *mut c_void,
    *mut WLAN_OPCODE_VALUE_TYPE,
) -> u32;
type Free = unsafe extern "system" fn(*const c_void);
type Close = unsafe extern "system" fn(HANDLE, *const c_void) -> u32;

/// The version of the interface since Windows Vista.
const VERSION: u32 = 2;

/// The network's name. None where Windows does not tell it.
pub(super) fn name(adapter: &GUID) -> Option<String> {
    let name = Client::open()?.connection(adapter)?.wlanAssociationAttributes.dot11Ssid;
    let bytes = name.ucSSID.get(..name.uSSIDLength as usize)?;
    (!bytes.is_empty()).then(|| String::from_utf8_lossy(bytes).into_owned())
}

/// The library of the wireless service. Loaded when it is wanted: servers do not have it, and a program that was linked
/// with it would not start there.
struct Library(HMODULE);

impl Library {
    #[expect(unsafe_code, reason = "loading a library runs its code")]
    fn load() -> Option<Self> {
        let name: Vec<u16> = "wlanapi.dll\0".encode_utf16().collect();
        // SAFETY: the name ends with a zero; only the system's own folder is searched.
        let module =
            unsafe { LoadLibraryExW(name.as_ptr(), std::ptr::null_mut(), LOAD_LIBRARY_SEARCH_SYSTEM32) };
        (!module.is_null()).then_some(Self(module))
    }

    /// Finds a function.
    ///
    /// # Safety
    ///
    /// `F` is the type of the function of this name, and is not called after the library is dropped.
    #[expect(unsafe_code, reason = "the library knows no types")]
    unsafe fn find<F: Copy>(&self, name: &CStr) -> Option<F> {
        const { assert!(size_of::<F>() == size_of::<usize>()) };
        // SAFETY: the module is loaded; the name ends with a zero.
        let function = unsafe { GetProcAddress(self.0, name.as_ptr().cast()) }?;
        // SAFETY: both are pointers to functions, and the caller knows the type.
        Some(unsafe { std::mem::transmute_copy(&function) })
    }
}

impl Drop for Library {
    #[expect(unsafe_code, reason = "no safe binding offers FreeLibrary")]
    fn drop(&mut self) {
        // SAFETY: the module was loaded once by us, and is given back once.
        unsafe { FreeLibrary(self.0) };
    }
}

/// A line to the wireless service.
struct Client {
    handle: HANDLE,
    query: Query,
    free: Free,
    close: Close,
    /// Dropped last: the functions are in there.
    _library: Library,
}

impl Client {
    #[expect(unsafe_code, reason = "the library is loaded by hand")]
    fn open() -> Option<Self> {
        let library = Library::load()?;
        // SAFETY: these are the types the headers declare; the client keeps the library.
        let (open, query, free, close) = unsafe {
            let open: Open = library.find(c"WlanOpenHandle")?;
            let query: Query = library.find(c"WlanQueryInterface")?;
            let free: Free = library.find(c"WlanFreeMemory")?;
            let close: Close = library.find(c"WlanCloseHandle")?;
            (open, query, free, close)
        };
        let mut handle: HANDLE = std::ptr::null_mut();
        let mut version = 0;
        // SAFETY: both places are valid for the length of the call.
        let error = unsafe { open(VERSION, std::ptr::null(), &mut version, &mut handle) };
        (error == 0).then_some(Self { handle, query, free, close, _library: library })
    }

    #[expect(unsafe_code, reason = "the library is loaded by hand")]
    fn connection(&self, adapter: &GUID) -> Option<WLAN_CONNECTION_ATTRIBUTES> {
        let mut length = 0;
        let mut answer: *mut c_void = std::ptr::null_mut();
        let (none, what) = (std::ptr::null(), wlan_intf_opcode_current_connection);
        // SAFETY: the handle is open; all places are valid for the length of the call.
        let error = unsafe {
            (self.query)(self.handle, adapter, what, none, &mut length, &mut answer, std::ptr::null_mut())
        };
        if error != 0 || answer.is_null() {
            return None;
        }
        let large_enough = length as usize >= size_of::<WLAN_CONNECTION_ATTRIBUTES>();
        // SAFETY: the answer is as long as it says and of this type; it is read before it is given back, and given back
        // once.
        unsafe {
            let connection =
                large_enough.then(|| answer.cast::<WLAN_CONNECTION_ATTRIBUTES>().read_unaligned());
            (self.free)(answer);
            connection
        }
    }
}

impl Drop for Client {
    #[expect(unsafe_code, reason = "the library is loaded by hand")]
    fn drop(&mut self) {
        // SAFETY: the handle is open, and closed once.
        unsafe { (self.close)(self.handle, std::ptr::null()) };
    }
}

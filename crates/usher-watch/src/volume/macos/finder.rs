//! What Foundation tells about mounted volumes. The hidden ones, which belong to the system, are left out by it.

#![expect(unsafe_code, reason = "the names of the values are variables of a foreign library")]

use std::ffi::c_char;
use std::path::Path;

use objc2::rc::autoreleasepool;
use objc2::runtime::AnyObject;
use objc2_foundation::{
    NSArray, NSDictionary, NSFileManager, NSNumber, NSString, NSURL, NSURLResourceKey,
    NSURLVolumeIsEjectableKey, NSURLVolumeIsLocalKey, NSURLVolumeIsRemovableKey, NSURLVolumeLocalizedNameKey,
    NSURLVolumeUUIDStringKey, NSVolumeEnumerationOptions,
};
use usher_event::Volume;

/// Every volume that the Finder shows.
pub(super) fn volumes() -> Vec<Volume> {
    // The thread has no event loop that would let go of what the calls hand out.
    autoreleasepool(|_| {
        let shown = NSVolumeEnumerationOptions::SkipHiddenVolumes;
        let urls = NSFileManager::defaultManager()
            .mountedVolumeURLsIncludingResourceValuesForKeys_options(None, shown);
        urls.into_iter().flatten().filter_map(|url| volume(&url)).collect()
    })
}

fn volume(url: &NSURL) -> Option<Volume> {
    let path = url.to_file_path()?;
    // SAFETY: the library defines these and never changes them.
    let (name, uuid, removable, ejectable, local) = unsafe {
        (
            NSURLVolumeLocalizedNameKey,
            NSURLVolumeUUIDStringKey,
            NSURLVolumeIsRemovableKey,
            NSURLVolumeIsEjectableKey,
            NSURLVolumeIsLocalKey,
        )
    };
    let keys = NSArray::from_slice(&[name, uuid, removable, ejectable, local]);
    let values = url.resourceValuesForKeys_error(&keys).ok();
    let values = values.as_deref();
    Some(Volume {
        label: text(values, name).or_else(|| Some(path.file_name()?.to_string_lossy().into_owned())),
        uuid: text(values, uuid),
        fstype: kind(&path),
        removable: truth(values, removable) == Some(true) || truth(values, ejectable) == Some(true),
        network: truth(values, local) == Some(false),
        path,
    })
}

type Values = NSDictionary<NSURLResourceKey, AnyObject>;

fn text(values: Option<&Values>, key: &NSURLResourceKey) -> Option<String> {
    let value = values?.objectForKey(key)?;
    Some(value.downcast_ref::<NSString>()?.to_string())
}

fn truth(values: Option<&Values>, key: &NSURLResourceKey) -> Option<bool> {
    let value = values?.objectForKey(key)?;
    Some(value.downcast_ref::<NSNumber>()?.boolValue())
}

/// The kind of file system: `apfs`, `msdos`, `smbfs`.
fn kind(path: &Path) -> String {
    let Ok(stat) = rustix::fs::statfs(path) else { return String::new() };
    let letters = stat.f_fstypename.iter().take_while(|letter| **letter != 0);
    letters.map(|letter: &c_char| char::from(*letter as u8)).collect()
}

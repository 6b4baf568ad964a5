//! Volumes on Windows: the drives that have a letter and something in them.
//!
//! Not seen: volumes that are mounted in a folder and have no letter.

use std::path::PathBuf;

use usher_event::{Noun, Volume};
use windows_sys::Win32::System::WindowsProgramming::{
    DRIVE_CDROM, DRIVE_FIXED, DRIVE_RAMDISK, DRIVE_REMOTE, DRIVE_REMOVABLE,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    DBT_DEVICEARRIVAL, DBT_DEVICEREMOVECOMPLETE, WM_DEVICECHANGE,
};

use super::reading;
use crate::broadcasts;
use crate::source::Source;
use crate::tell::Teller;

mod system;

/// Starts the source.
pub(crate) fn start(teller: Teller) -> std::io::Result<Box<dyn Source>> {
    broadcasts::listen(Noun::Volume, teller, concerns, || reading(volumes()))
}

/// Whether a broadcast says that a drive came or went, or a medium of one.
fn concerns(message: u32, detail: usize) -> bool {
    let came_or_went = [DBT_DEVICEARRIVAL, DBT_DEVICEREMOVECOMPLETE];
    message == WM_DEVICECHANGE && u32::try_from(detail).is_ok_and(|detail| came_or_went.contains(&detail))
}

fn volumes() -> Vec<Volume> {
    let letters = system::letters();
    let drives = (0..26_u8).filter(|bit| letters & (1 << bit) != 0).map(|bit| char::from(b'A' + bit));
    drives.filter_map(volume).collect()
}

/// The volume with this letter, unless the drive is empty.
fn volume(letter: char) -> Option<Volume> {
    let kind = system::kind(letter);
    let path = PathBuf::from(format!("{letter}:\\"));
    match kind {
        // Asking a share for its name waits for its server; what it is connected to is known here.
        DRIVE_REMOTE => {
            Some(Volume { label: system::share(letter), path, network: true, ..Volume::default() })
        }
        DRIVE_REMOVABLE | DRIVE_FIXED | DRIVE_CDROM | DRIVE_RAMDISK => {
            let about = system::about(letter)?;
            Some(Volume {
                label: about.label,
                uuid: Some(format!("{:04X}-{:04X}", about.serial >> 16, about.serial & 0xffff)),
                path,
                fstype: about.file_system,
                // A disk on a cable is a fixed drive to Windows; how it is attached says more.
                removable: matches!(kind, DRIVE_REMOVABLE | DRIVE_CDROM) || system::is_on_a_cable(letter),
                network: false,
            })
        }
        _ => None,
    }
}

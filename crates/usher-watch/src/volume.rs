//! The volume source: the mounted file systems that people know as drives.
//!
//! - Linux (`linux.rs`) reads the kernel's table of mounts and is woken when it changes. What of it is a drive is decided
//!   there, by kind and place; names and identifiers come from the links that udev keeps in `/dev/disk`.
//! - macOS (`macos.rs`) asks for what the Finder shows whenever the kernel says that one came or went.
//! - Windows (`windows.rs`) lists the drive letters whenever the shell broadcasts that a device came or went.
//!
//! It costs one sleeping thread. Nothing on a drive is read, so that none is woken from its sleep.

use usher_event::{Reading, Volume};

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
pub(crate) use linux::start;
#[cfg(target_os = "macos")]
pub(crate) use macos::start;
#[cfg(windows)]
pub(crate) use windows::start;

/// The reading of these volumes, in an order that does not depend on the platform's.
fn reading(mut volumes: Vec<Volume>) -> Reading {
    volumes.sort_by(|a, b| (&a.path, &a.uuid).cmp(&(&b.path, &b.uuid)));
    Reading::Volume(volumes)
}

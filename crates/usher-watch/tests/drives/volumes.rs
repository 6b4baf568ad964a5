//! Drives that really come and go. They take root; without it the tests say so and look at what is there.

use std::path::{Path, PathBuf};

use rustix::mount::{MountFlags, UnmountFlags, mount, mount_bind, unmount};
use usher_event::{Noun, NounHealth, Reading, Volume};

use crate::support::Watching;

/// A folder at which the test mounts; whatever still is mounted there goes with it.
struct Seat(PathBuf, #[expect(dead_code, reason = "held for its end")] tempfile::TempDir);

impl Seat {
    /// A seat whose name takes escaping, or nothing (and a word why) where this user may not mount.
    fn new(what: &str) -> Option<Self> {
        let temp = tempfile::tempdir().ok()?;
        let seat = temp.path().canonicalize().ok()?.join("My Stick");
        std::fs::create_dir(&seat).ok()?;
        match mount_tmpfs(&seat) {
            Ok(()) => unmount(&seat, UnmountFlags::empty()).ok()?,
            Err(error) => {
                println!("skipped: {what} takes the right to mount ({error})");
                return None;
            }
        }
        Some(Self(seat, temp))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        while unmount(&self.0, UnmountFlags::DETACH).is_ok() {}
    }
}

fn mount_tmpfs(at: &Path) -> rustix::io::Result<()> {
    mount("none", at, "tmpfs", MountFlags::empty(), None)
}

fn at(reading: &Reading, path: &Path) -> Option<Volume> {
    let Reading::Volume(volumes) = reading else { return None };
    volumes.iter().find(|volume| volume.path == path).cloned()
}

#[test]
fn the_first_words_are_health_and_then_what_is_mounted() {
    let watching = Watching::start(Noun::Volume);
    assert_eq!(watching.health(), Some(NounHealth::watching()));
    assert!(watching.until(|reading| reading.noun() == Noun::Volume).is_some());
    assert!(watching.stop().iter().all(|event| matches!(event, usher_event::Event::State { .. })));
}

#[test]
fn a_drive_is_seen_coming_going_and_coming_back() {
    let Some(seat) = Seat::new("mounting a drive") else { return };
    let watching = Watching::start(Noun::Volume);
    for _ in 0..2 {
        assert!(watching.until(|reading| at(reading, &seat.0).is_none()).is_some());
        mount_tmpfs(&seat.0).unwrap();
        let come = watching.until(|reading| at(reading, &seat.0).is_some()).unwrap();
        let want = Volume {
            label: Some("My Stick".to_owned()),
            uuid: None,
            path: seat.0.clone(),
            fstype: "tmpfs".to_owned(),
            removable: false,
            network: false,
        };
        assert_eq!(at(&come, &seat.0), Some(want));
        unmount(&seat.0, UnmountFlags::empty()).unwrap();
    }
    assert!(watching.until(|reading| at(reading, &seat.0).is_none()).is_some());
}

#[test]
fn a_bind_mount_of_a_drive_is_no_second_one() {
    let Some(seat) = Seat::new("binding a drive") else { return };
    let Some(other) = Seat::new("binding a drive") else { return };
    mount_tmpfs(&seat.0).unwrap();
    mount_bind(&seat.0, &other.0).unwrap();
    let watching = Watching::start(Noun::Volume);
    let reading = watching.until(|reading| at(reading, &seat.0).is_some()).unwrap();
    assert_eq!(at(&reading, &other.0), None);
}

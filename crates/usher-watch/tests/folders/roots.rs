//! Roots that come, go, are replaced, mounted over or closed to us.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::Uid;
use rustix::thread::set_thread_res_uid;
use usher_event::{Change, Mode, RescanReason};
use usher_watch::folders::Options;

use crate::support::{Watching, changes, hears_of_new_entries, is_root, place, temp_root, watches_on};

#[test]
fn health_comes_before_the_first_sweep() {
    let (_temp, root) = temp_root();
    fs::create_dir_all(root.join("a/b")).unwrap();
    let watching = Watching::start(Options::default());
    watching.folders.set_places(vec![place(&root)]);
    let health = watching.health(&root, Mode::Watching);
    assert_eq!((health.directories, health.reason), (3, None));
    watching.rescan(&root, RescanReason::Started);
    watching.folders.rescan(RescanReason::Asked);
    assert_eq!(watching.rescan(&root, RescanReason::Asked).len(), 1);
}

#[test]
fn a_missing_root_is_noticed_when_it_is_made() {
    let (_temp, base) = temp_root();
    let root = base.join("a/b/root");
    let watching = Watching::start(Options::default());
    watching.folders.set_places(vec![place(&root)]);
    assert!(watching.health(&root, Mode::Missing).reason.is_some());
    fs::create_dir_all(&root).unwrap();
    watching.health(&root, Mode::Watching);
    watching.rescan(&root, RescanReason::Returned);
    fs::write(root.join("file"), "").unwrap();
    watching.change(&root.join("file"), Change::Closed);
}

#[test]
fn the_directory_above_a_root_is_no_busier_for_us_once_the_root_is_there() {
    let (_temp, base) = temp_root();
    let root = base.join("in");
    let watching = Watching::start(Options::default());
    watching.folders.set_places(vec![place(&root)]);
    watching.health(&root, Mode::Missing);
    assert!(hears_of_new_entries(&base));
    fs::create_dir(&root).unwrap();
    watching.rescan(&root, RescanReason::Returned);
    watching.up_to_now(&root);
    assert!(!hears_of_new_entries(&base));
    // The same where the directory above was a root as well, and is none any more.
    watching.folders.set_places(vec![place(&root), place(&base)]);
    watching.rescan(&base, RescanReason::Started);
    assert!(hears_of_new_entries(&base));
    watching.folders.set_places(vec![place(&root)]);
    watching.folders.rescan(RescanReason::Asked);
    watching.rescan(&root, RescanReason::Asked);
    assert!(!hears_of_new_entries(&base));
    fs::remove_dir(&root).unwrap();
    watching.health(&root, Mode::Missing);
    fs::create_dir(&root).unwrap();
    watching.rescan(&root, RescanReason::Returned);
}

#[test]
fn a_root_deleted_and_made_again_is_watched_again() {
    let (_temp, root) = temp_root();
    let watching = Watching::on(&root);
    for _ in 0..10 {
        fs::remove_dir(&root).unwrap();
        watching.health(&root, Mode::Missing);
        fs::create_dir(&root).unwrap();
        watching.rescan(&root, RescanReason::Returned);
        fs::write(root.join("file"), "").unwrap();
        watching.change(&root.join("file"), Change::Closed);
        fs::remove_file(root.join("file")).unwrap();
    }
}

#[test]
fn a_root_that_is_held_open_while_deleted_is_missed_all_the_same() {
    let (_temp, root) = temp_root();
    let watching = Watching::on(&root);
    let held = fs::File::open(&root).unwrap();
    fs::remove_dir(&root).unwrap();
    watching.health(&root, Mode::Missing);
    fs::create_dir(&root).unwrap();
    watching.rescan(&root, RescanReason::Returned);
    drop(held);
    watching.up_to_now(&root);
}

#[test]
fn a_root_deleted_and_made_again_at_once_is_not_lost() {
    let (_temp, root) = temp_root();
    let watching = Watching::on(&root);
    for round in 0..50 {
        fs::remove_dir(&root).unwrap();
        fs::create_dir(&root).unwrap();
        watching.rescan(&root, RescanReason::Returned);
        let file = root.join(round.to_string());
        fs::write(&file, "").unwrap();
        watching.change(&file, Change::Closed);
        fs::remove_file(&file).unwrap();
    }
}

#[test]
fn a_root_replaced_by_rename_is_followed_to_its_new_directory() {
    let (temp, root) = temp_root();
    let watching = Watching::on(&root);
    let old = root.with_file_name("old");
    let new = temp.path().join("new");
    fs::create_dir(&new).unwrap();
    fs::rename(&root, &old).unwrap();
    fs::rename(&new, &root).unwrap();
    watching.rescan(&root, RescanReason::Returned);
    fs::write(root.join("file"), "").unwrap();
    watching.change(&root.join("file"), Change::Closed);
    assert_eq!(watches_on(&old).len(), 0);
}

#[test]
fn a_directory_above_the_root_may_be_moved_and_come_back() {
    let (_temp, base) = temp_root();
    let root = base.join("a/b/root");
    fs::create_dir_all(&root).unwrap();
    let watching = Watching::on(&root);
    fs::rename(base.join("a"), base.join("z")).unwrap();
    watching.health(&root, Mode::Missing);
    fs::rename(base.join("z"), base.join("a")).unwrap();
    watching.rescan(&root, RescanReason::Returned);
    watching.up_to_now(&root);
}

#[test]
fn a_root_that_is_a_link_follows_the_link() {
    let (_temp, base) = temp_root();
    let root = base.join("link");
    fs::create_dir(base.join("one")).unwrap();
    symlink("one", &root).unwrap();
    let watching = Watching::on(&root);
    watching.up_to_now(&root);
    fs::create_dir(base.join("two")).unwrap();
    symlink("two", base.join("new")).unwrap();
    fs::rename(base.join("new"), &root).unwrap();
    watching.rescan(&root, RescanReason::Returned);
    fs::write(base.join("two/file"), "").unwrap();
    watching.change(&root.join("file"), Change::Closed);
    fs::remove_dir_all(base.join("two")).unwrap();
    watching.health(&root, Mode::Missing);
    fs::create_dir(base.join("two")).unwrap();
    watching.rescan(&root, RescanReason::Returned);
}

#[test]
fn a_file_may_be_a_root() {
    let (_temp, base) = temp_root();
    let root = base.join("file");
    fs::write(&root, "").unwrap();
    let watching = Watching::on(&root);
    fs::write(base.join("beside"), "").unwrap();
    fs::write(&root, "more").unwrap();
    assert_eq!(changes(&watching.change(&root, Change::Closed), &base).len(), 1);
    fs::write(base.join("next"), "").unwrap();
    fs::rename(base.join("next"), &root).unwrap();
    watching.change(&root, Change::MovedIn);
    fs::remove_file(&root).unwrap();
    watching.change(&root, Change::Gone);
    watching.health(&root, Mode::Missing);
    fs::write(&root, "").unwrap();
    watching.rescan(&root, RescanReason::Returned);
    fs::remove_file(&root).unwrap();
    watching.health(&root, Mode::Missing);
    fs::create_dir(&root).unwrap();
    watching.rescan(&root, RescanReason::Returned);
    watching.up_to_now(&root);
}

/// An empty drive, mounted for as long as it lives.
struct Drive(PathBuf);

impl Drive {
    fn mount(at: &Path) -> Self {
        let status = Command::new("mount").args(["-t", "tmpfs", "none"]).arg(at).status().unwrap();
        assert!(status.success());
        Self(at.to_owned())
    }
}

impl Drop for Drive {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_drive_mounted_over_the_root_and_unmounted_is_noticed() {
    if !is_root("mounting a drive") {
        return;
    }
    let (_temp, root) = temp_root();
    let watching = Watching::on(&root);
    let drive = Drive::mount(&root);
    watching.rescan(&root, RescanReason::Returned);
    fs::create_dir(root.join("dir")).unwrap();
    fs::write(root.join("dir/file"), "").unwrap();
    watching.until(
        "a file on the drive",
        |event| matches!(event, usher_event::Event::Path { path, .. } if path.ends_with("dir/file")),
    );
    drop(drive);
    watching.rescan(&root, RescanReason::Returned);
    watching.up_to_now(&root);
}

#[test]
fn a_drive_mounted_below_the_root_and_unmounted_is_noticed() {
    if !is_root("mounting a drive") {
        return;
    }
    let (_temp, root) = temp_root();
    let at = root.join("a/drive");
    fs::create_dir_all(&at).unwrap();
    let watching = Watching::on(&root);
    let drive = Drive::mount(&at);
    watching.rescan(&root, RescanReason::Returned);
    watching.up_to_now(&at);
    drop(drive);
    watching.rescan(&root, RescanReason::Returned);
    watching.up_to_now(&at);
}

#[test]
fn a_root_that_may_not_be_read_says_so_until_it_may() {
    if !is_root("becoming another user") {
        return;
    }
    let (temp, root) = temp_root();
    fs::set_permissions(temp.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&root, fs::Permissions::from_mode(0o700)).unwrap();
    let watching = watched_by_nobody(&root);
    let health = watching.health(&root, Mode::Unreadable);
    assert!(health.reason.is_some_and(|reason| reason.contains("root")));
    fs::set_permissions(&root, fs::Permissions::from_mode(0o755)).unwrap();
    watching.rescan(&root, RescanReason::Returned);
    fs::write(root.join("file"), "").unwrap();
    watching.change(&root.join("file"), Change::Closed);
}

/// Somebody who may read nothing that is not open to all watches `root`.
fn watched_by_nobody(root: &Path) -> Watching {
    let folder = root.to_owned();
    // Only this thread, and the source's thread after it, becomes somebody else.
    std::thread::spawn(move || {
        let nobody = Uid::from_raw(65534);
        set_thread_res_uid(nobody, nobody, nobody).unwrap();
        let watching = Watching::start(Options::default());
        watching.folders.set_places(vec![place(&folder)]);
        watching
    })
    .join()
    .unwrap()
}

#[test]
fn directories_below_that_may_not_be_read_are_watched_as_soon_as_they_may() {
    if !is_root("becoming another user") {
        return;
    }
    let (temp, root) = temp_root();
    fs::set_permissions(temp.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir_all(root.join("old/deep")).unwrap();
    let mode = |name: &str, mode| {
        fs::set_permissions(root.join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    mode("old", 0o700);
    let watching = watched_by_nobody(&root);
    watching.rescan(&root, RescanReason::Started);
    // One that comes while the root is watched is told of as well.
    let apart = temp.path().join("new");
    fs::create_dir(&apart).unwrap();
    fs::set_permissions(&apart, fs::Permissions::from_mode(0o700)).unwrap();
    fs::rename(&apart, root.join("new")).unwrap();
    assert!(watching.health(&root, Mode::Watching).reason.is_some_and(|why| why.contains("1 more")));
    for name in ["old", "new"] {
        mode(name, 0o755);
        watching.rescan(&root, RescanReason::Returned);
        fs::write(root.join(name).join("file"), "").unwrap();
        watching.change(&root.join(name).join("file"), Change::Closed);
    }
    fs::write(root.join("old/deep/file"), "").unwrap();
    watching.change(&root.join("old/deep/file"), Change::Closed);
    // One that is closed still is told of until it is gone, whoever asks.
    fs::create_dir(&apart).unwrap();
    fs::set_permissions(&apart, fs::Permissions::from_mode(0o700)).unwrap();
    fs::rename(&apart, root.join("last")).unwrap();
    assert!(watching.health(&root, Mode::Watching).reason.is_some_and(|why| why.contains("last")));
    watching.folders.try_again();
    fs::remove_dir(root.join("last")).unwrap();
    assert_eq!(watching.health(&root, Mode::Watching).reason, None);
}

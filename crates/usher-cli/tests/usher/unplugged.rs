//! Drives that are gone when something is to go back to them. Their mount points are folders like any others then.

use std::fs;

use crate::full_disk::TinyDisk;
use crate::home::{Home, names};

#[test]
fn an_undo_puts_nothing_below_the_mount_point_of_a_drive_that_is_gone() {
    let home = Home::with_rules("rules: [{locations: ~/stick, actions: [{move: ~/docs/}]}]");
    let Some(stick) = TinyDisk::mount(&home.path("stick")) else { return };
    home.write("stick/a.pdf", "a");
    let said = home.usher(&["run"]);
    assert_eq!((said.code, names(&home.path("docs"))), (Some(0), vec!["a.pdf".to_owned()]), "{}", said.err);
    drop(stick);
    // Some take the mount point away with the drive.
    for mount_point in [true, false] {
        if !mount_point {
            fs::remove_dir(home.path("stick")).unwrap();
        }
        for arguments in [&["undo", "--sim"][..], &["undo"], &["undo", "--rename"]] {
            let said = home.usher(arguments);
            let all = format!("{}{}", said.out, said.err);
            let told =
                "the drive that was mounted at BASE/home/stick is not there: plug it in, then try again";
            assert!(all.contains(told), "{arguments:?}: {all}");
            assert_eq!(said.code, Some(4), "{arguments:?}: {all}");
            assert_eq!(home.path("stick").exists(), mount_point, "{arguments:?}");
            assert!(names(&home.path("stick")).is_empty(), "{arguments:?}");
            assert_eq!(names(&home.path("docs")), ["a.pdf"], "{arguments:?}");
        }
    }
    let Some(_stick) = TinyDisk::mount(&home.path("stick")) else { return };
    let said = home.usher(&["undo"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert_eq!(fs::read(home.path("stick/a.pdf")).unwrap(), b"a");
    assert!(names(&home.path("docs")).is_empty());
}

#[test]
fn nor_does_a_redo() {
    let home = Home::with_rules("rules: [{locations: ~/in, actions: [{copy: ~/stick/new/}]}]");
    let Some(stick) = TinyDisk::mount(&home.path("stick")) else { return };
    home.write("in/a.pdf", "a");
    assert_eq!(home.usher(&["run"]).code, Some(0));
    assert_eq!(home.usher(&["undo"]).code, Some(0));
    assert!(names(&home.path("stick")).is_empty());
    drop(stick);
    let said = home.usher(&["redo"]);
    assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
    assert!(said.err.contains("the drive that was mounted at BASE/home/stick is not there"), "{}", said.err);
    assert!(names(&home.path("stick")).is_empty());
    let Some(_stick) = TinyDisk::mount(&home.path("stick")) else { return };
    let said = home.usher(&["redo"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert_eq!(fs::read(home.path("stick/new/a.pdf")).unwrap(), b"a");
}

#[test]
fn a_link_to_the_drive_is_no_drive() {
    let home = Home::with_rules("rules: [{locations: ~/link, actions: [{move: ~/docs/}]}]");
    let Some(stick) = TinyDisk::mount(&home.path("stick")) else { return };
    home.write("stick/photos/a.jpg", "a");
    std::os::unix::fs::symlink(home.path("stick/photos"), home.path("link")).unwrap();
    assert_eq!(home.usher(&["run"]).code, Some(0));
    drop(stick);
    fs::create_dir(home.path("stick/photos")).unwrap();
    let said = home.usher(&["undo"]);
    assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
    assert!(said.err.contains("mounted at BASE/home/stick is not there"), "{}", said.err);
    assert!(names(&home.path("stick/photos")).is_empty());
}

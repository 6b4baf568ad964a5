//! What is done in a watched folder is reported, once, under the right name.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;

use usher_event::{Change, Event, RescanReason};
use usher_watch::folders::{Options, Place};

use crate::support::{Watching, changes, not_out, place, temp_root, watches_on};

#[test]
fn a_file_is_created_closed_and_gone() {
    let (_temp, root) = temp_root();
    let watching = Watching::on(&root);
    fs::write(root.join("file"), "text").unwrap();
    fs::read(root.join("file")).unwrap();
    fs::rename(root.join("file"), root.join("other")).unwrap();
    fs::remove_file(root.join("other")).unwrap();
    let told = changes(&watching.up_to_now(&root), &root);
    let want = [
        ("file", Change::Created),
        ("file", Change::Closed),
        ("file", Change::Gone),
        ("other", Change::MovedIn),
        ("other", Change::Gone),
    ];
    assert_eq!(told, want.map(|(name, change)| (name.to_owned(), change)));
}

#[test]
fn a_directory_made_with_its_content_at_once_is_reported_whole() {
    let (_temp, root) = temp_root();
    let watching = Watching::on(&root);
    for round in 0..50 {
        let deep = root.join(format!("{round}/a/b/c/d"));
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("file"), "").unwrap();
        watching.until(
            "the file",
            |event| matches!(event, Event::Path { path, .. } if *path == deep.join("file")),
        );
    }
    let deep = root.join("7/a/b/c/d");
    assert_eq!(watches_on(&deep).len(), 1);
    fs::write(deep.join("later"), "").unwrap();
    watching.change(&deep.join("later"), Change::Closed);
}

#[test]
fn a_directory_moved_in_brings_its_files_and_is_watched() {
    let (temp, root) = temp_root();
    let outside = temp.path().canonicalize().unwrap().join("tree");
    fs::create_dir_all(outside.join("a/b")).unwrap();
    fs::create_dir_all(outside.join("out")).unwrap();
    fs::write(outside.join("a/b/file"), "").unwrap();
    fs::write(outside.join("out/hidden"), "").unwrap();
    let watching = Watching::on(&root);
    fs::rename(&outside, root.join("tree")).unwrap();
    let mut told = changes(&watching.up_to_now(&root), &root);
    assert_eq!(told.first(), Some(&("tree".to_owned(), Change::MovedIn)));
    told.sort_by(|a, b| a.0.cmp(&b.0));
    let want = ["tree", "tree/a", "tree/a/b", "tree/a/b/file", "tree/out"];
    assert_eq!(told, want.map(|name| (name.to_owned(), Change::MovedIn)));
    fs::write(root.join("tree/a/b/more"), "").unwrap();
    watching.change(&root.join("tree/a/b/more"), Change::Closed);
}

#[test]
fn a_directory_moved_away_is_forgotten() {
    let (temp, root) = temp_root();
    fs::create_dir_all(root.join("a/b/c")).unwrap();
    let watching = Watching::on(&root);
    let away = temp.path().join("away");
    assert_eq!(watches_on(&root.join("a/b/c")).len(), 1);
    fs::rename(root.join("a"), &away).unwrap();
    watching.change(&root.join("a"), Change::Gone);
    watching.up_to_now(&root);
    assert_eq!(watches_on(&away.join("b/c")).len(), 0);
    fs::write(away.join("b/c/file"), "").unwrap();
    assert_eq!(changes(&watching.up_to_now(&root), &root), []);
}

#[test]
fn a_directory_renamed_within_the_folder_is_reported_under_its_new_name() {
    let (_temp, root) = temp_root();
    fs::create_dir_all(root.join("old/deep")).unwrap();
    let watching = Watching::on(&root);
    fs::rename(root.join("old"), root.join("new")).unwrap();
    watching.up_to_now(&root);
    assert_eq!(watches_on(&root.join("new/deep")).len(), 1);
    fs::write(root.join("new/deep/file"), "").unwrap();
    let told = changes(&watching.up_to_now(&root), &root);
    let want = [("new/deep/file", Change::Created), ("new/deep/file", Change::Closed)];
    assert_eq!(told, want.map(|(name, change)| (name.to_owned(), change)));
}

#[test]
fn a_directory_made_again_under_the_same_name_is_watched_again() {
    let (_temp, root) = temp_root();
    let watching = Watching::on(&root);
    for _ in 0..20 {
        fs::create_dir(root.join("dir")).unwrap();
        fs::write(root.join("dir/file"), "").unwrap();
        watching.until(
            "the file",
            |event| matches!(event, Event::Path { path, .. } if path.ends_with("dir/file")),
        );
        fs::remove_dir_all(root.join("dir")).unwrap();
        watching.change(&root.join("dir"), Change::Gone);
    }
}

#[test]
fn an_excluded_directory_is_never_watched() {
    let (_temp, root) = temp_root();
    fs::create_dir_all(root.join("out/deep")).unwrap();
    fs::create_dir_all(root.join("in")).unwrap();
    let watching = Watching::on(&root);
    fs::create_dir_all(root.join("in/out")).unwrap();
    fs::write(root.join("out/deep/file"), "").unwrap();
    let told = changes(&watching.up_to_now(&root), &root);
    assert_eq!(told, [("in/out".to_owned(), Change::Created)]);
    for unwatched in ["out", "out/deep", "in/out"] {
        assert_eq!(watches_on(&root.join(unwatched)).len(), 0, "{unwatched}");
    }
    assert_eq!(watches_on(&root.join("in")).len(), 1);
}

#[test]
fn reading_and_writing_without_an_end_wakes_nobody() {
    use std::io::Write;
    let (_temp, root) = temp_root();
    let mut file = fs::File::create(root.join("file")).unwrap();
    let watching = Watching::on(&root);
    for _ in 0..100 {
        file.write_all(b"more").unwrap();
        fs::read(root.join("file")).unwrap();
    }
    assert_eq!(changes(&watching.up_to_now(&root), &root), []);
}

#[test]
fn any_name_a_file_can_have_is_reported_as_it_is() {
    let (_temp, root) = temp_root();
    let watching = Watching::on(&root);
    let long = [b'x'; 255];
    let names: [&[u8]; 5] = [b"\xff\xfe not utf-8", b"two\nlines", &long, b" ", b"\x01\x7f"];
    for name in names {
        let directory = root.join(OsStr::from_bytes(name));
        fs::create_dir(&directory).unwrap();
        watching.change(&directory, Change::Created);
        let file = directory.join(OsStr::from_bytes(name));
        fs::write(&file, "").unwrap();
        watching.until("the file", |event| matches!(event, Event::Path { path, .. } if *path == file));
    }
}

#[test]
fn a_link_to_a_directory_is_reported_and_not_entered() {
    let (temp, root) = temp_root();
    let outside = temp.path().join("outside");
    fs::create_dir(&outside).unwrap();
    symlink(&outside, root.join("before")).unwrap();
    let watching = Watching::on(&root);
    symlink(&outside, root.join("link")).unwrap();
    watching.change(&root.join("link"), Change::Created);
    fs::write(outside.join("file"), "").unwrap();
    assert_eq!(changes(&watching.up_to_now(&root), &root), []);
    assert_eq!(watches_on(&outside).len(), 0);
}

#[test]
fn overlapping_places_report_once() {
    let (_temp, root) = temp_root();
    fs::create_dir_all(root.join("sub/out")).unwrap();
    let watching = Watching::start(Options::default());
    let all = Place { root: root.join("sub"), enter: Arc::new(|_: &Path| true) };
    watching.folders.set_places(vec![place(&root), place(&root), all, place(&root.join("sub"))]);
    watching.rescan(&root.join("sub"), RescanReason::Started);
    assert_eq!(watches_on(&root.join("sub")).len(), 1);
    fs::write(root.join("sub/file"), "").unwrap();
    fs::write(root.join("sub/out/file"), "").unwrap();
    fs::create_dir(root.join("sub/dir")).unwrap();
    let told = changes(&watching.up_to_now(&root), &root);
    let want = [
        ("sub/file", Change::Created),
        ("sub/file", Change::Closed),
        ("sub/out/file", Change::Created),
        ("sub/out/file", Change::Closed),
        ("sub/dir", Change::Created),
    ];
    assert_eq!(told, want.map(|(name, change)| (name.to_owned(), change)));
    // Each of the two roots still stands when the other is taken away.
    watching.folders.set_places(vec![place(&root.join("sub"))]);
    fs::write(root.join("sub/again"), "").unwrap();
    watching.change(&root.join("sub/again"), Change::Closed);
}

#[test]
fn a_directory_with_two_names_is_reported_under_both() {
    let (_temp, root) = temp_root();
    let link = root.with_file_name("link");
    symlink(&root, &link).unwrap();
    let watching = Watching::start(Options::default());
    watching.folders.set_places(vec![place(&root), place(&link)]);
    watching.rescan(&link, RescanReason::Started);
    fs::write(root.join("file"), "").unwrap();
    let told = watching.until("both closes", {
        let mut left = 2;
        move |event| {
            left -= i32::from(matches!(event, Event::Path { change: Change::Closed, .. }));
            left == 0
        }
    });
    for path in [root.join("file"), link.join("file")] {
        assert!(told.contains(&Event::Path { path, change: Change::Closed }), "{told:?}");
    }
}

#[test]
fn places_that_stay_keep_their_watches() {
    let (_temp, root) = temp_root();
    let other = root.with_file_name("other");
    fs::create_dir_all(root.join("a/b")).unwrap();
    fs::create_dir(&other).unwrap();
    let watching = Watching::on(&root);
    let before = watches_on(&root.join("a/b"));
    // Another closure: the tree is walked again under its standing watches, and nothing new is found.
    watching.folders.set_places(vec![Place { root: root.clone(), enter: not_out() }, place(&other)]);
    let told = watching.rescan(&other, RescanReason::Started);
    assert!(
        told.iter().all(|event| !matches!(event, Event::Rescan { root: of, .. } if *of == root)),
        "{told:?}"
    );
    assert_eq!(watches_on(&root.join("a/b")), before);
    assert_eq!(before.len(), 1);
    watching.folders.set_places(vec![place(&other)]);
    watching.up_to_now(&other);
    assert_eq!(watches_on(&root.join("a/b")).len(), 0);
}

#[test]
fn a_place_that_admits_more_is_swept_again() {
    let (_temp, root) = temp_root();
    fs::create_dir(root.join("out")).unwrap();
    let watching = Watching::on(&root);
    watching.folders.set_places(vec![Place { root: root.clone(), enter: Arc::new(|_: &Path| true) }]);
    watching.rescan(&root, RescanReason::Started);
    fs::write(root.join("out/file"), "").unwrap();
    watching.change(&root.join("out/file"), Change::Closed);
}

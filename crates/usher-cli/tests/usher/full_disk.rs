//! A disk without room for what a rule wants to put there, or for the journal, and one that cannot be written to at all.

#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::home::{Background, FILE_ALL, Home, names, until};

/// A tiny file system, gone when this is dropped.
pub(crate) struct TinyDisk(PathBuf);

impl TinyDisk {
    pub(crate) fn mount(at: &Path) -> Option<Self> {
        Self::mount_with(at, "size=64k")
    }

    #[expect(clippy::print_stderr, reason = "whoever reads the test's output is to know what was not tried")]
    fn mount_with(at: &Path, options: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(at).output();
        let mounted = mounted.is_ok_and(|output| output.status.success());
        if !mounted {
            eprintln!("skipped: only root may mount a file system");
        }
        mounted.then(|| Self(at.to_path_buf()))
    }

    /// Leaves no byte free.
    fn fill(&self) {
        let mut filler = fs::File::create(self.filler()).unwrap();
        for size in [4096, 1] {
            while filler.write_all(&vec![b'x'; size]).is_ok() {}
        }
    }

    fn free(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }
}

impl Drop for TinyDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_named_and_the_source_stays() {
    let home = Home::with_rules("rules: [{locations: ~/in, actions: [{move: ~/tiny/}]}]");
    let Some(_disk) = TinyDisk::mount(&home.path("tiny")) else { return };
    let big = vec![b'x'; 1 << 20];
    home.write("in/big", &big);
    home.write("in/small", "small");
    let said = home.usher(&["run"]);
    assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
    assert!(said.err.contains("in/big") && said.err.contains("the disk is full"), "{}", said.err);
    assert_eq!(fs::read(home.path("in/big")).unwrap(), big);
    assert_eq!(
        names(&home.path("tiny")),
        ["small"],
        "nothing unfinished is left, and the next file is filed"
    );
}

#[test]
fn what_comes_after_a_step_that_failed_is_not_said_to_be_done() {
    let home = Home::with_rules("rules: [{locations: ~/in, actions: [{copy: ~/tiny/}, delete]}]");
    let Some(_disk) = TinyDisk::mount(&home.path("tiny")) else { return };
    home.write("in/big", vec![b'x'; 1 << 20]);
    for format in ["default", "jsonl"] {
        let said = home.usher(&["run", "--format", format]);
        assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
        let all = format!("{}{}", said.out, said.err);
        assert!(!all.contains("deleted for good"), "{format}: {all}");
        assert!(all.contains("not done, because the step before it failed"), "{format}: {all}");
        assert_eq!(names(&home.path("in")), ["big"]);
    }
}

#[test]
fn a_disk_without_room_for_the_journal_is_said_and_a_run_changes_nothing_until_there_is() {
    let home = Home::with_rules(FILE_ALL);
    let Some(disk) = TinyDisk::mount_with(&home.base().join("state"), "size=2m") else { return };
    home.write("in/first", "first");
    assert_eq!(home.usher(&["run"]).code, Some(0));
    disk.fill();
    let big = "x".repeat(3000);
    for nr in 0..40 {
        home.write(format!("in/{nr}-{}", "long".repeat(50)), &big);
    }
    let before = names(&home.path("in"));
    let said = home.usher(&["run"]);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(said.err.contains("state/usher/journal"), "{}", said.err);
    assert!(said.err.contains("see whether the disk is full"), "{}", said.err);
    assert_eq!(names(&home.path("in")), before);
    disk.free();
    let said = home.usher(&["run"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(names(&home.path("in")).is_empty());
    assert_eq!(names(&home.path("out")).len(), 41);
}

#[test]
fn while_watching_a_full_disk_under_the_journal_is_said_and_work_goes_on_once_there_is_room() {
    let home = Home::with_rules(FILE_ALL);
    let Some(disk) = TinyDisk::mount_with(&home.base().join("state"), "size=2m") else { return };
    let _watching = home.watch();
    home.write("in/first", "first");
    until("the first file is filed", || names(&home.path("out")) == ["first"]);
    disk.fill();
    for nr in 0..40 {
        home.write(format!("in/{nr}-{}", "long".repeat(50)), nr.to_string());
    }
    let mut status = String::new();
    until("the full disk is said", || {
        status = home.usher(&["status"]).out;
        status.contains("see whether the disk is full")
    });
    assert!(status.contains("state/usher/journal"), "{status}");
    let at = |folder| names(&home.path(folder)).len();
    assert_eq!(at("in") + at("out"), 41, "nothing is lost");
    disk.free();
    until("every file is filed", || names(&home.path("in")).is_empty());
    assert_eq!(at("out"), 41);
    until("the full disk is not said any more", || !home.usher(&["status"]).out.contains("disk is full"));
}

#[test]
fn what_an_event_of_the_machine_sets_off_waits_for_room_in_the_journal_too() {
    let home =
        Home::with_rules("rules: [{when: {session: locked}, locations: ~/in, actions: [{move: ~/out/}]}]");
    let Some(disk) = TinyDisk::mount_with(&home.base().join("state"), "size=2m") else { return };
    let _watching = home.watch();
    home.write("in/first", "first");
    assert_eq!(home.usher(&["trigger", "session.locked"]).code, Some(0));
    until("the first file is filed", || names(&home.path("out")) == ["first"]);
    disk.fill();
    for nr in 0..40 {
        home.write(format!("in/{nr}-{}", "long".repeat(50)), nr.to_string());
    }
    let _triggered = Background(home.command(["trigger", "session.locked"]).spawn().unwrap());
    until("the full disk is said", || home.usher(&["status"]).out.contains("see whether the disk is full"));
    assert_eq!(names(&home.path("in")).len(), 40, "nothing of it is done");
    disk.free();
    until("every file is filed", || names(&home.path("in")).is_empty());
    assert_eq!(names(&home.path("out")).len(), 41);
}

#[test]
fn a_place_that_cannot_be_written_to_is_named_with_what_to_do() {
    let home = Home::with_rules("rules: [{locations: ~/in, actions: [{move: ~/fixed/}]}]");
    let Some(_disk) = TinyDisk::mount_with(&home.path("fixed"), "ro,size=64k") else { return };
    home.write("in/a", "a");
    let said = home.usher(&["run"]);
    assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
    insta::assert_snapshot!(said.err, @"  failed: move ~/in/a -> ~/fixed/a: cannot move BASE/home/in/a: the disk is read-only: make it writable, or choose a place on another disk");
    assert_eq!(names(&home.path("in")), ["a"]);
}

#[test]
fn where_the_vault_is_full_that_is_named_and_not_the_place_the_file_goes_to() {
    let home = Home::with_rules(
        "rules: [{locations: ~/in, actions: [{move: {dest: ~/out/, on_conflict: overwrite}}]}]",
    );
    let Some(_disk) = TinyDisk::mount(&home.base().join("state/usher/vault")) else { return };
    home.write("out/a", vec![b'o'; 1 << 20]);
    home.write("in/a", "new");
    let said = home.usher(&["run"]);
    assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
    let full = "the disk is full at BASE/state/usher/vault, where Usher keeps what it replaces: free some space there";
    assert!(said.err.contains(full), "{}", said.err);
    assert_eq!(fs::read(home.path("out/a")).unwrap().len(), 1 << 20);
    assert_eq!(fs::read(home.path("in/a")).unwrap(), b"new");
}

#[test]
fn a_zip_that_does_not_fit_is_said_once_and_in_ushers_words() {
    let home = Home::with_rules("rules: [{locations: ~/in, actions: [{archive: ~/tiny/}]}]");
    let Some(_disk) = TinyDisk::mount(&home.path("tiny")) else { return };
    let mut dice = 7_u32;
    let noise = std::iter::repeat_with(|| {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        dice.to_le_bytes()[3]
    });
    home.write("in/noise", noise.take(1 << 20).collect::<Vec<u8>>());
    let said = home.usher(&["run"]);
    assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
    assert!(
        said.err.starts_with("  failed: archive ~/in/noise") && !said.err.contains("Zip"),
        "{}",
        said.err
    );
    assert!(said.err.contains("the disk is full at BASE/home/tiny: free some space"), "{}", said.err);
    assert_eq!(names(&home.path("tiny")), Vec::<String>::new());
}

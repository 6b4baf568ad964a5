//! Folders that may not be read, to a command without the right of root to read everything.

#![cfg(target_os = "linux")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::full_disk::TinyDisk;
use crate::home::{FILE_ALL, Home, names, until};

/// A folder with fewer rights; they are given back when this is dropped, so that it can be removed.
struct Shut(PathBuf);

impl Shut {
    /// One that nobody may look into.
    fn new(folder: &Path) -> Self {
        Self::with(folder, 0o000)
    }

    /// One that nobody may change anything in.
    fn read_only(folder: &Path) -> Self {
        Self::with(folder, 0o555)
    }

    fn with(folder: &Path, mode: u32) -> Self {
        fs::set_permissions(folder, Permissions::from_mode(mode)).unwrap();
        Self(folder.to_path_buf())
    }
}

impl Drop for Shut {
    fn drop(&mut self) {
        fs::set_permissions(&self.0, Permissions::from_mode(0o755)).unwrap();
    }
}

/// The command, which may not read what its user may not, should that be root.
fn bound(home: &Home, arguments: &[&str]) -> Command {
    let plain = home.command(arguments);
    if !rustix::process::geteuid().is_root() {
        return plain;
    }
    let mut bound = Command::new("setpriv");
    bound
        .arg("--bounding-set=-dac_override,-dac_read_search")
        .arg(plain.get_program())
        .args(plain.get_args());
    bound.current_dir(home.user()).env_clear().stdin(std::process::Stdio::null());
    bound.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    bound
}

#[test]
fn a_folder_that_may_not_be_read_is_named_with_what_to_do_and_the_others_are_handled() {
    let home = Home::with_rules("rules: [{locations: ~/in, subfolders: true, actions: [{move: ~/out/}]}]");
    home.write("in/shut/a.txt", "a");
    home.write("in/open/b.txt", "b");
    let shut = Shut::new(&home.path("in/shut"));
    let said = home.said(bound(&home, &["run"]).output().unwrap());
    assert_eq!(said.code, Some(0), "{}", said.err);
    insta::assert_snapshot!(said.err, @"warning: cannot look into BASE/home/in/shut: Permission denied (os error 13): give yourself the right to read it, or leave it out with `exclude_dirs`");
    assert_eq!(names(&home.path("out")), ["b.txt"]);
    drop(shut);
    assert_eq!(names(&home.path("in/shut")), ["a.txt"]);
}

#[test]
fn a_rules_folder_that_may_not_be_read_is_said_and_read_once_it_may() {
    let home = Home::with_rules(FILE_ALL);
    let shut = Shut::new(&home.rules());
    let said = home.said(bound(&home, &["run"]).output().unwrap());
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!(said.err, @"
    error: cannot read the folder BASE/config/usher/rules: Permission denied (os error 13)
    hint: see whether you may look into it, and whether its disk is in order
    ");
    let _watching = home.watch_by(bound(&home, &["watch"]));
    let status = home.usher(&["status"]).out;
    assert!(status.contains("the rules folder BASE/config/usher/rules cannot be read"), "{status}");
    assert!(status.contains("give yourself the right to read it"), "{status}");
    drop(shut);
    home.write("in/a.txt", "a");
    until("the rules are read and followed", || names(&home.path("out")) == ["a.txt"]);
    let status = home.usher(&["status"]).out;
    assert!(!status.contains("cannot be read"), "{status}");
}

#[test]
fn of_two_folders_the_one_is_named_that_may_not_be_written_to() {
    let home = Home::with_rules(FILE_ALL);
    home.write("in/a.txt", "a");
    fs::create_dir_all(home.path("out")).unwrap();
    for folder in ["out", "in"] {
        let place = home.path(folder);
        fs::set_permissions(&place, Permissions::from_mode(0o555)).unwrap();
        let said = home.said(bound(&home, &["run"]).output().unwrap());
        fs::set_permissions(&place, Permissions::from_mode(0o755)).unwrap();
        let named = format!("BASE/home/{folder} may not be written to: give yourself the right to");
        assert!(said.code == Some(4) && said.err.contains(&named), "{}", said.err);
    }
    assert_eq!(names(&home.path("in")), ["a.txt"]);
}

#[test]
fn whatever_a_step_does_the_folder_is_named_that_refuses_it() {
    for (action, folder) in [
        ("copy: ~/out/", "out"),
        ("copy: ~/out/new/", "out"),
        ("rename: b.txt", "in"),
        ("write: {text: x, outfile: ~/out/b.txt}", "out"),
        ("symlink: ~/out/", "out"),
        ("archive: ~/out/a.zip", "out"),
        ("delete: null", "in"),
        ("trash: null", "in"),
    ] {
        let home = Home::with_rules(&format!("rules: [{{locations: ~/in, actions: [{{{action}}}]}}]"));
        home.write("in/a.txt", "a");
        let place = home.path(folder);
        fs::create_dir_all(&place).unwrap();
        fs::set_permissions(&place, Permissions::from_mode(0o555)).unwrap();
        let said = home.said(bound(&home, &["run"]).output().unwrap());
        fs::set_permissions(&place, Permissions::from_mode(0o755)).unwrap();
        let named = format!("BASE/home/{folder} may not be written to: give yourself the right to");
        assert!(said.code == Some(4) && said.err.contains(&named), "{action}: {}", said.err);
        assert_eq!(names(&home.path("in")), ["a.txt"], "{action}");
        assert!(folder == "in" || names(&place).is_empty(), "{action}");
    }
}

#[test]
fn deep_in_a_folder_that_is_copied_the_file_or_folder_is_named_that_may_not_be_read() {
    for (secret, mode) in [("in/tree/deep/b.txt", 0o000), ("in/tree/deep", 0o300)] {
        let home = Home::with_rules("rules: [{locations: ~/in, targets: dirs, actions: [{copy: ~/out/}]}]");
        home.write("in/tree/a.txt", "a");
        let secret_file = home.write("in/tree/deep/b.txt", "b");
        // Nobody is at work on what is that old.
        let hour = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
        fs::File::options().write(true).open(secret_file).unwrap().set_modified(hour).unwrap();
        let _shut = Shut::with(&home.path(secret), mode);
        let said = home.said(bound(&home, &["run"]).output().unwrap());
        let named = format!("cannot copy BASE/home/in/tree: BASE/home/{secret}: permission denied");
        assert!(said.code == Some(4) && said.err.contains(&named), "{}", said.err);
        assert!(names(&home.path("out")).is_empty());
    }
}

#[test]
fn a_folder_that_could_not_be_taken_away_whole_is_not_begun_with_and_what_is_in_the_way_is_named() {
    let home = Home::with_rules("rules: [{locations: ~/in, targets: dirs, actions: [{move: ~/tiny/}]}]");
    let Some(_disk) = TinyDisk::mount(&home.path("tiny")) else { return };
    home.write("in/tree/a.txt", "a");
    home.write("in/tree/shut/b.txt", "b");
    let shut = Shut::read_only(&home.path("in/tree/shut"));
    let said = home.said(bound(&home, &["run"]).output().unwrap());
    assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
    insta::assert_snapshot!(said.err, @"  failed: move ~/in/tree -> ~/tiny/tree: cannot move BASE/home/in/tree: BASE/home/in/tree/shut may not be written to, so what is in it cannot be taken away: give yourself the right to, then try again");
    assert_eq!(names(&home.path("in/tree")), ["a.txt", "shut"]);
    assert!(names(&home.path("tiny")).is_empty(), "no copy is left");
    drop(shut);
    assert_eq!(home.said(bound(&home, &["run"]).output().unwrap()).code, Some(0));
    assert_eq!(names(&home.path("tiny/tree/shut")), ["b.txt"]);
}

#[test]
fn a_folder_that_could_not_be_put_aside_whole_is_not_replaced() {
    let home = Home::with_rules(
        "rules: [{locations: ~/in, targets: dirs, actions: [{move: {dest: ~/tiny/, on_conflict: overwrite}}]}]",
    );
    let Some(_disk) = TinyDisk::mount(&home.path("tiny")) else { return };
    home.write("in/tree/new.txt", "new");
    home.write("tiny/tree/old.txt", "old");
    home.write("tiny/tree/shut/b.txt", "b");
    let shut = Shut::read_only(&home.path("tiny/tree/shut"));
    let said = home.said(bound(&home, &["run"]).output().unwrap());
    assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
    assert!(said.err.contains("tiny/tree/shut may not be written to"), "{}", said.err);
    assert_eq!(names(&home.path("tiny/tree")), ["old.txt", "shut"]);
    assert_eq!(names(&home.path("in/tree")), ["new.txt"]);
    drop(shut);
    assert_eq!(home.said(bound(&home, &["run"]).output().unwrap()).code, Some(0));
    assert_eq!(names(&home.path("tiny/tree")), ["new.txt"]);
    assert_eq!(home.said(bound(&home, &["undo"]).output().unwrap()).code, Some(0));
    assert_eq!(names(&home.path("tiny/tree")), ["old.txt", "shut"]);
    assert_eq!(names(&home.path("in/tree")), ["new.txt"]);
}

/// Has the file system lock something, or unlock it; says whether it can.
#[expect(clippy::print_stderr, reason = "whoever reads the test's output is to know what was not tried")]
fn locked(how: &str, path: &Path) -> bool {
    let done = Command::new("chattr").arg(how).arg(path).output().is_ok_and(|output| output.status.success());
    if !done {
        eprintln!("skipped: only root may lock files, and not every file system knows how");
    }
    done
}

#[test]
fn a_folder_with_a_lock_or_another_file_system_in_it_is_not_begun_with() {
    let home = Home::with_rules("rules: [{locations: ~/in, targets: dirs, actions: [{move: ~/tiny/}]}]");
    let Some(_disk) = TinyDisk::mount(&home.path("tiny")) else { return };
    home.write("in/tree/a.txt", "a");
    home.write("in/tree/deep/b.txt", "b");
    let tree = home.path("in/tree");
    let stays = |said: &str| {
        let told = home.usher(&["run"]);
        assert_eq!(told.code, Some(4), "{}{}", told.out, told.err);
        assert!(told.err.contains(said), "{}", told.err);
        assert_eq!((names(&tree.join("deep")), names(&tree).len()), (vec!["b.txt".to_owned()], 2));
        assert!(names(&home.path("tiny")).is_empty(), "no copy is left");
    };
    for (lock, unlock, place, said) in [
        ("+i", "-i", "deep/b.txt", "deep/b.txt: it is locked against being taken away"),
        ("+a", "-a", "deep", "deep: it is locked against being taken away"),
        ("+a", "-a", "", "cannot move"),
    ] {
        if !locked(lock, &tree.join(place)) {
            continue;
        }
        stays(said);
        assert!(locked(unlock, &tree.join(place)));
    }
    let mounted = TinyDisk::mount(&tree.join("deep/mounted"));
    assert!(mounted.is_some());
    let told = home.usher(&["run"]);
    assert!(told.err.contains("deep/mounted: another file system is mounted there"), "{}", told.err);
    assert_eq!(names(&tree.join("deep")), ["b.txt", "mounted"]);
    drop(mounted);
    assert_eq!(home.usher(&["run"]).code, Some(0));
    assert_eq!(names(&home.path("tiny/tree/deep")), ["b.txt", "mounted"]);
}

#[test]
fn a_folder_that_could_not_be_deleted_whole_is_left_whole_and_the_step_has_failed() {
    let home = Home::with_rules("rules: [{locations: ~/in, targets: dirs, actions: [delete]}]");
    for name in ["a.txt", "deep/b.txt", "shut/c.txt", "z/d.txt"] {
        home.write(format!("in/tree/{name}"), name);
    }
    let tree = home.path("in/tree");
    let all = || ["", "deep", "shut", "z"].map(|dir| names(&tree.join(dir)));
    let before = all();
    let stays = |told: &str| {
        let said = home.said(bound(&home, &["run"]).output().unwrap());
        assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
        assert!(said.err.contains(&format!("cannot delete BASE/home/in/tree: {told}")), "{}", said.err);
        assert_eq!(all(), before);
        assert_eq!(home.json(&["log", "--json", "--limit", "1"])[0]["state"], "failed");
    };
    let shut = Shut::read_only(&tree.join("shut"));
    stays("BASE/home/in/tree/shut may not be written to, so what is in it cannot be taken away");
    drop(shut);
    if locked("+i", &tree.join("deep/b.txt")) {
        stays("BASE/home/in/tree/deep/b.txt: it is locked against being taken away");
        assert!(locked("-i", &tree.join("deep/b.txt")));
    }
    if let Some(mounted) = TinyDisk::mount(&tree.join("z/d")) {
        let before = all();
        let said = home.usher(&["run"]);
        assert!(said.err.contains("z/d: another file system is mounted there"), "{}", said.err);
        assert_eq!((said.code, all()), (Some(4), before));
        drop(mounted);
    }
    assert_eq!(home.said(bound(&home, &["run"]).output().unwrap()).code, Some(0));
    assert!(names(&home.path("in")).is_empty());
}

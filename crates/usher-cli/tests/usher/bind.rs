//! One thing under several paths, by real bind mounts. They take root; without it the tests say so and end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::home::{Home, names, until};

/// A folder that is mounted elsewhere as well, until this is dropped.
struct Bind(PathBuf);

impl Bind {
    /// `None`, and a word why, where nothing can be mounted.
    #[expect(clippy::print_stderr, reason = "whoever reads the test's output is to know what was not tried")]
    fn mount(folder: &Path, at: &Path) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount").arg("--bind").arg(folder).arg(at).output();
        let mounted = mounted.is_ok_and(|output| output.status.success());
        if !mounted {
            eprintln!("skipped: only root may mount a folder elsewhere");
        }
        mounted.then(|| Self(at.to_path_buf()))
    }
}

impl Drop for Bind {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// A home whose vault holds what a file has replaced.
fn with_something_kept() -> Home {
    let home = Home::with_rules(
        "rules: [{locations: ~/in, actions: [{move: {dest: ~/out/, on_conflict: overwrite}}]}]",
    );
    home.write("in/a", "new");
    home.write("out/a", "old");
    assert_eq!(home.usher(&["run"]).code, Some(0));
    assert_eq!(names(&home.base().join("state/usher/vault")).len(), 1);
    home
}

fn can_be_undone(home: &Home) {
    let said = home.usher(&["undo", "1"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert_eq!(fs::read(home.path("out/a")).unwrap(), b"old");
    assert_eq!(fs::read(home.path("in/a")).unwrap(), b"new");
}

const DELETE_ALL: &str = "
rules:
  - locations: [{path: ~/mirror, max_depth: null}, {path: ~/kept, max_depth: null}]
    targets: [files, dirs]
    actions: [delete]
";

#[test]
fn usher_s_own_folder_is_no_rule_s_business_where_it_is_mounted_elsewhere_as_well() {
    for folder in ["state", "state/usher", "state/usher/vault"] {
        let home = with_something_kept();
        let Some(_mirror) = Bind::mount(&home.base().join(folder), &home.path("mirror")) else { return };
        let Some(_kept) = Bind::mount(&home.base().join("state"), &home.path("kept/deep/down")) else {
            return;
        };
        home.rule_file("rules.yaml", DELETE_ALL);
        fs::write(home.base().join("state/other"), "not Usher's").unwrap();
        let said = home.usher(&["run"]);
        assert_eq!(said.code, Some(0), "{folder}: {}{}", said.out, said.err);
        assert_eq!(names(&home.base().join("state")), ["usher"], "{folder}: {}", said.out);
        assert_eq!(said.out.matches("delete ").count(), 1, "{folder}: {}", said.out);
        can_be_undone(&home);
    }
}

#[test]
fn nor_where_it_is_mounted_while_rules_are_at_work() {
    let home = with_something_kept();
    home.rule_file("rules.yaml", DELETE_ALL);
    for location in ["mirror", "kept"] {
        fs::create_dir_all(home.path(location)).unwrap();
    }
    let _watching = home.watch();
    home.write("mirror/before", "");
    until("the first file is deleted", || names(&home.path("mirror")).is_empty());
    let Some(_mirror) = Bind::mount(&home.base().join("state"), &home.path("mirror/state")) else { return };
    fs::write(home.base().join("state/other"), "not Usher's").unwrap();
    until("what is mounted is looked at", || names(&home.base().join("state")) == ["usher"]);
    fs::write(home.path("mirror/state/another"), "not Usher's").unwrap();
    until("what comes there is looked at", || names(&home.base().join("state")) == ["usher"]);
    can_be_undone(&home);
}

#[test]
fn of_two_paths_to_one_file_neither_is_the_other_s_duplicate() {
    for by in ["first_seen", "last_seen", "-name"] {
        let rules =
            format!("rules: [{{locations: [~/in, ~/also], filters: [duplicate: {by}], actions: [delete]}}]");
        let home = Home::with_rules(&rules);
        let Some(_also) = Bind::mount(&home.path("in"), &home.path("also")) else { return };
        home.write("in/precious", "precious");
        home.write("in/f1", "same");
        home.write("in/f2", "same");
        assert_eq!(home.usher(&["run"]).code, Some(0));
        let left = names(&home.path("in"));
        assert!(left.len() == 2 && left.contains(&"precious".to_owned()), "{by}: {left:?}");
        assert!(home.usher(&["run"]).code == Some(0) && names(&home.path("in")) == left, "{by}");
    }
}

#[test]
fn a_file_is_neither_in_its_own_way_nor_its_own_second_copy() {
    for action in ["copy", "move"] {
        for mode in ["skip", "deduplicate", "overwrite", "trash", "rename_new", "rename_existing"] {
            let rules = format!(
                "rules: [{{locations: ~/also, actions: [{{{action}: {{dest: ~/in/, on_conflict: {mode}}}}}]}}]"
            );
            let home = Home::with_rules(&rules);
            let Some(_also) = Bind::mount(&home.path("in"), &home.path("also")) else { return };
            home.write("in/f", "precious");
            let said = home.usher(&["run"]);
            assert_eq!(said.code, Some(0), "{action} {mode}: {}", said.err);
            assert_eq!(names(&home.path("in")), ["f"], "{action} {mode}");
            assert_eq!(fs::read(home.path("in/f")).unwrap(), b"precious", "{action} {mode}");
        }
    }
    let copy = "{copy: {dest: ~/in/, on_conflict: deduplicate, continue_with: original}}";
    let home = Home::with_rules(&format!("rules: [{{locations: ~/also, actions: [{copy}, delete]}}]"));
    let Some(_also) = Bind::mount(&home.path("in"), &home.path("also")) else { return };
    home.write("in/f", "precious");
    home.usher(&["run"]);
    assert_eq!(names(&home.path("in")), ["f"]);
}

#[test]
fn a_folder_does_not_go_into_itself_by_another_path() {
    for action in ["copy", "move"] {
        let rules =
            format!("rules: [{{locations: ~/in, targets: dirs, actions: [{{{action}: ~/bk/deep/}}]}}]");
        let home = Home::with_rules(&rules);
        home.write("in/docs/a", "a");
        let Some(_bk) = Bind::mount(&home.path("in/docs"), &home.path("bk")) else { return };
        let said = home.usher(&["run"]);
        assert_eq!(said.code, Some(4), "{action}: {}{}", said.out, said.err);
        assert!(said.err.contains("in/docs cannot go into itself"), "{action}: {}", said.err);
        assert_eq!(names(&home.path("in/docs")), ["a"], "{action}");
    }
}

#[test]
fn what_comes_from_a_folder_that_is_mounted_elsewhere_goes_back_only_while_it_is() {
    let home = Home::with_rules("rules: [{locations: ~/also, actions: [{move: ~/out/}]}]");
    let Some(also) = Bind::mount(&home.path("in"), &home.path("also")) else { return };
    home.write("in/f", "f");
    assert_eq!(home.usher(&["run"]).code, Some(0));
    assert_eq!(names(&home.path("out")), ["f"]);
    drop(also);
    let said = home.usher(&["undo"]);
    assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
    assert_eq!((names(&home.path("also")), names(&home.path("out"))), (vec![], vec!["f".to_owned()]));
    let Some(_also) = Bind::mount(&home.path("in"), &home.path("also")) else { return };
    assert_eq!(home.usher(&["undo"]).code, Some(0));
    assert_eq!(names(&home.path("in")), ["f"]);
}

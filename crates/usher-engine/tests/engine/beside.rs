//! Actions that make something beside their subject or write something on it: links and tags.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Arc;

use usher_engine::UndoWhat;
use usher_rule::{World, tags};
use usher_testkit::{Fault, Home, Stage};

#[track_caller]
fn undo(stage: &mut Stage) -> Vec<String> {
    let outcome = stage.engine.undo(&UndoWhat::Last, false).unwrap();
    let root = stage.home.root().display().to_string();
    outcome.refused.into_iter().map(|(_, reason)| reason.replace(&root, "~")).collect()
}

fn tags(stage: &Stage, path: &str) -> Option<String> {
    let value = stage.disk.attribute(&stage.home.path(path), tags::XDG).unwrap();
    value.map(|value| String::from_utf8(value).unwrap())
}

const LINKS: &str = "
rules:
  - locations: ~/in
    targets: [files, dirs]
    actions: [ { symlink: ~/links/ } ]
  - locations: ~/in
    actions: [ { hardlink: '~/names/{path.stem}.second' } ]
";

#[test]
fn links_are_made_as_simulated_and_taken_back() {
    let mut stage = Stage::new(LINKS);
    stage.home.write("in/a.txt", "a");
    stage.home.mkdir("in/tree");
    let before = stage.home.tree("in");
    let sim = stage.sim();
    assert_eq!(
        sim,
        [
            "symlink ~/in/a.txt -> ~/links/a.txt",
            "symlink ~/in/tree -> ~/links/tree",
            "hardlink ~/in/a.txt -> ~/names/a.second",
        ]
    );
    assert_eq!(stage.run(), sim);
    assert_eq!(fs::read_link(stage.home.path("links/tree")).unwrap(), stage.home.path("in/tree"));
    assert_eq!(
        fs::metadata(stage.home.path("names/a.second")).unwrap().ino(),
        fs::metadata(stage.home.path("in/a.txt")).unwrap().ino()
    );
    let again = stage.run();
    assert!(again.iter().all(|line| line.ends_with("(already there)")), "{again:?}");
    // What the second run did is nothing, so the newest that can be taken back is the first.
    assert!(undo(&mut stage).is_empty());
    assert_eq!(stage.home.list("links") + &stage.home.list("names"), "");
    assert_eq!(stage.home.tree("in"), before);
    stage.engine.undo(&UndoWhat::LastUndo, false).unwrap();
    assert_eq!(stage.home.list("links"), "a.txt\ntree");
    assert_eq!(stage.home.list("names"), "a.second");
}

#[test]
fn a_link_that_is_another_one_by_now_stays() {
    let mut stage = Stage::new(LINKS);
    stage.home.write("in/a.txt", "a");
    stage.run();
    fs::remove_file(stage.home.path("links/a.txt")).unwrap();
    std::os::unix::fs::symlink("/somewhere", stage.home.path("links/a.txt")).unwrap();
    fs::remove_file(stage.home.path("names/a.second")).unwrap();
    stage.home.write("names/a.second", "mine");
    assert_eq!(
        undo(&mut stage),
        ["~/names/a.second is another file now", "~/links/a.txt is another link now"]
    );
    assert_eq!(stage.home.read("names/a.second").as_deref(), Some("mine"));
}

#[test]
fn a_second_name_that_became_the_only_one_is_not_lost() {
    let mut stage = Stage::new(LINKS);
    stage.home.write("in/a.txt", "a");
    stage.run();
    // The original is gone, and the second name was written to: it still is the file that was linked.
    fs::remove_file(stage.home.path("in/a.txt")).unwrap();
    fs::write(stage.home.path("names/a.second"), "edited").unwrap();
    assert!(undo(&mut stage).is_empty());
    let vault = stage.home.list(".state/vault");
    let kept = vault.lines().map(|name| stage.home.read(PathBuf::from(".state/vault").join(name)));
    assert!(kept.flatten().any(|text| text == "edited"), "{vault}");
}

const TAGS: &str = "
rules:
  - locations: ~/in
    actions:
      - tag: [ invoice, '{path.stem}' ]
      - move: ~/out/
      - tag: { add: filed, remove: new }
";

#[test]
fn tags_are_set_as_simulated_and_taken_back() {
    let mut stage = Stage::new(TAGS);
    let path = stage.home.write("in/a.txt", "a");
    stage.home.write("in/b.txt", "b");
    usher_engine::Disk::set_attribute(&*stage.disk, &path, tags::XDG, None, Some(b"new,old")).unwrap();
    let before = stage.home.tree("in");
    let sim = stage.sim();
    assert_eq!(
        sim,
        [
            "tag ~/in/a.txt (+invoice, +a)",
            "move ~/in/a.txt -> ~/out/a.txt",
            "tag ~/out/a.txt (+filed, -new)",
            "tag ~/in/b.txt (+invoice, +b)",
            "move ~/in/b.txt -> ~/out/b.txt",
            "tag ~/out/b.txt (+filed)",
        ]
    );
    assert_eq!(stage.run(), sim);
    assert_eq!(tags(&stage, "out/a.txt").as_deref(), Some("old,invoice,a,filed"));
    assert!(undo(&mut stage).is_empty());
    assert_eq!(stage.home.tree("in"), before, "times included");
    assert_eq!(tags(&stage, "in/a.txt").as_deref(), Some("new,old"));
    assert_eq!(tags(&stage, "in/b.txt"), None);
    stage.engine.undo(&UndoWhat::LastUndo, false).unwrap();
    assert_eq!(tags(&stage, "out/b.txt").as_deref(), Some("invoice,b,filed"));
}

#[test]
fn tags_that_were_changed_since_are_left() {
    let mut stage = Stage::new("rules: [ { locations: ~/in, actions: [ tag: a ] } ]");
    let path = stage.home.write("in/a.txt", "a");
    stage.run();
    usher_engine::Disk::set_attribute(&*stage.disk, &path, tags::XDG, Some(b"a"), Some(b"a,mine")).unwrap();
    assert_eq!(undo(&mut stage), ["user.xdg.tags of ~/in/a.txt has been changed since"]);
    assert_eq!(tags(&stage, "in/a.txt").as_deref(), Some("a,mine"));
}

const ALL: &str = "
rules:
  - locations: ~/in
    actions:
      - hardlink: ~/names/
      - symlink: { dest: ~/links/, on_conflict: overwrite }
      - tag: filed
      - copy: { dest: ~/copies/, continue_with: original }
      - move: ~/out/
";

/// Kills the run at every change in turn; afterwards each step is before or after, and all of it can be taken back.
#[track_caller]
fn every_kill(fault: Fault) {
    for at in 0.. {
        let home = Arc::new(Home::new());
        home.write("in/a.txt", "a");
        home.write("links/a.txt", "old");
        let (before, links) = (home.tree("in"), home.tree("links"));
        let killed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut stage = Stage::with(Arc::clone(&home), ALL, Some(fault), at);
            stage.run();
            stage.disk.changes() <= at
        }));
        if killed.unwrap_or(false) {
            assert!(at > 8, "the rule makes several changes");
            return;
        }
        let context = format!("{fault:?} at {at}");
        let mut stage = Stage::with(Arc::clone(&home), ALL, None, 0);
        let said = stage.journal();
        let done = |action: &str| said.iter().any(|line| line.starts_with(&format!("Done {action}")));
        assert_eq!(done("hardlink"), home.path("names/a.txt").exists(), "{context}: {said:?}");
        assert_eq!(done("symlink"), home.path("links/a.txt").is_symlink(), "{context}: {said:?}");
        let place = if home.path("in/a.txt").exists() { "in/a.txt" } else { "out/a.txt" };
        assert_eq!(done("tag"), tags(&stage, place).is_some(), "{context}: {said:?}");
        assert_eq!(done("copy"), home.path("copies/a.txt").exists(), "{context}: {said:?}");
        assert_eq!(done("move"), place == "out/a.txt", "{context}: {said:?}");
        assert!(undo(&mut stage).is_empty(), "{context}");
        assert_eq!((stage.home.tree("in"), stage.home.tree("links")), (before, links), "{context}");
        assert_eq!(tags(&stage, "in/a.txt"), None, "{context}");
    }
}

#[test]
fn a_kill_leaves_links_and_tags_before_or_after() {
    every_kill(Fault::KilledBefore);
    every_kill(Fault::KilledAfter);
}

#[test]
fn a_copied_folder_has_the_tags_of_its_original() {
    let mut stage =
        Stage::new("rules: [ { locations: ~/in, targets: dirs, actions: [ { copy: ~/out/ } ] } ]");
    stage.home.write("in/tree/deep/a.txt", "a");
    for folder in ["in/tree", "in/tree/deep"] {
        let path = stage.home.path(folder);
        usher_engine::Disk::set_attribute(&*stage.disk, &path, tags::XDG, None, Some(b"kept")).unwrap();
    }
    stage.run();
    assert_eq!(tags(&stage, "out/tree").as_deref(), Some("kept"));
    assert_eq!(tags(&stage, "out/tree/deep").as_deref(), Some("kept"));
}

#[test]
fn what_the_file_system_cannot_do_is_said() {
    for (kind, rules, said) in [
        (
            ErrorKind::Unsupported,
            "tag: a",
            "cannot change the tags of ~/in/a: the file system cannot do that: choose a place on another one",
        ),
        (
            ErrorKind::CrossesDevices,
            "hardlink: ~/in/b.second",
            "cannot make the link ~/in/b.second: it lies on another file system: choose a place on the same one",
        ),
    ] {
        let home = Arc::new(Home::new());
        home.write("in/a", "a");
        let rules = format!("rules: [ {{ locations: ~/in, actions: [ {rules} ] }} ]");
        let mut stage = Stage::with(home, &rules, Some(Fault::Fails(kind)), 0);
        let lines = stage.run();
        let root = stage.home.root().display().to_string();
        assert!(lines[0].replace(&root, "~").ends_with(said), "{lines:?}");
    }
}

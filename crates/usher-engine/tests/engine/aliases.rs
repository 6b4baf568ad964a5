//! One folder or file under several names, and what is no file at all.
#![cfg(unix)]

use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use usher_testkit::Stage;

/// A stage with the folder `real`, to which `lnk` leads.
fn linked(rules: &str) -> Stage {
    let stage = Stage::new(rules);
    stage.home.mkdir("real");
    symlink(stage.home.path("real"), stage.home.path("lnk")).unwrap();
    stage.home.write("real/f.txt", "precious");
    stage
}

#[test]
fn a_file_is_not_in_its_own_way_where_its_folder_is_a_link() {
    for mode in ["skip", "deduplicate", "overwrite", "trash", "rename_new", "rename_existing"] {
        for action in ["copy", "move"] {
            let actions = format!("[{{ {action}: {{ dest: ~/real/, on_conflict: {mode} }} }}]");
            let mut stage = linked(&format!("rules: [{{ locations: ~/lnk, actions: {actions} }}]"));
            assert_eq!(stage.sim(), [format!("{action} ~/lnk/f.txt (already there)")], "{mode}");
            stage.run();
            assert_eq!(stage.home.list("real"), "f.txt", "{action} {mode}");
        }
    }
}

#[test]
fn a_file_is_no_second_copy_of_itself() {
    let copy = "{ copy: { dest: ~/real/, on_conflict: deduplicate, continue_with: original } }";
    let mut stage = linked(&format!("rules: [{{ locations: ~/lnk, actions: [{copy}, delete] }}]"));
    stage.run();
    assert_eq!(stage.home.read("real/f.txt").as_deref(), Some("precious"));

    let copy = "{ copy: { dest: ~/out/, on_conflict: deduplicate, continue_with: original } }";
    let mut stage = linked(&format!("rules: [{{ locations: ~/real, actions: [{copy}, delete] }}]"));
    stage.home.mkdir("out");
    symlink(stage.home.path("real/f.txt"), stage.home.path("out/f.txt")).unwrap();
    stage.run();
    assert_eq!(stage.home.read("out/f 2.txt").as_deref(), Some("precious"));
}

#[test]
fn nothing_gives_way_to_a_link_to_itself_and_no_folder_goes_into_itself_by_another_name() {
    for mode in ["overwrite", "trash"] {
        let link = format!("{{ symlink: {{ dest: ~/real/, on_conflict: {mode} }} }}");
        let mut stage = linked(&format!("rules: [{{ locations: ~/lnk, actions: [{link}] }}]"));
        stage.run();
        assert_eq!(stage.home.read("real/f.txt").as_deref(), Some("precious"), "{mode}");
        assert_eq!(stage.sim(), ["symlink ~/lnk/f.txt (already there)"], "{mode}");
    }
    for action in ["copy", "move"] {
        let mut stage = Stage::new(&format!(
            "rules: [{{ locations: ~/in, targets: dirs, actions: [{{ {action}: ~/bk/deep/ }}] }}]"
        ));
        stage.home.write("in/docs/a", "a");
        symlink(stage.home.path("in/docs"), stage.home.path("bk")).unwrap();
        stage.run();
        assert_eq!(stage.home.list("in"), "docs/a", "{action}");
    }
}

#[test]
fn a_pipe_is_neither_written_to_nor_compared() {
    let rules = "
rules:
  - locations: ~/in
    filters: [ { extension: txt } ]
    actions: [ { write: { text: a, outfile: ~/pipe } } ]
  - locations: ~/in
    filters: [ { extension: pdf } ]
    actions: [ { move: { dest: ~/out/, on_conflict: deduplicate } } ]
";
    let mut stage = Stage::new(rules);
    stage.home.write("in/a.txt", "a");
    stage.home.write("in/b.pdf", "b");
    stage.home.mkdir("out");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    for pipe in ["pipe", "out/b.pdf"] {
        rustix::fs::mkfifoat(rustix::fs::CWD, stage.home.path(pipe), mode).unwrap();
    }
    stage.run();
    let trouble = stage.trouble("failed_step");
    assert!(trouble.len() == 1 && trouble[0].contains("is a pipe or a device"), "{trouble:?}");
    assert_eq!(stage.home.read("out/b 2.pdf").as_deref(), Some("b"));
}

#[test]
fn a_folder_with_a_pipe_in_it_is_not_copied_and_the_pipe_is_named() {
    let mut stage = Stage::new("rules: [ { locations: ~/in, targets: dirs, actions: [ copy: ~/out/ ] } ]");
    stage.home.write("in/d/a", "a");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mkfifoat(rustix::fs::CWD, stage.home.path("in/d/pipe"), mode).unwrap();
    stage.run();
    let trouble = stage.trouble("failed_step");
    let told = format!(
        "cannot copy {}: {} is neither",
        stage.home.path("in/d").display(),
        stage.home.path("in/d/pipe").display()
    );
    assert!(trouble.len() == 1 && trouble[0].contains(&told), "{trouble:?}");
    assert_eq!(stage.home.list("out"), "");
}

#[test]
fn usher_s_own_state_is_no_rule_s_business() {
    let rules = "
rules:
  - locations: { path: '~', max_depth: null }
    actions: [ delete ]
  - locations: [ '~', ~/.state, ~/state ]
    targets: dirs
    actions: [ delete ]
";
    let mut stage = Stage::new(rules);
    stage.home.write(".state/vault/1-1-0", "replaced");
    symlink(stage.home.path(".state"), stage.home.path("state")).unwrap();
    stage.home.write("in/a", "a");
    stage.run();
    assert!(stage.home.read(".state/vault/1-1-0").is_some());
    assert_eq!(stage.home.read("in/a"), None);
    stage.play(".state/vault/1-1-0", usher_event::Change::Closed);
    stage.settle();
    assert!(stage.home.read(".state/vault/1-1-0").is_some());
}

#[test]
fn nor_is_it_where_a_link_leads_to_it() {
    let rules = "rules: [{ locations: { path: '~', max_depth: null }, actions: [ delete ] }]";
    let mut stage = Stage::new(rules);
    std::fs::rename(stage.home.path(".state"), stage.home.path("kept")).unwrap();
    symlink(stage.home.path("kept"), stage.home.path(".state")).unwrap();
    stage.home.write("kept/vault/1-1-0", "replaced");
    stage.home.write("a", "a");
    stage.set_rules(rules);
    stage.run();
    assert_eq!((stage.home.read("a"), stage.home.read("kept/vault/1-1-0")), (None, Some("replaced".into())));
}

#[test]
fn who_copies_another_s_file_does_not_lend_them_their_rights() {
    let mut stage = Stage::new("rules: [{ locations: ~/in, actions: [{ copy: ~/out/ }] }]");
    let modes = |stage: &Stage| std::fs::metadata(stage.home.path("out/a")).unwrap().mode() & 0o7777;
    let file = stage.home.write("in/a", "a");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o6755)).unwrap();
    stage.run();
    assert_eq!(modes(&stage), 0o6755, "their own stays as it is");
    std::fs::remove_file(stage.home.path("out/a")).unwrap();
    // Only root can give a file away.
    if std::os::unix::fs::chown(&file, Some(4242), Some(4242)).is_ok() {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o6755)).unwrap();
        stage.run();
        assert_eq!(modes(&stage), 0o755);
    }
}

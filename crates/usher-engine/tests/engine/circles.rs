//! Promise 10: rules that feed each other work, and those that feed each other in circles are stopped.

use usher_testkit::Stage;

#[test]
fn what_one_rule_files_the_next_one_takes_up() {
    let mut stage = Stage::new(
        "
rules:
  - name: Second
    locations: ~/b
    actions: [ { move: ~/c/ } ]
  - name: First
    locations: ~/a
    actions: [ { move: ~/b/ } ]
",
    );
    stage.home.mkdir("b");
    stage.drop_file("a/x", "x");
    stage.settle();
    assert_eq!(stage.home.list("c"), "x");
    assert_eq!(stage.journal(), ["Done move ~/a/x -> ~/b/x", "Done move ~/b/x -> ~/c/x"]);
}

#[test]
fn a_rule_does_not_handle_its_own_output() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/a
    actions: [ { rename: 'x-{path.name}' } ]
  - locations: ~/b
    actions: [ { copy: '~/b/copy of {path.name}.txt' } ]
",
    );
    stage.drop_file("a/f", "f");
    stage.drop_file("b/f", "f");
    stage.settle();
    assert_eq!(stage.home.list("a"), "x-f");
    assert_eq!(stage.home.list("b"), "copy of f.txt\nf");
    let mut stage = stage.restart();
    stage.sweep();
    stage.settle();
    assert_eq!(stage.home.list("a"), "x-f");
    assert_eq!(stage.home.list("b"), "copy of f.txt\nf");
}

#[test]
fn both_names_of_a_hard_link_are_its_rule_s_own_output() {
    let rules = "
rules:
  - locations: [~/a, ~/b]
    actions: [ { rename: 'x-{path.name}' }, { hardlink: ~/b/ } ]
";
    let mut stage = Stage::new(rules);
    stage.home.mkdir("b");
    stage.drop_file("a/f", "f");
    stage.settle();
    let filed = |stage: &Stage| (stage.home.list("a"), stage.home.list("b"));
    assert_eq!(filed(&stage), ("x-f".to_owned(), "x-f".to_owned()));
    let mut stage = stage.restart();
    stage.sweep();
    stage.settle();
    assert_eq!(filed(&stage), ("x-f".to_owned(), "x-f".to_owned()));
}

#[test]
fn a_circle_over_a_hard_link_is_stopped() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    actions: [ { hardlink: ~/out/ } ]
  - locations: ~/out
    actions:
      - move: { dest: ~/mid/, on_conflict: overwrite }
      - copy: { dest: ~/in/, continue_with: original }
  - locations: ~/in
    actions: [ trash ]
",
    );
    stage.home.mkdir("out");
    stage.drop_file("in/f", "f");
    stage.settle();
    assert!(stage.journal().len() < 10, "{:#?}", stage.journal());
}

#[test]
fn what_is_written_to_one_name_of_a_hard_link_is_no_news_at_the_other() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    actions: [ { write: { text: '{path.name}', outfile: ~/out/log.txt, mode: prepend } } ]
  - locations: ~/out
    actions:
      - hardlink: { dest: ~/in/, on_conflict: overwrite }
      - write: { text: '{path.name}', outfile: ~/out/log.txt, mode: append }
",
    );
    stage.home.mkdir("out");
    stage.drop_file("in/f", "f");
    stage.settle();
    assert!(stage.journal().len() < 12, "{:#?}", stage.journal());
}

#[test]
fn a_circle_of_rules_of_which_one_always_fails_is_stopped() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/out
    actions:
      - move: { dest: ~/mid/, on_conflict: rename_existing }
      - trash
      - move: ~/in/
  - locations: ~/mid
    actions: [ { copy: ~/out/ } ]
",
    );
    ["in", "out"].iter().for_each(|dir| drop(stage.home.mkdir(dir)));
    stage.drop_file("mid/a.txt", "x");
    stage.settle();
    assert!(stage.journal().len() < 16, "{:#?}", stage.journal());
}

#[test]
fn ping_pong_is_stopped_and_the_chain_named() {
    let mut stage = Stage::new(
        "
rules:
  - name: Ping
    locations: ~/a
    actions: [ { move: ~/b/ } ]
  - name: Pong
    locations: ~/b
    actions: [ { move: ~/a/ } ]
",
    );
    stage.home.mkdir("b");
    let path = stage.drop_file("a/x", "x");
    stage.settle();
    let said = stage.trouble("loop_stopped");
    assert_eq!(
        said,
        [format!(
            "{} was going round in circles and stays where it is: Ping -> Pong -> Ping",
            path.display()
        )]
    );
    assert!(stage.journal().len() <= 4);
    assert_eq!(stage.home.read("a/x").as_deref(), Some("x"));
}

#[test]
fn copies_that_breed_are_stopped() {
    let mut stage = Stage::new(
        "
rules:
  - name: There
    locations: ~/a
    actions: [ { copy: ~/b/ } ]
  - name: Back
    locations: ~/b
    actions: [ { copy: ~/a/ } ]
",
    );
    stage.home.mkdir("b");
    stage.drop_file("a/x", "x");
    stage.settle();
    assert_eq!(stage.trouble("loop_stopped").len(), 1);
    assert!(stage.home.tree("a").len() <= 2);
}

#[cfg(unix)]
#[test]
fn what_a_rule_puts_into_its_location_by_another_path_is_its_own_output() {
    use std::os::unix::fs::symlink;
    use usher_event::Change;

    let actions = [
        ("copy: '~/DEST/x{path.name}'", "f.txt\nxf.txt"),
        ("move: '~/DEST/x{path.name}'", "xf.txt"),
        ("hardlink: '~/DEST/x{path.name}'", "f.txt\nxf.txt"),
        ("archive: '~/DEST/{path.name}.zip'", "f.txt\nf.txt.zip"),
    ];
    for (location, dest) in
        [("deep/in", "also"), ("also", "deep/in"), ("deep/in", "up/in"), ("up/in", "also")]
    {
        for (action, left) in actions {
            let action = action.replace("DEST", dest);
            let mut stage =
                Stage::new(&format!("rules: [{{ locations: ~/{location}, actions: [{{ {action} }}] }}]"));
            stage.home.mkdir("deep/in");
            symlink(stage.home.path("deep/in"), stage.home.path("also")).unwrap();
            symlink(stage.home.path("deep"), stage.home.path("up")).unwrap();
            stage.home.write("deep/in/f.txt", "f");
            // A watcher tells of everything by the path of the location.
            for _ in 0..4 {
                for name in stage.home.list("deep/in").lines() {
                    stage.play(format!("{location}/{name}"), Change::Created);
                    stage.play(format!("{location}/{name}"), Change::Closed);
                }
                stage.settle();
            }
            assert_eq!(stage.home.list("deep/in"), left, "{location}: {action}");
            let mut stage = stage.restart();
            stage.sweep();
            stage.settle();
            assert_eq!(stage.home.list("deep/in"), left, "{location}: {action}: after a restart");
        }
    }
}

#[test]
fn a_circle_in_which_a_failing_rule_leaves_something_else_each_turn_is_stopped() {
    for leaves in ["copy: { dest: ~/in/, continue_with: original }", "hardlink: ~/in/"] {
        let mut stage = Stage::new(&format!(
            "
rules:
  - name: In
    locations: ~/in
    actions: [ {{ move: ~/mid/ }} ]
  - name: Mid
    locations: ~/mid
    actions: [ {{ {leaves} }}, trash, {{ move: ~/in/ }} ]
"
        ));
        stage.home.mkdir("mid");
        stage.drop_file("in/f", "");
        stage.settle();
        assert_eq!(stage.trouble("loop_stopped").len(), 1, "{leaves}");
    }
}

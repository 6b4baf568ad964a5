//! Filters that take their time, in a real `usher watch`.

use std::fs;

use crate::home::{Home, until};

/// A filter that has no answer before there is a file `go`.
const RULES: &str = "
rules:
  - name: Slow
    locations: ~/in
    filters:
      - extension: slow
      - python: |
          import os, time
          while not os.path.exists(os.path.expanduser('~/go')):
              time.sleep(0.02)
          return True
    actions: [ move: ~/out/ ]
  - { name: Quick, locations: ~/in, filters: [ extension: txt ], actions: [ move: ~/out/ ] }
";

#[test]
fn code_that_takes_its_time_holds_up_neither_other_files_nor_answers() {
    let home = Home::with_rules(RULES);
    let watching = home.watch();
    home.write("in/a.slow", "a");
    home.write("in/b.txt", "b");
    until("the other file is filed", || home.path("out/b.txt").exists());
    let said = home.usher(&["status"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(home.path("in/a.slow").exists(), "the filter has not answered");
    fs::write(home.path("go"), "").unwrap();
    until("what waited for its answer is filed", || home.path("out/a.slow").exists());
    assert!(watching.terminate().0.success());
}

#[test]
fn a_run_that_was_asked_for_waits_for_such_code_by_itself() {
    let home = Home::with_rules(&RULES.replace("name: Slow", "name: Slow\n    when: { hotkey: ctrl+alt+s }"));
    let watching = home.watch();
    home.write("in/a.slow", "a");
    let run = home.command(["run", "--rule", "Slow"]).spawn().unwrap();
    // What comes meanwhile is handled, and whoever asks is answered.
    for nr in 0..3 {
        home.write(format!("in/{nr}.txt"), "b");
        until("the other file is filed", || home.path(format!("out/{nr}.txt")).exists());
        assert_eq!(home.usher(&["status"]).code, Some(0));
    }
    assert!(home.path("in/a.slow").exists(), "the filter has not answered");
    fs::write(home.path("go"), "").unwrap();
    assert!(run.wait_with_output().unwrap().status.success());
    assert!(home.path("out/a.slow").exists());
    assert!(watching.terminate().0.success());
}

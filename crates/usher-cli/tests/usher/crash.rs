//! kill -9 in the midst of work.

use std::fs;

use crate::home::{FILE_ALL, Home, names, until};

const FILES: usize = 600;

/// Every file is at its old or its new place, exactly once, with its own bytes.
fn nothing_is_lost(home: &Home) {
    let (before, after) = (names(&home.path("in")), names(&home.path("out")));
    let mut all: Vec<&String> = before.iter().chain(&after).collect();
    all.sort();
    all.dedup();
    assert_eq!((all.len(), before.len() + after.len()), (FILES, FILES), "{before:?} {after:?}");
    for (folder, names) in [("in", &before), ("out", &after)] {
        for name in names {
            let bytes = fs::read_to_string(home.path(folder).join(name)).unwrap();
            assert_eq!(bytes, format!("content of {name}"));
        }
    }
}

fn no_step_is_open(home: &Home) {
    let open = home.json(&["log", "--json"]).into_iter().filter(|step| step["state"] == "intended").count();
    assert_eq!(open, 0);
}

#[test]
fn a_kill_in_the_midst_of_a_batch_loses_nothing() {
    let home = Home::with_rules(FILE_ALL);
    for nr in 0..FILES {
        home.write(format!("in/{nr:03}"), format!("content of {nr:03}"));
    }
    // Each round is killed a little later in its work than the one before.
    for round in 0..6 {
        let filed = names(&home.path("out")).len();
        let watching = home.start(&["watch"]);
        until("some files are filed", || {
            let now = names(&home.path("out")).len();
            now > filed + round * 7 || now == FILES
        });
        watching.kill();
        no_step_is_open(&home);
        nothing_is_lost(&home);
    }
    let _watching = home.watch();
    until("every file is filed", || names(&home.path("out")).len() == FILES);
    nothing_is_lost(&home);
    until("every step is settled", || {
        home.json(&["log", "--json"]).iter().all(|step| step["state"] != "intended")
    });
}

#[test]
fn a_killed_run_can_be_taken_back_to_the_byte() {
    let home = Home::with_rules(FILE_ALL);
    for nr in 0..FILES {
        home.write(format!("in/{nr:03}"), format!("content of {nr:03}"));
    }
    let mut child = home.command(["run", "-F", "errorsonly"]).spawn().unwrap();
    until("some files are filed", || names(&home.path("out")).len() > 3);
    child.kill().unwrap();
    child.wait().unwrap();
    no_step_is_open(&home);
    nothing_is_lost(&home);
    let said = home.usher(&["undo"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(names(&home.path("in")).len(), FILES);
    nothing_is_lost(&home);
}

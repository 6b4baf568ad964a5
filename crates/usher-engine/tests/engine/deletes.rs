//! Deleting is final, so it takes what the rule has looked at, and nothing else.

use std::fs;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use usher_engine::StepState;
use usher_testkit::{Fault, FaultyDisk, Home, Stage};

const FOLDERS: &str =
    "rules: [ { locations: ~/in, targets: dirs, filters: [ name: old ], actions: [ delete ] } ]";

fn steps(stage: &Stage) -> Vec<(StepState, Option<String>)> {
    let steps = stage.engine.journal().steps(1).unwrap();
    steps.into_iter().map(|step| (step.state, step.error.map(String::from))).collect()
}

#[test]
fn after_a_kill_nothing_is_deleted_that_has_come_to_the_place_since() {
    for fault in [Fault::KilledBefore, Fault::KilledAfter, Fault::PowerCut] {
        for at in 0.. {
            let home = Arc::new(Home::new());
            home.write("in/old/a.txt", "a");
            let ended = catch_unwind(AssertUnwindSafe(|| {
                let mut stage = Stage::with(Arc::clone(&home), FOLDERS, Some(fault), at);
                stage.run();
                stage.disk.changes() <= at
            }));
            if ended.unwrap_or(false) {
                assert!(at > 1, "the scene has several changes");
                break;
            }
            if fault == Fault::PowerCut {
                home.boot_again();
            }
            home.write("in/old/precious.txt", "made since");
            let stage = Stage::with(Arc::clone(&home), FOLDERS, None, 0);
            assert_eq!(home.read("in/old/precious.txt").as_deref(), Some("made since"), "{fault:?} at {at}");
            // What was there before is either all there or all gone; which of the two nobody can tell any more.
            let (state, error) = steps(&stage).remove(0);
            assert!(
                state == StepState::Irreversible || error.unwrap().contains("left alone"),
                "{fault:?} at {at}"
            );
            assert!(!home.list("in").contains("usher-part"), "{}", home.list("in"));
        }
    }
}

#[test]
fn a_folder_that_cannot_be_deleted_is_at_its_place_again_and_the_step_says_so() {
    let home = Arc::new(Home::new());
    home.write("in/old/a.txt", "a");
    let fault = Some(Fault::Fails(ErrorKind::PermissionDenied));
    let mut stage = Stage::with(Arc::clone(&home), FOLDERS, fault, 1);
    stage.run();
    assert_eq!(home.list("in"), "old/a.txt");
    let (state, error) = steps(&stage).remove(0);
    // Some of what was in it may be gone: nobody is told that all is as before.
    assert_eq!(state, StepState::Irreversible);
    assert!(error.unwrap().contains("cannot delete all of"));
}

#[test]
fn a_file_that_cannot_be_deleted_is_as_it_was() {
    let home = Arc::new(Home::new());
    home.write("in/a.txt", "a");
    let rules = "rules: [ { locations: ~/in, actions: [ delete ] } ]";
    for at in 0..2 {
        let fault = Some(Fault::Fails(ErrorKind::ReadOnlyFilesystem));
        let mut stage = Stage::with(Arc::clone(&home), rules, fault, at);
        stage.run();
        let run = stage.engine.journal().run_count();
        assert_eq!(stage.engine.journal().steps(run).unwrap()[0].state, StepState::Failed);
        assert_eq!(home.list("in"), "a.txt");
    }
}

/// Runs rules while somebody writes to a file right before the `at`th change; `None` when there are fewer.
fn run_while_written(rules: &str, file: &str, late: &str, at: usize) -> Option<Arc<Home>> {
    let home = Arc::new(Home::new());
    home.write(file, "a");
    fs::create_dir_all(home.path("out")).unwrap();
    let late = home.path(late);
    let disk = |disk| {
        FaultyDisk::new(disk, None, 0).meanwhile(at, move || drop(fs::write(&late, "written meanwhile")))
    };
    let mut stage = Stage::on(Arc::clone(&home), rules, disk);
    stage.run();
    (stage.disk.changes() > at).then_some(home)
}

#[test]
fn a_file_that_changes_after_its_copy_was_made_is_not_deleted() {
    let rules = "rules: [ { locations: ~/in, actions: [
        { copy: { dest: ~/out/, continue_with: original } }, { write: { text: x, outfile: ~/log.txt } }, delete ] } ]";
    // The first change is the copy, the second one the line in the log.
    let home = run_while_written(rules, "in/a.txt", "in/a.txt", 1).unwrap();
    assert_eq!(home.read("in/a.txt").as_deref(), Some("written meanwhile"));
    assert_eq!(home.read("out/a.txt").as_deref(), Some("a"));
}

#[test]
fn a_folder_into_which_something_came_after_it_was_packed_is_not_deleted() {
    let rules = "rules: [ { locations: ~/in, targets: dirs, actions: [
        { archive: ~/out/ }, { write: { text: x, outfile: ~/log.txt } }, delete ] } ]";
    // The last changes are the line in the log, and the two of the deletion: by then it has been decided.
    let changes =
        (0..).take_while(|at| run_while_written(rules, "in/old/a.txt", "in/old/b.txt", *at).is_some());
    let last = changes.count();
    assert!(last > 4, "the scene has several changes");
    for at in 0..last - 2 {
        let home = run_while_written(rules, "in/old/a.txt", "in/old/b.txt", at).unwrap();
        let packed = home.list("out").contains("zip");
        assert!(packed, "at {at}: {}", home.list(""));
        if at >= 2 {
            let kept = home.read("in/old/b.txt");
            assert_eq!(kept.as_deref(), Some("written meanwhile"), "at {at}");
        }
    }
}

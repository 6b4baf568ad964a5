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
    steps.into_iter().map(|step| (step.state, step.error)).collect()
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
        let fault = Some(Fault::Fails(ErrorKind::PermissionDenied));
        let mut stage = Stage::with(Arc::clone(&home), rules, fault, at);
        stage.run();
        let run = stage.engine.journal().run_count();
        assert_eq!(stage.engine.journal().steps(run).unwrap()[0].state, StepState::Failed);
        assert_eq!(home.list("in"), "a.txt");
    }
}

#[test]
fn what_changed_while_a_slow_step_went_on_is_not_deleted() {
    let archived = "rules: [ { locations: ~/in, targets: dirs, actions: [ { archive: ~/out/ }, delete ] } ]";
    let copied = "rules: [ { locations: ~/in, actions: [ { copy: { dest: ~/out/, continue_with: original } }, delete ] } ]";
    for (rules, file, other) in
        [(archived, "in/old/a.txt", "in/old/new.txt"), (copied, "in/a.txt", "in/a.txt")]
    {
        // Somebody is quicker by one change or another; the last one is the removal.
        for at in 1.. {
            let home = Arc::new(Home::new());
            home.write(file, "a");
            let late = home.path(other);
            let disk = |disk| {
                FaultyDisk::new(disk, None, 0).meanwhile(at, move || {
                    if late.parent().unwrap().exists() {
                        fs::write(&late, "written meanwhile").unwrap();
                    }
                })
            };
            let mut stage = Stage::on(Arc::clone(&home), rules, disk);
            stage.run();
            if stage.disk.changes() <= at {
                assert!(at > 2, "the scene has several changes: {at}");
                break;
            }
            let kept = home
                .tree("")
                .into_keys()
                .any(|path| fs::read(home.path(&path)).is_ok_and(|bytes| bytes == b"written meanwhile"));
            let too_late = home.list("in").is_empty();
            assert!(kept || too_late && at + 2 >= stage.disk.changes(), "{rules} at {at}: {}", home.list(""));
        }
    }
}

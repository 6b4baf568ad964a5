//! Between file systems a move is a copy and a removal, and whatever comes between them loses nothing.

use std::fs;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use usher_engine::{StepState, UndoWhat};
use usher_testkit::{Fault, FaultyDisk, Home, Stage, Thing, Unflushed};

const FILES: &str = "rules: [ { locations: ~/in, actions: [ { move: ~/out/ } ] } ]";
const FOLDERS: &str = "rules: [ { locations: ~/in, targets: dirs, actions: [ { move: ~/out/ } ] } ]";
const TRASH: &str = "rules: [ { locations: ~/in, actions: [ trash ] } ]";

fn states(stage: &Stage, run: i64) -> Vec<(StepState, Option<String>)> {
    let steps = stage.engine.journal().steps(run).unwrap();
    steps.into_iter().map(|step| (step.state, step.error.map(String::from))).collect()
}

fn folders() -> Arc<Home> {
    let home = Arc::new(Home::new());
    home.write("in/tree/a.txt", "a");
    home.write("in/tree/deep/b.txt", "b");
    home.write("in/tree/deep/c.txt", "c");
    home
}

/// How many files anywhere hold this text.
fn copies(home: &Home, text: &str) -> usize {
    let is_it = |thing: &Thing| matches!(thing, Thing::File(bytes, _) if bytes == text.as_bytes());
    home.tree("").values().filter(|thing| is_it(thing)).count()
}

#[test]
fn a_failed_move_leaves_no_copy_behind_however_often_it_is_tried() {
    for (rules, place) in [(FILES, "out"), (TRASH, ".data")] {
        for at in 0.. {
            let home = Arc::new(Home::new());
            home.write("in/a.txt", "the only a");
            let fault = Some(Fault::Fails(ErrorKind::PermissionDenied));
            for _ in 0..2 {
                let mut stage = Stage::apart(Arc::clone(&home), rules, fault, at);
                stage.run();
                if stage.disk.changes() > at {
                    assert_eq!(states(&stage, stage.engine.journal().run_count())[0].0, StepState::Failed);
                }
                assert_eq!(copies(&home, "the only a"), 1, "{rules}, failing at {at}");
            }
            if home.list("in").is_empty() {
                assert!(at > 2, "the scene has several changes");
                break;
            }
            Stage::apart(Arc::clone(&home), rules, None, 0).run();
            assert_eq!(home.list("in"), "", "{rules}, failing at {at}");
            assert_eq!(copies(&home, "the only a"), 1);
            assert!(home.list(place).contains("a.txt") && !home.list(place).contains("a 2"));
        }
    }
}

#[test]
fn a_folder_is_taken_as_a_whole_or_what_is_left_of_it_is_said() {
    for at in 0.. {
        let home = folders();
        let before = home.tree("in");
        let fault = Some(Fault::Fails(ErrorKind::PermissionDenied));
        let mut stage = Stage::apart(Arc::clone(&home), FOLDERS, fault, at);
        stage.run();
        if stage.disk.changes() <= at {
            assert!(at > 8, "the scene has several changes");
            break;
        }
        let (state, error) = states(&stage, 1).remove(0);
        match state {
            StepState::Failed => {
                assert_eq!(home.tree("in"), before, "failing at {at}: as it was");
                assert!(!home.path("out/tree").exists(), "failing at {at}: no copy is left");
            }
            StepState::Done if error.is_none() => assert_eq!(home.list("in"), "", "failing at {at}"),
            StepState::Done => {
                let error = error.unwrap();
                assert!(error.contains("cannot remove what has been copied of"), "{error}");
                assert_eq!(home.read("out/tree/deep/c.txt").as_deref(), Some("c"), "failing at {at}");
                assert!(!stage.trouble("failed_step").is_empty(), "failing at {at}: it is said");
                // What is left there is not carried off piece by piece.
                stage.sweep();
                stage.settle();
                assert!(!home.list("out").contains("tree 2"), "failing at {at}");
                let outcome = stage.engine.undo(&UndoWhat::Run(1), false).unwrap();
                assert!(outcome.refused.is_empty(), "failing at {at}: {:?}", outcome.refused);
                assert_eq!(home.tree("in"), before, "failing at {at}: undone");
                stage.engine.undo(&UndoWhat::LastUndo, false).unwrap();
                assert_eq!(home.read("out/tree/deep/c.txt").as_deref(), Some("c"), "failing at {at}: redone");
            }
            other => panic!("failing at {at}: {other:?} {error:?}"),
        }
    }
}

#[test]
fn what_has_been_put_into_the_rest_of_a_folder_keeps_an_undo_from_setting_it_aside() {
    let mut whole = Stage::apart(folders(), FOLDERS, None, 0);
    whole.run();
    // The last thing that is removed is the folder itself.
    let (home, last) = (folders(), whole.disk.changes() - 1);
    let fault = Some(Fault::Fails(ErrorKind::PermissionDenied));
    let mut stage = Stage::apart(Arc::clone(&home), FOLDERS, fault, last);
    stage.run();
    assert_eq!(states(&stage, 1)[0].0, StepState::Done);
    home.write("in/tree/mine.txt", "mine");
    let refused = stage.engine.undo(&UndoWhat::Run(1), false).unwrap().refused;
    assert!(refused[0].1.contains("is taken by something else"), "{refused:?}");
    assert_eq!(home.read("in/tree/mine.txt").as_deref(), Some("mine"));
}

#[test]
fn a_folder_in_which_a_file_changes_while_the_rest_is_copied_stays_where_it_is_as_a_whole() {
    for file in ["in/tree/a.txt", "in/tree/deep/b.txt", "in/tree/deep/c.txt"] {
        let home = folders();
        home.mkdir("out");
        let changing = home.path(file);
        let changes = move || fs::write(&changing, "longer than before").unwrap();
        // The copy of the folder, of the one in it, and of three files; times and rights of both; then it gets its name.
        let mut stage = Stage::on(Arc::clone(&home), FOLDERS, |disk| {
            FaultyDisk::new(disk, None, 0).apart().meanwhile(7, changes)
        });
        stage.run();
        let (state, error) = states(&stage, 1).remove(0);
        assert_eq!(state, StepState::Failed, "{file}: {error:?}");
        assert!(error.unwrap().contains(&format!("{file} changed while it was being moved")));
        assert_eq!(home.list("in"), "tree/a.txt\ntree/deep/b.txt\ntree/deep/c.txt", "{file}");
        assert_eq!(home.read(file).as_deref(), Some("longer than before"));
        assert_eq!(home.list("out"), "", "{file}: no copy is left");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_lock_that_comes_while_a_folder_is_copied_leaves_it_where_it_is_as_a_whole() {
    let home = folders();
    home.mkdir("out");
    let lock = |how: &str, path: &std::path::Path| {
        let done = std::process::Command::new("chattr").arg(how).arg(path).output();
        done.is_ok_and(|output| output.status.success())
    };
    let locked = home.path("in/tree/deep/b.txt");
    if !lock("+i", &locked) || !lock("-i", &locked) {
        eprintln!("skipped: only root may lock files, and not every file system knows how");
        return;
    }
    let (before, locking) = (home.list("in"), locked.clone());
    // Right before the copy gets its name.
    let mut stage = Stage::on(Arc::clone(&home), FOLDERS, |disk| {
        FaultyDisk::new(disk, None, 0).apart().meanwhile(7, move || assert!(lock("+i", &locking)))
    });
    stage.run();
    assert!(lock("-i", &locked));
    let (state, error) = states(&stage, 1).remove(0);
    assert_eq!(state, StepState::Failed, "{error:?}");
    assert!(error.unwrap().contains("it is locked against being taken away"));
    assert_eq!((home.list("in"), home.list("out")), (before, String::new()));
}

#[test]
fn a_folder_survives_a_kill_or_a_power_cut_at_any_change() {
    for fault in [Fault::KilledBefore, Fault::KilledAfter, Fault::PowerCut] {
        for at in 0.. {
            let home = folders();
            let before = home.tree("in");
            let ended = catch_unwind(AssertUnwindSafe(|| {
                let mut stage = Stage::apart(Arc::clone(&home), FOLDERS, Some(fault), at);
                stage.run();
                stage.disk.changes() <= at
            }));
            if ended.unwrap_or(false) {
                break;
            }
            if fault == Fault::PowerCut {
                home.boot_again();
            }
            let mut stage = Stage::apart(Arc::clone(&home), FOLDERS, None, 0);
            stage.run();
            assert_eq!(
                (home.list("in"), home.list("out")),
                (String::new(), "tree/a.txt\ntree/deep/b.txt\ntree/deep/c.txt".to_owned()),
                "{fault:?} at {at}"
            );
            while stage.engine.undo(&UndoWhat::Last, false).unwrap().run.is_some() {}
            assert_eq!(home.tree("in"), before, "{fault:?} at {at}: {:#?}", stage.journal());
        }
    }
}

#[test]
fn what_has_been_copied_of_a_vanished_original_is_kept_and_named() {
    let home = Arc::new(Home::new());
    home.write("in/a.txt", "a");
    home.write("out/old", "");
    let killed = catch_unwind(AssertUnwindSafe(|| {
        Stage::apart(Arc::clone(&home), FILES, Some(Fault::PowerCut), 0).run()
    }));
    assert!(killed.is_err());
    // Somebody else takes the original away, and all there is now is what has been copied.
    fs::remove_file(home.path("in/a.txt")).unwrap();
    let stage = Stage::apart(Arc::clone(&home), FILES, None, 0);
    let (state, error) = states(&stage, 1).remove(0);
    let (state, error) = (state, error.unwrap());
    assert_eq!(state, StepState::Failed);
    let part =
        home.path("out").join(home.list("out").lines().find(|name| name.contains("usher-part")).unwrap());
    assert!(error.ends_with(&part.display().to_string()), "{error}");
    assert_eq!(fs::read(part).unwrap(), b"a");
    assert!(stage.findings[0].message.contains("usher-part"), "{:?}", stage.findings);
}

#[test]
fn what_went_to_a_place_that_is_not_there_now_counts_as_done_and_says_so() {
    let home = Arc::new(Home::new());
    home.write("in/a.txt", "a");
    // The first change makes the folder, the next ones are the copy and the removal.
    let killed = catch_unwind(AssertUnwindSafe(|| {
        Stage::apart(Arc::clone(&home), FILES, Some(Fault::KilledAfter), 2).run()
    }));
    assert!(killed.is_err());
    fs::rename(home.path("out"), home.path("unplugged")).unwrap();
    let stage = Stage::apart(Arc::clone(&home), FILES, None, 0);
    let (state, error) = states(&stage, 1).remove(0);
    assert_eq!(state, StepState::Done);
    assert!(error.unwrap().contains("is not there now"));
    drop(stage);
    fs::rename(home.path("unplugged"), home.path("out")).unwrap();
    let mut stage = Stage::apart(Arc::clone(&home), FILES, None, 0);
    let outcome = stage.engine.undo(&UndoWhat::Last, false).unwrap();
    assert!(outcome.refused.is_empty(), "{:?}", outcome.refused);
    assert_eq!(home.read("in/a.txt").as_deref(), Some("a"));
}

#[test]
fn a_file_that_somebody_begins_to_write_to_stays_where_it_is() {
    let home = Arc::new(Home::new());
    let path = home.write("in/a.txt", "a");
    let writer = std::sync::Mutex::new(None);
    let disk = |disk| {
        FaultyDisk::new(disk, None, 0).apart().meanwhile(1, move || {
            let file = fs::OpenOptions::new().append(true).open(&path).unwrap();
            *writer.lock().unwrap() = Some(file);
        })
    };
    let mut stage = Stage::on(Arc::clone(&home), FILES, disk);
    stage.run();
    assert_eq!(home.list("in"), "a.txt");
}

#[test]
fn an_original_is_not_removed_after_a_kill_before_its_copy_has_its_name_for_good() {
    let home = Arc::new(Home::new());
    home.write("in/a.txt", "the only a");
    home.write("out/old", "");
    let unflushed = Unflushed::default();
    for (fault, at) in [(Fault::KilledAfter, 0), (Fault::PowerCut, 0)] {
        let killed = catch_unwind(AssertUnwindSafe(|| {
            let disk = |disk| FaultyDisk::new(disk, Some(fault), at).apart().with_unflushed(&unflushed);
            Stage::on(Arc::clone(&home), FILES, disk).run()
        }));
        assert!(killed.is_err(), "{fault:?}");
    }
    home.boot_again();
    let mut stage = Stage::apart(Arc::clone(&home), FILES, None, 0);
    stage.run();
    assert_eq!(home.read("out/a.txt").as_deref(), Some("the only a"), "{}", home.list(""));
}

#[test]
fn a_file_that_changed_before_a_worker_came_to_it_is_looked_at_anew() {
    let home = Arc::new(Home::new());
    let path = home.write("in/a.txt", "a");
    // The first change makes the folder; the copy is left to a worker.
    let disk = |disk| {
        FaultyDisk::new(disk, None, 0).apart().meanwhile(0, move || fs::write(&path, "longer").unwrap())
    };
    let mut stage = Stage::on(Arc::clone(&home), FILES, disk);
    stage.run();
    let (state, error) = states(&stage, 1).remove(0);
    assert_eq!(state, StepState::Failed);
    assert!(error.unwrap().contains("has changed since it was looked at"));
    assert_eq!(home.list(""), home.list("").replace("out", ""), "the folder it made is gone again");
    stage.run();
    assert_eq!(home.read("out/a.txt").as_deref(), Some("longer"));
}

#[test]
fn a_folder_of_which_half_was_removed_when_all_stopped_is_named_and_left_alone() {
    // The moment when the copy is made, and some of the original is gone.
    for at in 0.. {
        let home = folders();
        let killed = catch_unwind(AssertUnwindSafe(|| {
            Stage::apart(Arc::clone(&home), FOLDERS, Some(Fault::KilledAfter), at).run()
        }));
        assert!(killed.is_err(), "there is such a moment");
        if !home.path("out/tree").exists() || home.list("in").lines().count() == 3 {
            continue;
        }
        home.write("in/tree/new.txt", "somebody goes on with it");
        let stage = Stage::apart(Arc::clone(&home), FOLDERS, None, 0);
        let (state, error) = states(&stage, 1).remove(0);
        assert_eq!(state, StepState::Failed);
        assert!(error.unwrap().contains("are both there"));
        assert_eq!(home.read("in/tree/new.txt").as_deref(), Some("somebody goes on with it"));
        assert_eq!(home.list("out").lines().count(), 3, "the copy is whole");
        return;
    }
}

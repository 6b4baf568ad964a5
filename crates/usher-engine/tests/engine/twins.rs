//! A file that has several names in a folder is one file again where the folder is copied to.
#![cfg(unix)]

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use usher_engine::{StepState, UndoWhat};
use usher_testkit::{Fault, FaultyDisk, Home, Stage};

/// Names of one file.
const TWINS: [&str; 3] = ["tree/a", "tree/deep/b", "tree/z"];

fn scene() -> Arc<Home> {
    let home = Arc::new(Home::new());
    let first = home.write("in/tree/a", "one file");
    home.write("in/tree/deep/other", "another file");
    for twin in &TWINS[1..] {
        fs::hard_link(&first, home.path("in").join(twin)).unwrap();
    }
    home.mkdir("stick");
    home
}

fn rules(action: &str) -> String {
    format!("rules: [ {{ locations: ~/in, targets: dirs, actions: [ {action} ] }} ]")
}

/// A stage on which `~/stick` is a drive of its own.
fn stage(home: &Arc<Home>, action: &str, fault: Option<Fault>, at: usize) -> Stage {
    let (point, plugged) = (home.path("stick"), Arc::new(AtomicBool::new(true)));
    Stage::on(Arc::clone(home), &rules(action), |disk| {
        FaultyDisk::new(disk, fault, at).with_drive(point, &plugged)
    })
}

/// How many files the names are of, and how many names those have in all.
fn files(home: &Home, folder: &str) -> (usize, u64) {
    let stats: Vec<_> =
        TWINS.iter().map(|name| fs::metadata(home.path(folder).join(name)).unwrap()).collect();
    let mut inodes: Vec<u64> = stats.iter().map(MetadataExt::ino).collect();
    inodes.sort_unstable();
    inodes.dedup();
    (inodes.len(), stats[0].nlink())
}

#[test]
fn names_of_one_file_stay_together_on_the_way_there_and_back() {
    for action in ["move: ~/stick/", "copy: ~/stick/", "copy: ~/out/"] {
        let home = scene();
        let before = home.tree("in");
        let place = if action.ends_with("stick/") { "stick" } else { "out" };
        let mut stage = stage(&home, &format!("{{ {action} }}"), None, 0);
        stage.run();
        assert_eq!(files(&home, place), (1, 3), "{action}");
        assert_eq!(home.tree(place), before, "{action}: times and bytes");
        let outcome = stage.engine.undo(&UndoWhat::Last, false).unwrap();
        assert!(outcome.refused.is_empty(), "{action}: {outcome:?}");
        assert_eq!((files(&home, "in"), home.tree("in")), ((1, 3), before.clone()), "{action}: undone");
        let outcome = stage.engine.undo(&UndoWhat::LastUndo, false).unwrap();
        assert!(outcome.refused.is_empty(), "{action}: {outcome:?}");
        assert_eq!((files(&home, place), home.tree(place)), ((1, 3), before), "{action}: redone");
    }
}

#[test]
fn a_name_outside_of_the_folder_stays_where_it_is() {
    let home = scene();
    fs::hard_link(home.path("in/tree/a"), home.path("outside")).unwrap();
    let mut stage = stage(&home, "{ move: ~/stick/ }", None, 0);
    stage.run();
    assert_eq!(files(&home, "stick"), (1, 3));
    assert_eq!(fs::metadata(home.path("outside")).unwrap().nlink(), 1);
    stage.engine.undo(&UndoWhat::Last, false).unwrap();
    assert_eq!(files(&home, "in"), (1, 3));
}

#[test]
fn a_file_system_without_second_names_gets_copies() {
    // Which of the changes give a second name is for the disk to tell: each of them fails once.
    let mut without = 0;
    for at in 0.. {
        let home = scene();
        let before = home.tree("in");
        let fault = Some(Fault::Fails(ErrorKind::Unsupported));
        let mut stage = stage(&home, "{ move: ~/stick/ }", fault, at);
        stage.run();
        if stage.disk.changes() <= at {
            break;
        }
        let step = stage.engine.journal().steps(1).unwrap().remove(0);
        if step.state == StepState::Done && step.error.is_none() {
            assert_eq!(home.tree("stick"), before, "failing at {at}");
            without += usize::from(files(&home, "stick").0 > 1);
        }
    }
    assert_eq!(without, 2, "two names are given to the copy of the first");
}

#[test]
fn what_is_written_under_one_name_while_the_folder_is_carried_off_is_not_lost() {
    let (mut written, mut too_late) = (0, 0);
    for at in 0.. {
        let home = scene();
        let (changing, wrote) = (home.path("in/tree/a"), Arc::new(AtomicBool::new(false)));
        let writes = Arc::clone(&wrote);
        let somebody = move || {
            if changing.exists() {
                fs::write(&changing, "longer than before").unwrap();
                writes.store(true, Ordering::SeqCst);
            }
        };
        let (point, plugged) = (home.path("stick"), Arc::new(AtomicBool::new(true)));
        let mut stage = Stage::on(Arc::clone(&home), &rules("{ move: ~/stick/ }"), |disk| {
            FaultyDisk::new(disk, None, 0).with_drive(point, &plugged).meanwhile(at, somebody)
        });
        stage.run();
        if stage.disk.changes() <= at {
            break;
        }
        let read = |name: &str| ["stick", "in"].map(|place| home.read(format!("{place}/{name}")));
        for name in TWINS {
            assert_ne!(read(name), [None, None], "{name}, changed at {at}");
        }
        let kept = read(TWINS[0]).into_iter().flatten().any(|text| text == "longer than before");
        written += usize::from(kept);
        too_late += usize::from(!kept && wrote.load(Ordering::SeqCst));
    }
    assert!(written > 5, "the scene has several changes");
    // Between the last look at a name and its removal nobody can look.
    assert!(too_late <= 1, "{too_late}");
}

//! Somebody else is at work on the same files.

use std::fs;
use std::io::{ErrorKind, Write};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use usher_engine::{Clock, StepState, UndoWhat};
use usher_event::{Beginning, Edge};
use usher_testkit::{Fault, FaultyDisk, Home, Stage};

#[test]
fn what_was_put_aside_can_be_taken_out_again_though_its_seat_was_taken() {
    let rules = "rules: [ { locations: ~/in, actions: [ { write: { text: new, outfile: ~/log.txt, mode: prepend } } ] } ]";
    let home = Arc::new(Home::new());
    home.write("in/a", "a");
    home.write("log.txt", "years of history");
    let log = home.path("log.txt");
    // The first change puts the old log aside, the second one makes the new one.
    let disk = |disk| {
        FaultyDisk::new(disk, None, 0).meanwhile(1, move || {
            fs::write(&log, "somebody else").unwrap();
        })
    };
    let mut stage = Stage::on(Arc::clone(&home), rules, disk);
    stage.run();
    assert_eq!(home.read("log.txt").as_deref(), Some("somebody else"));
    let step = stage.engine.journal().steps(1).unwrap().remove(0);
    assert_eq!(step.state, StepState::Done, "{step:?}");
    assert!(step.error.unwrap().contains("could not be taken back"));
    assert!(!stage.trouble("failed_step").is_empty(), "it is said");
    let refused = stage.engine.undo(&UndoWhat::Last, false).unwrap().refused;
    assert!(refused[0].1.contains("is taken by something else"), "{refused:?}");
    stage.engine.undo(&UndoWhat::Run(1), true).unwrap();
    assert_eq!(home.read("log 2.txt").as_deref(), Some("years of history"));
}

#[test]
fn an_undo_of_a_copied_folder_leaves_what_was_put_into_it_since() {
    let rules = "rules: [ { locations: ~/in, targets: dirs, actions: [ { copy: ~/backup/ } ] } ]";
    let home = Arc::new(Home::new());
    home.write("in/project/a.txt", "a");
    let mut stage = Stage::with(Arc::clone(&home), rules, None, 0);
    stage.run();
    home.write("backup/project/mine.txt", "mine");
    let refused = stage.engine.undo(&UndoWhat::Last, false).unwrap().refused;
    assert!(refused[0].1.contains("something in"), "{refused:?}");
    assert_eq!(home.read("backup/project/mine.txt").as_deref(), Some("mine"));
    fs::remove_file(home.path("backup/project/mine.txt")).unwrap();
    assert!(stage.engine.undo(&UndoWhat::Last, false).unwrap().refused.is_empty());
    assert!(!home.path("backup").exists());
}

#[test]
fn a_line_in_a_log_follows_what_was_really_written_before_it() {
    let rules = "rules: [ { locations: ~/in, actions: [ { move: ~/out/ }, { write: { text: '{path.name}', outfile: ~/log.txt } } ] } ]";
    let home = Arc::new(Home::new());
    home.write("in/a", "a");
    home.write("in/b", "b");
    fs::create_dir(home.path("out")).unwrap();
    // The first file cannot be moved, so its line never comes, and the second one's is not the second line.
    let fault = Some(Fault::Fails(ErrorKind::PermissionDenied));
    let mut stage = Stage::with(Arc::clone(&home), rules, fault, 0);
    let lines = stage.run();
    assert_eq!(home.list("out").lines().count(), 1, "{lines:#?}");
    assert_eq!(home.read("log.txt"), Some(home.list("out") + "\n"), "{lines:#?}");
    while stage.engine.undo(&UndoWhat::Last, false).unwrap().run.is_some() {}
    assert_eq!(home.list("in"), "a\nb");
    assert_eq!(home.read("log.txt"), None);
}

#[test]
fn a_walk_leaves_alone_what_somebody_is_still_at_work_on() {
    let rules = "rules: [ { locations: ~/in, actions: [ { move: ~/out/ } ] } ]";
    let home = Arc::new(Home::new());
    home.write("in/done.txt", "done");
    home.write("in/film.mkv", "half");
    home.write("in/film.mkv.part", "half");
    let mut open = fs::File::create(home.path("in/open.txt")).unwrap();
    open.write_all(b"so far").unwrap();
    let mut stage = Stage::with(Arc::clone(&home), rules, None, 0);
    let sim = stage.sim();
    assert_eq!(stage.run(), sim);
    // Whoever runs a rule by hand may mean what is named like a part; the film itself is what it is a part of.
    assert_eq!(home.list("in"), "film.mkv\nopen.txt");
    drop(open);
    stage.run();
    assert_eq!(home.list("in"), "");
}

#[test]
fn a_rule_that_is_woken_leaves_downloads_alone_that_go_on() {
    let rules = "rules: [ { when: started, locations: ~/in, actions: [ { move: ~/out/ } ] } ]";
    let home = Arc::new(Home::new());
    home.write("in/fresh.part", "");
    home.write("in/given up.part", "");
    let day = Duration::from_secs(24 * 60 * 60);
    let mut stage = Stage::with(Arc::clone(&home), rules, None, 0);
    let now = SystemTime::from(stage.clock.timestamp());
    for (name, age) in [("fresh.part", day / 24), ("given up.part", day * 2)] {
        let file = fs::File::options().append(true).open(home.path("in").join(name)).unwrap();
        file.set_modified(now - age).unwrap();
    }
    stage.engine.wake(&Edge::Started(Beginning::default()));
    stage.settle();
    assert_eq!(home.list("in"), "fresh.part");
}

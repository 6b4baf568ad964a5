//! Promise 5: nothing unfinished is touched.

use std::fs;
use std::io::Write;
use std::time::Duration;

use usher_event::Change;
use usher_testkit::Stage;

const FILE_ALL: &str = "
rules:
  - locations: ~/in
    actions: [ { move: ~/out/ } ]
";

#[test]
fn a_slow_writer_is_waited_for_and_handled_once() {
    let mut stage = Stage::new(FILE_ALL);
    stage.home.mkdir("in");
    let mut file = fs::File::create(stage.home.path("in/slow")).unwrap();
    stage.play("in/slow", Change::Created);
    for _ in 0..20 {
        file.write_all(b"piece ").unwrap();
        stage.clock.advance(Duration::from_secs(2));
        stage.engine.advance().unwrap();
        assert_eq!(stage.home.list("out"), "");
    }
    drop(file);
    stage.play("in/slow", Change::Closed);
    stage.settle();
    assert_eq!(stage.home.list("out"), "slow");
    assert_eq!(stage.journal().len(), 1);
}

#[test]
fn a_writer_that_closes_and_opens_again_is_handled_once() {
    let mut stage = Stage::new(FILE_ALL);
    stage.drop_file("in/twice", "one");
    stage.clock.advance(Duration::from_millis(50));
    stage.engine.advance().unwrap();
    let mut file = fs::OpenOptions::new().append(true).open(stage.home.path("in/twice")).unwrap();
    stage.clock.advance(Duration::from_millis(60));
    stage.engine.advance().unwrap();
    assert_eq!(stage.home.list("out"), "", "it is open again");
    file.write_all(b" two").unwrap();
    drop(file);
    stage.play("in/twice", Change::Closed);
    stage.settle();
    assert_eq!(stage.home.read("out/twice").as_deref(), Some("one two"));
    assert_eq!(stage.journal().len(), 1);
}

#[test]
fn a_download_waits_for_its_partial_sibling_to_go() {
    let mut stage = Stage::new(FILE_ALL);
    stage.drop_file("in/film.mkv.part", "half");
    stage.drop_file("in/film.mkv", "");
    stage.clock.advance(Duration::from_secs(5));
    stage.engine.advance().unwrap();
    assert_eq!(stage.home.list("in"), "film.mkv\nfilm.mkv.part");
    fs::rename(stage.home.path("in/film.mkv.part"), stage.home.path("in/film.mkv")).unwrap();
    stage.play("in/film.mkv.part", Change::Gone);
    stage.play("in/film.mkv", Change::MovedIn);
    stage.settle();
    assert_eq!(stage.home.read("out/film.mkv").as_deref(), Some("half"));
    assert_eq!(stage.journal().len(), 1);
}

#[test]
fn a_file_renamed_into_place_is_handled_at_once() {
    let mut stage = Stage::new(FILE_ALL);
    stage.home.write("in/a", "a");
    stage.play("in/a", Change::MovedIn);
    stage.engine.advance().unwrap();
    assert_eq!(stage.home.list("out"), "a");
}

#[test]
fn settle_zero_acts_at_the_close() {
    let mut stage = Stage::new(&FILE_ALL.replace("  - locations", "  - settle: 0\n    locations"));
    stage.drop_file("in/a", "a");
    assert_eq!(stage.engine.due(), Some(Duration::ZERO));
    stage.engine.advance().unwrap();
    assert_eq!(stage.home.list("out"), "a");
}

#[test]
fn a_sweep_leaves_what_is_being_written() {
    let mut stage = Stage::new(FILE_ALL);
    stage.home.mkdir("in");
    let mut file = fs::File::create(stage.home.path("in/open")).unwrap();
    file.write_all(b"x").unwrap();
    stage.home.write("in/done", "y");
    stage.sweep();
    stage.engine.advance().unwrap();
    assert_eq!(stage.home.list("out"), "done");
    let account = stage.engine.why(&stage.home.path("in/open"));
    assert_eq!(account.waiting.as_deref(), Some("a program has it open for writing"));
    drop(file);
    stage.settle();
    assert_eq!(stage.home.list("out"), "done\nopen");
}

#[test]
fn a_name_that_says_unfinished_is_waited_for_a_day_without_change_and_no_longer() {
    const HOUR: Duration = Duration::from_secs(3600);
    let mut stage = Stage::new(FILE_ALL);
    stage.drop_file("in/setup.tmp", "half");
    stage.home.write("in/found.part", "half");
    stage.sweep();
    stage.pass(20 * HOUR);
    assert_eq!(stage.home.list("in"), "found.part\nsetup.tmp");
    let account = stage.engine.why(&stage.home.path("in/setup.tmp"));
    assert!(account.waiting.is_some_and(|reason| reason.contains("after a day without change")));
    assert!(stage.engine.due().is_some_and(|due| due > HOUR / 2), "nobody looks meanwhile");
    // Somebody has gone on with one of them: its day begins anew.
    let changed = std::time::SystemTime::now() + 21 * HOUR;
    let file = fs::File::options().write(true).open(stage.home.path("in/found.part")).unwrap();
    file.set_modified(changed).unwrap();
    drop(file);
    stage.pass(5 * HOUR);
    assert_eq!(stage.home.list("out"), "setup.tmp");
    assert_eq!(stage.home.list("in"), "found.part");
    stage.pass(24 * HOUR);
    assert_eq!(stage.home.list("out"), "found.part\nsetup.tmp");
}

#[test]
fn an_old_file_of_such_a_name_that_comes_is_taken_at_once() {
    let mut stage = Stage::new(FILE_ALL);
    let path = stage.home.write("in/old.tmp", "whole");
    let long_ago = std::time::SystemTime::now() - Duration::from_secs(25 * 3600);
    fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
    stage.play("in/old.tmp", Change::MovedIn);
    stage.settle();
    assert_eq!(stage.home.list("out"), "old.tmp");
}

const FOLDERS: &str = "rules: [ { locations: ~/in, targets: dirs, actions: [ { move: ~/out/ } ] } ]";

#[test]
fn a_folder_is_left_while_a_program_writes_to_a_file_below_it() {
    let mut stage = Stage::new(FOLDERS);
    stage.home.write("in/film/cover.jpg", "cover");
    stage.home.mkdir("in/film/disc 1");
    let mut file = fs::File::create(stage.home.path("in/film/disc 1/a.mkv")).unwrap();
    file.write_all(b"half").unwrap();
    stage.play("in/film", Change::MovedIn);
    stage.sweep();
    for _ in 0..5 {
        stage.clock.advance(Duration::from_secs(30));
        stage.engine.advance().unwrap();
        assert_eq!(stage.home.list("out"), "");
    }
    let open =
        format!("a program has {} open for writing", stage.home.path("in/film/disc 1/a.mkv").display());
    let account = stage.engine.why(&stage.home.path("in/film"));
    assert_eq!(account.waiting.as_deref(), Some(&*open));
    assert_eq!(stage.run(), stage.sim(), "neither takes it");
    assert_eq!(stage.home.list("out"), "");
    drop(file);
    stage.settle();
    assert_eq!(stage.home.list("out"), "film/cover.jpg\nfilm/disc 1/a.mkv");
}

#[test]
fn a_folder_is_left_while_a_download_goes_on_below_it() {
    for part in ["a.mkv.part", "deep/.a.crdownload"] {
        let part = format!("in/film/{part}");
        let mut stage = Stage::new(FOLDERS);
        stage.home.write(&part, "half");
        stage.play("in/film", Change::MovedIn);
        stage.clock.advance(Duration::from_secs(60));
        stage.engine.advance().unwrap();
        let account = stage.engine.why(&stage.home.path("in/film"));
        assert!(account.waiting.is_some_and(|reason| reason.contains(&part)), "it is named");
        stage.run();
        assert_eq!(stage.home.list("out"), "", "{part}");
        fs::rename(stage.home.path(&part), stage.home.path("in/film/a.mkv")).unwrap();
        stage.settle();
        assert!(stage.home.list("out").contains("film/a.mkv"), "{part}");
    }
}

#[test]
fn a_folder_is_left_while_its_download_lies_beside_it() {
    let mut stage = Stage::new(FOLDERS);
    stage.home.write("in/film/a.mkv", "half");
    stage.home.write("in/film.aria2", "");
    stage.play("in/film", Change::MovedIn);
    stage.engine.advance().unwrap();
    stage.run();
    assert_eq!(stage.home.list("out"), "");
    fs::remove_file(stage.home.path("in/film.aria2")).unwrap();
    stage.settle();
    assert_eq!(stage.home.list("out"), "film/a.mkv");
}

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

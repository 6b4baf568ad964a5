//! Filters that take long are asked beside everything else.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use usher_engine::{Finished, Going, Limits};
use usher_event::{Change, Sentence};
use usher_testkit::{Home, Stage};

/// Large enough for a checksum to take longer than others should wait for; the bytes are a hole.
const LARGE: u64 = 16 * 1024 * 1024;
/// What `md5sum` says of so many zeros.
const SUM: &str = "2c7ab85a893283e98c931e9511add182";

const NAMING: &str = "rules: [ { locations: ~/in, filters: [ hash, extension ], actions: [ { rename: '{hash}.{extension}' } ] } ]";

fn stage(rules: &str) -> (Stage, Receiver<Finished>) {
    Stage::threaded(Arc::new(Home::new()), rules)
}

fn large(stage: &Stage, relative: &str) -> PathBuf {
    let path = stage.home.write(relative, "");
    std::fs::File::options().write(true).open(&path).unwrap().set_len(LARGE).unwrap();
    path
}

/// Lets all that is due be done, for as long as only time is waited for.
fn go_on(stage: &mut Stage) {
    stage.pass(Duration::from_secs(5));
}

/// Hands over what has ended next on a thread.
fn come_back(stage: &mut Stage, ended: &Receiver<Finished>) {
    stage.engine.finish(ended.recv_timeout(Duration::from_secs(60)).unwrap()).unwrap();
}

fn closed(stage: &mut Stage, relative: &str) {
    stage.play(relative, Change::Created);
    stage.play(relative, Change::Closed);
}

#[test]
fn a_large_file_is_read_while_others_are_handled() {
    let (mut stage, ended) = stage(NAMING);
    large(&stage, "in/film.mkv");
    closed(&mut stage, "in/film.mkv");
    stage.drop_file("in/note.txt", "text");
    go_on(&mut stage);
    assert_eq!(stage.home.list("in"), "1cb251ec0d568de6a929b520c4aed8d1.txt\nfilm.mkv");
    assert!(stage.engine.busy());
    let why = stage.engine.why(&stage.home.path("in/film.mkv"));
    assert_eq!(why.waiting.unwrap(), "its filters are being asked, which takes a while");
    come_back(&mut stage, &ended);
    go_on(&mut stage);
    assert_eq!(stage.home.list("in"), format!("1cb251ec0d568de6a929b520c4aed8d1.txt\n{SUM}.mkv"));
    assert!(!stage.engine.busy());
}

#[test]
fn what_a_filter_before_it_turns_away_is_not_read() {
    let rules = NAMING.replace("[ hash, extension ]", "[ extension: txt, hash ]");
    let (mut stage, ended) = stage(&rules);
    large(&stage, "in/film.mkv");
    closed(&mut stage, "in/film.mkv");
    go_on(&mut stage);
    assert!(!stage.engine.busy());
    assert!(ended.try_recv().is_err());
}

/// What a large file is called that becomes a small one while it is read.
fn written_to_meanwhile(rules: &str) -> String {
    let (mut stage, ended) = stage(rules);
    let film = large(&stage, "in/film.mkv");
    closed(&mut stage, "in/film.mkv");
    go_on(&mut stage);
    std::fs::write(&film, "text").unwrap();
    stage.play("in/film.mkv", Change::Closed);
    come_back(&mut stage, &ended);
    go_on(&mut stage);
    stage.home.list("in")
}

#[test]
fn an_answer_about_a_file_that_has_changed_since_is_none() {
    assert_eq!(written_to_meanwhile(NAMING), "1cb251ec0d568de6a929b520c4aed8d1.mkv");
}

#[test]
fn a_new_file_that_is_written_to_meanwhile_is_still_a_new_one() {
    let rules = NAMING.replace("locations: ~/in,", "locations: ~/in, when: { files: created },");
    assert_eq!(written_to_meanwhile(&rules), "1cb251ec0d568de6a929b520c4aed8d1.mkv");
}

#[test]
fn a_file_that_goes_meanwhile_is_nothing_to_tell_of() {
    let (mut stage, ended) = stage(NAMING);
    let film = large(&stage, "in/film.mkv");
    closed(&mut stage, "in/film.mkv");
    go_on(&mut stage);
    std::fs::remove_file(film).unwrap();
    stage.play("in/film.mkv", Change::Gone);
    come_back(&mut stage, &ended);
    go_on(&mut stage);
    assert!(!stage.engine.busy());
    assert_eq!(stage.journal(), [] as [String; 0]);
    assert!(stage.happenings.is_empty(), "{:?}", stage.happenings);
}

#[test]
fn rules_before_and_after_it_have_their_turn_in_order() {
    let rules = "rules:
      - { name: First, locations: ~/in, filters: [ name: { contains: x } ], actions: [ { rename: 'first-{name}.bin' } ] }
      - { name: Second, locations: ~/in, filters: [ hash ], actions: [ { rename: '{hash}.bin' } ] }
      - { name: Third, locations: ~/in, filters: [ not name: { startswith: third }, hash: sha1 ], actions: [ { rename: 'third-{hash}.bin' } ] }";
    let (mut stage, ended) = stage(rules);
    large(&stage, "in/x.bin");
    closed(&mut stage, "in/x.bin");
    for _ in 0..2 {
        go_on(&mut stage);
        come_back(&mut stage, &ended);
    }
    go_on(&mut stage);
    assert!(!stage.engine.busy());
    let steps = stage.journal();
    let sha1 = "3b4417fc421cee30a9ad0fd9319220a8dae32da2";
    let expected = [
        "rename ~/in/x.bin -> ~/in/first-x.bin".to_owned(),
        format!("rename ~/in/first-x.bin -> ~/in/{SUM}.bin"),
        format!("rename ~/in/{SUM}.bin -> ~/in/third-{sha1}.bin"),
    ];
    let done: Vec<String> = steps.iter().map(|step| step.replacen("Done ", "", 1)).collect();
    assert_eq!(done, expected);
}

#[test]
fn code_is_asked_beside_until_it_has_shown_to_be_quick() {
    let rules = "rules: [ { locations: ~/in, filters: [ python: 'return True' ], actions: [ { rename: 'seen-{path.stem}.txt' } ] } ]";
    let (mut stage, ended) = stage(rules);
    for name in ["a", "b", "c", "d", "e"] {
        stage.drop_file(format!("in/{name}.txt"), name);
    }
    // Not a moment longer than until they are asked: the time that it takes is measured.
    stage.pass(Duration::from_millis(100));
    assert_eq!(stage.home.list("in"), "a.txt\nb.txt\nc.txt\nd.txt\ne.txt", "two are asked about, three wait");
    // To the clock of this stage it took no time.
    come_back(&mut stage, &ended);
    come_back(&mut stage, &ended);
    go_on(&mut stage);
    assert!(!stage.engine.busy());
    assert!(ended.try_recv().is_err(), "nobody was asked elsewhere any more");
    assert_eq!(stage.home.list("in"), "seen-a.txt\nseen-b.txt\nseen-c.txt\nseen-d.txt\nseen-e.txt");
}

#[test]
fn a_run_waits_for_its_look_and_nobody_waits_for_the_run() {
    let (mut stage, ended) = stage(NAMING);
    large(&stage, "in/b.mkv");
    stage.home.write("in/a.txt", "text");
    stage.home.write("in/c.txt", "other text");
    let simulated = stage.sim();
    let rules = stage.rules();
    let mut sweep = stage.engine.begin_sweep(&rules, Sentence::foreign("test"), Limits::Ask);
    let mut waited = 0;
    loop {
        match stage.engine.go_on(&mut sweep, &mut |_, _| {}).unwrap() {
            Going::On => {}
            Going::Waits => {
                assert!(stage.engine.waits(&sweep));
                waited += 1;
                stage.drop_file("in/new.log", "text");
                go_on(&mut stage);
                assert!(stage.home.list("in").contains("1cb251ec0d568de6a929b520c4aed8d1.log"));
                come_back(&mut stage, &ended);
            }
            Going::Asks(id) => panic!("{id}"),
            Going::Over => break,
        }
    }
    let report = stage.engine.end_sweep(sweep).unwrap();
    assert_eq!(waited, 1);
    assert_eq!(report.lines.iter().map(|line| line.text.to_string()).collect::<Vec<_>>(), simulated);
    assert!(stage.home.path(format!("in/{SUM}.mkv")).exists());
}

#[test]
fn a_run_that_is_stopped_while_it_looks_leaves_nothing_behind() {
    let (mut stage, ended) = stage(NAMING);
    large(&stage, "in/b.mkv");
    let rules = stage.rules();
    let mut sweep = stage.engine.begin_sweep(&rules, Sentence::foreign("test"), Limits::Ask);
    while stage.engine.go_on(&mut sweep, &mut |_, _| {}).unwrap() != Going::Waits {}
    stage.engine.end_sweep(sweep).unwrap();
    come_back(&mut stage, &ended);
    assert!(!stage.engine.busy());
    assert_eq!(stage.home.list("in"), "b.mkv");
}

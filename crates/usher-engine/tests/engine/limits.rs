//! A rule with a `limit` asks before it goes beyond it.

use usher_engine::Happening;
use usher_testkit::Stage;

const TIDY: &str = "rules:
  - { name: Tidy, locations: ~/in, filters: [not extension: keep], actions: [move: ~/out/], limit: 2 }
  - { name: Log, locations: ~/in, actions: [echo: '{path.name}'] }\n";

fn moved(stage: &Stage) -> usize {
    stage.home.tree("out").len()
}

fn drop_files(stage: &mut Stage, names: std::ops::Range<u32>) {
    for name in names {
        stage.drop_file(format!("in/{name}"), name.to_string());
    }
    stage.settle();
}

#[test]
fn files_beyond_the_limit_wait_for_a_yes() {
    let mut stage = Stage::new(TIDY);
    drop_files(&mut stage, 0..5);
    assert_eq!(moved(&stage), 2);
    assert!(stage.journal().iter().all(|line| !line.contains("echo")), "no later rule takes them meanwhile");
    let questions = stage.engine.questions();
    assert_eq!(questions[0].text, "Tidy has acted on 2 and wants to act on 3 more files. Let it?");
    assert_eq!(stage.happenings.iter().filter(|told| matches!(told, Happening::Asked(_))).count(), 1);
    let held = questions[0].path.clone().unwrap();
    assert!(stage.engine.why(&held).waiting.unwrap().contains("asks first"));
    assert!(stage.engine.answer(questions[0].id, true).unwrap().is_some());
    stage.settle();
    assert_eq!(moved(&stage), 5);
    assert_eq!(stage.engine.questions(), []);
    assert!(stage.engine.answer(questions[0].id, true).unwrap().is_none(), "it is answered");
}

#[test]
fn a_no_leaves_those_files_alone_also_after_a_restart() {
    let mut stage = Stage::new(TIDY);
    drop_files(&mut stage, 0..4);
    let id = stage.engine.questions()[0].id;
    stage.engine.answer(id, false).unwrap();
    stage.settle();
    assert_eq!(moved(&stage), 2);
    let mut stage = stage.restart();
    stage.sweep();
    stage.settle();
    assert_eq!(moved(&stage), 2);
    assert_eq!(stage.engine.questions(), []);
}

#[test]
fn what_nobody_has_answered_is_asked_again_after_a_restart() {
    let mut stage = Stage::new(TIDY);
    drop_files(&mut stage, 0..6);
    assert_eq!(moved(&stage), 2);
    let mut stage = stage.restart();
    stage.sweep();
    stage.settle();
    assert_eq!(moved(&stage), 2, "a restart is no answer");
    let id = stage.engine.questions()[0].id;
    assert!(stage.engine.answer(id, true).unwrap().is_some());
    stage.settle();
    assert_eq!(moved(&stage), 6);
    assert_eq!(stage.engine.at_their_limit().len(), 0);
}

#[test]
fn a_rule_without_its_limit_goes_on() {
    let mut stage = Stage::new(TIDY);
    drop_files(&mut stage, 0..5);
    stage.set_rules(&TIDY.replace(", limit: 2", ""));
    stage.settle();
    assert_eq!(moved(&stage), 5);
    assert_eq!(stage.engine.questions(), []);
}

#[test]
fn a_run_that_was_asked_for_stops_at_the_limit_too_and_its_simulation_says_so() {
    let mut stage = Stage::new(&TIDY.lines().take(2).collect::<Vec<_>>().join("\n"));
    for name in 0..5 {
        stage.home.write(format!("in/{name}"), "x");
    }
    let sim = stage.sim();
    assert_eq!(sim.last().unwrap(), "limit: Tidy asks before it acts on 3 more than 2");
    assert_eq!(stage.run(), sim);
    assert_eq!(moved(&stage), 2);
    let id = stage.engine.questions()[0].id;
    let report = stage.engine.answer(id, true).unwrap().unwrap();
    assert_eq!((report.done, report.lines.len()), (3, 3));
    assert_eq!(moved(&stage), 5);
}

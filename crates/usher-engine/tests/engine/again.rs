//! Acting again on the same file, or not: `repeat`, `cooldown` and `stop`.

use std::time::Duration;

use usher_event::Change;
use usher_testkit::Stage;

fn stage(options: &str) -> Stage {
    Stage::new(&format!(
        "rules:\n  - locations: ~/in\n    {options}\n    actions:\n      - echo: '{{path.name}}'\n"
    ))
}

fn echoes(stage: &Stage) -> usize {
    stage.journal().iter().filter(|line| line.contains("echo")).count()
}

/// Changes the file's content and lets the rule see it.
fn change(stage: &mut Stage, text: &str) {
    stage.drop_file("in/a", text);
    stage.settle();
}

#[test]
fn once_per_version_is_the_default() {
    let mut stage = stage("settle: 0");
    change(&mut stage, "one");
    assert_eq!(echoes(&stage), 1);
    stage.play("in/a", Change::Closed);
    stage.settle();
    assert_eq!(echoes(&stage), 1, "nothing has changed");
    change(&mut stage, "second");
    assert_eq!(echoes(&stage), 2);
}

#[test]
fn once_is_once_whatever_becomes_of_the_file() {
    let mut stage = stage("repeat: once");
    change(&mut stage, "one");
    change(&mut stage, "second");
    std::fs::remove_file(stage.home.path("in/a")).unwrap();
    change(&mut stage, "another file at the same place");
    assert_eq!(echoes(&stage), 1);
}

#[test]
fn every_change_counts_even_one_that_leaves_no_trace() {
    let mut stage = stage("repeat: every_change");
    change(&mut stage, "one");
    assert_eq!(echoes(&stage), 1);
    stage.clock.advance(Duration::from_secs(10));
    stage.play("in/a", Change::Closed);
    stage.settle();
    assert_eq!(echoes(&stage), 2);
    stage.sweep();
    assert_eq!(echoes(&stage), 2, "looking through the folders is no change");
}

#[test]
fn a_rule_that_cools_down_looks_again_when_the_time_is_over() {
    let mut stage = stage("cooldown: 10m");
    change(&mut stage, "one");
    stage.drop_file("in/a", "second");
    stage.clock.advance(Duration::from_secs(60));
    stage.engine.advance().unwrap();
    assert_eq!(echoes(&stage), 1);
    let due = stage.engine.due().unwrap();
    assert!((Duration::from_secs(500)..=Duration::from_secs(600)).contains(&due), "{due:?}");
    stage.clock.advance(due);
    stage.engine.advance().unwrap();
    assert_eq!(echoes(&stage), 2);
    assert_eq!(stage.engine.due(), None, "nothing is left to do");
}

#[test]
fn stop_keeps_a_file_from_later_rules_and_only_from_those() {
    let rules = "rules:
  - { locations: ~/in, filters: [extension: txt], actions: [echo: first], stop: yes }
  - { locations: ~/in, actions: [echo: second] }\n";
    let mut live = Stage::new(rules);
    for name in ["in/a.txt", "in/b.pdf"] {
        live.drop_file(name, "x");
    }
    live.settle();
    let said = |lines: &[String], word: &str| lines.iter().filter(|line| line.contains(word)).count();
    let journal = live.journal();
    assert_eq!((said(&journal, "first"), said(&journal, "second")), (1, 1), "{journal:?}");
    let mut swept = Stage::new(rules);
    swept.home.write("in/a.txt", "x");
    swept.home.write("in/b.pdf", "x");
    let sim = swept.sim();
    assert_eq!((said(&sim, "first"), said(&sim, "second")), (1, 1), "{sim:?}");
    assert_eq!(swept.run(), sim);
}

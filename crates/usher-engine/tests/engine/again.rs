//! Acting again on the same file, or not, or later: `repeat`, `cooldown`, `stop`, and filters that ask how old a file is.

use std::time::Duration;

use usher_engine::Verdict;
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

/// A rule that keeps small files to itself, with these `options`, and one that takes away all others.
fn keeping(options: &str) -> Stage {
    Stage::new(&format!(
        "rules:
  - {{ name: Keep, locations: ~/in, filters: [size: '< 10b'], actions: [echo: kept], stop: yes{options} }}
  - {{ name: Wipe, locations: ~/in, actions: [move: ~/out/] }}\n"
    ))
}

#[test]
fn what_a_rule_with_stop_has_had_stays_its_own_after_a_restart() {
    let mut stage = keeping("");
    let path = stage.drop_file("in/a", "small");
    stage.drop_file("in/b", "larger than that");
    stage.settle();
    assert_eq!((stage.home.list("in"), stage.home.list("out")), ("a".to_owned(), "b".to_owned()));
    let mut stage = stage.restart();
    stage.sweep();
    stage.settle();
    let rules = stage.rules();
    stage.engine.set_rules(rules);
    stage.sweep();
    stage.play("in/a", Change::Closed);
    stage.settle();
    assert_eq!(stage.home.list("in"), "a", "{:?}", stage.journal());
    assert_eq!(echoes(&stage), 1);
    let verdicts = |stage: &Stage| {
        let rules = stage.engine.why(&path).rules;
        rules.into_iter().map(|view| (view.verdict, view.would.len())).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&stage), [(Verdict::AlreadyHandled, 1), (Verdict::Stopped, 0)]);
    let sim = stage.sim();
    assert_eq!(sim.len(), 1, "{sim:?}");
    assert!(sim[0].starts_with("echo"), "{sim:?}");
    // What it does not match any more is no longer its own.
    change(&mut stage, "larger by now");
    assert_eq!(stage.home.list("in"), "", "{:?}", stage.journal());
}

#[test]
fn why_says_which_rule_keeps_a_file_from_those_below() {
    let mut stage = keeping("");
    let (small, large) = (stage.home.write("in/a", "small"), stage.home.write("in/b", "larger than that"));
    let views = stage.engine.why(&small).rules;
    assert_eq!((views[0].verdict, views[1].verdict), (Verdict::Matches, Verdict::Stopped));
    assert_eq!(views[1].summary, "it would look at the file, but `Keep` above it matches and says `stop`");
    let views = stage.engine.why(&large).rules;
    assert_eq!((views[0].verdict, views[1].verdict), (Verdict::FilteredOut, Verdict::Matches));
    stage.sweep();
    stage.settle();
    assert_eq!(stage.home.list("in"), "a");
}

#[test]
fn a_rule_with_stop_keeps_what_it_leaves_alone_for_a_while_or_did_see_as_a_new_file() {
    for options in [", cooldown: 10m", ", repeat: once", ", when: {files: created}"] {
        let mut stage = keeping(options);
        change(&mut stage, "one");
        stage.home.write("in/a", "other");
        stage.play("in/a", Change::Closed);
        stage.clock.advance(Duration::from_secs(60));
        stage.engine.advance().unwrap();
        assert_eq!((echoes(&stage), stage.home.list("in")), (1, "a".to_owned()), "{options}");
    }
}

const OLD: &str = "rules:
  - { locations: ~/in, filters: [extension: log, lastmodified: {days: 30}], actions: [trash] }\n";

#[test]
fn a_file_is_handled_when_it_becomes_old_and_nothing_is_done_before() {
    let mut stage = Stage::new(OLD);
    stage.drop_file("in/a.log", "x");
    stage.drop_file("in/b.txt", "x");
    let mut slept = Duration::ZERO;
    let mut wakes = 0;
    stage.engine.advance().unwrap();
    while stage.home.path("in/a.log").exists() {
        let due = stage.engine.due().expect("it waits for the file to become old");
        stage.clock.advance(due);
        stage.engine.advance().unwrap();
        slept += due;
        wakes += 1;
        assert!(slept < Duration::from_secs(32 * 86_400), "it never wakes");
    }
    assert!(slept > Duration::from_secs(29 * 86_400), "{slept:?}");
    assert!(wakes < 800, "{wakes}: it looks at the clock once an hour at most");
    assert_eq!(stage.engine.due(), None, "nothing waits any more");
}

#[test]
fn a_file_that_was_waiting_is_found_again_after_a_restart_and_forgotten_when_it_goes() {
    let mut stage = Stage::new(OLD);
    stage.drop_file("in/a.log", "x");
    stage.clock.advance(Duration::from_secs(5));
    stage.engine.advance().unwrap();
    let mut stage = stage.restart();
    assert_eq!(stage.engine.due(), None);
    stage.sweep();
    stage.engine.advance().unwrap();
    assert!(stage.engine.due().is_some());
    std::fs::remove_file(stage.home.path("in/a.log")).unwrap();
    stage.play("in/a.log", Change::Gone);
    assert_eq!(stage.engine.due(), None);
}

#[test]
fn a_rule_waits_for_the_age_of_a_file_that_another_rule_has_acted_on_before() {
    let rules = "
rules:
  - locations: ~/in
    actions: [ { copy: ~/also/ } ]
  - locations: ~/in
    filters: [ { lastmodified: { days: 2 } } ]
    actions: [ { move: ~/old/ } ]
";
    let mut stage = Stage::new(rules);
    stage.drop_file("in/a", "a");
    stage.pass(Duration::from_secs(2));
    assert_eq!((stage.home.list("also"), stage.home.list("old")), ("a".into(), String::new()));
    stage.pass(Duration::from_secs(3 * 24 * 60 * 60));
    assert_eq!(stage.home.list("old"), "a");
}

#[test]
fn a_file_that_was_copied_is_still_looked_at_by_the_rules_after_that_one() {
    let rules = "
rules:
  - locations: ~/in
    actions: [ { copy: ~/also/ } ]
  - locations: ~/in
    actions: [ { move: ~/out/ } ]
";
    let mut stage = Stage::new(rules);
    stage.drop_file("in/a", "a");
    stage.settle();
    assert_eq!(
        (stage.home.list("also"), stage.home.list("out")),
        ("a".into(), "a".into()),
        "{:#?}",
        stage.journal()
    );
    assert_eq!(stage.home.list("in"), "");
}

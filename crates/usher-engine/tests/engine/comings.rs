//! Rules that wait for new files only, or for files to go.

use std::time::Duration;

use usher_event::Change;
use usher_testkit::Stage;

/// One that says the name of what it was woken for.
fn stage(when: &str, more: &str) -> Stage {
    Stage::new(&format!(
        "rules:\n  - when: {{ files: {when} }}\n    locations: ~/in\n    {more}\n    actions:\n      - echo: '{{path.name}}'\n"
    ))
}

fn echoes(stage: &Stage) -> usize {
    stage.journal().iter().filter(|line| line.contains("echo")).count()
}

/// Writes a file that is there, as a program does that opens and closes it.
fn rewrite(stage: &mut Stage, text: &str) {
    stage.home.write("in/a.txt", text);
    stage.play("in/a.txt", Change::Closed);
    stage.settle();
}

fn remove(stage: &mut Stage, file: &str) {
    std::fs::remove_file(stage.home.path(file)).unwrap();
    stage.play(file, Change::Gone);
}

#[test]
fn a_new_file_counts_once_until_it_is_gone_and_another_one_comes() {
    let mut stage = stage("created", "");
    stage.drop_file("in/a.txt", "one");
    stage.settle();
    assert_eq!(echoes(&stage), 1);
    rewrite(&mut stage, "a change");
    assert_eq!(echoes(&stage), 1, "it was there before");
    // Saved as many editors do it: the new one is put in the old one's place.
    stage.home.write("in/a.txt", "another change");
    stage.play("in/a.txt", Change::MovedIn);
    stage.settle();
    assert_eq!(echoes(&stage), 1, "a file was there before");
    remove(&mut stage, "in/a.txt");
    stage.drop_file("in/a.txt", "saved by a program that takes the old one away first");
    stage.settle();
    assert_eq!(echoes(&stage), 1, "it was away for no time at all");
    remove(&mut stage, "in/a.txt");
    stage.settle();
    stage.drop_file("in/a.txt", "a new one");
    stage.settle();
    assert_eq!(echoes(&stage), 2);
    rewrite(&mut stage, "a change of the new one");
    assert_eq!(echoes(&stage), 2);
}

#[test]
fn a_file_that_only_changes_is_no_new_one_even_if_it_begins_to_match() {
    let mut stage = stage("created", "filters: [size: '> 10b']");
    stage.drop_file("in/a.txt", "short");
    stage.settle();
    rewrite(&mut stage, "long enough to match");
    assert_eq!(echoes(&stage), 0);
}

#[test]
fn what_came_while_nobody_looked_is_new_and_what_was_acted_on_is_not() {
    let mut stage = stage("created", "");
    stage.home.write("in/a.txt", "one");
    stage.sweep();
    stage.settle();
    assert_eq!(echoes(&stage), 1);
    let mut stage = stage.restart();
    stage.home.write("in/a.txt", "changed meanwhile");
    stage.home.write("in/b.txt", "came meanwhile");
    stage.sweep();
    stage.settle();
    assert_eq!(echoes(&stage), 2);
}

#[test]
fn what_has_gone_is_said_by_its_name_and_is_a_run() {
    let mut stage = stage("gone", "filters: [extension: txt]");
    for name in ["in/a.txt", "in/b.pdf", "elsewhere/c.txt"] {
        stage.drop_file(name, "x");
    }
    stage.settle();
    stage.sweep();
    stage.settle();
    assert_eq!(stage.journal(), [""; 0], "nothing has gone");
    for name in ["in/a.txt", "in/b.pdf", "elsewhere/c.txt"] {
        remove(&mut stage, name);
    }
    stage.settle();
    assert_eq!(echoes(&stage), 1);
    let run = stage.engine.journal().run(1).unwrap().unwrap();
    assert_eq!(run.cause, *format!("{} has gone", stage.home.path("in/a.txt").display()));
    stage.pass(Duration::from_secs(60));
    assert_eq!(echoes(&stage), 1);
}

#[test]
fn what_comes_back_at_once_has_not_gone() {
    let mut stage = stage("gone", "");
    stage.drop_file("in/a.txt", "x");
    stage.settle();
    remove(&mut stage, "in/a.txt");
    stage.drop_file("in/a.txt", "saved anew");
    stage.settle();
    assert_eq!(stage.journal(), [""; 0]);
    // Twice within the time it takes is once.
    remove(&mut stage, "in/a.txt");
    stage.clock.advance(Duration::from_millis(500));
    stage.drop_file("in/a.txt", "saved anew");
    remove(&mut stage, "in/a.txt");
    stage.settle();
    assert_eq!(echoes(&stage), 1);
}

#[test]
fn one_rule_may_wait_for_both() {
    let mut stage = stage("[created, gone]", "");
    stage.drop_file("in/a.txt", "x");
    stage.settle();
    remove(&mut stage, "in/a.txt");
    stage.settle();
    assert_eq!(echoes(&stage), 2);
}

#[test]
fn many_that_go_together_are_few_runs() {
    let rules = "
rules:
  - when: { files: gone }
    locations: ~/in
    actions:
      - write: { text: '{path.name}', outfile: ~/gone.txt }
";
    let mut stage = Stage::new(rules);
    for number in 0..300 {
        stage.home.write(format!("in/{number}"), "x");
    }
    for number in 0..300 {
        remove(&mut stage, &format!("in/{number}"));
    }
    stage.settle();
    let told = stage.home.read("gone.txt").unwrap();
    assert!(told.lines().eq((0..300).map(|number| number.to_string())), "{told}");
    assert_eq!(stage.engine.journal().run_count(), 2);
}

#[test]
fn why_says_that_a_mere_change_is_ignored() {
    let mut stage = stage("created", "filters: [size: '> 10b']");
    let told = |stage: &Stage| {
        let view = stage.engine.why(&stage.home.path("in/a.txt")).rules.remove(0);
        format!("{} | {}", view.summary, view.again.as_deref().unwrap_or_default())
    };
    stage.drop_file("in/a.txt", "short");
    stage.settle();
    let filtered = told(&stage);
    assert!(filtered.starts_with("turned away by size"), "{filtered}");
    assert!(
        filtered.ends_with(" | it looks at new files only, and ignores changes of this one"),
        "{filtered}"
    );
    rewrite(&mut stage, "long enough to match");
    assert_eq!(told(&stage), "it would act on it as a new file, and ignores changes of it | ");
    remove(&mut stage, "in/a.txt");
    stage.settle();
    stage.drop_file("in/a.txt", "long enough to match");
    stage.settle();
    assert_eq!(echoes(&stage), 1);
    let ignored = "it has acted on this file, and ignores changes of it | it will act again when the file goes and a new \
                   one comes";
    assert_eq!(told(&stage), ignored);
    rewrite(&mut stage, "another text that is long enough to match");
    assert_eq!((echoes(&stage), told(&stage)), (1, ignored.to_owned()));
    remove(&mut stage, "in/a.txt");
    stage.settle();
    stage.home.write("in/a.txt", "long enough to match");
    assert_eq!(told(&stage), "it would act on it as a new file, and ignores changes of it | ");
}

//! Keeping the journal and the vault within what the user wants.

use std::time::Duration;

use usher_engine::{Clock, Forgotten, Keeping, UndoWhat};
use usher_testkit::Stage;

const DAY: Duration = Duration::from_secs(86_400);

const REPLACING: &str =
    "rules:\n  - locations: ~/in\n    actions: [ { move: { dest: ~/out/, on_conflict: overwrite } } ]\n";

/// One run a day, each of which puts a file into the vault: `0`, `11`, `222`, ...
fn days(stage: &mut Stage, days: usize) {
    for day in 0..days {
        stage.home.write(format!("out/{day}"), day.to_string().repeat(day + 1));
        stage.drop_file(format!("in/{day}"), "new");
        stage.settle();
        stage.clock.advance(DAY);
    }
}

fn vault(stage: &Stage) -> usize {
    stage.home.tree(".state/vault").len()
}

/// What ended in the last so many and a half days.
fn since(stage: &Stage, days: i64) -> Keeping {
    let since = stage.clock.timestamp() - jiff::SignedDuration::from_hours(24 * days + 12);
    Keeping { since: Some(since), vault: None }
}

#[test]
fn old_runs_go_with_what_they_had_put_by_and_newer_ones_can_be_taken_back() {
    let mut stage = Stage::new(REPLACING);
    days(&mut stage, 5);
    assert_eq!(vault(&stage), 5);
    let keeping = since(&stage, 3);
    let would = stage.engine.would_give_up(keeping).unwrap();
    assert_eq!(would, Forgotten { runs: 2, steps: 2, kept_things: 2, bytes: 1 + 2 });
    assert_eq!((stage.journal().len(), vault(&stage)), (5, 5), "looking changes nothing");
    assert_eq!(stage.engine.give_up(keeping).unwrap(), would);
    assert_eq!((stage.journal().len(), vault(&stage)), (3, 3));
    assert_eq!(stage.engine.give_up(keeping).unwrap(), Forgotten::default());
    let outcome = stage.engine.undo(&UndoWhat::Last, false).unwrap();
    assert!(outcome.refused.is_empty());
    assert_eq!(stage.home.read("out/4").as_deref(), Some("44444"));
    assert_eq!(stage.home.read("out/0").as_deref(), Some("new"), "the files themselves stay as they are");
}

#[test]
fn what_the_journal_has_lost_is_not_given_up_as_if_it_had_been_forgotten() {
    let mut stage = Stage::new(REPLACING);
    days(&mut stage, 5);
    // As after a power cut: the bytes are in the vault, and the step that put them there is on no record.
    let lost = stage.home.path(".state/vault").read_dir().unwrap().next().unwrap().unwrap().path();
    let name = lost.file_name().unwrap().to_str().unwrap();
    let epoch = name.split('-').next().unwrap();
    stage.home.write(format!(".state/vault/{epoch}-99-0"), "the only copy");
    stage.engine.give_up(since(&stage, 3)).unwrap();
    assert_eq!(stage.home.read(format!(".state/vault/{epoch}-99-0")).as_deref(), Some("the only copy"));
}

#[test]
fn numbers_are_never_given_twice() {
    let mut stage = Stage::new(REPLACING);
    days(&mut stage, 3);
    stage.engine.give_up(since(&stage, -9)).unwrap();
    assert_eq!(stage.journal().len(), 1, "the newest stays");
    let mut stage = stage.restart();
    stage.drop_file("in/again", "x");
    stage.settle();
    assert_eq!(stage.engine.journal().run_count(), 4);
    let steps = stage.engine.journal().steps(4).unwrap();
    assert_eq!(steps[0].id, 4);
}

#[test]
fn what_a_redo_has_put_by_stays_with_the_redo() {
    let mut stage = Stage::new(REPLACING);
    days(&mut stage, 1);
    stage.clock.advance(5 * DAY);
    stage.engine.undo(&UndoWhat::Last, false).unwrap();
    stage.engine.undo(&UndoWhat::LastUndo, false).unwrap();
    assert_eq!(vault(&stage), 1);
    let forgotten = stage.engine.give_up(since(&stage, 3)).unwrap();
    assert_eq!((forgotten.runs, forgotten.kept_things), (1, 0));
    assert_eq!(vault(&stage), 1);
    let outcome = stage.engine.undo(&UndoWhat::Run(3), false).unwrap();
    assert!(outcome.refused.is_empty(), "{:?}", outcome.refused);
    assert_eq!(stage.home.read("out/0").as_deref(), Some("0"));
}

#[test]
fn a_vault_that_is_too_large_gives_up_the_oldest_and_undo_says_so() {
    let mut stage = Stage::new(REPLACING);
    days(&mut stage, 4);
    let space = stage.engine.space().unwrap();
    assert_eq!(space.vault, 1 + 2 + 3 + 4);
    assert!(space.journal > 0);
    let keeping = Keeping { since: None, vault: Some(7) };
    let would = stage.engine.would_give_up(keeping).unwrap();
    assert_eq!(would, Forgotten { runs: 0, steps: 0, kept_things: 2, bytes: 3 });
    assert_eq!(stage.engine.give_up(keeping).unwrap(), would);
    stage.engine.shrink().unwrap();
    assert_eq!((stage.journal().len(), vault(&stage)), (4, 2));
    let refused = stage.engine.undo(&UndoWhat::Run(1), false).unwrap().refused;
    assert_eq!(refused[0].1, "what it replaced is not kept any more");
    assert_eq!(stage.home.read("out/0").as_deref(), Some("new"));
    assert!(stage.engine.undo(&UndoWhat::Run(4), false).unwrap().refused.is_empty());
}

#[test]
fn a_chart_counts_what_stands_by_day_and_rule() {
    let mut stage = Stage::new(REPLACING);
    let begin = stage.clock.timestamp();
    days(&mut stage, 3);
    stage.engine.undo(&UndoWhat::Run(2), false).unwrap();
    let days: Vec<_> = (0..=3).map(|day| begin + jiff::SignedDuration::from_hours(24 * day)).collect();
    let counts = stage.engine.journal().counts_between(&days).unwrap();
    assert_eq!(counts.rules.len(), 1);
    assert_eq!((&counts.files[..], &counts.rules[0].steps[..]), (&[1, 0, 1][..], &[1, 0, 1][..]));
    assert_eq!(stage.engine.journal().counts_between(&days[2..]).unwrap().rules[0].steps, [1]);
    assert!(stage.engine.journal().counts_between(&[]).unwrap().rules.is_empty());
}

const IN_STEPS: &str = r#"
rules:
  - name: In
    locations: ~/in
    filters: [ name ]
    actions: [ { rename: "filed {name}" }, { move: ~/out/ }, { copy: ~/copies/ } ]
  - name: Out
    locations: ~/out
    actions: [ { move: ~/done/ } ]
"#;

#[test]
fn a_file_counts_once_however_many_steps_and_rules_act_on_it() {
    let mut stage = Stage::new(IN_STEPS);
    let begin = stage.clock.timestamp();
    for name in ["a", "b"] {
        stage.drop_file(format!("in/{name}"), "new");
        stage.settle();
    }
    // Another file of a name that there was.
    stage.drop_file("in/a", "newer");
    stage.settle();
    let journal = stage.engine.journal();
    let counts = journal.counts_between(&[begin, begin + jiff::SignedDuration::from_hours(24)]).unwrap();
    let rules: Vec<_> =
        counts.rules.iter().map(|rule| (&*rule.title, rule.steps[0], rule.files[0])).collect();
    assert_eq!(rules, [("In", 9, 3), ("Out", 3, 3)]);
    assert_eq!(counts.files, [3]);
}

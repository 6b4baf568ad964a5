//! While files keep coming, what was done with them is entered into the journal later, and nothing of it is forgotten.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use usher_engine::{LogFilter, StepState, UndoWhat};
use usher_event::Change;
use usher_testkit::{Fault, Home, Stage};

const RULES: &str = "
rules:
  - name: Carry on
    locations: ~/in
    settle: 0
    filters: [ extension: txt ]
    actions: [ { move: ~/mid/ } ]
  - name: Keep
    locations: ~/mid
    settle: 0
    actions: [ { copy: ~/kept/ } ]
";

const FILES: usize = 5;

/// Files come one after the other, each as soon as the one before is dealt with.
fn burst(stage: &mut Stage) {
    for nr in 0..FILES {
        stage.drop_file(format!("in/{nr}.txt"), format!("text {nr}"));
        stage.engine.advance_ahead().unwrap();
    }
}

fn steps(stage: &Stage) -> Vec<StepState> {
    let journal = stage.engine.journal();
    let runs = journal.runs(&LogFilter::default()).unwrap();
    runs.iter().flat_map(|run| journal.steps(run.id).unwrap()).map(|step| step.state).collect()
}

#[test]
fn what_comes_alone_is_in_the_journal_at_once_and_a_burst_when_it_pauses() {
    let mut stage = Stage::new(RULES);
    let drop = |stage: &mut Stage, name: &str| {
        stage.drop_file(name, "text");
        stage.engine.advance_ahead().unwrap();
    };
    drop(&mut stage, "in/a.txt");
    assert!(!stage.engine.is_ahead());
    assert_eq!(steps(&stage).len(), 2);
    drop(&mut stage, "in/b.txt");
    drop(&mut stage, "in/c.txt");
    assert_eq!(stage.home.list("mid"), "a.txt\nb.txt\nc.txt", "they are in their places all the same");
    assert!(stage.engine.is_ahead());
    assert_eq!(steps(&stage).len(), 2);
    stage.clock.advance(stage.engine.due().unwrap());
    stage.engine.advance_ahead().unwrap();
    assert!(!stage.engine.is_ahead());
    assert_eq!(steps(&stage), [StepState::Done; 6]);
    stage.clock.advance(Duration::from_secs(1));
    drop(&mut stage, "in/d.txt");
    assert!(!stage.engine.is_ahead());
    drop(&mut stage, "in/e.txt");
    stage.engine.catch_up().unwrap();
    assert_eq!(steps(&stage), [StepState::Done; 10]);
}

#[test]
fn a_stream_without_an_end_is_entered_now_and_then() {
    let mut stage = Stage::new(RULES);
    let mut longest = 0;
    for nr in 0..400 {
        stage.drop_file(format!("in/{nr}.txt"), "text");
        stage.engine.advance_ahead().unwrap();
        stage.clock.advance(Duration::from_millis(1));
        longest = longest.max(nr + 1 - steps(&stage).len() / 2);
    }
    assert!((100..300).contains(&longest), "{longest}");
}

#[test]
fn no_rule_acts_twice_on_what_it_has_just_done() {
    let mut stage = Stage::new(RULES);
    burst(&mut stage);
    for nr in 0..FILES {
        stage.play(format!("mid/{nr}.txt"), Change::Closed);
        stage.engine.advance_ahead().unwrap();
    }
    stage.engine.catch_up().unwrap();
    assert_eq!(steps(&stage), [StepState::Done; 2 * FILES]);
    assert_eq!(stage.home.list("kept").lines().count(), FILES);
}

/// Kills at every change of a burst. `places` are where each file is when all is done.
#[track_caller]
fn every_kill(rules: &str, fault: Fault, places: &[&str]) {
    for at in 0.. {
        let home = Arc::new(Home::new());
        let killed = catch_unwind(AssertUnwindSafe(|| {
            let mut stage = Stage::with(Arc::clone(&home), rules, Some(fault), at);
            burst(&mut stage);
        }));
        let context = format!("{fault:?} at {at}");
        if fault == Fault::PowerCut {
            home.boot_again();
        }
        let mut stage = Stage::with(Arc::clone(&home), rules, None, 0);
        assert!(!steps(&stage).contains(&StepState::Intended), "{context}: {:#?}", stage.journal());
        // All that came is carried on, once each.
        stage.sweep();
        stage.settle();
        let came = home.list("mid").lines().count();
        assert_eq!(home.list("in"), "", "{context}");
        for place in places {
            assert_eq!(home.list(place), home.list("mid"), "{context}: {:#?}", stage.journal());
        }
        let done = steps(&stage).into_iter().filter(|state| *state == StepState::Done).count();
        assert_eq!(done, places.len() * came, "{context}: {:#?}", stage.journal());
        for run in (1..=stage.engine.journal().run_count()).rev() {
            let outcome = stage.engine.undo(&UndoWhat::Run(run), false).unwrap();
            assert!(outcome.refused.is_empty(), "{context}: {:?}", outcome.refused);
        }
        assert_eq!(home.list("in").lines().count(), came, "{context}");
        assert_eq!((home.list("mid"), home.list("kept")), Default::default(), "{context}");
        if killed.is_ok() {
            assert_eq!(came, FILES);
            return;
        }
    }
}

#[test]
fn a_kill_in_a_burst_costs_nothing_and_has_nothing_done_twice() {
    for fault in [Fault::KilledBefore, Fault::KilledAfter] {
        every_kill(RULES, fault, &["mid", "kept"]);
    }
}

#[test]
fn a_power_cut_in_a_burst_leaves_every_file_before_or_after() {
    // A copy that was not flushed may be lost with the power; its original is there.
    let (moves, _) = RULES.split_once("  - name: Keep").unwrap();
    every_kill(moves, Fault::PowerCut, &["mid"]);
}

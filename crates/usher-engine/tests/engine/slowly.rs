//! An undo whose steps take their time: everything else goes on beside it.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use usher_engine::{Finished, Going, StepState, UndoOutcome, UndoWhat, Undoing};
use usher_event::Change;
use usher_testkit::{Home, Stage};

const MOVING: &str = "rules: [ { locations: ~/in, actions: [ { move: ~/out/ } ] } ]";

/// Three files that were moved to another file system, and the undo of that at its first step.
fn under_way() -> (Stage, Receiver<Finished>, Undoing) {
    let home = Arc::new(Home::new());
    ["a", "b", "c"].iter().for_each(|name| drop(home.write(format!("in/{name}"), name)));
    let (mut stage, ended) = Stage::beside(home, MOVING);
    stage.run();
    assert_eq!(stage.home.list("in"), "");
    let mut undoing = stage.engine.begin_undo(&UndoWhat::Last, false).unwrap();
    assert_eq!(undoing.steps(), 3);
    assert_eq!(go_on(&mut stage, &mut undoing), Going::Waits);
    (stage, ended, undoing)
}

fn go_on(stage: &mut Stage, undoing: &mut Undoing) -> Going {
    stage.engine.go_on_undoing(undoing, &mut |_, _| {}).unwrap()
}

/// Hands the end of the step over that is out.
fn come_back(stage: &mut Stage, ended: &Receiver<Finished>) {
    stage.engine.finish(ended.recv_timeout(Duration::from_secs(30)).unwrap()).unwrap();
}

fn to_its_end(stage: &mut Stage, ended: &Receiver<Finished>, mut undoing: Undoing) -> UndoOutcome {
    while go_on(stage, &mut undoing) == Going::Waits {
        come_back(stage, ended);
    }
    stage.engine.end_undo(undoing).unwrap()
}

fn reasons(outcome: UndoOutcome) -> Vec<String> {
    outcome.refused.into_iter().map(|(_, reason)| reason.into()).collect()
}

#[test]
fn the_steps_go_one_after_the_other_newest_first() {
    let (mut stage, ended, mut undoing) = under_way();
    let mut told = Vec::new();
    for name in ["c", "b", "a"] {
        let states: Vec<_> = stage.journal().into_iter().filter(|line| line.contains("undo")).collect();
        let open = states.iter().filter(|line| line.starts_with("Intended")).count();
        assert_eq!(open, 3 - told.len(), "{states:#?}");
        come_back(&mut stage, &ended);
        assert!(stage.home.path(format!("in/{name}")).exists());
        let mut tell = |done, path: &std::path::Path| told.push((done, path.to_path_buf()));
        stage.engine.go_on_undoing(&mut undoing, &mut tell).unwrap();
        if name == "a" {
            told.push((3, stage.home.path("out/a")));
        }
    }
    assert_eq!(told.iter().map(|(done, _)| *done).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(reasons(stage.engine.end_undo(undoing).unwrap()).is_empty());
    assert!(!stage.engine.working());
    assert_eq!(stage.home.list("in"), "a\nb\nc");
    assert!(stage.engine.journal().run(2).unwrap().unwrap().ended.is_some());
}

#[test]
fn what_is_being_taken_back_is_refused_to_others_by_name() {
    let (mut stage, ended, undoing) = under_way();
    for (what, said) in [
        (UndoWhat::Run(1), "run 2 is taking it back already"),
        (UndoWhat::LastUndo, "run 2 is still going on"),
        (UndoWhat::Run(2), "run 2 is still going on"),
    ] {
        let other = stage.engine.undo(&what, false).unwrap();
        assert_eq!((other.run, reasons(other)), (None, vec![said.to_owned(); 3]), "{what:?}");
    }
    let newest = stage.engine.undo(&UndoWhat::Last, false).unwrap();
    assert_eq!((newest.run, newest.refused.len()), (None, 0), "it is as good as undone");
    assert!(reasons(to_its_end(&mut stage, &ended, undoing)).is_empty());
    assert!(stage.engine.undo(&UndoWhat::LastUndo, false).unwrap().refused.is_empty());
    assert_eq!(stage.home.list("out"), "a\nb\nc");
}

#[test]
fn a_stop_between_two_steps_leaves_the_rest_as_it_is_and_says_so() {
    let (mut stage, ended, mut undoing) = under_way();
    stage.engine.stop_undoing(&mut undoing).unwrap();
    assert_eq!(go_on(&mut stage, &mut undoing), Going::Waits, "the step that was begun comes to its end");
    let stopped = "the undo was stopped before this was done";
    assert_eq!(reasons(to_its_end(&mut stage, &ended, undoing)), [stopped; 2]);
    assert_eq!((stage.home.list("in"), stage.home.list("out")), ("c".to_owned(), "a\nb".to_owned()));
    let states = |run| stage.engine.journal().steps(run).unwrap().into_iter().map(|step| step.state);
    assert_eq!(states(2).collect::<Vec<_>>(), [StepState::Done, StepState::Failed, StepState::Failed]);
    assert_eq!(states(1).collect::<Vec<_>>(), [StepState::Done, StepState::Done, StepState::Undone]);
    assert!(reasons(stage.engine.undo(&UndoWhat::Run(1), false).unwrap()).is_empty());
    assert_eq!(stage.home.list("in"), "a\nb\nc");
}

#[test]
fn rules_leave_alone_what_is_on_its_way_back_and_what_has_come_back() {
    let (mut stage, ended, undoing) = under_way();
    stage.drop_file("in/new", "new");
    stage.play("in/c", Change::MovedIn);
    for _ in 0..5 {
        stage.clock.advance(Duration::from_secs(1));
        stage.engine.advance().unwrap();
    }
    // The new file leaves for a worker as well, and either may come back first.
    while stage.engine.working() {
        come_back(&mut stage, &ended);
    }
    assert!(reasons(to_its_end(&mut stage, &ended, undoing)).is_empty());
    for name in ["a", "b", "c"] {
        stage.play(format!("in/{name}"), Change::MovedIn);
    }
    stage.settle();
    assert_eq!((stage.home.list("in"), stage.home.list("out")), ("a\nb\nc".to_owned(), "new".to_owned()));
}

#[test]
fn after_a_kill_in_its_midst_every_step_is_before_or_after() {
    for came_back in [false, true] {
        let (mut stage, ended, mut undoing) = under_way();
        if came_back {
            come_back(&mut stage, &ended);
            assert_eq!(go_on(&mut stage, &mut undoing), Going::Waits);
        }
        // What the worker does is done, and nobody hears of it any more.
        let unheard = ended.recv_timeout(Duration::from_secs(30)).unwrap();
        let mut stage = stage.restart();
        drop(unheard);
        let journal = stage.journal();
        assert!(!journal.iter().any(|line| line.starts_with("Intended")), "{journal:#?}");
        let back = if came_back { "b\nc" } else { "c" };
        assert_eq!(stage.home.list("in"), back, "{journal:#?}");
        assert!(reasons(stage.engine.undo(&UndoWhat::Run(1), false).unwrap()).is_empty(), "{journal:#?}");
        assert_eq!(stage.home.list("in"), "a\nb\nc");
    }
}

#[test]
fn a_file_that_a_rule_is_at_work_on_is_not_taken_from_it() {
    let rules = "rules: [ { locations: ~/in, actions: [ { move: ~/out/ } ] },
                          { locations: ~/out, actions: [ { move: ~/far/ } ] } ]";
    let home = Arc::new(Home::new());
    let (mut stage, ended) = Stage::beside(home, rules);
    stage.drop_file("in/a", "a");
    stage.clock.advance(Duration::from_secs(1));
    stage.engine.advance().unwrap();
    assert!(stage.engine.working());
    // It is on its way from `in` to `out`, and then from there to `far`.
    come_back(&mut stage, &ended);
    assert!(stage.engine.working());
    let refused = reasons(stage.engine.undo(&UndoWhat::Last, false).unwrap());
    assert_eq!(refused.len(), 2, "{refused:?}");
    assert!(refused.iter().any(|reason| reason.ends_with("is still going on")), "{refused:?}");
    come_back(&mut stage, &ended);
    stage.settle();
    assert!(reasons(stage.engine.undo(&UndoWhat::Last, false).unwrap()).is_empty());
    assert_eq!(stage.home.read("in/a").as_deref(), Some("a"));
}

//! Promise 2: a kill at any change leaves every step before or after, never between, and no byte lost.

use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use usher_engine::{LogFilter, StepState, UndoWhat};
use usher_testkit::{Fault, Home, Stage, Thing};

const RULES: &str = "
rules:
  - name: Replace
    locations: ~/in
    filters: [ extension: txt ]
    actions:
      - move: { dest: ~/out/new/, on_conflict: overwrite }
      - copy: ~/copies/
  - name: Throw away
    locations: ~/in
    filters: [ extension: old ]
    actions: [ trash ]
  - name: Note
    locations: ~/in
    filters: [ extension: log ]
    actions:
      - write: { text: 'first {path.name}', outfile: ~/notes.txt, mode: prepend }
      - write: { text: 'then {path.name}', outfile: ~/notes.txt }
";

fn scene(home: &Home) {
    home.write("in/a.txt", "new a");
    home.write("in/b.txt", "new b");
    home.write("in/c.old", "old c");
    home.write("in/d.log", "log d");
    home.write("out/new/a.txt", "replaced a");
    home.write("notes.txt", "notes\n");
}

fn contents(home: &Home) -> Vec<String> {
    let ours = |path: &std::path::Path| path.to_string_lossy().contains(".state/journal.");
    let things = home.tree("").into_iter().filter(|(path, _)| !ours(path));
    let texts = things.filter_map(|(_, thing)| match thing {
        Thing::File(bytes, _) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        _ => None,
    });
    texts.collect()
}

/// How a stage is set.
type Set = fn(Arc<Home>, &str, Option<Fault>, usize) -> Stage;

/// Runs the rules with a fault at the `at`th change. `false` when there are fewer changes than that.
fn killed_at(set: Set, home: &Arc<Home>, fault: Fault, at: usize) -> bool {
    let killed = catch_unwind(AssertUnwindSafe(|| {
        let mut stage = set(Arc::clone(home), RULES, Some(fault), at);
        stage.run();
        stage.disk.changes() <= at
    }));
    !killed.unwrap_or(false)
}

#[track_caller]
fn nothing_is_lost_or_open(stage: &Stage, context: &str) {
    let kept = contents(&stage.home);
    for text in ["new a", "new b", "old c", "log d", "replaced a"] {
        assert!(kept.iter().any(|kept| kept == text), "{context}: {text} is lost; {kept:?}");
    }
    assert!(kept.iter().any(|kept| kept.contains("notes\n")), "{context}: the notes are lost");
    let parts: Vec<_> = stage
        .home
        .tree("")
        .into_keys()
        .filter(|path| path.to_string_lossy().contains(".usher-part"))
        .collect();
    assert!(parts.is_empty(), "{context}: half-made files are left: {parts:?}");
    let journal = stage.engine.journal();
    for run in journal.runs(&LogFilter::default()).unwrap() {
        assert!(run.ended.is_some(), "{context}: run {} is open", run.id);
        for step in journal.steps(run.id).unwrap() {
            assert_ne!(step.state, StepState::Intended, "{context}: {step:?}");
        }
    }
}

fn every_kill(set: Set, fault: Fault) {
    for at in 0.. {
        let home = Arc::new(Home::new());
        scene(&home);
        if !killed_at(set, &home, fault, at) {
            assert!(at > 5, "the scene has several changes");
            return;
        }
        let context = format!("{fault:?} at {at}");
        if fault == Fault::PowerCut {
            home.boot_again();
        }
        let mut stage = set(Arc::clone(&home), RULES, None, 0);
        nothing_is_lost_or_open(&stage, &context);
        // And it goes on from there: what had not been done is done now, and all of it can be taken back.
        stage.run();
        assert_eq!(stage.home.list("in"), "d.log", "{context}");
        for run in (1..=stage.engine.journal().run_count()).rev() {
            let outcome = stage.engine.undo(&UndoWhat::Run(run), false).unwrap();
            let refused: Vec<String> = outcome.refused.into_iter().map(|(_, reason)| reason.into()).collect();
            assert!(refused.is_empty(), "{context}: {refused:?}, {:#?}", stage.journal());
        }
        nothing_is_lost_or_open(&stage, &context);
        assert_eq!(stage.home.list("in"), "a.txt\nb.txt\nc.old\nd.log", "{context}");
    }
}

#[test]
fn a_kill_before_any_change_is_recovered_from() {
    every_kill(Stage::with, Fault::KilledBefore);
    every_kill(Stage::apart, Fault::KilledBefore);
}

#[test]
fn a_kill_after_any_change_is_recovered_from() {
    every_kill(Stage::with, Fault::KilledAfter);
    every_kill(Stage::apart, Fault::KilledAfter);
}

#[test]
fn a_power_cut_after_any_change_is_recovered_from() {
    every_kill(Stage::with, Fault::PowerCut);
    every_kill(Stage::apart, Fault::PowerCut);
}

#[test]
fn what_was_to_be_put_aside_is_not_taken_for_what_was_to_come() {
    let deeds =
        ["move: { dest: ~/out/, on_conflict: overwrite }", "copy: { dest: ~/out/, on_conflict: trash }"];
    for deed in deeds {
        let rules = format!("rules: [ {{ locations: ~/in, actions: [ {{ {deed} }} ] }} ]");
        for at in 0..6 {
            let home = Arc::new(Home::new());
            home.write("in/a.txt", "alike");
            home.write("out/a.txt", "alike");
            let before = home.tree("in").into_iter().chain(home.tree("out")).collect::<Vec<_>>();
            drop(catch_unwind(AssertUnwindSafe(|| {
                Stage::with(Arc::clone(&home), &rules, Some(Fault::KilledBefore), at).run()
            })));
            let mut stage = Stage::with(Arc::clone(&home), &rules, None, 0);
            let outcome = stage.engine.undo(&UndoWhat::Run(1), false).unwrap();
            assert!(outcome.refused.is_empty(), "{deed} at {at}: {:?}", outcome.refused);
            let after = home.tree("in").into_iter().chain(home.tree("out")).collect::<Vec<_>>();
            assert_eq!(after, before, "{deed} at {at}");
        }
    }
}

#[test]
fn a_full_disk_at_any_change_leaves_that_step_undone_and_the_rest_intact() {
    let kinds = [ErrorKind::StorageFull, ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem];
    let sets: [Set; 2] = [Stage::with, Stage::apart];
    for (kind, set) in kinds.into_iter().flat_map(|kind| sets.map(|set| (kind, set))) {
        for at in 0.. {
            let home = Arc::new(Home::new());
            scene(&home);
            let mut stage = set(Arc::clone(&home), RULES, Some(Fault::Fails(kind)), at);
            let lines = stage.run();
            if stage.disk.changes() <= at {
                break;
            }
            nothing_is_lost_or_open(&stage, &format!("{kind:?} at {at}: {lines:?}"));
        }
    }
}

#[test]
fn moves_between_file_systems_are_copied_checked_and_undone() {
    let home = Arc::new(Home::new());
    scene(&home);
    home.write("in/tree/x/y.txt", "deep");
    let rules = RULES.replace(
        "  - name: Note",
        "  - locations: ~/in\n    targets: dirs\n    actions: [ { move: ~/out/ } ]\n  - name: Note",
    );
    let mut stage = Stage::apart(Arc::clone(&home), &rules, None, 0);
    let before = stage.home.tree("in");
    stage.run();
    assert_eq!(stage.home.read("out/tree/x/y.txt").as_deref(), Some("deep"));
    assert_eq!(stage.home.list("in"), "d.log");
    let outcome = stage.engine.undo(&UndoWhat::Last, false).unwrap();
    assert!(outcome.refused.is_empty(), "{:?}", outcome.refused);
    assert_eq!(stage.home.tree("in"), before);
    nothing_is_lost_or_open(&stage, "after undo");
}

#[test]
fn a_damaged_journal_is_put_aside_and_a_newer_one_refused() {
    let home = Arc::new(Home::new());
    home.write(".state/journal.db", "this is not a database, whatever its name says");
    let stage = Stage::with(Arc::clone(&home), RULES, None, 0);
    assert_eq!(stage.findings[0].code, "journal_set_aside");
    assert_eq!(
        home.read(".state/journal.damaged-1.db").as_deref(),
        Some("this is not a database, whatever its name says")
    );
    drop(stage);
    let db = rusqlite::Connection::open(home.path(".state/journal.db")).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let error = usher_engine::Journal::open(&home.path(".state/journal.db")).err().unwrap();
    assert!(error.to_string().contains("newer version"), "{error}");
}

#[test]
fn a_step_that_was_not_begun_is_not_taken_for_done_because_its_file_lies_where_it_began() {
    let rules = "
rules:
  - locations: ~/in
    actions: [ { copy: ~/mid/ } ]
  - locations: ~/mid
    actions: [ { move: ~/far/ }, { move: { dest: ~/in/, on_conflict: overwrite } } ]
";
    for fault in [Fault::KilledBefore, Fault::KilledAfter] {
        for at in 0..12 {
            let home = Arc::new(Home::new());
            home.write("in/a.txt", "a");
            let before = home.tree("in");
            drop(catch_unwind(AssertUnwindSafe(|| {
                Stage::with(Arc::clone(&home), rules, Some(fault), at).run()
            })));
            let mut stage = Stage::with(Arc::clone(&home), rules, None, 0);
            let outcome = stage.engine.undo(&UndoWhat::Run(1), false).unwrap();
            let refused: Vec<String> = outcome.refused.into_iter().map(|(_, reason)| reason.into()).collect();
            assert!(refused.is_empty(), "{fault:?} at {at}: {refused:?}");
            assert_eq!(home.tree("in"), before, "{fault:?} at {at}: {:#?}", stage.journal());
            assert_eq!(home.list("mid"), "", "{fault:?} at {at}: {:#?}", stage.journal());
        }
    }
}

//! Promise 4: undo is safe.

use std::fs;
use std::io::ErrorKind;
use std::sync::Arc;

use usher_engine::{StepRecord, UndoOutcome, UndoWhat};
use usher_testkit::{Fault, Home, Stage};

fn moving(conflict: &str) -> String {
    format!(
        "rules:\n  - locations: ~/in\n    actions: [ {{ move: {{ dest: ~/out/, on_conflict: {conflict} }} }} ]\n"
    )
}

#[track_caller]
fn undo(stage: &mut Stage) -> Vec<String> {
    let outcome = stage.engine.undo(&UndoWhat::Last, false).unwrap();
    let root = stage.home.root().display().to_string();
    outcome.refused.into_iter().map(|(_, reason)| reason.replace(&root, "~")).collect()
}

#[test]
fn undo_brings_back_bytes_times_and_place_and_redo_does_it_again() {
    let mut stage = Stage::new(&moving("rename_new"));
    stage.drop_file("in/a", "a");
    let before = stage.home.tree("in");
    stage.settle();
    let after = stage.home.tree("out");
    assert!(undo(&mut stage).is_empty());
    assert_eq!(stage.home.tree("in"), before);
    assert!(!stage.home.path("out").exists(), "the folder it made is gone too");
    stage.engine.undo(&UndoWhat::LastUndo, false).unwrap();
    assert_eq!(stage.home.tree("out"), after);
    assert!(undo(&mut stage).is_empty());
    assert_eq!(stage.home.tree("in"), before);
    assert_eq!(
        stage.journal(),
        [
            "Undone move ~/in/a -> ~/out/a",
            "Done undo ~/out/a -> ~/in/a (move)",
            "Undone redo ~/in/a -> ~/out/a (undo)",
            "Done undo ~/out/a -> ~/in/a (redo)",
        ]
    );
}

#[test]
fn a_step_that_cannot_be_taken_back_keeps_the_older_ones_from_taking_its_file_for_theirs() {
    let rules = "rules: [ { locations: ~/in, actions: [ { move: { dest: ~/out/one, on_conflict: trash, autodetect_folder: false } } ] } ]";
    let home = Arc::new(Home::new());
    for name in ["a", "b", "c"] {
        home.write(format!("in/{name}"), name);
    }
    let mut stage = Stage::with(Arc::clone(&home), rules, None, 0);
    let before = home.tree("in");
    stage.run();
    drop(stage);
    // c goes back, what it replaced comes out of the trash, and then the disk is full for a moment.
    let full = Fault::Fails(ErrorKind::StorageFull);
    let mut stage = Stage::with(Arc::clone(&home), rules, Some(full), 3);
    let refused = undo(&mut stage);
    assert_eq!(refused.len(), 2, "{refused:?}");
    assert_eq!(refused[1], "a newer step on ~/out/one could not be taken back");
    assert_eq!(home.list("in"), "c");
    let mut stage = stage.restart();
    assert!(undo(&mut stage).is_empty());
    assert_eq!(home.tree("in"), before);
}

#[test]
fn what_was_undone_is_not_filed_again() {
    let mut stage = Stage::new(&moving("rename_new"));
    stage.drop_file("in/a", "a");
    stage.settle();
    undo(&mut stage);
    stage.play("in/a", usher_event::Change::MovedIn);
    stage.settle();
    assert_eq!(stage.home.list("in"), "a");
    let mut stage = stage.restart();
    stage.sweep();
    stage.settle();
    assert_eq!(stage.home.list("in"), "a", "not after a restart either");
}

#[test]
fn every_conflict_mode_can_be_taken_back() {
    for mode in ["skip", "overwrite", "trash", "rename_new", "rename_existing", "deduplicate"] {
        let mut stage = Stage::new(&moving(mode));
        stage.home.write("out/a", "old");
        stage.drop_file("in/a", "new");
        let before = (stage.home.tree("in"), stage.home.tree("out"));
        stage.settle();
        assert!(undo(&mut stage).is_empty(), "{mode}");
        assert_eq!((stage.home.tree("in"), stage.home.tree("out")), before, "{mode}");
    }
}

#[test]
fn replaced_bytes_are_in_the_vault() {
    let mut stage = Stage::new(&moving("overwrite"));
    stage.home.write("out/a", "old");
    stage.drop_file("in/a", "new");
    stage.settle();
    assert_eq!(stage.home.read("out/a").as_deref(), Some("new"));
    let vault = stage.home.tree(".state/vault");
    assert!(
        vault.values().any(|thing| matches!(thing, usher_testkit::Thing::File(bytes, _) if bytes == b"old"))
    );
}

#[test]
fn a_changed_file_is_refused_with_the_reason() {
    let mut stage = Stage::new(&moving("rename_new"));
    stage.drop_file("in/a", "a");
    stage.settle();
    fs::write(stage.home.path("out/a"), "edited since").unwrap();
    assert_eq!(undo(&mut stage), ["~/out/a has been changed since"]);
    assert_eq!(stage.home.read("out/a").as_deref(), Some("edited since"));
}

#[test]
fn a_taken_seat_is_refused_or_gets_a_free_name_if_asked() {
    let mut stage = Stage::new(&moving("rename_new"));
    stage.drop_file("in/a.txt", "a");
    stage.settle();
    stage.home.write("in/a.txt", "another");
    assert_eq!(undo(&mut stage), ["~/in/a.txt is taken by something else now"]);
    assert_eq!(stage.home.read("in/a.txt").as_deref(), Some("another"));
    let outcome = stage.engine.undo(&UndoWhat::Last, true).unwrap();
    assert!(outcome.refused.is_empty());
    assert_eq!(stage.home.read("in/a 2.txt").as_deref(), Some("a"));
}

#[test]
fn an_undo_beside_a_taken_seat_says_where_the_file_goes_and_not_what_it_had_replaced() {
    let mut stage = Stage::new(&moving("overwrite"));
    stage.home.write("out/a", "old");
    stage.drop_file("in/a", "new");
    stage.settle();
    stage.home.write("in/a", "another");
    let outcome = preview_is_what_happens(&mut stage, &UndoWhat::Last, true);
    assert_eq!(
        (stage.home.read("in/a 2").as_deref(), stage.home.read("out/a").as_deref()),
        (Some("new"), Some("old"))
    );
    let step = stage.engine.journal().steps(outcome.run.unwrap()).unwrap().remove(0);
    assert_eq!(step.from, Some(stage.home.path("out/a")));
    assert_eq!(step.to, Some(stage.home.path("in/a 2")));
    // What was done is what is taken back.
    preview_is_what_happens(&mut stage, &UndoWhat::LastUndo, false);
    assert_eq!((stage.home.read("out/a").as_deref(), stage.home.list("in")), (Some("new"), "a".to_owned()));
}

#[test]
fn an_undo_beside_a_taken_seat_makes_no_name_that_is_too_long() {
    let mut stage = Stage::new(&moving("rename_new"));
    let name = format!("{}.txt", "n".repeat(251));
    stage.drop_file(format!("in/{name}"), "a");
    stage.settle();
    stage.home.write(format!("in/{name}"), "another");
    assert!(preview_is_what_happens(&mut stage, &UndoWhat::Last, true).refused.is_empty());
    let beside = format!("in/{} 2.txt", "n".repeat(249));
    assert_eq!(stage.home.read(beside).as_deref(), Some("a"));
}

#[test]
fn a_file_that_is_gone_is_refused_with_the_reason() {
    let mut stage = Stage::new(&moving("rename_new"));
    stage.drop_file("in/a", "a");
    stage.settle();
    fs::remove_file(stage.home.path("out/a")).unwrap();
    assert_eq!(undo(&mut stage), ["~/out/a is not there any more"]);
}

#[test]
fn a_removed_folder_is_made_again() {
    let mut stage = Stage::new(&moving("rename_new"));
    stage.drop_file("in/a", "a");
    stage.settle();
    fs::remove_dir(stage.home.path("in")).unwrap();
    assert!(undo(&mut stage).is_empty());
    assert_eq!(stage.home.read("in/a").as_deref(), Some("a"));
}

#[test]
fn a_folder_comes_back_to_where_a_newer_step_had_made_another() {
    let rules = "rules:
  - {locations: ~/in, targets: dirs, actions: [move: ~/new/]}
  - {actions: [write: {text: x, outfile: ~/in/sub/made.txt}]}";
    let mut stage = Stage::new(rules);
    stage.drop_file("in/sub/a", "a");
    let before = stage.home.tree("in");
    stage.run();
    assert!(stage.home.path("in/sub/made.txt").exists() && stage.home.path("new/sub/a").exists());
    assert!(undo(&mut stage).is_empty());
    assert_eq!(stage.home.tree("in"), before);
}

#[test]
fn a_preview_says_what_the_undo_then_does_and_changes_nothing() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    actions:
      - rename: 'n-{path.name}'
      - move: ~/out/
      - shell: { cmd: 'true', undo: 'echo back' }
",
    );
    for name in ["changed", "taken", "fine"] {
        stage.drop_file(format!("in/{name}"), name);
        stage.settle();
    }
    fs::write(stage.home.path("out/n-changed"), "edited since").unwrap();
    stage.home.write("in/taken", "another");
    let (tree, journal) = (stage.home.tree(""), stage.journal());
    for rename in [false, true] {
        let all = UndoWhat::Since { since: jiff::Timestamp::MIN, rule: None };
        let preview = stage.engine.preview_undo(&all, rename).unwrap();
        assert!(!preview.refused.is_empty());
        assert!(
            preview.lines.iter().any(|line| line.runs.iter().any(|run| run.ends_with("-c echo back"))),
            "{preview:#?}"
        );
    }
    assert_eq!((stage.home.tree(""), stage.journal()), (tree, journal.clone()));
    for run in [3, 2, 1] {
        preview_is_what_happens(&mut stage, &UndoWhat::Run(run), run == 2);
    }
    assert_ne!(stage.journal(), journal);
}

/// Undoes, and compares with what was said beforehand.
#[track_caller]
pub(crate) fn preview_is_what_happens(stage: &mut Stage, what: &UndoWhat, rename: bool) -> UndoOutcome {
    let preview = stage.engine.preview_undo(what, rename).unwrap();
    let said: Vec<_> =
        preview.lines.iter().map(|line| (line.step.id, line.from.clone(), line.to.clone())).collect();
    let refusals = |refused: &[(StepRecord, usher_event::Sentence)]| {
        refused.iter().map(|(step, reason)| (step.id, reason.clone())).collect::<Vec<_>>()
    };
    let outcome = stage.engine.undo(what, rename).unwrap();
    let steps = outcome.run.map_or_else(Vec::new, |run| stage.engine.journal().steps(run).unwrap());
    let done: Vec<_> =
        steps.iter().map(|step| (step.of.unwrap(), step.from.clone(), step.to.clone())).collect();
    assert_eq!(said, done);
    assert!(steps.iter().all(|step| step.action == preview.lines[0].action));
    assert_eq!(refusals(&preview.refused), refusals(&outcome.refused));
    outcome
}

#[test]
fn trash_comes_back_and_delete_says_that_it_does_not() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    filters: [ extension: tra ]
    actions: [ trash ]
  - locations: ~/in
    filters: [ extension: del ]
    actions: [ delete ]
",
    );
    stage.drop_file("in/a.tra", "a");
    stage.settle();
    assert_eq!(stage.home.list("in"), "");
    assert!(undo(&mut stage).is_empty());
    assert_eq!(stage.home.list("in"), "a.tra");
    stage.drop_file("in/b.del", "b");
    stage.settle();
    assert_eq!(stage.journal().last().unwrap(), "Irreversible delete ~/in/b.del");
    let run = stage.engine.journal().run_count();
    let outcome = stage.engine.undo(&UndoWhat::Run(run), false).unwrap();
    assert_eq!(outcome.refused[0].1, "deleted for good");
}

#[test]
fn written_text_can_be_taken_back_until_somebody_else_writes() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    actions: [ { write: { text: '{path.name}', outfile: ~/log.txt } } ]
",
    );
    stage.drop_file("in/a", "a");
    stage.settle();
    stage.drop_file("in/b", "b");
    stage.settle();
    assert_eq!(stage.home.read("log.txt").as_deref(), Some("a\nb\n"));
    assert!(undo(&mut stage).is_empty());
    assert_eq!(stage.home.read("log.txt").as_deref(), Some("a\n"));
    let mut log = fs::OpenOptions::new().append(true).open(stage.home.path("log.txt")).unwrap();
    std::io::Write::write_all(&mut log, b"mine\n").unwrap();
    let run = stage.engine.journal().run_count();
    assert_eq!(undo(&mut stage), ["~/log.txt has been changed since"], "run {run}");
    assert_eq!(stage.home.read("log.txt").as_deref(), Some("a\nmine\n"));
}

#[test]
fn a_time_span_and_a_single_step_can_be_taken_back() {
    let mut stage = Stage::new(&moving("rename_new"));
    let start = usher_engine::Clock::timestamp(&*stage.clock);
    for name in ["a", "b", "c"] {
        stage.drop_file(format!("in/{name}"), name);
        stage.settle();
    }
    let step = stage.engine.journal().steps(2).unwrap()[0].id;
    stage.engine.undo(&UndoWhat::Step(step), false).unwrap();
    assert_eq!(stage.home.list("in"), "b");
    stage.engine.undo(&UndoWhat::Since { since: start, rule: None }, false).unwrap();
    assert_eq!(stage.home.list("in"), "a\nb\nc");
}

#[test]
fn what_was_written_to_and_then_carried_on_can_be_redone_and_undone_again() {
    let write = "{ write: { text: hello, outfile: '{path}', newline: false } }";
    for action in ["{ move: ~/out/ }", "{ rename: b }", "trash", "{ hardlink: ~/out/ }", write] {
        let rules = format!("rules: [ {{ locations: ~/in, actions: [ {write}, {action} ] }} ]");
        let mut stage = Stage::new(&rules);
        stage.home.write("in/f", "f");
        let trees = |stage: &Stage| ["in", "out", ".data/Trash/files"].map(|place| stage.home.tree(place));
        let before = stage.home.tree("in");
        stage.run();
        let after = trees(&stage);
        for _ in 0..2 {
            let refused = stage.engine.undo(&UndoWhat::Run(1), false).unwrap().refused;
            assert!(refused.is_empty(), "{action}: {refused:?}");
            assert_eq!(stage.home.tree("in"), before, "{action}: undone");
            let refused = stage.engine.undo(&UndoWhat::LastUndo, false).unwrap().refused;
            assert!(refused.is_empty(), "{action}: {refused:?}");
            assert_eq!(trees(&stage), after, "{action}: redone");
        }
    }
}

#[test]
fn nor_do_older_steps_put_back_in_its_place_what_had_only_been_put_aside_there() {
    let actions = "{ copy: { dest: ~/out/, on_conflict: skip } }, { move: { dest: ~/mid/, on_conflict: rename_existing } }";
    let rules = format!("rules: [ {{ locations: [ ~/in, ~/mid ], actions: [ {actions} ] }} ]");
    let home = Arc::new(Home::new());
    home.write("in/f", "from in");
    home.write("mid/f", "from mid, longer");
    let mut stage = Stage::with(Arc::clone(&home), &rules, None, 0);
    let before = [home.tree("in"), home.tree("mid")];
    stage.run();
    let after = home.tree("mid");
    drop(stage);
    let fault = Some(Fault::Fails(ErrorKind::StorageFull));
    let mut stage = Stage::with(Arc::clone(&home), &rules, fault, 0);
    // The newest step has put its copy where an older one has put that file aside.
    let refused = stage.engine.undo(&UndoWhat::Run(1), false).unwrap().refused;
    assert!(refused[0].1.contains("the disk is full"), "{refused:?}");
    assert!(refused.iter().any(|(_, reason)| reason.contains("a newer step on")), "{refused:?}");
    assert_eq!(home.tree("mid"), after);
    let refused = stage.engine.undo(&UndoWhat::Run(1), false).unwrap().refused;
    assert!(refused.is_empty(), "{refused:?}");
    assert_eq!([home.tree("in"), home.tree("mid")], before);
}

#[test]
fn a_folder_stays_while_something_has_to_be_put_back_into_it() {
    let rules = "
rules:
  - { locations: ~/in, targets: dirs, actions: [ move: ~/mid/ ] }
  - { locations: { path: ~/mid, max_depth: null }, actions: [ rename: 'r-{path.name}', move: ~/in/ ] }
";
    let home = Arc::new(Home::new());
    home.write("in/sub/f", "f");
    let before = home.tree("in");
    let mut stage = Stage::with(Arc::clone(&home), rules, None, 0);
    stage.run();
    assert_eq!(home.list("in"), "r-f");
    drop(stage);
    let fault = Some(Fault::Fails(ErrorKind::StorageFull));
    let mut stage = Stage::with(Arc::clone(&home), rules, fault, 0);
    let refused = stage.engine.undo(&UndoWhat::Run(1), false).unwrap().refused;
    assert_eq!(refused.len(), 3, "{refused:?}");
    let refused = stage.engine.undo(&UndoWhat::Run(1), false).unwrap().refused;
    assert!(refused.is_empty(), "{refused:?}");
    assert_eq!(home.tree("in"), before);
}

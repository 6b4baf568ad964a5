//! What happens outside of Usher: commands with an undo, Python, and things that are opened.

use std::fs;

use usher_engine::{StepState, UndoWhat};
use usher_testkit::Stage;

#[track_caller]
fn undo(stage: &mut Stage) -> Vec<String> {
    let outcome = stage.engine.undo(&UndoWhat::Last, false).unwrap();
    let root = stage.home.root().display().to_string();
    outcome.refused.into_iter().map(|(_, reason)| reason.replace(&root, "~")).collect()
}

#[test]
fn things_are_opened_in_a_run_and_never_in_a_simulation() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    actions:
      - move: ~/out/
      - open
      - open: { target: 'https://example.org/{path.stem}', with: browser }
      - reveal
  - actions: [ { open: 'https://example.org' } ]
",
    );
    stage.home.write("in/a b.txt", "a");
    let sim = stage.sim();
    assert_eq!(
        sim,
        [
            "move ~/in/a b.txt -> ~/out/a b.txt",
            "open ~/out/a b.txt",
            "open ~/out/a b.txt (https://example.org/a b with browser)",
            "reveal ~/out/a b.txt",
            "open: https://example.org",
        ]
    );
    assert_eq!(stage.outside.said(), Vec::<String>::new());
    assert_eq!(stage.run(), sim);
    let out = stage.home.path("out/a b.txt").display().to_string();
    assert_eq!(
        stage.outside.said(),
        [
            format!("open {out}"),
            "open https://example.org/a b with browser".to_owned(),
            format!("reveal {out}"),
            "open https://example.org".to_owned(),
        ]
    );
    assert!(undo(&mut stage).is_empty(), "there is nothing to take back in that");
    assert_eq!(stage.home.list("in"), "a b.txt");
}

const COMMANDS: &str = "
rules:
  - locations: ~/in
    actions:
      - shell: { cmd: 'pack {path}', undo: 'unpack {path}' }
      - move: ~/out/
";

#[test]
fn a_command_with_an_undo_is_taken_back_and_done_again() {
    let mut stage = Stage::new(COMMANDS);
    stage.drop_file("in/$a", "a");
    stage.settle();
    let step = stage.engine.journal().steps(1).unwrap().remove(0);
    assert_eq!(step.state, StepState::Done);
    assert!(step.note.unwrap().contains("undone by `unpack "));
    assert!(undo(&mut stage).is_empty());
    stage.engine.undo(&UndoWhat::LastUndo, false).unwrap();
    let said = stage.outside.said();
    let words: Vec<&str> = said.iter().map(|line| line.rsplit("-c ").next().unwrap()).collect();
    assert_eq!(words.len(), 3, "{said:?}");
    assert!(words[1].contains("unpack ") && !words[0].contains("unpack "), "{said:?}");
    assert_eq!(words[0], words[2], "a redo runs it again");
    assert_eq!(stage.home.list("out"), "$a");
    *stage.outside.returncode.lock().unwrap() = 4;
    assert_eq!(undo(&mut stage), ["the command ended with status 4"]);
}

#[test]
fn a_command_without_an_undo_is_refused_as_before() {
    let mut stage = Stage::new(&COMMANDS.replace(", undo: 'unpack {path}'", ""));
    stage.drop_file("in/a", "a");
    stage.settle();
    assert!(stage.journal()[0].starts_with("Irreversible shell"));
    assert_eq!(undo(&mut stage), ["what a command did is not known to Usher"]);
}

#[test]
fn python_decides_and_its_result_names_the_file() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    filters:
      - extension
      - python: |
          import re
          text = path.read_text()
          match = re.search(r'No\\. (\\d+)', text)
          print('looked at', path.name, extension)
          return match and {'number': int(match.group(1)), 'seen': path}
    actions:
      - move: '~/out/{python.number}-{python.seen.name}'
",
    );
    stage.home.write("in/a.txt", "invoice No. 42");
    stage.home.write("in/b.txt", "nothing");
    let sim = stage.sim();
    assert_eq!(
        sim,
        [
            "python ~/in/a.txt (looked at a.txt txt)",
            "move ~/in/a.txt -> ~/out/42-a.txt",
            "python ~/in/b.txt (looked at b.txt txt)",
        ]
    );
    assert_eq!(stage.run(), sim);
    assert_eq!(stage.home.list("out"), "42-a.txt");
    assert!(undo(&mut stage).is_empty());
    assert_eq!(stage.home.list("in"), "a.txt\nb.txt");
}

#[test]
fn an_exception_is_that_files_error_and_no_others() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    filters: [ python: 'return 1 / (len(path.stem) - 1)' ]
    actions: [ move: ~/out/ ]
",
    );
    stage.home.write("in/a", "");
    stage.home.write("in/bb", "");
    let wrong = "python ~/in/a ! ZeroDivisionError: division by zero (line 1 of the code)";
    let sim = stage.sim();
    assert_eq!(sim, [wrong, "move ~/in/bb -> ~/out/bb"]);
    assert_eq!(stage.run(), sim);
    stage.drop_file("in/c", "");
    stage.settle();
    let trouble = stage.trouble("failed_filter");
    assert!(trouble[0].contains("in/c: ZeroDivisionError"), "{trouble:?}");
}

#[test]
fn python_sees_what_the_rules_before_it_have_done() {
    let rules = "
rules:
  - locations: ~/in
    filters: [ extension: txt ]
    actions: [ { write: { text: seen, outfile: '{path}' } }, { move: ~/mid/ } ]
  - locations: ~/mid
    filters: [ { python: \"return 'aseen' in path.read_text()\" } ]
    actions: [ move: ~/out/ ]
";
    let mut stage = Stage::new(rules);
    stage.home.write("in/a.txt", "a");
    let sim = stage.sim();
    assert!(sim[2].ends_with("mid/a.txt is not there before the run has come so far"), "{sim:?}");
    let run = stage.run();
    assert_eq!(stage.home.list("out"), "a.txt", "in a run it is there when it is asked for: {run:?}");
    let mut stage = Stage::new(rules);
    stage.drop_file("in/b.txt", "a");
    stage.settle();
    assert_eq!(stage.home.list("out"), "b.txt", "and live too");
}

#[test]
fn rules_after_a_python_filter_and_after_a_command_get_their_turn() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    actions: [ { shell: x }, { echo: first } ]
  - locations: ~/in
    filters: [ python: return True ]
    actions: [ { echo: second } ]
  - locations: ~/in
    actions: [ { move: ~/out/ } ]
",
    );
    stage.drop_file("in/a", "a");
    stage.settle();
    assert_eq!(stage.home.list("out"), "a");
    let said = stage.journal();
    let order: Vec<&str> = said.iter().map(|line| line.split_whitespace().nth(1).unwrap()).collect();
    assert_eq!(order, ["shell", "echo", "echo", "move"], "{said:?}");
}

const CODE: &str = "
rules:
  - locations: ~/in
    actions:
      - python:
          code: |
            made = path.with_suffix('.made')
            made.write_text(path.stem)
            print('made', made.name)
            return {'made': made.name}
          undo: 'rm {path.parent}/{path.stem}.made'
      - move: '~/out/{python.made}.d'
";

#[test]
fn code_runs_prints_and_is_taken_back_by_its_undo() {
    let mut stage = Stage::new(CODE);
    stage.home.write("in/a.txt", "a");
    let sim = stage.sim();
    assert!(
        sim[0].starts_with("python ~/in/a.txt (made = path.with_suffix('.made') ...; undone by `rm "),
        "{sim:?}"
    );
    assert_eq!(sim[1], "move ~/in/a.txt -> ~/out/** simulation **.d");
    assert!(!stage.home.path("in/a.made").exists());
    let run = stage.run();
    assert_eq!(run[0], sim[0]);
    assert_eq!(run[1..], ["python ~/in/a.txt (made a.made)", "move ~/in/a.txt -> ~/out/a.made.d"]);
    assert_eq!(stage.home.read("in/a.made").as_deref(), Some("a"));
    assert!(undo(&mut stage).is_empty());
    assert_eq!(stage.home.read("in/a.txt").as_deref(), Some("a"));
    assert!(stage.outside.said()[0].contains("rm "), "the undo is a command: {:?}", stage.outside.said());
    fs::remove_file(stage.home.path("in/a.made")).unwrap();
    stage.engine.undo(&UndoWhat::LastUndo, false).unwrap();
    assert_eq!(stage.home.read("in/a.made").as_deref(), Some("a"), "a redo runs the code again");
}

#[test]
fn code_that_is_run_in_a_simulation_says_there_what_it_says_in_a_run() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    actions:
      - python: { code: \"print('hi')\\nreturn {'n': {'k': 1}}\", run_in_simulation: true }
      - python: { code: \"return {'n': {'l': python['n']['k'] + 1}}\", run_in_simulation: true }
      - echo: '{python.n.k} {python.n.l}'
",
    );
    stage.home.write("in/a", "");
    let sim = stage.sim();
    assert_eq!(sim[1], "python ~/in/a (hi)");
    assert_eq!(sim[3], "echo ~/in/a (1 2)");
    assert_eq!(stage.run(), sim);
}

#[test]
fn failing_code_stops_that_file() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    actions: [ { python: \"print('so far')\\nif path.name == 'a': raise OSError('broken')\" }, { move: ~/out/ } ]
",
    );
    stage.home.write("in/a", "");
    stage.home.write("in/b", "");
    let lines = stage.run();
    assert!(lines[0].ends_with("! OSError: broken (line 2 of the code)"), "{lines:?}");
    assert_eq!(stage.home.list("in") + &stage.home.list("out"), "ab");
    let number = "rules: [ { locations: ~/in, actions: [ { python: return 3 } ] } ]";
    stage.set_rules(number);
    let lines = stage.run();
    assert!(lines[0].ends_with("! the code has to return a dict or nothing"), "{lines:?}");
}

#[test]
fn a_rule_does_not_chase_what_its_own_code_changes() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    actions: [ { python: \"path.write_text(path.read_text() + 'x')\" } ]
",
    );
    stage.drop_file("in/a", "");
    stage.settle();
    stage.play("in/a", usher_event::Change::Closed);
    stage.settle();
    assert_eq!(stage.home.read("in/a").as_deref(), Some("x"));
}

#[test]
fn a_standalone_rule_may_run_code() {
    let mut stage = Stage::new("rules: [ { actions: [ { python: 'print(path, rule_nr)' } ] } ]");
    assert_eq!(stage.run(), ["python: print(path, rule_nr)", "python: None 0"]);
}

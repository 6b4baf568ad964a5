//! `confirm` stops a file's actions until somebody has said yes.

use usher_engine::{Going, Happening, Limits, Reply};
use usher_event::Change;
use usher_testkit::Stage;

const ASK: &str = "rules:
  - name: Tidy
    locations: ~/in
    filters: [not extension: log]
    actions: [rename: 'x-{path.name}', confirm: 'File {path.name}?', move: ~/out/, copy: ~/kept/]
  - { name: Log, locations: [~/in, ~/kept], filters: [extension: txt], actions: [copy: '~/seen/{path.name}'] }\n";

fn asked(stage: &Stage) -> Vec<String> {
    stage.engine.questions().into_iter().map(|question| question.text.into()).collect()
}

fn names(stage: &Stage, folder: &str) -> Vec<String> {
    stage.home.tree(folder).into_keys().map(|path| path.display().to_string()).collect()
}

#[test]
fn what_comes_before_the_question_is_done_and_the_rest_waits() {
    let mut stage = Stage::new(ASK);
    let path = stage.drop_file("in/a.txt", "1");
    stage.settle();
    assert_eq!(asked(&stage), ["Tidy asks about x-a.txt: File x-a.txt?"]);
    assert_eq!(names(&stage, "in"), ["x-a.txt"]);
    assert_eq!(names(&stage, "seen"), [""; 0], "no later rule takes it meanwhile");
    assert_eq!(stage.happenings.iter().filter(|told| matches!(told, Happening::Asked(_))).count(), 1);
    let waiting = stage.engine.why(&path.with_file_name("x-a.txt")).waiting;
    assert_eq!(waiting.unwrap(), "Tidy asks about x-a.txt: File x-a.txt?");

    let id = stage.engine.questions()[0].id;
    let report = stage.engine.answer(id, true).unwrap().unwrap();
    assert_eq!((report.done, report.lines.len()), (1, 3));
    stage.settle();
    assert_eq!(asked(&stage), [""; 0]);
    assert_eq!(names(&stage, "in"), [""; 0]);
    assert_eq!(names(&stage, "kept"), ["x-a.txt"]);
    assert_eq!(names(&stage, "seen"), ["x-a.txt"], "and then later rules have their turn");
    assert_eq!(
        stage.journal(),
        [
            "Done rename ~/in/a.txt -> ~/in/x-a.txt",
            "Done confirm ~/in/x-a.txt (File x-a.txt? yes)",
            "Done move ~/in/x-a.txt -> ~/out/x-a.txt",
            "Done copy ~/out/x-a.txt -> ~/kept/x-a.txt",
            "Done copy ~/kept/x-a.txt -> ~/seen/x-a.txt",
        ]
    );
    assert!(stage.engine.answer(id, true).unwrap().is_none(), "it is answered");
}

#[test]
fn a_no_ends_the_rule_for_this_version_of_the_file_and_no_other() {
    let mut stage = Stage::new(ASK);
    stage.drop_file("in/a.txt", "1");
    stage.settle();
    let report = stage.engine.answer(stage.engine.questions()[0].id, false).unwrap().unwrap();
    assert_eq!((report.done, report.failed), (1, 0), "who says no has got what they wanted");
    stage.settle();
    assert_eq!(names(&stage, "in"), ["x-a.txt"]);
    assert_eq!(names(&stage, "seen"), ["x-a.txt"]);
    assert_eq!(stage.journal()[1], "Done confirm ~/in/x-a.txt (File x-a.txt? no)");

    let mut stage = stage.restart();
    stage.sweep();
    stage.settle();
    assert_eq!(asked(&stage), [""; 0]);
    stage.drop_file("in/x-a.txt", "other");
    stage.settle();
    assert_eq!(asked(&stage), ["Tidy asks about x-x-a.txt: File x-x-a.txt?"]);
}

#[test]
fn what_nobody_has_answered_is_asked_again_after_a_restart() {
    let rules = "rules: [{name: T, locations: ~/in, actions: [confirm, move: ~/out/]}]";
    let mut stage = Stage::new(rules);
    stage.drop_file("in/a", "1");
    stage.settle();
    assert_eq!(stage.journal(), [""; 0], "nothing has been done");
    let mut stage = stage.restart();
    assert_eq!(asked(&stage), [""; 0]);
    stage.sweep();
    stage.settle();
    assert_eq!(asked(&stage), ["T asks about a: Continue?"]);
}

#[test]
fn a_question_goes_with_its_file_and_is_put_anew_for_another_version() {
    let rules = "rules: [{name: T, locations: ~/in, actions: [confirm: '{path.name} {size.bytes}?', move: ~/out/], filters: [size]}]";
    let mut stage = Stage::new(rules);
    let path = stage.drop_file("in/a", "1");
    stage.settle();
    let first = stage.engine.questions()[0].id;
    stage.drop_file("in/a", "12");
    stage.settle();
    assert_eq!(asked(&stage), ["T asks about a: a 2?"]);
    assert!(stage.engine.answer(first, true).unwrap().is_none(), "the first one is about what is gone");
    std::fs::remove_file(path).unwrap();
    stage.play("in/a", Change::Gone);
    stage.settle();
    assert_eq!(asked(&stage), [""; 0]);
}

#[test]
fn a_yes_is_about_the_file_that_was_asked_about() {
    let mut stage = Stage::new("rules: [{name: T, locations: ~/in, actions: [confirm, move: ~/out/]}]");
    stage.drop_file("in/a", "1");
    stage.settle();
    // Nobody has told of this yet.
    stage.home.write("in/a", "another one");
    let report = stage.engine.answer(stage.engine.questions()[0].id, true).unwrap().unwrap();
    assert_eq!((report.done, report.failed), (0, 1));
    assert_eq!(names(&stage, "in"), ["a"]);
    stage.settle();
    assert_eq!(asked(&stage), ["T asks about a: Continue?"], "it is asked about as it is now");
}

#[test]
fn other_rules_take_back_what_the_old_ones_have_asked() {
    let mut stage = Stage::new("rules: [{name: T, locations: ~/in, actions: [confirm, move: ~/out/]}]");
    stage.drop_file("in/a", "1");
    stage.settle();
    stage.set_rules("rules: [{name: T, locations: ~/in, actions: [confirm: Sure?, move: ~/elsewhere/]}]");
    stage.settle();
    assert_eq!(asked(&stage), ["T asks about a: Sure?"]);
    stage.set_rules("rules: [{name: T, locations: ~/in, actions: [move: ~/elsewhere/]}]");
    stage.settle();
    assert_eq!(asked(&stage), [""; 0]);
    assert_eq!(names(&stage, "elsewhere"), ["a"]);
}

#[test]
fn a_simulation_goes_on_with_the_default() {
    let rules = |default: &str| {
        format!(
            "rules: [{{locations: ~/in, actions: [confirm: {{msg: 'Move {{path.name}}?', default: {default}}}, move: ~/out/]}}]"
        )
    };
    let mut stage = Stage::new(&rules("true"));
    stage.home.write("in/a", "1");
    let sim = stage.sim();
    assert_eq!(sim, ["confirm ~/in/a (Move a? yes)", "move ~/in/a -> ~/out/a"]);
    assert_eq!(stage.run(), [""; 0], "a run has nothing to tell before it is answered");
    let id = stage.engine.questions()[0].id;
    let answered = stage.engine.answer(id, true).unwrap().unwrap();
    assert_eq!(answered.lines.into_iter().map(|line| String::from(line.text)).collect::<Vec<_>>(), sim);
    stage.set_rules(&rules("false"));
    stage.home.write("in/b", "1");
    assert_eq!(stage.sim(), ["confirm ~/in/b (Move b? no)"]);
}

#[test]
fn a_run_stops_at_a_question_where_somebody_waits_for_it() {
    let mut stage = Stage::new(
        "rules:
  - { locations: ~/in, actions: [confirm: '{path.name}?', move: ~/out/] }
  - { locations: [~/in, ~/out], actions: [copy: '~/seen/{location.name}-{path.name}.x'] }\n",
    );
    ["a", "b", "c"].iter().for_each(|name| drop(stage.home.write(format!("in/{name}"), *name)));
    let rules = stage.rules();
    let mut sweep =
        stage.engine.begin_sweep(&rules, usher_event::Sentence::foreign("test"), Limits::AskAtOnce);
    for (asks, reply) in [("a?", Reply::Yes), ("b?", Reply::No), ("c?", Reply::Nobody)] {
        let id = loop {
            match stage.engine.go_on(&mut sweep, &mut |_, _| {}).unwrap() {
                Going::Asks(id) => break id,
                going => assert_eq!(going, Going::On),
            }
        };
        let question = stage.engine.questions().into_iter().find(|question| question.id == id).unwrap();
        assert_eq!(question.words.unwrap().text, asks);
        assert_eq!(names(&stage, "seen"), [""; 0], "the second rule waits for the first one's end");
        sweep = stage.engine.begin_answer(id, reply, Some(sweep)).unwrap().unwrap();
    }
    while stage.engine.go_on(&mut sweep, &mut |_, _| {}).unwrap() != Going::Over {}
    let report = stage.engine.end_sweep(sweep).unwrap();
    assert_eq!((report.done, report.failed), (5, 1), "the one nobody has answered for has failed");
    assert_eq!(names(&stage, "out"), ["a"]);
    assert_eq!(names(&stage, "seen"), ["in-b.x", "in-c.x", "out-a.x"]);
    assert_eq!(stage.engine.questions(), []);
    assert_eq!(stage.engine.journal().run_count(), 1, "all of it is one run");
}

#[test]
fn a_question_nobody_waits_for_is_left_and_no_later_rule_takes_the_file() {
    let mut stage = Stage::new(
        "rules:
  - { locations: ~/in, actions: [confirm, move: ~/out/] }
  - { locations: ~/in, filters: [name: b], actions: [confirm, delete] }
  - { locations: ~/in, actions: [move: ~/rest/] }\n",
    );
    ["a", "b"].iter().for_each(|name| drop(stage.home.write(format!("in/{name}"), *name)));
    assert_eq!(stage.run(), [""; 0]);
    assert_eq!(stage.engine.questions().len(), 2);
    for question in stage.engine.questions() {
        stage.engine.answer(question.id, true).unwrap();
    }
    assert_eq!((names(&stage, "in"), names(&stage, "out")), (vec![], vec!["a".to_owned(), "b".to_owned()]));
}

#[test]
fn a_yes_beforehand_is_never_asked() {
    let mut stage = Stage::new(
        "rules: [{locations: ~/in, actions: [confirm: 1?, shell: 'true', confirm: 2?, move: ~/out/]}, {actions: [confirm: 3?, echo: done]}]",
    );
    ["a", "b"].iter().for_each(|name| drop(stage.home.write(format!("in/{name}"), *name)));
    let rules = stage.rules();
    let report = stage
        .engine
        .run(&rules, usher_event::Sentence::foreign("test"), Limits::Ignore, &mut |_, _| {})
        .unwrap();
    assert_eq!((report.done, report.failed, report.questions.len()), (3, 0, 0));
    assert_eq!(names(&stage, "out"), ["a", "b"]);
    let lines: Vec<String> = report.lines.into_iter().map(|line| String::from(line.text)).collect();
    assert_eq!(lines.iter().filter(|line| line.starts_with("confirm")).count(), 5, "{lines:?}");
    assert_eq!(lines.last().unwrap(), "echo: done");
}

#[test]
fn what_was_done_after_a_yes_can_be_undone() {
    let mut stage = Stage::new(ASK);
    stage.drop_file("in/a.txt", "1");
    stage.settle();
    stage.engine.answer(stage.engine.questions()[0].id, true).unwrap();
    let undone = stage.engine.undo(&usher_engine::UndoWhat::Last, false).unwrap();
    assert_eq!(undone.refused.len(), 0);
    assert_eq!(names(&stage, "in"), ["x-a.txt"]);
    assert_eq!((names(&stage, "out"), names(&stage, "kept")), (vec![], vec![]));
}

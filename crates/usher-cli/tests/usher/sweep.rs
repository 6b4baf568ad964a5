//! `usher run` and `usher sim`.

use std::fs;

use serde_json::json;

use crate::home::{FILE_ALL, FILE_PDFS, Home, names, until};

#[test]
fn a_simulation_changes_nothing_and_a_run_prints_the_same_lines() {
    let home = Home::with_rules(FILE_PDFS);
    for name in ["a.pdf", "b.pdf", "c.txt"] {
        home.write(format!("in/{name}"), name);
    }
    home.write("out/a.pdf", "another");
    let sim = home.usher(&["sim"]);
    assert_eq!(sim.code, Some(0), "{}", sim.err);
    assert_eq!(names(&home.path("in")), ["a.pdf", "b.pdf", "c.txt"]);
    let run = home.usher(&["run"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    insta::assert_snapshot!(run.out, @"
    File PDFs
      move ~/in/a.pdf -> ~/out/a 2.pdf
      move ~/in/b.pdf -> ~/out/b.pdf
    2 files handled. Take it back with: usher undo 1
    ");
    let steps =
        |text: &str| text.lines().filter(|line| line.starts_with(' ')).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(steps(&sim.out), steps(&run.out));
    assert_eq!(names(&home.path("in")), ["c.txt"]);
    assert_eq!(names(&home.path("out")), ["a 2.pdf", "a.pdf", "b.pdf"]);
    assert_eq!(fs::read(home.path("out/a.pdf")).unwrap(), b"another");
    assert_eq!(home.usher(&["run"]).out, "Nothing to do.\n");
}

#[test]
fn what_a_program_is_still_writing_to_is_left_alone_and_named() {
    let home = Home::with_rules(FILE_PDFS);
    home.write("in/done.pdf", "done");
    home.write("in/open.pdf", "half");
    let open = fs::OpenOptions::new().append(true).open(home.path("in/open.pdf")).unwrap();
    for command in ["sim", "run"] {
        let run = home.usher(&[command]);
        assert_eq!(run.code, Some(0), "{}", run.err);
        let told = run.err.replace("BASE/home", "~");
        assert_eq!(told.trim(), "warning: ~/in/open.pdf is left alone: a program has it open for writing");
    }
    assert_eq!(names(&home.path("in")), ["open.pdf"]);
    drop(open);
    assert_eq!(home.usher(&["run"]).err, "");
    assert_eq!(names(&home.path("in")), [] as [&str; 0]);
}

#[test]
fn json_lines_are_organizes() {
    let home = Home::with_rules(FILE_PDFS);
    let file = home.write("in/a.pdf", "a");
    let events = home.json(&["sim", "--format", "JSONL"]);
    assert_eq!(events.len(), 3);
    assert_eq!(
        events[0],
        json!({"type": "START", "simulate": true, "config_path": null, "working_dir": home.user()})
    );
    assert_eq!(events[1]["type"], "MSG");
    assert_eq!(events[1]["level"], "info");
    assert_eq!(events[1]["path"], file.to_str().unwrap());
    assert_eq!(events[1]["basedir"], home.path("in").to_str().unwrap());
    assert_eq!(events[1]["sender"], "move");
    assert_eq!(events[1]["rule_nr"], 0);
    assert_eq!(events[1]["rule_name"], "File PDFs");
    assert_eq!(events[2], json!({"type": "REPORT", "success_count": 1, "error_count": 0}));
}

#[test]
fn a_config_is_run_by_path_or_name_from_its_working_dir() {
    let home = Home::new();
    let yaml = "rules:\n  - locations: in\n    actions:\n      - move: out/\n";
    fs::write(home.path("mine.yaml"), yaml).unwrap();
    home.write("work/in/a", "a");
    home.write("in/b", "b");
    let said = home.usher(&["run", "mine", "-W", "work"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(home.path("work/out/a").exists());
    assert!(home.path("in/b").exists());
    assert_eq!(home.usher(&["run", "./mine.yaml"]).code, Some(0));
    assert!(home.path("out/b").exists());
    assert_eq!(home.usher(&["run", "mine", "-W", "nowhere"]).code, Some(2));
}

#[test]
fn tags_and_rule_choose_rules() {
    let home = Home::with_rules(
        "
rules:
  - name: One
    tags: [a]
    actions: [echo: one]
  - name: Two
    tags: [b]
    actions: [echo: two]
  - name: Three
    actions: [echo: three]
",
    );
    let said = |arguments: &[&str]| {
        let said = home.usher(arguments);
        assert_eq!(said.code, Some(0), "{}", said.err);
        said.out
            .lines()
            .filter_map(|line| line.trim().strip_prefix("echo: ").map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert_eq!(said(&["run"]), ["one", "two", "three"]);
    assert_eq!(said(&["run", "-T", "a,b"]), ["one", "two"]);
    assert_eq!(said(&["run", "--tags", "a", "--skip-tags", "a"]), Vec::<String>::new());
    assert_eq!(said(&["run", "-S", "b"]), ["one", "three"]);
    assert_eq!(said(&["run", "--rule", "rules/Two"]), ["two"]);
}

#[test]
fn nothing_to_run_ends_with_1_and_says_what_to_do() {
    let said = Home::new().usher(&["run"]);
    assert_eq!(said.code, Some(1));
    insta::assert_snapshot!(said.err, @"
    error: there are no rule files in BASE/config/usher/rules
    hint: make one with `usher new`, or name a file
    ");
}

#[test]
fn failed_steps_end_with_4_and_do_not_stop_the_others() {
    let home = Home::with_rules(
        "
rules:
  - name: Rename
    locations: ~/in
    actions:
      - rename: '{% if path.name == \"bad\" %}no/where{% else %}new-{path.name}{% endif %}'
",
    );
    home.write("in/bad", "bad");
    home.write("in/good", "good");
    let said = home.usher(&["run"]);
    assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
    assert!(said.err.contains("failed:") && said.err.contains("bad"), "{}", said.err);
    assert_eq!(names(&home.path("in")), ["bad", "new-good"]);
}

#[test]
fn errorsonly_is_silent_where_all_is_well() {
    let home = Home::with_rules(FILE_PDFS);
    home.write("in/a.pdf", "a");
    let said = home.usher(&["run", "-F", "errorsonly"]);
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (Some(0), "", ""));
    assert!(home.path("out/a.pdf").exists());
}

const TWO_AT_MOST: &str = "rules: [{name: Tidy, locations: ~/in, actions: [move: ~/out/], limit: 2}]";

fn five_files() -> Home {
    let home = Home::with_rules(TWO_AT_MOST);
    (0..5).for_each(|nr| drop(home.write(format!("in/{nr}"), "x")));
    home
}

#[test]
fn a_rule_at_its_limit_asks_whoever_runs_it() {
    let home = five_files();
    let said = home.usher_told(&["run"], "yes\n");
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.err.contains("Tidy has acted on 2 and wants to act on 3 more files. Let it? [y/N]"),
        "{}",
        said.err
    );
    assert_eq!(names(&home.path("out")).len(), 5);
    let home = five_files();
    home.usher_told(&["run"], "n\n");
    assert_eq!(names(&home.path("out")).len(), 2);
}

#[test]
fn where_nobody_answers_nothing_is_done_beyond_the_limit_unless_yes_was_said_beforehand() {
    let home = five_files();
    let said = home.usher(&["run"]);
    assert_eq!(said.code, Some(4), "not everything was done");
    assert!(said.err.contains("run again with `--yes`"), "{}", said.err);
    assert_eq!(names(&home.path("out")).len(), 2);
    let home = five_files();
    let sim = home.usher(&["sim"]);
    assert_eq!(sim.code, Some(0));
    assert!(sim.out.contains("limit: Tidy asks before it acts on 3 more than 2"), "{}", sim.out);
    let said = home.usher(&["run", "--yes"]);
    assert!(!said.err.contains("[y/N]"), "{}", said.err);
    assert_eq!(names(&home.path("out")).len(), 5);
}

#[test]
fn a_resident_ushers_question_is_shown_and_answered() {
    let home = five_files();
    let _watching = home.watch();
    until("it asks", || home.usher(&["answer"]).out.contains("wants to act on 3 more files"));
    assert_eq!(home.json(&["status", "--json"])[0]["state"], "needs_you");
    assert_eq!(home.usher(&["answer", "yes", "99"]).code, Some(1));
    assert_eq!(home.usher(&["answer", "yes"]).code, Some(2));
    assert_eq!(home.usher(&["answer", "yes", "all"]).code, Some(0));
    until("the rest is filed", || names(&home.path("out")).len() == 5);
    assert_eq!(home.usher(&["answer"]).out, "Nothing waits for an answer.\n");
}

#[test]
fn a_location_that_is_not_there_is_said_and_the_others_are_handled() {
    let home = Home::with_rules(
        "rules: [ { name: Typo, locations: [ ~/in, ~/Donwloads ], actions: [ move: ~/out/ ] } ]",
    );
    home.write("in/a.txt", "a");
    let warning = "warning: BASE/home/Donwloads is not there, and Typo looks for files in it: make it, plug its drive in, or change the rule";
    for command in ["sim", "run"] {
        let said = home.usher(&[command]);
        assert_eq!((said.code, said.err.trim_end()), (Some(0), warning));
    }
    assert_eq!(names(&home.path("out")), ["a.txt"]);
}

#[test]
fn what_only_failed_is_not_offered_to_be_taken_back() {
    let home = Home::with_rules(FILE_ALL);
    // A file is where the folder should be.
    fs::remove_dir(home.path("out")).unwrap();
    home.write("out", "in the way");
    home.write("in/a.txt", "a");
    let said = home.usher(&["run"]);
    assert_eq!((said.code, said.out.lines().last()), (Some(4), Some("0 files handled, 1 failed.")));
}

#[test]
fn files_for_which_nothing_had_to_be_done_are_not_said_to_be_handled() {
    let home =
        Home::with_rules("rules: [{locations: ~/in, actions: [{move: {dest: ~/out/, on_conflict: skip}}]}]");
    home.write("in/a", "a");
    home.write("in/b", "b");
    home.write("out/a", "another");
    let closing = |command: &str| home.usher(&[command]).out.lines().last().unwrap().to_owned();
    assert_eq!(closing("sim"), "1 file would be handled, 1 would be left as it is. Nothing was changed.");
    assert_eq!(closing("run"), "1 file handled, 1 left as it was. Take it back with: usher undo 1");
    assert_eq!(closing("run"), "1 file left as it was.");
    assert_eq!(closing("sim"), "1 file would be left as it is. Nothing was changed.");
    home.rule_file("rules.yaml", "rules: [{locations: ~/in, actions: [{echo: hi}]}]");
    assert_eq!(closing("run"), "1 file handled.", "nothing of it can be taken back");
}

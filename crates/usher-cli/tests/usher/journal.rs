//! `usher log`, `undo`, `redo` and `why`.

use std::fs;
use std::time::{Duration, SystemTime};

use crate::home::{FILE_ALL, FILE_PDFS, Home, names};

#[test]
fn what_was_done_is_listed_and_taken_back_and_done_again() {
    let home = Home::with_rules(FILE_PDFS);
    let file = home.write("in/a.pdf", "a");
    let old = SystemTime::now() - Duration::from_secs(86_400);
    fs::File::options().write(true).open(&file).unwrap().set_modified(old).unwrap();
    let before = fs::metadata(&file).unwrap().modified().unwrap();
    home.usher(&["run"]);
    insta::assert_snapshot!(home.usher(&["log"]).out, @"
    run 1  DATE TIME  run by hand
           1  move ~/in/a.pdf -> ~/out/a.pdf
    ");

    let said = home.usher(&["undo"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    insta::assert_snapshot!(said.out, @"
    run 2  DATE TIME  undo of run 1
           2  undo ~/out/a.pdf -> ~/in/a.pdf (move)
    ");
    assert_eq!(fs::read(&file).unwrap(), b"a");
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), before);
    assert!(!home.path("out/a.pdf").exists());

    let said = home.usher(&["redo"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(fs::read(home.path("out/a.pdf")).unwrap(), b"a");
    assert!(!file.exists());
}

#[test]
fn each_step_is_one_json_object() {
    let home = Home::with_rules(FILE_PDFS);
    let from = home.write("in/a.pdf", "a");
    home.usher(&["run"]);
    let steps = home.json(&["log", "--json"]);
    assert_eq!(steps.len(), 1);
    let step = steps[0].as_object().unwrap();
    assert_eq!(step["run"], 1);
    assert_eq!(step["step"], 0);
    assert_eq!(step["rule"], "File PDFs");
    assert_eq!(step["action"], "move");
    assert_eq!(step["from"], from.to_str().unwrap());
    assert_eq!(step["to"], home.path("out/a.pdf").to_str().unwrap());
    assert_eq!(step["state"], "done");
    let at: jiff::Timestamp = step["at"].as_str().unwrap().parse().unwrap();
    assert!(jiff::Timestamp::now().duration_since(at).as_secs() < 600);
    home.usher(&["undo"]);
    let states: Vec<_> =
        home.json(&["log", "1", "--json"]).iter().map(|step| step["state"].clone()).collect();
    assert_eq!(states, ["undone"]);
}

#[test]
fn a_long_run_is_listed_whole_where_it_is_asked_for() {
    let home = Home::with_rules(FILE_ALL);
    for nr in 0..250 {
        home.write(format!("in/{nr}"), "");
    }
    home.usher(&["run", "-F", "errorsonly"]);
    assert_eq!(home.json(&["log", "--json"]).len(), 250);
    assert_eq!(home.usher(&["log", "1"]).out.lines().count(), 251);
    assert!(home.usher(&["log"]).out.contains("more steps: usher log 1"));
}

#[test]
fn the_log_can_be_searched() {
    let home = Home::with_rules(FILE_PDFS);
    for name in ["one.pdf", "two.pdf"] {
        home.write(format!("in/{name}"), name);
        home.usher(&["run"]);
    }
    let runs = |arguments: &[&str]| {
        let steps = home.json(&[&["log", "--json"], arguments].concat());
        steps.iter().map(|step| step["run"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(runs(&[]), [2, 1]);
    assert_eq!(runs(&["ONE"]), [1]);
    assert_eq!(runs(&["--rule", "File PDFs"]), [2, 1]);
    assert_eq!(runs(&["--limit", "1"]), [2]);
    assert_eq!(runs(&["--since", "1h"]), [2, 1]);
    assert_eq!(home.usher(&["log", "7"]).code, Some(1));
}

#[test]
fn undo_leaves_alone_what_has_changed_and_takes_a_free_name_when_asked() {
    let home = Home::with_rules(FILE_ALL);
    home.write("in/changed", "old");
    home.write("in/taken", "mine");
    home.usher(&["run"]);
    home.write("out/changed", "something newer");
    home.write("in/taken", "another");
    let said = home.usher(&["undo"]);
    assert_eq!(said.code, Some(4));
    assert_eq!(said.err.matches("left alone:").count(), 2, "{}", said.err);
    let hint = "hint: with --rename, what finds its old place taken gets a free name beside it";
    assert!(said.err.contains(hint) && !said.err.contains("on_conflict"), "{}", said.err);
    let sim = home.usher(&["undo", "--sim", "1"]);
    assert!(sim.err.contains(hint), "{}", sim.err);
    assert_eq!(fs::read(home.path("out/changed")).unwrap(), b"something newer");
    assert_eq!(fs::read(home.path("in/taken")).unwrap(), b"another");

    let said = home.usher(&["undo", "1", "--rename"]);
    assert_eq!(said.code, Some(4), "the changed one is still left alone: {}", said.err);
    assert!(!said.err.contains("--rename"), "{}", said.err);
    assert_eq!(names(&home.path("in")).len(), 2);
    assert_eq!(fs::read(home.path("in/taken")).unwrap(), b"another");
    assert_eq!(names(&home.path("out")), ["changed"]);
}

#[test]
fn a_simulated_undo_says_what_the_undo_then_does_and_changes_nothing() {
    let home = Home::with_rules(FILE_ALL);
    for name in ["changed", "moved"] {
        home.write(format!("in/{name}"), name);
    }
    home.usher(&["run"]);
    home.write("out/changed", "something newer");
    let sim = home.usher(&["undo", "--sim"]);
    assert_eq!(sim.code, Some(4), "{}", sim.err);
    insta::assert_snapshot!(sim.out, @"
    the undo of run 1 would be
              undo ~/out/moved -> ~/in/moved (move)
    ");
    assert_eq!(names(&home.path("in")), Vec::<String>::new());
    assert_eq!(home.json(&["log", "--json"]).len(), 2, "nothing is written down");
    let said = home.usher(&["undo"]);
    let step = |line: &str| line.trim_start().trim_start_matches(char::is_numeric).trim().to_owned();
    let steps = |out: &str| out.lines().skip(1).map(step).collect::<Vec<_>>();
    assert_eq!((steps(&said.out), said.err, said.code), (steps(&sim.out), sim.err, sim.code));
    assert_eq!(home.usher(&["undo", "--sim", "2"]).out.lines().next(), Some("the redo of run 2 would be"));
    assert_eq!(home.usher(&["undo", "--sim", "9"]).code, Some(1));
}

#[test]
fn one_step_and_a_span_of_time_can_be_taken_back() {
    let home = Home::with_rules(FILE_ALL);
    home.write("in/a", "a");
    home.write("in/b", "b");
    home.usher(&["run"]);
    let step = home.json(&["log", "--json"])[0]["id"].to_string();
    let said = home.usher(&["undo", "--step", &step]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(names(&home.path("in")), ["a"]);
    let said = home.usher(&["undo", "--since", "1h", "--rule", "File all"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(names(&home.path("in")), ["a", "b"]);
}

#[test]
fn why_explains_rule_by_rule() {
    let home = Home::with_rules(FILE_PDFS);
    home.write("in/a.txt", "a");
    let said = home.usher(&["why", "in/a.txt"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    insta::assert_snapshot!(said.out, @"
    BASE/home/in/a.txt

    File PDFs: turned away by extension: it wants pdf, and it has txt
      BASE/config/usher/rules/rules.yaml:3
      no        extension: pdf  saw txt
      again: it looks again when the file changes or moves
    ");
    home.write("in/b.pdf", "b");
    insta::assert_snapshot!(home.usher(&["why", "in/b.pdf"]).out, @"
    BASE/home/in/b.pdf

    File PDFs: it would act
      BASE/config/usher/rules/rules.yaml:3
      yes       extension: pdf  saw pdf
      would move ~/in/b.pdf -> ~/out/b.pdf
    ");
    let why = &home.json(&["why", "in/b.pdf", "--json"])[0];
    assert_eq!(why["rules"][0]["verdict"], "matches");
}

#[test]
fn a_journal_that_was_put_aside_is_told_until_it_is_dismissed_or_a_day_old() {
    let home = Home::with_rules(FILE_PDFS);
    let journal = home.path("../state/usher/journal.db");
    fs::create_dir_all(journal.parent().unwrap()).unwrap();
    fs::write(&journal, "this is not a database").unwrap();
    let told = |said: &str| said.contains("warning: the journal was damaged; it was put aside as ");
    for _ in 0..2 {
        let said = home.usher(&["log"]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert!(told(&said.err) && said.err.contains("hint: what was done before"), "{}", said.err);
    }
    let aside = journal.with_file_name("journal.damaged-1.db");
    let long_ago = SystemTime::now() - Duration::from_secs(25 * 3600);
    fs::File::options().write(true).open(&aside).unwrap().set_modified(long_ago).unwrap();
    assert!(!told(&home.usher(&["log"]).err), "it is no news any more");
    fs::File::options().write(true).open(&aside).unwrap().set_modified(SystemTime::now()).unwrap();
    assert!(told(&home.usher(&["log"]).err));
    let said = home.usher(&["dismiss", "all"]);
    assert!(
        said.code == Some(0) && said.out.starts_with("taken off: the journal was damaged"),
        "{}",
        said.err
    );
    assert!(!told(&home.usher(&["log"]).err), "it was dismissed");
    let said = home.usher(&["dismiss", "all"]);
    insta::assert_snapshot!(said.err, @"
    error: nothing of `all` can be taken off
    hint: see `usher status` for what there is; name a rule, a path or `all`
    ");
}

#[test]
fn what_failed_is_taken_off_by_rule_or_path() {
    let home = Home::with_rules(FILE_PDFS);
    // A file is where the folder should be.
    fs::remove_dir(home.path("out")).unwrap();
    home.write("out", "in the way");
    home.write("in/a.pdf", "a");
    home.write("in/b.pdf", "b");
    assert_eq!(home.usher(&["run"]).code, Some(4));
    let taken_off = |what: &str| home.usher(&["dismiss", what]).code == Some(0);
    assert!(!taken_off("in/c.pdf") && !taken_off("Another rule"));
    assert!(taken_off("in/a.pdf") && !taken_off("in/a.pdf"), "once");
    assert!(taken_off("File PDFs") && !taken_off("in/b.pdf"), "all of the rule");
}

#[test]
fn settings_that_cannot_be_read_are_told_by_a_command_too() {
    let home = Home::with_rules(FILE_PDFS);
    home.write("../config/usher/settings.toml", "theme = [");
    let said = home.usher(&["run"]);
    assert!(
        said.code == Some(0) && said.err.contains("warning: BASE/config/usher/settings.toml:1"),
        "{}",
        said.err
    );
}

#[test]
fn a_rule_that_nobody_knows_is_an_error_and_one_that_is_gone_is_known_by_what_it_did() {
    let home = Home::with_rules(FILE_ALL);
    home.write("in/a", "a");
    home.usher(&["run"]);
    for arguments in [
        &["undo", "--since", "1h", "--rule"][..],
        &["undo", "--sim", "--since", "1h", "--rule"],
        &["log", "--rule"],
        &["run", "--rule"],
        &["rules", "disable"],
    ] {
        let said = |rule: &str| home.usher(&[arguments, &[rule]].concat());
        let near = said("file al");
        assert_eq!(near.code, Some(1), "{arguments:?}: {}", near.out);
        insta::allow_duplicates! { insta::assert_snapshot!(near.err, @"
        error: there is no rule `file al`
        hint: did you mean `File all`? See `usher rules` for all of them
        "); }
        let far = said("zebra").err;
        assert!(far.contains("hint: see `usher rules` for their names"), "{arguments:?}: {far}");
    }
    home.rule_file("rules.yaml", "rules: []");
    for rule in ["File all", "rules/File all"] {
        let log = home.usher(&["log", "--rule", rule]);
        assert!(log.code == Some(0) && log.out.contains("run 1"), "{}{}", log.out, log.err);
        let said = home.usher(&["undo", "--since", "1h", "--rule", rule]);
        assert_eq!(said.code, Some(0), "{}", said.err);
    }
    assert_eq!(names(&home.path("in")), ["a"]);
    let said = home.usher(&["undo", "--since", "1h", "--rule", "File all"]);
    assert_eq!((said.out.as_str(), said.code), ("There is nothing to take back.\n", Some(0)));
}

#[test]
fn a_rule_goes_by_its_name_wherever_it_is_named_unless_another_one_has_it_too() {
    let home = Home::with_rules(FILE_ALL);
    home.write("in/a", "a");
    assert_eq!(home.usher(&["rules", "disable", "File all"]).out, "File all is off now.\n");
    assert_eq!(home.usher(&["run"]).out, "Nothing to do.\n");
    assert_eq!(home.usher(&["rules", "enable", "rules/File all"]).code, Some(0));
    assert_eq!(home.usher(&["run", "--rule", "File all"]).code, Some(0));
    home.rule_file("more.yaml", FILE_ALL);
    for arguments in [
        &["run", "--rule", "File all"][..],
        &["rules", "disable", "File all"],
        &["log", "--rule", "File all"],
        &["undo", "--since", "1h", "--rule", "File all"],
        &["dismiss", "File all"],
    ] {
        let said = home.usher(arguments);
        assert_eq!(said.code, Some(1), "{arguments:?}: {}", said.out);
        assert!(said.err.contains("several rules are called `File all`"), "{arguments:?}: {}", said.err);
        assert!(said.err.contains("more/File all") && said.err.contains("rules/File all"), "{}", said.err);
    }
    assert_eq!(home.usher(&["rules", "disable", "more/File all"]).code, Some(0));
    assert_eq!(home.usher(&["run", "--rule", "rules/File all"]).code, Some(0));
}

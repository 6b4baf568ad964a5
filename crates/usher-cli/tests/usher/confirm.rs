//! A rule that asks in the middle of its actions, at a terminal and without one.

use crate::home::{Home, names, until};

const ASKING: &str = "rules:
  - name: Tidy
    locations: ~/in
    actions: [confirm: 'File {path.name}?', move: ~/out/]
  - name: Rest
    locations: ~/in
    filters: [name: c]
    actions: [move: ~/rest/]\n";

fn three_files() -> Home {
    let home = Home::with_rules(ASKING);
    ["a", "b", "c"].iter().for_each(|name| drop(home.write(format!("in/{name}"), "x")));
    home
}

#[test]
fn each_file_is_asked_about_before_the_next_rule_runs() {
    let home = three_files();
    let said = home.usher_told(&["run"], "\nperhaps\nno\nn\n");
    assert_eq!(said.code, Some(0), "{}", said.err);
    insta::assert_snapshot!(said.err, @"
    Tidy asks about a: File a? [Y/n] 
    Tidy asks about b: File b? [Y/n] 
    please answer yes or no
    Tidy asks about b: File b? [Y/n] 
    Tidy asks about c: File c? [Y/n]
    ");
    insta::assert_snapshot!(said.out, @"
    Tidy
      confirm ~/in/a (File a? yes)
      move ~/in/a -> ~/out/a
      confirm ~/in/b (File b? no)
      confirm ~/in/c (File c? no)
    Rest
      move ~/in/c -> ~/rest/c
    4 files handled. Take it back with: usher undo 1
    ");
    assert_eq!((names(&home.path("in")), names(&home.path("out"))), (vec!["b".into()], vec!["a".into()]));
    assert_eq!(home.usher(&["undo"]).code, Some(0));
    assert_eq!(names(&home.path("in")), ["a", "b", "c"]);
}

#[test]
fn without_anybody_to_ask_the_file_has_failed_and_the_others_go_on() {
    let home = three_files();
    let said = home.usher(&["run"]);
    assert_eq!(said.code, Some(4));
    assert_eq!(said.err.matches("nobody was there to answer").count(), 3, "{}", said.err);
    assert_eq!(
        (names(&home.path("in")), names(&home.path("rest"))),
        (vec!["a".into(), "b".into()], vec!["c".into()])
    );
}

#[test]
fn a_yes_beforehand_and_a_simulation_ask_nobody() {
    let home = three_files();
    let sim = home.usher(&["sim"]);
    assert_eq!(sim.code, Some(0), "{}", sim.err);
    assert!(sim.out.contains("confirm ~/in/a (File a? yes)  a run asks first\n  move"), "{}", sim.out);
    let said = home.usher(&["run", "--yes"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert_eq!(names(&home.path("out")), ["a", "b", "c"]);
}

#[test]
fn json_lines_have_the_question_in_organizes_words() {
    let home = three_files();
    let said = home.usher_told(&["run", "-F", "jsonl", "--rule", "Tidy"], "y\nwhatever\n\n");
    let lines: Vec<&str> = said.out.lines().skip(1).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"type":"CONFIRM","path":"BASE/home/in/a","basedir":"BASE/home/in","sender":"confirm","msg":"File a?","default":true,"rule_nr":0,"rule_name":"Tidy"}
    {"type":"MSG","level":"info","path":"BASE/home/in/a","basedir":"BASE/home/in","sender":"move","msg":"move ~/in/a -> ~/out/a","rule_nr":0,"rule_name":"Tidy"}
    {"type":"CONFIRM","path":"BASE/home/in/b","basedir":"BASE/home/in","sender":"confirm","msg":"File b?","default":true,"rule_nr":0,"rule_name":"Tidy"}
    {"type":"CONFIRM","path":"BASE/home/in/c","basedir":"BASE/home/in","sender":"confirm","msg":"File c?","default":true,"rule_nr":0,"rule_name":"Tidy"}
    {"type":"MSG","level":"info","path":"BASE/home/in/c","basedir":"BASE/home/in","sender":"move","msg":"move ~/in/c -> ~/out/c","rule_nr":0,"rule_name":"Tidy"}
    {"type":"REPORT","success_count":3,"error_count":0}
    "#);
    assert_eq!(said.err, "");
}

#[test]
fn relative_paths_start_in_the_runs_own_directory_after_a_question_too() {
    let home = Home::with_rules("rules: []");
    let config = home.write(
        "job/rules.yaml",
        "rules: [{locations: in, actions: [shell: 'true', confirm: Go?, move: out/]}]",
    );
    home.write("job/in/a", "x");
    let _watching = home.watch();
    let config = config.to_string_lossy().into_owned();
    let working_dir = home.path("job").to_string_lossy().into_owned();
    let said = home.usher_told(&["run", &config, "-W", &working_dir], "y\n");
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(names(&home.path("job/out")), ["a"]);
}

#[test]
fn a_resident_usher_keeps_the_question_until_it_is_answered() {
    let home = three_files();
    let _watching = home.watch();
    until("it asks about all of them", || home.usher(&["answer"]).out.contains("3 questions"));
    assert_eq!(names(&home.path("in")).len(), 3, "no later rule takes one meanwhile");
    assert_eq!(home.json(&["status", "--json"])[0]["state"], "needs_you");
    let asked = home.usher(&["answer"]).out;
    let number = |name: &str| {
        let line = asked.lines().find(|line| line.contains(&format!("about {name}:"))).unwrap();
        line.split_whitespace().next().unwrap().to_owned()
    };
    let said = home.usher(&["answer", "yes", &number("a")]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("move ~/in/a -> ~/out/a"), "{}", said.out);
    assert_eq!(home.usher(&["answer", "no", "all"]).code, Some(0));
    until("the next rule has had its turn", || names(&home.path("rest")) == ["c"]);
    assert_eq!((names(&home.path("in")), names(&home.path("out"))), (vec!["b".into()], vec!["a".into()]));
    assert_eq!(home.usher(&["answer"]).out, "Nothing waits for an answer.\n");
}

#[test]
fn what_a_run_asks_and_nobody_answers_stays_with_the_resident_usher() {
    let home = Home::with_rules("rules: []");
    let config = home.write("job.yaml", ASKING);
    ["a", "b", "c"].iter().for_each(|name| drop(home.write(format!("in/{name}"), "x")));
    let _watching = home.watch();
    let config = config.to_string_lossy().into_owned();
    let said = home.usher(&["run", &config]);
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(said.err.contains("answer with `usher answer`"), "{}", said.err);
    assert_eq!(home.usher(&["answer", "yes", "all"]).code, Some(0));
    assert_eq!(names(&home.path("out")), ["a", "b", "c"]);
}

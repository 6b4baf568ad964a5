//! Files that hold the same bytes: found by a run in order, and one by one as they arrive.

use std::path::Path;

use usher_engine::Verdict;
use usher_testkit::Stage;

fn rules(by: &str) -> String {
    format!(
        "
rules:
  - name: Twice
    locations: ~/in
    subfolders: true
    filters:
      - not extension: bak
      - duplicate: {by}
    actions:
      - move: ~/twice/
"
    )
}

fn stage(by: &str) -> Stage {
    let stage = Stage::new(&rules(by));
    for (name, bytes) in [("in/a.txt", "same"), ("in/b.txt", "other"), ("in/deep/c.bak", "backup")] {
        stage.home.write(name, bytes);
    }
    stage
}

#[test]
fn a_newcomer_with_known_bytes_is_the_duplicate() {
    let mut stage = stage("first_seen");
    stage.drop_file("in/0.txt", "same");
    stage.drop_file("in/1.txt", "new");
    stage.drop_file("in/2.txt", "backup");
    stage.settle();
    assert_eq!(stage.journal(), ["Done move ~/in/0.txt -> ~/twice/0.txt"]);
    assert_eq!(stage.home.list("in"), "1.txt\n2.txt\na.txt\nb.txt\ndeep/c.bak");
}

#[test]
fn a_newcomer_may_be_the_original_and_another_file_be_moved() {
    let mut stage = stage("last_seen");
    stage.drop_file("in/0.txt", "same");
    stage.settle();
    assert_eq!(stage.journal(), ["Done move ~/in/a.txt -> ~/twice/a.txt"]);
    assert_eq!(stage.home.list("in"), "0.txt\nb.txt\ndeep/c.bak");
}

#[test]
fn of_twins_that_arrive_together_one_stays() {
    for by in ["first_seen", "last_seen", "name", "-name", "lastmodified"] {
        let mut stage = stage(by);
        for nr in 0..300 {
            stage.drop_file(format!("in/new {nr}"), "twins");
        }
        stage.settle();
        assert_eq!(stage.home.tree("twice").len(), 299, "{by}");
        assert_eq!(stage.home.list("in").matches("new").count(), 1, "{by}");
    }
}

#[test]
fn what_is_found_at_the_start_is_what_a_run_would_find() {
    for by in ["first_seen", "-first_seen", "name", "-name"] {
        let scene = |stage: &Stage| {
            for nr in 0..300 {
                stage.home.write(format!("in/{}/{nr}.txt", nr % 7), format!("{}", nr % 40));
            }
        };
        let (mut run, mut live) = (stage(by), stage(by));
        scene(&run);
        scene(&live);
        assert_eq!(run.sim().len(), 260, "{by}");
        run.run();
        live.sweep();
        live.settle();
        assert_eq!(live.home.list("in"), run.home.list("in"), "{by}");
        assert_eq!(run.home.tree("twice").len(), 260, "{by}");
    }
}

#[test]
fn a_simulation_says_which_file_a_run_moves() {
    let mut stage = stage("-first_seen");
    stage.home.write("in/z.txt", "same");
    let said = stage.sim();
    assert_eq!(said, ["move ~/in/a.txt -> ~/twice/a.txt"]);
    assert_eq!(stage.run(), said);
    assert_eq!(stage.home.list("twice"), "a.txt");
}

#[test]
fn why_tells_the_original_from_its_copy() {
    let stage = stage("first_seen");
    let copy = stage.home.write("in/z.txt", "same");
    let verdict = |path: &Path| {
        let account = stage.engine.why(path);
        let view = &account.rules[0];
        (view.verdict, view.would.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(verdict(&copy), (Verdict::Matches, vec!["move ~/in/z.txt -> ~/twice/z.txt".to_owned()]));
    assert_eq!(verdict(&stage.home.path("in/a.txt")), (Verdict::FilteredOut, Vec::new()));
}

#[cfg(unix)]
#[test]
fn one_folder_under_two_names_has_no_duplicates() {
    let rules = "
rules:
  - locations: [~/in, ~/also]
    filters: [ duplicate ]
    actions: [ trash ]
";
    let mut stage = Stage::new(rules);
    stage.home.write("in/a.txt", "precious");
    std::os::unix::fs::symlink(stage.home.path("in"), stage.home.path("also")).unwrap();
    assert!(stage.run().is_empty());
    stage.sweep();
    stage.settle();
    assert_eq!(stage.home.read("in/a.txt").as_deref(), Some("precious"));
    std::fs::hard_link(stage.home.path("in/a.txt"), stage.home.path("in/b.txt")).unwrap();
    stage.run();
    assert_eq!(stage.home.list("in"), "a.txt");
}

//! Files that hold the same bytes: found by a run in order, and one by one as they arrive.

use std::path::Path;

use usher_engine::Verdict;
use usher_event::Change;
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

/// A home in which two paths lead to one folder, by a link to it or by one further up.
#[cfg(unix)]
fn one_folder(rules: &str) -> Stage {
    let stage = Stage::new(rules);
    stage.home.mkdir("deep/in");
    let link =
        |to: &str, at: &str| std::os::unix::fs::symlink(stage.home.path(to), stage.home.path(at)).unwrap();
    link("deep/in", "also");
    link("deep", "up");
    stage
}

#[cfg(unix)]
#[test]
fn of_files_with_the_same_bytes_one_is_left_though_two_paths_lead_to_each() {
    let files = ["f1", "f2", "f3"];
    for (one, other) in [("deep/in", "also"), ("also", "deep/in"), ("up/in", "deep/in"), ("also", "up/in")] {
        for by in ["first_seen", "-first_seen", "last_seen", "-last_seen", "-name", "lastmodified"] {
            let rules = format!(
                "rules: [{{ locations: [~/{one}, ~/{other}], filters: [duplicate: {by}], actions: [delete] }}]"
            );
            let scene = || {
                let stage = one_folder(&rules);
                files.iter().for_each(|name| drop(stage.home.write(format!("deep/in/{name}"), "same")));
                stage
            };
            let left = |stage: &Stage| stage.home.tree("deep/in").len();
            let mut run = scene();
            let sim = run.sim();
            assert_eq!(sim.len(), 2, "{one} {other} {by}: {sim:?}");
            assert_eq!(run.run(), sim);
            assert_eq!((left(&run), run.run().len(), left(&run)), (1, 0, 1), "{one} {other} {by}");
            let mut found = scene();
            found.sweep();
            found.settle();
            assert_eq!(left(&found), 1, "{one} {other} {by}: {:?}", found.journal());
            for of_each in [true, false] {
                let mut arriving = scene();
                let all = || files.iter();
                let paths: Vec<String> = match of_each {
                    true => all().flat_map(|f| [format!("{one}/{f}"), format!("{other}/{f}")]).collect(),
                    false => {
                        [one, other].iter().flat_map(|dir| all().map(move |f| format!("{dir}/{f}"))).collect()
                    }
                };
                for path in paths {
                    arriving.play(&path, Change::Created);
                    arriving.play(&path, Change::Closed);
                }
                arriving.settle();
                assert_eq!(left(&arriving), 1, "{one} {other} {by}: {:?}", arriving.journal());
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn what_an_earlier_rule_takes_away_by_another_path_is_no_original() {
    for first in ["delete", "move: ~/out/"] {
        let rules = format!(
            "rules:
  - {{ locations: ~/deep/in, filters: [name: f1], actions: [{first}] }}
  - {{ locations: [~/also, ~/up/in], filters: [duplicate: first_seen], actions: [delete] }}\n"
        );
        let mut run = one_folder(&rules);
        ["f1", "f2"].iter().for_each(|name| drop(run.home.write(format!("deep/in/{name}"), "same")));
        let sim = run.sim();
        assert_eq!(sim.len(), 1, "{sim:?}");
        assert_eq!(run.run(), sim);
        assert_eq!(run.home.list("deep/in"), "f2");
    }
}

#[cfg(unix)]
#[test]
fn of_the_names_of_one_file_one_stays() {
    for by in ["first_seen", "last_seen", "-name"] {
        let rules = format!(
            "rules: [{{ locations: [~/deep/in, ~/also], filters: [duplicate: {by}], actions: [delete] }}]"
        );
        let scene = || {
            let stage = one_folder(&rules);
            let first = stage.home.write("deep/in/f1", "precious");
            ["f2", "f3"]
                .iter()
                .for_each(|name| std::fs::hard_link(&first, first.with_file_name(name)).unwrap());
            stage
        };
        let (mut run, mut live) = (scene(), scene());
        run.run();
        live.sweep();
        live.settle();
        for stage in [run, live] {
            assert_eq!(stage.home.tree("deep/in").len(), 1, "{by}: {:?}", stage.journal());
        }
    }
}

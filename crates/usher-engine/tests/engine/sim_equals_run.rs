//! Promise 3: a simulation and a run say the same, line by line.

use std::io::ErrorKind;
use std::sync::Arc;

use proptest::prelude::*;
use usher_engine::{Limits, SweepReport};
use usher_event::Sentence;
use usher_testkit::{Fault, Home, Stage};

use crate::spread::{config, rules, trees};

#[test]
fn a_simulation_cascades_through_later_rules_with_final_names() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    subfolders: true
    filters: [ extension: txt ]
    actions: [ { move: ~/mid/ } ]
  - locations: ~/mid
    actions: [ { rename: 'n-{path.name}' }, { copy: ~/out/ } ]
",
    );
    stage.home.write("in/a.txt", "1");
    stage.home.write("in/x/a.txt", "2");
    let before = stage.home.tree("");
    let sim = stage.sim();
    assert_eq!(stage.home.tree(""), before, "a simulation changes nothing");
    assert_eq!(
        sim,
        [
            "move ~/in/a.txt -> ~/mid/a.txt",
            "move ~/in/x/a.txt -> ~/mid/a 2.txt",
            "rename ~/mid/a.txt -> ~/mid/n-a.txt",
            "copy ~/mid/n-a.txt -> ~/out/n-a.txt",
            "rename ~/mid/a 2.txt -> ~/mid/n-a 2.txt",
            "copy ~/mid/n-a 2.txt -> ~/out/n-a 2.txt",
        ]
    );
    assert_eq!(stage.run(), sim);
    let journal: Vec<String> = sim.iter().map(|line| format!("Done {line}")).collect();
    assert_eq!(stage.journal(), journal, "and the journal says the same");
}

#[test]
fn names_that_the_file_system_cannot_hold_are_known_beforehand() {
    // In a folder that is there, in one that is only planned, and in one that has got its place by then.
    let mut stage = Stage::new(
        "
rules:
  - {locations: ~/in, filters: [name: a], actions: [move: '~/out/{\"n\" * 256}.txt']}
  - {locations: ~/in, filters: [name: b], actions: [move: '~/new/deep/{\"é\" * 128}.txt']}
  - {locations: ~/in, filters: [name: c], actions: [copy: ~/new/deep/, copy: '~/new/deep/{\"é\" * 128}.txt']}
  - {locations: ~/in, filters: [name: 'n*'], actions: [move: ~/out/]}
",
    );
    let long = format!("{}.txt", "n".repeat(251));
    for name in ["a.txt", "b.txt", "c.txt", &long] {
        stage.home.write(format!("in/{name}"), "new");
    }
    stage.home.write(format!("out/{long}"), "old");
    let sim = stage.sim();
    assert_eq!(
        sim.iter().filter(|line| line.contains("is too long for the file system there")).count(),
        3,
        "{sim:#?}"
    );
    assert!(sim.last().unwrap().ends_with(&format!("/out/{} 2.txt", "n".repeat(249))), "{sim:#?}");
    assert_eq!(stage.run(), sim);
    let tree = stage.home.list("");
    assert!(tree.contains("in/a.txt") && tree.contains("in/b.txt"), "{tree}");
    assert!(stage.home.path(format!("out/{} 2.txt", "n".repeat(249))).exists());
}

#[test]
fn what_cannot_be_taken_back_is_said_beforehand_and_then() {
    // What comes after a command is planned once that has run.
    let mut stage = Stage::new(
        "rules: [ { locations: ~/in, actions: [ shell: 'true', echo: 'between', copy: ~/out/, delete ] } ]",
    );
    stage.home.write("in/a", "a");
    let told = |report: SweepReport| -> Vec<_> {
        report.lines.into_iter().map(|line| line.irreversible.map(String::from)).collect()
    };
    let planned = told(stage.engine.simulate(&stage.rules(), Limits::Ask, &mut |_, _| {}));
    let rules = stage.rules();
    let ran = stage.engine.run(&rules, Sentence::foreign("test"), Limits::Ask, &mut |_, _| {}).unwrap();
    assert_eq!(told(ran), planned);
    let said = |text: &str| Some(text.to_owned());
    assert_eq!(
        planned,
        [said("what a command did is not known to Usher"), None, None, said("deleted for good")]
    );
}

#[test]
fn what_lies_in_a_copied_folder_is_the_copy() {
    let mut stage = Stage::new(
        "
rules:
  - locations: ~/in
    targets: dirs
    actions: [ { copy: ~/mid/ } ]
  - locations: ~/mid
    subfolders: true
    actions: [ { move: ~/out/ } ]
",
    );
    stage.home.write("in/sub/deep/a.txt", "1");
    let sim = stage.sim();
    assert_eq!(sim, ["copy ~/in/sub -> ~/mid/sub", "move ~/mid/sub/deep/a.txt -> ~/out/a.txt"]);
    assert_eq!(stage.run(), sim);
    assert_eq!(stage.home.list("out"), "a.txt");
    assert_eq!(stage.home.list("in/sub/deep"), "a.txt");
}

#[test]
fn what_another_file_system_has_taken_is_gone_on_with() {
    let rules = "
rules:
  - locations: ~/in
    targets: [files, dirs]
    actions: [ { move: ~/mid/ } ]
  - locations: ~/mid
    subfolders: true
    actions: [ { copy: ~/out/ } ]
";
    let mut stage = Stage::apart(Arc::new(Home::new()), rules, None, 0);
    stage.home.write("in/a.txt", "1");
    stage.home.write("in/sub/b.txt", "2");
    let sim = stage.sim();
    assert_eq!(sim.len(), 4, "{sim:?}");
    assert_eq!(stage.run(), sim);
    assert_eq!(stage.home.list("out"), "a.txt\nb.txt");
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_simulation_says_what_a_run_does(tree in trees(), rules in rules()) {
        let mut stage = Stage::new(&rules);
        for (path, bytes) in &tree {
            stage.home.write(path, bytes);
        }
        let sim = stage.sim();
        let run = stage.run();
        prop_assert_eq!(sim, run);
    }
}

#[test]
fn what_was_to_come_after_a_step_that_failed_is_not_told_as_done() {
    let rules = "rules: [ { locations: ~/in, actions: [ { copy: ~/out/ }, { write: { text: a, outfile: ~/log } }, delete ] } ]";
    let home = Arc::new(Home::new());
    home.write("in/a", "a");
    home.mkdir("out");
    let mut stage = Stage::with(home, rules, Some(Fault::Fails(ErrorKind::PermissionDenied)), 0);
    let (sim, run) = (stage.sim(), stage.run());
    assert!(run[0].starts_with(&sim[0]) && run[0].contains(" ! cannot copy "), "{run:#?}");
    let not_done = |text: &String| format!("{text} ! not done, because the step before it failed");
    assert_eq!(run[1..], sim[1..].iter().map(not_done).collect::<Vec<_>>());
    assert_eq!(stage.home.list("in"), "a");
}

//! Promise 3: a simulation and a run say the same, line by line.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use usher_testkit::Stage;

use crate::spread::{rules, trees};

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

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 256, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

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

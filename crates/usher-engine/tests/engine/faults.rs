//! A mistake of Usher's own ends a batch in its midst: whoever caught it goes on, and no file is forgotten.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use usher_engine::LogFilter;
use usher_testkit::{Fault, FaultyDisk, Home, Stage};

const FILING: &str =
    "rules: [ { locations: ~/in, filters: [ filecontent: text ], actions: [ { move: ~/out/ } ] } ]";

const NAMES: [&str; 5] = ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"];

/// Lets the stage come to rest, as an owner does that catches what falls; how often something fell.
fn settle(stage: &mut Stage) -> usize {
    for fallen in 0..10 {
        if catch_unwind(AssertUnwindSafe(|| stage.settle())).is_ok() {
            return fallen;
        }
        assert!(stage.engine.due().is_some_and(|due| due.is_zero()), "it knows that something is left to do");
    }
    panic!("it falls again and again");
}

fn stage(disk: impl Fn(FaultyDisk) -> FaultyDisk) -> Stage {
    let mut stage = Stage::on(Arc::new(Home::new()), FILING, |real| disk(FaultyDisk::new(real, None, 0)));
    for name in NAMES {
        stage.drop_file(format!("in/{name}"), format!("text of {name}"));
    }
    stage
}

#[test]
fn the_files_of_a_batch_that_fell_are_looked_at_again() {
    let rules = FILING.replace("filters: [ filecontent: text ], ", "");
    for fault in [Fault::KilledBefore, Fault::KilledAfter] {
        for at in 0..NAMES.len() {
            let mut stage = Stage::with(Arc::new(Home::new()), &rules, Some(fault), at);
            NAMES.iter().for_each(|name| drop(stage.drop_file(format!("in/{name}"), name)));
            assert_eq!(settle(&mut stage), 1, "{fault:?} at {at}");
            assert_eq!(stage.home.list("in"), "", "{fault:?} at {at}: {:#?}", stage.journal());
            assert_eq!(stage.home.list("out"), NAMES.join("\n"), "{fault:?} at {at}");
            let (done, failed): (Vec<String>, Vec<String>) =
                stage.journal().into_iter().partition(|step| step.starts_with("Done "));
            assert_eq!(done.len(), NAMES.len(), "{fault:?} at {at}: {done:#?}");
            assert!(failed.iter().all(|step| step.starts_with("Failed ")), "{fault:?} at {at}: {failed:#?}");
            let runs = stage.engine.journal().runs(&LogFilter::default()).unwrap();
            assert!(runs.iter().all(|run| run.ended.is_some()), "{fault:?} at {at}: {runs:#?}");
        }
    }
}

#[test]
fn a_file_at_which_it_falls_each_time_is_left_alone_and_holds_up_no_other() {
    let mut stage = stage(|disk| disk.baffling("c.txt"));
    assert_eq!(settle(&mut stage), 2, "once with the others, once by itself");
    assert_eq!(stage.home.list("in"), "c.txt");
    assert_eq!(stage.home.list("out"), "a.txt\nb.txt\nd.txt\ne.txt");
    let said = stage.trouble("internal");
    assert_eq!(said.len(), 1, "{said:?}");
}

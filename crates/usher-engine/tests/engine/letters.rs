//! File systems that do not mind the case of letters.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use usher_engine::UndoWhat;
use usher_testkit::{Fault, FaultyDisk, Home, Stage};

const RULES: &str = "rules: [ { locations: ~/in, actions: [ { rename: '{path.name.lower()}' } ] } ]";

fn stage(home: &Arc<Home>, fault: Option<Fault>, at: usize) -> Stage {
    Stage::on(Arc::clone(home), RULES, |disk| FaultyDisk::new(disk, fault, at).caseless())
}

#[test]
fn a_file_gets_its_name_in_other_letters_and_the_old_one_back() {
    let home = Arc::new(Home::new());
    home.write("in/READ.TXT", "text");
    let mut stage = stage(&home, None, 0);
    stage.run();
    assert_eq!(home.list("in"), "read.txt", "{:?}", stage.journal());
    let outcome = stage.engine.undo(&UndoWhat::Last, false).unwrap();
    assert!(outcome.refused.is_empty(), "{:?}", outcome.refused);
    assert_eq!(home.list("in"), "READ.TXT");
}

#[test]
fn a_kill_around_such_a_rename_costs_nothing() {
    for fault in [Fault::KilledBefore, Fault::KilledAfter, Fault::PowerCut] {
        for at in 0.. {
            let home = Arc::new(Home::new());
            home.write("in/READ.TXT", "text");
            home.write("in/OTHER.TXT", "other");
            let ended = catch_unwind(AssertUnwindSafe(|| {
                let mut stage = stage(&home, fault.into(), at);
                stage.run();
                stage.disk.changes() <= at
            }));
            if ended.unwrap_or(false) {
                assert!(at > 3, "the scene has several changes");
                break;
            }
            if fault == Fault::PowerCut {
                home.boot_again();
            }
            let mut stage = stage(&home, None, 0);
            stage.run();
            assert_eq!(home.list("in"), "other.txt\nread.txt", "{fault:?} at {at}");
            assert_eq!(home.read("in/read.txt").as_deref(), Some("text"), "{fault:?} at {at}");
        }
    }
}

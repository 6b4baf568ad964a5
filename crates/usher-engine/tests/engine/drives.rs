//! What was taken from a drive goes back to that drive, or nowhere: below the place of one that is gone nobody finds it.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use usher_engine::{Disk, StepState, UndoOutcome, UndoWhat};
use usher_testkit::{Fault, FaultyDisk, Home, Stage, Thing};

/// A home with a stick in it.
#[derive(Clone)]
struct Stick {
    home: Arc<Home>,
    plugged: Arc<AtomicBool>,
}

impl Stick {
    fn new() -> Self {
        let home = Arc::new(Home::new());
        home.mkdir("stick");
        Self { home, plugged: Arc::new(AtomicBool::new(true)) }
    }

    fn disk(&self, disk: Arc<dyn Disk>, fault: Option<Fault>, at: usize) -> FaultyDisk {
        FaultyDisk::new(disk, fault, at).with_drive(self.home.path("stick"), &self.plugged)
    }

    fn stage(&self, rules: &str) -> Stage {
        Stage::on(Arc::clone(&self.home), rules, |disk| self.disk(disk, None, 0))
    }

    /// Its mount point is a folder like any other then.
    fn unplug(&self) {
        fs::rename(self.home.path("stick"), self.home.path("unplugged")).unwrap();
        fs::create_dir(self.home.path("stick")).unwrap();
        self.plugged.store(false, Ordering::SeqCst);
    }

    #[track_caller]
    fn plug(&self) {
        assert_eq!(self.home.list("stick"), "", "something was put below the mount point");
        fs::remove_dir(self.home.path("stick")).unwrap();
        fs::rename(self.home.path("unplugged"), self.home.path("stick")).unwrap();
        self.plugged.store(true, Ordering::SeqCst);
    }
}

fn refused(outcome: &UndoOutcome) -> Vec<&str> {
    outcome.refused.iter().map(|(_, reason)| &**reason).collect()
}

/// All there is, but for the journal, which grows.
fn visible(stick: &Stick) -> BTreeMap<PathBuf, Thing> {
    let mut tree = stick.home.tree("");
    tree.retain(|path, _| !path.to_string_lossy().contains("journal"));
    tree
}

/// Takes back the newest run, or the newest undo, first without the drive and then with it.
fn without_it_and_with_it(stick: &Stick, stage: &mut Stage, what: &UndoWhat) {
    stick.unplug();
    let before = visible(stick);
    let told = format!("the drive that was mounted at {} is not there", stick.home.path("stick").display());
    for rename in [false, true] {
        let preview = stage.engine.preview_undo(what, rename).unwrap();
        assert!(preview.lines.is_empty() && preview.refused[0].1.starts_with(&told), "{preview:?}");
        let outcome = stage.engine.undo(what, rename).unwrap();
        assert!(refused(&outcome).iter().all(|reason| reason.starts_with(&told)), "{outcome:?}");
        assert!(!outcome.refused.is_empty());
        assert_eq!(visible(stick), before, "{outcome:?}");
    }
    stick.plug();
    let outcome = stage.engine.undo(what, false).unwrap();
    assert!(outcome.refused.is_empty() && outcome.run.is_some(), "{outcome:?}");
}

#[test]
fn what_was_taken_from_a_drive_is_not_put_back_while_the_drive_is_gone() {
    for (targets, action) in [
        ("files", "move: ~/docs/"),
        ("files", "move: { dest: ~/docs/, on_conflict: overwrite }"),
        ("files", "trash"),
        ("dirs", "move: ~/docs/"),
        ("dirs", "trash"),
    ] {
        let stick = Stick::new();
        stick.home.write("stick/in/a.txt", "a");
        stick.home.write("stick/in/d/b.txt", "b");
        stick.home.write("docs/a.txt", "the one before");
        let before = stick.home.tree("stick");
        let rules =
            format!("rules: [ {{ locations: ~/stick/in, targets: {targets}, actions: [ {action} ] }} ]");
        let mut stage = stick.stage(&rules);
        stage.run();
        assert_ne!(stick.home.tree("stick"), before, "{action}");
        without_it_and_with_it(&stick, &mut stage, &UndoWhat::Run(1));
        assert_eq!(stick.home.tree("stick"), before, "{action}");
        assert_eq!(stick.home.read("docs/a.txt").as_deref(), Some("the one before"), "{action}");
    }
}

#[test]
fn what_was_brought_to_a_drive_is_looked_for_there() {
    for action in ["copy: ~/stick/", "move: ~/stick/new/", "move: { dest: ~/stick/, on_conflict: overwrite }"]
    {
        let stick = Stick::new();
        stick.home.write("in/a.txt", "a");
        stick.home.write("stick/a.txt", "the one before");
        let before = stick.home.tree("stick");
        let rules = format!("rules: [ {{ locations: ~/in, actions: [ {{ {action} }} ] }} ]");
        let mut stage = stick.stage(&rules);
        stage.run();
        without_it_and_with_it(&stick, &mut stage, &UndoWhat::Run(1));
        assert_eq!(stick.home.tree("stick"), before, "{action}");
        assert_eq!(stick.home.read("in/a.txt").as_deref(), Some("a"), "{action}");
    }
}

#[test]
fn nor_by_a_redo() {
    for action in ["copy: ~/stick/new/", "move: ~/stick/new/", "archive: ~/stick/new/"] {
        let stick = Stick::new();
        stick.home.write("in/a.txt", "a");
        let mut stage =
            stick.stage(&format!("rules: [ {{ locations: ~/in, actions: [ {{ {action} }} ] }} ]"));
        stage.run();
        let after = stick.home.tree("stick");
        let undone = stage.engine.undo(&UndoWhat::Last, false).unwrap();
        assert!(undone.refused.is_empty(), "{undone:?}");
        assert_eq!(stick.home.list("stick"), "", "{action}");
        without_it_and_with_it(&stick, &mut stage, &UndoWhat::LastUndo);
        assert_eq!(stick.home.tree("stick"), after, "{action}");
    }
}

#[test]
fn a_step_that_fails_when_the_drive_goes_does_not_put_what_it_replaced_below_the_mount_point() {
    let stick = Stick::new();
    stick.home.write("in/a.txt", "new");
    stick.home.write("stick/a.txt", "old");
    let rules =
        "rules: [ { locations: ~/in, actions: [ { move: { dest: ~/stick/, on_conflict: overwrite } } ] } ]";
    let pulled = stick.clone();
    // The old one is copied to the vault, and removed; then the new one is to be copied.
    let fault = Some(Fault::Fails(ErrorKind::Other));
    let mut stage = Stage::on(Arc::clone(&stick.home), rules, |disk| {
        stick.disk(disk, fault, 2).meanwhile(2, move || pulled.unplug())
    });
    stage.run();
    let step = stage.engine.journal().steps(1).unwrap().remove(0);
    assert_eq!(step.state, StepState::Done, "what was done stands: {step:?}");
    assert!(step.error.unwrap().contains("cannot put back"));
    stick.plug();
    assert_eq!(stick.home.list("stick"), "");
    let outcome = stage.engine.undo(&UndoWhat::Run(1), false).unwrap();
    assert!(outcome.refused.is_empty(), "{outcome:?}");
    assert_eq!(stick.home.read("stick/a.txt").as_deref(), Some("old"));
    assert_eq!(stick.home.read("in/a.txt").as_deref(), Some("new"));
}

#[test]
fn after_a_kill_too_a_drive_that_has_gone_meanwhile_is_known() {
    let replacing = "move: { dest: ~/stick/out/, on_conflict: overwrite }";
    for (folder, action) in [("stick/in", "move: ~/docs/"), ("in", replacing), ("in", "move: ~/stick/")] {
        let rules = format!("rules: [ {{ locations: ~/{folder}, actions: [ {{ {action} }} ] }} ]");
        for fault in [Fault::KilledBefore, Fault::KilledAfter, Fault::PowerCut] {
            let mut known = 0;
            for at in 0.. {
                let stick = Stick::new();
                stick.home.write(format!("{folder}/a.txt"), "a");
                stick.home.write("stick/out/a.txt", "old");
                let ended = catch_unwind(AssertUnwindSafe(|| {
                    let disk = |disk| stick.disk(disk, Some(fault), at);
                    let mut stage = Stage::on(Arc::clone(&stick.home), &rules, disk);
                    stage.run();
                    stage.disk.changes() <= at
                }));
                if ended.unwrap_or(false) {
                    assert!(at > 1, "the scene has several changes");
                    break;
                }
                if fault == Fault::PowerCut {
                    stick.home.boot_again();
                }
                stick.unplug();
                let mut stage = stick.stage(&rules);
                let found = stage.findings.iter().map(|finding| finding.message.to_string());
                known += found.filter(|message| message.contains(" is not there")).count();
                let outcome = stage.engine.undo(&UndoWhat::Run(1), false).unwrap();
                known += refused(&outcome).iter().filter(|reason| reason.contains(" is not there:")).count();
                drop(stage);
                stick.plug();
                let mut stage = stick.stage(&rules);
                let outcome = stage.engine.undo(&UndoWhat::Run(1), false).unwrap();
                let context = format!("{action} {fault:?} at {at}: {outcome:?}");
                let read = |path: &str| stick.home.read(path);
                if outcome.refused.is_empty() {
                    assert_eq!(read(&format!("{folder}/a.txt")).as_deref(), Some("a"), "{context}");
                    assert_eq!(read("stick/out/a.txt").as_deref(), Some("old"), "{context}");
                }
                // What had been copied to the drive is in the way of what it has replaced, and that is kept.
                let taken = |reason: &&str| reason.contains("is taken by something else");
                assert!(refused(&outcome).iter().all(taken), "{context}");
                for text in ["a", "old"] {
                    let kept =
                        |thing: &Thing| matches!(thing, Thing::File(bytes, _) if bytes == text.as_bytes());
                    assert!(stick.home.tree("").values().any(kept), "{text}: {context}");
                }
            }
            // Before the last change all may be where it was.
            assert!(known > 0 || fault == Fault::KilledBefore, "{action} {fault:?}: it is looked for");
        }
    }
}

#[test]
fn what_waits_for_its_turn_is_not_brought_to_a_drive_that_is_gone_by_then() {
    for action in ["move", "copy"] {
        let stick = Stick::new();
        let rules = format!("rules: [ {{ locations: ~/in, actions: [ {{ {action}: ~/stick/ }} ] }} ]");
        let disk = |disk| stick.disk(disk, None, 0);
        let (mut stage, ended) = Stage::beside_on(Arc::clone(&stick.home), &rules, disk);
        for nr in 0..6 {
            // So large that the copy of it is not made on the spot.
            stick.home.write(format!("in/{nr}"), vec![b'0' + nr; 300 * 1024]);
        }
        stage.sweep();
        while stage.engine.journal().run_count() == 0 {
            stage.engine.advance().unwrap();
            stage.clock.advance(Duration::from_millis(100));
        }
        // Four of them are on their way at once, and the others wait until the end of these is heard of.
        let hear = || ended.recv_timeout(Duration::from_secs(30)).unwrap();
        let first = [hear(), hear(), hear(), hear()];
        assert_eq!(stick.home.list("stick").lines().count(), 4, "{action}");
        stick.unplug();
        first.into_iter().for_each(|finished| stage.engine.finish(finished).unwrap());
        (0..2).for_each(|_| stage.engine.finish(hear()).unwrap());
        let told = stage.engine.journal().steps(1).unwrap().into_iter().filter_map(|step| step.error);
        assert_eq!(told.filter(|told| told.contains("was mounted at")).count(), 2, "{action}");
        stick.plug();
        let here = ["in", "stick"].map(|folder| stick.home.list(folder).lines().count());
        assert_eq!(here, if action == "move" { [2, 4] } else { [6, 4] }, "{action}");
    }
}

#[test]
fn a_step_of_an_older_journal_is_taken_back_as_before() {
    let stick = Stick::new();
    stick.home.write("stick/in/a.txt", "a");
    let rules = "rules: [ { locations: ~/stick/in, actions: [ { move: ~/docs/ } ] } ]";
    let mut stage = stick.stage(rules);
    stage.run();
    drop(stage);
    let db = rusqlite::Connection::open(stick.home.path(".state/journal.db")).unwrap();
    let traces: String = db.query_row("SELECT traces FROM steps", [], |row| row.get(0)).unwrap();
    let drive = format!("\"drive\":\"{}\",", stick.home.path("stick").display());
    assert!(traces.contains(&drive), "{traces}");
    db.execute("UPDATE steps SET traces = ?1", [traces.replace(&drive, "")]).unwrap();
    drop(db);
    let mut stage = stick.stage(rules);
    assert!(stage.engine.undo(&UndoWhat::Last, false).unwrap().refused.is_empty());
    assert_eq!(stick.home.read("stick/in/a.txt").as_deref(), Some("a"));
}

#[test]
fn within_a_drive_nothing_is_noted_and_a_place_that_has_been_mounted_since_takes_it_back() {
    let stick = Stick::new();
    stick.plugged.store(false, Ordering::SeqCst);
    stick.home.write("stick/a.txt", "a");
    let mut stage = stick.stage("rules: [ { locations: ~/stick, actions: [ { move: ~/docs/ } ] } ]");
    stage.run();
    assert!(stage.engine.journal().steps(1).unwrap()[0].traces.iter().all(|trace| trace.drive.is_none()));
    // The user has given the folder a drive of its own.
    stick.plugged.store(true, Ordering::SeqCst);
    let outcome = stage.engine.undo(&UndoWhat::Last, false).unwrap();
    assert!(outcome.refused.is_empty(), "{outcome:?}");
    assert_eq!(stick.home.read("stick/a.txt").as_deref(), Some("a"));
    assert!(!stick.home.path("docs/a.txt").exists());
}

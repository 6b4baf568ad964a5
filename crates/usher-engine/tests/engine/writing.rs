//! Text written into files: what else there is about a file stays as it was.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use usher_engine::{Disk, UndoWhat};
use usher_rule::World;
use usher_testkit::{Fault, Home, Stage};

fn writing(options: &str) -> Stage {
    Stage::new(&format!(
        "
rules:
  - locations: ~/in
    actions: [ {{ write: {{ text: new, outfile: ~/out/log.txt, {options} }} }} ]
"
    ))
}

fn mode(stage: &Stage, path: &str) -> u32 {
    fs::metadata(stage.home.path(path)).unwrap().permissions().mode() & 0o7777
}

fn undo(stage: &mut Stage, what: &UndoWhat) -> Vec<String> {
    let refused = stage.engine.undo(what, false).unwrap().refused;
    refused.into_iter().map(|(_, reason)| reason.into()).collect()
}

const MODES: [&str; 5] = [
    "mode: append",
    "mode: prepend",
    "mode: overwrite",
    "clear_before_first_write: true",
    "mode: prepend, encoding: utf-16",
];

#[test]
fn a_private_file_stays_private_and_keeps_its_attributes() {
    for options in MODES {
        let mut stage = writing(options);
        stage.home.write("in/a.txt", "a");
        let log = stage.home.write("out/log.txt", "old");
        fs::set_permissions(&log, fs::Permissions::from_mode(0o600)).unwrap();
        let tagged = match stage.disk.set_attribute(&log, "user.note", None, Some(b"mine")) {
            Err(error) if error.kind() == ErrorKind::Unsupported => false,
            other => other.is_ok(),
        };
        let kept = |stage: &Stage, when: &str| {
            assert_eq!(mode(stage, "out/log.txt"), 0o600, "{options}, {when}");
            let note = stage.disk.attribute(&log, "user.note").unwrap_or_default();
            assert_eq!(note.as_deref(), tagged.then_some(&b"mine"[..]), "{options}, {when}");
        };
        stage.run();
        assert_ne!(stage.home.read("out/log.txt").as_deref(), Some("old"), "{options}");
        kept(&stage, "written");
        assert_eq!(undo(&mut stage, &UndoWhat::Last), [""; 0], "{options}");
        assert_eq!(stage.home.read("out/log.txt").as_deref(), Some("old"), "{options}");
        kept(&stage, "taken back");
        assert_eq!(undo(&mut stage, &UndoWhat::LastUndo), [""; 0], "{options}");
        kept(&stage, "done again");
    }
}

#[test]
fn a_link_stays_a_link_and_what_it_leads_to_is_written() {
    for options in MODES {
        for there in [true, false] {
            let context = format!("{options}, there: {there}");
            let mut stage = writing(options);
            stage.home.write("in/a.txt", "a");
            stage.home.mkdir("far/away");
            // The folder is a link as well, so `..` in the other link is not `out/..`.
            symlink("far/away", stage.home.path("out")).unwrap();
            symlink("../real/log.txt", stage.home.path("far/away/log.txt")).unwrap();
            if there {
                stage.home.write("far/real/log.txt", "old");
            }
            let before = stage.home.tree("far");
            let sim = stage.sim();
            assert_eq!(sim, ["write ~/in/a.txt -> ~/far/real/log.txt (new)"], "{context}");
            assert_eq!(stage.run(), sim, "{context}");
            let says = fs::read_link(stage.home.path("far/away/log.txt")).unwrap();
            assert_eq!(says, std::path::Path::new("../real/log.txt"), "{context}");
            assert!(stage.home.path("far/real/log.txt").is_file(), "{context}");
            assert_eq!(undo(&mut stage, &UndoWhat::Last), [""; 0], "{context}");
            assert_eq!(stage.home.tree("far"), before, "{context}");
        }
    }
}

#[test]
fn a_kill_leaves_a_private_file_private() {
    let rules = "
rules:
  - locations: ~/in
    actions:
      - write: { text: one, outfile: ~/log.txt, mode: overwrite }
      - write: { text: two, outfile: ~/log.txt, mode: prepend }
";
    for fault in [Fault::KilledBefore, Fault::KilledAfter] {
        for at in 0.. {
            let home = Arc::new(Home::new());
            home.write("in/a.txt", "a");
            let log = home.write("real.txt", "old\n");
            fs::set_permissions(&log, fs::Permissions::from_mode(0o600)).unwrap();
            symlink("real.txt", home.path("log.txt")).unwrap();
            let killed = catch_unwind(AssertUnwindSafe(|| {
                let mut stage = Stage::with(Arc::clone(&home), rules, Some(fault), at);
                stage.run();
                stage.disk.changes() > at
            }));
            if !killed.unwrap_or(true) {
                assert!(at > 3, "there are several changes");
                break;
            }
            let stage = Stage::with(Arc::clone(&home), rules, None, 0);
            let context = format!("{fault:?} at {at}");
            let text = stage.home.read("real.txt").unwrap_or_default();
            assert!(["old\n", "one\n", "two\none\n"].contains(&&*text), "{context}: {text}");
            assert_eq!(mode(&stage, "real.txt"), 0o600, "{context}");
            assert!(fs::symlink_metadata(stage.home.path("log.txt")).unwrap().is_symlink(), "{context}");
        }
    }
}

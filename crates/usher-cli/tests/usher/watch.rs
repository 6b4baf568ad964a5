//! `usher watch`: real files, a real process, everything filed and nothing too early.

use std::fs;
use std::io::Write;
use std::time::Duration;

#[cfg(target_os = "linux")]
use crate::home::Background;
#[cfg(unix)]
use crate::home::Watching;
use crate::home::{FILE_ALL, FILE_PDFS, Home, names, until};

const BURST: usize = 5000;

fn burst(home: &Home) {
    for nr in 0..BURST {
        fs::write(home.path("in").join(nr.to_string()), nr.to_string()).unwrap();
    }
    until("every file of the burst is filed", || names(&home.path("in")).is_empty());
    until("every file of the burst has arrived", || names(&home.path("out")).len() == BURST);
    for nr in 0..BURST {
        assert_eq!(fs::read(home.path("out").join(nr.to_string())).unwrap(), nr.to_string().into_bytes());
    }
}

#[test]
fn a_burst_of_files_is_filed_to_the_last() {
    let home = Home::with_rules(FILE_ALL);
    let _watching = home.watch();
    burst(&home);
}

#[test]
fn who_takes_back_the_last_of_a_burst_is_told_how_to_take_back_all_of_it() {
    const MANY: usize = 600;
    let home = Home::with_rules(FILE_ALL);
    fs::create_dir(home.path("stage")).unwrap();
    for nr in 0..MANY {
        fs::write(home.path("stage").join(nr.to_string()), nr.to_string()).unwrap();
    }
    let _watching = home.watch();
    for nr in 0..MANY {
        fs::rename(home.path("stage").join(nr.to_string()), home.path("in").join(nr.to_string())).unwrap();
    }
    until("all have arrived", || names(&home.path("out")).len() == MANY);
    let sim = home.usher(&["undo", "--sim"]);
    let said = home.usher(&["undo"]);
    assert!(names(&home.path("in")).len() < MANY, "it was several runs");
    let note = "of the same burst of files. Take";
    assert!(said.err.contains(note) && sim.err == said.err, "{}{}", said.err, sim.err);
    let since = said.err.trim_end().rsplit_once("--since ").unwrap().1;
    let said = home.usher(&["undo", "--since", since]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert_eq!(names(&home.path("in")).len(), MANY);
    assert!(!home.usher(&["undo", "--sim"]).err.contains(note));
}

#[test]
fn what_a_rule_waits_for_is_not_forgotten_when_another_file_of_rules_changes() {
    let home = Home::with_rules(
        "rules: [ { locations: ~/in, filters: [ lastmodified: { seconds: 4 } ], actions: [ move: ~/out/ ] } ]",
    );
    let _watching = home.watch();
    home.write("in/young.txt", "young");
    // A rule about the same folder, which has something to say of what lies there already.
    home.rule_file(
        "other.yaml",
        "rules: [ { locations: ~/in, filters: [ extension: txt ], actions: [ copy: ~/also/ ] } ]",
    );
    until("the new rule has seen it", || home.path("also/young.txt").exists());
    until("the old one has not forgotten it", || home.path("out/young.txt").exists());
}

/// One limit of the kernel, changed for as long as this lives.
#[cfg(target_os = "linux")]
struct Limit {
    before: String,
    _alone: fs::File,
}

#[cfg(target_os = "linux")]
impl Limit {
    const QUEUE: &str = "/proc/sys/fs/inotify/max_queued_events";

    fn queue(length: usize) -> Option<Self> {
        let alone = fs::File::create(std::env::temp_dir().join("usher-tests-kernel-limits.lock")).unwrap();
        alone.lock().unwrap();
        let before = fs::read_to_string(Self::QUEUE).ok()?;
        fs::write(Self::QUEUE, length.to_string()).ok()?;
        Some(Self { before, _alone: alone })
    }
}

#[cfg(target_os = "linux")]
impl Drop for Limit {
    fn drop(&mut self) {
        let _ = fs::write(Self::QUEUE, &self.before);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_lost_when_the_kernels_queue_overflows() {
    let home = Home::with_rules(FILE_ALL);
    let Some(limit) = Limit::queue(16) else {
        eprintln!("skipped: only root may change {}", Limit::QUEUE);
        return;
    };
    let _watching = home.watch();
    drop(limit);
    let (_events, seen) = follow_events(&home);
    burst(&home);
    until("the overflow is told", || {
        fs::read_to_string(&seen).unwrap().contains("the system has dropped events")
    });
    let status = home.usher(&["status"]).out;
    assert!(
        status.contains("The system dropped events DATE TIME; all of it was looked at again."),
        "{status}"
    );
}

/// Follows events into a file, beginning now.
#[cfg(target_os = "linux")]
fn follow_events(home: &Home) -> (Background, std::path::PathBuf) {
    let seen = home.path("events.jsonl");
    let file = fs::File::create(&seen).unwrap();
    let events = Background(home.command(["events", "--follow", "--json"]).stdout(file).spawn().unwrap());
    until("events are followed", || {
        // No rule touches what looks like a download that goes on.
        home.write("in/probe.part", "");
        fs::remove_file(home.path("in/probe.part")).unwrap();
        fs::metadata(&seen).unwrap().len() > 0
    });
    (events, seen)
}

#[test]
fn a_file_is_not_touched_before_its_writer_has_closed_it() {
    let home = Home::with_rules(FILE_ALL);
    let _watching = home.watch();
    let path = home.path("in/slow");
    let mut file = fs::File::create(&path).unwrap();
    for _ in 0..30 {
        file.write_all(&[b'x'; 1000]).unwrap();
        std::thread::sleep(Duration::from_millis(100));
        assert!(path.exists() && !home.path("out/slow").exists(), "it was touched while it was written");
    }
    drop(file);
    until("the file is filed", || home.path("out/slow").exists());
    assert_eq!(fs::metadata(home.path("out/slow")).unwrap().len(), 30_000);
}

/// The smallest document that readers open.
const PDF: &str = "%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj
trailer<</Root 1 0 R>>
%%EOF
";

#[test]
fn a_dropped_pdf_is_filed_listed_explained_and_taken_back() {
    let home = Home::with_rules(FILE_PDFS);
    let _watching = home.watch();
    // As browsers do it: written under another name, then moved to its own.
    home.write("in/invoice.pdf.part", PDF);
    fs::rename(home.path("in/invoice.pdf.part"), home.path("in/invoice.pdf")).unwrap();
    until("it is filed", || home.path("out/invoice.pdf").exists());
    until("it is listed", || {
        home.json(&["log", "--json"]).iter().any(|step| {
            step["state"] == "done" && step["to"] == home.path("out/invoice.pdf").to_str().unwrap()
        })
    });
    let why = home.usher(&["why", "out/invoice.pdf"]);
    assert!(
        why.out.contains("What was done to it") && why.out.contains("move ~/in/invoice.pdf"),
        "{}",
        why.out
    );

    let said = home.usher(&["undo"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(fs::read_to_string(home.path("in/invoice.pdf")).unwrap(), PDF);
    // It has to stay there: what an undo puts back is not filed again.
    home.write("in/next.pdf", PDF);
    until("the next one is filed", || home.path("out/next.pdf").exists());
    assert!(home.path("in/invoice.pdf").exists());
}

#[cfg(unix)]
#[test]
fn sigterm_ends_it_cleanly() {
    let home = Home::with_rules(FILE_ALL);
    let watching = home.watch();
    assert_eq!(watching.first, "Watching 1 folder for 1 rule. Ctrl+C ends.\n");
    home.write("in/a", "a");
    until("it is filed", || home.path("out/a").exists());
    let (status, lines) = watching.terminate();
    assert!(status.success(), "{status}");
    assert_eq!(lines, ["move ~/in/a -> ~/out/a"]);
    assert_eq!(home.json(&["status", "--json"])[0]["state"], "stopped");
    assert_eq!(home.json(&["log", "--json"])[0]["state"], "done");
}

#[test]
fn what_came_while_it_was_away_is_filed_at_the_start() {
    let home = Home::with_rules(FILE_ALL);
    home.write("in/early", "early");
    let _watching = home.watch();
    until("it is filed", || home.path("out/early").exists());
}

#[test]
fn changed_rules_are_followed_and_broken_ones_change_nothing() {
    let home = Home::with_rules(FILE_PDFS);
    let _watching = home.watch();
    home.rule_file("rules.yaml", "rules: [");
    until("the broken file is noticed", || home.json(&["status", "--json"])[0]["state"] == "needs_you");
    home.write("in/a.pdf", "a");
    until("the last good rules go on", || home.path("out/a.pdf").exists());
    home.rule_file("rules.yaml", &FILE_PDFS.replace("pdf", "txt"));
    home.write("in/b.txt", "b");
    until("the new rules are followed", || home.path("out/b.txt").exists());
}

#[cfg(unix)]
#[test]
fn what_it_does_at_the_start_and_what_it_finds_wrong_is_shown() {
    let home = Home::with_rules(
        "rules:
  - { name: Texts, locations: ~/in, filters: [ extension: txt ], actions: [ move: ~/out/ ] }
  - { name: Walled, locations: ~/in, filters: [ extension: pdf ], actions: [ move: ~/wall/ ] }
  - { name: Typo, locations: ~/Donwloads, actions: [ move: ~/out/ ] }\n",
    );
    home.write("wall", "a file is where the folder should be");
    home.write("in/a.txt", "a");
    home.write("in/b.pdf", "b");
    home.write("../config/usher/settings.toml", "theme = [");
    let said = home.path("said");
    // Its own shell takes the other stream to a file: only one of the two is read here.
    let mut command = home.command(["watch"]);
    let usher = command.get_program().to_owned();
    let environment: Vec<_> =
        command.get_envs().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect();
    command = std::process::Command::new("/bin/sh");
    command.args(["-c", "exec \"$0\" watch 2>said"]).arg(usher).current_dir(home.user());
    command.env_clear().envs(environment);
    let watching = Watching::start(command);
    until("it is filed", || home.path("out/a.txt").exists());
    until("the missing folder is told", || {
        fs::read_to_string(&said).unwrap().contains("Donwloads is not there, and Typo looks for files in it")
    });
    let (status, lines) = watching.terminate();
    assert!(status.success(), "{status}");
    assert_eq!(lines, ["move ~/in/a.txt -> ~/out/a.txt"]);
    let said = fs::read_to_string(&said).unwrap();
    assert!(said.contains("warning: ") && said.contains("settings.toml:1"), "{said}");
    assert!(said.contains("failed: move ~/in/b.pdf"), "{said}");
}

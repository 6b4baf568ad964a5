//! Rules that wait for the machine, in a real `usher watch`.

use std::fs;
#[cfg(target_os = "linux")]
use std::path::{Path, PathBuf};
#[cfg(target_os = "linux")]
use std::process::Command;

use crate::home::{Home, names, until};

/// Imports pictures of a drive by its path, since a drive without a device has no label. By the whole of it: drives are seen
/// by every test that looks.
const IMPORT: &str = "
rules:
  - name: Import
    when: { volume: mounted, path: 'HOME/card' }
    locations: '{volume.path}/DCIM'
    subfolders: true
    filters: [extension: jpg]
    actions:
      - copy: { dest: ~/pictures/, on_conflict: deduplicate }
";

fn importing() -> Home {
    let home = Home::new();
    home.rule_file("rules.yaml", &IMPORT.replace("HOME", home.user().to_str().unwrap()));
    home
}

fn card(home: &Home) -> String {
    home.path("card").to_str().unwrap().to_owned()
}

#[test]
fn an_event_that_is_played_is_a_run_like_any_other() {
    let home = importing();
    home.write("card/DCIM/100/a.jpg", "a");
    home.write("card/DCIM/b.txt", "b");
    let _watching = home.watch();
    let path = format!("path={}", card(&home));
    let plan = home.usher(&["trigger", "--sim", "volume.mounted", &path]);
    assert_eq!(plan.code, Some(0), "{plan:?}");
    assert!(plan.out.contains("copy ~/card/DCIM/100/a.jpg -> ~/pictures/a.jpg"), "{plan:?}");
    assert!(plan.out.contains("Nothing was changed."), "{plan:?}");
    assert!(!home.path("pictures").exists());
    assert_eq!(home.usher(&["trigger", "volume.mounted", &path]).code, Some(0));
    until("the picture is imported", || names(&home.path("pictures")) == ["a.jpg"]);
    until("the run is in the log", || home.usher(&["log"]).out.contains("volume.mounted"));
    let undone = home.usher(&["undo"]);
    assert_eq!(undone.code, Some(0), "{undone:?}");
    assert_eq!(names(&home.path("pictures")), [""; 0]);
    assert_eq!(fs::read(home.path("card/DCIM/100/a.jpg")).unwrap(), b"a");
}

#[test]
fn an_event_is_simulated_without_anybody_who_watches() {
    let home = importing();
    home.write("card/DCIM/a.jpg", "a");
    let plan = home.usher(&["trigger", "--sim", "volume.mounted", &format!("path={}", card(&home))]);
    assert!(plan.out.contains("copy ~/card/DCIM/a.jpg -> ~/pictures/a.jpg"), "{plan:?}");
    let nobody = home.usher(&["trigger", "volume.mounted", &format!("path={}", card(&home))]);
    assert_ne!(nobody.code, Some(0), "{nobody:?}");
}

#[test]
fn what_keeps_a_rule_from_an_event_is_said_beforehand_and_when_it_is_played() {
    let home = importing();
    let rules = IMPORT.replace("HOME", home.user().to_str().unwrap());
    home.rule_file("rules.yaml", &rules.replace("locations:", "cooldown: 1h\n    locations:"));
    home.write("card/DCIM/a.jpg", "a");
    let _watching = home.watch();
    let path = format!("path={}", card(&home));
    let trigger = |more: &[&str]| home.usher(&[&["trigger", "volume.mounted", path.as_str()], more].concat());
    let played = trigger(&[]);
    assert!(played.out.contains("See `usher log`"), "{played:?}");
    until("the picture is imported", || home.path("pictures/a.jpg").exists());
    for answer in [trigger(&[]), trigger(&["--sim"])] {
        assert_eq!(answer.code, Some(0), "{answer:?}");
        assert!(answer.out.contains("Import does not act: its cooldown has "), "{answer:?}");
    }
    let other = home.usher(&["trigger", "volume.mounted", "path=/elsewhere"]);
    assert!(other.out.contains("No rule waits for it."), "{other:?}");
    home.rule_file("broken.yaml", "rules: [");
    let refused = trigger(&["--sim"]);
    assert_eq!((refused.code, refused.err.contains("broken.yaml")), (Some(3), true), "{refused:?}");
}

#[test]
fn guards_and_filters_ask_for_what_the_event_brings() {
    let home = Home::with_rules(
        "
rules:
  - name: Bring
    when: { volume: mounted }
    while: { volume: mounted, path: '{volume.path}' }
    locations: ~/notes
    filters: [name: '{volume.label}_*', regex: '_\\d{2}\\.']
    actions: [{ copy: '{volume.path}/' }]
",
    );
    for name in ["A*_12.txt", "AB_12.txt", "A*_1.txt"] {
        home.write(format!("notes/{name}"), name);
    }
    home.write("card/x", "");
    let event = ["trigger", "volume.mounted", "label=A*", &format!("path={}", card(&home)), "--sim"];
    let _watching = home.watch();
    let held = home.usher(&event);
    let words = "Bring does not act: `volume: mounted, path: BASE/home/card` is not so";
    assert!(held.out.contains(words), "{held:?}");
    let rules = fs::read_to_string(home.rules().join("rules.yaml")).unwrap();
    home.rule_file("rules.yaml", &rules.replace("while: { volume: mounted,", "while: { volume: unmounted,"));
    until("the guard is so", || {
        home.usher(&event).out.contains("copy ~/notes/A*_12.txt -> ~/card/A*_12.txt")
    });
    assert_eq!(home.usher(&event[..4]).code, Some(0));
    until("the note is brought", || names(&home.path("card")) == ["A*_12.txt", "x"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_rule_says_what_nobody_here_can_tell_and_everything_else_runs() {
    let home = Home::with_rules(
        "
rules:
  - { name: Lock up, when: { session: locked }, actions: [{ echo: woke }] }
  - { name: File, locations: ~/in, actions: [{ move: ~/out/ }] }
",
    );
    let mut command = home.command(["watch"]);
    for bus in ["DBUS_SYSTEM_BUS_ADDRESS", "DBUS_SESSION_BUS_ADDRESS"] {
        command.env(bus, format!("unix:path={}", home.path("no-bus").display()));
    }
    let _watching = home.watch_by(command);
    until("the session is looked for", || home.noun("session")["mode"] == "unavailable");
    let listed = home.usher(&["rules"]).out;
    let said = listed.find("`session` is not available here: ").expect(&listed);
    assert!(listed.find("Lock_up").or(listed.find("Lock up")).is_some_and(|rule| rule < said), "{listed}");
    assert_eq!(listed.matches("not available here").count(), 1, "{listed}");
    home.write("in/a.txt", "a");
    until("the file is filed", || home.path("out/a.txt").exists());
}

#[test]
fn rules_that_are_loaded_anew_wake_those_that_wait_for_that() {
    let rules = "
rules:
  - when: { started: rules }
    actions: [{ write: { text: again, outfile: ~/again.txt } }]
  - when: { started: usher }
    actions: [{ write: { text: begun, outfile: ~/begun.txt } }]
";
    let home = Home::with_rules(rules);
    let _watching = home.watch();
    until("the start was noticed", || home.path("begun.txt").exists());
    assert!(!home.path("again.txt").exists(), "they were loaded for the first time");
    let lines = |name: &str| fs::read_to_string(home.path(name)).unwrap_or_default().lines().count();
    for nr in 1..=2 {
        home.rule_file("rules.yaml", &format!("# {nr}\n{rules}"));
        until("the reload was noticed", || lines("again.txt") == nr);
    }
    // What cannot be read is no other rules.
    home.rule_file("rules.yaml", "rules: [");
    until("the mistake is found", || home.usher(&["check"]).code == Some(3));
    home.rule_file("rules.yaml", &format!("# 3\n{rules}"));
    until("the last reload was noticed", || lines("again.txt") == 3);
    assert_eq!(lines("begun.txt"), 1);
}

#[test]
fn a_rule_that_waits_for_something_else_is_left_out_of_a_run_and_refused_by_name() {
    let home = importing();
    home.write("card/DCIM/a.jpg", "a");
    let run = home.usher(&["run"]);
    assert_eq!((run.code, run.out.contains("Nothing to do")), (Some(0), true), "{run:?}");
    let named = home.usher(&["run", "--rule", "Import"]);
    assert_ne!(named.code, Some(0));
    assert!(named.err.contains("volume") && named.err.contains("usher trigger"), "{named:?}");
}

#[test]
fn what_is_no_event_is_said_with_what_would_be() {
    let home = importing();
    let _watching = home.watch();
    for (details, said) in [
        (&["volume.mountd", "path=/x"][..], "there is no event `volume.mountd`"),
        (&["volume.mounted"], "`volume.mounted` needs `path`"),
        (&["power.ac", "colour=red"], "`colour` means nothing to `power.ac`"),
    ] {
        let answer = home.usher(&[&["trigger"], details].concat());
        assert_eq!(answer.code, Some(2), "{answer:?}");
        assert!(answer.err.contains(said), "{answer:?}");
    }
}

#[test]
fn a_schedule_and_a_start_wake_their_rules() {
    let rules = "
rules:
  - when: { schedule: '* * * * * *' }
    actions: [{ write: { text: tick, outfile: ~/ticks.txt } }]
  - when: started
    actions: [{ write: { text: started, outfile: ~/started.txt } }]
";
    let home = Home::with_rules(rules);
    let watching = home.watch();
    until("the start was noticed", || home.path("started.txt").exists());
    until("a moment has come", || home.path("ticks.txt").exists());
    let status = home.usher(&["status"]);
    assert!(status.out.contains("no rule needs it"), "{status:?}");
    watching.terminate();
    assert_eq!(fs::read_to_string(home.path("started.txt")).unwrap(), "started\n", "once");
}

#[test]
fn the_whole_machine_is_looked_at_for_whoever_asks_and_no_longer() {
    let home = Home::new();
    home.rule_file("rules.yaml", "rules: [{ locations: ~/in, actions: [trash] }]");
    let _watching = home.watch();
    let modes = |arguments: &[&str]| -> Vec<String> {
        let status: serde_json::Value = serde_json::from_str(&home.usher(arguments).out).unwrap();
        let nouns = status["nouns"].as_array().unwrap();
        nouns.iter().map(|noun| noun["mode"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(modes(&["status", "--json"]), ["unneeded"; 7]);
    let looked = modes(&["status", "--machine", "--json"]);
    assert!(!looked.iter().any(|mode| mode == "unneeded" || mode == "starting"), "{looked:?}");
    until("nobody looks any more", || modes(&["status", "--json"]) == ["unneeded"; 7]);
}

#[test]
fn files_that_come_and_go_wake_the_rules_that_wait_for_that() {
    let rules = "
rules:
  - name: come
    when: { files: created }
    locations: ~/in
    actions: [{ write: { text: '{path.name}', outfile: ~/come.txt } }]
  - name: gone
    when: { files: gone }
    locations: ~/in
    actions: [{ write: { text: '{path.name}', outfile: ~/gone.txt } }]
";
    let home = Home::with_rules(rules);
    let read = |name: &str| fs::read_to_string(home.path(name)).unwrap_or_default();
    let watching = home.watch();
    home.write("in/a", "1");
    until("the new file is told of", || read("come.txt") == "a\n");
    home.write("in/a", "22");
    home.write("in/b", "1");
    until("the next one is told of", || read("come.txt") == "a\nb\n");
    fs::rename(home.path("in/a"), home.path("out/a")).unwrap();
    until("what was moved away is told of", || read("gone.txt") == "a\n");
    fs::remove_file(home.path("in/b")).unwrap();
    until("what was removed is told of", || read("gone.txt") == "a\nb\n");
    let refused = home.usher(&["run", "--rule", "gone"]);
    assert!(refused.code != Some(0) && refused.err.contains("waits for files to go"), "{refused:?}");
    watching.terminate();
    assert_eq!(read("come.txt"), "a\nb\n", "a change is no new file");
}

/// A file system in memory, mounted for as long as this lives.
#[cfg(target_os = "linux")]
struct Mounted(PathBuf);

#[cfg(target_os = "linux")]
impl Mounted {
    /// `None` where this is not allowed.
    fn at(path: &Path) -> Option<Self> {
        fs::create_dir_all(path).unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=64m", "card"]).arg(path).status();
        mount.is_ok_and(|status| status.success()).then(|| Self(path.to_path_buf()))
    }

    fn unmount(&self) {
        let status = Command::new("umount").arg("--lazy").arg(&self.0).status().unwrap();
        assert!(status.success());
    }
}

#[cfg(target_os = "linux")]
impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).output();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_drive_that_is_mounted_again_and_again_is_imported_each_time() {
    let home = importing();
    let _watching = home.watch();
    until("drives are looked at", || home.noun("volume")["mode"] == "watching");
    let place = home.path("card");
    for round in ["one", "two"] {
        let Some(mounted) = Mounted::at(&place) else {
            eprintln!("skipped: file systems cannot be mounted here");
            return;
        };
        home.write(format!("card/DCIM/{round}.jpg"), round);
        until("the picture is imported", || home.path(format!("pictures/{round}.jpg")).exists());
        until("the status knows the drive", || {
            home.noun("volume")["state"].as_str().is_some_and(|state| state.contains("card"))
        });
        mounted.unmount();
        until("the status has forgotten the drive", || {
            home.noun("volume")["state"].as_str().is_some_and(|state| !state.contains("card"))
        });
    }
    assert_eq!(names(&home.path("pictures")), ["one.jpg", "two.jpg"]);
}

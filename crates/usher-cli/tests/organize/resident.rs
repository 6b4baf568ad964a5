//! The same rules kept by a resident Usher: what it finds at its start, and what comes while it stays, ends where a run of
//! organize takes it.
//!
//! One `usher watch` has all cases, each in folders of its own. What depends on the order in which files come is not here:
//! a run has an order, and files that come have the one they come in.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use crate::case::{empty, environment, room, usher};
use crate::oracle::{self, Start};
use crate::tree::{self, Tree};

/// Folders that are there before Usher is, files that come, and the rules for them.
const CASES: &[(&str, &str)] = &[
    (
        "in/a.txt; in/b.pdf; in/.hidden; in/none",
        "{locations: ~/in, filters: [extension: txt], actions: [move: ~/out/]}",
    ),
    (
        "in/a.txt; in/b.pdf; in/c.TXT",
        "{locations: ~/in, filters: [not extension: [txt]], actions: [copy: '~/out/{extension}/']}",
    ),
    (
        "in/a.txt; in/sub/b.txt; in/sub/deep/c.txt",
        "{locations: ~/in, subfolders: true, actions: [move: '~/out/{relative_path}']}",
    ),
    (
        "in/a.txt; in/sub/b.txt",
        "{locations: [{path: ~/in, max_depth: null, exclude_dirs: [sub]}], actions: [rename: 'x{path.name}']}",
    ),
    (
        "in/Invoice 2024-03.pdf; in/other.pdf",
        "{locations: ~/in, filters: [regex: '(?P<year>\\d{4})'], actions: [move: '~/out/{regex.year}/']}",
    ),
    (
        "in/scan_7.png; in/scan_x.png",
        "{locations: ~/in, filters: [name: 'scan_{nr:int}'], actions: [rename: 'page {name.nr}{path.suffix}']}",
    ),
    ("in/a.txt=new; out/a.txt=old", "{locations: ~/in, actions: [move: ~/out/]}"),
    (
        "in/a.txt=new; out/a.txt=old",
        "{locations: ~/in, actions: [move: {dest: ~/out/, on_conflict: overwrite}]}",
    ),
    (
        "in/a.txt=new; out/a.txt=old",
        "{locations: ~/in, actions: [copy: {dest: ~/out/, on_conflict: rename_existing}]}",
    ),
    ("in/a.txt=new; out/a.txt=old", "{locations: ~/in, actions: [move: {dest: ~/out/, on_conflict: trash}]}"),
    ("in/a.txt=new; out/a.txt=old", "{locations: ~/in, actions: [move: {dest: ~/out/, on_conflict: skip}]}"),
    (
        "in/a.txt=same; out/a.txt=same",
        "{locations: ~/in, actions: [move: {dest: ~/out/, on_conflict: deduplicate}]}",
    ),
    ("in/a.txt; in/b.pdf", "{locations: ~/in, filters: [extension: pdf], actions: [trash]}"),
    ("in/a.txt; in/b.pdf", "{locations: ~/in, filters: [extension: txt], actions: [delete]}"),
    (
        "in/a.txt; in/b.txt",
        "{locations: ~/in, actions: [write: {text: '{path.name}', outfile: '~/out/{path.stem}.log', mode: overwrite}]}",
    ),
    ("in/a.txt", "{locations: ~/in, actions: [symlink: ~/links/, hardlink: ~/names/]}"),
    (
        "in/a.txt=Total: 17 EUR; in/b.txt=none",
        "{locations: ~/in, filters: [filecontent: 'Total: (?P<sum>\\d+)'], actions: [rename: '{filecontent.sum}.txt']}",
    ),
    (
        "in/old.txt@86400; in/older.txt@3600",
        "{locations: ~/in, filters: [lastmodified: {years: 1}], actions: [move: '~/out/{lastmodified.year}/']}",
    ),
    (
        "in/a.txt; in/b.pdf",
        "{locations: ~/in, filters: [extension: txt, name: b], filter_mode: any, actions: [move: ~/out/]}",
    ),
    (
        "in/a.txt; in/b.pdf",
        "{locations: ~/in, filters: [extension: txt], filter_mode: none, actions: [move: ~/out/]}",
    ),
    (
        "in/empty=; in/full",
        "{locations: ~/in, filters: [not empty, size: '< 1k'], actions: [copy: {dest: ~/out/, continue_with: original}, rename: 'kept {path.name}']}",
    ),
    // What the first brings, the second carries on.
    (
        "in/a.txt; in/b.pdf",
        "{locations: ~/in, filters: [extension: txt], actions: [move: ~/mid/]}\n  - {locations: ~/mid, actions: [move: ~/out/]}",
    ),
];

/// The case's texts with its own folder in the place of home.
fn own(nr: usize, text: &str) -> String {
    text.replace("~/", &format!("~/{nr}/"))
}

fn config() -> String {
    let rules: Vec<String> =
        CASES.iter().enumerate().map(|(nr, (_, rule))| format!("  - {}\n", own(nr, rule))).collect();
    format!("rules:\n{}", rules.concat())
}

/// Lays the files of all cases, or those alone that Usher does not wait for.
fn plant(home: &Path, which: impl Fn(&str) -> bool) {
    for (nr, (tree, _)) in CASES.iter().enumerate() {
        let items: Vec<&str> = tree.split(';').map(str::trim).filter(|item| which(item)).collect();
        tree::plant(&home.join(nr.to_string()), &items.join("; "));
    }
}

/// A resident Usher, which ends with the test.
struct Resident(Child);

impl Resident {
    fn start(base: &Path) -> Self {
        let child = Command::new(assert_cmd::cargo::cargo_bin!("usher"))
            .arg("watch")
            .env_clear()
            .envs(environment(base))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(child.unwrap())
    }
}

impl Drop for Resident {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> Result<(), String>) {
    let begun = Instant::now();
    let mut found = is_so();
    while found.is_err() && begun.elapsed() < Duration::from_secs(40) {
        std::thread::sleep(Duration::from_millis(100));
        found = is_so();
    }
    assert_eq!(found, Ok(()), "{what}: not in time");
}

/// What is different from where organize ends.
fn compared(theirs: &Tree, ours: &Tree) -> Result<(), String> {
    let (theirs, ours) = (theirs.lines(), ours.lines());
    let missing =
        theirs.iter().filter(|line| !ours.contains(line)).map(|line| format!("only organize: {line}\n"));
    let more =
        ours.iter().filter(|line| !theirs.contains(line)).map(|line| format!("only Usher:    {line}\n"));
    let different: String = missing.chain(more).collect();
    if different.is_empty() { Ok(()) } else { Err(different) }
}

/// Has Usher stay, with the files there before it or not, and compares where they end.
fn check(come_later: bool) {
    let room = room();
    let base = room.path().join("0");
    let home = base.join("home");
    let start = SystemTime::now() - Duration::from_secs(60);
    let find = || {
        let mut tree = Tree::find(&home, &base.join("data/Trash"), start);
        // What folders were changed by is each program's own way, and what the vault keeps is a name more.
        tree.forget_times(&tree::folders(&home));
        tree.forget_names();
        tree
    };
    // The folders that rules look into are there before anything is in them.
    let make_folders = || {
        empty(&base);
        for nr in 0..CASES.len() {
            for folder in ["in/sub/deep", "mid"] {
                fs::create_dir_all(home.join(nr.to_string()).join(folder)).unwrap();
            }
        }
    };
    make_folders();
    plant(&home, |_| true);
    fs::write(base.join("rules.yaml"), config()).unwrap();
    let args = ["run".to_owned(), base.join("rules.yaml").display().to_string()].to_vec();
    let run = Start { args, cwd: home.clone(), env: environment(&base), stdin: String::new() };
    let answers = oracle::organize(&[run]);
    assert_eq!(answers[0].code, 0, "{}", answers[0].out);
    let theirs = find();

    make_folders();
    fs::create_dir_all(base.join("config/usher/rules")).unwrap();
    fs::write(base.join("config/usher/rules/rules.yaml"), config()).unwrap();
    let is_for_rules = |item: &str| item.starts_with("in/");
    plant(&home, |item| !is_for_rules(item));
    if !come_later {
        plant(&home, is_for_rules);
    }
    let _resident = Resident::start(&base);
    if come_later {
        let args = ["status", "--json"].map(str::to_owned).to_vec();
        let status = Start { args, cwd: home.clone(), env: environment(&base), stdin: String::new() };
        until("every folder is watched", || {
            let said = usher(&status).out;
            let status: serde_json::Value = serde_json::from_str(&said).map_err(|_| said.clone())?;
            let folders = status["folders"].as_array().filter(|folders| folders.len() >= CASES.len());
            let watched =
                folders.is_some_and(|folders| folders.iter().all(|folder| folder["mode"] == "watching"));
            if watched { Ok(()) } else { Err(said) }
        });
        plant(&home, is_for_rules);
    }
    until("it ends where organize does", || compared(&theirs, &find()));
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(compared(&theirs, &find()), Ok(()), "and it stays there");
}

#[test]
fn what_lies_there_when_usher_starts_ends_where_organize_takes_it() {
    check(false);
}

#[test]
fn what_comes_while_usher_stays_ends_where_organize_takes_it() {
    check(true);
}

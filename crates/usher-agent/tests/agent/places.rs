//! Where Usher's own files lie, as it tells people.

use std::fs;
use std::path::{Path, PathBuf};

use usher_agent::api::{Dismissal, Request, Settings, SettingsPatch, Status};
use usher_agent::{Link, OpenOptions};

use crate::room::{Room, status_when};

/// Every file below a folder, sockets among them.
fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => files_below(&entry.path(), found),
            false => found.push(entry.path()),
        }
    }
}

#[test]
fn every_file_that_usher_makes_lies_in_a_place_it_names() {
    let room = Room::new();
    let rule = |kind: &str, dest: &str| {
        format!(
            "  - locations: IN\n    filters:\n      - extension: {kind}\n    \
             actions:\n      - move: {{ dest: {dest}, on_conflict: overwrite }}\n"
        )
    };
    let path = room.rules("a.yaml", &format!("rules:\n{}{}", rule("txt", "OUT/"), rule("pdf", "OUT/wall/")));
    room.write("out/a.txt", "replaced");
    room.write("in/a.txt", "new");
    // A file where a folder should be: a step that fails.
    room.write("out/wall", "in the way");
    room.write("in/b.pdf", "new");
    let owner = Link::open(room.dirs.clone(), OpenOptions { watch: true, log: true }).unwrap();
    status_when(&owner, |status| status.attention.iter().any(|one| one.code == "failed_step"));
    let patch = SettingsPatch { theme: Some("dark".into()), ..SettingsPatch::default() };
    let _: Settings = owner.call(&Request::SetSettings(patch)).unwrap();
    fs::write(&path, "rules: [").unwrap();
    status_when(&owner, |status| status.attention.iter().any(|one| one.code == "rule_problem"));
    owner.ask(&Request::Dismiss(Dismissal { code: "failed_step".into(), ..Dismissal::default() })).unwrap();

    let status: Status = owner.call(&Request::Status).unwrap();
    let places: Vec<(&str, &str)> = status.places.named().collect();
    let mut files = Vec::new();
    for folder in [&room.dirs.config, &room.dirs.state, &room.dirs.runtime] {
        files_below(folder, &mut files);
    }
    for file in &files {
        let name = file.to_str().unwrap();
        // What the database keeps beside its file begins with the file's name.
        let named = |(what, place): &(&str, &str)| {
            file.starts_with(place) || (*what == "journal" && name.starts_with(place))
        };
        assert!(places.iter().any(named), "{name} is in none of {places:#?}");
    }
    for wanted in
        ["rules", "settings", "journal", "intents", "vault", "good rules", "memory", "logs", "socket", "lock"]
    {
        let (_, place) = places.iter().find(|(what, _)| *what == wanted).unwrap();
        assert!(Path::new(place).exists(), "{wanted} is at {place}");
    }
}

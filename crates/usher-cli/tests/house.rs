//! The walls of the house: which crate may know which, checked against what cargo says.

#![allow(clippy::unwrap_used, reason = "a test that cannot look has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What each crate of ours may use of ours, outside its tests. The column of ARCHITECTURE.md, in code.
const MAY_USE: [(&str, &[&str]); 8] = [
    ("usher-event", &[]),
    ("usher-watch", &["usher-event"]),
    ("usher-rule", &["usher-event"]),
    ("usher-engine", &["usher-event", "usher-rule"]),
    ("usher-agent", &["usher-event", "usher-watch", "usher-rule", "usher-engine"]),
    ("usher-cli", &["usher-agent"]),
    ("usher-testkit", &["usher-event", "usher-rule", "usher-engine"]),
    ("usher-desktop", &["usher-agent"]),
];

/// Toolkits that no crate but the desktop's may pull in, however deep.
const DESKTOP_ONLY: [&str; 5] = ["tauri", "wry", "gtk", "webkit2gtk", "tao"];

fn metadata() -> serde_json::Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--manifest-path", manifest])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn text(value: &serde_json::Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn each_room_knows_only_the_rooms_it_may_know() {
    let metadata = metadata();
    let members: BTreeSet<&str> =
        metadata["workspace_members"].as_array().unwrap().iter().map(text).collect();
    let packages = metadata["packages"].as_array().unwrap();
    let ours: Vec<_> = packages.iter().filter(|package| members.contains(text(&package["id"]))).collect();
    let allowed = BTreeMap::from(MAY_USE);
    assert_eq!(ours.len(), allowed.len(), "a new room needs a line in ARCHITECTURE.md and here");
    for package in &ours {
        let name = text(&package["name"]);
        let Some(allowed) = allowed.get(name) else { panic!("{name} has no line here") };
        for dependency in package["dependencies"].as_array().unwrap() {
            let uses = text(&dependency["name"]);
            let for_tests = dependency["kind"].as_str() == Some("dev");
            if uses.starts_with("usher-") && !for_tests {
                assert!(allowed.contains(&uses), "{name} may not use {uses}");
            }
        }
    }
}

#[test]
fn no_crate_but_the_desktop_pulls_in_a_toolkit() {
    let metadata = metadata();
    let names: BTreeMap<&str, &str> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (text(&package["id"]), text(&package["name"])))
        .collect();
    let uses: BTreeMap<&str, Vec<&str>> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (text(&node["id"]), node["dependencies"].as_array().unwrap().iter().map(text).collect()))
        .collect();
    for (start, name) in
        names.iter().filter(|(_, name)| name.starts_with("usher-") && **name != "usher-desktop")
    {
        let mut seen = BTreeSet::new();
        let mut open = vec![*start];
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                assert!(!DESKTOP_ONLY.contains(&names[id]), "{name} pulls in {}", names[id]);
                open.extend(&uses[id]);
            }
        }
    }
}

//! Rule files whose names say what they show: the valid ones load, the invalid ones are told what is wrong with them.

#![expect(clippy::expect_used, reason = "the helpers of a test may fail it")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use usher_rule::{Severity, load};

fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules").join(kind)
}

fn files(kind: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder(kind)).expect("the folder of rules");
    let stem = |entry: fs::DirEntry| entry.path().file_stem().map(|stem| stem.to_string_lossy().into_owned());
    entries.filter_map(|entry| stem(entry.expect("an entry"))).collect()
}

fn text(kind: &str, name: &str) -> String {
    fs::read_to_string(folder(kind).join(format!("{name}.yaml"))).expect(name)
}

/// All that is said about an invalid file.
fn said(name: &str) -> String {
    let text = text("invalid", name);
    let loaded = load(Path::new("rules.yaml"), &text);
    loaded.diagnostics.iter().map(|problem| problem.show("rules.yaml", &text)).collect()
}

#[test]
fn valid_files_load_without_a_word() {
    let files = files("valid");
    assert!(files.len() >= 9);
    for name in files {
        let text = text("valid", &name);
        let loaded = load(Path::new("rules.yaml"), &text);
        let said: String = loaded.diagnostics.iter().map(|problem| problem.show(&name, &text)).collect();
        let expected = if name.starts_with("numbers_") { 1 } else { 0 };
        assert_eq!(loaded.diagnostics.len(), expected, "{said}");
        assert!(!loaded.rules.is_empty(), "{name}");
    }
}

#[test]
fn rules_with_mistakes_are_left_out_and_the_others_stay() {
    let text = "rules:\n- {name: good, actions: [echo: a]}\n- {name: bad, actions: [ehco: a]}\n- {actions: [echo: b]}\n";
    let loaded = load(Path::new("/x/mine.yaml"), text);
    let ids: Vec<_> = loaded.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["mine/good", "mine/2"]);
    assert_eq!(loaded.rules[1].nr, 2);
    assert!(!loaded.is_good());
}

#[test]
fn ids_are_unique_and_stable() {
    let text = "rules:\n- {name: a, actions: [echo]}\n- {name: a, actions: [echo]}\n- {name: a (2), actions: [echo]}\n";
    let ids = |text: &str| {
        load(Path::new("r.yaml"), text).rules.into_iter().map(|rule| rule.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(text), ["r/a", "r/a (2)", "r/a (2) (2)"]);
    assert_eq!(ids(text), ids(text));
}

#[test]
fn a_mistake_behind_an_alias_is_told_once() {
    let text = "x: &x {mvoe: a}\nrules:\n- {locations: /in, actions: *x}\n- {locations: /in, actions: *x}\n";
    let loaded = load(Path::new("r.yaml"), text);
    assert_eq!(loaded.diagnostics.len(), 1);
    assert!(loaded.rules.is_empty());
}

#[test]
fn warnings_do_not_cost_a_rule() {
    let loaded = load(Path::new("r.yaml"), &text("invalid", "a_size_nobody_can_read"));
    assert_eq!(loaded.rules.len(), 1);
    assert!(loaded.is_good());
    assert!(loaded.diagnostics.iter().all(|problem| problem.severity == Severity::Warning));
}

#[path = "rules/invalid.rs"]
mod invalid;

#[test]
fn every_invalid_file_is_looked_at() {
    assert_eq!(files("invalid"), invalid::NAMES.iter().map(|name| (*name).to_owned()).collect());
}

#[test]
fn an_empty_list_of_rules_is_only_warned_of() {
    let loaded = load(Path::new("r.yaml"), "rules: []\n");
    assert!(loaded.is_good() && loaded.rules.is_empty());
    assert_eq!(loaded.diagnostics[0].code, "no_rules");
}

//! Whatever stands in a rule file: loading ends soon, and never with a panic.

use std::path::Path;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use usher_rule::{Loaded, load};

const VALID: &[&str] = &[
    include_str!("rules/valid/a_location_can_be_a_text_a_list_or_a_mapping.yaml"),
    include_str!("rules/valid/actions_and_filters_are_named_bare_or_with_parameters.yaml"),
    include_str!("rules/valid/anchors_merge_keys_and_other_top_level_keys_are_fine.yaml"),
    include_str!("rules/valid/json_is_read_too.yaml"),
    include_str!("rules/valid/what_usher_adds.yaml"),
    include_str!("rules/valid/the_whole_file_may_be_indented.yaml"),
];

/// Pieces that mean something somewhere.
const PIECES: &[&str] = &[
    "\t",
    "\n",
    "\r\n",
    "- ",
    ": ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "<<: *a",
    "!x ",
    "!!int ",
    "|",
    ">-",
    "'",
    "\"",
    "#",
    "~",
    "null",
    "yes",
    "{{",
    "{%",
    "{#",
    "%}",
    "${X}",
    "$HOME",
    "rules:",
    "actions:",
    "filters:",
    "not ",
    "any:",
    "---",
    "...",
    "%YAML 1.1\n",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "é",
    "e\u{301}",
    "\0",
    "0x",
    "1e9",
    "-1",
    ".inf",
    "9999999999999999999999",
    "{a:int}",
    "(?P<x>",
    "a{1,999}",
    "? ",
    "  ",
];

/// Bytes that all of this program may have had at once. It is small itself, and so are the texts.
const MOST_MEMORY: u64 = 512 << 20;

/// The most memory this program has had so far; 0 where the system does not tell.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok()).unwrap_or(0) * 1024
}

fn check(text: &str) -> Result<Loaded, TestCaseError> {
    let start = Instant::now();
    let loaded = load(Path::new("rules.yaml"), text);
    prop_assert!(start.elapsed() < Duration::from_secs(10), "took {:?}", start.elapsed());
    prop_assert!(most_memory() < MOST_MEMORY, "took {} bytes", most_memory());
    for problem in &loaded.diagnostics {
        let span = problem.span;
        prop_assert!(span.line >= 1 && span.column >= 1, "{problem:?}");
        prop_assert!(text.get(span.start..span.end).is_some(), "{problem:?} points nowhere");
        problem.show("rules.yaml", text);
    }
    for rule in &loaded.rules {
        prop_assert!(!rule.actions.is_empty());
    }
    Ok(loaded)
}

/// A valid file with pieces put in, taken out and doubled.
fn mutated() -> impl Strategy<Value = String> {
    let edit =
        (any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop::sample::select(PIECES), 0..4);
    (prop::sample::select(VALID), prop::collection::vec(edit, 1..6)).prop_map(|(text, edits)| {
        let mut chars: Vec<char> = text.chars().collect();
        for (from, len, piece, kind) in edits {
            let from = from.index(chars.len() + 1);
            let to = (from + len.index(12)).min(chars.len());
            let piece: Vec<char> = match kind {
                0 => Vec::new(),
                1 => chars[from..to].repeat(2),
                _ => piece.chars().collect(),
            };
            chars.splice(from..to, piece);
        }
        chars.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_to_its_end(text in "\\PC{0,200}") {
        check(&text)?;
    }

    #[test]
    fn any_heap_of_yaml_is_read_to_its_end(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        check(&pieces.concat())?;
    }

    #[test]
    fn a_valid_file_with_mistakes_in_it_is_read_to_its_end(text in mutated()) {
        check(&text)?;
    }
}

#[test]
fn large_files_are_refused_or_read_quickly() {
    let rule = "- {locations: ~/in, filters: [extension: pdf], actions: [move: '/out/{extension}/']}\n";
    let huge = format!("rules:\n{}", rule.repeat(10 * 1024 * 1024 / rule.len()));
    let start = Instant::now();
    let codes: Vec<_> =
        load(Path::new("r.yaml"), &huge).diagnostics.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["too_large"]);
    let large = format!("rules:\n{}", rule.repeat(10_000));
    assert_eq!(load(Path::new("r.yaml"), &large).rules.len(), 10_000);
    let wrong = format!("rules:\n{}", "- {locaton: 1, acions: [mvoe, ehco: 1]}\n".repeat(20_000));
    assert!(load(Path::new("r.yaml"), &wrong).diagnostics.len() <= 200);
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
    assert!(most_memory() < MOST_MEMORY, "took {} bytes", most_memory());
}

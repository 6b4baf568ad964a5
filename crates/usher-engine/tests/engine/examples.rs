//! The tests that stand in a rule.

use std::path::Path;
use std::sync::Arc;

use usher_engine::try_examples;
use usher_testkit::Stage;

/// What is said about the tests of a rule with these lines.
fn tried(rule: &str) -> Vec<String> {
    let text = format!("rules:\n  - locations: ~/in\n{rule}");
    let loaded = usher_rule::load(Path::new("rules.yaml"), &text);
    assert!(loaded.is_good(), "{:?}", loaded.diagnostics);
    let stage = Stage::new(&text);
    stage.home.write("real.bin", "GIF89a");
    let rule = Arc::new(loaded.rules.into_iter().next().unwrap());
    try_examples(&rule, &*stage.disk).into_iter().map(|problem| problem.to_string()).collect()
}

const INVOICES: &str = "    filters:\n      - extension: pdf\n      - size: '> 1 kB'\n      - lastmodified\n    actions:\n      - move: ~/out/{lastmodified.year}/\n";

#[test]
fn what_is_expected_and_happens_is_not_spoken_of() {
    let tests = "    tests:
      - { file: a.pdf, size: 2 kB, modified: 2021-05-05, becomes: ~/out/2021/a.pdf }
      - { file: ~/in/a.pdf, size: 2 kB }
      - { file: a.txt, size: 2 kB, matches: no }
      - { file: ~/elsewhere/a.pdf, size: 2 kB, matches: no }
      - { file: a.pdf, text: small, matches: no }
      - { file: a.pdf, like: ~/real.bin, matches: no }\n";
    assert_eq!(tried(&format!("{INVOICES}{tests}")), [""; 0]);
}

#[test]
fn what_happens_instead_is_said_with_its_place() {
    let tests = "    tests:
      - { file: a.pdf, size: 2 kB, modified: 2021-05-05, becomes: ~/out/a.pdf }
      - { file: a.txt, size: 2 kB }
      - { file: a.pdf, size: 2 kB, matches: no }
      - { file: ~/elsewhere/a.pdf }
      - { file: a.pdf, like: ~/gone }\n";
    let said = tried(&format!("{INVOICES}{tests}"));
    assert_eq!(
        said[..4],
        [
            "10:11: `a.pdf` becomes `~/out/2021/a.pdf`, not `~/out/a.pdf`",
            "11:11: the rule does not match `a.txt`: `extension` wants `pdf` and sees `txt`",
            "12:11: the rule matches `a.pdf`",
            "13:11: `~/elsewhere/a.pdf` lies in none of the rule's locations",
        ]
    );
    assert!(said[4].contains("cannot look at") && said[4].contains("gone"), "{said:?}");
}

#[test]
fn an_action_that_cannot_be_planned_and_a_file_that_is_deleted_are_said() {
    let said = tried("    actions: [move: '{nothing}/']\n    tests: [{file: a, becomes: b}]\n");
    assert!(said[0].contains("`a`: move: "), "{said:?}");
    let said = tried("    actions: [delete]\n    tests: [{file: a, becomes: b}]\n");
    assert_eq!(said, ["4:14: `a` is deleted, and does not become `~/in/b`"]);
}

//! What editors are told about rule files holds for every file of these tests that Usher reads.

use std::path::Path;

use usher_rule::document::Document;

use crate::case::{Case, all};
use crate::random;

#[path = "../../../usher-rule/tests/editor/as_json.rs"]
mod as_json;
use as_json::as_json;

/// What the schema says against files that Usher reads.
fn wrongly_refused(cases: &[Case]) -> (usize, Vec<String>) {
    let validator = jsonschema::validator_for(&usher_rule::schema::schema()).unwrap();
    let mut looked_at = 0;
    let mut refused = Vec::new();
    for case in cases {
        if !usher_rule::load(Path::new("rules.yaml"), &case.config).is_good() {
            continue;
        }
        let Some(root) = Document::parse(&case.config).root else { continue };
        looked_at += 1;
        let errors: Vec<String> =
            validator.iter_errors(&as_json(&root)).map(|error| error.to_string()).collect();
        if !errors.is_empty() {
            refused.push(format!("{}\n{}", case.config, errors.join("\n")));
        }
    }
    (looked_at, refused)
}

#[test]
fn the_schema_accepts_every_case_that_usher_reads() {
    let (looked_at, refused) = wrongly_refused(&all());
    assert!(refused.is_empty(), "{} of {looked_at} files\n\n{}", refused.len(), refused.join("\n\n"));
    assert!(looked_at > 1000, "only {looked_at} files were looked at");
}

#[test]
fn the_schema_accepts_everything_that_can_be_drawn() {
    let (looked_at, refused) = wrongly_refused(&random::cases(500));
    assert!(refused.is_empty(), "{} of {looked_at} files\n\n{}", refused.len(), refused.join("\n\n"));
    assert_eq!(looked_at, 500, "Usher reads whatever is drawn");
}

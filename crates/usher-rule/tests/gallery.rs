//! The ready-made rules that the window offers hold: each loads, and does nothing until it is switched on.

#![allow(clippy::unwrap_used, reason = "a test that cannot read has failed")]

use std::fs;
use std::path::Path;

#[test]
fn every_ready_made_rule_is_good_and_switched_off() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/gallery/rules");
    let mut rules = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let loaded = usher_rule::load(&path, &fs::read_to_string(&path).unwrap());
        let said: Vec<String> = loaded.diagnostics.iter().map(ToString::to_string).collect();
        assert!(said.is_empty(), "{}: {said:?}", path.display());
        assert!(loaded.rules.len() == 1 && !loaded.rules[0].enabled, "{}", path.display());
        rules += 1;
    }
    assert!(rules >= 12);
}

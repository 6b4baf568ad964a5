//! The documentation holds: every YAML block in it loads, and every link to a file leads somewhere.

#![allow(clippy::unwrap_used, reason = "a test that cannot read has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use usher_rule::Severity;

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let mut pages = Vec::new();
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        pages.push(root.join(name));
    }
    for folder in ["docs/guide", "docs/adr"] {
        let entries = fs::read_dir(root.join(folder)).unwrap();
        pages.extend(
            entries
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.extension().is_some_and(|e| e == "md")),
        );
    }
    pages
}

#[test]
fn every_yaml_block_loads() {
    let mut blocks = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for block in text.split("```yaml\n").skip(1) {
            let yaml = block.split("```").next().unwrap();
            let loaded = usher_rule::load(&page, yaml);
            let errors: Vec<String> = loaded
                .diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.severity == Severity::Error)
                .map(ToString::to_string)
                .collect();
            assert!(errors.is_empty(), "{}: {errors:?} in\n{yaml}", page.display());
            blocks += 1;
        }
    }
    assert!(blocks >= 3, "the guide has examples");
}

#[test]
fn every_link_to_a_file_leads_somewhere() {
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap();
            if path.is_empty() || path.contains("://") {
                continue;
            }
            assert!(page.parent().unwrap().join(path).exists(), "{}: {link}", page.display());
        }
    }
}

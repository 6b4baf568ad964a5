//! Lints: what a rule file may say, and what probably was not meant by it.
//!
//! Each lint is a trap that organize's language, or YAML, sets for people. It has a stable name, a reason and a way out,
//! and two short files: one that falls into the trap and one that does not. The guide's page and the tests are made from
//! these. A line of a rule file that ends in `# usher: allow NAME`, or that follows such a comment, is let off.
//!
//! Some are found where a value is read, because they need what was read ([`size_unparsable`](Lint::name) is one); the
//! others look at the rule as it was written.

mod actions;
mod events;
mod filters;
mod locations;
mod rules;
#[cfg(test)]
mod said;
mod written;

pub(crate) use written::Written;

use crate::document::Node;
use crate::load::Problems;

/// One trap.
pub struct Lint {
    /// Its stable name, the code of its diagnostics.
    pub name: &'static str,
    /// What goes wrong.
    pub why: &'static str,
    /// What to write instead.
    pub mend: &'static str,
    /// A rule file that falls into it.
    pub bad: &'static str,
    /// One that does not.
    pub good: &'static str,
    /// What looks for it; absent where it is found while reading.
    look: Option<Look>,
}

/// Looks at one rule and reports what it finds.
type Look = fn(&Written<'_>, &mut Problems<'_>);

impl Lint {
    const fn new(name: &'static str, look: Option<Look>) -> Self {
        Self { name, why: "", mend: "", bad: "", good: "", look }
    }

    const fn why(self, why: &'static str) -> Self {
        Self { why, ..self }
    }

    const fn mend(self, mend: &'static str) -> Self {
        Self { mend, ..self }
    }

    const fn bad(self, bad: &'static str) -> Self {
        Self { bad, ..self }
    }

    const fn good(self, good: &'static str) -> Self {
        Self { good, ..self }
    }
}

/// Every lint, by what it is about.
pub fn all() -> impl Iterator<Item = &'static Lint> {
    [rules::ALL, events::ALL, locations::ALL, filters::ALL, actions::ALL].into_iter().flatten()
}

/// Looks at a rule that was read without errors.
pub(crate) fn look(rule: &Node, problems: &mut Problems<'_>) {
    let Some(written) = Written::of(rule) else { return };
    for look in all().filter_map(|lint| lint.look) {
        look(&written, problems);
    }
}

/// The codes of what is found in a file without errors.
#[cfg(test)]
fn found(text: &str) -> Vec<&'static str> {
    let loaded = crate::load(std::path::Path::new("rules.yaml"), text);
    let errors: Vec<_> =
        loaded.diagnostics.iter().filter(|problem| problem.severity == crate::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?} in\n{text}");
    loaded.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::load;

    #[test]
    fn every_lint_finds_its_bad_file_and_lets_its_good_one_be() {
        for lint in all() {
            if cfg!(target_os = "macos") && lint.name == "not_available_here" {
                continue;
            }
            assert!(found(lint.bad).contains(&lint.name), "{}:\n{}", lint.name, lint.bad);
            assert_eq!(found(lint.good), [""; 0], "{}:\n{}", lint.name, lint.good);
        }
    }

    #[test]
    fn every_lint_has_a_name_of_its_own_and_says_why_and_how_to_mend_it() {
        let mut names = HashSet::new();
        for lint in all() {
            assert!(names.insert(lint.name), "{} twice", lint.name);
            assert!(lint.why.len() > 20 && lint.mend.len() > 10, "{}", lint.name);
        }
    }

    #[test]
    fn every_warning_is_one_of_the_lints() {
        let mut codes = HashSet::new();
        each_source(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut |text| {
            let made = text.split(concat!("Diagnostic::", "warning(")).skip(1);
            let quoted = made.filter_map(|after| after.trim_start().strip_prefix('"'));
            codes.extend(quoted.filter_map(|after| Some(after.split_once('"')?.0.to_owned())));
        });
        assert!(codes.len() > 20, "{codes:?}");
        for code in codes {
            assert!(all().any(|lint| lint.name == code), "{code} is reported and not in the table");
        }
    }

    fn each_source(folder: &Path, each: &mut dyn FnMut(&str)) {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            match entry.is_dir() {
                true => each_source(&entry, each),
                false => each(&fs::read_to_string(&entry).unwrap()),
            }
        }
    }

    #[test]
    fn a_comment_lets_a_line_off() {
        let bad = "rules:\n  - locations: /in\n    filters:\n      - size: '> 10'\n    actions: [trash]\n";
        assert_eq!(found(bad), ["size_unitless"]);
        assert_eq!(found(&bad.replace("'> 10'", "'> 10' # usher: allow size_unitless")), [""; 0]);
        let before = bad
            .replace("      - size", "      # usher: allow relative_location, size_unitless\n      - size");
        assert_eq!(found(&before), [""; 0]);
        assert_eq!(found(&bad.replace("'> 10'", "'> 10' # usher: allow size")), ["size_unitless"]);
        let error = "rules:\n  - actions: [trash]  # usher: allow no_locations\n";
        assert!(!load(Path::new("a"), error).is_good(), "an error cannot be let off");
    }
}

//! Looking a rule file over without running it, for `usher check`. Needs no owner.

use std::path::Path;
use std::sync::Arc;

use usher_engine::{MachineClock, RealDisk, try_examples};
use usher_rule::Rule;

use crate::api::{Problem, RuleInfo};
use crate::directories::Directories;
use crate::present;
use crate::rules::unreadable;
use crate::text_file;

/// What a rule file holds, and what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The rules without mistakes.
    pub rules: Vec<RuleInfo>,
    /// All that is wrong or surprising.
    pub problems: Vec<Problem>,
}

impl Checked {
    /// Whether nothing worse than warnings was found.
    pub fn is_good(&self) -> bool {
        self.problems.iter().all(|problem| problem.severity != "error")
    }
}

/// What is wrong with a rule file. One that cannot be read is broken like any other. Relative locations start in
/// `working_dir`.
pub fn problems(dirs: &Directories, working_dir: &Path, file: &Path) -> Vec<Problem> {
    match text_file::read(file) {
        Ok(text) => check(dirs, working_dir, file, &text).problems,
        Err(error) => vec![unreadable(file, &error)],
    }
}

/// Looks over the text of a rule file. Relative locations start in `working_dir`.
pub fn check(dirs: &Directories, working_dir: &Path, file: &Path, text: &str) -> Checked {
    let loaded = usher_rule::load(file, text);
    let clock = Arc::new(MachineClock::default());
    let world =
        RealDisk::new(clock, Some(dirs.home.clone()), dirs.data_home.clone(), working_dir.to_path_buf());
    let rules: Vec<Arc<Rule>> = loaded.rules.into_iter().map(Arc::new).collect();
    let mut diagnostics = loaded.diagnostics;
    diagnostics.extend(rules.iter().flat_map(|rule| try_examples(rule, &world)));
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    Checked {
        rules: rules.iter().map(|rule| present::rule_info(rule, &[], &world)).collect(),
        problems: diagnostics.iter().map(|diagnostic| present::problem(file, text, diagnostic)).collect(),
    }
}

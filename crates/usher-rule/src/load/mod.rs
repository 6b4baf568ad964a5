//! Rule files to rules: everything that is wrong with a file in one go.
//!
//! A rule with a mistake is left out of the answer; what to do with the others, and whether the last good version of
//! the file stays in force, is for the caller to say.

mod examples;
mod items;
mod location;
mod problems;
mod reader;
mod rule;
mod say;
mod spec;
mod when;

use std::collections::HashSet;
use std::path::Path;

use usher_event::sentence;

pub use examples::TEST;
pub use location::LOCATION;
pub use problems::Problems;
pub use reader::Reader;
pub(crate) use reader::{as_flag, plain_text, system_name};
pub use rule::RULE;
pub use say::{list, nearest};
pub use spec::{Kind, Param, Signs, Spec};
pub(crate) use when::{triggers, words_of};

use crate::document::{Document, Node, Value};
use crate::{Diagnostic, Rule, Severity, Span};

/// What a rule file turned out to hold.
#[derive(Debug)]
pub struct Loaded {
    /// The rules without mistakes, in the order of the file.
    pub rules: Vec<Rule>,
    /// All that is wrong or surprising, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// Whether nothing worse than warnings was found.
    pub fn is_good(&self) -> bool {
        self.diagnostics.iter().all(|problem| problem.severity < Severity::Error)
    }
}

/// Reads the rules in the text of a file.
///
/// The file's name goes into the rules' ids; nothing is read from it.
pub fn load(file: &Path, text: &str) -> Loaded {
    let document = Document::parse(text);
    let mut problems = Problems::new(text);
    let unreadable = document.problems.iter().any(|problem| problem.severity == Severity::Error);
    document.problems.into_iter().for_each(|problem| problems.push(problem));
    let mut rules = Vec::new();
    if !unreadable {
        let nodes = rule_nodes(document.root.as_ref(), &mut problems);
        for (nr, node) in nodes.into_iter().enumerate() {
            if problems.full() {
                break;
            }
            rules.extend(rule::read(node, file, nr, &mut problems));
        }
        name_rules(file, &mut rules);
    }
    Loaded { rules, diagnostics: problems.finish() }
}

/// The nodes under `rules`.
fn rule_nodes<'d>(root: Option<&'d Node>, problems: &mut Problems<'_>) -> Vec<&'d Node> {
    let Some(root) = root.filter(|root| !root.is_null()) else {
        let start = Span { start: 0, end: 0, line: 1, column: 1 };
        problems.push(
            Diagnostic::error("empty", start, sentence!("load-empty", "the file is empty"))
                .help(sentence!("load-empty-help", "a rule file begins with `rules:` and a list of rules")),
        );
        return Vec::new();
    };
    let Value::Map(pairs) = &root.value else {
        problems.push(
            Diagnostic::error(
                "not_a_mapping",
                root.head(),
                sentence!(
                    "load-no-mapping",
                    "a rule file is a mapping, and this is {what}",
                    what = root.describe()
                ),
            )
            .help(sentence!("load-no-mapping-help", "put the list of rules under `rules:`")),
        );
        return Vec::new();
    };
    let Some(rules) = pairs.iter().find(|pair| pair.key.text() == Some("rules")) else {
        let keys = pairs.iter().filter_map(|pair| pair.key.text());
        let near = keys.clone().find(|key| nearest(key, ["rules"].into_iter()).is_some());
        let help = match near {
            Some(key) => {
                sentence!(
                    "load-rules-misspelt-help",
                    "did you mean `rules` where it says `{key}`?",
                    key = key
                )
            }
            None => sentence!("load-no-rules-key-help", "add `rules:` with a list of rules"),
        };
        let message = sentence!("load-no-rules-key", "the file has no `rules`");
        problems.push(Diagnostic::error("no_rules", root.head(), message).help(help));
        return Vec::new();
    };
    let mut nodes = Vec::new();
    match &rules.value.value {
        Value::List(_) => rules.value.flatten(&mut |node| nodes.push(node)),
        _ if rules.value.is_null() => {}
        _ => {
            let what = rules.value.describe();
            let message =
                sentence!("load-rules-no-list", "`rules` is a list, and this is {what}", what = what);
            problems.push(
                Diagnostic::error("wrong_type", rules.value.head(), message)
                    .help(sentence!("load-rules-no-list-help", "begin every rule with a dash")),
            );
            return Vec::new();
        }
    }
    if nodes.is_empty() {
        // A list that is there and empty is no mistake; rules that were forgotten are.
        let new = if rules.value.is_null() { Diagnostic::error } else { Diagnostic::warning };
        let problem = new("no_rules", rules.key.span, sentence!("load-no-rules", "there are no rules"));
        problems.push(problem.help(sentence!("load-no-rules-help", "add one, beginning with a dash")));
    }
    nodes
}

/// Gives every rule its id: the file's stem and the rule's name or number, made different where they are not.
fn name_rules(file: &Path, rules: &mut [Rule]) {
    let stem = file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let mut taken = HashSet::new();
    for rule in rules {
        let name = rule.name.clone().unwrap_or_else(|| rule.nr.to_string());
        let base = format!("{stem}/{name}");
        let mut id = base.clone();
        let mut count = 1;
        while !taken.insert(id.clone()) {
            count += 1;
            id = format!("{base} ({count})");
        }
        rule.id = id;
    }
}

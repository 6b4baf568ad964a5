//! Traps in what a rule asks of the event that wakes it.

use usher_event::sentence;

use super::{Lint, Written};
use crate::Diagnostic;
use crate::brought::placeholders;
use crate::document::Node;
use crate::load::{Problems, list, triggers};
use crate::occasions;

pub(super) const ALL: &[Lint] = &[Lint::new("not_brought", Some(not_brought))
    .why(
        "A variable such as `{volume.label}` is there only when an event brings it. In a location or an action it fails \
         otherwise; in a guard it holds the rule back, and a filter lets nothing through or takes it for plain text.",
    )
    .mend("Wait for the event that brings it; where the rule waits for several, give each a rule of its own.")
    .bad("rules:\n  - when: { power: ac }\n    locations: /in\n    actions:\n      - move: '/out/{volume.label}/'\n")
    .good("rules:\n  - when: { volume: mounted }\n    locations: /in\n    actions:\n      - move: '/out/{volume.label}/'\n")];

fn not_brought(rule: &Written<'_>, problems: &mut Problems<'_>) {
    let when = rule.key("when").map(|node| triggers(node, &mut Problems::new(""))).unwrap_or_default();
    for (text, node) in rule.asks_events(!when.is_empty()) {
        for placeholder in placeholders(text) {
            let variable = placeholder.variable;
            let brings = |clause: &&occasions::Clause| clause.entry.spec.variables.contains(&variable);
            let Some(lacks) = when.iter().find(|clause| !brings(clause)) else {
                if when.is_empty() {
                    problems.push(said(node, variable, None));
                }
                continue;
            };
            let some = when.iter().any(|clause| brings(&clause));
            problems.push(said(node, variable, some.then_some(lacks.words.as_str())));
        }
    }
}

/// What is said of a variable: nothing the rule waits for brings it, or `lacks` does not.
fn said(node: &Node, variable: &str, lacks: Option<&str>) -> Diagnostic {
    let nouns = occasions::ALL.iter().filter(|entry| entry.spec.variables.contains(&variable));
    let nouns: Vec<&str> = nouns.map(|entry| entry.spec.name).collect();
    let known = list(known(variable));
    let (message, help) = match lacks {
        Some(words) => (
            sentence!(
                "lint-not-brought-by-one",
                "`{{{variable}}}` is not there when `{event}` wakes the rule",
                variable = variable,
                event = words,
            ),
            sentence!("lint-not-brought-by-one-help", "give each of the events a rule of its own"),
        ),
        None if nouns.is_empty() => (
            sentence!("lint-no-event-brings", "no event brings `{{{variable}}}`", variable = variable),
            sentence!("load-unknown-name-help", "there are {names}", names = known),
        ),
        None => (
            sentence!(
                "lint-not-brought",
                "nothing that the rule waits for brings `{{{variable}}}`",
                variable = variable,
            ),
            sentence!(
                "lint-not-brought-help",
                "it comes with `when:` and {names}",
                names = list(nouns.into_iter()),
            ),
        ),
    };
    Diagnostic::warning("not_brought", node.head(), message).help(help)
}

/// The variables of the same name.
fn known(variable: &str) -> impl Iterator<Item = &'static str> + Clone {
    let name = variable.split('.').next().unwrap_or_default().to_owned();
    let all = occasions::ALL.iter().flat_map(|entry| entry.spec.variables).copied();
    let mut known: Vec<_> =
        all.filter(|other| other.strip_prefix(&*name).is_some_and(|rest| rest.starts_with('.'))).collect();
    known.sort_unstable();
    known.dedup();
    known.into_iter()
}

//! What a rule waits for (`when`) and what it wants to be so (`while`).

use usher_event::{Sentence, sentence};

use super::problems::Problems;
use super::reader::{Reader, as_flag, plain_text};
use super::say::{list, nearest, there_are};
use super::spec::Kind;
use crate::Diagnostic;
use crate::brought::Brought;
use crate::document::{Node, Pair, Value};
use crate::occasions::{ALL, Clause, Entry, check_guard};

/// Reads the items of `when`: one, or a list of which any will do.
pub(crate) fn triggers(node: &Node, problems: &mut Problems<'_>) -> Vec<Clause> {
    clauses("when", node, &[], problems)
}

/// Reads the items of `while`: one, or a list of which all have to be so. What is `given` by the rule's events may stand in
/// them.
pub(super) fn guards(node: &Node, given: &[&'static str], problems: &mut Problems<'_>) -> Vec<Clause> {
    clauses("while", node, given, problems)
}

fn clauses(key: &str, node: &Node, given: &[&'static str], problems: &mut Problems<'_>) -> Vec<Clause> {
    let mut clauses = Vec::new();
    let mut items = Vec::new();
    node.flatten(&mut |item| items.push(item));
    for item in items {
        match &item.value {
            Value::Map(pairs) if key == "while" => clauses.extend(several(key, item, pairs, given, problems)),
            Value::Map(_) => clauses.extend(one(key, item, given, problems)),
            _ => clauses.extend(bare(key, item, problems)),
        }
    }
    clauses
}

/// A mapping whose first known key names the noun, with that noun's parameters beside it.
fn one(key: &str, item: &Node, given: &[&'static str], problems: &mut Problems<'_>) -> Option<Clause> {
    let Value::Map(pairs) = &item.value else { return None };
    let Some(entry) = pairs.iter().find_map(|pair| noun(pair, pairs)) else {
        problems.push(no_noun(key, item, pairs));
        return None;
    };
    if key == "while" && !entry.is_state {
        problems.push(never_so(entry, item));
        return None;
    }
    let brought = Brought::of(entry.spec, item, given, problems);
    let sample = brought.as_ref().map_or_else(|| item.clone(), Brought::sample);
    let mut reader = Reader::of_mapping(entry.spec, &sample, problems)?;
    if key == "while" && entry.spec.name == "session" {
        check_guard(&mut reader);
    }
    let occasion = (entry.read)(&mut reader)?;
    Some(Clause { occasion, words: words(pairs), entry, brought })
}

/// The nouns of a mapping, each with its own parameters: `while: { power: ac, network: online }` asks for both.
fn several(
    key: &str,
    item: &Node,
    pairs: &[Pair],
    given: &[&'static str],
    problems: &mut Problems<'_>,
) -> Vec<Clause> {
    let nouns: Vec<&Entry> = pairs.iter().filter_map(|pair| noun(pair, pairs)).collect();
    if nouns.len() < 2 {
        return one(key, item, given, problems).into_iter().collect();
    }
    let mut clauses = Vec::new();
    for entry in &nouns {
        let belongs = |pair: &&Pair| {
            let name = pair.key.text().unwrap_or("");
            noun(pair, pairs)
                .map_or(entry.spec.param(name).is_some(), |noun| noun.spec.name == entry.spec.name)
        };
        let own = Value::Map(pairs.iter().filter(belongs).cloned().collect());
        clauses.extend(one(key, &Node { span: item.span, value: own }, given, problems));
    }
    for pair in pairs {
        let name = pair.key.text().unwrap_or("");
        let known = named(name).is_some() || nouns.iter().any(|entry| entry.spec.param(name).is_some());
        if !known {
            problems.push(no_noun(key, item, std::slice::from_ref(pair)));
        }
    }
    clauses
}

/// A noun alone: `started`.
fn bare(key: &str, item: &Node, problems: &mut Problems<'_>) -> Option<Clause> {
    let written = plain_text(item).unwrap_or("");
    let Some(entry) = named(written) else {
        problems.push(unknown(key, written, item));
        return None;
    };
    if key == "while" && !entry.is_state {
        problems.push(never_so(entry, item));
        return None;
    }
    let occasion = (entry.read)(&mut Reader::item(entry.spec, item.span, None, problems))?;
    Some(Clause { occasion, words: written.to_owned(), entry, brought: None })
}

/// The noun that a key of a mapping names. A flag is a parameter where it stands beside a noun that takes it:
/// `volume: mounted, network: no`.
fn noun(pair: &Pair, pairs: &[Pair]) -> Option<&'static Entry> {
    let name = pair.key.text()?;
    let takes_flag = |other: &Pair| {
        let other = other.key.text().filter(|other| *other != name).and_then(named);
        other.and_then(|other| other.spec.param(name)).is_some_and(|param| param.kind == Kind::Flag)
    };
    named(name).filter(|_| as_flag(&pair.value).is_none() || !pairs.iter().any(takes_flag))
}

fn named(name: &str) -> Option<&'static Entry> {
    ALL.iter().find(|entry| entry.spec.name == name)
}

fn nouns(key: &str) -> impl Iterator<Item = &'static str> + Clone {
    let guards = key == "while";
    ALL.iter().filter(move |entry| entry.is_state || !guards).map(|entry| entry.spec.name)
}

fn no_noun(key: &str, item: &Node, pairs: &[Pair]) -> Diagnostic {
    let written = pairs.first().and_then(|pair| pair.key.text()).unwrap_or("");
    let span = pairs.first().map_or(item.head(), |pair| pair.key.span);
    Diagnostic::error("unknown_name", span, knows_no(key, written)).help(help(key, written))
}

fn unknown(key: &str, written: &str, item: &Node) -> Diagnostic {
    let message = match written {
        "" => sentence!(
            "load-when-nothing",
            "`{key}` wants what it is about, and this is {what}",
            key = key,
            what = item.describe(),
        ),
        written => knows_no(key, written),
    };
    Diagnostic::error("unknown_name", item.head(), message).help(help(key, written))
}

fn knows_no(key: &str, written: &str) -> Sentence {
    sentence!("load-when-unknown", "`{key}` knows no `{name}`", key = key, name = written)
}

fn help(key: &str, written: &str) -> Sentence {
    there_are(nearest(written, nouns(key)), nouns(key))
}

fn never_so(entry: &Entry, item: &Node) -> Diagnostic {
    let message =
        sentence!("load-while-never-so", "`{name}` happens and is never so", name = entry.spec.name);
    Diagnostic::error("unknown_name", item.head(), message).help(sentence!(
        "load-while-never-so-help",
        "put it after `when`, or ask for one of {names}",
        names = list(nouns("while")),
    ))
}

/// What was written, on one line.
fn words(pairs: &[Pair]) -> String {
    let pair = |pair: &Pair| format!("{}: {}", pair.key.text().unwrap_or("?"), value(&pair.value));
    pairs.iter().map(pair).collect::<Vec<_>>().join(", ")
}

/// What a node says, on one line: a mapping without its braces.
pub(crate) fn words_of(node: &Node) -> String {
    match &node.value {
        Value::Map(pairs) => words(pairs),
        _ => value(node),
    }
}

fn value(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) => scalar.text.to_string(),
        Value::List(items) => format!("[{}]", items.iter().map(value).collect::<Vec<_>>().join(", ")),
        Value::Map(pairs) => format!("{{ {} }}", words(pairs)),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::load;

    fn rule(text: &str) -> crate::Rule {
        let loaded = load(Path::new("rules.yaml"), text);
        assert!(loaded.is_good(), "{:?}", loaded.diagnostics);
        loaded.rules.into_iter().next().unwrap()
    }

    fn problems(text: &str) -> Vec<String> {
        let loaded = load(Path::new("rules.yaml"), text);
        loaded
            .diagnostics
            .iter()
            .map(|problem| {
                format!(
                    "{}: {} ({})",
                    problem.code,
                    problem.message,
                    problem.help.as_deref().unwrap_or_default()
                )
            })
            .collect()
    }

    #[test]
    fn when_is_any_of_its_items_and_while_all_of_its_nouns() {
        let rule = rule(
            "rules:
  - when: [{ volume: mounted, label: EOS }, started, { schedule: '0 3 * * *' }]
    while: { power: ac, network: online, name: Home, volume: mounted, label: BACKUP }
    locations: /in
    actions: [trash]
",
        );
        let words = |clauses: &[crate::occasions::Clause]| {
            clauses.iter().map(|clause| clause.words.clone()).collect::<Vec<_>>()
        };
        assert_eq!(words(&rule.when), ["volume: mounted, label: EOS", "started", "schedule: 0 3 * * *"]);
        assert_eq!(
            words(&rule.guards),
            ["power: ac", "network: online, name: Home", "volume: mounted, label: BACKUP"]
        );
        assert!(!rule.waits_for_files());
    }

    #[test]
    fn a_flag_beside_a_noun_that_takes_it_is_its_parameter() {
        let rule = rule(
            "rules:
  - when: { network: no, volume: mounted }
    while: [{ volume: mounted, network: yes }, { network: online, volume: mounted, removable: no }]
    actions: [{ echo: hi }]
",
        );
        let words = |clauses: &[crate::occasions::Clause]| {
            clauses.iter().map(|clause| clause.words.clone()).collect::<Vec<_>>()
        };
        assert_eq!(words(&rule.when), ["network: no, volume: mounted"]);
        assert_eq!(rule.when[0].occasion.noun(), Some(usher_event::Noun::Volume));
        assert_eq!(
            words(&rule.guards),
            ["volume: mounted, network: yes", "network: online", "volume: mounted, removable: no"]
        );
    }

    #[test]
    fn without_when_a_rule_with_locations_waits_for_files() {
        assert!(rule("rules: [{ locations: /in, actions: [trash] }]").waits_for_files());
        assert!(!rule("rules: [{ actions: [{ echo: hi }] }]").waits_for_files());
        assert!(
            rule("rules: [{ when: [files, started], locations: /in, actions: [trash] }]").waits_for_files()
        );
    }

    #[test]
    fn what_is_no_noun_is_said_with_the_one_that_was_meant() {
        let text = |when: &str| format!("rules: [{{ {when}, actions: [{{ echo: hi }}] }}]");
        for (written, said) in [
            (
                "when: { volme: mounted }",
                "unknown_name: `when` knows no `volme` (did you mean `volume`? There are `files`, `volume`, `usb`, `power`, `battery`, `network`, `session`, `idle`, `display`, `schedule`, `hotkey` and `started`)",
            ),
            (
                "when: { volume: mounted, lable: X }",
                "unknown_key: `volume` has no parameter `lable` (did you mean `label`? It takes `volume`, `label`, `uuid`, `path`, `removable` and `network`)",
            ),
            (
                "when: startd",
                "unknown_name: `when` knows no `startd` (did you mean `started`? There are `files`, `volume`, `usb`, `power`, `battery`, `network`, `session`, `idle`, `display`, `schedule`, `hotkey` and `started`)",
            ),
            (
                "while: { schedule: '* * * * *' }",
                "unknown_name: `schedule` happens and is never so (put it after `when`, or ask for one of `volume`, `usb`, `power`, `battery`, `network`, `session`, `idle` and `display`)",
            ),
            (
                "while: { session: suspend }",
                "unknown_value: `session: suspend` happens and is never so (ask for `locked` or `unlocked`, or put it after `when`)",
            ),
            (
                "while: { power: ac, network: online, foo: 1 }",
                "unknown_name: `while` knows no `foo` (there are `volume`, `usb`, `power`, `battery`, `network`, `session`, `idle` and `display`)",
            ),
        ] {
            assert_eq!(problems(&text(written)), [said], "{written}");
        }
    }
}

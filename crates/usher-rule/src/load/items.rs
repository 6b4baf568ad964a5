//! Filters and actions as rules list them: `trash`, `echo: hello`, `move: {dest: ...}`, `not extension: pdf`.

use usher_event::sentence;

use super::problems::Problems;
use super::reader::Reader;
use super::say::{nearest, there_are};
use crate::actions::{self, Action};
use crate::document::{Node, Value};
use crate::filters;
use crate::group::{Condition, Group, Member, Mode};
use crate::{Diagnostic, Span};

/// One item of a list of filters or actions.
struct Item<'d> {
    name: &'d str,
    span: Span,
    value: Option<&'d Node>,
}

/// What a list holds.
#[derive(Clone, Copy)]
enum Noun {
    Action,
    Filter,
}

/// Reads a list of actions.
pub(super) fn actions(node: &Node, problems: &mut Problems<'_>) -> Vec<Box<dyn Action>> {
    let mut found = Vec::new();
    for (nr, item) in items(Noun::Action, node, problems).into_iter().enumerate() {
        let name = item.name.to_ascii_lowercase();
        match actions::ALL.iter().find(|entry| entry.spec.name == name) {
            Some(entry) => {
                let mut reader = Reader::item(entry.spec, item.span, item.value, problems);
                reader.nr = nr;
                found.extend((entry.read)(&mut reader));
            }
            None => {
                let names = actions::ALL.iter().map(|entry| entry.spec.name);
                problems.push(unknown(Noun::Action, item.name, &name, item.span, names));
            }
        }
    }
    found
}

/// Reads a list of filters and groups of filters. What is `given` by the rule's events may stand in their texts.
pub(super) fn filters(node: &Node, given: &[&'static str], problems: &mut Problems<'_>) -> Vec<Member> {
    let mut members = Vec::new();
    for item in items(Noun::Filter, node, problems) {
        let (negated, written) = match item.name.strip_prefix("not ") {
            Some(name) => (true, name),
            None => (false, item.name),
        };
        let name = written.to_ascii_lowercase();
        let condition = match Mode::named(&name) {
            Some(mode) => Some(Condition::Group(group(mode, &item, given, problems))),
            None => filter(&item, written, &name, given, problems).map(Condition::Filter),
        };
        members.extend(condition.map(|condition| Member { negated, condition, span: item.span }));
    }
    members
}

fn group(mode: Mode, item: &Item<'_>, given: &[&'static str], problems: &mut Problems<'_>) -> Group {
    let members = item.value.map(|value| filters(value, given, problems)).unwrap_or_default();
    if item.value.is_none_or(Node::is_null) {
        let message = sentence!("load-empty-group", "`{mode}` holds no filters", mode = mode.word());
        problems.push(Diagnostic::error("empty_group", item.span, message).help(sentence!(
            "load-empty-group-help",
            "list filters below it: `{mode}: [extension: pdf, name: scan*]`",
            mode = mode.word(),
        )));
    }
    Group { mode, members }
}

fn filter(
    item: &Item<'_>,
    written: &str,
    name: &str,
    given: &[&'static str],
    problems: &mut Problems<'_>,
) -> Option<Box<dyn filters::Filter>> {
    match filters::ALL.iter().find(|entry| entry.spec.name == name) {
        Some(entry) => filters::read(entry, item.span, item.value, given, problems),
        None => {
            let names = filters::ALL.iter().map(|entry| entry.spec.name);
            problems.push(unknown(Noun::Filter, written, name, item.span, names));
            None
        }
    }
}

/// The items of a list, lists in lists flattened; what is no item is a problem.
fn items<'d>(what: Noun, node: &'d Node, problems: &mut Problems<'_>) -> Vec<Item<'d>> {
    let mut items = Vec::new();
    let mut wrong = Vec::new();
    node.flatten(&mut |node| match item(node) {
        Some(item) => items.push(item),
        None => wrong.push(node),
    });
    for node in wrong {
        problems.push(not_an_item(what, node));
    }
    items
}

fn item(node: &Node) -> Option<Item<'_>> {
    match &node.value {
        Value::Scalar(_) => node.text().map(|name| Item { name, span: node.span, value: None }),
        Value::Map(pairs) => match &**pairs {
            [pair] => {
                pair.key.text().map(|name| Item { name, span: pair.key.span, value: Some(&pair.value) })
            }
            _ => None,
        },
        Value::List(_) => None,
    }
}

fn not_an_item(what: Noun, node: &Node) -> Diagnostic {
    if let Value::Map(pairs) = &node.value
        && let [first, second, ..] = &**pairs
    {
        let first = first.key.text().unwrap_or("it");
        return Diagnostic::error(
            "several_names",
            second.key.head(),
            match what {
                Noun::Action => {
                    sentence!("load-action-two-names", "one action has one name, and this is a second")
                }
                Noun::Filter => {
                    sentence!("load-filter-two-names", "one filter has one name, and this is a second")
                }
            },
        )
        .label(sentence!("load-two-names-label", "belongs to `{first}` or wants its own dash", first = first))
        .help(sentence!(
            "load-two-names-help",
            "indent it further than `{first}`, or begin it with a dash",
            first = first,
        ));
    }
    let given = node.describe();
    let (message, help) = match what {
        Noun::Action => (
            sentence!(
                "load-no-action",
                "this is {given} where the name of an action is wanted",
                given = given
            ),
            sentence!("load-no-action-help", "write the action's name, and its parameters behind a colon"),
        ),
        Noun::Filter => (
            sentence!(
                "load-no-filter",
                "this is {given} where the name of a filter is wanted",
                given = given
            ),
            sentence!("load-no-filter-help", "write the filter's name, and its parameters behind a colon"),
        ),
    };
    Diagnostic::error("wrong_type", node.head(), message).help(help)
}

fn unknown<'n>(
    what: Noun,
    written: &str,
    name: &str,
    span: Span,
    names: impl Iterator<Item = &'n str> + Clone,
) -> Diagnostic {
    let message = match what {
        Noun::Action => sentence!("load-unknown-action", "there is no action `{name}`", name = written),
        Noun::Filter => sentence!("load-unknown-filter", "there is no filter `{name}`", name = written),
    };
    Diagnostic::error("unknown_name", span, message).help(there_are(nearest(name, names.clone()), names))
}

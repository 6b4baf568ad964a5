//! Filters and actions as rules list them: `trash`, `echo: hello`, `move: {dest: ...}`, `not extension: pdf`.

use super::problems::Problems;
use super::reader::Reader;
use super::say::{list, nearest};
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

/// Reads a list of actions.
pub(super) fn actions(node: &Node, problems: &mut Problems<'_>) -> Vec<Box<dyn Action>> {
    let mut found = Vec::new();
    for (nr, item) in items("action", node, problems).into_iter().enumerate() {
        let name = item.name.to_ascii_lowercase();
        match actions::ALL.iter().find(|entry| entry.spec.name == name) {
            Some(entry) => {
                let mut reader = Reader::item(entry.spec, item.span, item.value, problems);
                reader.nr = nr;
                found.extend((entry.read)(&mut reader));
            }
            None => {
                let names = actions::ALL.iter().map(|entry| entry.spec.name);
                problems.push(unknown("action", item.name, &name, item.span, names));
            }
        }
    }
    found
}

/// Reads a list of filters and groups of filters. What is `given` by the rule's events may stand in their texts.
pub(super) fn filters(node: &Node, given: &[&'static str], problems: &mut Problems<'_>) -> Vec<Member> {
    let mut members = Vec::new();
    for item in items("filter", node, problems) {
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
        problems.push(
            Diagnostic::error("empty_group", item.span, format!("`{}` holds no filters", mode.word()))
                .help(format!("list filters below it: `{}: [extension: pdf, name: scan*]`", mode.word())),
        );
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
            problems.push(unknown("filter", written, name, item.span, names));
            None
        }
    }
}

/// The items of a list, lists in lists flattened; what is no item is a problem.
fn items<'d>(what: &str, node: &'d Node, problems: &mut Problems<'_>) -> Vec<Item<'d>> {
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

fn not_an_item(what: &str, node: &Node) -> Diagnostic {
    if let Value::Map(pairs) = &node.value
        && let [first, second, ..] = &**pairs
    {
        let first = first.key.text().unwrap_or("it");
        return Diagnostic::error(
            "several_names",
            second.key.head(),
            format!("one {what} has one name, and this is a second"),
        )
        .label(format!("belongs to `{first}` or wants its own dash"))
        .help(format!("indent it further than `{first}`, or begin it with a dash"));
    }
    Diagnostic::error(
        "wrong_type",
        node.head(),
        format!("this is {} where the name of {} is wanted", node.describe(), article(what)),
    )
    .help(format!("write the {what}'s name, and its parameters behind a colon"))
}

fn article(what: &str) -> String {
    let article = if what.starts_with('a') { "an" } else { "a" };
    format!("{article} {what}")
}

fn unknown<'n>(
    what: &str,
    written: &str,
    name: &str,
    span: Span,
    names: impl Iterator<Item = &'n str> + Clone,
) -> Diagnostic {
    let help = match nearest(name, names.clone()) {
        Some(near) => format!("did you mean `{near}`? There are {}", list(names)),
        None => format!("there are {}", list(names)),
    };
    Diagnostic::error("unknown_name", span, format!("there is no {what} `{written}`")).help(help)
}

//! One rule.

use std::path::Path;
use std::sync::Arc;

use usher_event::{Part, Sentence, sentence};

use super::examples;
use super::items;
use super::location;
use super::problems::Problems;
use super::reader::{Reader, as_int, plain_text};
use super::say::{cannot_be, list, nearest};
use super::spec::{Kind, Param, Spec};
use super::when;
use crate::actions::Action;
use crate::document::{Node, Value};
use crate::group::{Condition, Group, Mode};
use crate::location::Order;
use crate::rule::Repeat;
use crate::{Diagnostic, Rule, Span, Targets, lints};

/// What a rule is made of.
pub const RULE: Spec = Spec {
    params: &[
        Param::new("name", Kind::Text, "", "what the rule is called in plans, logs and the window"),
        Param::new("enabled", Kind::Flag, "true", "whether it runs"),
        Param::new("targets", Kind::Other, "files", "`files`, `dirs`, or a list of both"),
        Param::new(
            "locations",
            Kind::Other,
            "",
            "the folders it looks at; a rule without them runs its actions once",
        ),
        Param::new("subfolders", Kind::Flag, "false", "whether it looks into subfolders too"),
        Param::new("tags", Kind::Texts, "", "words to choose rules by on the command line"),
        Param::new("filters", Kind::Other, "", "what a file has to be like"),
        Param::new(
            "filter_mode",
            Kind::Choice(&["all", "any", "none"]),
            "all",
            "how many of the filters have to match",
        ),
        Param::new("actions", Kind::Other, "", "what is done, in order"),
        Param::new(
            "when",
            Kind::Other,
            "files",
            "what it waits for, one thing or a list of which any will do; without it, files in its locations",
        ),
        Param::new("while", Kind::Other, "", "what has to be so for it to act by itself, all of it"),
        Param::new(
            "settle",
            Kind::Duration,
            "",
            "how long a file has to be left alone before the rule looks at it",
        ),
        Param::new(
            "repeat",
            Kind::Choice(Repeat::WORDS),
            "once_per_version",
            "when it acts again on a file that it has acted on before; one that waits for something else than files does each time, unless it says",
        ),
        Param::new(
            "cooldown",
            Kind::Duration,
            "",
            "how long it leaves a file alone after it has acted on it; for files as they come",
        ),
        Param::new(
            "stop",
            Kind::Flag,
            "false",
            "whether later rules do not get to see what this one has matched",
        ),
        Param::new(
            "limit",
            Kind::Count(1),
            "",
            "how many files it may act on in one go; it asks before it goes on",
        ),
        Param::new(
            "tests",
            Kind::Other,
            "",
            "made-up files and what is to become of them; `usher check` tries them",
        ),
    ],
    ..Spec::new("rule", "what is done to which files")
};

/// Reads one rule; `None` where it has a mistake.
pub(super) fn read(node: &Node, file: &Path, nr: usize, problems: &mut Problems<'_>) -> Option<Rule> {
    let before = problems.errors();
    let Value::Map(pairs) = &node.value else {
        let what = node.describe();
        let message =
            sentence!("load-rule-no-mapping", "a rule is a mapping, and this is {what}", what = what);
        problems.push(
            Diagnostic::error("wrong_type", node.head(), message)
                .help(sentence!("load-rule-no-mapping-help", "a rule has at least `actions:`")),
        );
        return None;
    };
    let mut known = Vec::with_capacity(pairs.len());
    for pair in pairs.iter() {
        match pair.key.text() {
            key if key.is_none_or(|key| RULE.param(key).is_none()) => {
                problems.push(unknown_key(&pair.key));
            }
            _ => known.push(pair.clone()),
        }
    }
    let span = Span { end: node.span.end, ..node.head() };
    let rule = build(&mut Reader::mapping(&RULE, span, &known, problems), file, nr);
    check(&rule, node.head(), problems.errors() == before, problems);
    if problems.errors() > before {
        return None;
    }
    lints::look(node, problems);
    Some(rule)
}

fn build(reader: &mut Reader<'_, '_>, file: &Path, nr: usize) -> Rule {
    let subfolders = reader.flag("subfolders");
    let mode = Mode::named(reader.choice("filter_mode")).unwrap_or_default();
    let locations = reader.node("locations").map(|node| location::read(node, subfolders, reader.problems()));
    let when = reader.node("when").map(|node| when::triggers(node, reader.problems())).unwrap_or_default();
    let given: Vec<&'static str> =
        when.iter().flat_map(|clause| clause.entry.spec.variables).copied().collect();
    let guards = reader.node("while").map(|node| when::guards(node, &given, reader.problems()));
    let members = reader.node("filters").map(|node| items::filters(node, &given, reader.problems()));
    let actions = reader.node("actions").map(|node| items::actions(node, reader.problems()));
    let actions = actions.unwrap_or_default();
    let filters = Group { mode, members: members.unwrap_or_default() };
    let mut rule = Rule {
        id: String::new(),
        name: reader.optional("name"),
        nr,
        file: file.to_path_buf(),
        span: reader.span(),
        enabled: reader.flag("enabled"),
        targets: targets(reader),
        subfolders,
        when,
        guards: guards.unwrap_or_default(),
        locations: locations.unwrap_or_default(),
        tags: tags(reader),
        settle: reader.duration("settle"),
        repeat: repeat(reader),
        cooldown: reader.duration("cooldown"),
        stop: reader.flag("stop"),
        limit: limit(reader),
        examples: reader
            .node("tests")
            .map(|node| examples::read(node, reader.problems()))
            .unwrap_or_default(),
        uses: used(&filters, &actions),
        filters,
        actions,
    };
    if goes_inside_out(&rule) {
        for location in &mut rule.locations {
            Arc::make_mut(&mut location.reach).order = Order::Depth;
        }
    }
    rule
}

/// Whether a rule clears away empty folders. A folder that holds nothing but empty ones is empty once they are gone, so
/// the innermost come first.
fn goes_inside_out(rule: &Rule) -> bool {
    let wants_empty = rule.filters.members.iter().any(|member| {
        !member.negated && matches!(&member.condition, Condition::Filter(filter) if filter.name() == "empty")
    });
    let clears = rule.actions.iter().any(|action| matches!(action.name(), "delete" | "trash"));
    rule.targets.dirs && rule.filters.mode != Mode::None && wants_empty && clears
}

fn repeat(reader: &mut Reader<'_, '_>) -> Option<Repeat> {
    let word = reader.choice("repeat");
    reader.node("repeat").filter(|node| !node.is_null()).map(|_| Repeat::named(word))
}

fn limit(reader: &mut Reader<'_, '_>) -> Option<u64> {
    let node = reader.node("limit").filter(|node| !node.is_null())?;
    if as_int(node) == Some(0) {
        let message = sentence!("load-bad-limit", "`limit` wants a number of files, 1 or more");
        let help = sentence!("load-bad-limit-help", "to switch the rule off, set `enabled: false`");
        reader.problems().push(Diagnostic::error("wrong_type", node.head(), message).help(help));
        return None;
    }
    reader.count("limit").and_then(|limit| u64::try_from(limit).ok())
}

fn targets(reader: &mut Reader<'_, '_>) -> Targets {
    let mut targets = Targets { files: false, dirs: false };
    let Some(node) = reader.node("targets") else { return Targets { files: true, ..targets } };
    let mut wrong = Vec::new();
    node.flatten(&mut |item| match item.text() {
        Some("files") => targets.files = true,
        Some("dirs") => targets.dirs = true,
        _ => wrong.push(item),
    });
    for item in &wrong {
        let given = plain_text(item).map_or_else(|| item.describe().into(), Part::from);
        let problem = Diagnostic::error("unknown_value", item.head(), cannot_be("targets", given));
        reader.problems().push(problem.help(targets_help()));
    }
    if !(targets.files || targets.dirs) && wrong.is_empty() {
        let message = sentence!("load-no-targets", "`targets` names nothing to look at");
        reader.problems().push(Diagnostic::error("wrong_type", node.head(), message).help(targets_help()));
    }
    targets
}

fn targets_help() -> Sentence {
    sentence!("load-targets-help", "it is `files`, `dirs`, or `[files, dirs]`")
}

fn tags(reader: &mut Reader<'_, '_>) -> Vec<String> {
    let Some(node) = reader.node("tags") else { return Vec::new() };
    let Value::List(items) = &node.value else {
        reader.wrong("tags", node, sentence!("wanted-list", "a list"));
        return Vec::new();
    };
    let mut tags = Vec::with_capacity(items.len());
    for item in items.iter() {
        match plain_text(item) {
            Some(tag) => tags.push(tag.to_owned()),
            None => reader.wrong("tags", item, sentence!("wanted-texts", "texts")),
        }
    }
    tags
}

fn used(filters: &Group, actions: &[Box<dyn Action>]) -> Vec<String> {
    let filters = filters.filters();
    let asked = filters.iter().flat_map(|filter| filter.templates());
    let done = actions.iter().flat_map(|action| action.templates());
    let mut used: Vec<String> =
        asked.chain(done).flat_map(|template| template.variables().iter().cloned()).collect();
    used.extend(actions.iter().flat_map(|action| action.reads().iter().cloned()));
    used.extend(filters.iter().flat_map(|filter| filter.reads().iter().cloned()));
    used.sort_unstable();
    used.dedup();
    used
}

/// What is wrong with a rule as a whole. What may only follow from other mistakes is not said.
fn check(rule: &Rule, head: Span, clean: bool, problems: &mut Problems<'_>) {
    if clean && rule.actions.is_empty() {
        let message = sentence!("load-no-actions", "the rule has no actions");
        problems.push(Diagnostic::error("no_actions", head, message).help(sentence!(
            "load-no-actions-help",
            "say what is to be done, for example `actions: [trash]`"
        )));
    }
    if clean && rule.standalone() {
        check_standalone(rule, head, problems);
    }
    if clean && rule.awaits().gone {
        check_gone(rule, head, problems);
    }
    if clean && rule.standalone() && rule.awaits().any() {
        let message = sentence!(
            "load-waits-without-locations",
            "the rule waits for files and has no locations to look in"
        );
        problems.push(no_locations(head, message));
    }
    if rule.targets.dirs {
        check_dirs(&rule.filters, rule.targets, problems);
    }
}

fn no_locations(span: Span, message: Sentence) -> Diagnostic {
    Diagnostic::error("no_locations", span, message)
        .help(sentence!("load-no-locations-help", "add `locations:`"))
}

fn check_standalone(rule: &Rule, head: Span, problems: &mut Problems<'_>) {
    if let Some(example) = rule.examples.first() {
        let message = sentence!(
            "load-tests-without-locations",
            "the rule has tests and no locations their files could lie in"
        );
        problems.push(no_locations(example.span, message));
    }
    if let Some(member) = rule.filters.members.first() {
        let message =
            sentence!("load-filters-without-locations", "the rule has filters and no locations to look in");
        problems.push(no_locations(member.span, message));
    }
    for action in rule.actions.iter().filter(|action| !action.standalone()) {
        let message = sentence!(
            "load-action-without-locations",
            "`{action}` needs a file, and the rule has no locations",
            action = action.name(),
        );
        problems.push(no_locations(head, message));
    }
}

/// The actions that do without the file they are about.
const NEED_NO_FILE: &[&str] = &["echo", "notify", "python", "shell", "write"];

/// The filters that look at nothing but a file's path.
const BY_NAME: &[&str] = &["depth", "extension", "mimetype", "name", "regex"];

/// What a rule cannot do that waits for files to go.
fn check_gone(rule: &Rule, head: Span, problems: &mut Problems<'_>) {
    for action in rule.actions.iter().filter(|action| !NEED_NO_FILE.contains(&action.name())) {
        let message = sentence!(
            "load-action-for-gone",
            "`{action}` needs a file, and the rule waits for files that have gone",
            action = action.name(),
        );
        problems.push(Diagnostic::error("not_for_gone", head, message).help(sentence!(
            "load-action-for-gone-help",
            "use {names}, or wait for `created` or `changed`",
            names = list(NEED_NO_FILE.iter().copied()),
        )));
    }
    check_gone_filters(&rule.filters, problems);
    if rule.limit.is_some() {
        let message = sentence!(
            "load-limit-for-gone",
            "the rule has a limit, and waits for files that have gone: nothing is left to be asked about"
        );
        let help = sentence!("load-limit-for-gone-help", "take `limit` out of the rule");
        problems.push(Diagnostic::error("not_for_gone", head, message).help(help));
    }
    if let Some(example) = rule.examples.first() {
        let message =
            sentence!("load-tests-for-gone", "the rule has tests, and waits for files that have gone");
        let help = sentence!("load-tests-for-gone-help", "take `tests` out of the rule");
        problems.push(Diagnostic::error("not_for_gone", example.span, message).help(help));
    }
}

fn check_gone_filters(group: &Group, problems: &mut Problems<'_>) {
    for member in &group.members {
        match &member.condition {
            Condition::Group(group) => check_gone_filters(group, problems),
            Condition::Filter(filter) if BY_NAME.contains(&filter.name()) => {}
            Condition::Filter(filter) => {
                let message = sentence!(
                    "load-filter-for-gone",
                    "`{filter}` looks at a file, and the rule waits for files that have gone",
                    filter = filter.name(),
                );
                problems.push(Diagnostic::error("not_for_gone", member.span, message).help(sentence!(
                    "load-filter-for-gone-help",
                    "only the name is left of such a file: use {names}",
                    names = list(BY_NAME.iter().copied()),
                )));
            }
        }
    }
}

fn check_dirs(group: &Group, targets: Targets, problems: &mut Problems<'_>) {
    for member in &group.members {
        match &member.condition {
            Condition::Group(group) => check_dirs(group, targets, problems),
            Condition::Filter(filter) => {
                let entry = crate::filters::ALL.iter().find(|entry| entry.spec.name == filter.name());
                if entry.is_some_and(|entry| !entry.spec.dirs) {
                    let message = match targets.files {
                        true => sentence!(
                            "load-filter-for-dirs-too",
                            "`{filter}` looks at files, and the rule looks at folders as well",
                            filter = filter.name(),
                        ),
                        false => sentence!(
                            "load-filter-for-dirs",
                            "`{filter}` looks at files, and the rule's targets are folders",
                            filter = filter.name(),
                        ),
                    };
                    problems.push(
                        Diagnostic::error("not_for_dirs", member.span, message).help(sentence!(
                            "load-not-for-dirs-help",
                            "leave it out, or set `targets: files`"
                        )),
                    );
                }
            }
        }
    }
}

fn unknown_key(key: &Node) -> Diagnostic {
    let allowed = || list(RULE.params.iter().map(|param| param.name));
    let Some(name) = key.text() else {
        let message = sentence!("load-no-rule-key", "{what} is no rule key", what = key.describe());
        return Diagnostic::error("unknown_key", key.head(), message).help(sentence!(
            "load-rule-keys-help",
            "a rule has {names}",
            names = allowed(),
        ));
    };
    let help = match nearest(name, RULE.params.iter().map(|param| param.name)) {
        Some(near) => sentence!(
            "load-rule-keys-near",
            "did you mean `{near}`? A rule has {names}",
            near = near,
            names = allowed(),
        ),
        // What other programs call it.
        None if matches!(
            name.to_ascii_lowercase().as_str(),
            "on" | "trigger" | "triggers" | "event" | "events"
        ) =>
        {
            sentence!(
                "load-rule-keys-when",
                "what a rule waits for stands below `when`. A rule has {names}",
                names = allowed(),
            )
        }
        None => sentence!("load-rule-keys-help", "a rule has {names}", names = allowed()),
    };
    let message = sentence!("load-unknown-rule-key", "a rule has no `{name}`", name = name);
    Diagnostic::error("unknown_key", key.head(), message).help(help)
}

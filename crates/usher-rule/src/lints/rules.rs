//! Traps in a rule as a whole, and in the file around it.

use usher_event::sentence;

use super::written::Item;
use super::{Lint, Written};
use crate::Diagnostic;
use crate::document::Node;
use crate::load::Problems;

pub(super) const ALL: &[Lint] = &[
    Lint::new("duplicate_key", None)
        .why("YAML lets a mapping have a key twice, and only the last one counts.")
        .mend("Keep one of them.")
        .bad("rules:\n  - name: a\n    name: b\n    locations: /in\n    actions: [trash]\n")
        .good("rules:\n  - name: a\n    locations: /in\n    actions: [trash]\n"),
    Lint::new("no_rules", None)
        .why("The list of rules is there and empty: nothing will be done.")
        .mend("Add a rule.")
        .bad("rules: []\n")
        .good("rules:\n  - locations: /in\n    actions: [trash]\n"),
    Lint::new("dollar_brace", None)
        .why("`${NAME}` is not the environment variable: `{NAME}` is read as a placeholder, and fails for every file.")
        .mend("Write `$NAME` or `{env.NAME}`.")
        .bad("rules:\n  - locations: /in\n    actions:\n      - move: ${HOME}/Documents/\n")
        .good("rules:\n  - locations: /in\n    actions:\n      - move: $HOME/Documents/\n"),
    Lint::new("any_of_nothing", Some(any_of_nothing))
        .why("`filter_mode: any` wants at least one filter to match, and there are none: the rule never does anything.")
        .mend("Add filters, or leave `filter_mode` out.")
        .bad("rules:\n  - locations: /in\n    filter_mode: any\n    actions: [trash]\n")
        .good("rules:\n  - locations: /in\n    filter_mode: any\n    filters: [empty]\n    actions: [trash]\n"),
    Lint::new("number_rewritten", None)
        .why(
            "YAML takes what looks like a number for one, and a number has no zeros in front, no signs and no sixties: \
             `007` is 7, `010` is 8, `1.50` is 1.5 and `12:30` is 750.",
        )
        .mend("Put it in quotes.")
        .bad("rules:\n  - locations: /in\n    filters: [name: 007]\n    actions: [trash]\n")
        .good("rules:\n  - locations: /in\n    filters: [name: '007']\n    actions: [trash]\n"),
    Lint::new("rule_without_name", Some(rule_without_name))
        .why("`{rule}` is the rule's name where it has one and locations, and the word `None` everywhere else.")
        .mend("Give the rule a name; in a rule without locations, write the name where it is wanted.")
        .bad("rules:\n  - locations: /in\n    actions:\n      - move: '/out/{rule}/'\n")
        .good("rules:\n  - name: Scans\n    locations: /in\n    actions:\n      - move: '/out/{rule}/'\n"),
    Lint::new("innermost_first", Some(innermost_first))
        .why(
            "organize removes only the innermost folders in one run and leaves the ones above for the next. Usher goes \
             from the inside out, so one run removes all of them.",
        )
        .mend("Nothing, if that is what you want; set `max_depth` to keep the folders above.")
        .bad("rules:\n  - locations: /in\n    targets: dirs\n    subfolders: true\n    filters: [empty]\n    actions: [trash]\n")
        .good("rules:\n  - locations: /in\n    targets: dirs\n    filters: [empty]\n    actions: [trash]\n"),
    Lint::new("not_available_here", None)
        .why(
            "Some filters and actions need what only one system has, as macOS has its dates and coloured tags. Elsewhere \
             such a filter lets nothing through, and such an action is skipped.",
        )
        .mend("Leave it out, or keep the rule for the system it is meant for.")
        .bad("rules:\n  - locations: /in\n    filters:\n      - date_added: { days: 7 }\n    actions: [trash]\n")
        .good("rules:\n  - locations: /in\n    filters:\n      - created: { days: 7 }\n    actions: [trash]\n"),
    Lint::new("contents_again", Some(contents_again))
        .why(
            "A folder that was moved to another place in the location is not handled again, but the folders in it are, \
             once the rule gets there.",
        )
        .mend("Move folders out of the location, or leave the place out with `exclude_dirs`.")
        .bad("rules:\n  - locations: /in\n    targets: dirs\n    subfolders: true\n    actions:\n      - move: /in/old/\n")
        .good("rules:\n  - locations: /in\n    targets: dirs\n    subfolders: true\n    actions:\n      - move: /old/\n"),
];

fn contents_again(rule: &Written<'_>, problems: &mut Problems<'_>) {
    if !rule.looks_at_dirs() || rule.flag("subfolders") != Some(true) {
        return;
    }
    let brings = |action: &&Item<'_>| action.is(&["move", "copy"]);
    for action in rule.actions.iter().filter(brings) {
        if action.text("dest").is_some_and(|dest| rule.is_in_location(dest)) {
            let message =
                sentence!("lint-contents-again", "the folders in what comes here are looked at once more");
            problems.push(
                Diagnostic::warning("contents_again", action.at("dest"), message)
                    .help(sentence!("lint-contents-again-help", "choose a place outside of the location")),
            );
        }
    }
}

fn any_of_nothing(rule: &Written<'_>, problems: &mut Problems<'_>) {
    if rule.text("filter_mode") == Some("any") && rule.key("filters").is_none() {
        let message = sentence!("lint-any-of-nothing", "`filter_mode: any` without filters never matches");
        problems.push(
            Diagnostic::warning("any_of_nothing", rule.key_span("filter_mode"), message)
                .help(sentence!("lint-any-of-nothing-help", "add filters, or leave `filter_mode` out")),
        );
    }
}

fn rule_without_name(rule: &Written<'_>, problems: &mut Problems<'_>) {
    let message = match (rule.locations.is_empty(), rule.key("name").is_none_or(Node::is_null)) {
        (true, _) => {
            sentence!("lint-rule-without-locations", "`{{rule}}` is `None` in a rule without locations")
        }
        (false, true) => {
            sentence!("lint-rule-without-name", "`{{rule}}` is `None` in a rule without a name")
        }
        (false, false) => return,
    };
    for (text, node) in rule.templates() {
        if text.chars().filter(|c| *c != ' ').collect::<String>().contains("{rule}") {
            problems.push(Diagnostic::warning("rule_without_name", node.head(), message.clone()).help(
                sentence!(
                    "lint-rule-without-name-help",
                    "write the name itself, or give the rule what it lacks"
                ),
            ));
        }
    }
}

fn innermost_first(rule: &Written<'_>, problems: &mut Problems<'_>) {
    let removes = rule.actions.iter().find(|action| action.is(&["trash", "delete"]));
    let empty = rule.filters.iter().any(|filter| filter.is(&["empty"]) && !filter.negated);
    let deep = rule.looks_at_dirs() && rule.flag("subfolders") == Some(true);
    let Some(action) = removes.filter(|_| deep && empty) else { return };
    let message = sentence!(
        "lint-innermost-first",
        "folders are removed from the inside out, all in one run; organize would take several runs"
    );
    problems.push(Diagnostic::warning("innermost_first", action.span, message).help(sentence!(
        "lint-innermost-first-help",
        "set `max_depth` on the location to keep the folders above"
    )));
}

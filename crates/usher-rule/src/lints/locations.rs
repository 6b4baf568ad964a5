//! Traps in locations.

use usher_event::sentence;

use super::written::value_of;
use super::{Lint, Written};
use crate::Diagnostic;
use crate::document::{Node, Pair, Value};
use crate::load::{Problems, plain_text};

pub(super) const ALL: &[Lint] = &[
    Lint::new("relative_location", Some(relative_location))
        .why(
            "A relative location depends on the folder Usher was started in, which is hardly ever what one wants of a \
             program that starts at login. organize handles its own output again in such locations; Usher does not.",
        )
        .mend("Begin the location with `/`, `~` or a variable.")
        .bad("rules:\n  - locations: Downloads\n    actions: [trash]\n")
        .good("rules:\n  - locations: ~/Downloads\n    actions: [trash]\n"),
    Lint::new("search_is_honoured", Some(search))
        .why("organize accepts `search` and ignores it: it always goes breadth first. Usher does what it says.")
        .mend("Leave `search` out to have the order organize uses.")
        .bad("rules:\n  - locations: {path: /in, search: depth}\n    actions: [trash]\n")
        .good("rules:\n  - locations: {path: /in, search: breadth}\n    actions: [trash]\n"),
    Lint::new("ignore_errors_unused", Some(ignore_errors))
        .why("`ignore_errors` has no effect: folders that cannot be read are always left out, and reported.")
        .mend("Leave it out.")
        .bad("rules:\n  - locations: {path: /in, ignore_errors: true}\n    actions: [trash]\n")
        .good("rules:\n  - locations: {path: /in}\n    actions: [trash]\n"),
    Lint::new("pattern_with_slash", Some(slash))
        .why("These patterns are compared with the name alone, never with a path, so one with a slash leaves nothing out.")
        .mend("Write the name of the file or folder only.")
        .bad("rules:\n  - locations: {path: /in, exclude_dirs: sub/deep}\n    actions: [trash]\n")
        .good("rules:\n  - locations: {path: /in, exclude_dirs: deep}\n    actions: [trash]\n"),
    Lint::new("system_case", Some(system_case))
        .why(
            "Systems spell their files as they like, so Usher compares system excludes without regard to case. organize \
             does so on Windows only.",
        )
        .mend("Put names whose case matters into `exclude_files` or `exclude_dirs`.")
        .bad("rules:\n  - locations: {path: /in, system_exclude_files: [Thumbs.db]}\n    actions: [trash]\n")
        .good("rules:\n  - locations: {path: /in, exclude_files: [Thumbs.db]}\n    actions: [trash]\n"),
    Lint::new("depth_beats_subfolders", Some(depth))
        .why("A `max_depth` on the location decides alone; `subfolders` on the rule then has no say in it.")
        .mend("Keep one of them: `subfolders: true` is `max_depth: null`, `subfolders: false` is `max_depth: 0`.")
        .bad("rules:\n  - locations: {path: /in, max_depth: 0}\n    subfolders: true\n    actions: [trash]\n")
        .good("rules:\n  - locations: {path: /in, max_depth: 2}\n    actions: [trash]\n"),
    Lint::new("filter_dirs_each_level", Some(filter_dirs))
        .why("Every folder on the way to a file has to fit `filter_dirs`, and not only the one it lies in: what lies deeper is not reached.")
        .mend("Name the folders above as well, or set `max_depth: 1` where only the first level is meant.")
        .bad("rules:\n  - locations: {path: /in, filter_dirs: ['2026']}\n    subfolders: true\n    actions: [trash]\n")
        .good("rules:\n  - locations: {path: /in, filter_dirs: ['2026'], max_depth: 1}\n    actions: [trash]\n"),
];

fn filter_dirs(rule: &Written<'_>, problems: &mut Problems<'_>) {
    let deep = rule.flag("subfolders") == Some(true);
    for pairs in mappings(rule) {
        let Some(node) = value_of(pairs, "filter_dirs") else { continue };
        let reaches = match value_of(pairs, "max_depth") {
            None => deep,
            Some(depth) if depth.text() == Some("inherit") => deep,
            Some(depth) => !matches!(depth.text(), Some("0" | "1")),
        };
        let mut fits_all = false;
        each_text(node, &mut |text, _| fits_all |= text == "*");
        if reaches && !fits_all {
            let message = sentence!(
                "lint-filter-dirs-each-level",
                "each folder on the way down has to fit, not only the last"
            );
            problems.push(Diagnostic::warning("filter_dirs_each_level", node.head(), message).help(
                sentence!(
                    "lint-filter-dirs-each-level-help",
                    "name the folders above too, or set `max_depth: 1`"
                ),
            ));
        }
    }
}

/// The locations that are mappings.
fn mappings<'d>(rule: &Written<'d>) -> impl Iterator<Item = &'d [Pair]> {
    rule.locations.clone().into_iter().filter_map(|location| match &location.value {
        Value::Map(pairs) => Some(&**pairs),
        _ => None,
    })
}

fn each_text<'d>(node: &'d Node, each: &mut dyn FnMut(&'d str, &'d Node)) {
    node.flatten(&mut |item| {
        if let Some(text) = plain_text(item) {
            each(text, item);
        }
    });
}

fn relative_location(rule: &Written<'_>, problems: &mut Problems<'_>) {
    for location in &rule.locations {
        let path = match &location.value {
            Value::Map(pairs) => value_of(pairs, "path"),
            _ => Some(*location),
        };
        let Some(path) = path else { continue };
        each_text(path, &mut |text, node| {
            if !is_rooted(text) {
                let message = sentence!("lint-relative-location", "`{text}` is a relative path", text = text);
                problems.push(Diagnostic::warning("relative_location", node.span, message).help(sentence!(
                    "lint-relative-location-help",
                    "begin it with `/`, `~` or a variable, so that it is the same wherever Usher starts"
                )));
            }
        });
    }
}

/// Whether a path starts somewhere definite, on any platform.
fn is_rooted(text: &str) -> bool {
    text.starts_with(['/', '\\', '~', '$', '%', '{']) || text.as_bytes().get(1) == Some(&b':')
}

fn search(rule: &Written<'_>, problems: &mut Problems<'_>) {
    for node in mappings(rule).filter_map(|pairs| value_of(pairs, "search")) {
        if node.text() == Some("depth") {
            let message = sentence!(
                "lint-search-is-honoured",
                "`search: depth` visits subfolders first; organize ignores it"
            );
            problems.push(Diagnostic::warning("search_is_honoured", node.span, message).help(sentence!(
                "lint-search-is-honoured-help",
                "leave it out to have the order organize uses"
            )));
        }
    }
}

fn ignore_errors(rule: &Written<'_>, problems: &mut Problems<'_>) {
    for node in mappings(rule).filter_map(|pairs| value_of(pairs, "ignore_errors")) {
        let message = sentence!("lint-ignore-errors-unused", "`ignore_errors` has no effect");
        problems.push(Diagnostic::warning("ignore_errors_unused", node.span, message).help(sentence!(
            "lint-ignore-errors-unused-help",
            "leave it out: unreadable folders are left out and reported"
        )));
    }
}

fn slash(rule: &Written<'_>, problems: &mut Problems<'_>) {
    let keys = [
        "exclude_files",
        "exclude_dirs",
        "system_exclude_files",
        "system_exclude_dirs",
        "filter",
        "filter_dirs",
    ];
    for pairs in mappings(rule) {
        for key in keys {
            let Some(node) = value_of(pairs, key) else { continue };
            each_text(node, &mut |text, item| {
                if text.contains(['/', '\\']) {
                    let message = sentence!(
                        "lint-pattern-with-slash",
                        "`{text}` is compared with the name alone and matches nothing",
                        text = text,
                    );
                    problems.push(Diagnostic::warning("pattern_with_slash", item.span, message).help(
                        sentence!(
                            "lint-pattern-with-slash-help",
                            "write the name without the folders before it"
                        ),
                    ));
                }
            });
        }
    }
}

fn system_case(rule: &Written<'_>, problems: &mut Problems<'_>) {
    for pairs in mappings(rule) {
        for key in ["system_exclude_files", "system_exclude_dirs"] {
            let Some(node) = value_of(pairs, key) else { continue };
            each_text(node, &mut |text, item| {
                if text.chars().any(char::is_uppercase) {
                    let message = sentence!(
                        "lint-system-case",
                        "`{text}` leaves out every spelling in capitals and small letters",
                        text = text,
                    );
                    problems.push(Diagnostic::warning("system_case", item.span, message).help(sentence!(
                        "lint-system-case-help",
                        "put it into `{key}` if its case matters",
                        key = &key["system_".len()..],
                    )));
                }
            });
        }
    }
}

fn depth(rule: &Written<'_>, problems: &mut Problems<'_>) {
    let Some(subfolders) = rule.flag("subfolders") else { return };
    for node in mappings(rule).filter_map(|pairs| value_of(pairs, "max_depth")) {
        let reaches = node.text() != Some("0");
        if node.text() != Some("inherit") && reaches != subfolders {
            let message = sentence!(
                "lint-depth-beats-subfolders",
                "`max_depth` decides here, and `subfolders: {subfolders}` has no say",
                subfolders = subfolders.to_string(),
            );
            problems.push(
                Diagnostic::warning("depth_beats_subfolders", node.span, message)
                    .help(sentence!("lint-depth-beats-subfolders-help", "keep one of the two")),
            );
        }
    }
}

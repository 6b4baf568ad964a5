//! Traps in filters.

use usher_event::sentence;

use super::written::Item;
use super::{Lint, Written};
use crate::Diagnostic;
use crate::filters::is_readable;
use crate::load::{Problems, list};

pub(super) const ALL: &[Lint] = &[
    Lint::new("size_unitless", None)
        .why("A number without a unit means bytes, although organize's documentation says kilobytes.")
        .mend("Add a unit: `k`, `MB`, `GiB`, or `b` for bytes.")
        .bad("rules:\n  - locations: /in\n    filters:\n      - size: '> 10'\n    actions: [trash]\n")
        .good("rules:\n  - locations: /in\n    filters:\n      - size: '> 10 MB'\n    actions: [trash]\n"),
    Lint::new("size_unparsable", None)
        .why("A condition that is no size is left out without a word, so the filter lets every file through.")
        .mend("Write a comparison, a number and a unit: `> 1.5 MB`.")
        .bad("rules:\n  - locations: /in\n    filters:\n      - size: '> many'\n    actions: [trash]\n")
        .good("rules:\n  - locations: /in\n    filters:\n      - size: '> 1.5 MB'\n    actions: [trash]\n"),
    Lint::new("extension_of_two", Some(two_extensions))
        .why("Only the last part of a name is its extension: `a.tar.gz` has the extension `gz`, and `tar.gz` matches nothing.")
        .mend("Look at the whole name: `regex: '\\.tar\\.gz$'`.")
        .bad("rules:\n  - locations: /in\n    filters:\n      - extension: tar.gz\n    actions: [trash]\n")
        .good("rules:\n  - locations: /in\n    filters:\n      - regex: '\\.tar\\.gz$'\n    actions: [trash]\n"),
    Lint::new("name_with_extension", Some(name_with_extension))
        .why("`name` looks at the name without its extension, so a pattern that ends in one matches next to nothing.")
        .mend("Leave the extension to the filter `extension`.")
        .bad("rules:\n  - locations: /in\n    filters:\n      - name: 'invoice*.pdf'\n    actions: [trash]\n")
        .good("rules:\n  - locations: /in\n    filters:\n      - name: 'invoice*'\n      - extension: pdf\n    actions: [trash]\n"),
    Lint::new("name_is_no_glob", Some(name_is_no_glob))
        .why("In `name` only `*` stands for something; `?` and `[..]` are the characters themselves.")
        .mend("Use `regex` for anything finer than `*`.")
        .bad("rules:\n  - locations: /in\n    filters:\n      - name: 'scan??'\n    actions: [trash]\n")
        .good("rules:\n  - locations: /in\n    filters:\n      - regex: '^scan..\\.'\n    actions: [trash]\n"),
    Lint::new("no_match_no_variables", Some(no_match_no_variables))
        .why("A filter that must not match publishes nothing, so an action that uses its groups fails for every file.")
        .mend("Take the placeholder out, or turn the filter round.")
        .bad("rules:\n  - locations: /in\n    filters:\n      - not regex: '(?P<year>\\d+)'\n    actions:\n      - echo: '{regex.year}'\n")
        .good("rules:\n  - locations: /in\n    filters:\n      - regex: '(?P<year>\\d+)'\n    actions:\n      - echo: '{regex.year}'\n"),
    Lint::new("optional_group", Some(optional_group))
        .why("A group that need not take part in a match is put in as the word `None` when it does not.")
        .mend("Give it a value of its own: `{regex.part or ''}`.")
        .bad("rules:\n  - locations: /in\n    filters:\n      - regex: 'a(?P<part>b)?'\n    actions:\n      - echo: '{regex.part}'\n")
        .good("rules:\n  - locations: /in\n    filters:\n      - regex: 'a(?P<part>b)?'\n    actions:\n      - echo: \"{regex.part or ''}\"\n"),
    Lint::new("hash_unknown", None)
        .why("organize, and Usher, look for a checksum's algorithm when there is a file to be summed up: one that is not there fails for every file.")
        .mend("Name one that is there: `md5`, `sha256`, `blake2b`, ...")
        .bad("rules:\n  - locations: /in\n    filters:\n      - hash: sha25\n    actions:\n      - echo: '{hash}'\n")
        .good("rules:\n  - locations: /in\n    filters:\n      - hash: sha256\n    actions:\n      - echo: '{hash}'\n"),
    Lint::new("content_unread", Some(content_unread))
        .why("`filecontent` reads `.txt`, `.md`, `.log`, `.pdf` and `.docx` files and matches no others, so with other extensions the rule does nothing.")
        .mend("Take the text out by code of your own, in the filter `python`.")
        .bad("rules:\n  - locations: /in\n    filters:\n      - extension: csv\n      - filecontent: total\n    actions: [trash]\n")
        .good("rules:\n  - locations: /in\n    filters:\n      - extension: [csv, txt]\n      - filecontent: total\n    actions: [trash]\n"),
    Lint::new("unread_is_left", Some(unread_is_left))
        .why("A file whose text cannot be read is neither with the words nor without them: Usher leaves it alone. organize takes `not filecontent` for fulfilled by a damaged PDF.")
        .mend("Nothing: a file that nobody could look into is left for you to look at. Allow the lint if you know.")
        .bad("rules:\n  - locations: /in\n    filters:\n      - not filecontent: paid\n    actions: [trash]\n")
        .good("rules:\n  - locations: /in\n    filters:\n      - filecontent: unpaid\n    actions: [trash]\n"),
    Lint::new("values_of_the_other", Some(values_of_the_other))
        .why(
            "Where `duplicate` takes the file it looks at for the original, the rule goes on with the other one, that it had \
             seen before; what the filters in front have found out is still that of the first.",
        )
        .mend("Put those filters behind `duplicate`.")
        .bad("rules:\n  - locations: /in\n    filters:\n      - lastmodified\n      - duplicate: { detect_original_by: name }\n    actions:\n      - move: '/out/{lastmodified.year}/'\n")
        .good("rules:\n  - locations: /in\n    filters:\n      - duplicate: { detect_original_by: name }\n      - lastmodified\n    actions:\n      - move: '/out/{lastmodified.year}/'\n"),
    Lint::new("any_time", Some(any_time))
        .why("A filter for a time that is given no time fits every file: `created: {mode: newer}` asks for nothing.")
        .mend("Say how long: `days: 30`. For the variable alone, use it in an action.")
        .bad("rules:\n  - locations: /in\n    filters:\n      - lastmodified: { mode: newer }\n    actions: [trash]\n")
        .good("rules:\n  - locations: /in\n    filters:\n      - lastmodified: { days: 30, mode: newer }\n    actions: [trash]\n"),
    Lint::new("groups_of_some", Some(groups_of_some))
        .why("With `filter_mode: any`, files come through that another filter lets pass. For these an expression that did not match has no groups, and an action that uses them fails.")
        .mend("Put the expression into a rule of its own, or write `{regex.year if regex is defined else ''}`.")
        .bad("rules:\n  - locations: /in\n    filter_mode: any\n    filters:\n      - extension: pdf\n      - regex: '(?P<year>\\d+)'\n    actions:\n      - move: '/out/{regex.year}/'\n")
        .good("rules:\n  - locations: /in\n    filters:\n      - extension: pdf\n      - regex: '(?P<year>\\d+)'\n    actions:\n      - move: '/out/{regex.year}/'\n"),
    Lint::new("never_matches", None)
        .why("What the filter asks for cannot be: a depth that is both more and less, a tag in capitals among small letters.")
        .mend("Turn the limits round, or write the name as it is.")
        .bad("rules:\n  - locations: /in\n    filters:\n      - depth: { min: 3, max: 1 }\n    actions: [trash]\n")
        .good("rules:\n  - locations: /in\n    filters:\n      - depth: { min: 1, max: 3 }\n    actions: [trash]\n"),
];

fn two_extensions(rule: &Written<'_>, problems: &mut Problems<'_>) {
    for filter in rule.filters.iter().filter(|filter| filter.is(&["extension"])) {
        for (text, node) in filter.texts("extensions") {
            let is_two = |word: &&str| word.trim_start_matches('.').contains('.') && !word.contains('{');
            for word in text.split([' ', ',']).filter(is_two) {
                let message = sentence!(
                    "lint-extension-of-two",
                    "no file has the extension `{word}`: only the last part counts",
                    word = word,
                );
                problems.push(
                    Diagnostic::warning("extension_of_two", node.span, message)
                        .help(sentence!("lint-extension-of-two-help", "use `regex` on the whole name")),
                );
            }
        }
    }
}

/// The patterns of `name` that say how a name ends.
fn name_patterns<'d>(rule: &'d Written<'d>) -> impl Iterator<Item = (&'d str, crate::Span, bool)> {
    let names = rule.filters.iter().filter(|filter| filter.is(&["name"]));
    names.flat_map(|filter| {
        let params = ["match", "startswith", "contains", "endswith"];
        params.into_iter().flat_map(move |param| {
            let ends = matches!(param, "match" | "endswith");
            filter.texts(param).into_iter().map(move |(text, node)| (text, node.span, ends))
        })
    })
}

fn name_with_extension(rule: &Written<'_>, problems: &mut Problems<'_>) {
    if rule.looks_at_dirs() {
        return;
    }
    for (text, span, ends) in name_patterns(rule) {
        let last = text.rsplit_once('.').map(|(_, last)| last).filter(|_| ends);
        let looks_like_one = last.is_some_and(|last| {
            (1..=5).contains(&last.len())
                && last.chars().all(|c| c.is_ascii_alphanumeric())
                && last.chars().any(|c| c.is_ascii_alphabetic())
        });
        if looks_like_one {
            let message = sentence!(
                "lint-name-with-extension",
                "`{text}` is compared with the name without its extension",
                text = text,
            );
            problems.push(Diagnostic::warning("name_with_extension", span, message).help(sentence!(
                "lint-name-with-extension-help",
                "add `- extension: {extension}` and leave it out here",
                extension = last.unwrap_or_default(),
            )));
        }
    }
}

fn name_is_no_glob(rule: &Written<'_>, problems: &mut Problems<'_>) {
    for (text, span, _) in name_patterns(rule) {
        let class = text.find('[').is_some_and(|at| text[at..].contains(']'));
        if text.contains('?') || class {
            let message =
                sentence!("lint-name-is-no-glob", "`{text}`: only `*` stands for anything", text = text);
            problems.push(Diagnostic::warning("name_is_no_glob", span, message).help(sentence!(
                "lint-name-is-no-glob-help",
                "use `regex` for single characters and choices"
            )));
        }
    }
}

/// Whether an action fills in a variable, or one whose name begins so if it ends with a dot; where `bare` is set, with
/// nothing else in the braces.
fn filled_in(rule: &Written<'_>, variable: &str, bare: bool) -> bool {
    rule.templates().into_iter().any(|(text, _)| {
        let mut rest = text;
        while let Some(at) = rest.find(variable) {
            let before = rest[..at].trim_end().ends_with('{');
            let after = rest[at + variable.len()..].trim_start();
            let whole =
                variable.ends_with('.') || !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
            if whole && (!bare || before && after.starts_with('}')) {
                return true;
            }
            rest = &rest[at + variable.len()..];
        }
        false
    })
}

fn publishes_groups<'d>(rule: &'d Written<'d>) -> impl Iterator<Item = &'d Item<'d>> {
    rule.filters.iter().filter(|filter| filter.is(&["regex", "filecontent"]))
}

fn no_match_no_variables(rule: &Written<'_>, problems: &mut Problems<'_>) {
    for filter in publishes_groups(rule).filter(|filter| filter.negated) {
        let name = filter.spec.name;
        let matches_elsewhere = publishes_groups(rule).any(|other| other.spec.name == name && !other.negated);
        if !matches_elsewhere && filled_in(rule, &format!("{name}."), false) {
            let message = sentence!(
                "lint-no-match-no-variables",
                "`{name}` must not match here, so `{{{name}.…}}` is never there",
                name = name,
            );
            problems.push(Diagnostic::warning("no_match_no_variables", filter.span, message).help(
                sentence!("lint-no-match-no-variables-help", "take the placeholder out of the actions"),
            ));
        }
    }
}

fn optional_group(rule: &Written<'_>, problems: &mut Problems<'_>) {
    for filter in publishes_groups(rule) {
        let Some(expr) = filter.text("expr") else { continue };
        for group in optional_groups(expr) {
            let variable = format!("{}.{group}", filter.spec.name);
            if filled_in(rule, &variable, true) {
                let message = sentence!(
                    "lint-optional-group",
                    "the group `{group}` may take no part, and `{{{variable}}}` is then `None`",
                    group = group,
                    variable = &variable,
                );
                problems.push(Diagnostic::warning("optional_group", filter.at("expr"), message).help(
                    sentence!(
                        "lint-optional-group-help",
                        "write `{{{variable} or ''}}`",
                        variable = variable,
                    ),
                ));
            }
        }
    }
}

/// Named groups of an expression, or groups around them, that `?`, `*` or `{0,` lets go.
fn optional_groups(expr: &str) -> Vec<&str> {
    let bytes = expr.as_bytes();
    let mut open: Vec<(Option<&str>, usize)> = Vec::new();
    let mut closed: Vec<&str> = Vec::new();
    let mut optional: Vec<&str> = Vec::new();
    let (mut at, mut in_class) = (0, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'(' if !in_class => {
                let name = expr[at..].strip_prefix("(?P<").or_else(|| expr[at..].strip_prefix("(?<"));
                let name = name.and_then(|rest| rest.split_once('>')).map(|(name, _)| name);
                open.push((name.filter(|name| !name.starts_with(['=', '!'])), closed.len()));
            }
            b')' if !in_class => {
                if let Some((name, from)) = open.pop() {
                    closed.extend(name);
                    let rest = &expr[at + 1..];
                    if rest.starts_with(['?', '*']) || rest.starts_with("{0,") {
                        optional.extend(&closed[from..]);
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
    optional
}

fn content_unread(rule: &Written<'_>, problems: &mut Problems<'_>) {
    if rule.text("filter_mode") == Some("any") || rule.groups_filters() {
        return;
    }
    let wanted =
        |name: &'static str| rule.filters.iter().filter(move |filter| filter.is(&[name]) && !filter.negated);
    let Some(content) = wanted("filecontent").next() else { return };
    for extension in wanted("extension") {
        let words: Vec<String> = extension
            .texts("extensions")
            .into_iter()
            .flat_map(|(text, _)| text.split_whitespace())
            .map(|word| word.trim_start_matches('.').to_lowercase())
            .collect();
        if !words.is_empty() && !words.iter().any(|word| is_readable(word)) {
            let message = sentence!(
                "lint-content-unread",
                "the text of {names} cannot be read",
                names = list(words.iter().map(String::as_str)),
            );
            problems.push(Diagnostic::warning("content_unread", content.span, message).help(sentence!(
                "lint-content-unread-help",
                "`filecontent` reads `.txt`, `.md`, `.log`, `.pdf` and `.docx` files"
            )));
        }
    }
}

fn any_time(rule: &Written<'_>, problems: &mut Problems<'_>) {
    let units = ["years", "months", "weeks", "days", "hours", "minutes", "seconds"];
    let times = ["created", "lastmodified", "date_added", "date_lastused"];
    for filter in rule.filters.iter().filter(|filter| filter.is(&times)) {
        let name = filter.spec.name;
        let given = units.iter().any(|unit| filter.text(unit).is_some_and(|count| count != "0"));
        // Code needs no braces, and what else has the word in it will do.
        let used = rule.texts().iter().any(|(text, _)| text.contains(name));
        if !given && !used {
            let message = sentence!("lint-any-time", "`{name}` without a time fits every file", name = name);
            problems.push(
                Diagnostic::warning("any_time", filter.span, message)
                    .help(sentence!("lint-any-time-help", "say how long ago: `days: 30`")),
            );
        }
    }
}

fn groups_of_some(rule: &Written<'_>, problems: &mut Problems<'_>) {
    if rule.text("filter_mode") != Some("any") {
        return;
    }
    let cautious = |text: &str| text.contains("is defined") || text.contains("default(");
    if rule.templates().iter().any(|(text, _)| cautious(text)) {
        return;
    }
    for filter in publishes_groups(rule).filter(|filter| !filter.negated) {
        let name = filter.spec.name;
        let others = rule.filters.iter().any(|other| other.spec.name != name || other.negated);
        if others && filled_in(rule, &format!("{name}."), false) {
            let message = sentence!(
                "lint-groups-of-some",
                "a file that another filter lets through need not have a `{{{name}.…}}`",
                name = name,
            );
            problems.push(
                Diagnostic::warning("groups_of_some", filter.span, message)
                    .help(sentence!("lint-groups-of-some-help", "put it into a rule of its own")),
            );
        }
    }
}

fn unread_is_left(rule: &Written<'_>, problems: &mut Problems<'_>) {
    for filter in rule.filters.iter().filter(|filter| filter.is(&["filecontent"]) && filter.negated) {
        let message = sentence!(
            "lint-unread-is-left",
            "a file whose text cannot be read is left alone; organize would go on with it"
        );
        problems.push(Diagnostic::warning("unread_is_left", filter.span, message).help(sentence!(
            "lint-unread-is-left-help",
            "nothing to mend: such a file is left for you to look at"
        )));
    }
}

/// Whether a placeholder of an action refers to this variable.
fn refers_to(rule: &Written<'_>, variable: &str) -> bool {
    rule.actions.iter().any(|action| action.refers_to(variable))
}

fn values_of_the_other(rule: &Written<'_>, problems: &mut Problems<'_>) {
    let chooses = |filter: &Item<'_>| {
        let stays = matches!(filter.text("detect_original_by"), None | Some("first_seen" | "-last_seen"));
        filter.is(&["duplicate"]) && !filter.negated && !stays
    };
    let Some(at) = rule.filters.iter().position(chooses) else { return };
    for filter in &rule.filters[..at] {
        let name = filter.spec.name;
        if !filter.spec.variables.is_empty() && refers_to(rule, name) {
            let message = sentence!(
                "lint-values-of-the-other",
                "`{{{name}}}` need not be that of the file the actions get",
                name = name,
            );
            problems.push(Diagnostic::warning("values_of_the_other", filter.span, message).help(sentence!(
                "lint-values-of-the-other-help",
                "put it behind `duplicate`, which may choose another file"
            )));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::optional_groups;
    use crate::lints::found;
    use crate::load;

    #[test]
    fn only_a_variable_of_that_name_is_another_files() {
        let found = |action: &str| {
            let text = format!(
                "rules:\n  - locations: /in\n    filters: [name, duplicate: {{ detect_original_by: -name }}]\n    actions: [{action}]\n"
            );
            let loaded = load(std::path::Path::new("rules.yaml"), &text);
            loaded.diagnostics.iter().any(|problem| problem.code == "values_of_the_other")
        };
        assert!(found("echo: 'a {name}'"));
        assert!(found("rename: '{now().year}-{name.upper()}.txt'"));
        for other in [
            "trash",
            "echo: the name",
            "rename: '{path.name}'",
            "echo: '{rename} {names}'",
            "echo: '{path} name'",
        ] {
            assert!(!found(other), "{other}");
        }
    }

    #[test]
    fn a_time_that_is_put_in_somewhere_need_not_be_long_ago() {
        let codes = |filter: &str, action: &str| {
            found(&format!("rules:\n  - locations: /in\n    filters: [{filter}]\n    actions: [{action}]\n"))
        };
        assert_eq!(codes("created", "trash"), ["any_time"]);
        assert_eq!(codes("created: {days: 0}", "trash"), ["any_time"]);
        assert_eq!(codes("created: {hours: 1}", "trash"), [""; 0]);
        assert_eq!(codes("created", "echo: '{created.year}'"), [""; 0]);
        assert_eq!(codes("created", "python: print(created)"), [""; 0]);
    }

    #[test]
    fn groups_that_are_there_for_every_file_may_be_used() {
        let codes = |filters: &str, text: &str| {
            let rule = format!(
                "locations: /in, filter_mode: any, filters: [{filters}], actions: [echo: \"{text}\"]"
            );
            found(&format!("rules: [{{{rule}}}]\n"))
        };
        let one = "regex: '(?P<x>a)'";
        assert_eq!(codes(&format!("{one}, name: b"), "{regex.x}"), ["groups_of_some"]);
        assert_eq!(codes(&format!("{one}, regex: '(?P<x>b)'"), "{regex.x}"), [""; 0]);
        assert_eq!(codes(one, "{regex.x}"), [""; 0]);
        assert_eq!(codes(&format!("{one}, name: b"), "{regex.x if regex is defined}"), [""; 0]);
        assert_eq!(codes(&format!("{one}, name: b"), "{path.name}"), [""; 0]);
    }

    #[test]
    fn groups_that_may_be_missing_are_found() {
        assert_eq!(optional_groups("a(?P<x>b)?"), ["x"]);
        assert_eq!(optional_groups("(?:-(?P<x>b)(?P<y>c))*"), ["x", "y"]);
        assert_eq!(optional_groups(r"(?P<x>\)?)[)?]"), [""; 0]);
        assert_eq!(optional_groups("(?P<x>b?)(?P<y>c)+"), [""; 0]);
        assert_eq!(optional_groups(")?((("), [""; 0]);
        assert_eq!(optional_groups("é(?<é>a){0,2}"), ["é"]);
    }
}

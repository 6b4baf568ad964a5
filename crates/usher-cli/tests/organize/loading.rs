//! What is a rule file and what is none: the verdict, and what YAML makes of the text.

use crate::case::{Case, check, check_more};
use crate::deliberate::Deliberate::*;

const TREE: &str = "in/a.txt; in/b.pdf; in/c";

fn texts(texts: &[&str]) {
    check(texts.iter().map(|text| Case::new(TREE, *text)).collect());
}

/// Files whose rules name `~/in` and `~/out`, in a notation or with a quirk.
#[test]
fn notation() {
    texts(&[
        "rules: [{locations: ~/in, actions: [{move: ~/out/}]}]",
        "{\"rules\": [{\"locations\": \"~/in\", \"filters\": [{\"extension\": [\"txt\"]}], \"actions\": [{\"move\": \"~/out/\"}]}]}",
        "  rules:\n    - locations: ~/in\n      actions: [move: ~/out/]\n",
        "\trules:\n\t- actions: [echo: x]",
        "\n\n  # note\n  rules:\n    - locations: ~/in\n      actions: [move: ~/out/]\n",
        "---\nrules:\n  - locations: ~/in\n    actions: [move: ~/out/]\n...\n",
        "%YAML 1.1\n---\nrules:\n  - {locations: ~/in, actions: [trash]}",
        "%YAML 1.2\n---\nrules:\n  - {locations: ~/in, actions: [trash]}",
        "\u{feff}rules:\n  - {locations: ~/in, actions: [trash]}",
        "rules:\r\n  - locations: ~/in\r\n    actions:\r\n      - trash\r\n",
        "rules:\n- locations: ~/in\n  actions:\n  - move:\n      dest: ~/out/\n",
        "rules:\n  - locations:\n    - ~/in\n    filters:\n    - extension:\n      - txt\n      - pdf\n    actions:\n    - echo: 'x'\n    - trash\n",
        "x: &in ~/in\nrules:\n  - {locations: *in, actions: [trash]}",
        "a: &all\n  - ~/in\n  - ~/other\nrules:\n  - {locations: [*all, ~/third], actions: [trash]}",
        "a: &f\n  - extension: txt\nrules:\n  - {locations: ~/in, filters: [*f, name: a], actions: [trash]}",
        "a: &f\n  extension: txt\nrules:\n  - {locations: ~/in, filters: [*f], actions: [trash]}",
        "base: &base\n  locations: ~/in\n  filters: [extension: txt]\nrules:\n  - <<: *base\n    actions: [trash]",
        "base: &base {locations: ~/in}\nmore: &more {filters: [extension: pdf]}\nrules:\n  - <<: [*base, *more]\n    actions: [trash]",
        "base: &base {locations: ~/other, subfolders: true}\nrules:\n  - <<: *base\n    locations: ~/in\n    actions: [trash]",
        "rules:\n  - &r {locations: ~/in, actions: [trash]}\n  - *r",
        "exts: &e [txt, pdf]\nrules:\n  - {locations: ~/in, filters: [extension: [*e, jpg]], actions: [trash]}",
        "acts: &x\n  - echo: a\n  - trash\nrules:\n  - {locations: ~/in, actions: [*x, [*x]]}",
        "rules:\n  - locations: !mine ~/in\n    actions: [trash]",
        "rules:\n  - locations: ~/in\n    actions: [echo: !tag text]",
        "rules:\n  - locations: ~/in\n    actions: [echo: !tag [a, b]]",
        "rules:\n  - locations: ~/in\n    name: !!str 5\n    actions: [echo: !!str 5]",
        "rules:\n  - locations: ~/in\n    actions:\n      - echo: !ref\n",
        "rules: !x\n  - {locations: ~/in, actions: [trash]}",
        "rules:\n  - locations: \"~/i\\x6e\"\n    actions: [trash]",
        "rules:\n  - locations: '~/in'\n    actions: [echo: 'it''s']",
        "rules:\n  - locations: ~/in\n    actions: [echo: \"tab\\there \\u00e9 \\n\"]",
        "rules:\n  - locations: ~/in\n    actions:\n      - echo: |\n          one\n          two\n",
        "rules:\n  - locations: ~/in\n    actions:\n      - echo: >\n          one\n          two\n\n          three\n",
        "rules:\n  - locations: ~/in\n    actions:\n      - echo: |+\n          one\n\n",
        "rules:\n  - locations: ~/in\n    actions:\n      - echo: plain text\n          over lines\n",
        "rules:\n  - locations: ~/in # here\n    actions: [echo: a#b] # there\n",
        "rules:\n  - locations: ~/in\n    actions: [echo: {msg: \"{path.name}\"}]",
        "rules:\n  - locations: ~/in\n    actions: [echo: {path.name}]",
        "rules:\n  - locations: ~/in\n    actions:\n      - echo: {path}\n",
        "rules:\n  - locations: ~/in\n    actions:\n      - echo: caf\u{e9} cafe\u{301}\n",
        "rules:\n  - ? locations\n    : ~/in\n    ? actions\n    : [trash]\n",
        "rules: [{locations: ~/in, actions: [trash,],},]",
        "'rules': [{'locations': ~/in, \"actions\": [trash]}]",
        "other: stuff\nmore: [1, 2]\nrules: [{locations: ~/in, actions: [trash]}]",
        "rules: [{locations: ~/in, actions: [trash]}]\nrules: [{locations: ~/in, actions: [delete]}]",
        "rules:\n  - locations: ~/in\n    actions: [trash]\n    actions: [delete]",
    ]);
}

/// YAML 1.1's words for numbers, booleans, dates and nothing, where a text is wanted.
#[test]
fn values_where_text_is_wanted() {
    let values = [
        "5",
        "-5",
        "1.5",
        "1.50",
        "010",
        "0x1f",
        "0b101",
        "0o17",
        "1_000",
        "1e3",
        "1.0e+3",
        ".5",
        "5.",
        "+5",
        "yes",
        "no",
        "on",
        "off",
        "true",
        "false",
        "y",
        "n",
        "Yes",
        "~",
        "null",
        "NULL",
        "",
        "2024-01-02",
        "2024-01-02 03:04:05",
        "12:30",
        "1:30:00",
        ".inf",
        ".nan",
        "-.inf",
        "0",
        "00",
        "08",
        "1__0",
        "'5'",
        "[5]",
        "{a: 5}",
        "[a, b]",
        "190:20:30",
        "1.5e3",
        "1e+3",
        "99999999999999999999",
        "0.1e-2",
        "1.",
        "6.8523015e+5",
        "123456789.123456789",
        "1e400",
        "0x",
        "0b2",
        "'yes'",
        "!!int 5",
        "!!float 5",
        "!!bool yes",
        "!!null x",
        "\"\"",
    ];
    let places = [
        "{locations: ~/in, filters: [extension: txt], actions: [{move: {dest: VALUE}}]}",
        "{locations: ~/in, filters: [extension: txt], actions: [{rename: VALUE}]}",
        "{locations: ~/in, filters: [name: VALUE], actions: [trash]}",
    ];
    for place in places {
        let case = |value: &&str| {
            let case = Case::new(TREE, format!("rules:\n  - {}", place.replace("VALUE", value)));
            match *value {
                "2024-01-02" | "2024-01-02 03:04:05" => case.departs(MoreIsRead),
                "\"\"" if !place.contains("name: VALUE]") => case.departs(NothingIsNoPlace),
                _ => case,
            }
        };
        check(values.iter().map(case).collect());
    }
    let said = |value: &&str| {
        let text = "rules:\n  - {locations: ~/in, filters: [extension: txt], actions: [{echo: VALUE}]}";
        Case::new(TREE, text.replace("VALUE", value))
    };
    // A number is no message for organize.
    let plain = |value: &&&str| {
        !value.starts_with("!!") && !value.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
    };
    check(values.iter().filter(plain).map(said).collect());
}

#[test]
fn signs_that_yaml_1_1_has_plans_for() {
    check(vec![
        Case::new(TREE, "rules: [{locations: ~/in, actions: [{move: {dest: =}}]}]").departs(SignsAreText),
        Case::new(TREE, "rules: [{locations: ~/in, actions: [{move: {dest: <<}}]}]").departs(SignsAreText),
    ]);
}

#[test]
fn values_of_filters() {
    let values = [
        "5",
        "1.5",
        "010",
        "yes",
        "no",
        "~",
        "''",
        "[]",
        "[5]",
        "[1.5, a]",
        "{}",
        "[yes]",
        "[~]",
        "[[a], b]",
        "2024-01-02",
        "{a: b}",
        "[{a: b}]",
        "0x1f",
        "1e3",
        "1_000",
    ];
    let places = [
        "extension: VALUE",
        "size: VALUE",
        "mimetype: VALUE",
        "regex: VALUE",
        "name: {contains: VALUE}",
        "name: {case_sensitive: VALUE}",
        "lastmodified: {days: VALUE}",
        "empty: VALUE",
    ];
    for place in places {
        let case = |value: &&str| {
            let filter = place.replace("VALUE", value);
            let case = Case::new(
                "in/5; in/a.5; in/1.5; in/a.txt; in/x5*5; in/A",
                format!("rules:\n  - {{locations: ~/in, filters: [{filter}], actions: [trash]}}"),
            );
            let number = value.trim_start_matches('[').starts_with(|c: char| c.is_ascii_digit());
            match (place, *value) {
                ("name: {contains: VALUE}", "[[a], b]") => case.departs(MoreIsRead),
                ("extension: VALUE", "no") => case.departs(NonsenseIsRefused),
                ("extension: VALUE", value) if number && value != "1e3" => case.departs(MoreIsRead),
                (_, "2024-01-02")
                    if !place.contains("case_") && !place.contains("days") && !place.contains("empty") =>
                {
                    case.departs(MoreIsRead)
                }
                _ => case,
            }
        };
        check(values.iter().map(case).collect());
    }
}

#[test]
fn values_of_actions() {
    let values =
        ["5", "yes", "no", "'no'", "~", "''", "[]", "[a]", "{}", "maybe", "0", "1", "2", "1.0", "'t'", "OFF"];
    let places = [
        "trash: VALUE",
        "move: {dest: ~/out, autodetect_folder: VALUE}",
        "copy: {dest: ~/out/, on_conflict: VALUE}",
        "copy: {dest: ~/out/, rename_template: VALUE}",
        "write: {text: x, outfile: ~/log, newline: VALUE}",
        "write: {text: x, outfile: ~/log, mode: VALUE}",
        "shell: {cmd: 'true', simulation_returncode: VALUE}",
        "shell: {cmd: 'exit 1', ignore_errors: VALUE}",
        "shell: VALUE",
    ];
    for place in places {
        let case = |value: &&str| {
            Case::new(
                "in/a.txt",
                format!("rules:\n  - {{locations: ~/in, actions: [{}]}}", place.replace("VALUE", value)),
            )
        };
        check(values.iter().map(case).collect());
    }
}

#[test]
fn values_of_locations() {
    let values =
        ["5", "-1", "1.5", "'1'", "yes", "~", "''", "[]", "[a]", "{}", "inherit", "depth", "[[a], a]", "[1]"];
    let places = [
        "min_depth",
        "max_depth",
        "search",
        "exclude_files",
        "exclude_dirs",
        "filter",
        "filter_dirs",
        "system_exclude_files",
        "ignore_errors",
        "path",
        "unknown",
    ];
    for place in places {
        let case = |value: &&str| {
            let path = if place == "path" { "" } else { "path: ~/in, " };
            let case = Case::new(
                "in/a; in/b/a",
                format!("rules:\n  - {{locations: [{{{path}{place}: {value}}}], actions: [trash]}}"),
            );
            let texts = place.contains("exclude") || place.starts_with("filter") || place == "path";
            match (place, *value) {
                ("path", "''") => case.departs(NothingIsNoPlace),
                (_, "5" | "-1" | "1.5" | "[1]") if texts => case.departs(MoreIsRead),
                ("filter" | "filter_dirs", "'1'" | "''" | "inherit" | "depth" | "[[a], a]") => {
                    case.departs(MoreIsRead)
                }
                _ => case,
            }
        };
        check(values.iter().map(case).collect());
    }
}

#[test]
fn what_is_no_rule_file() {
    texts(&[
        "",
        "\n",
        "# only a note",
        "null",
        "~",
        "[]",
        "{}",
        "text",
        "5",
        "true",
        "- a\n- b",
        "rules:",
        "rules: []",
        "rules: {}",
        "rules: text",
        "rules: 5",
        "rules: {locations: ~/in, actions: [trash]}",
        "rules: [text]",
        "rules: [~]",
        "rules: [5]",
        "Rules: [{locations: ~/in, actions: [trash]}]",
        "rule: [{locations: ~/in, actions: [trash]}]",
        "{locations: ~/in, actions: [trash]}",
        "- {locations: ~/in, actions: [trash]}",
        "rules: [{locations: ~/in}]",
        "rules: [{locations: ~/in, actions:}]",
        "rules: [{locations: ~/in, actions: []}]",
        "rules: [{locations: ~/in, actions: [[]]}]",
        "rules: [{locations: ~/in, actions: {trash: }}]",
        "rules: [{locations: ~/in, actions: trash}]",
        "rules: [{locations: ~/in, actions: nothing}]",
        "rules: [{locations: ~/in, actions: [trash: x]}]",
        "rules: [{locations: ~/in, actions: [{trash: , delete: }]}]",
        "rules: [{locations: ~/in, actions: [{}]}]",
        "rules: [{locations: ~/in, actions: [5]}]",
        "rules: [{locations: ~/in, actions: [~]}]",
        "rules: [{locations: ~/in, actions: [{1: 2}]}]",
        "rules: [{locations: ~/in, actions: [move]}]",
        "rules: [{locations: ~/in, actions: [move: ]}]",
        "rules: [{locations: ~/in, actions: [move: {}]}]",
        "rules: [{locations: ~/in, actions: [move: {dest: a, dest: b}]}]",
        "rules: [{locations: ~/in, actions: [move: {dest: a, mode: b}]}]",
        "rules: [{locations: ~/in, actions: [move: [a]]}]",
        "rules: [{locations: ~/in, actions: [move: {dest: [a]}]}]",
        "rules: [{locations: ~/in, actions: [move: {dest: a, on_conflict: merge}]}]",
        "rules: [{locations: ~/in, actions: [move: '{']}]",
        "rules: [{locations: ~/in, actions: [move: '{path']}]",
        "rules: [{locations: ~/in, actions: [move: '{path.}']}]",
        "rules: [{locations: ~/in, actions: [move: '{% if %}']}]",
        "rules: [{locations: ~/in, actions: [move: '{% nothing %}']}]",
        "rules: [{locations: ~/in, actions: [move: '{path|nothing}']}]",
        "rules: [{locations: ~/in, actions: [move: '{path is nothing}']}]",
        "rules: [{locations: ~/in, actions: [move: '{}']}]",
        "rules: [{locations: ~/in, actions: [write: {text: x}]}]",
        "rules: [{locations: ~/in, actions: [write: x]}]",
        "rules: [{locations: ~/in, actions: [write: [x, ~/y]]}]",
        "rules: [{locations: ~/in, filters: [nothing], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [not nothing], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [NOT extension], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [not  extension], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [not not extension], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [extension: {unknown: 1}], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [{extension: txt, name: a}], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [5], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [~], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [regex], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [regex: '('], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [regex: [a]], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [name: '{'], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [name: '{x:nothing}'], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [name: '{a}{a}'], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [name: '{1a}'], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [name: [a]], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [size: '=> 1k'], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [size: '<> 1k'], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [size: '! 1k'], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [lastmodified: {days: 0.5}], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [lastmodified: {days: x}], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [lastmodified: {mode: oldest}], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [lastmodified: {decades: 1}], actions: [trash]}]",
        "rules: [{locations: ~, actions: [trash]}]",
        "rules: [{locations: [~], actions: [trash]}]",
        "rules: [{locations: {}, actions: [trash]}]",
        "rules: [{locations: [{}], actions: [trash]}]",
        "rules: [{locations: [{path: ~}], actions: [trash]}]",
        "rules: [{locations: '{', actions: [trash]}]",
        "rules: [{locations: ~/in, targets: dirs, filters: [extension], actions: [trash]}]",
        "rules: [{locations: ~/in, targets: dirs, filters: [mimetype], actions: [trash]}]",
        "rules: [{locations: ~/in, targets: dirs, filters: [not extension], actions: [trash]}]",
        "rules: [{locations: ~/in, actions: [echo: yes]}]",
        "rules: [{locations: ~/in, actions: [delete: {x: 1}]}]",
        "rules: [{locations: ~/in, actions: [not trash]}]",
        "rules: [{locations: ~/in, actions: [' trash']}]",
        "a: 1\nrules: [{locations: ~/in, actions: [trash]}]\n---\nrules: []",
        "*nothing",
        "rules: *nothing",
    ]);
}

#[test]
fn what_only_usher_reads() {
    let texts = [
        "rules: [[{locations: ~/in, actions: [trash]}]]",
        "rules: [[]]",
        "rules: [{locations: 5, actions: [trash]}]",
        "rules: [{locations: [5], actions: [trash]}]",
        "rules: [{locations: [{path: 5}], actions: [trash]}]",
        "rules: [{locations: ~/in, actions: [echo: 5]}]",
        "rules: [{locations: ~/in, filters: [extension: 7], actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [extension: [7, 1.5]], actions: [trash]}]",
        "rules: [{locations: ~/in, actions: [echo: 2024-01-02]}]",
        "rules: [{locations: ~/in, actions: [move: {dest: 2024-01-02}]}]",
        "rules: [{locations: ~/in, filters: [any: [extension: txt, name: c]], actions: [trash]}]",
        "{\n\t\"rules\": [\n\t\t{\"locations\": \"~/in\", \"actions\": [\"delete\"]}\n\t]\n}",
        "rules:\n  - locations: ~/in\n    actions: [echo: !ref]",
    ];
    check_more(texts.iter().map(|text| Case::new(TREE, *text)).collect());
}

#[test]
fn what_only_organize_reads() {
    let texts = [
        "a: &a [*a]\nrules: [{locations: ~/in, actions: [trash]}]",
        "rules: [{locations: ~/in, filters: [extension: no], actions: [trash]}]",
    ];
    check(texts.iter().map(|text| Case::new(TREE, *text).departs(NonsenseIsRefused)).collect());
}

#[test]
fn what_is_no_yaml() {
    texts(&[
        "rules: [",
        "rules: ]",
        "rules: {",
        "rules: 'open",
        "rules: \"open",
        "rules:\n\t- actions: [trash]",
        "rules:\n  - locations: ~/in\n   actions: [trash]",
        "rules: a: b",
        "rules: @x",
        "rules: `x`",
        "rules: %x",
        "rules: [{locations: ~/in, actions: [trash]}] trailing",
        "rules:\n- a\nb",
        "rules: \"\\q\"",
        "rules: |\nx",
        "rules: &",
        "? a\n? b\n: c\nd",
        "rules: !<x",
        "%YAML 9.9\n---\nrules: []",
        "rules: {a b: c, d}",
        "rules: [a, b\n",
    ]);
}

/// All of them, to be counted.
pub(crate) const ALL: &[fn()] = &[
    notation,
    values_where_text_is_wanted,
    signs_that_yaml_1_1_has_plans_for,
    values_of_filters,
    values_of_actions,
    values_of_locations,
    what_is_no_rule_file,
    what_only_usher_reads,
    what_only_organize_reads,
    what_is_no_yaml,
];

//! Rules together: their options, their tags, and one after another over the same files.

use crate::case::{Case, check, check_more};

const MOVE: &str = "actions: [{move: ~/out/}]";

#[test]
fn options() {
    let tree = "in/a.txt; in/b.pdf; in/sub/c.txt";
    let rule = |lines: &str| Case::rule(tree, &format!("{}\n    {MOVE}", lines.replace('\n', "\n    ")));
    check(vec![
        rule("name: X"),
        rule("name:"),
        rule("name: ''"),
        rule("enabled: true"),
        rule("enabled: false"),
        rule("enabled: n"),
        rule("enabled: y"),
        rule("enabled: 'off'"),
        rule("enabled: 'false'"),
        rule("enabled: 0"),
        rule("enabled: 1"),
        rule("enabled: 2"),
        rule("enabled: 0.0"),
        rule("enabled: 1.0"),
        rule("enabled:"),
        rule("enabled: maybe"),
        rule("enabled: [true]"),
        rule("subfolders: true"),
        rule("subfolders: yes"),
        rule("subfolders: On"),
        rule("subfolders: FALSE"),
        rule("subfolders: 't'"),
        rule("subfolders: ''"),
        rule("targets: files"),
        rule("targets: dirs"),
        rule("targets: Dirs"),
        rule("targets: folders"),
        rule("targets:"),
        rule("tags: [a, b]"),
        rule("tags: []"),
        rule("tags: a"),
        rule("tags:"),
        rule("tags: [[a]]"),
        rule("tags: {a: b}"),
        rule("filter_mode: ALL"),
        rule("filter_mode:"),
        rule("filters:"),
        rule("filters: []"),
        rule("filters: [[]]"),
        rule("unknown: 1"),
        rule("1: 2"),
    ]);
    check_more(vec![rule("name: 5"), rule("tags: [1]"), rule("targets: [files, dirs]")]);
}

#[test]
fn one_after_another() {
    let tree = "in/a.txt; in/b.pdf; in/c.jpg; out/d.txt";
    let rules = |text: &str| Case::new(tree, format!("rules:\n{text}"));
    check(vec![
        rules(
            "  - locations: ~/in\n    filters: [extension: txt]\n    actions: [move: ~/out/]\n  - locations: ~/out\n    actions: [move: ~/then/]",
        ),
        rules(
            "  - locations: ~/in\n    actions: [copy: ~/one/]\n  - locations: ~/in\n    actions: [move: ~/two/]",
        ),
        rules("  - locations: ~/in\n    actions: [delete]\n  - locations: ~/in\n    actions: [move: ~/two/]"),
        rules(
            "  - locations: ~/in\n    filters: [name: a]\n    actions: [rename: x.txt]\n  - locations: ~/in\n    actions: [echo: '{path.name}']",
        ),
        rules(
            "  - locations: ~/in\n    actions: [echo: '{missing}']\n  - locations: ~/in\n    actions: [move: ~/two/]",
        ),
        rules(
            "  - {locations: ~/in, actions: [write: {text: '{path.name}', outfile: ~/in/log.txt}]}\n  - {locations: ~/in, actions: [move: ~/out/]}",
        ),
        rules("  - {locations: [~/in, ~/out], actions: [move: ~/all/]}"),
        rules("  - {locations: [~/in, ~/out], actions: [move: ~/out/]}"),
        rules("  - {locations: [~/out, ~/in], actions: [move: ~/out/]}"),
        rules(
            "  - {locations: ~/in, actions: [move: ~/x/], enabled: false}\n  - {locations: ~/in, actions: [move: ~/y/]}",
        ),
        rules(
            "  - {actions: [write: {text: first, outfile: ~/log}]}\n  - {locations: ~/in, actions: [write: {text: '{path.name}', outfile: ~/log}]}\n  - {actions: [write: {text: last, outfile: ~/log}]}",
        ),
        rules(
            "  - {locations: ~/in, actions: [write: {text: '{path.name}', outfile: ~/log, clear_before_first_write: true}]}\n  - {locations: ~/in, actions: [write: {text: '{path.name}', outfile: ~/log, clear_before_first_write: true}]}",
        ),
    ]);
}

#[test]
fn standalone() {
    let tree = "in/a.txt; log=old";
    let rule = |text: &str| Case::new(tree, format!("rules:\n  - {text}"));
    check(vec![
        rule("actions: [echo: hello]"),
        rule("actions: echo"),
        rule("{locations:, actions: [echo: hello]}"),
        rule("{locations: [], actions: [echo: hello]}"),
        rule("{locations: [[]], actions: [echo: hello]}"),
        rule(
            "{name: X, actions: [write: {text: '{rule} {rule_nr} {path} {relative_path}', outfile: ~/log}]}",
        ),
        rule("actions: [shell: 'echo x > ~/made']"),
        rule("actions: [{shell: 'echo x'}, {echo: '{shell.output}'}]"),
        rule("actions: [{shell: 'exit 1'}, {echo: x}]"),
        rule("actions: [echo: '{path.name}']"),
        rule("actions: [echo: '{missing}']"),
        rule("actions: [move: ~/out/]"),
        rule("actions: [trash]"),
        rule("actions: [copy: x]"),
        rule("actions: [delete]"),
        rule("actions: [rename: x]"),
        rule("{filters: [extension], actions: [echo: x]}"),
        rule("{filters: [], actions: [echo: x]}"),
        rule("{targets: dirs, actions: [echo: x]}"),
        rule("{enabled: false, actions: [echo: x]}"),
    ]);
}

#[test]
fn tags() {
    let rules = "rules:\n\
        - {locations: ~/in, actions: [write: {text: none, outfile: ~/seen}]}\n\
        - {locations: ~/in, tags: [a], actions: [write: {text: a, outfile: ~/seen}]}\n\
        - {locations: ~/in, tags: [a, b], actions: [write: {text: a b, outfile: ~/seen}]}\n\
        - {locations: ~/in, tags: [always], actions: [write: {text: always, outfile: ~/seen}]}\n\
        - {locations: ~/in, tags: [never], actions: [write: {text: never, outfile: ~/seen}]}\n\
        - {locations: ~/in, tags: [always, never], actions: [write: {text: always never, outfile: ~/seen}]}\n\
        - {locations: ~/in, tags: [never, a], actions: [write: {text: never a, outfile: ~/seen}]}\n\
        - {locations: ~/in, tags: ['1', ' c'], actions: [write: {text: one, outfile: ~/seen}]}\n";
    let with = |args: &[&'static str]| Case::new("in/x", rules).args(args);
    check(vec![
        with(&[]),
        with(&["--tags", "a"]),
        with(&["--tags", "b"]),
        with(&["--tags", "a,b"]),
        with(&["--tags", "a, c"]),
        with(&["--tags", "none"]),
        with(&["--tags", "never"]),
        with(&["--tags", "never,a"]),
        with(&["--tags", "always"]),
        with(&["--tags", "1"]),
        with(&["--tags", "A"]),
        with(&["--tags="]),
        with(&["--skip-tags", "a"]),
        with(&["--skip-tags", "b"]),
        with(&["--skip-tags", "always"]),
        with(&["--skip-tags", "never"]),
        with(&["--skip-tags", "a,b,always"]),
        with(&["--tags", "a", "--skip-tags", "b"]),
        with(&["-T", "a", "-S", "a"]),
        with(&["-T", "never", "-S", "never"]),
        with(&["-Ta"]),
    ]);
}

#[test]
fn names_of_every_kind() {
    let tree = "in/blank and é.txt; in/-dash.txt; in/'quote'.txt; in/\"double\".txt; in/back\\slash.txt; in/{brace}.txt; \
                in/a&b.txt; in/#hash.txt; in/%41.txt; in/emoji 🎉.txt; in/tab\tname.txt; in/new\nline.txt; in/...; \
                in/a,b.txt; in/[x].txt; in/*.txt; in/?.txt; in/cafe\u{301}.txt; in/long_name_that_goes_on_and_on_and_on.txt";
    check(vec![
        Case::actions(tree, "move: ~/out/"),
        Case::actions(tree, "copy: '~/out/{path.name}'"),
        Case::actions(tree, "rename: 'x {path.name}'"),
        Case::actions(tree, "trash"),
        Case::actions(tree, "move: '~/out/{path.stem}/'"),
        Case::actions(tree, "write: {text: '{path.name}', outfile: ~/names}"),
    ]);
}

/// All of them, to be counted.
pub(crate) const ALL: &[fn()] = &[options, one_after_another, standalone, tags, names_of_every_kind];

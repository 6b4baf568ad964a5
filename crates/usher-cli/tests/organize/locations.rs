//! Locations: which files a rule sees, and in which order.

use crate::case::{Case, check, check_more};
use crate::deliberate::Deliberate::*;

const TREE: &str = "in/1.txt; in/2.pdf; in/a/3.txt; in/a/b/4.txt; in/a/b/c/5.txt; in/d.x/6.txt; in/e/7.pdf; \
                    in/.dot/8.txt; in/.git/9.txt; in/x/.svn/10.txt; in/link->1.txt; in/linked->a; other/11.txt; \
                    single.txt";

/// Says which files the location yields, in order.
fn see(tree: &str, locations: &[&str]) {
    let case = |location: &&str| {
        Case::new(
            tree,
            format!(
                "rules:\n  - locations: {location}\n    actions: [{{write: {{text: '{{path}}', outfile: ~/seen}}}}]"
            ),
        )
    };
    check(locations.iter().map(case).collect());
}

#[test]
fn depth() {
    see(
        TREE,
        &[
            "~/in",
            "[{path: ~/in, max_depth: 0}]",
            "[{path: ~/in, max_depth: 1}]",
            "[{path: ~/in, max_depth: 2}]",
            "[{path: ~/in, max_depth: null}]",
            "[{path: ~/in, max_depth: ~}]",
            "[{path: ~/in, max_depth: inherit}]",
            "[{path: ~/in, max_depth: '1'}]",
            "[{path: ~/in, max_depth: 1.0}]",
            "[{path: ~/in, max_depth: -1}]",
            "[{path: ~/in, max_depth: null, min_depth: 1}]",
            "[{path: ~/in, max_depth: null, min_depth: 2}]",
            "[{path: ~/in, max_depth: 2, min_depth: 2}]",
            "[{path: ~/in, min_depth: 1}]",
            "[{path: ~/in, min_depth: -1}]",
            "[{path: ~/in, max_depth: 1, min_depth: 5}]",
        ],
    );
    let deep = |location: &str| {
        let lines = format!(
            "locations: {location}\n    subfolders: true\n    actions: [{{write: {{text: '{{path}}', outfile: ~/seen}}}}]"
        );
        Case::new(TREE, format!("rules:\n  - {lines}"))
    };
    check(vec![
        deep("~/in"),
        deep("[~/in, ~/other]"),
        deep("[{path: ~/in, max_depth: 0}]"),
        deep("[{path: ~/in, max_depth: 1}]"),
        deep("[{path: ~/in, max_depth: inherit, min_depth: 1}]"),
        deep("[{path: ~/in, max_depth: 0}, ~/other]"),
    ]);
}

#[test]
fn what_is_left_out_and_let_in() {
    let deep = |options: &str| format!("[{{path: ~/in, max_depth: null, {options}}}]");
    let cases = [
        "exclude_files: '*.txt'",
        "exclude_files: ['1.*', '[34].txt']",
        "exclude_files: ['1.*', ['2.pdf', ['3.txt']]]",
        "exclude_files: '?.txt'",
        "exclude_files: '[!1]*'",
        "exclude_files: '*.TXT'",
        "exclude_files: a/3.txt",
        "exclude_files: []",
        "exclude_files:",
        "exclude_dirs: a",
        "exclude_dirs: [a, e]",
        "exclude_dirs: 'a/b'",
        "exclude_dirs: '?'",
        "exclude_dirs: '.*'",
        "exclude_dirs: A",
        "filter: ['*.txt']",
        "filter: ['*.txt', '*.pdf']",
        "filter: ['1*']",
        "filter: []",
        "filter: null",
        "filter_dirs: [a]",
        "filter_dirs: [a, b]",
        "filter_dirs: ['*']",
        "filter_dirs: []",
        "system_exclude_dirs: []",
        "system_exclude_dirs: [a]",
        "system_exclude_dirs: '.git'",
        "system_exclude_files: ['1.txt']",
        "system_exclude_files: []",
        "exclude_files: 1.txt, exclude_dirs: e, filter: ['*.txt'], filter_dirs: [a, b]",
    ];
    let cases: Vec<String> = cases.iter().map(|options| deep(options)).collect();
    see(TREE, &cases.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn folders_left_out() {
    let case = |options: &str| {
        let lines = "targets: dirs\n    actions: [{write: {text: '{path}', outfile: ~/seen}}]";
        Case::new(
            TREE,
            format!("rules:\n  - locations: [{{path: ~/in, max_depth: null{options}}}]\n    {lines}"),
        )
    };
    check(vec![
        case(""),
        case(", min_depth: 1"),
        case(", min_depth: 2"),
        case(", exclude_dirs: a"),
        case(", exclude_dirs: b"),
        case(", filter_dirs: [a]"),
        case(", filter_dirs: [a, b, c]"),
        case(", system_exclude_dirs: []"),
        case(", exclude_files: a"),
        case(", filter: [a]"),
    ]);
}

#[test]
fn paths() {
    see(
        TREE,
        &[
            "~/in/",
            "~/in/./a",
            "[~/in, ~/other]",
            "[[~/in], [[~/other]]]",
            "[~/in, ~/in]",
            "[{path: [~/in, ~/other]}]",
            "[{path: [[~/in], ~/other]}]",
            "{path: ~/in}",
            "~/nothing",
            "[~/nothing, ~/in]",
            "~/single.txt",
            "[{path: ~/single.txt, exclude_files: '*'}]",
            "[{path: ~/single.txt, min_depth: 1}]",
            "~/in/linked",
            "$HOME/in",
            "'{env.HOME}/in'",
            "'~/{% if true %}in{% endif %}'",
            "'{% if true %}~/in{% endif %}'",
            "~/in/a/b",
            "[]",
            "[{path: []}]",
        ],
    );
}

#[test]
fn places_seen_otherwise() {
    let see = |location: &str, why| {
        Case::new(TREE, format!("rules:\n  - locations: {location}\n    actions: [{{write: {{text: '{{path}}', outfile: ~/seen}}}}]"))
            .departs(why)
    };
    check(vec![
        see("in", PathsAreAbsolute),
        see("./in/", PathsAreAbsolute),
        see("~/in/../other", PathsAreAbsolute),
        see("'~/{missing}'", LocationsFailAlone),
        see("'~/{path}'", LocationsFailAlone),
        see("''", NothingIsNoPlace),
        see("[{path: ''}]", NothingIsNoPlace),
    ]);
    check(vec![
        Case::new("in/a; link->in/a", "rules: [{locations: ~/link, actions: [{move: ~/out/}]}]")
            .departs(LinksAreNoFiles),
    ]);
    check_more(vec![
        see("[{path: ~/in, filter: '*.txt'}]", MoreIsRead),
        see("[{path: ~/in, filter: [['1*']]}]", MoreIsRead),
        see("[{path: ~/in, max_depth: 1, filter_dirs: a}]", MoreIsRead),
    ]);
}

#[test]
fn order() {
    see(
        "in/10.txt; in/9.txt; in/1.txt; in/b.txt; in/A.txt; in/C.txt; in/a10; in/a9; in/a 1; in/a-1; in/a_1; in/ä; \
         in/z; in/é; in/(1); in/.x; in/_y; in/~z; in/a.b.c; in/a.b; in/1.10.2; in/1.9.1; in/x1.5; in/x1.45; in/ABC def; \
         in/abd; in/v2.tar.gz; in/v10.tar.gz; in/v1.zip; in/+1; in/-5; in/-10; in/#a; in/@b; in/{c}; in/1e3; in/999",
        &["~/in"],
    );
    see(
        "in/a\u{e9}.txt; in/ae\u{301} 2.txt; in/ae\u{301}.md; in/af; in/ad; in/e\u{301}; in/\u{e9}a",
        &["~/in"],
    );
    see(
        "in/b/1; in/a/2; in/10/3; in/9/4; in/z; in/a/c/5; in/a/b/6; in/a/7; in/0",
        &[
            "[{path: ~/in, max_depth: null}]",
            "[{path: ~/in, max_depth: null, ignore_errors: true}]",
            "[{path: ~/in, max_depth: null, search: breadth}]",
        ],
    );
}

#[test]
fn the_order_that_is_asked_for() {
    let tree = "in/a/b/1; in/a/2; in/3";
    let case = |search: &str| {
        Case::new(
            tree,
            format!(
                "rules:\n  - locations: [{{path: ~/in, max_depth: null, search: {search}}}]\n    actions: [{{copy: ~/out/x}}]"
            ),
        )
    };
    let numbered = |search: &str| {
        Case::new(
            tree,
            format!(
                "rules:\n  - locations: [{{path: ~/in, max_depth: null, search: {search}}}]\n    actions: [{{write: {{text: '{{path.name}}', outfile: ~/seen}}}}]"
            ),
        )
    };
    check(vec![
        case("breadth"),
        numbered("breadth"),
        numbered("depth").differs(SearchIsHeeded, "in/3; in/a/2; in/a/b/1; seen"),
    ]);
}

#[test]
fn links_are_not_followed() {
    let tree = "in/a->../other; in/b->../other/x; in/c->nowhere; in/d; other/x; whole->in";
    see(tree, &["~/in", "[{path: ~/in, max_depth: null}]", "~/whole", "[{path: ~/whole, max_depth: null}]"]);
    check(vec![
        Case::rule(tree, "targets: dirs\n    actions: [move: ~/out/]"),
        Case::new(tree, "rules: [{locations: ~/whole, actions: [{move: ~/out/}]}]"),
        Case::new(tree, "rules: [{locations: ~/in/a, actions: [{move: ~/out/}]}]"),
        Case::new(tree, "rules: [{locations: ~/in/c, actions: [{move: ~/out/}]}]"),
        Case::new(tree, "rules: [{locations: ~/in, actions: [{move: ~/in/a/}]}]"),
    ]);
}

#[test]
fn what_a_rule_makes_is_not_its_business() {
    let tree = "in/a.txt; in/b.txt; in/sub/c.txt";
    let rule = |lines: &str| Case::rule(tree, lines);
    check(vec![
        rule("subfolders: true\n    actions: [{copy: ~/in/zz/}]"),
        rule("subfolders: true\n    actions: [{move: ~/in/zz/}]"),
        rule("subfolders: true\n    actions: [{copy: '~/in/sub/new-{path.name}'}]"),
        rule("actions: [{rename: 'z{path.name}'}]"),
        rule("subfolders: true\n    actions: [{copy: ~/in/zz/}, {echo: '{missing}'}]"),
        rule("subfolders: true\n    actions: [{copy: ~/in/zz/}, {rename: 'z{path.name}'}]"),
        rule("subfolders: true\n    actions: [{move: ~/in/zz/}, {shell: 'true'}]"),
        rule("subfolders: true\n    targets: dirs\n    actions: [{copy: ~/in/zz/}]"),
        rule("subfolders: true\n    actions: [{write: {text: x, outfile: ~/in/zz/log.txt}}]"),
    ]);
    // organize's set of what it made holds absolute paths, so a relative location sees its own outputs again.
    let relative = |actions: &str| {
        let text = format!("rules:\n  - locations: in\n    subfolders: true\n    actions: [{actions}]");
        Case::new("in/a.txt; in/b.txt; in/zz/", text)
    };
    check(vec![
        relative("{rename: 'z{path.name}'}"),
        relative("{copy: in/zz/}, {echo: made}")
            .differs(OutputsAreKnown, "in/a.txt; in/b.txt; in/zz/a.txt; in/zz/b.txt"),
        relative("{move: in/zz/}, {rename: 'x{path.name}'}").departs(OutputsAreKnown),
    ]);
}

#[test]
fn what_is_still_being_downloaded_stays() {
    let tree = "in/film.mkv; in/film.mkv.part; in/other.mkv; in/alone.part";
    check(vec![
        Case::rule(tree, "filters: [extension: mkv]\n    actions: [{move: ~/out/}]")
            .differs(UnfinishedStays, "in/alone.part; in/film.mkv; in/film.mkv.part; out/other.mkv"),
        Case::rule(tree, "filters: [extension: part]\n    actions: [{move: ~/out/}]"),
    ]);
}

#[test]
fn empty_folders_go_in_one_run() {
    // organize removes the innermost one only, and takes another run for each level.
    check(vec![
        Case::rule(
            "in/a/b/c/; in/keep/file; in/d/",
            "targets: dirs\n    subfolders: true\n    filters: [empty]\n    actions: [delete]",
        )
        .differs(FoldersFromTheInside, "in/keep/file"),
        Case::rule(
            "in/a/b/c/; in/keep/file; in/d/",
            "targets: dirs\n    subfolders: true\n    filters: [empty]\n    actions: [trash]",
        )
        .differs(FoldersFromTheInside, "in/keep/file; trash:in/a; trash:in/a/b; trash:in/a/b/c; trash:in/d"),
        Case::rule("in/a/b/; in/keep/file", "targets: dirs\n    filters: [empty]\n    actions: [delete]"),
        Case::rule(
            "in/a/b/; in/keep/file",
            "targets: dirs\n    subfolders: true\n    filters: [empty]\n    actions: [echo: '{path}']",
        ),
    ]);
}

/// All of them, to be counted.
pub(crate) const ALL: &[fn()] = &[
    depth,
    what_is_left_out_and_let_in,
    folders_left_out,
    paths,
    places_seen_otherwise,
    order,
    the_order_that_is_asked_for,
    links_are_not_followed,
    what_a_rule_makes_is_not_its_business,
    what_is_still_being_downloaded_stays,
    empty_folders_go_in_one_run,
];

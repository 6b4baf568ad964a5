//! What is there already: every mode of every action that can meet something.

use crate::case::{Case, check};
use crate::deliberate::Deliberate::*;

const MODES: [&str; 6] = ["skip", "overwrite", "trash", "rename_new", "rename_existing", "deduplicate"];

fn modes(tree: &str, actions: &[&str]) {
    let all = actions
        .iter()
        .flat_map(|action| MODES.map(|mode| Case::actions(tree, &action.replace("MODE", mode))));
    check(all.collect());
}

#[test]
fn something_else_is_there() {
    let tree =
        "in/a.txt=newer; in/b.tar.gz=newer; in/none=newer; out/a.txt=old; out/b.tar.gz=old; out/none=old";
    modes(
        tree,
        &[
            "move: {dest: ~/out/, on_conflict: MODE}",
            "copy: {dest: ~/out/, on_conflict: MODE}",
            "copy: {dest: ~/out/, on_conflict: MODE, continue_with: original}",
            "- move: {dest: ~/out/, on_conflict: MODE}\n- rename: 'then {path.name}'",
            "- copy: {dest: ~/out/, on_conflict: MODE}\n- rename: 'then {path.name}'",
            "- move: {dest: ~/out/, on_conflict: MODE}\n- trash",
            "move: {dest: ~/out/one.txt, on_conflict: MODE}",
            "copy: {dest: ~/out/one.txt, on_conflict: MODE}",
        ],
    );
}

#[test]
fn renaming_onto_something() {
    let tree = "in/a.txt=a; in/b.txt=bb; in/c.txt=ccc; in/z.txt=zzzz";
    modes(
        tree,
        &[
            "rename: {new_name: z.txt, on_conflict: MODE}",
            "rename: {new_name: 'one{path.suffix}', on_conflict: MODE}",
            "rename: {new_name: '{path.name}', on_conflict: MODE}",
        ],
    );
}

#[test]
fn another_name_of_the_file_is_there() {
    let tree = "in/a.txt=same; out/a.txt=>in/a.txt; out/b.txt=>in/a.txt; in/b.txt=another";
    let actions = [
        "move: {dest: ~/out/, on_conflict: MODE}",
        "copy: {dest: ~/out/, on_conflict: MODE}",
        "- copy: {dest: ~/out/, on_conflict: MODE}\n- rename: 'then {path.name}'",
    ];
    // A name that is not free while the vault keeps it.
    let cases = actions.iter().flat_map(|action| {
        MODES.map(|mode| Case::actions(tree, &action.replace("MODE", mode)).names_aside(mode == "overwrite"))
    });
    let beside = "in/a.txt=same; in/b.txt=>in/a.txt";
    let renamed = MODES.map(|mode| {
        let rule =
            format!("filters: [name: a]\n    actions: [rename: {{new_name: b.txt, on_conflict: {mode}}}]");
        Case::rule(beside, &rule).names_aside(mode == "overwrite")
    });
    check(cases.chain(renamed).collect());
}

#[test]
fn the_same_is_there() {
    // As old and as large, and with the same bytes.
    modes(
        "in/a.txt=same; out/a.txt=same",
        &["move: {dest: ~/out/, on_conflict: MODE}", "copy: {dest: ~/out/, on_conflict: MODE}"],
    );
    // The same bytes at another time.
    let other = "in/a.txt@1000000000=same; out/a.txt=same";
    check(vec![
        Case::actions(other, "move: {dest: ~/out/, on_conflict: deduplicate}"),
        Case::actions(other, "copy: {dest: ~/out/, on_conflict: deduplicate}"),
        // organize takes two files of one size and time for duplicates without reading them.
        Case::actions("in/a.txt=this; out/a.txt=that", "move: {dest: ~/out/, on_conflict: deduplicate}")
            .differs(DuplicatesByContent, "in/; out/a 2.txt; out/a.txt"),
        Case::actions("in/a.txt=this; out/a.txt=that", "copy: {dest: ~/out/, on_conflict: deduplicate}")
            .differs(DuplicatesByContent, "in/a.txt; out/a 2.txt; out/a.txt"),
    ]);
}

#[test]
fn names_that_are_taken_too() {
    let tree = "in/a.txt; out/a.txt; out/a 2.txt; out/a 3.txt; in/x.tar.gz; out/x.tar.gz; in/.h; out/.h; in/n; out/n";
    let templates = [
        "{name} {counter}{extension}",
        "{name}-{counter}{extension}",
        "{counter}{extension}",
        "{name} {'%02d' % counter}{extension}",
        "{name}{extension}.{counter}",
        "{name}_{counter|string|length}{extension}",
        "{name}{extension}",
        "{name} copy{extension}",
        "same",
        "sub/{name} {counter}{extension}",
        "{name} {missing}",
        "{name} {path.name} {counter}",
        "{name}{counter}",
        "{now().year}-{name} {counter}{extension}",
        "$HOME{counter}{extension}",
        "~{counter}{extension}",
    ];
    let case = |mode: &str, template: &str| {
        let template = template.replace('\'', "''");
        Case::actions(
            tree,
            &format!("move: {{dest: ~/out/, on_conflict: {mode}, rename_template: '{template}'}}"),
        )
    };
    check(
        templates.iter().flat_map(|text| [case("rename_new", text), case("rename_existing", text)]).collect(),
    );
}

#[test]
fn several_files_to_one_name() {
    let tree = "in/a/x.txt=a; in/b/x.txt=bb; in/c/x.txt=ccc";
    let cases = MODES.iter().flat_map(|mode| {
        ["move", "copy"].map(|action| {
            Case::rule(
                tree,
                &format!("subfolders: true\n    actions: [{action}: {{dest: ~/out/, on_conflict: {mode}}}]"),
            )
        })
    });
    check(cases.collect());
}

#[test]
fn folders_meet_folders() {
    let tree = "in/a/new.txt; in/b/new.txt; out/a/old.txt; out/b=file";
    let cases = MODES.iter().filter(|mode| **mode != "deduplicate").flat_map(|mode| {
        ["move", "copy"].map(|action| {
            Case::rule(
                tree,
                &format!("targets: dirs\n    actions: [{action}: {{dest: ~/out/, on_conflict: {mode}}}]"),
            )
        })
    });
    check(cases.collect());
}

#[test]
fn files_meet_folders() {
    let tree = "in/a=file; in/b.txt=file; out/a/old.txt; out/b.txt/old.txt";
    modes(
        tree,
        &["move: {dest: ~/out/, on_conflict: MODE}", "copy: {dest: '~/out/{path.name}', on_conflict: MODE}"],
    );
}

#[test]
fn links_are_there() {
    let tree = "in/a.txt=newer; out/a.txt->../elsewhere.txt; elsewhere.txt=old";
    modes(tree, &["move: {dest: ~/out/, on_conflict: MODE}", "copy: {dest: ~/out/, on_conflict: MODE}"]);
}

#[test]
fn case_of_letters() {
    let tree = "in/a.txt=new; in/B.TXT; out/A.txt=old";
    check(vec![
        Case::actions(tree, "move: ~/out/"),
        Case::actions(tree, "rename: '{path.name.upper()}'"),
        Case::actions(tree, "rename: '{path.name|lower}'"),
    ]);
}

/// All of them, to be counted.
pub(crate) const ALL: &[fn()] = &[
    something_else_is_there,
    renaming_onto_something,
    another_name_of_the_file_is_there,
    the_same_is_there,
    names_that_are_taken_too,
    several_files_to_one_name,
    folders_meet_folders,
    files_meet_folders,
    links_are_there,
    case_of_letters,
];

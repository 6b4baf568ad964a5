//! Actions that have been there from the start, one after another on the same file.

use crate::case::{Case, check};
use crate::deliberate::Deliberate::*;

const TREE: &str =
    "in/a.txt; in/b.pdf; in/c d.txt; in/none; in/.hidden; in/e.tar.gz; in/sub/f.txt; out/there.txt";

/// Each list of actions over one tree.
fn lists(tree: &str, lists: &[&str]) {
    check(lists.iter().map(|actions| Case::actions(tree, actions)).collect());
}

#[test]
fn moving() {
    lists(
        TREE,
        &[
            "move: ~/out/",
            "move: ~/out",
            "move: ~/new/deep/er/",
            "move: ~/new",
            "move: {dest: ~/new, autodetect_folder: false}",
            "move: {dest: ~/new, autodetect_folder: no, on_conflict: overwrite}",
            "move: ~/new.d",
            "move: ~/new.d/",
            "move: ~/new/{path.name}",
            "move: ~/new/{path.stem}",
            "move: ~/new/{path.stem}/",
            "move: ~/new/{path.suffix}/",
            "move: ~/new/x.txt",
            "move: new/",
            "move: ./new/",
            "move: ../home/new/",
            "move: ~/in/",
            "move: '{path.parent}/'",
            "move: ~/out/{relative_path}",
            "move: ~/out/there.txt",
            "move: ~/out/there.txt/",
            "move: ~/out/there.txt/deeper/",
            "move: ~/new/.",
            "move: ~/new/./x/../y/",
            "move: ~/new//x//",
            "move: $HOME/new/",
            "move: '{env.HOME}/new/'",
            "move: {dest: ~/new/}",
            "move: ~/in/renamed.txt",
            "move: 'back\\slash\\'",
            "move: '~/new/ '",
            "move: '{path}'",
            "move: '{path}.bak'",
            "Move: ~/new/",
            "move: 2024",
            "move: 1.5",
            "- move: ~/one/\n- move: ~/two/",
            "- move: ~/one/\n- rename: '{path.stem}_x{path.suffix}'\n- move: ~/two/",
        ],
    );
}

#[test]
fn moving_deep_files() {
    let case = |actions: &str| Case::rule(TREE, &format!("subfolders: true\n    actions: [{actions}]"));
    check(vec![
        case("move: ~/out/"),
        case("move: '~/out/{relative_path}'"),
        case("move: '~/out/{relative_path.parent}/'"),
        case("move: ~/in/"),
        case("move: ~/in/sub/"),
        case("move: '~/in/{path.stem}/'"),
        case("move: '~/in/zz/'"),
        case("{rename: 'x{path.name}'}"),
        case("copy: ~/in/zz/"),
        case("copy: ~/in/aa/"),
        case("copy: ~/in/sub/"),
    ]);
}

#[test]
fn copying() {
    lists(
        TREE,
        &[
            "copy: ~/out/",
            "copy: ~/new",
            "copy: {dest: ~/new/, continue_with: original}",
            "copy: {dest: ~/new/, continue_with: copy}",
            "copy: ~/in/",
            "copy: ~/in/copy.txt",
            "copy: ~/in/x{path.name}",
            "copy: '{path}'",
            "copy: ~/new/{path.stem}/",
            "- copy: ~/one/\n- copy: ~/two/",
            "- copy: ~/one/\n- rename: y{path.suffix}",
            "- copy: {dest: ~/one/, continue_with: original}\n- move: ~/two/",
            "- copy: ~/one/\n- delete",
            "- copy: ~/one/\n- trash",
            "- copy: {dest: ~/one/, continue_with: original}\n- delete",
            "- copy: {dest: ~/one/, on_conflict: skip}\n- copy: {dest: ~/one/, on_conflict: skip}",
        ],
    );
}

#[test]
fn renaming() {
    lists(
        TREE,
        &[
            "rename: x.txt",
            "rename: 'new_{path.name}'",
            "rename: '{path.stem}'",
            "rename: '{path.stem.upper()}{path.suffix}'",
            "rename: '{path.name}'",
            "rename: 'a/b'",
            "rename: 'a\\b'",
            "rename: '.'",
            "rename: '~'",
            "rename: '~/x'",
            "rename: '$HOME'",
            "rename: '$UNKNOWN{path.suffix}'",
            "rename: {new_name: y.txt, on_conflict: overwrite}",
            "rename: {new_name: y.txt, on_conflict: skip}",
            "rename: {new_name: y.txt, on_conflict: trash}",
            "rename: {new_name: y.txt, on_conflict: rename_existing}",
            "rename: {new_name: y.txt, rename_template: '{counter}-{name}{extension}'}",
            "rename: 7",
            "rename: sub",
            "rename: {new_name: sub, on_conflict: skip}",
            "- rename: '1{path.name}'\n- rename: '2{path.name}'",
            "rename: ' {path.name} '",
            "rename: '{path.name}\n'",
        ],
    );
}

#[test]
fn throwing_away() {
    lists(
        TREE,
        &[
            "trash",
            "delete",
            "trash:",
            "delete:",
            "- trash\n- echo: '{path}'",
            "- delete\n- echo: '{path} {relative_path}'",
            "- delete\n- echo: '{path.name}'",
            "- trash\n- move: ~/out/",
            "- delete\n- move: ~/out/",
            "- trash\n- trash",
            "- delete\n- delete",
            "trash: {}",
            "delete: {}",
        ],
    );
    check(vec![
        Case::rule(TREE, "targets: dirs\n    actions: trash"),
        Case::rule(TREE, "targets: dirs\n    actions: delete"),
        Case::rule(TREE, "actions: trash"),
        Case::rule("in/a; in/sub/a; in/x y%20; in/é", "subfolders: true\n    actions: trash"),
    ]);
}

#[test]
fn echoing() {
    lists(
        TREE,
        &[
            "echo: hello",
            "echo: '{path}'",
            "echo: {msg: '{path.name}'}",
            "echo",
            "echo:",
            "echo: ''",
            "echo: '~ $HOME {env.HOME}'",
            "echo: '{nothing}'",
            "echo: \"two\\nlines\"",
            "- echo: one\n- echo: two",
            "- echo: '{nothing}'\n- echo: two",
        ],
    );
}

#[test]
fn writing() {
    lists(
        TREE,
        &[
            "write: {text: '{path.name}', outfile: ~/log.txt}",
            "write: {text: '{path.name}', outfile: ~/log.txt, mode: append}",
            "write: {text: '{path.name}', outfile: ~/log.txt, mode: prepend}",
            "write: {text: '{path.name}', outfile: ~/log.txt, mode: overwrite}",
            "write: {text: '{path.name}', outfile: ~/log.txt, newline: false}",
            "write: {text: '{path.name}', outfile: ~/log.txt, mode: prepend, newline: no}",
            "write: {text: x, outfile: ~/out/there.txt}",
            "write: {text: x, outfile: ~/out/there.txt, mode: prepend}",
            "write: {text: x, outfile: ~/out/there.txt, mode: overwrite}",
            "write: {text: x, outfile: ~/out/there.txt, clear_before_first_write: true}",
            "write: {text: x, outfile: ~/out/there.txt, clear_before_first_write: true, mode: prepend}",
            "write: {text: x, outfile: ~/new/deep/log}",
            "write: {text: x, outfile: '~/new/{path.stem}.log'}",
            "write: {text: x, outfile: ~/out}",
            "write: {text: x, outfile: ~/out/}",
            "write: {text: x, outfile: ~/out/there.txt/log}",
            "write: {text: x, outfile: log.txt}",
            "write: {text: x, outfile: '{path}'}",
            "write: {text: x, outfile: '{path}', mode: prepend}",
            "write: {text: 'é{path.name}', outfile: ~/log.txt, encoding: latin-1}",
            "write: {text: 'é{path.name}', outfile: ~/log.txt, encoding: iso-8859-1}",
            "write: {text: 'é', outfile: ~/log.txt, encoding: UTF-8}",
            "write: {text: 'é{path.name}', outfile: ~/log.txt, encoding: utf-8-sig}",
            "write: {text: 'é{path.name}', outfile: ~/log.txt, encoding: utf-8-sig, mode: prepend}",
            "write: {text: 'é{path.name}😀', outfile: ~/log.txt, encoding: utf-16}",
            "write: {text: 'é{path.name}😀', outfile: ~/log.txt, encoding: UTF_16, mode: prepend}",
            "write: {text: 'é{path.name}', outfile: ~/log.txt, encoding: utf-16, mode: overwrite}",
            "write: {text: 'é{path.name}', outfile: ~/log.txt, encoding: utf-16-le}",
            "write: {text: 'é{path.name}', outfile: ~/log.txt, encoding: utf-16-be, mode: prepend}",
            "write: {text: 'é{path.name}', outfile: ~/log.txt, encoding: utf-32}",
            "write: {text: 'é{path.name}', outfile: ~/log.txt, encoding: utf-32-be}",
            "write: {text: '€{path.name}', outfile: ~/log.txt, encoding: cp1252}",
            "write: {text: '€{path.name}', outfile: ~/log.txt, encoding: windows-1252}",
            "write: {text: '€{path.name}', outfile: ~/log.txt, encoding: iso8859-15, mode: prepend}",
            "write: {text: 'Ж{path.name}', outfile: ~/log.txt, encoding: koi8_r}",
            "write: {text: 'Ж{path.name}', outfile: ~/log.txt, encoding: cp1251}",
            "write: {text: 'Ж{path.name}', outfile: ~/log.txt, encoding: cp866}",
            "write: {text: 'é{path.name}', outfile: ~/log.txt, encoding: mac-roman}",
            "write: {text: 'あ{path.name}', outfile: ~/log.txt, encoding: cp932}",
            "write: {text: 'あ{path.name}', outfile: ~/log.txt, encoding: euc_jp}",
            "write: {text: '中{path.name}', outfile: ~/log.txt, encoding: gb18030}",
            "write: {text: '', outfile: ~/log.txt}",
            "write: {text: '', outfile: ~/log.txt, newline: false}",
            "write: {text: \"a\\nb\\n\", outfile: ~/log.txt}",
            "write: {text: \"a\\r\\nb\", outfile: ~/log.txt}",
            "write: {text: 5, outfile: 6}",
            "- write: {text: one, outfile: ~/log.txt, clear_before_first_write: true}\n\
             - write: {text: two, outfile: ~/log.txt, clear_before_first_write: true}",
            "- write: {text: one, outfile: ~/log.txt}\n- write: {text: two, outfile: ~/log.txt, mode: prepend}",
            "- move: ~/new/\n- write: {text: '{path}', outfile: '{path}'}",
            "- write: {text: |\n    a\n      b\n  , outfile: ~/log.txt}",
            "- write:\n    text: |\n      a\n        b {path.name}\n    outfile: ~/log.txt",
            "- write:\n    text: >-\n      a\n      b {path.name}\n    outfile: ~/log.txt",
            "write: {text: '$HOME ~ $NOTHING', outfile: ~/log.txt}",
            "write: {text: '~/x', outfile: ~/log.txt}",
        ],
    );
}

#[test]
fn writing_keeps_what_else_there_is_about_a_file() {
    use crate::deliberate::Deliberate::WrittenAnew;

    let trees = [
        "in/a.txt; in/b.txt; log.txt#600=old",
        "in/a.txt; in/b.txt; log.txt#755=old",
        "in/a.txt; in/b.txt; kept/real.txt#640=old; log.txt->kept/real.txt",
        "in/a.txt; in/b.txt; kept/real.txt=old; kept/second->real.txt; log.txt->kept/second",
        "in/a.txt; in/b.txt; log.txt->new/deep/real.txt",
        "in/a.txt; in/b.txt; far/real.txt=old; far/away/log.txt->../real.txt; near->far/away; log.txt->near/log.txt",
        "in/a.txt; in/b.txt; log.txt->in",
        "in/a.txt; in/b.txt; log.txt->log.txt",
    ];
    let modes = ["mode: append", "mode: prepend", "mode: overwrite", "clear_before_first_write: true"];
    let write = |tree: &str, mode: &str| {
        Case::actions(tree, &format!("write: {{text: '{{path.name}}', outfile: ~/log.txt, {mode}}}"))
    };
    let mut cases: Vec<Case> =
        trees.iter().flat_map(|tree| modes.iter().map(|mode| write(tree, mode))).collect();
    let named = "in/a.txt; log.txt=old; other.txt=>log.txt";
    cases.push(write(named, modes[0]));
    cases.extend(modes[1..].iter().map(|mode| write(named, mode).departs(WrittenAnew)));
    check(cases);
}

#[test]
fn links_in_folders() {
    let copy = |tree: &str| Case::rule(tree, "targets: dirs\n    actions: [copy: ~/new/]");
    let inside = "in/a/x.txt; in/a/link->x.txt; in/a/deep/up->../x.txt";
    check(vec![
        copy(inside).differs(
            LinksAreCopied,
            "in/a/deep/up; in/a/link; in/a/x.txt; new/a/deep/up; new/a/link; new/a/x.txt",
        ),
        copy("e=x; in/a/out->../../e").differs(LinksAreCopied, "e; in/a/out; new/a/out"),
        copy("in/a/gone->nowhere").differs(LinksAreCopied, "in/a/gone; new/a/gone"),
        copy("in/a/dir->../b; in/b/x").differs(LinksAreCopied, "in/a/dir; in/b/x; new/a/dir; new/b/x"),
        Case::rule(inside, "targets: dirs\n    actions: [move: ~/new/]"),
    ]);
}

#[test]
fn folders_keep_their_times_and_permissions() {
    let tree = "in/a/x.txt; in/a/deep#700/; in/open#777/; in/pipes#750/; in/pipes/x#400=y";
    for action in ["copy", "move"] {
        check(vec![Case::rule(tree, &format!("targets: dirs\n    actions: [{action}: ~/new/]"))]);
    }
}

#[test]
fn shell_commands() {
    lists(
        "in/a.txt; in/b c.txt; in/sub/d",
        &[
            "shell: 'echo hello > said.txt'",
            "shell: 'touch ~/seen'",
            "shell: 'echo \"{path}\" >> ~/seen'",
            "shell: 'cat \"{path}\" >> ~/seen'",
            "- shell: 'echo out; echo err >&2'\n- write: {text: '<{shell.output}> {shell.returncode}', outfile: ~/seen}",
            "- shell: 'exit 3'\n- write: {text: x, outfile: ~/seen}",
            "- shell: {cmd: 'echo no; exit 3', ignore_errors: true}\n\
             - write: {text: '{shell.returncode} {shell.output}', outfile: ~/seen}",
            "- shell: 'rm \"{path}\"'\n- echo: '{path}'",
            "- shell: 'basename \"{path}\" .txt'\n- rename: '{shell.output.strip()}.md'",
            "- shell: 'pwd >> ~/seen'",
            "- shell: \"printf 'a\\nb' >> ~/seen\"",
            "- shell: 'echo $HOME ~ $((1+2)) >> ~/seen'",
            "- shell:\n    cmd: |\n      echo one >> ~/seen\n      echo two >> ~/seen",
            "- shell: {cmd: 'echo x >> ~/seen', run_in_simulation: true, simulation_output: y, simulation_returncode: 5}",
            "- shell: 'command-that-is-not-there'\n- echo: x",
            "- shell: 'cat'\n- echo: x",
            "- shell: 'wc -c < \"{path}\" | tr -d \" \"'\n- echo: '{shell.output|trim} bytes'",
        ],
    );
}

#[test]
fn values_in_commands_are_single_words() {
    let case =
        |tree: &str| Case::actions(tree, "shell: 'echo {path.stem} >> ~/seen'").departs(ValuesAreQuoted);
    check(["in/a  b.txt", "in/$HOME.txt", "in/a&&echo b.txt", "in/$(echo x).txt"].map(case).to_vec());
}

#[test]
fn values_do_not_lead_out_of_a_folder() {
    let case = |dest: &str| {
        let lines = format!("filters: [regex: '(?P<up>\\.\\.)']\n    actions: [move: '{dest}']");
        Case::rule("in/a..b", &lines).differs(ValuesStayInside, "in/a..b")
    };
    check(vec![case("~/out/{regex.up}/"), case("~/out/x/{regex.up}/{path.name}")]);
}

#[test]
fn commands_are_for_sh_whatever_shell_their_user_has() {
    let case = |command: &str| Case::actions("in/a.txt", &format!("shell: '{command} > ~/seen 2>&1'"));
    let commands = ["echo {a,b}", "echo -e x", "echo ${BASH_VERSION:-none}", "[[ a = a ]]; echo $?"];
    let commands = commands.map(|command| format!("{{% raw %}}{command}{{% endraw %}}"));
    check(commands.iter().map(|command| case(command).env("SHELL", "/bin/bash")).collect());
}

#[test]
fn what_stops_and_what_goes_on() {
    lists(
        TREE,
        &[
            "- echo: '{missing}'\n- move: ~/out/",
            "- move: ~/out/there.txt/\n- trash",
            "- rename: a/b\n- trash",
            "- move: {dest: ~/out/there.txt, on_conflict: skip}\n- trash",
            "- copy: {dest: ~/out/there.txt, on_conflict: skip}\n- rename: 'x{path.name}'",
            "- move: ~/in/\n- rename: 'x{path.name}'",
            "- rename: '{path.name}'\n- move: ~/new/",
        ],
    );
}

#[test]
fn folders_into_themselves() {
    let tree = "in/a/x.txt; in/b/y.txt";
    let rule = |actions: &str| Case::rule(tree, &format!("targets: dirs\n    actions: [{actions}]"));
    check(vec![
        rule("move: ~/in/a/"),
        rule("move: ~/in/a/new/"),
        Case::rule("in/a/x.txt", "targets: dirs\n    actions: [move: ~/in/a/new/]")
            .differs(FailuresLeaveNothing, "in/a/x.txt"),
        rule("copy: ~/in/a/").differs(FoldersStayOutside, "in/a/b/y.txt; in/a/x.txt; in/b/y.txt"),
        rule("copy: ~/in/a/new/").differs(FoldersStayOutside, "in/a/new/b/y.txt; in/a/x.txt; in/b/y.txt"),
    ]);
}

#[test]
fn folders() {
    let tree = "in/a/x.txt; in/a/deep/y.txt; in/b.c/z; in/hollow/; in/file.txt; out/a/other.txt; out/file";
    let case = |actions: &str| Case::rule(tree, &format!("targets: dirs\n    actions: [{actions}]"));
    let deep = |actions: &str| {
        Case::rule(tree, &format!("targets: dirs\n    subfolders: true\n    actions: [{actions}]"))
    };
    check(vec![
        case("move: ~/out/"),
        case("move: ~/new/"),
        case("move: ~/out"),
        case("move: '~/new/{path.stem}-{path.suffix}'"),
        case("move: {dest: ~/out/, on_conflict: skip}"),
        case("move: {dest: ~/out/, on_conflict: overwrite}"),
        case("move: {dest: ~/out/, on_conflict: trash}"),
        case("move: {dest: ~/out/, on_conflict: rename_existing}"),
        case("copy: ~/out/"),
        case("copy: {dest: ~/out/, on_conflict: overwrite}"),
        case("copy: ~/new/"),
        case("rename: 'x{path.name}'"),
        case("rename: same"),
        case("rename: file.txt"),
        case("{rename: {new_name: file.txt, on_conflict: trash}}"),
        case("echo: '{path.name} {relative_path}'"),
        case("move: ~/in/a/"),
        deep("rename: 'x{path.name}'"),
        deep("move: ~/out/"),
        deep("copy: ~/new/"),
        deep("echo: '{relative_path}'"),
        deep("delete"),
        Case::rule(
            tree,
            "targets: dirs\n    filters: [name: b, size]\n    actions: [echo: '{name} {size.bytes}']",
        ),
        Case::rule(tree, "targets: dirs\n    filters: [size: '> 10']\n    actions: [move: ~/out/]"),
        Case::rule(tree, "targets: dirs\n    filters: [regex: '^[ab]']\n    actions: [move: ~/new/]"),
        Case::rule(
            tree,
            "targets: dirs\n    filters: [lastmodified: {days: 1, mode: newer}]\n    actions: [move: ~/new/]",
        ),
        Case::rule(tree, "targets: files\n    subfolders: true\n    actions: [move: ~/new/]"),
    ]);
}

#[test]
fn times_and_permissions_stay() {
    let tree = "in/a@1000000000; in/sub/b@1000000001";
    check(vec![
        Case::actions(tree, "- shell: 'chmod 640 \"{path}\"'\n- move: ~/out/"),
        Case::actions(tree, "- shell: 'chmod 751 \"{path}\"'\n- copy: ~/out/"),
        Case::rule(
            tree,
            "targets: dirs\n    actions:\n      - shell: 'chmod 750 \"{path}\"'\n      - copy: ~/out/",
        ),
        Case::rule(tree, "targets: dirs\n    actions: [copy: ~/out/]"),
        Case::actions(tree, "rename: z"),
    ]);
}

#[test]
fn what_cannot_be_done_leaves_nothing_behind() {
    check(vec![
        Case::actions("in/a.txt", "- shell: 'rm \"{path}\"'\n- move: ~/out/")
            .differs(FailuresLeaveNothing, "in/"),
        Case::actions("in/a.txt", "write: {text: é, outfile: ~/log.txt, encoding: ascii}")
            .differs(FailuresLeaveNothing, "in/a.txt"),
        Case::actions("in/a.txt", "- delete\n- write: {text: é, outfile: ~/log.txt, encoding: ascii}")
            .differs(FailuresLeaveNothing, "in/"),
    ]);
}

#[test]
fn nothing_is_no_place() {
    check(vec![
        Case::actions("in/a.txt", "move: ''").differs(NothingIsNoPlace, "in/a.txt"),
        Case::actions("in/a.txt", "rename: ''").differs(NothingIsNoPlace, "in/a.txt"),
        Case::actions("in/a.txt", "copy: '{path.suffix[9:]}'").differs(NothingIsNoPlace, "in/a.txt"),
        Case::actions("in/a.txt", "rename: '..'").differs(NothingIsNoPlace, "in/a.txt"),
    ]);
}

#[test]
fn a_command_before_a_file_that_is_cleared_once() {
    let clear = "write: {text: '{path.name}', outfile: ~/log, clear_before_first_write: true}";
    check(vec![
        Case::actions("in/a; in/b; in/c; log=old", &format!("- shell: 'true'\n- {clear}")),
        Case::actions("in/a; in/b; in/c; log=old", &format!("- {clear}\n- shell: 'true'\n- {clear}")),
    ]);
}

/// All of them, to be counted.
pub(crate) const ALL: &[fn()] = &[
    links_in_folders,
    folders_keep_their_times_and_permissions,
    moving,
    moving_deep_files,
    copying,
    renaming,
    throwing_away,
    echoing,
    writing,
    writing_keeps_what_else_there_is_about_a_file,
    shell_commands,
    what_stops_and_what_goes_on,
    folders_into_themselves,
    folders,
    times_and_permissions_stay,
    what_cannot_be_done_leaves_nothing_behind,
    nothing_is_no_place,
    a_command_before_a_file_that_is_cleared_once,
    values_in_commands_are_single_words,
    values_do_not_lead_out_of_a_folder,
    commands_are_for_sh_whatever_shell_their_user_has,
];

//! Filters and actions that came after the others.

use crate::case::{Case, check, said};
use crate::deliberate::Deliberate::*;

fn filters_over(tree: &str, lists: &[&str]) -> Vec<Case> {
    lists.iter().map(|filters| Case::filters(tree, filters)).collect()
}

/// Rules with these lines in place of `~/in` alone.
fn rules(tree: &str, lines: &[&str]) -> Vec<Case> {
    lines
        .iter()
        .map(|lines| Case::new(tree, format!("rules:\n  - {}", lines.replace('\n', "\n    "))))
        .collect()
}

#[test]
fn duplicate() {
    let tree = "in/a.txt@1000000003=same; in/b.txt@1000000001=same; in/c.txt@1000000002=same; in/d.txt=else; in/e.txt=diff; \
                in/sub/a.txt@1000000000=same; in/empty=; in/void=; in/big*5000; in/large*5000; other/z.txt=same";
    let mut cases = filters_over(
        tree,
        &[
            "duplicate",
            "duplicate:",
            "duplicate: {detect_original_by: first_seen}",
            "duplicate: {detect_original_by: last_seen}",
            "duplicate: {detect_original_by: name}",
            "duplicate: {detect_original_by: -name}",
            "duplicate: {detect_original_by: lastmodified}",
            "duplicate: {detect_original_by: -lastmodified}",
            "duplicate: {detect_original_by: -first_seen}",
            "duplicate: {detect_original_by: -last_seen}",
            "duplicate: {hash_algorithm: md5}",
            "duplicate: name",
            "duplicate: {detect_original_by: size}",
            "duplicate: {unknown: 1}",
            "extension: txt, duplicate",
            "duplicate, extension: txt",
        ],
    );
    cases.extend(said(
        tree,
        &[
            ("duplicate", "{duplicate.original}"),
            ("duplicate: {detect_original_by: -name}", "{duplicate.original.name}"),
            ("duplicate: {detect_original_by: lastmodified}", "{path.name} of {duplicate.original.name}"),
            ("extension, duplicate: {detect_original_by: -name}", "{extension} {duplicate.original.name}"),
        ],
    ));
    cases.extend(rules(
        tree,
        &[
            "{locations: ~/in, subfolders: true, filters: [duplicate], actions: [trash]}",
            "{locations: [~/in, ~/other], subfolders: true, filters: [duplicate: {detect_original_by: -name}], actions: [move: ~/out/]}",
            "{locations: [~/in, ~/in], filters: [duplicate], actions: [move: ~/out/]}",
            "{locations: ~/in, filters: [duplicate], actions: [rename: 'x{path.name}']}",
            "{locations: ~/in, filters: [duplicate], actions: [delete]}",
            "{locations: ~/in, filters: [duplicate: {detect_original_by: last_seen}], actions: [delete]}",
            "{locations: ~/in, filters: [duplicate: {detect_original_by: lastmodified}], actions: [delete]}",
            "{locations: ~/in, targets: dirs, filters: [duplicate], actions: [trash]}",
        ],
    ));
    // What an earlier rule has made is found, also behind a question.
    let made = "rules:\n  - locations: ~/in\n    actions: [{copy: '~/in/made/{path.name}'}]\n  - locations: {path: ~/in, max_depth: 1}\n    filters: [duplicate: {detect_original_by: last_seen}]\n    actions: [{confirm: '{path.name}?'}, {trash: }]";
    cases.push(Case::new("in/a=one; in/b=three; in/c=fives", made).stdin("y\ny\ny\n"));
    // organize looks for a twin where it was when the rule began, and at sums nobody can make.
    for filters in ["not duplicate", "duplicate: {hash_algorithm: nothing}"] {
        cases.push(Case::filters(tree, filters).departs(DuplicatesByContent));
    }
    check(cases);
}

#[test]
fn filecontent() {
    let tree = "in/a.txt=Invoice 2024\nTotal: 17 EUR\n; in/b.md=# Title\nTotal: 3 EUR; in/c.log=; in/d.bin=Total: 5 EUR; \
                in/e.TXT=total: 1 EUR; in/none=Total: 9 EUR; in/f.txt=é Ärger 12";
    let mut cases = filters_over(
        tree,
        &[
            "filecontent",
            "filecontent:",
            "filecontent: Total",
            "filecontent: '(?i)total'",
            "filecontent: '^Total'",
            "filecontent: 'Invoice.*Total'",
            "filecontent: '^$'",
            "filecontent: 'EUR$'",
            "filecontent: {expr: '\\d+ EUR'}",
            "filecontent: 17",
            "filecontent: '('",
            "filecontent: [a]",
            "filecontent: 'Ä\\w+'",
            "not filecontent: Total",
        ],
    );
    cases.extend(said(
        tree,
        &[
            ("filecontent: 'Total: (?P<sum>\\d+)'", "{filecontent.sum}"),
            ("filecontent", "{filecontent.all|length}"),
            ("filecontent: '(?P<a>\\w+) (?P<b>x)?'", "{filecontent.a} {filecontent.b}"),
            ("not filecontent: '(?P<a>Total)'", "{filecontent.a}"),
        ],
    ));
    cases
        .extend(rules(tree, &["{locations: ~/in, targets: dirs, filters: [filecontent], actions: [trash]}"]));
    check(cases);
}

#[test]
fn hash() {
    let tree = "in/a.txt=hello; in/empty=; in/big*70000";
    let algorithms = [
        "hash",
        "hash:",
        "hash: md5",
        "hash: sha1",
        "hash: sha256",
        "hash: SHA512",
        "hash: sha224",
        "hash: sha384",
        "hash: sha3_256",
        "hash: sha3_512",
        "hash: blake2b",
        "hash: blake2s",
        "hash: {algorithm: sha1}",
        "hash: \"{'sha1'}\"",
        "hash: {unknown: 1}",
        "hash: [md5]",
        "not hash",
    ];
    let mut cases = said(tree, &algorithms.map(|filter| (filter, "{hash}")));
    let failing = said(tree, &[("hash: shake_128", "x"), ("extension, hash: \"{extension}\"", "{hash}")]);
    cases.extend(failing.into_iter().map(|case| case.departs(FailedFiltersCount)));
    cases.extend(rules(
        tree,
        &[
            "{locations: ~/in, targets: dirs, filters: [hash], actions: [trash]}",
            "{locations: ~/in, filters: [hash], actions: [rename: '{hash[:8]}{path.suffix}']}",
        ],
    ));
    cases.push(Case::filters(tree, "hash: 5").departs(MoreIsRead));
    cases.push(Case::filters(tree, "hash: nothing").departs(FailedFiltersCount));
    cases.push(Case::filters(tree, "not hash: nothing").departs(FailedFiltersCount));
    check(cases);
}

#[test]
fn python_filter() {
    let tree = "in/a.txt; in/bb.pdf; in/ccc";
    let mut cases = Vec::new();
    for code in [
        "return True",
        "return False",
        "return None",
        "return 0",
        "return 1",
        "return ''",
        "return []",
        "return {}",
        "return path.suffix == '.txt'",
        "if path.suffix: return path.stem",
        "return {'a': {'b': path.stem}, 'n': 5}",
        "print('x')\nreturn len(path.name) > 5",
        "import re\nreturn re.match('[ab]', path.name) is not None",
        "raise ValueError('x')\nreturn 1",
        "return 1 / 0",
        "return str(relative_path) + str(rule_nr)",
        "pass",
        "return (",
        "  return True",
    ] {
        let fails = ["raise", "return 1 / 0", "return ("].iter().any(|start| code.starts_with(start));
        let code = code.replace('\n', "\n              ");
        for name in ["python", "not python"] {
            let case = Case::rule(
                tree,
                &format!(
                    "filters:\n      - {name}: |\n              {code}\n    actions: [{{write: {{text: '{{path.name}}', outfile: ~/said}}}}]"
                ),
            );
            cases.push(if fails { case.departs(FailedFiltersCount) } else { case });
        }
    }
    for (code, text) in [
        ("return {'a': {'b': path.stem}, 'n': 5}", "{python.a.b} {python.n + 1} {python}"),
        ("return path.stem.upper()", "{python} {python|length}"),
        ("return [1, 2, path.stem]", "{python} {python[2]}"),
        ("return 1.5", "{python}"),
        ("return True", "{python}"),
        ("return {'b': 1, 'a': {'z': 2, 'y': [{'d': 3, 'c': 4}]}}", "{python} {python.a.y}"),
        ("return 1, path.stem", "{python} {python[1]} {python|length} {python|join('-')}"),
        ("return (path.stem,)", "{python} {[python]}"),
        ("return ()", "{python} {python|length}"),
        ("return {3}", "{python} {python|length} {python|first} {3 in python}"),
        ("return set()", "{python}"),
        ("return frozenset([7])", "{python} {[python]}"),
        ("return {'t': (1, [2, (3,)]), 's': [{4}]}", "{python.t} {python.t[1][1]} {python}"),
        ("return {1: 'a', (1, 2): 'b', None: 'c'}", "{python} {python[1]}"),
        ("return [path.relative_to(path.parent), 'it\\'s', \"a'b\"]", "{python} {python[0].stem}"),
        ("return [1e20, 0.1, 1e-7, 3.0, None, True]", "{python} {python|string}"),
        ("import datetime\nreturn datetime.date(2024, 1, 2)", "{python} {[python]} {python.year}"),
        ("import datetime\nreturn [datetime.datetime(2024, 1, 2, 3, 4), datetime.time(1, 2, 3)]", "{python}"),
        (
            "import datetime\nreturn datetime.timedelta(hours=-3)",
            "{python} {[python]} {python.total_seconds()} {python.days}",
        ),
        (
            "import datetime as d\nreturn d.datetime(2024, 1, 2, tzinfo=d.timezone(d.timedelta(hours=2)))",
            "{python} {[python]}",
        ),
        ("return 2**70", "{python} {[python]}"),
        ("return float('inf'), float('-inf')", "{python} {python[1]}"),
        ("return b'x'", "{python} {[python]}"),
        ("import decimal\nreturn decimal.Decimal('1.50')", "{python} {[python]}"),
        ("return [range(3), type(1)]", "{python}"),
    ] {
        let code = code.replace('\n', "\n              ");
        let text = text.replace('\'', "''");
        cases.push(Case::rule(
            tree,
            &format!("filters:\n      - python: |\n              {code}\n    actions: [{{write: {{text: '{{path.name}} {text}', outfile: ~/said}}}}]"),
        ));
    }
    cases.push(Case::rule(
        tree,
        "filters:\n      - extension\n      - regex: '(?P<x>.)'\n      - python: |\n          return extension + regex['x']\n    actions: [{write: {text: '{python}', outfile: ~/said}}]",
    ));
    check(cases);
}

#[test]
fn python_action() {
    let tree = "in/a.txt; in/bb.pdf";
    let case = |code: &str, then: &str| {
        let code = code.replace('\n', "\n          ");
        Case::rule(
            tree,
            &format!("filters: [name]\n    actions:\n      - python: |\n          {code}\n{then}"),
        )
    };
    let echo = "      - write: {text: '{python.x}', outfile: ~/said}";
    let cases = vec![
        case(
            "return {'x': (1, {2}), 3: 'three'}",
            "      - python: \"return {'x': [type(python['x']).__name__, python['x'][1] == {2}, python[3]]}\"\n      - write: {text: '{python}', outfile: ~/said}",
        ),
        case(
            "return {'b': {'z': 1, 'y': 2}, 'a': 3}",
            "      - python: \"return {'c': list(python), 'd': list(python['b']), 'a': 4}\"\n      - write: {text: '{python}', outfile: ~/said}",
        ),
        case("print('hi', path.name)", ""),
        case("open(path.parent.parent / 'made', 'a').write(path.name + name)", ""),
        case("return {'x': path.stem}", echo),
        case("return {'x': {'y': 1}}", "      - write: {text: '{python.x.y}', outfile: ~/said}"),
        case("return None", echo),
        case("return 5", echo),
        case("raise ValueError('no')", "      - trash"),
        case("import os\nos.remove(path)", "      - echo: gone"),
        case("return (", ""),
        Case::new(
            tree,
            "rules:\n  - actions:\n      - python: \"print('once')\"\n      - write: {text: x, outfile: ~/said}",
        ),
        Case::new(
            tree,
            "rules:\n  - actions:\n      - python: {code: \"print('once')\", run_in_simulation: true}",
        ),
        Case::new(tree, "rules:\n  - actions: [python]"),
        Case::new(tree, "rules:\n  - actions: [python: {code: x, unknown: 1}]"),
    ];
    let mut cases = cases;
    // organize puts the one dict into the other, and fails where the first is none.
    let after = |first: &str| {
        let rule = format!(
            "filters:\n      - python: 'return {first}'\n    actions:\n      - python: \"return {{'x': 1}}\"\n{echo}"
        );
        Case::rule(tree, &rule)
    };
    cases.push(after("dict(y=2)"));
    cases.push(after("path.stem").departs(ResultsGiveWay));
    check(cases);
}

#[test]
fn confirm() {
    let tree = "in/a.txt; in/b.txt; in/c.txt";
    let mut cases = Vec::new();
    for (answers, default) in [
        ("y\nn\ny\n", "true"),
        ("\n\n\n", "true"),
        ("\n\n\n", "false"),
        ("yes\nj\nno\n", "true"),
        ("1\nJA\nx\n", "true"),
        ("y\n", "true"),
    ] {
        let actions =
            format!("- confirm: {{msg: 'Move {{path.name}}?', default: {default}}}\n- move: ~/out/");
        cases.push(Case::actions(tree, &actions).stdin(answers));
    }
    for (answers, actions) in [
        ("y\nn\n", "- copy: ~/kept/\n- confirm\n- move: ~/out/"),
        ("y\nn\ny\n", "- copy: {dest: ~/kept/, continue_with: original}\n- confirm: '{path.name}'\n- delete"),
        ("y\nn\nn\ny\ny\n", "- confirm: One?\n- confirm: Two?\n- trash"),
        (
            "y\ny\nn\ny\nn\n",
            "- confirm\n- shell: 'echo {path.stem}'\n- confirm: '{shell.output}?'\n- move: ~/out/",
        ),
        (
            "n\ny\ny\n",
            "- confirm\n- write: {text: '{path.name}', outfile: ~/log, clear_before_first_write: true}",
        ),
        ("y\ny\ny\n", "- rename: 'x{path.name}'\n- confirm: '{path.name}?'\n- rename: 'y{path.name}'"),
        ("y\nn\ny\n", "- Confirm: {msg: 1}\n- python: \"print(path)\"\n- move: ~/out/"),
        ("y\n", "- delete\n- confirm: '{path}'\n- write: {text: x, outfile: ~/log}"),
    ] {
        cases.push(Case::actions(tree, actions).stdin(answers));
    }
    for (answers, rule) in [
        ("y\nn\ny\n", "filters: [not extension: pdf]\n    actions: [confirm: '{extension}', move: ~/out/]"),
        (
            "y\nn\n",
            "filters: [duplicate]\n    actions: [confirm: '{path.name} {duplicate.original.name}', trash]",
        ),
        ("y\nn\ny\n", "subfolders: true\n    targets: dirs\n    actions: [confirm: '{path.name}', trash]"),
        ("n\ny\ny\ny\n", "subfolders: true\n    actions: [confirm: '{relative_path}', move: ~/in/z/]"),
    ] {
        let tree = "in/a.txt=1; in/b.txt=1; in/c.txt=1; in/d/e.txt=2; in/f/";
        cases.push(Case::rule(tree, rule).stdin(answers));
    }
    // The next rule comes after the answers to the one before.
    for answers in ["y\nn\ny\n", "n\nn\nn\n", "y\n", ""] {
        let text = "rules:
  - {locations: ~/in, actions: [confirm: '{path.name}?', move: ~/out/]}
  - {locations: [~/in, ~/out], actions: [write: {text: '{location.name} {path.name}', outfile: ~/log}]}\n";
        cases.push(Case::new(tree, text).stdin(answers));
    }
    // What fails after a question has not been handled where it lies now.
    for answers in ["y\nn\n", "y\ny\n", "n\ny\n"] {
        let text = "rules:
  - {locations: [~/in, ~/out], actions: [move: ~/out/, confirm: '{path.name}?', echo: '{nothing}']}\n";
        cases.push(Case::new("in/a.txt", text).stdin(answers));
    }
    cases.push(Case::actions(tree, "- confirm\n- trash").stdin("y\nn\ny\n"));
    cases.push(Case::actions(tree, "- confirm:\n- trash").stdin("n\nn\nn\n"));
    cases.push(Case::actions(tree, "- confirm: Sure?\n- trash").stdin("y\ny\ny\n"));
    cases.push(Case::actions(tree, "- confirm: '{missing}'\n- trash").stdin("y\ny\ny\n"));
    cases.push(Case::actions(tree, "- confirm: {default: maybe}\n- trash"));
    for answers in ["y\n", "n\n", "\n", ""] {
        let text = "rules:\n  - actions: [confirm: 'Go?', {write: {text: x, outfile: ~/said}}]";
        cases.push(Case::new(tree, text).stdin(answers));
    }
    // YAML 1.1 wants the question mark in quotes here.
    let bare = "rules:\n  - actions: [confirm: Go?, {write: {text: x, outfile: ~/said}}]";
    cases.push(Case::new(tree, bare).stdin("y\n").departs(MoreIsRead));
    check(cases);
}

const MODES: [&str; 6] = ["skip", "overwrite", "trash", "rename_new", "rename_existing", "deduplicate"];

fn links(action: &str) -> Vec<Case> {
    let tree = "in/a.txt=new; in/b.txt; in/sub/c.txt; out/a.txt=old";
    let symbolic = action == "symlink";
    let mut cases = Vec::new();
    for template in [
        "LINK: ~/links/",
        "LINK: ~/links",
        "LINK: ~/links/x.txt",
        "LINK: '~/links/{path.stem}-link{path.suffix}'",
        "LINK: ~/in/",
        "LINK: '~/in/zz {path.name}'",
        "LINK: {dest: ~/links, autodetect_folder: false}",
        "LINK: '{path}'",
        "LINK: ''",
        "LINK: {dest: ~/links/, continue_with: copy}",
        "LINK: {}",
        "- LINK: ~/links/\n- rename: 'x{path.name}'",
        "- LINK: ~/links/\n- echo: '{path}'",
        "- LINK: ~/one/\n- LINK: ~/two/",
        "- move: ~/out/\n- LINK: ~/links/",
    ] {
        let case = Case::actions(tree, &template.replace("LINK", action));
        cases.push(match template {
            "LINK: ''" => case.departs(NothingIsNoPlace),
            "LINK: ~/links/x.txt" | "LINK: {dest: ~/links, autodetect_folder: false}" if symbolic => {
                case.departs(LinksInTheWay)
            }
            _ => case,
        });
    }
    for mode in MODES {
        let into = format!("{action}: {{dest: ~/out/, on_conflict: {mode}}}");
        let twice = Case::actions(tree, &format!("- {into}\n- {into}"));
        let (once, named) =
            (Case::actions(tree, &into), Case::actions(tree, &into.replace("out/", "out/x.txt")));
        let (once, twice) = match mode {
            "deduplicate" => (once.departs(DuplicatesByContent), twice.departs(DuplicatesByContent)),
            "trash" | "rename_new" | "rename_existing" if !symbolic => (once, twice.departs(LinksOnce)),
            _ => (once, twice),
        };
        cases.extend([once, twice]);
        cases.push(match mode {
            "overwrite" if !symbolic => named.departs(ReplacedIsKept),
            mode if symbolic && mode != "skip" => named.departs(LinksInTheWay),
            _ => named,
        });
    }
    cases.push(Case::rule(tree, &format!("subfolders: true\n    actions: [{action}: ~/links/]")));
    cases.push(Case::rule(
        tree,
        &format!("subfolders: true\n    actions: [{action}: '~/links/{{relative_path}}']"),
    ));
    cases.push(Case::rule(tree, &format!("subfolders: true\n    actions: [{action}: ~/in/zz/]")));
    cases.push(Case::new(tree, format!("rules: [{{actions: [{action}: ~/links/]}}]")));
    cases
}

#[test]
fn symlink() {
    let mut cases = links("symlink");
    let tree = "in/d/x; in/e/; out/d/y";
    cases.push(Case::rule(tree, "targets: dirs\n    actions: [symlink: ~/links/]"));
    cases.push(Case::rule(tree, "targets: dirs\n    actions: [symlink: ~/out/]"));
    let relative = Case::new("in/a.txt", "rules: [{locations: in, actions: [symlink: links/]}]");
    cases.push(relative.departs(PathsAreAbsolute));
    check(cases);
}

#[test]
fn hardlink() {
    let mut cases = links("hardlink");
    let folder = Case::rule("in/d/x", "targets: dirs\n    actions: [hardlink: ~/links/]");
    cases.push(folder.departs(FailuresLeaveNothing));
    check(cases);
}

/// All of them, to be counted.
pub(crate) const ALL: &[fn()] =
    &[duplicate, filecontent, hash, python_filter, python_action, confirm, symlink, hardlink];

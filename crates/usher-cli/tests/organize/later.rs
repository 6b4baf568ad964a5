//! Filters and actions that came after the others. Each table runs as soon as Usher knows the name.

use usher_rule::{actions, filters};

use crate::case::{Case, check};
use crate::deliberate::Deliberate::*;

/// Runs the cases where Usher has this filter or action.
fn once_there(name: &str, cases: Vec<Case>) {
    let there = filters::ALL.iter().any(|entry| entry.spec.name == name)
        || actions::ALL.iter().any(|entry| entry.spec.name == name);
    if there {
        check(cases);
    } else {
        let known = filters::NOT_YET.contains(&name) || actions::NOT_YET.contains(&name);
        assert!(known, "there is neither a filter nor an action `{name}`, now or later");
    }
}

fn filters_over(tree: &str, lists: &[&str]) -> Vec<Case> {
    lists.iter().map(|filters| Case::filters(tree, filters)).collect()
}

fn said(tree: &str, cases: &[(&str, &str)]) -> Vec<Case> {
    let case = |(filters, text): &(&str, &str)| {
        let text = text.replace('\'', "''");
        Case::rule(
            tree,
            &format!(
                "filters: [{filters}]\n    actions: [{{write: {{text: '{{path.name}} {text}', outfile: ~/said.txt}}}}]"
            ),
        )
    };
    cases.iter().map(case).collect()
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
    // organize looks for a twin where it was when the rule began, and at sums nobody can make.
    for filters in ["not duplicate", "duplicate: {hash_algorithm: nothing}"] {
        cases.push(Case::filters(tree, filters).departs(DuplicatesByContent));
    }
    once_there("duplicate", cases);
}

#[test]
fn exif() {
    // A little-endian TIFF with a maker, a model and a date.
    let tiff = "- shell: \"printf 'II*\\\\0\\\\10\\\\0\\\\0\\\\0\\\\3\\\\0\
                \\\\17\\\\1\\\\2\\\\0\\\\6\\\\0\\\\0\\\\0\\\\62\\\\0\\\\0\\\\0\
                \\\\20\\\\1\\\\2\\\\0\\\\6\\\\0\\\\0\\\\0\\\\70\\\\0\\\\0\\\\0\
                \\\\62\\\\1\\\\2\\\\0\\\\24\\\\0\\\\0\\\\0\\\\76\\\\0\\\\0\\\\0\
                \\\\0\\\\0\\\\0\\\\0Canon\\\\0EOS 5\\\\0002024:02:03 04:05:06\\\\0' > ~/in/a.tif\"";
    let rule = |filters: &str, text: &str| {
        let text = text.replace('\'', "''");
        Case::new(
            "in/plain.txt; in/broken.jpg",
            format!(
                "rules:\n  - actions:\n    {tiff}\n  - locations: ~/in\n    filters: [{filters}]\n    actions: [{{write: {{text: '{{path.name}} {text}', outfile: ~/said.txt}}}}]"
            ),
        )
    };
    once_there(
        "exif",
        vec![
            rule("exif", "x"),
            rule("not exif", "x"),
            rule("exif: image.make", "{exif.image.make}"),
            rule("exif: image.nothing", "x"),
            rule("exif: {image.make: Canon}", "{exif.image.model}"),
            rule("exif: {image.make: canon}", "{exif.image.model}"),
            rule("exif: {image.make: 'C*'}", "{exif.image.model}"),
            rule("exif: {image.make: 'N*'}", "{exif.image.model}"),
            rule("exif: {image.make: }", "{exif.image.model}"),
            rule("exif: image", "{exif.image.datetime}"),
            rule(
                "exif: image.datetime",
                "{exif.image.datetime.year} {exif.image.datetime.strftime('%m-%d')}",
            ),
            rule("exif: {lowercase_keys: false}", "x"),
            rule("exif: {Image.Make: Canon, lowercase_keys: false}", "{exif.Image.Make}"),
            rule("exif: gps", "x"),
            rule("exif: {gps.gpsdate: }", "x"),
            rule("exif: {image.make: Canon, image.model: 'EOS*'}", "{exif.image.make}"),
            rule("exif: [a, b]", "x"),
        ],
    );
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
    once_there("filecontent", cases);
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
        "hash: nothing",
        "hash: \"{'sha1'}\"",
        "hash: {unknown: 1}",
        "hash: [md5]",
        "not hash",
    ];
    let mut cases = said(tree, &algorithms.map(|filter| (filter, "{hash}")));
    cases.extend(said(tree, &[("hash: shake_128", "x"), ("extension, hash: \"{extension}\"", "{hash}")]));
    cases.extend(rules(
        tree,
        &[
            "{locations: ~/in, targets: dirs, filters: [hash], actions: [trash]}",
            "{locations: ~/in, filters: [hash], actions: [rename: '{hash[:8]}{path.suffix}']}",
        ],
    ));
    cases.push(Case::filters(tree, "hash: 5").departs(MoreIsRead));
    once_there("hash", cases);
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
        let code = code.replace('\n', "\n              ");
        cases.push(Case::rule(
            tree,
            &format!("filters:\n      - python: |\n              {code}\n    actions: [{{write: {{text: '{{path.name}}', outfile: ~/said}}}}]"),
        ));
        cases.push(Case::rule(
            tree,
            &format!("filters:\n      - not python: |\n              {code}\n    actions: [{{write: {{text: '{{path.name}}', outfile: ~/said}}}}]"),
        ));
    }
    for (code, text) in [
        ("return {'a': {'b': path.stem}, 'n': 5}", "{python.a.b} {python.n + 1} {python}"),
        ("return path.stem.upper()", "{python} {python|length}"),
        ("return [1, 2, path.stem]", "{python} {python[2]}"),
        ("return 1.5", "{python}"),
        ("return True", "{python}"),
    ] {
        let code = code.replace('\n', "\n              ");
        cases.push(Case::rule(
            tree,
            &format!("filters:\n      - python: |\n              {code}\n    actions: [{{write: {{text: '{{path.name}} {text}', outfile: ~/said}}}}]"),
        ));
    }
    cases.push(Case::rule(
        tree,
        "filters:\n      - extension\n      - regex: '(?P<x>.)'\n      - python: |\n          return extension + regex['x']\n    actions: [{write: {text: '{python}', outfile: ~/said}}]",
    ));
    let there = filters::ALL.iter().any(|entry| entry.spec.name == "python");
    if there {
        check(cases);
    }
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
    let there = actions::ALL.iter().any(|entry| entry.spec.name == "python");
    if there {
        check(cases);
    }
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
    cases.push(Case::actions(tree, "- confirm\n- trash").stdin("y\nn\ny\n"));
    cases.push(Case::actions(tree, "- confirm:\n- trash").stdin("n\nn\nn\n"));
    cases.push(Case::actions(tree, "- confirm: Sure?\n- trash").stdin("y\ny\ny\n"));
    cases.push(Case::actions(tree, "- confirm: '{missing}'\n- trash").stdin("y\ny\ny\n"));
    cases.push(Case::actions(tree, "- confirm: {default: maybe}\n- trash"));
    cases.push(
        Case::new(tree, "rules:\n  - actions: [confirm: Go?, write: {text: x, outfile: ~/said}]")
            .stdin("y\n"),
    );
    cases.push(
        Case::new(tree, "rules:\n  - actions: [confirm: Go?, {write: {text: x, outfile: ~/said}}]")
            .stdin("y\n"),
    );
    cases.push(
        Case::new(tree, "rules:\n  - actions: [confirm: Go?, {write: {text: x, outfile: ~/said}}]")
            .stdin("n\n"),
    );
    once_there("confirm", cases);
}

const MODES: [&str; 6] = ["skip", "overwrite", "trash", "rename_new", "rename_existing", "deduplicate"];

fn links(action: &str) -> Vec<Case> {
    let tree = "in/a.txt=new; in/b.txt; in/sub/c.txt; out/a.txt=old";
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
        cases.push(Case::actions(tree, &template.replace("LINK", action)));
    }
    for mode in MODES {
        cases.push(Case::actions(tree, &format!("{action}: {{dest: ~/out/, on_conflict: {mode}}}")));
        cases.push(Case::actions(tree, &format!("- {action}: {{dest: ~/out/, on_conflict: {mode}}}\n- {action}: {{dest: ~/out/, on_conflict: {mode}}}")));
        cases.push(Case::actions(tree, &format!("{action}: {{dest: ~/out/x.txt, on_conflict: {mode}}}")));
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
    cases.push(Case::new("in/a.txt", "rules: [{locations: in, actions: [symlink: links/]}]"));
    once_there("symlink", cases);
}

#[test]
fn hardlink() {
    let mut cases = links("hardlink");
    cases.push(Case::rule("in/d/x", "targets: dirs\n    actions: [hardlink: ~/links/]"));
    once_there("hardlink", cases);
}

/// Filters and actions of one platform, which have to load everywhere: organize refuses some of them, Usher says that
/// they do nothing here.
#[test]
fn everything_organize_has_is_in_these_tables() {
    let tables = ["duplicate", "exif", "filecontent", "hash", "python", "confirm", "symlink", "hardlink"];
    let mac_only = ["macos_tags", "date_added", "date_lastused"];
    for name in filters::NOT_YET.iter().chain(actions::NOT_YET) {
        assert!(tables.contains(name) || mac_only.contains(name), "`{name}` has no table");
    }
}

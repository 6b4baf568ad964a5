//! Templates: what a placeholder becomes, in a text and in a name.

use crate::case::{Case, check};
use crate::deliberate::Deliberate::*;

const TREE: &str = "in/My File.tar.gz; in/sub/b.TXT; in/.hidden";

/// Writes what each template becomes for each file.
fn written(tree: &str, templates: &[&str]) {
    check(templates.iter().map(|text| writing(tree, text)).collect());
}

fn writing(tree: &str, text: &str) -> Case {
    let text = text.replace('\'', "''").replace('\n', "\n\n");
    Case::rule(
        tree,
        &format!(
            "name: A rule\n    subfolders: true\n    actions: [{{write: {{text: '{text}', outfile: ~/said.txt}}}}]"
        ),
    )
}

#[test]
fn paths() {
    written(
        TREE,
        &[
            "{path}",
            "{path.name}|{path.stem}|{path.suffix}|{path.suffixes}",
            "{path.parent}|{path.parent.name}|{path.parent.parent}",
            "{path.parts[-1]}|{path.parts[0]}|{path.parts|length}",
            "{path.parents[0]}|{path.parents[1].name}",
            "{path.root}|{path.anchor}|{path.drive}",
            "{path.with_suffix('.md')}|{path.with_name('x')}|{path.with_stem('y')}",
            "{path.with_suffix('')}",
            "{path.joinpath('x', 'y')}",
            "{path.as_posix()}|{path.is_absolute()}",
            "{path.match('*.gz')}|{path.match('in/*')}",
            "{path.relative_to(location)}",
            "{path.relative_to(env.HOME)}",
            "{path.is_relative_to(location)}",
            "{path.exists()}|{path.is_file()}|{path.is_dir()}",
            "{path.stat().st_size}",
            "{path.as_uri()}",
            "{relative_path}|{relative_path.parent}|{relative_path.parts}",
            "{location}|{basedir}|{location.name}",
            "{rule}|{rule_nr}",
            "{path|string|length}",
            "{path|upper}",
            "{path ~ '.x'}",
            "{path.name ~ '-' ~ path.stem}",
            "{path.name + 'x'}",
            "{path == location}|{path != location}",
            "{path.parent == location}",
            "{path.absolute()}|{path.expanduser()}|{path.lstat().st_size}",
            "{path.suffixes[-1] if path.suffixes}|{path.parts[1:]|length}|{path.parents|length}",
        ],
    );
}

#[test]
fn texts() {
    written(
        TREE,
        &[
            "{path.stem.upper()}|{path.stem.lower()}|{path.stem.title()}|{path.stem.capitalize()}",
            "{path.stem.replace(' ', '_')}|{path.stem.replace('F', 'f', 1)}",
            "{path.stem.split()}|{path.stem.split('.')[0]}|{path.stem.split('.')|last}",
            "{path.stem[:3]}|{path.stem[-2:]}|{path.stem[0]}|{path.stem[::-1]}",
            "{path.stem.strip('.')}|{path.stem.lstrip('M')}|{path.stem.rstrip('r')}",
            "{path.stem.startswith('My')}|{path.stem.endswith('tar')}|{'File' in path.stem}",
            "{path.stem.find('F')}|{path.stem.count('i')}",
            "{path.stem.zfill(20)}|{path.stem.center(20, '*')}|{path.stem.ljust(20, '-')}|{path.stem.rjust(20)}",
            "{path.stem.isdigit()}|{path.stem.isalpha()}|{path.stem.isupper()}|{'12'.isnumeric()}",
            "{'-'.join(path.stem.split())}",
            "{'{} and {}'.format(path.stem, 3)}",
            "{path.stem|upper}|{path.stem|lower}|{path.stem|title}|{path.stem|capitalize}",
            "{path.stem|replace(' ', '_')}|{path.stem|trim('.')}|{path.stem|length}",
            "{path.stem|first}|{path.stem|last}|{path.stem|reverse}",
            "{path.stem|truncate(5, true, '')}|{path.stem|truncate(5)}|{path.stem|wordcount}",
            "{path.stem|default('x')}|{missing|default('x')}|{missing is defined}",
            "{path.stem|center(20)}|{path.stem|indent}",
            "{'%s-%03d' % (path.stem, 7)}|{'%.2f' % 1.5}|{'%5s|%-5s|' % ('a', 'b')}",
            "{'%x %o %e %g %%' % (255, 8, 1234.5, 0.5)}",
            "{'a' * 3}|{'a' ~ 1 ~ none}|{'a' if path.suffix else 'b'}",
            "{path.stem|list|sort|join}",
            "{path.stem.partition('.')}|{path.stem.rpartition('.')[2]}|{path.stem.rsplit('.', 1)}",
            "{path.stem.removeprefix('My ')}|{path.stem.removesuffix('.tar')}",
            "{path.stem.casefold()}|{path.stem.swapcase()}|{path.stem.index('i') if 'i' in path.stem}",
            "{path.stem.splitlines()}|{path.stem.expandtabs()}",
            "{path.stem|e}|{'<b>'|escape}|{'a b'|urlencode}",
            "{path.stem|batch(3)|list|length}|{[1, 2, 3]|sum}|{[3, 1]|sort}|{[1, 1]|unique|list}",
            "{path.stem|format}|{'%s'|format(path.stem)}",
            "{path.stem|int(7)}|{'12'|int + 1}|{'1.5'|float}|{2.5|round}|{2.567|round(2)}|{3|abs}",
            "{[1, 'a', none, true, 1.5, [2]]}",
            "{('a',)}|{('a', 'b')}|{()}",
            "{dict(a=1)}|{[]}",
            "{path.name.find('i', 4)}|{path.name.find('i', 1, 3)}|{path.name.rfind('i', -8)}|{path.name.find('', 99)}",
            "{path.name.rindex('.')}|{path.name.index('i', -7)}",
            "{path.name.count('i', 2)}|{path.name.count('i', 0, -9)}|{path.name.count('')}",
            "{path.name.startswith('y', 1)}|{path.name.endswith('M', 0, 1)}|{path.name.startswith(('My', 'b'))}",
            "{path.name.split(maxsplit=1)}|{path.name.split(sep='.')}|{path.name.split('.', maxsplit=1)}|{path.name.split(none, 1)}",
            "{path.name.rsplit('.', maxsplit=1)}|{path.name.rsplit(maxsplit=1)}",
            "{path.stem.istitle()}|{'Ab Cd'.istitle()}|{'12'.isdecimal()}|{path.stem.isidentifier()}|{'_a1'.isidentifier()}",
            "{'%d|%i|%5d' % (3.7, 2.2, 7.9)}|{'%d' % -3.7}|{'%d%%' % 12.5}|{'%s %d' % ('a', 1.5)}",
            "{3.7|int}|{'0x1f'|int(0, 16)}|{'abc'|int}|{'3.9'|int}|{'z'|int(-1)}|{none|int(4)}|{true|int}|{'1_0'|int}",
            "{'z'|float(1.5)}|{'z'|float}|{'2.5'|float}|{3|float}",
            "{{'b': 1, 'a': 2}|items|list}|{% for k in {'z': 1, 'b': 2} %}{k}{% endfor %}",
            "{% if true %}~/x{% endif %}|{path.stem}",
            "{% for x in [1] %}$HOME{% endfor %}",
        ],
    );
}

#[test]
fn expressions() {
    written(
        "in/a.txt",
        &[
            "{1 + 2}|{7 // 2}|{7 / 2}|{7 % 3}|{2 ** 10}|{-3}|{1.0}|{1e3}|{10 / 2}|{1_000}",
            "{1 == 1.0}|{1 < 2 < 3}|{not true}|{true and false}|{1 or 2}|{'' or 'x'}|{none or 'x'}",
            "{true}|{false}|{none}|{True}|{False}|{None}",
            "{'a' if false}|{[1,2][1]}|{{'a': 1}.a}|{ {'a': 1}['a'] }",
            "{[1,2,3][1:]}|{[1,2,3]|length}|{range(3)|list}|{range(2, 8, 2)|list|join('-')}",
            "{% if path.suffix == '.txt' %}text{% else %}other{% endif %}",
            "{% for x in [1,2,3] %}{x}{% if not loop.last %},{% endif %}{% endfor %}",
            "{% for x in path.parts[-2:] %}{loop.index}{x}{% endfor %}",
            "{% set x = path.stem %}{x}{x|upper}",
            "{% set x = 5 %}{% set y = x * 2 %}{y}",
            "a{# comment #}b",
            "{% raw %}{path}{% endraw %}",
            "{'{'}{'}'}{'{path}'}",
            "{ path }|{path }|{ path}",
            "{-path-}| {- path.name -} |",
            "{% filter upper %}abc{% endfilter %}",
            "{% macro m(x) %}<{x}>{% endmacro %}{m(1)}{m(path.stem)}",
            "{% with a = 1 %}{a}{% endwith %}",
            "{path.name is string}|{1 is number}|{2 is even}|{missing is undefined}|{none is none}|{[] is iterable}",
            "{namespace(a=1).a}",
            "{% set ns = namespace(n=0) %}{% for i in range(4) %}{% set ns.n = ns.n + i %}{% endfor %}{ns.n}",
            "{cycler('a','b').next()}|{joiner(',')()}",
            "{'a'\n}",
            "{path.name|map('upper')|join}|{['a.b','c']|map('length')|list}|{[1,2,3]|select('odd')|list}",
            "{[{'a':1},{'a':2}]|map(attribute='a')|list}|{[1,2]|first}|{[1,2,3]|max}|{[1,2,3]|min}",
            "{'a,b'.split(',')|last}|{'b' in ['a','b']}|{'x' not in 'abc'}",
            "{path.missing}",
            "{missing}",
            "{missing.deeper}",
            "{path.name.missing}",
            "{1 / 0}",
            "{'a' + 1}",
            "{path.name()}",
            "{path.name.nothing()}",
            "{missing|upper}",
            "{env.NOT_THERE}",
            "{env.get('NOT_THERE')}|{env.get('NOT_THERE', 'x')}|{env['HOME']}|{'HOME' in env}",
            "}",
            "a } b",
            "$$",
            "$",
            "~",
            "a~b",
            "100 %",
            "%HOME%",
            "",
            " ",
            "{''}",
        ],
    );
}

#[test]
fn moments() {
    written(
        "in/a.txt",
        &[
            "{now().year}-{'%02d' % now().month}",
            "{now().strftime('%Y-%m-%d')}|{now().date()}|{today()}|{today().isoformat()}",
            "{today().strftime('%d.%m.%y')}|{today().year}|{today().weekday()}",
            "{utcnow().strftime('%Y%m%d')}|{utcnow().date() == today()}",
            "{now().date() == today()}",
            "{now().replace(hour=0, minute=0, second=0, microsecond=0)}",
            "{now().isocalendar()[0]}|{today().isocalendar().week}",
            "{now().toordinal() == today().toordinal()}",
            "{(now().month - 1) // 3 + 1}",
            "{now() > now().replace(year=2000)}",
            "{now().hour < 24}|{now().tzinfo}|{utcnow().date() == today()}",
            "{now().replace(hour=1, minute=2, second=3, microsecond=4).isoformat(' ')}",
            "{now().replace(microsecond=4, hour=5, minute=6, second=7).isoformat(sep='_', timespec='minutes')}",
            "{now().replace(hour=1, minute=2, second=3, microsecond=0).time()}",
            "{now().replace(hour=1, minute=2).time().strftime('%H-%M')}|{now().replace(hour=1).time().hour}",
            "{today().strftime('%Ey %Od %E %O %')}|{today().strftime('%Q')}|{now().utcoffset()}",
        ],
    );
}

#[test]
fn the_environment_and_the_home() {
    let cases = [
        "~/x",
        "a ~/x",
        "$HOME",
        "x$HOME",
        "$PLACE/$PLACE",
        "$PLACE.txt",
        "$PLACEX",
        "$NOT_THERE",
        "{env.PLACE}",
        "{env.PLACE}/$PLACE",
        "{env.LITERAL}",
        "\\$PLACE",
        "$1",
        "$ PLACE",
        "~nobody-of-this-name/x",
        "~",
    ];
    let case = |text: &&str| writing("in/a.txt", text).env("PLACE", "there").env("LITERAL", "plain");
    check(cases.iter().map(case).collect());
    check(vec![
        writing("in/a.txt", "${PLACE}").env("PLACE", "there"),
        Case::new("there/a.txt", "rules: [{locations: $PLACE, actions: [{move: ~/out/}]}]")
            .env("PLACE", "there"),
        Case::new("there/a.txt", "rules: [{locations: '~/{env.PLACE}', actions: [{move: ~/out/}]}]")
            .env("PLACE", "there"),
        Case::new("there/a.txt", "rules: [{locations: '${PLACE}', actions: [{move: ~/out/}]}]")
            .env("PLACE", "there")
            .departs(LocationsFailAlone),
        Case::new("there/a.txt", "rules: [{locations: there, actions: [{move: '{env.PLACE}/$PLACE/'}]}]")
            .env("PLACE", "there"),
    ]);
}

#[test]
fn values_of_the_environment_are_expanded() {
    let tree = "in/a.txt; dd/";
    let mut cases = Vec::new();
    for value in ["~/dd/", "$HOME/dd", "~", "a~", "$NO/x", "~/dd/$HOME"] {
        for dest in ["{env.D}", "{env['D']}", "{env.get('D')}", "{env.get('No', '~/dd/')}", "{env.D}/x/"] {
            cases.push(Case::actions(tree, &format!("move: \"{dest}\"")).env("D", value));
        }
        cases.push(Case::actions(tree, "write: {text: '{env.D} {env.D}', outfile: ~/said}").env("D", value));
    }
    for location in ["{env.X}", "{env.get('X', '~/in')}", "{env.get('Y', '~/in')}"] {
        let config = format!("rules: [{{locations: \"{location}\", actions: [{{move: ~/out/}}]}}]");
        cases.push(Case::new(tree, config).env("X", "~/in"));
    }
    check(cases);
}

#[test]
fn names_that_look_like_variables_stay() {
    let tree = "in/$HOME.txt; in/~.txt";
    check(vec![
        Case::actions(tree, "move: '~/out/{path.name}'")
            .differs(NamesStayNames, "in/; out/$HOME.txt; out/~.txt"),
        Case::actions(tree, "rename: '{path.stem}.md'").differs(NamesStayNames, "in/$HOME.md; in/~.md"),
        Case::actions(tree, "write: {text: '{path.name}', outfile: ~/said.txt}")
            .differs(NamesStayNames, "in/$HOME.txt; in/~.txt; said.txt"),
        Case::actions(tree, "move: ~/out/"),
    ]);
}

#[test]
fn templates_in_places() {
    let tree = "in/a.txt; in/b.pdf";
    check(vec![
        Case::actions(tree, "move: '~/out/{path.suffix[1:]}/'"),
        Case::actions(tree, "move: \"~/out/{'%02d' % 7}/\""),
        Case::actions(tree, "move: '~/out/{path.stem}'"),
        Case::actions(tree, "move: '~/out/{path.stem}/{path.name}'"),
        Case::actions(tree, "copy: '{location}/../copies/{path.name}'"),
        Case::actions(tree, "- move: ~/out/\n- echo: '{relative_path} {location}'"),
        Case::actions(tree, "- copy: ~/out/\n- echo: '{path} {relative_path}'"),
        Case::actions(
            tree,
            "move: |\n  ~/out/{% if path.suffix == '.pdf' %}docs{% else %}texts{% endif %}/\n",
        ),
        Case::actions(tree, "rename: '{rule}-{path.name}'"),
        Case::actions(tree, "rename: '{rule_nr}-{path.name}'"),
        Case::new(
            tree,
            "rules: [{actions: [{echo: '{rule} {rule_nr} {path} {location} {relative_path}'}], name: X}]",
        ),
        Case::new(tree, "rules: [{actions: [{echo: '{path.name}'}]}]"),
        Case::new(
            tree,
            "rules: [{actions: [{echo: '{now().year}'}]}, {name: Y, locations: in, actions: [{echo: '{rule} {rule_nr}'}]}]",
        ),
    ]);
}

#[test]
fn what_templates_do_not_know() {
    let texts = [
        "{path / 'x'}",
        "{(now() - now()).days}",
        "{now().timetuple().tm_year}",
        "{path.name.encode()|length}",
        "{path.resolve()}",
        "~root",
        "{lipsum is defined}",
    ];
    check(texts.iter().map(|text| writing("in/a.txt", text).departs(TemplatesKnowLess)).collect());
}

#[test]
fn filters_for_other_formats() {
    let texts = [
        "{[1, 'a', none, true, 2.5, 1e20, {'b': 1, 'a': 'é<&>\"'}]|tojson}",
        "{path.name|tojson} {''|tojson} {{}|tojson} {[]|tojson}",
        "{path|tojson}",
        "{path|string|tojson}",
        "{'<a href=\"x\">b</a>  c &amp; &lt; <!-- x --> d'|striptags}",
        "{'<&>\"'|forceescape} {'<'|e|e} {'<'|e|forceescape} {'<'|escape|length}",
        "<a{{'class': 'a', 'id': none, 'x': '<'}|xmlattr}>",
        "<a {{'b': 1, 'a': 2}|xmlattr(false)}>",
        "{{'a b': 1}|xmlattr}",
    ];
    check(texts.iter().map(|text| writing("in/a.txt", text)).collect());
}

#[test]
fn numbers_with_fractions() {
    let texts = [
        "{1e20} {1e-7} {1e16} {1e15} {0.0001} {0.00001} {-1.5e-10} {2.50} {1e2}",
        "{123456789012345678.0} {1e20|string} {1e-7|string|length}",
    ];
    check(texts.iter().map(|text| writing("in/a.txt", text)).collect());
}

#[test]
fn formats_of_pythons_own() {
    let texts = [
        "{'{!r} {!s} {}'.format('a', 'b', 'c')}",
        "{'{0!r:>6}|{1}'.format('a', 1)}",
        "{'{x!r}{}'.format(1, x=none)}",
        "{'{!r} {!r}'.format(1.5, true)}",
        "{'{:%}'.format(0.5)} {'{:.1%}'.format(0.256)}",
        "{'{:%Y-%m}'.format(lastmodified)} {'{0:%H}{0:%M}'.format(lastmodified)}",
        "{'{{{!r}}}'.format(path.name)}",
        "{'{a:%Y}'.format(a=lastmodified)}",
    ];
    let case = |text: &&str| {
        let rule = "filters: [lastmodified]\n    actions:\n      - write:\n          outfile: ~/said\n          text: |\n            ";
        Case::rule("in/a.txt", &format!("{rule}{text}"))
    };
    check(texts.iter().map(case).collect());
}

/// All of them, to be counted.
pub(crate) const ALL: &[fn()] = &[
    paths,
    texts,
    expressions,
    moments,
    the_environment_and_the_home,
    names_that_look_like_variables_stay,
    templates_in_places,
    what_templates_do_not_know,
    values_of_the_environment_are_expanded,
    filters_for_other_formats,
    numbers_with_fractions,
    formats_of_pythons_own,
];

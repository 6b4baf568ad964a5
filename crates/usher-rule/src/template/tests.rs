use super::*;
use crate::fake::{Fake, rule};

/// What a text comes out as for `/in/sub/a b.tar.gz`, found in `/in`.
fn filled(text: &str) -> Result<String, String> {
    let world = Fake::new().with_env("EDITOR", "vi").with_env("A_B", "ab").with_env("X", "$EDITOR");
    let rule = rule("rules: [{name: My rule, locations: /in, actions: trash}]");
    world.looking(&rule, "/in/sub/a b.tar.gz", |cx| {
        let template = Template::compile(text).map_err(|error| error.message)?;
        template.fill(cx).map(|filled| filled.text).map_err(|error| error.to_string())
    })
}

fn check(cases: &[(&str, &str)]) {
    for (text, wanted) in cases {
        assert_eq!(filled(text).as_deref(), Ok(*wanted), "{text}");
    }
}

#[test]
fn paths_have_the_attributes_of_pathlib() {
    check(&[
        ("{path}", "/in/sub/a b.tar.gz"),
        ("{path.name} {path.stem} {path.suffix}", "a b.tar.gz a b.tar .gz"),
        ("{path.parent} {path.parent.name} {path.parent.parent}", "/in/sub sub /in"),
        ("{path.parts[1]} {path.parts | length}", "in 4"),
        ("{path.suffixes | join}", ".tar.gz"),
        ("{path.with_suffix('.zip')} {path.with_name('x')}", "/in/sub/a b.tar.zip /in/sub/x"),
        ("{path.relative_to(location)}", "sub/a b.tar.gz"),
        ("{relative_path} {relative_path.parent}", "sub/a b.tar.gz sub"),
        ("{basedir} {location}", "/in /in"),
        ("{rule} {rule_nr}", "My rule 0"),
        ("{path.stem.upper().replace(' ', '_')}", "A_B.TAR"),
        ("{path.name[:3]}", "a b"),
        ("{path.name | replace('a', 'x') | title}", "X B.txr.gz"),
    ]);
}

#[test]
fn texts_have_the_methods_of_python() {
    check(&[
        (
            "{path.name.rsplit('.', 1)[0]} {path.name.rsplit('.')[1]} {' a b  c '.rsplit() | join('|')}",
            "a b.tar tar a|b|c",
        ),
        ("{path.name.partition('.')[0]}|{path.name.rpartition('.')[2]}|{'x'.partition('-')[2]}", "a b|gz|"),
        ("{'7'.zfill(3)} {'-7'.zfill(4)} {'a'.ljust(3, '_')} {'a'.rjust(3, '_')}", "007 -007 a__ __a"),
        ("{'a'.center(4, '_')} {'ab'.center(5, '_')}", "_a__ __ab_"),
        ("{'a b'.removeprefix('a ')} {'a.b'.removesuffix('.b')} {'x'.removeprefix('y')}", "b a x"),
        ("{'aB'.swapcase()} {'AÉ'.casefold()} {'éab'.index('b')}", "Ab aé 2"),
        (
            "{path.match('*.gz')} {'long text here' | truncate(length=9, killwords=true, end='~', leeway=0)}",
            "True long tex~",
        ),
    ]);
    assert!(filled("{'a'.ljust(100000)}").is_err() && filled("{'a'.index('b')}").is_err());
}

#[test]
fn jinja_works_with_single_braces() {
    check(&[
        ("{% if path.suffix == '.gz' %}packed{% else %}plain{% endif %}", "packed"),
        ("{% for part in path.parts[1:3] %}<{part}>{% endfor %}", "<in><sub>"),
        ("{# nothing #}x", "x"),
        ("{'{'}{\"}\"}", "{}"),
        ("{'%03d' | format(7)} {'%s-%s' | format('a', 'b')}", "007 a-b"),
        ("{'%03d' % 7} {'%s-%s' % (path.suffix, 2)} {'%02i' % now().month}", "007 .gz-2 03"),
        ("{1 + 2 * 3} {none} {true}", "7 None True"),
        ("{{'a': 1}['a']}", "1"),
        ("a } b", "a } b"),
        ("line\n", "line"),
        ("line\n\n", "line\n"),
        ("{% raw %}${HOME}{% endraw %}", "${HOME}"),
        ("{% set x = path.stem %}{x}", "a b.tar"),
    ]);
}

#[test]
fn times_can_be_written_in_any_way() {
    check(&[
        ("{now()}", "2026-03-31 12:00:00.500000"),
        ("{utcnow().hour}", "10"),
        ("{today()}", "2026-03-31"),
        ("{now().strftime('%Y-%m-%d_%H%M%S.%f')}", "2026-03-31_120000.500000"),
        ("{now().year}-{'%02d' | format(now().month)}", "2026-03"),
        ("{now().isoformat()} {now().date()} {today().weekday()}", "2026-03-31T12:00:00.500000 2026-03-31 1"),
        ("{now().strftime('%-d.%-m.%y %A %B %j %p %I')}", "31.3.26 Tuesday March 090 PM 12"),
        ("{now().strftime('%Q9 %c|%x %X|%r')}", "%Q9 Tue Mar 31 12:00:00 2026|03/31/26 12:00:00|12:00:00 PM"),
    ]);
}

#[test]
fn the_environment_is_asked_only_for_what_is_used() {
    check(&[
        ("{env.EDITOR} {env['A_B']} {env.get('NO', 'none')}", "vi ab none"),
        ("{% set n = 'EDITOR' %}{env[n]}", "vi"),
        ("{env.NO is defined}", "False"),
    ]);
    assert_eq!(filled("{env.NO}"), Err("no value for the placeholder `env.NO`".to_owned()));
}

#[test]
fn home_and_variables_are_expanded_in_what_is_written_and_nowhere_else() {
    check(&[
        ("~/x", "/home/me/x"),
        ("~", "/home/me"),
        ("a~/x", "a~/x"),
        ("~user/x", "~user/x"),
        ("$EDITOR/$A_B/$NO/$/5$", "vi/ab/$NO/$/5$"),
        ("$EDITOR{path.suffix}", "vi.gz"),
        ("{env.X} {'~'}", "vi ~"),
        ("{'~'}/x", "/home/me/x"),
        ("~{path.stem}", "~a b.tar"),
        ("100 %", "100 %"),
    ]);
}

#[test]
fn other_formats_are_written_as_jinja_writes_them() {
    check(&[
        (
            "{{'b': [1, 1.5, none, true], 'a': 'é<\"'}|tojson}",
            "{\"a\": \"\\u00e9\\u003c\\\"\", \"b\": [1, 1.5, null, true]}",
        ),
        ("{path|string|tojson}", "\"/in/sub/a b.tar.gz\""),
        ("{'<&\"'|e|e} {'<'|e|forceescape}", "&lt;&amp;&#34; &amp;lt;"),
        ("{'<b>x</b>  &amp; <!-- y --> z'|striptags}", "x & z"),
        ("<a{{'id': 'x>', 'no': none}|xmlattr}>", "<a id=\"x&gt;\">"),
    ]);
    for wrong in ["{path|tojson}", "{{'a b': 1}|xmlattr}", "{'a'|xmlattr}"] {
        assert!(filled(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn fractions_and_formats_are_pythons() {
    check(&[
        (
            "{1e20} {1e-7} {0 - 2.5e-10} {0.0001} {1e15} {1e16|string}",
            "1e+20 1e-07 -2.5e-10 0.0001 1000000000000000.0 1e+16",
        ),
        ("{'{!r}|{}|{!s}'.format('a', 'b', 1)}", "'a'|b|1"),
        ("{'{0!r:>5}{1}'.format('a', 1)}", "  'a'1"),
        ("{'{x!r}{}'.format(1, x='a')}", "'a'1"),
        ("{'{:.1%} {:%}'.format(0.256, 1)}", "25.6% 100.000000%"),
        ("{'{:%Y-%m}'.format(today())}", "2026-03"),
        ("{'{{{!r}}}'.format('a')}", "{'a'}"),
    ]);
}

#[test]
fn what_is_missing_or_broken_is_said() {
    for (text, said) in [
        ("{extension}", "no value for the placeholder `extension`"),
        ("{path.nothing}", "no value for the placeholder `path.nothing`"),
        ("{path.foo()}", "the placeholder"),
        ("{'a' + 1}", "the placeholder"),
        ("{% include 'x' %}", "the"),
    ] {
        let error = filled(text).expect_err(text);
        assert!(error.starts_with(said), "{text}: {error}");
    }
}

#[test]
fn mistakes_are_found_when_compiling_with_their_place() {
    for (text, part) in [("abc {path", 4usize..9), ("x {a b}", 5..6), ("{% if %}", 6..8), ("{'a}", 1..4)] {
        let error = Template::compile(text).expect_err(text);
        let found = error.part.expect(text);
        assert!(found.start >= part.start.saturating_sub(1) && found.start <= part.end, "{text}: {found:?}");
    }
}

#[test]
fn hostile_templates_come_to_an_end() {
    for text in [
        "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}",
        "{'x' * 1000000000}",
        "{% macro m() %}{m()}{% endmacro %}{m()}",
        "{range(1000000000) | list | length}",
        "{'%1000000000d' % 1}",
        "{'a' | center(1000000000)}",
        "{2 ** 100000 ** 10}",
    ] {
        let start = std::time::Instant::now();
        assert!(filled(text).is_err(), "{text}");
        assert!(start.elapsed().as_secs() < 5, "{text}");
    }
    let deep = format!("{{{}1{}}}", "(".repeat(5_000), ")".repeat(5_000));
    assert!(Template::compile(&deep).is_err());
}

#[test]
fn the_variables_of_a_template_are_known() {
    let template =
        Template::compile("{extension}/{path.name}{% if size.bytes %}{% endif %}").expect("a template");
    for name in ["extension", "path", "size"] {
        assert!(template.variables().iter().any(|known| known == name), "{name}");
    }
    let template = Template::compile("x {path.stem[:2]}").expect("a template");
    assert_eq!(template.variables(), ["path"]);
    assert!(Template::compile("plain $VAR").expect("a template").is_literal());
}

#[test]
fn what_looks_like_an_environment_variable_is_found() {
    let found = |text: &str| Template::compile(text).expect(text).dollar_brace();
    assert_eq!(found("a/${HOME}/b"), Some(2..9));
    assert_eq!(found("${extension} {path}"), None);
}

#[test]
fn what_the_environment_holds_is_expanded_and_what_files_are_called_is_not() {
    let world = Fake::new().file("/in/$X", "").with_env("X", "~/x").with_env("Y", "$Z/y").with_env("Z", "z");
    let rule = rule("rules: [{locations: /in, actions: trash}]");
    world.looking(&rule, "/in/$X", |cx| {
        for (text, wanted) in [
            ("{env.X}", "/home/me/x"),
            ("{env['X']}/a", "/home/me/x/a"),
            ("{env.get('No', '~/y')}", "/home/me/y"),
            ("{env.No|default('~/y')}", "/home/me/y"),
            ("/a/{env.X}/{env.Y}", "/a/~/x/z/y"),
            ("{path.name}", "$X"),
            ("{path.name if env.X else ''}", "$X"),
            ("{env.Y ~ path.name}", "$Z/y$X"),
            ("{% set env = path %}{env.name}", "$X"),
            ("{'a' if 'path' else '$X'}$Z", "az"),
        ] {
            let filled = Template::compile(text).expect(text).fill(cx).expect(text);
            assert_eq!(filled.text, wanted, "{text}");
        }
    });
}

#[test]
fn stretches_from_placeholders_are_known_after_expansion() {
    let world = Fake::new();
    let rule = rule("rules: [{locations: /in, actions: trash}]");
    world.looking(&rule, "/in/a", |cx| {
        let filled =
            Template::compile("~/x/{path.name}/{path.stem}").expect("a template").fill(cx).expect("filled");
        assert_eq!(filled.text, "/home/me/x/a/a");
        assert_eq!(filled.dynamic, [11..12, 13..14]);
    });
}

/// Pieces that mean something in a template.
const PIECES: &[&str] = &[
    "{",
    "}",
    "{%",
    "%}",
    "{#",
    "#}",
    "'",
    "\"",
    "(",
    ")",
    "[",
    "]",
    "|",
    ".",
    ",",
    "%",
    "~",
    "$",
    "$X",
    "\\",
    " ",
    "path",
    "path.name",
    "env",
    "env.X",
    "now()",
    ".strftime",
    "'%Y'",
    "'%d' % ",
    "for x in ",
    "endfor",
    "if ",
    "endif",
    "set x = ",
    "raw",
    "endraw",
    "range(9)",
    "upper",
    "format",
    "1",
    "-",
    "é",
    "\n",
    "[:3]",
    "x",
    "==",
    "is defined",
    "filter upper",
    "endfilter",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 1000, ..Default::default() })]

    #[test]
    fn no_template_makes_it_panic(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..25)) {
        let text = pieces.concat();
        let world = Fake::new().with_env("X", "x");
        let rule = rule("rules: [{locations: /in, actions: trash}]");
        world.looking(&rule, "/in/a", |cx| {
            if let Ok(template) = Template::compile(&text)
                && let Ok(filled) = template.fill(cx)
            {
                for range in filled.dynamic {
                    assert!(filled.text.get(range).is_some());
                }
            }
        });
    }
}

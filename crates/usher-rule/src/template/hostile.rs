//! Whatever stands in a template: compiling and filling it ends soon, in little memory, and never with a panic.

use std::time::Duration;

use proptest::prelude::*;

use super::Template;
use crate::fake::{Fake, rule};

/// The longest text a template may make: what the fuel buys.
const LONGEST: usize = 8 * 1024 * 1024;

/// How long this thread has worked. Not the clock on the wall, which goes on while others are at work.
#[cfg(unix)]
fn worked() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

#[cfg(not(unix))]
fn worked() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

/// Compiles and fills; what becomes of it does not matter.
fn survive(text: &str) -> Result<(), String> {
    let start = worked();
    let world = Fake::new().file("/in/a.txt", "a").with_env("X", "{X}$X~");
    let rule = rule("rules: [{name: My rule, locations: /in, actions: trash}]");
    let filled = world.looking(&rule, "/in/a.txt", |cx| {
        let template = Template::compile(text).ok()?;
        let filled = template.fill(cx).ok()?;
        Some(filled)
    });
    if let Some(filled) = &filled {
        let fits = |range: &std::ops::Range<usize>| filled.text.get(range.clone()).is_some();
        if filled.text.len() > LONGEST || !filled.dynamic.iter().all(fits) {
            return Err(format!("{} bytes from {text:.200}", filled.text.len()));
        }
    }
    match worked() - start {
        long if long > Duration::from_secs(10) => Err(format!("{long:?} for {text:.200}")),
        _ => Ok(()),
    }
}

/// The most memory this process has had at once, in bytes.
#[cfg(target_os = "linux")]
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

const ENDLESS: &[&str] = &[
    "{% set x = 'ab' * 300000 %}{% set y = [x, x, x, x, x, x, x, x] %}{[y, y, y, y, y, y, y, y]}",
    "{% set x = 'ab' * 300000 %}{% set y = (x, x, x, x) %}{{'a': y, 'b': y}|string}",
    "{% for i in range(1000000000) %}{i}{% endfor %}",
    "{% for i in range(1000000000) %}{% endfor %}",
    "{% for i in range(30000) %}{% for j in range(30000) %}x{% endfor %}{% endfor %}",
    "{'a' * 10**9}",
    "{{'a'*10**9}}",
    "{('a' * 10**9)|length}",
    "{'a' * 10**6 * 10**3}",
    "{[1] * 10**9}",
    "{([1] * 10**9)|length}",
    "{path.parts * 10**8}",
    "{range(10**9)|list|length}",
    "{range(10**9)|sum}",
    "{range(10**9)|join}",
    "{range(10**9)|map('string')|join}",
    "{range(10**9)|sort|first}",
    "{range(10**9)|batch(2)|list|length}",
    "{range(99999)|batch(10**9, 'x')|list|length}",
    "{range(10)|slice(10**9)|list|length}",
    "{10**10**10}",
    "{2**100000}",
    "{'%1000000000d' % 1}",
    "{'%.1000000000f' % 1.5}",
    "{'%0999999999d' % 7}",
    "{'{:>1000000000}'.format(1)}",
    "{'{0:999999999d}'.format(1)}",
    "{'a'.ljust(10**9)}",
    "{'a'.zfill(10**9)}",
    "{'a'|center(10**9)}",
    "{'a\\nb'|indent(10**9)}",
    "{'\\t'.expandtabs(10**9)}",
    "{('\\t' * 99999).expandtabs(9999)}",
    "{('a' * 60000).replace('a', 'b' * 60000)|length}",
    "{('a' * 60000)|replace('', 'b' * 60000)|length}",
    "{('b' * 60000).join(('a' * 60000)|list)|length}",
    "{('a,' * 99999).split(',')|join('x' * 60000)|length}",
    "{'<' * 10**6|e|length}",
    "{('{0!r}' * 9999).format('a' * 60000)|length}",
    "{('<' * 60000)|forceescape|forceescape|forceescape|forceescape|length}",
    "{[range(99999)|list] * 9999|tojson}",
    "{% set a = ['<'] * 99 %}{% set b = [a] * 99 %}{% set c = [b] * 99 %}{% set d = [c] * 99 %}{d|string}{'{!r}'.format(d)}",
    "{% set a = ['<'] * 99 %}{% set b = [a] * 99 %}{% set c = [b] * 99 %}{% set d = [c] * 99 %}{d|tojson|length}",
    "{% set a = ['<'] * 99 %}{% set b = [a] * 99 %}{% set c = [b] * 99 %}{% set d = [c] * 99 %}{d|e}{d|striptags}",
    "{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{ns.s|length}",
    "{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}{ns.s|length}",
    "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{ns.s}",
    "{% macro m() %}{m()}{% endmacro %}{m()}",
    "{% macro m(n) %}{m(n + 1)}{m(n + 1)}{% endmacro %}{m(0)}",
    "{% filter upper %}{% for i in range(10**9) %}x{% endfor %}{% endfilter %}",
    "{% set x %}{% for i in range(10**9) %}x{% endfor %}{% endset %}{x}",
    "{% set ns = namespace(s=[1]) %}{% for i in range(99999) %}{% set ns.s = [ns.s] %}{% endfor %}{ns.s}",
    "{% set ns = namespace(s=[1]) %}{% for i in range(9000) %}{% set ns.s = [ns.s] %}{% endfor %}{ns.s}",
    "{% for i in range(9999) %}{env['A' ~ i]}{% endfor %}",
    "{% for i in range(9999) %}{env.get('A' ~ i)}{% endfor %}",
    "{% for i in range(9999) %}{path.with_name('a' ~ i).exists()}{% endfor %}",
    "{% set ns = namespace(p=path) %}{% for i in range(9999) %}{% set ns.p = ns.p.joinpath('a' * 9999) %}{% endfor %}",
    "{now().replace(year=10**9)}",
    "{now().strftime('%Y' * 60000)}",
    "{now().strftime('%99999999999d')}",
    "{'x'|urlencode * 10**9}",
    "{('é' * 60000)|upper|lower|title|capitalize|reverse|length}",
    "{'a' if (((((((((((((((true))))))))))))))) else 'b'}",
];

/// What tells a process of this test that it is there for one template.
const ALONE: &str = "USHER_TEST_TEMPLATE";

/// Each in a process of its own: what is known is how much memory a process has had, whatever its tests were.
#[test]
fn what_has_no_end_is_ended() {
    if let Ok(text) = std::env::var(ALONE) {
        survive(&text).unwrap();
        #[cfg(target_os = "linux")]
        assert!(peak() < 512 * 1024 * 1024, "{} MiB after {text}", peak() / 1024 / 1024);
        return;
    }
    let (_, module) = module_path!().split_once("::").unwrap();
    for text in ENDLESS {
        let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
        alone.args([&format!("{module}::what_has_no_end_is_ended"), "--exact"]).env(ALONE, text);
        let output = alone.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{text}: {}: {said}", output.status);
    }
}

#[test]
fn what_nests_without_end_is_refused() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("{'a': ", "}"), ("-", ""), ("not ", ""), ("a.", ""), ("a|", "")]
    {
        let deep = format!("{{{}1{}}}", open.repeat(20_000), close.repeat(20_000));
        survive(&deep).unwrap();
        // As deep as it is let through.
        survive(&format!("{{{}1{}}}", open.repeat(399), close.repeat(399))).unwrap();
    }
    for chain in
        ["+1", ".a", "|e", "[0]", "(1)", " and a", " is odd", "~a", " if a else b", "**2", "=='a'", " in a"]
    {
        survive(&format!("{{a{}}}", chain.repeat(20_000))).unwrap();
        survive(&format!("{{a{}}}", chain.repeat(150))).unwrap();
    }
    survive(&format!("{{% if a %}}{}{{% endif %}}", "{% elif b %}".repeat(20_000))).unwrap();
    survive(&format!("{{% if a %}}{}{{% endif %}}", "{% elif b %}".repeat(399))).unwrap();
    survive(&format!("{{% if a %}}{}{}", "{% else %}{% if a %}".repeat(9_999), "{% endif %}".repeat(10_000)))
        .unwrap();
    survive(&"{% if true %}x{% endif %}".repeat(2_000)).unwrap();
    for open in ["{", "{% if a %}", "{% for a in b %}", "{#", "{% raw %}", "{'", "{a[", "{'%s' % ("] {
        survive(&open.repeat(20_000)).unwrap();
    }
}

/// Pieces that mean something in a template.
const PIECES: &[&str] = &[
    "{",
    "}",
    "{%",
    "%}",
    "{#",
    "#}",
    "{{",
    "}}",
    "{'{'}",
    "'",
    "\"",
    "\\",
    "|",
    "~",
    "$",
    "$X",
    "~/",
    "%",
    ".",
    ",",
    "(",
    ")",
    "[",
    "]",
    ":",
    "=",
    "==",
    "<",
    "+",
    "-",
    "*",
    "**",
    "//",
    " ",
    "\n",
    "\r\n",
    "0",
    "7",
    "1e9",
    "10**9",
    "path",
    "path.name",
    ".stem",
    ".parts",
    "relative_path",
    "location",
    "rule",
    "env",
    "env.X",
    "now()",
    "today()",
    ".strftime('%Y')",
    ".replace(",
    "range(",
    "loop",
    "loop.index",
    "if ",
    "else ",
    "endif ",
    "elif ",
    "for i in ",
    "endfor ",
    "set x = ",
    "macro m() ",
    "endmacro ",
    "filter upper ",
    "endfilter ",
    "raw ",
    "endraw ",
    "include 'a' ",
    "extends 'a' ",
    "block b ",
    "endblock ",
    "with ",
    "is ",
    "not ",
    "in ",
    "and ",
    "or ",
    "none",
    "true",
    "x",
    "i",
    "upper",
    "join",
    "default('x')",
    "truncate(3)",
    "format(1)",
    "map('upper')",
    "list",
    "length",
    "exists()",
    "'%s' % ",
    "'%99d' % ",
    "'a' * ",
    "é",
    "e\u{301}",
    "\u{1f389}",
    "\0",
    "\u{7f}",
    "${X}",
    "{path",
    "a}",
];

/// Templates that work, to be damaged.
const VALID: &[&str] = &[
    "~/out/{path.stem.upper()|replace(' ', '_')}/{'%02d' % now().month}{path.suffix}",
    "{% if path.suffix == '.txt' and not path.name is none %}{path.name[:3]}{% else %}{env.get('X', 'y')}{% endif %}",
    "{% for part in path.parts[1:] %}{loop.index}-{part|title}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% set x = path.with_suffix('.md') %}{x.exists()}{x.name}{# note #}{% raw %}{x}{% endraw %}",
    "{% macro m(a, b=2) %}<{a * b}>{% endmacro %}{m(3)}{m(b=path.name|length, a=1)} $X/$Y ~ {rule} {rule_nr}",
];

fn damaged() -> impl Strategy<Value = String> {
    let edit =
        (any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop::sample::select(PIECES), 0..4);
    (prop::sample::select(VALID), prop::collection::vec(edit, 1..5)).prop_map(|(text, edits)| {
        let mut chars: Vec<char> = text.chars().collect();
        for (from, len, piece, kind) in edits {
            let from = from.index(chars.len() + 1);
            let to = (from + len.index(10)).min(chars.len());
            let piece: Vec<char> = match kind {
                0 => Vec::new(),
                1 => chars[from..to].repeat(2),
                _ => piece.chars().collect(),
            };
            chars.splice(from..to, piece);
        }
        chars.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_template_or_none(text in "\\PC{0,80}") {
        survive(&text).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn any_text_in_braces_is_a_template_or_none(text in "[{}%#'\"|.()\\[\\]a-c0-9 \\\\~$é-]{0,60}") {
        survive(&format!("{{{text}}}")).map_err(TestCaseError::fail)?;
        survive(&format!("{{% {text} %}}")).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn any_heap_of_pieces_is_a_template_or_none(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..30)) {
        survive(&pieces.concat()).map_err(TestCaseError::fail)?;
        survive(&format!("{{{}}}", pieces.concat())).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn a_template_with_mistakes_in_it_is_survived(text in damaged()) {
        survive(&text).map_err(TestCaseError::fail)?;
    }
}

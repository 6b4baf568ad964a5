//! Filters that have been there from the start: which files pass, and what they tell templates.

use crate::case::{Case, check, said};
use crate::deliberate::Deliberate::*;

const NAMES: &str = "in/a.txt; in/b.PDF; in/c.tar.gz; in/.hidden; in/.hidden.txt; in/none; in/odd.; in/é.ÄÖ; \
                     in/d.jpg; in/e.001; in/two words.TXT; in/...txt; in/x.tar.";

/// Each list of filters in each mode over one tree.
fn lists(tree: &str, lists: &[&str]) {
    check(lists.iter().map(|filters| Case::filters(tree, filters)).collect());
}

fn says(tree: &str, cases: &[(&str, &str)]) {
    check(said(tree, cases));
}

#[test]
fn extension() {
    lists(
        NAMES,
        &[
            "extension: txt",
            "extension: .txt",
            "extension: TXT",
            "extension: [pdf, .JPG]",
            "extension: [pdf, [jpg, [gz]]]",
            "extension",
            "extension:",
            "extension: []",
            "extension: ''",
            "extension: ['']",
            "extension: tar.gz",
            "extension: gz jpg",
            "extension: [gz jpg]",
            "extension: äö",
            "extension: ÄÖ",
            "extension: '001'",
            "extension: {extensions: [pdf, txt]}",
            "extension: {extensions: pdf txt}",
            "extension: hidden",
            "extension: ..txt",
            "not extension: txt",
            "not extension",
            "Extension: txt",
            "EXTENSION: txt",
            "{extension: txt}, {extension: pdf}",
        ],
    );
}

#[test]
fn extension_is_said() {
    says(
        NAMES,
        &[
            ("extension", "<{extension}>"),
            ("extension: [txt, pdf]", "<{extension}> <{extension.upper()}> <{extension|lower}>"),
            ("not extension: pdf", "<{extension}>"),
        ],
    );
}

#[test]
fn name() {
    let tree = "in/Invoice 2024-03.pdf; in/invoice.pdf; in/scan_001.png; in/scan_x.png; in/.hidden; in/a.b.c; \
                in/[x].txt; in/a?b.txt; in/star*.txt; in/ÄRGER.txt; in/é.txt; in/123.txt; in/1.5.txt; in/-7.txt; \
                in/no; in/ blank .txt; in/aXbXc.txt";
    lists(
        tree,
        &[
            "name: invoice",
            "name: Invoice*",
            "name: '*'",
            "name: ''",
            "name",
            "name: 'scan_{nr:int}'",
            "name: 'scan_{nr}'",
            "name: '{}'",
            "name: '{x:int}'",
            "name: '{x:float}'",
            "name: '{x:letters}'",
            "name: '{a}X{b}X{c}'",
            "name: '{a}X{b}'",
            "name: 'a?b'",
            "name: '[x]'",
            "name: 'star*'",
            "name: {match: 'INVOICE*', case_sensitive: false}",
            "name: {startswith: scan}",
            "name: {startswith: [scan, In]}",
            "name: {startswith: []}",
            "name: {contains: '001'}",
            "name: {contains: 001}",
            "name: {contains: 1}",
            "name: {endswith: [x, '3']}",
            "name: {endswith: .pdf}",
            "name: {contains: ärger, case_sensitive: false}",
            "name: {contains: ÄRGER, case_sensitive: no}",
            "name: {startswith: scan, contains: '_', endswith: '1'}",
            "name: 123",
            "name: 1.5",
            "name: {startswith: 1, endswith: 3}",
            "name: {match: '{y:int}', startswith: 1}",
            "name: .hidden",
            "name: hidden",
            "name: a.b",
            "name: a",
            "name: ' blank '",
            "not name: '*i*'",
            "name: \"e\u{301}\"",
            "name: {contains: \"e\u{301}\"}",
        ],
    );
}

#[test]
fn names_in_either_unicode_form() {
    lists(
        "in/caf\u{e9}.txt; in/cafe\u{301} 2.txt; in/cafe 3.txt",
        &[
            "name: \"caf\u{e9}*\"",
            "name: \"cafe\u{301}*\"",
            "name: {endswith: \"\u{e9}\"}",
            "regex: \"^caf\u{e9}\"",
            "regex: \"^cafe\u{301}\"",
            "regex: '^caf.( 2)?\\.txt$'",
        ],
    );
    says(
        "in/cafe\u{301}.txt",
        &[
            ("name", "{name|length} {path.stem|length}"),
            ("name: '{x}'", "{name.x|length}"),
            ("regex: '(?P<x>.*)'", "{regex.x|length}"),
        ],
    );
}

#[test]
fn name_is_said() {
    let tree = "in/Invoice 2024-03.pdf; in/scan_001.png; in/.hidden; in/a.b.c; in/12 a@b.de x";
    says(
        tree,
        &[
            ("name", "<{name}>"),
            ("name: '*'", "<{name}> {name.upper()} {name[:3]}"),
            ("name: '{kind} {year:int}-{month:int}'", "{name.kind} {name.year + 1} {name['month']}"),
            ("name: 'scan_{nr:int}'", "{name.nr}"),
            ("name: '{nr:int} {mail:email} {}'", "{name.nr} {name.mail}"),
            ("not name: 'scan_{nr:int}'", "{name}"),
            ("name: {match: 'SCAN_{nr}', case_sensitive: false}", "{name}"),
            ("name: 'scan{}'", "{name}"),
        ],
    );
}

#[test]
fn simplematch() {
    let tree = "in/12.txt; in/-12.txt; in/+5; in/1.txt; in/1.50.txt; in/.5.txt; in/abc; in/äbc; in/a b; in/a_1; \
                in/me@example.org x; in/192.168.1.1.x; in/999.1.1.1.x; in/4aae.x; in/(500) x; in/#ff00aa; \
                in/4111111111111111.x; in/https example.org; in/123-45-6789; in/2001:db8::1.x; in/a\\b; in/a.b+c.x";
    lists(
        tree,
        &[
            "name: '{x:int}'",
            "name: '{x:float}'",
            "name: '{x:letters}'",
            "name: '{x:bitcoin}'",
            "name: '{x:email}*'",
            "name: '{x:ipv4}'",
            "name: '{x:ipv6}'",
            "name: '{x:ssn}'",
            "name: '{x:ccard}'",
            "name: '{x:url}'",
            "name: '*{n:int}'",
            "name: '*{n:int}*'",
            "name: '{a}{b}'",
            "name: '{a} {b}'",
            "name: '({x:int}) *'",
            "name: 'a.b+*'",
            "name: '#{x}'",
            "name: 'a\\b'",
            "name: '**b**'",
        ],
    );
}

#[test]
fn regex() {
    let tree = "in/Invoice 2024-03.pdf; in/invoice.pdf; in/scan_001.png; in/.hidden; in/aab.txt; in/ÄRGER.txt; \
                in/a1b22.txt; in/foo\\bar; in/l1";
    lists(
        tree,
        &[
            "regex: invoice",
            "regex: '^invoice'",
            "regex: '(?i)invoice'",
            "regex: '\\.pdf$'",
            "regex: '^.*\\d{3}.*$'",
            "regex: '(a)\\1'",
            "regex: '(?<=scan_)\\d+'",
            "regex: '(?!scan)^.*png'",
            "regex: '^\\w+\\.txt$'",
            "regex: '[^\\W\\d_]{5}'",
            "regex: {expr: 'a|s'}",
            "regex: ''",
            "regex: 1",
            "regex: '\\bpdf\\b'",
            "regex: '(?x) a  a # two'",
            "regex: '\\Ainv.*\\Z'",
            "regex: '[[:alpha:]]'",
            "regex: '(?P<a>.)(?P=a)'",
            "regex: '(?a)^\\w+\\.txt$'",
            "regex: '\\u00c4'",
            "regex: 'l{1,}1'",
            "regex: 'a{,2}b'",
            "not regex: '\\d'",
        ],
    );
    says(
        tree,
        &[
            ("regex: '(?P<word>[a-z]+)'", "{regex.word}"),
            ("regex: '^(?P<a>\\w)(?P<b>x)?'", "{regex.a} {regex.b}"),
            ("{regex: '(?P<a>\\d)'}, {regex: '(?P<b>\\d)\\D*$'}", "{regex.a} {regex.b}"),
            ("regex: '(?P<year>\\d{4})-(?P<month>\\d\\d)'", "{regex.year}/{regex['month']}"),
            ("not regex: '(?P<year>\\d{4})'", "{path}"),
        ],
    );
}

#[test]
fn size() {
    let tree = "in/empty=; in/one=x; in/a*999; in/b*1000; in/c*1001; in/d*1024; in/e*1500; in/f*2000000; in/g*1048576";
    lists(
        tree,
        &[
            "size: 0",
            "size: '0'",
            "size: 1000",
            "size: '> 1k'",
            "size: '>= 1k'",
            "size: '< 1 kb'",
            "size: '<= 1 KiB'",
            "size: '>1ki'",
            "size: '= 1.5k'",
            "size: '== 1MiB'",
            "size: '> 1k, < 1M'",
            "size: ['> 1k', '<1500']",
            "size: ['> 1k', ['<1500', '!= 5']]",
            "size: '> 0.5 kb'",
            "size: '>.5kb'",
            "size: '>1.'",
            "size: {conditions: '>1k'}",
            "size: {conditions: ['>1k', '< 2 MB']}",
            "size: '> 1 B'",
            "size: '>1kB '",
            "size: '> many'",
            "size: '> 5 apples, < 1k'",
            "size: ''",
            "size",
            "size: []",
            "size: '>1e3'",
            "size: '-5'",
            "size: '<1G, >1T'",
            "size: '> 1 000'",
            "size: 1.5k",
            "size: 1000.0",
            "size: ',>1k,'",
            "not size: '>1k'",
            "size: '>1_000'",
        ],
    );
    says(
        tree,
        &[
            ("size", "{size.bytes} {size.traditional} {size.binary} {size.decimal}"),
            ("size: '>1k'", "{size.bytes / 1000} {size.bytes // 1000} {size['decimal']}"),
        ],
    );
}

#[test]
fn empty() {
    let tree = "in/empty=; in/full; in/hollow/; in/deep/hollow/; in/deep/empty=";
    check(vec![
        Case::filters(tree, "empty"),
        Case::filters(tree, "empty:"),
        Case::filters(tree, "not empty"),
        Case::rule(tree, "targets: dirs\n    filters: [empty]\n    actions: [{move: ~/out/}]"),
        Case::rule(tree, "targets: dirs\n    filters: [not empty]\n    actions: [{move: ~/out/}]"),
        Case::rule(tree, "subfolders: true\n    filters: empty\n    actions: delete"),
        Case::rule(tree, "subfolders: true\n    filters:\n      - empty\n    actions:\n      - trash"),
    ]);
}

#[test]
fn mimetype() {
    lists(
        "in/a.txt; in/b.PDF; in/c.jpg; in/d.png; in/e.html; in/f.tar.gz; in/g.zip; in/h.mp3; in/i.mp4; in/j.unknown; \
         in/none; in/k.json; in/l.csv; in/m.tgz; in/n.xml; in/o.gif; in/q.py; in/r.css; in/s.svg; in/t.wav; \
         in/u.avi; in/v.mov; in/w.doc; in/x.xls; in/y.ppt; in/z.bmp; in/za.tif; in/zb.htm; in/zc.mpg; in/zd.sh",
        &[
            "mimetype: image",
            "mimetype: image/jpeg",
            "mimetype: [audio, video]",
            "mimetype: text/plain",
            "mimetype: text",
            "mimetype: application/pdf",
            "mimetype: application/zip",
            "mimetype: application/x-tar",
            "mimetype",
            "mimetype: []",
            "mimetype: {mimetypes: [image/png, [text/html]]}",
            "mimetype: ''",
            "mimetype: IMAGE",
            "not mimetype: image",
            "not mimetype",
        ],
    );
    says(
        "in/a.txt; in/b.jpg; in/none; in/c.tar.gz",
        &[("mimetype", "{mimetype}"), ("not mimetype: image", "{mimetype}")],
    );
}

#[test]
fn lastmodified() {
    // One file of 1990 and 2020 each, and one of the far future.
    let tree = "in/old@631152000; in/newer@1577836800; in/future@4102444800";
    lists(
        tree,
        &[
            "lastmodified",
            "lastmodified:",
            "lastmodified: {days: 1}",
            "lastmodified: {years: 20}",
            "lastmodified: {years: 20, mode: newer}",
            "lastmodified: {years: 20, mode: older}",
            "lastmodified: {mode: newer}",
            "lastmodified: {months: 240, weeks: 3, days: 2, hours: 1, minutes: 5, seconds: 7}",
            "lastmodified: {days: 0}",
            "lastmodified: {days: '3'}",
            "lastmodified: {days: 3.0}",
            "lastmodified: {days: '1.0'}",
            "lastmodified: {days: -10000}",
            "lastmodified: {days: -10000, mode: newer}",
            "lastmodified: {days: -50000}",
            "lastmodified: 20",
            "lastmodified: {years: 20, timezone: Asia/Tokyo}",
            "not lastmodified: {years: 20}",
            "{lastmodified: {years: 20, mode: newer}}, {lastmodified: {years: 1}}",
        ],
    );
}

#[test]
fn lastmodified_is_said() {
    let tree = "in/a@631152000; in/b@1577836800; in/c@1720613106; in/d@1710000000";
    let cases = [
        ("lastmodified", "{lastmodified}"),
        ("lastmodified", "{lastmodified.year}-{lastmodified.month}-{lastmodified.day}"),
        (
            "lastmodified",
            "{lastmodified.hour}:{lastmodified.minute}:{lastmodified.second}.{lastmodified.microsecond}",
        ),
        (
            "lastmodified",
            "{lastmodified.strftime(\"%Y-%m-%d %H:%M:%S %j %A %B %a %b %y %p %I %U %W %w %%\")}",
        ),
        ("lastmodified", "{lastmodified.isoformat()} {lastmodified.date()} {lastmodified.weekday()}"),
        ("lastmodified", "{lastmodified.isoweekday()} {lastmodified.timestamp()} {lastmodified.time()}"),
        ("lastmodified", "{lastmodified.isocalendar()[1]} {lastmodified.tzname()}"),
        ("lastmodified: {timezone: Asia/Tokyo}", "{lastmodified}"),
        (
            "lastmodified: {timezone: America/New_York}",
            "{lastmodified} {lastmodified.strftime(\"%H %z %Z\")}",
        ),
        ("lastmodified: {timezone: UTC}", "{lastmodified} {lastmodified.strftime(\"%z %Z\")}"),
        ("lastmodified: {timezone: '+05:30'}", "{lastmodified}"),
        ("lastmodified: {timezone: utc}", "{lastmodified}"),
        ("lastmodified", "{\"%04d-%02d\" % (lastmodified.year, lastmodified.month)}"),
        ("lastmodified", "{lastmodified.replace(year=2000)}"),
        ("lastmodified", "{lastmodified.replace(tzinfo=none)} {lastmodified.replace(tzinfo=none) < now()}"),
        ("lastmodified", "{lastmodified.isoformat(' ')} {lastmodified.isoformat(timespec=\"hours\")}"),
        (
            "lastmodified",
            "{lastmodified.time().hour} {lastmodified.time().isoformat()} {lastmodified.utcoffset()}",
        ),
        ("lastmodified", "{lastmodified.strftime(format=\"%_d %^a %10Y %-H %e %s %G-W%V %c\")}"),
        ("lastmodified: {timezone: Asia/Kolkata}", "{lastmodified.utcoffset()} {lastmodified.time()}"),
        ("lastmodified", "{(lastmodified.month - 1) // 3 + 1}"),
    ];
    says(tree, &cases);
}

#[test]
fn created() {
    lists(
        "in/a; in/b@631152000",
        &[
            "created",
            "created: {days: 1}",
            "created: {days: 1, mode: newer}",
            "created: {hours: 1, mode: older}",
            "created: {days: -1}",
            "not created: {days: 1, mode: newer}",
        ],
    );
    says(
        "in/a",
        &[(
            "created",
            "{created.year > 2000} {created.year == now().year or created.year + 1 == now().year}",
        )],
    );
}

#[test]
fn modes_and_order() {
    let tree = "in/a.txt; in/b.txt; in/a.pdf; in/c.md=; in/d";
    let rule = |lines: &str| Case::rule(tree, &format!("{lines}\n    actions: [{{move: ~/out/}}]"));
    check(vec![
        rule("filter_mode: all\n    filters: [extension: txt, name: a]"),
        rule("filter_mode: any\n    filters: [extension: txt, name: a]"),
        rule("filter_mode: none\n    filters: [extension: txt, name: a]"),
        rule("filter_mode: none\n    filters: [not extension: txt]"),
        rule("filter_mode: any\n    filters: [not extension: txt, not name: a]"),
        rule("filter_mode: any\n    filters: []"),
        rule("filter_mode: any"),
        rule("filter_mode: none"),
        rule("filter_mode: all\n    filters:"),
        rule("filters: [[[extension: txt]], [name: a]]"),
        rule("filters: {extension: txt}"),
        rule("filters: empty"),
        rule("filters: [empty, extension]"),
    ]);
    let write = |lines: &str, text: &str| {
        Case::rule(
            tree,
            &format!("{lines}\n    actions: [{{write: {{text: '{text}', outfile: ~/said.txt}}}}]"),
        )
    };
    check(vec![
        write("filter_mode: any\n    filters: [extension: txt, name: a]", "{extension} {name}"),
        write("filters: [name: a, extension]", "{extension} {name}"),
        write("filter_mode: none\n    filters: [name: x, extension: zip]", "{extension} {name}"),
        write("filter_mode: none\n    filters: [regex: '(?P<n>\\d)']", "{regex.n}"),
        write("filter_mode: any\n    filters: [regex: '(?P<n>a)', extension]", "{path.name} {regex.n}"),
    ]);
}

#[test]
fn files_that_systems_leave_behind() {
    let tree =
        "in/Thumbs.db; in/thumbs.db; in/desktop.ini; in/~$letter.docx; in/.DS_Store; in/.localized; in/a";
    check(vec![Case::rule(tree, "actions: [{move: ~/out/}]").differs(
        SystemFilesInAnyCase,
        "in/.DS_Store; in/.localized; in/Thumbs.db; in/desktop.ini; in/thumbs.db; in/~$letter.docx; out/a",
    )]);
}

#[test]
fn fields_without_a_name_and_encodings_nobody_knows() {
    let filters = ["name: '{:int}'", "name: '{:int}{}'", "name: '{*}'", "name: '{a b}*'"];
    check(filters.iter().map(|filter| Case::filters("in/12", filter).departs(NonsenseIsRefused)).collect());
    let unknown = "write: {text: x, outfile: ~/log, encoding: maybe}";
    check(vec![Case::actions("in/a", unknown).departs(NonsenseIsRefused)]);
}

#[test]
fn characters_by_number() {
    let tree = "in/a.txt; in/aa; in/a1; in/b; in/ab";
    let mut cases: Vec<Case> = [
        r"^\141", r"^[\141]", r"^\0", r"^\1411", r"(a)\1", r"(a)\01", r"^[\1]", r"^\1", r"^(a)\11", r"^\400",
        r"^[\400]", r"^[\8]", r"\\141",
    ]
    .iter()
    .map(|expression| Case::filters(tree, &format!("- regex: '{expression}'")))
    .collect();
    cases.push(Case::rule(
        tree,
        "filters: [regex: '(?P<é>a)']\n    actions: [write: {text: '{regex.é}', outfile: ~/said}]",
    ));
    check(cases);
}

#[test]
fn what_cannot_be_read_is_not_without_the_word() {
    let lines = "filters: [not filecontent: word]\n    actions: [{move: ~/out/}]";
    let tree = "in/a.txt=a word; in/b.txt=none; in/c.pdf=%PDF-broken";
    check(vec![Case::rule(tree, lines).differs(UnreadTextsStay, "in/a.txt; in/c.pdf; out/b.txt")]);
}

/// All of them, to be counted.
pub(crate) const ALL: &[fn()] = &[
    extension,
    extension_is_said,
    name,
    names_in_either_unicode_form,
    name_is_said,
    simplematch,
    regex,
    size,
    empty,
    mimetype,
    lastmodified,
    lastmodified_is_said,
    created,
    modes_and_order,
    files_that_systems_leave_behind,
    fields_without_a_name_and_encodings_nobody_knows,
    characters_by_number,
    what_cannot_be_read_is_not_without_the_word,
];

//! Filters that look into files: what cameras write into pictures, and the text of documents.

use crate::case::{Case, check, said};
use crate::deliberate::Deliberate::{FailedFiltersCount, NonsenseIsRefused};
use crate::made::{Field, Picture, listed, pdf, word};

/// A camera of today, which knows where it was.
fn camera() -> Picture {
    Picture {
        little: true,
        image: vec![
            (0x010e, Field::Text("A lake, seen from above")),
            (0x010f, Field::Text("Canon")),
            (0x0110, Field::Text("Canon EOS R6m2")),
            (0x0112, Field::Short(vec![6])),
            (0x011a, Field::Ratio(vec![(72, 1)])),
            (0x0128, Field::Short(vec![2])),
            (0x0131, Field::Text("Firmware 1.2.0 ")),
            (0x0132, Field::Text("2024:05:01 10:11:12")),
            (0x013b, Field::Text("")),
            (0x8298, Field::Text("me")),
            (0xc6d2, Field::Bytes(vec![1, 2])),
        ],
        camera: vec![
            (0x829a, Field::Ratio(vec![(10, 1250)])),
            (0x829d, Field::Ratio(vec![(28, 10)])),
            (0x8822, Field::Short(vec![3])),
            (0x8827, Field::Short(vec![400])),
            (0x9000, Field::Raw(b"0232".to_vec())),
            (0x9003, Field::Text("2024:04:30 23:59:59")),
            (0x9004, Field::Text("2024:04:30 23:59:58")),
            (0x9010, Field::Text("+02:00")),
            (0x9011, Field::Text("+05:30")),
            (0x9012, Field::Text("-03:00")),
            (0x9101, Field::Raw(vec![1, 2, 3, 0])),
            (0x9204, Field::SignedRatio(vec![(-1, 3)])),
            (0x9207, Field::Short(vec![5])),
            (0x9209, Field::Short(vec![16])),
            (0x920a, Field::Ratio(vec![(50, 1)])),
            (0x9286, Field::Raw(b"ASCII\0\0\0a word".to_vec())),
            (0x9291, Field::Text("07")),
            (0xa001, Field::Short(vec![1])),
            (0xa002, Field::Long(vec![6000])),
            (0xa003, Field::Short(vec![4000])),
            (0xa402, Field::Short(vec![0])),
            (0xa403, Field::Short(vec![1])),
            (0xa432, Field::Ratio(vec![(24, 1), (105, 1), (4, 1), (4, 1)])),
            (0xa434, Field::Text("RF24-105mm F4 L IS USM")),
        ],
        place: vec![
            (0x0000, Field::Bytes(vec![2, 3, 0, 0])),
            (0x0001, Field::Text("N")),
            (0x0002, Field::Ratio(vec![(47, 1), (22, 1), (1234, 100)])),
            (0x0003, Field::Text("E")),
            (0x0004, Field::Ratio(vec![(8, 1), (32, 1), (0, 1)])),
            (0x0005, Field::Bytes(vec![0])),
            (0x0006, Field::Ratio(vec![(4085, 10)])),
            (0x0007, Field::Ratio(vec![(21, 1), (59, 1), (59, 1)])),
            (0x001d, Field::Text("2024:04:30")),
        ],
        thumbnail: vec![(0x0103, Field::Short(vec![6])), (0x011a, Field::Ratio(vec![(72, 1)]))],
    }
}

/// A scanner, with a date that is none and numbers that are odd.
fn scanner() -> Picture {
    Picture {
        image: vec![
            (0x0100, Field::Short(vec![640])),
            (0x0102, Field::Short(vec![8, 8, 8])),
            (0x0106, Field::Short(vec![2])),
            (0x010f, Field::Text("ACME")),
            (0x011a, Field::Ratio(vec![(0, 0)])),
            (0x0132, Field::Text("0000:00:00 00:00:00")),
            (0x013c, Field::Text("a host")),
        ],
        camera: vec![
            (0x9003, Field::Text("2024:04:30")),
            (0x9004, Field::Text("yesterday")),
            (0x9010, Field::Text("UTC+01:00")),
            (0x9011, Field::Text("Z")),
            (0x9012, Field::Text("local")),
            (0x9201, Field::SignedRatio(vec![(-6, 4)])),
            (0x9207, Field::Short(vec![77])),
        ],
        ..Picture::default()
    }
}

/// A telephone that says little.
fn telephone() -> Picture {
    Picture {
        image: vec![(0x010f, Field::Text("Fairphone")), (0x0110, Field::Text("FP4"))],
        camera: vec![(0x9003, Field::Text("2023:12:24 18:00:00"))],
        ..Picture::default()
    }
}

fn pictures() -> String {
    let mut broken = camera().jpeg();
    broken.truncate(120);
    let listed = [
        ("camera.jpg", camera().jpeg()),
        ("raw.tif", camera().tiff()),
        ("scan.TIF", scanner().tiff()),
        ("scan.jpeg", scanner().jpeg()),
        ("telephone.webp", telephone().webp()),
        ("telephone.txt", telephone().jpeg()),
        ("bare.jpg", b"\xff\xd8\xff\xdb\0\x04\0\0\xff\xd9".to_vec()),
    ]
    .map(|(name, bytes)| format!("in/{name}={}", listed(&bytes)));
    format!("{}; in/a text.jpg; in/empty.jpg=; in/note.txt", listed.join("; "))
}

#[test]
fn pictures_are_chosen_by_what_is_in_them() {
    let tree = pictures();
    let filters = [
        "exif",
        "exif:",
        "not exif",
        "exif: image",
        "exif: gps",
        "exif: thumbnail",
        "exif: interoperability",
        "not exif: gps",
        "exif: image.make",
        "exif: image.nothing",
        "exif: exif.lensmodel",
        "exif: Image.Make",
        "exif: {image.make: Canon}",
        "exif: {image.make: canon}",
        "exif: {image.make: 'C*'}",
        "exif: {image.make: '[AC]*'}",
        "exif: {image.make: '?anon'}",
        "exif: {image.make: 'N*'}",
        "exif: {image.make: }",
        "exif: {image.make: ''}",
        "exif: {image.make: Canon, image.model: '*R6*'}",
        "exif: {image.make: Canon, image.model: 'X*'}",
        "exif: {image.datetime: '2024:05*'}",
        "exif: {exif.exposuretime: 1/125}",
        "exif: {exif.isospeedratings: '400'}",
        "exif: {exif.flash: '*did not*'}",
        "exif: {image.orientation: 'rotated*'}",
        "exif: {gps.gpslatituderef: n}",
        "exif: {gps: '*'}",
        "exif: {lowercase_keys: false}",
        "exif: {Image.Make: Canon, lowercase_keys: false}",
        "exif: {image.make: Canon, lowercase_keys: false}",
        "exif: {EXIF.ISOSpeedRatings: '*', lowercase_keys: false}",
        "exif: {filter_tags: {image.make: Canon}}",
        "exif: [a, b]",
        "exif: image.model, extension: jpg",
    ];
    let mut cases: Vec<Case> = filters.iter().map(|filters| Case::filters(&tree, filters)).collect();
    cases.push(Case::filters(&tree, "exif: {image.make: [a, b]}").departs(NonsenseIsRefused));
    // A text has nothing in it that could be asked for.
    cases.push(Case::filters(&tree, "exif: image.make.deeper").departs(FailedFiltersCount));
    check(cases);
}

#[test]
fn pictures_tell_templates_what_is_in_them() {
    check(said(
        &pictures(),
        &[
            ("exif: image", "{exif.image.make} {exif.image.model|default('?')}"),
            ("exif: image.model", "{exif.image.model} {exif.image.model.lower().split()|join('_')}"),
            ("exif: image.datetime", "{exif.image.datetime}"),
            ("exif: gps", "{exif.image.datetime.year} {exif.image.datetime.strftime('%m-%d')}"),
            (
                "exif: gps",
                "{exif.image.imagedescription}|{exif.image.software}|{exif.image.artist}|{exif.image.copyright}",
            ),
            ("exif: gps", "{exif.image.orientation} {exif.image.xresolution} {exif.image.resolutionunit}"),
            ("exif: gps", "{exif.image['tag 0xc6d2']}"),
            ("exif: exif.datetimeoriginal", "{exif.exif.datetimeoriginal}"),
            ("exif: exif.datetimedigitized", "{exif.exif.datetimedigitized}"),
            ("exif: exif.offsettime", "{exif.exif.offsettime}"),
            (
                "exif: exif.offsettimeoriginal",
                "{exif.exif.offsettimeoriginal} {exif.exif.offsettimedigitized}",
            ),
            ("exif: gps", "{exif.exif.offsettimeoriginal.total_seconds()}"),
            (
                "exif: gps",
                "{exif.exif.exposuretime} {exif.exif.fnumber} {exif.exif.focallength} {exif.exif.brightnessvalue}",
            ),
            ("exif: scan", "{exif.exif.shutterspeedvalue}"),
            ("exif: exif.meteringmode", "{exif.exif.meteringmode}"),
            (
                "exif: image.make",
                "{exif.exif.shutterspeedvalue|default('-')} {exif.image.xresolution|default('-')}",
            ),
            (
                "exif: gps",
                "{exif.exif.exposureprogram}|{exif.exif.isospeedratings}|{exif.exif.exifversion}|{exif.exif.flash}",
            ),
            (
                "exif: gps",
                "{exif.exif.componentsconfiguration}|{exif.exif.usercomment}|{exif.exif.subsectimeoriginal}",
            ),
            ("exif: gps", "{exif.exif.colorspace}|{exif.exif.exifimagewidth}x{exif.exif.exifimagelength}"),
            (
                "exif: gps",
                "{exif.exif.exposuremode}|{exif.exif.whitebalance}|{exif.exif.lensmodel}|{exif.exif.lensspecification}",
            ),
            (
                "exif: gps",
                "{exif.gps.gpslatitude} {exif.gps.gpslatituderef} {exif.gps.gpslongitude} {exif.gps.gpsaltitude}",
            ),
            (
                "exif: gps",
                "{exif.gps.gpsversionid} {exif.gps.gpsaltituderef} {exif.gps.gpstimestamp} {exif.gps.gpsdate}",
            ),
            ("exif: gps", "{exif.gps.gpsdate.year} {exif.image.exifoffset} {exif.image.gpsinfo}"),
            ("exif: thumbnail", "{exif.thumbnail.compression} {exif.thumbnail.xresolution}"),
            (
                "exif: image",
                "{exif.image.bitspersample|default('-')} {exif.image.photometricinterpretation|default('-')} {exif.image.imagewidth|default('-')}",
            ),
            (
                "exif: {lowercase_keys: false, Image.Make: '*'}",
                "{exif.Image.Make} {exif.EXIF.DateTimeOriginal}",
            ),
            (
                "exif: gps",
                "{exif.gps|length} {exif.image|length} {exif.exif|length} {exif|length} {exif|join(' ')}",
            ),
            ("exif: gps", "{% for key in exif.exif %}{key} {% endfor %}"),
            ("exif: image", "{% for key in exif.image %}{key}={exif.image[key]}; {% endfor %}"),
            ("exif: image", "{% for key in exif.exif %}{key}={exif.exif[key]}; {% endfor %}"),
            ("exif: gps", "{% for key, value in exif.gps.items() %}{key}={value}; {% endfor %}"),
            ("exif: image.hostcomputer", "{exif.image}"),
            ("exif: gps", "{exif.gps}"),
            ("exif: gps", "{exif}"),
            ("not exif: gps", "{exif|default('nothing')}"),
            ("exif", "{exif.image.make}"),
            ("exif", "{exif.image.make|default('none')}"),
            (
                "exif: gps, python: \"return (exif['exif']['offsettime'], exif['gps']['gpsdate'])\"",
                "{python}",
            ),
        ],
    ));
}

#[test]
fn pictures_are_filed_by_what_is_in_them() {
    let tree = pictures();
    let rules = [
        "filters: [exif: image.datetime]\n    actions: [move: '~/out/{exif.image.datetime.year}/{exif.image.model}/']",
        "filters: [exif: exif.datetimeoriginal]\n    actions: [rename: \"{exif.exif.datetimeoriginal.strftime('%Y-%m-%d')} {path.name}\"]",
        "filters: [exif]\n    actions: [copy: '~/out/{exif.image.make|default(\"unknown\")}/']",
        "filters: [exif: {image.make: Canon}]\n    filter_mode: none\n    actions: [move: ~/out/]",
        "filters: [exif: gps, extension: webp]\n    filter_mode: any\n    actions: [move: '~/out/{exif.image.make}/{extension}/']",
        "targets: dirs\n    filters: [exif]\n    actions: [trash]",
    ];
    check(rules.map(|rule| Case::rule(&tree, rule)).to_vec());
}

fn documents() -> String {
    let letter = "<w:p><w:r><w:t>Invoice</w:t></w:r><w:r><w:t xml:space=\"preserve\"> No 4711</w:t></w:r></w:p>\
                  <w:p><w:r><w:t>Total:</w:t><w:tab/><w:t>17 EUR</w:t></w:r></w:p>\
                  <w:p/><w:p/><w:p><w:r><w:t>Gr\u{fc}\u{df}e &amp; &lt;mehr&gt;</w:t><w:br/><w:t>H e l l o</w:t></w:r></w:p>";
    let table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Name</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Sum</w:t></w:r></w:p>\
                 </w:tc></w:tr></w:tbl><w:p><w:r><w:instrText>PAGE</w:instrText><w:t>end</w:t></w:r></w:p>";
    let headed = [
        ("document", "<w:p><w:r><w:t>body</w:t></w:r></w:p>"),
        ("header1", "<w:p><w:r><w:t>above</w:t></w:r></w:p>"),
        ("footer1", "<w:p><w:r><w:t>below</w:t></w:r></w:p>"),
    ];
    let listed = [
        ("letter.docx", word(&[("document", letter)])),
        ("TABLE.DOCX", word(&[("document", table)])),
        ("headed.docx", word(&headed)),
        ("bare.docx", word(&[("document", "")])),
        ("bill.pdf", pdf(&["Invoice No 4712", "Total: 18 EUR"])),
        ("Offer.PDF", pdf(&["Offer of 2024-03-05", "valid for 30 days"])),
    ]
    .map(|(name, bytes)| format!("in/{name}={}", listed(&bytes)));
    format!("{}; in/letter.odt=Invoice; in/letter.doc=Invoice; in/plain.txt=Invoice No 1", listed.join("; "))
}

#[test]
fn documents_are_chosen_by_their_text() {
    let tree = documents();
    let filters = [
        "filecontent",
        "filecontent: Invoice",
        "filecontent: 'Invoice No \\d+'",
        "filecontent: '(?i)TOTAL'",
        "filecontent: '^Total:\\s+\\d+ EUR$'",
        "filecontent: 'above.*body.*below'",
        "filecontent: 'below.*above'",
        "filecontent: 'Gr\u{fc}\u{df}e & <mehr>'",
        "filecontent: Hello",
        "filecontent: 'Name.*Sum'",
        "filecontent: PAGE",
        "filecontent: '\\A\\Z'",
        "filecontent: 'valid for (?P<days>\\d+) days'",
        "extension: pdf, filecontent: Invoice",
        "extension: docx, not filecontent: Invoice",
        "not filecontent: Invoice",
    ];
    check(filters.iter().map(|filters| Case::filters(&tree, filters)).collect());
}

#[test]
fn documents_tell_templates_their_text() {
    let mut cases = said(
        &documents(),
        &[
            ("filecontent: 'No (?P<nr>\\d+)'", "{filecontent.nr}"),
            ("filecontent: 'Total:\\s+(?P<sum>\\d+) (?P<unit>\\w+)'", "{filecontent.sum} {filecontent.unit}"),
            ("filecontent: '(?P<year>\\d{4})-(?P<month>\\d\\d)'", "{filecontent.year}/{filecontent.month}"),
            ("extension: docx, filecontent", "{filecontent.all}"),
            ("extension: docx, filecontent", "{filecontent.all|length}"),
        ],
    );
    cases.push(Case::rule(
        &documents(),
        "filters: [filecontent: 'Invoice No (?P<nr>\\d+)']\n    actions: [rename: 'Invoice {filecontent.nr}{path.suffix}']",
    ));
    check(cases);
}

/// All of them, to be counted.
pub(crate) const ALL: &[fn()] = &[
    pictures_are_chosen_by_what_is_in_them,
    pictures_tell_templates_what_is_in_them,
    pictures_are_filed_by_what_is_in_them,
    documents_are_chosen_by_their_text,
    documents_tell_templates_their_text,
];

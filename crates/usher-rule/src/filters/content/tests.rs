use std::io::Write;

use lopdf::content::{Content, Operation};
use lopdf::{Document, Object, Stream, dictionary};
use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;
use crate::fake::{Fake, rule};

fn said(filter: &str, echo: &str, path: &str, bytes: &[u8]) -> String {
    let world = Fake::new().bytes(path, bytes);
    let rule = rule(&format!("rules: [{{locations: /in, filters: [{filter}], actions: [echo: '{echo}']}}]"));
    world.apply_rule(&rule, path)
}

fn reason(path: &str, bytes: &[u8]) -> String {
    let world = Fake::new().bytes(path, bytes);
    let rule = rule("rules: [{locations: /in, filters: [not filecontent: x], actions: [trash]}]");
    world.looking(&rule, path, |cx| {
        assert!(!rule.matches(cx), "{path}");
        cx.filter_errors[0].to_string()
    })
}

/// A page for each list of operations.
fn pdf(pages: Vec<Vec<Operation>>) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let tree = document.new_object_id();
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding",
    });
    let inner = Content {
        operations: vec![
            Operation::new("BT", vec![]),
            Operation::new("Tf", vec!["F1".into(), 10.into()]),
            Operation::new("Tj", vec![Object::string_literal("in a form")]),
            Operation::new("ET", vec![]),
        ],
    };
    let form = document.new_object_id();
    let resources = dictionary! {
        "Font" => dictionary! { "F1" => font }, "XObject" => dictionary! { "Fm" => form },
    };
    let mut content = inner.encode().expect("a form");
    content.extend(b" /Fm Do");
    let form_dictionary =
        dictionary! { "Type" => "XObject", "Subtype" => "Form", "Resources" => resources.clone() };
    document.objects.insert(form, Stream::new(form_dictionary, content).into());
    let mut kids = Vec::new();
    for operations in pages {
        let content = Content { operations }.encode().expect("a page");
        let content = document.add_object(Stream::new(dictionary! {}, content));
        let page = dictionary! { "Type" => "Page", "Parent" => tree, "Contents" => content };
        kids.push(document.add_object(page).into());
    }
    let count = i64::try_from(kids.len()).expect("few");
    let pages = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count, "Resources" => resources };
    document.objects.insert(tree, pages.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    document.compress();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("a file");
    bytes
}

fn line(x: i64, y: i64, text: &[u8]) -> Vec<Operation> {
    vec![
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec!["F1".into(), 10.into()]),
        Operation::new("Td", vec![x.into(), y.into()]),
        Operation::new("Tj", vec![Object::string_literal(text)]),
        Operation::new("ET", vec![]),
    ]
}

fn invoice() -> Vec<u8> {
    let first = [
        line(50, 600, b"12.50"),
        line(10, 700, b"Invoice No"),
        line(70, 700, b"4711"),
        line(10, 600, b"Total"),
    ];
    let second = vec![
        Operation::new("q", vec![]),
        Operation::new("cm", vec![1.into(), 0.into(), 0.into(), 1.into(), 10.into(), 500.into()]),
        Operation::new("Do", vec!["Fm".into()]),
        Operation::new("Q", vec![]),
    ];
    pdf(vec![first.concat(), [second, line(10, 10, b"Gr\xfc\xdfe")].concat()])
}

fn docx(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a part");
        writer.write_all(text.as_bytes()).expect("text");
    }
    writer.finish().expect("an archive").into_inner()
}

#[test]
fn plain_text_is_searched_line_by_line() {
    let text = b"From: me\r\nSubject: hello\r\nDate: today\r\n";
    let subject = "filecontent: \"^Subject: (?P<subject>[a-z]+)$\"";
    assert_eq!(said(subject, "{filecontent.subject}", "/in/a.TXT", text), "echo hello\n");
    assert_eq!(said("filecontent: me.Subject", "x", "/in/a.md", text), "echo x\n");
    assert_eq!(said("filecontent", "{filecontent.all}", "/in/a.log", b"all of it"), "echo all of it\n");
    assert_eq!(said("filecontent: nothing", "x", "/in/a.txt", text), "no match\n");
    assert_eq!(said("not filecontent: nothing", "x", "/in/a.txt", text), "echo x\n");
    assert_eq!(said("filecontent: \"(?<=Date: )today\"", "x", "/in/a.txt", text), "echo x\n");
}

#[test]
fn groups_of_several_filters_come_together() {
    let filters = "filecontent: \"(?P<a>me)\", {filecontent: \"(?P<b>you)\"}";
    let filters = filters.replacen("filecontent: \"(?P<a>me)\"", "{filecontent: \"(?P<a>me)\"}", 1);
    assert_eq!(
        said(&filters, "{filecontent.a} {filecontent.b}", "/in/a.txt", b"me and you"),
        "echo me you\n"
    );
}

#[test]
fn other_kinds_of_files_have_no_text_and_what_cannot_be_read_is_left_alone() {
    assert_eq!(said("filecontent", "x", "/in/a.jpg", b"text"), "no match\n");
    assert_eq!(said("not filecontent", "x", "/in/a.jpg", b"text"), "echo x\n");
    assert_eq!(reason("/in/a.txt", b"\xff\xfe"), "cannot read the text of /in/a.txt: it is not UTF-8 text");
    assert!(reason("/in/a.pdf", b"%PDF-1.5 nothing").contains("/in/a.pdf: it is damaged"));
    assert!(reason("/in/a.docx", b"PK\x03\x04").contains("/in/a.docx: it is damaged"));
    assert!(reason("/in/a.docx", &docx(&[("a.xml", "<a/>")])).ends_with("it is no Word document"));
}

#[test]
fn why_shows_how_the_text_begins() {
    let world = Fake::new().file("/in/a.txt", "Dear\n  Sir or Madam,\n");
    let rule = rule("rules: [{locations: /in, filters: [filecontent: x], actions: [trash]}]");
    let account = world.looking(&rule, "/in/a.txt", |cx| rule.explain(cx));
    assert_eq!(account.filters[0].seen.as_deref(), Some("a text beginning with `Dear Sir or Madam,`"));
    assert_eq!(shown(&"ß".repeat(100)).chars().filter(|c| *c == 'ß').count(), SHOWN);
}

#[test]
fn pdf_text_stands_in_lines() {
    let text = pdf::text(invoice()).expect("text");
    assert_eq!(text.lines().next(), Some("Invoice No 4711"), "{text}");
    assert!(text.contains("Total") && text.contains("12.50"), "{text}");
    let total = text.lines().nth(1).expect("a second line");
    assert_eq!(total.split_whitespace().collect::<Vec<_>>(), ["Total", "12.50"]);
    assert!(text.contains("\u{c}in a form") && text.ends_with("\nGrüße"), "{text:?}");
    let filter = "filecontent: \"Invoice No (?P<number>[0-9]+)\"";
    assert_eq!(said(filter, "{filecontent.number}", "/in/a.pdf", &invoice()), "echo 4711\n");
}

#[test]
fn damaged_pdf_files_end_in_a_reason_or_in_text() {
    let whole = invoice();
    for cut in (0..whole.len()).step_by(97) {
        let _ = guarded(|| pdf::text(whole[..cut].to_vec()));
        let mut bytes = whole.clone();
        bytes[cut] ^= 0x15;
        let _ = guarded(|| pdf::text(bytes));
    }
    // A form that draws itself ends.
    let text = pdf::text(invoice()).expect("text");
    assert!(text.matches("in a form").count() <= 20);
}

#[test]
fn pdf_bombs_are_refused() {
    let mut document = Document::with_version("1.5");
    let mut stream = Stream::new(dictionary! {}, vec![b' '; 200 * 1024 * 1024]);
    stream.compress().expect("a bomb");
    let content = document.add_object(stream);
    let page = document.add_object(dictionary! { "Type" => "Page", "Contents" => content });
    let kids: Vec<Object> = vec![page.into(); 3];
    let tree = document.add_object(dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => 3 });
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("a file");
    assert!(bytes.len() < 1024 * 1024);
    assert_eq!(
        pdf::text(bytes).map_err(String::from),
        Err("it unpacks to more than is looked at".to_owned())
    );
    let tokens =
        b"%PDF-1.5\n1 0 obj [".iter().chain(b"1 ".iter().cycle().take(40_000_000)).copied().collect();
    assert_eq!(
        pdf::text(tokens).map_err(String::from),
        Err("it is made of more than 12 million parts".to_owned())
    );
}

#[test]
fn a_pdf_that_names_one_object_again_and_again_is_given_up() {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let object = bytes.len();
    bytes.extend(b"1 0 obj [");
    bytes.extend(b"0 ".repeat(100));
    bytes.extend(b"] endobj\n");
    let table = bytes.len();
    bytes.extend(b"xref\n0 20001\n0000000000 65535 f \n");
    for _ in 0..20_000 {
        bytes.extend(format!("{object:010} 00000 n \n").bytes());
    }
    bytes.extend(format!("trailer\n<</Size 20001/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").bytes());
    let start = std::time::Instant::now();
    assert_eq!(
        pdf::text(bytes).map_err(String::from),
        Err("it names the same objects again and again".to_owned())
    );
    assert!(start.elapsed().as_secs() < 15);
}

#[test]
fn docx_text_has_headers_body_and_footers() {
    let w = "<w:document xmlns:w='x'>";
    let body = format!(
        "{w}<w:p><w:r><w:t>Dear &amp; near</w:t><w:tab/><w:t>&#65;</w:t></w:r></w:p><w:p><w:t>Line</w:t><w:br/><w:t>next</w:t></w:p></w:document>"
    );
    let header = format!("{w}<w:p><w:t>Letterhead</w:t></w:p></w:document>");
    let parts =
        [("word/document.xml", body.as_str()), ("word/header1.xml", &header), ("word/media/a.png", "x")];
    let text = docx::text(docx(&parts)).expect("text");
    assert_eq!(text, "Letterhead\n\nDear & near\tA\n\nLine\nnext");
    assert_eq!(said("filecontent: Letterhead", "x", "/in/a.docx", &docx(&parts)), "echo x\n");
}

#[test]
fn docx_bombs_are_refused() {
    let paragraph = format!("<w:p><w:t>{}</w:t></w:p>", "a".repeat(1024 * 1024));
    let many = format!("<w:document>{}", paragraph.repeat(33));
    assert_eq!(
        docx::text(docx(&[("word/document.xml", &many)])).map_err(String::from),
        Err("it holds more than 32 MiB of text".to_owned())
    );
    let deep = "<a>".repeat(100_000);
    assert_eq!(
        docx::text(docx(&[("word/document.xml", &deep)])).map_err(String::from),
        Err("it is nested too deep".to_owned())
    );
    let endless = format!("<w:document {}", "a".repeat(40 * 1024 * 1024));
    assert!(
        docx::text(docx(&[("word/document.xml", &endless)]))
            .is_err_and(|said| said.contains("tag without an end"))
    );
    let blank = format!("<w:document>{}", format!("<a>{}</a>", " ".repeat(1024 * 1024)).repeat(130));
    assert_eq!(
        docx::text(docx(&[("word/document.xml", &blank)])).map_err(String::from),
        Err("it unpacks to more than 128 MiB".to_owned())
    );
}

#[test]
fn documents_are_tidied_as_organize_does() {
    for (text, tidy) in [
        ("H e l l o  W o r l d", "Hello World"),
        ("a b", "ab"),
        ("a", "a"),
        ("ab c d", "ab c d"),
        (" a b", " a b"),
        ("a\n\n\n\nb\nc\n", "a\n\nb\nc"),
        ("\n\n\n\na", "\n\na"),
        ("", ""),
    ] {
        assert_eq!(tidied(text), tidy, "{text:?}");
    }
}

//! `kind`: image, video, document and so on, by how the content begins, and by the name where that says nothing.

use std::path::Path;

use minijinja::Value;
use usher_event::Kind as Thing;

use super::guard::guarded;
use super::{Filter, FilterError, Tried, Verdict};
use crate::load::{Kind as Type, Param, Reader, Spec};
use crate::{Context, name};

/// Every kind there is.
const KINDS: &[&str] =
    &["application", "archive", "audio", "book", "document", "folder", "font", "image", "text", "video"];

pub(super) const SPEC: Spec = Spec {
    positional: Some("kinds"),
    params: &[Param::new(
        "kinds",
        Type::Choices(KINDS),
        "",
        "the kinds to let through; all known ones where empty",
    )],
    variables: &["kind"],
    ..Spec::new("kind", "looks at what a file is, by its content rather than its name")
};

/// How much of the beginning is looked at. Office files tell themselves apart within this much.
const BEGINNING: u64 = 16 * 1024;

#[derive(Debug)]
struct Kind {
    wanted: Vec<&'static str>,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    Some(Box::new(Kind { wanted: reader.choices("kinds") }))
}

impl Filter for Kind {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        self.wanted.join(", ")
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        let found = match cx.stat()?.kind {
            Thing::Dir => Some("folder"),
            _ => {
                let path = cx.looked_at()?;
                let bytes = cx
                    .world
                    .read(path, BEGINNING)
                    .map_err(|error| FilterError::io(Tried::Read, path, error))?;
                kind(&bytes, path)
            }
        };
        cx.publish(SPEC.name, |_| found.map_or_else(|| Value::from(()), Value::from));
        let pass = found.is_some_and(|found| self.wanted.is_empty() || self.wanted.contains(&found));
        Ok(Verdict { pass, seen: cx.seen(|| found.unwrap_or("unknown").to_owned()) })
    }
}

/// What the content says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    /// Just this.
    This(&'static str),
    /// A wrapping that many kinds of files are made of: the name may know better.
    Perhaps(&'static str),
    Nothing,
}

fn kind(bytes: &[u8], path: &Path) -> Option<&'static str> {
    match content(bytes) {
        Says::This(kind) => Some(kind),
        Says::Perhaps(kind) => by_name(path).or(Some(kind)),
        Says::Nothing => by_name(path).or_else(|| is_text(bytes).then_some("text")),
    }
}

fn content(bytes: &[u8]) -> Says {
    use infer::MatcherType as Of;
    let Ok(Some(found)) = guarded(|| Ok(infer::get(bytes))) else { return Says::Nothing };
    match (found.mime_type(), found.matcher_type()) {
        ("application/zip" | "application/gzip", _) => Says::Perhaps("archive"),
        ("application/x-ole-storage", _) => Says::Perhaps("document"),
        ("application/pdf" | "application/rtf" | "application/postscript", _) => Says::This("document"),
        ("application/epub+zip", _) => Says::This("book"),
        ("application/octet-stream", Of::Archive) => Says::This("font"),
        ("application/dicom", _) => Says::This("image"),
        (
            "application/vnd.debian.binary-package"
            | "application/x-rpm"
            | "application/x-google-chrome-extension"
            | "application/x-shockwave-flash"
            | "application/x-nintendo-nes-rom",
            _,
        ) => Says::This("application"),
        ("application/vnd.sqlite3" | "application/x-qemu-disk" | "application/x-x509-ca-cert", _) => {
            Says::Nothing
        }
        (_, Of::App) => Says::This("application"),
        (_, Of::Archive) => Says::This("archive"),
        (_, Of::Audio) => Says::This("audio"),
        (_, Of::Book) => Says::This("book"),
        (_, Of::Doc) => Says::This("document"),
        (_, Of::Font) => Says::This("font"),
        (_, Of::Image) => Says::This("image"),
        (_, Of::Text) => Says::Perhaps("text"),
        (_, Of::Video) => Says::This("video"),
        (_, Of::Custom) => Says::Nothing,
    }
}

/// Parts of MIME types below `application/`, and the kind they belong to. The first that fits counts.
const APPLICATION_TYPES: &[(&str, &str)] = &[
    ("epub", "book"),
    ("mobipocket", "book"),
    ("amazon.ebook", "book"),
    ("comicbook", "book"),
    ("officedocument", "document"),
    ("opendocument", "document"),
    ("iwork", "document"),
    ("apple.pages", "document"),
    ("apple.numbers", "document"),
    ("apple.keynote", "document"),
    ("msword", "document"),
    ("ms-word", "document"),
    ("ms-excel", "document"),
    ("ms-powerpoint", "document"),
    ("visio", "document"),
    ("pdf", "document"),
    ("rtf", "document"),
    ("postscript", "document"),
    ("font", "font"),
    ("java-archive", "application"),
    ("android.package-archive", "application"),
    ("debian.binary-package", "application"),
    ("x-debian-package", "application"),
    ("redhat-package-manager", "application"),
    ("x-rpm", "application"),
    ("msdownload", "application"),
    ("x-msi", "application"),
    ("portable-executable", "application"),
    ("apple.installer", "application"),
    ("zip", "archive"),
    ("x-tar", "archive"),
    ("x-7z", "archive"),
    ("rar", "archive"),
    ("x-xz", "archive"),
    ("zstd", "archive"),
    ("x-lz", "archive"),
    ("x-compress", "archive"),
    ("cab-compressed", "archive"),
    ("iso9660", "archive"),
    ("apple-diskimage", "archive"),
    ("json", "text"),
    ("xml", "text"),
    ("yaml", "text"),
    ("toml", "text"),
    ("javascript", "text"),
    ("x-sh", "text"),
    ("x-tex", "text"),
    ("sql", "text"),
];

/// Extensions whose MIME type is unknown or misleading.
const EXTENSIONS: &[(&str, &str)] = &[
    ("appimage", "application"),
    ("msi", "application"),
    ("dmg", "archive"),
    ("iso", "archive"),
    ("zst", "archive"),
    ("azw", "book"),
    ("azw3", "book"),
    ("cbz", "book"),
    ("cbr", "book"),
    ("fb2", "book"),
    ("mobi", "book"),
    ("pages", "document"),
    ("numbers", "document"),
    ("key", "document"),
    ("cr3", "image"),
    ("heic", "image"),
    ("raf", "image"),
    ("ts", "text"),
];

fn by_name(path: &Path) -> Option<&'static str> {
    let suffix = name::split(path).1.to_string_lossy().to_ascii_lowercase();
    if let Some((_, kind)) = EXTENSIONS.iter().find(|(extension, _)| *extension == suffix) {
        return Some(kind);
    }
    let mime = mime_guess::from_ext(&suffix).first_raw()?;
    let (family, rest) = mime.split_once('/')?;
    match family {
        "application" => {
            APPLICATION_TYPES.iter().find(|(part, _)| rest.contains(part)).map(|(_, kind)| *kind)
        }
        _ => KINDS.iter().find(|kind| **kind == family).copied(),
    }
}

/// Whether bytes read as text: UTF-8, cut off in the middle of a character at most, without control characters.
fn is_text(bytes: &[u8]) -> bool {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let strange = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\x0c' | '\x1b');
    !text.is_empty() && !text.contains(strange)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{Fake, rule};

    fn of(bytes: &[u8], name: &str) -> Option<&'static str> {
        kind(bytes, Path::new(name))
    }

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const ZIP: &[u8] = b"PK\x03\x04\x14\0\0\0\0\0abcdefghijklmnopqrst\x04\0\0\0a.txt";

    #[test]
    fn the_content_counts_more_than_the_name() {
        assert_eq!(of(PNG, "/in/a.txt"), Some("image"));
        assert_eq!(of(b"%PDF-1.7\n", "/in/a"), Some("document"));
        assert_eq!(of(b"\x1f\x8b\x08\0\0\0\0\0", "/in/a.tar.gz"), Some("archive"));
        assert_eq!(
            of(b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0OpusHead", "/in/a.bin"),
            Some("audio")
        );
        assert_eq!(
            of(b"\x7fELF\x02\x01\x01\0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "/in/a.pdf"),
            Some("application")
        );
    }

    #[test]
    fn wrappings_are_told_apart_by_the_name() {
        assert_eq!(of(ZIP, "/in/a.zip"), Some("archive"));
        assert_eq!(of(ZIP, "/in/a.docx"), Some("document"));
        assert_eq!(of(ZIP, "/in/a.jar"), Some("application"));
        assert_eq!(of(ZIP, "/in/a.cbz"), Some("book"));
        assert_eq!(of(ZIP, "/in/a"), Some("archive"));
        assert_eq!(of(b"<?xml version='1.0'?><svg/>", "/in/a.svg"), Some("image"));
        assert_eq!(of(b"<?xml version='1.0'?><a/>", "/in/a.xml"), Some("text"));
    }

    #[test]
    fn the_name_says_what_the_content_does_not() {
        assert_eq!(of(b"", "/in/a.mp3"), Some("audio"));
        assert_eq!(of(b"\0\0\0", "/in/a.mkv"), Some("video"));
        assert_eq!(of(b"fn main() {}", "/in/a.rs"), Some("text"));
        assert_eq!(of(b"just words", "/in/README"), Some("text"));
        assert_eq!(of("gr\u{fc}n".as_bytes(), "/in/README"), Some("text"));
        assert_eq!(of(b"\x01\x02\x03", "/in/data"), None);
        assert_eq!(of(b"", "/in/data"), None);
        assert_eq!(of(b"{}", "/in/a.json"), Some("text"));
        assert_eq!(of(b"", "/in/a.xlsx"), Some("document"));
        assert_eq!(of(b"", "/in/a.ttf"), Some("font"));
    }

    #[test]
    fn kinds_are_published_and_folders_have_one() {
        let world = Fake::new().dir("/in/d").file("/in/a.jpg", "").file("/in/x", "");
        let rule = rule(
            "rules: [{locations: /in, targets: [files, dirs], filters: [kind: [folder, image]], actions: [echo: '{kind}']}]",
        );
        assert_eq!(world.apply_rule(&rule, "/in/d"), "echo folder\n");
        assert_eq!(world.apply_rule(&rule, "/in/a.jpg"), "echo image\n");
        assert_eq!(world.apply_rule(&rule, "/in/x"), "no match\n");
    }
}

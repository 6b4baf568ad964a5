//! `mimetype`: the kind of a file as its name suggests it. The content is not looked at.

use std::borrow::Cow;

use minijinja::Value;

use super::{Filter, FilterError, Verdict};
use crate::load::{Kind, Param, Reader, Spec};
use crate::{Context, name};

pub(super) const SPEC: Spec = Spec {
    positional: Some("mimetypes"),
    params: &[Param::new(
        "mimetypes",
        Kind::Texts,
        "",
        "the types to let through, or how they begin (`image`); all known ones where empty",
    )],
    variables: &["mimetype"],
    dirs: false,
    ..Spec::new("mimetype", "looks at the MIME type that belongs to the extension")
};

/// Extensions that say how a file is packed; what it is stands before them.
const PACKED: &[&str] = &["gz", "z", "bz2", "xz", "br"];

/// Short forms of an archive and how it is packed.
const PACKED_TAR: &[&str] = &["tgz", "taz", "tz", "tbz2", "txz"];

/// Where Python, and so organize, knows another type than our table, or one where ours knows none.
const AS_PYTHON: &[(&str, &str)] = &[
    ("3g2", "audio/3gpp2"),
    ("3gp", "audio/3gpp"),
    ("3gpp", "audio/3gpp"),
    ("3gpp2", "audio/3gpp2"),
    ("a", "application/octet-stream"),
    ("aif", "audio/x-aiff"),
    ("aifc", "audio/x-aiff"),
    ("aiff", "audio/x-aiff"),
    ("ass", "audio/aac"),
    ("bat", "text/plain"),
    ("cdf", "application/x-netcdf"),
    ("dll", "application/octet-stream"),
    ("h5", "application/x-hdf5"),
    ("ico", "image/vnd.microsoft.icon"),
    ("ksh", "text/plain"),
    ("loas", "audio/aac"),
    ("m3u", "application/vnd.apple.mpegurl"),
    ("m3u8", "application/vnd.apple.mpegurl"),
    ("mid", "audio/midi"),
    ("midi", "audio/midi"),
    ("mif", "application/x-mif"),
    ("o", "application/octet-stream"),
    ("obj", "application/octet-stream"),
    ("opus", "audio/opus"),
    ("pl", "text/plain"),
    ("py", "text/x-python"),
    ("pyc", "application/x-python-code"),
    ("pyo", "application/x-python-code"),
    ("ram", "application/x-pn-realaudio"),
    ("rdf", "application/xml"),
    ("sgm", "text/x-sgml"),
    ("sgml", "text/x-sgml"),
    ("srt", "text/plain"),
    ("svgz", "image/svg+xml"),
    ("wav", "audio/x-wav"),
    ("wsdl", "application/xml"),
    ("xlb", "application/vnd.ms-excel"),
    ("xpdl", "application/xml"),
    ("xsl", "application/xml"),
    ("xul", "text/xul"),
];

#[derive(Debug)]
struct MimeType {
    wanted: Vec<String>,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    let wanted = reader.texts("mimetypes").into_iter().map(|(text, _)| text).collect();
    Some(Box::new(MimeType { wanted }))
}

fn guess(path: &std::path::Path) -> Option<&'static str> {
    let (stem, suffix) = name::split(path);
    let suffix = lower(suffix);
    if PACKED_TAR.contains(&&*suffix) {
        return Some("application/x-tar");
    }
    if PACKED.contains(&&*suffix) {
        let inner = lower(name::split(stem.as_ref()).1);
        return known(&inner);
    }
    known(&suffix)
}

fn known(suffix: &str) -> Option<&'static str> {
    let own = AS_PYTHON.iter().find(|(extension, _)| *extension == suffix);
    own.map(|(_, kind)| *kind).or_else(|| mime_guess::from_ext(suffix).first_raw())
}

fn lower(suffix: &std::ffi::OsStr) -> Cow<'_, str> {
    let suffix = suffix.to_string_lossy();
    if suffix.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(suffix.to_ascii_lowercase())
    } else {
        suffix
    }
}

impl Filter for MimeType {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        self.wanted.join(", ")
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        let found = guess(cx.looked_at()?);
        let fits = |found: &str| {
            self.wanted.is_empty() || self.wanted.iter().any(|wanted| found.starts_with(wanted.as_str()))
        };
        cx.publish(SPEC.name, |_| found.map_or_else(|| Value::from(()), Value::from));
        Ok(Verdict { pass: found.is_some_and(fits), seen: cx.seen(|| found.unwrap_or("unknown").to_owned()) })
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::matches;

    #[test]
    fn the_type_belongs_to_the_extension() {
        assert!(matches("mimetype: image", "/in/a.JPG"));
        assert!(matches("mimetype: [audio, image/png]", "/in/a.png"));
        assert!(!matches("mimetype: image", "/in/a.txt"));
        assert!(matches("mimetype: application/pdf", "/in/a.pdf"));
        assert!(matches("mimetype", "/in/a.pdf"));
        assert!(!matches("mimetype", "/in/unknown"));
        assert!(matches("mimetype: text/x-python", "/in/a.py"));
    }

    #[test]
    fn packing_does_not_change_what_a_file_is() {
        assert!(matches("mimetype: application/x-tar", "/in/a.tar.gz"));
        assert!(matches("mimetype: application/x-tar", "/in/a.tgz"));
        assert!(!matches("mimetype", "/in/a.gz"));
    }
}

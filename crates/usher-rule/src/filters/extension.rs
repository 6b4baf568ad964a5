//! `extension`: what stands behind the last dot of the name.

use super::{Filter, FilterError, Verdict};
use crate::load::{Kind, Param, Reader, Spec};
use crate::{Context, name};

pub(super) const SPEC: Spec = Spec {
    positional: Some("extensions"),
    params: &[Param::new(
        "extensions",
        Kind::Texts,
        "",
        "the extensions to let through, with or without a dot; all where empty",
    )],
    variables: &["extension"],
    dirs: false,
    ..Spec::new("extension", "looks at the extension of the name")
};

#[derive(Debug)]
struct Extension {
    /// In lower case, without the dot.
    wanted: Vec<String>,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    // A single text may hold several; in a list every item is one.
    let alone = reader.node("extensions").is_some_and(|node| node.text().is_some());
    let texts = reader.texts("extensions");
    let plain = |text: &str| text.strip_prefix('.').unwrap_or(text).to_lowercase();
    let wanted = match (alone, texts.first()) {
        (true, Some((text, _))) => text.split_whitespace().map(plain).collect(),
        _ => texts.iter().map(|(text, _)| plain(text)).collect(),
    };
    Some(Box::new(Extension { wanted }))
}

impl Filter for Extension {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        self.wanted.join(", ")
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        let suffix = name::split(cx.looked_at()?).1.to_string_lossy();
        let pass = self.wanted.is_empty() || self.wanted.iter().any(|wanted| same(wanted, &suffix));
        let seen = cx.seen(|| suffix.clone().into_owned());
        if cx.rule.uses(SPEC.name) {
            let suffix = suffix.into_owned();
            cx.publish(SPEC.name, |_| suffix.into());
        }
        Ok(Verdict { pass, seen })
    }
}

/// Whether a suffix is the wanted one in whatever case, without making a copy of either.
fn same(wanted: &str, suffix: &str) -> bool {
    if suffix.is_empty() {
        return false;
    }
    wanted.eq_ignore_ascii_case(suffix)
        || (!suffix.is_ascii() && wanted.chars().eq(suffix.chars().flat_map(char::to_lowercase)))
}

#[cfg(test)]
mod tests {
    use crate::fake::matches;

    #[test]
    fn the_last_suffix_counts_whatever_its_case() {
        assert!(matches("extension: pdf", "/in/a.PDF"));
        assert!(matches("extension: .pdf", "/in/a.pdf"));
        assert!(matches("extension: [.Jpg, png]", "/in/a.JPG"));
        assert!(matches("extension: [jpg, [png, [gif]]]", "/in/a.gif"));
        assert!(matches("extension: jpg png", "/in/a.png"));
        assert!(matches("extension: ÄÖ", "/in/a.äö"));
        assert!(matches("Extension: '001'", "/in/a.001"));
        assert!(!matches("extension: tar.gz", "/in/a.tar.gz"));
        assert!(matches("extension: gz", "/in/a.tar.gz"));
        assert!(!matches("extension: [jpg png]", "/in/a.png"));
    }

    #[test]
    fn without_extensions_every_file_passes_and_a_hidden_file_has_none() {
        assert!(matches("extension", "/in/a"));
        assert!(matches("extension:", "/in/a"));
        assert!(!matches("extension: hidden", "/in/.hidden"));
        assert!(!matches("extension: ['']", "/in/a"));
    }
}

//! `name`: the name without its extension, by pattern or by parts.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::simplematch::Matcher;
use super::{Filter, FilterError, Verdict};
use crate::load::{Kind, Param, Reader, Signs, Spec};
use crate::{Context, Diagnostic, name};

pub(super) const SPEC: Spec = Spec {
    positional: Some("match"),
    params: &[
        Param::new("match", Kind::Text, "*", "a pattern: `*`, `{field}`, `{}` and `{field:int}`")
            .with(Signs::Fields),
        Param::new("startswith", Kind::Texts, "", "how the name begins; one of several is enough"),
        Param::new("contains", Kind::Texts, "", "what the name contains; one of several is enough"),
        Param::new(
            "endswith",
            Kind::Texts,
            "",
            "how the name ends, extension aside; one of several is enough",
        ),
        Param::new("case_sensitive", Kind::Flag, "true", "whether capitals and small letters differ"),
    ],
    variables: &["name"],
    ..Spec::new("name", "looks at the name without its extension")
};

#[derive(Debug)]
struct Name {
    matcher: Matcher,
    begins: Option<Vec<String>>,
    contains: Option<Vec<String>>,
    ends: Option<Vec<String>>,
    case_sensitive: bool,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    let case_sensitive = reader.flag("case_sensitive");
    Some(Box::new(Name {
        matcher: matcher(reader, case_sensitive)?,
        begins: parts(reader, "startswith", case_sensitive),
        contains: parts(reader, "contains", case_sensitive),
        ends: parts(reader, "endswith", case_sensitive),
        case_sensitive,
    }))
}

fn matcher(reader: &mut Reader<'_, '_>, case_sensitive: bool) -> Option<Matcher> {
    let pattern = reader.text("match");
    Matcher::new(&pattern, case_sensitive)
        .map_err(|error| {
            let node = reader.node("match");
            let mut span = node.map_or(reader.span(), |node| node.head());
            if let (Some(part), Some(node)) = (error.part, node)
                && let Some(scalar) = node.scalar()
            {
                span = reader.problems().within(node, scalar, part);
            }
            reader.problems().push(Diagnostic::error("bad_pattern", span, error.message).help(error.help));
        })
        .ok()
}

/// The given texts. An empty list is kept, and fits nothing, as in organize.
fn parts(reader: &mut Reader<'_, '_>, name: &'static str, case_sensitive: bool) -> Option<Vec<String>> {
    let node = reader.node(name)?;
    if node.is_null() {
        reader.wrong(name, node, usher_event::sentence!("wanted-text", "text"));
    }
    let case = |text: String| if case_sensitive { text } else { text.to_lowercase() };
    Some(reader.texts(name).into_iter().map(|(text, _)| case(text)).collect())
}

impl Name {
    fn fits(&self, name: &str) -> bool {
        let name = if self.case_sensitive { Cow::Borrowed(name) } else { Cow::Owned(name.to_lowercase()) };
        let any = |parts: &Option<Vec<String>>, test: &dyn Fn(&str) -> bool| {
            parts.as_ref().is_none_or(|parts| parts.iter().any(|part| test(part)))
        };
        self.matcher.fits(&name)
            && any(&self.contains, &|part| name.contains(part))
            && any(&self.begins, &|part| name.starts_with(part))
            && any(&self.ends, &|part| name.ends_with(part))
    }
}

impl Filter for Name {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        let mut wanted = Vec::new();
        if !self.matcher.takes_all() {
            wanted.push(self.matcher.pattern().to_owned());
        }
        for (word, parts) in
            [("begins with", &self.begins), ("contains", &self.contains), ("ends with", &self.ends)]
        {
            if let Some(parts) = parts {
                wanted.push(format!("{word} {}", parts.join(" or ")));
            }
        }
        wanted.join(", ")
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        let stem = name::split(cx.looked_at()?).0.to_string_lossy();
        let name = composed(&stem);
        let pass = self.fits(&name);
        let seen = cx.seen(|| name.clone().into_owned());
        if cx.rule.uses(SPEC.name) {
            // Without fields the name is handed on as it is, whatever its form.
            let value = self.matcher.captures(&name).unwrap_or_else(|| stem.into());
            cx.publish(SPEC.name, |_| value);
        }
        Ok(Verdict { pass, seen })
    }
}

/// A name in Unicode's composed form; macOS hands out decomposed ones.
pub(crate) fn composed(name: &str) -> Cow<'_, str> {
    match is_nfc_quick(name.chars()) {
        IsNormalized::Yes => Cow::Borrowed(name),
        _ => Cow::Owned(name.nfc().collect()),
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::{Fake, matches, rule};

    #[test]
    fn the_stem_is_matched() {
        assert!(matches("name: scan*", "/in/scan 1.pdf"));
        assert!(!matches("name: '*.pdf'", "/in/scan 1.pdf"));
        assert!(matches("name: {startswith: [a, sc], endswith: '1', contains: can}", "/in/scan 1.pdf"));
        assert!(!matches("name: {startswith: x}", "/in/scan 1.pdf"));
        assert!(matches("name: {match: SCAN*, case_sensitive: false}", "/in/scan 1.pdf"));
        assert!(matches("name: {contains: CAN, case_sensitive: n}", "/in/scan 1.pdf"));
        assert!(!matches("name: {contains: []}", "/in/scan 1.pdf"));
        assert!(matches("name: 2024", "/in/2024.pdf"));
        assert!(matches("name", "/in/anything"));
        assert!(matches("name: .hidden", "/in/.hidden"));
    }

    #[test]
    fn composed_and_decomposed_names_are_the_same() {
        assert!(matches("name: é", "/in/e\u{301}.txt"));
        assert!(matches("name: e\u{301}", "/in/é.txt"));
    }

    #[test]
    fn the_name_is_published_as_text_or_as_fields() {
        let world = Fake::new().file("/in/Invoice_2021.pdf", "");
        let said = |filter: &str, text: &str| {
            let rule =
                rule(&format!("rules: [{{locations: /in, filters: [{filter}], actions: [echo: '{text}']}}]"));
            world.apply_rule(&rule, "/in/Invoice_2021.pdf")
        };
        assert_eq!(said("name", "{name}"), "echo Invoice_2021\n");
        assert_eq!(said("name: '{kind}_{year:int}'", "{name.kind} {name.year + 1}"), "echo Invoice 2022\n");
        assert_eq!(said("not name: '{x:letters}'", "{name}"), "echo Invoice_2021\n");
    }
}

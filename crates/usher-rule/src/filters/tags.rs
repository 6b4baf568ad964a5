//! `tags`: the labels a file manager gives to files, on Linux (`user.xdg.tags`) and macOS (Finder tags).

use minijinja::Value;
use usher_event::sentence;

use super::labels::{finder_tags, text};
use super::{Filter, FilterError, Verdict};
use crate::Context;
use crate::load::{Kind, Param, Reader, Signs, Spec};
use crate::location::Patterns;
use crate::tags::XDG;

pub(super) const SPEC: Spec = Spec {
    positional: Some("tags"),
    params: &[Param::new(
        "tags",
        Kind::Texts,
        "",
        "patterns in any case, one of which has to fit a tag; any tag will do where empty",
    )
    .with(Signs::Wildcards)],
    variables: &["tags"],
    systems: &["linux", "macos"],
    ..Spec::new("tags", "looks at the tags a file manager gives to files")
};

#[derive(Debug)]
struct Tags {
    written: Vec<String>,
    wanted: Patterns,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    let written: Vec<String> = reader.texts("tags").into_iter().map(|(text, _)| text).collect();
    let wanted = Patterns::new(written.iter().map(String::as_str), true);
    Some(Box::new(Tags { written, wanted }))
}

impl Filter for Tags {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        if self.written.is_empty() { "any tag".to_owned() } else { self.written.join(", ") }
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        if !SPEC.is_here() {
            return Err(FilterError::new(sentence!("filter-no-tags", "files have no tags on this system")));
        }
        let path = cx.looked_at()?;
        let tags: Vec<String> = if cfg!(target_os = "macos") {
            finder_tags(cx.world, path)?.into_iter().map(|tag| tag.name).collect()
        } else {
            split(&text(cx.world, path, XDG)?.unwrap_or_default())
        };
        let pass = match self.written.is_empty() {
            true => !tags.is_empty(),
            false => tags.iter().any(|tag| self.wanted.match_any(tag.as_ref())),
        };
        let seen = cx.seen(|| if tags.is_empty() { "no tags".to_owned() } else { tags.join(", ") });
        cx.publish(SPEC.name, |_| Value::from(tags));
        Ok(Verdict { pass, seen })
    }
}

fn split(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{Fake, rule};

    #[test]
    fn tags_are_separated_by_commas() {
        assert_eq!(split(" Tax, 2024 ,,Grün"), ["Tax", "2024", "Grün"]);
        assert!(split("").is_empty());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn tags_fit_in_any_case_and_are_published() {
        let world =
            Fake::new().file("/in/a", "").with_attribute("/in/a", XDG, b"Tax,Paid 2024").file("/in/b", "");
        let said = |filter: &str, path: &str| {
            let rule = rule(&format!(
                "rules: [{{locations: /in, filters: [{filter}], actions: [echo: \"{{tags | join(' ')}}\"]}}]"
            ));
            world.apply_rule(&rule, path)
        };
        assert_eq!(said("tags: tax", "/in/a"), "echo Tax Paid 2024\n");
        assert_eq!(said("tags: [x, paid*]", "/in/a"), "echo Tax Paid 2024\n");
        assert_eq!(said("tags: paid", "/in/a"), "no match\n");
        assert_eq!(said("tags", "/in/a"), "echo Tax Paid 2024\n");
        assert_eq!(said("tags", "/in/b"), "no match\n");
        assert_eq!(said("not tags", "/in/b"), "echo \n");
    }

    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    #[test]
    fn elsewhere_nothing_matches() {
        let world = Fake::new().file("/in/a", "");
        let rule = rule("rules: [{locations: /in, filters: [not tags], actions: [trash]}]");
        assert!(!world.looking(&rule, "/in/a", |cx| rule.matches(cx)));
    }
}

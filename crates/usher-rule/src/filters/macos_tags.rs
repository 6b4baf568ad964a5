//! `macos_tags`: Finder tags with their colours.

use minijinja::Value;
use usher_event::sentence;

use super::labels::finder_tags;
use super::{Filter, FilterError, Verdict};
use crate::Context;
use crate::load::{Kind, Param, Reader, Signs, Spec};
use crate::location::Patterns;

pub(super) const SPEC: Spec = Spec {
    positional: Some("tags"),
    params: &[Param::new(
        "tags",
        Kind::Texts,
        "",
        "patterns for `name (color)` in any case, one of which has to fit; all files pass where empty",
    )
    .with(Signs::Wildcards)],
    variables: &["macos_tags"],
    systems: &["macos"],
    ..Spec::new("macos_tags", "looks at Finder tags and their colours")
};

#[derive(Debug)]
struct MacosTags {
    written: Vec<String>,
    wanted: Patterns,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    let written: Vec<String> = reader.texts("tags").into_iter().map(|(text, _)| text).collect();
    let wanted = Patterns::new(written.iter().map(String::as_str), true);
    Some(Box::new(MacosTags { written, wanted }))
}

impl Filter for MacosTags {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        self.written.join(", ")
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        if !SPEC.is_here() {
            return Err(FilterError::new(sentence!(
                "filter-finder-tags",
                "Finder tags can only be read on macOS"
            )));
        }
        self.compare(cx)
    }
}

impl MacosTags {
    fn compare(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        let tags = finder_tags(cx.world, cx.looked_at()?)?;
        let tags: Vec<String> = tags.iter().map(|tag| format!("{} ({})", tag.name, tag.colour)).collect();
        let pass = self.written.is_empty() || tags.iter().any(|tag| self.wanted.match_any(tag.as_ref()));
        let seen = cx.seen(|| if tags.is_empty() { "no tags".to_owned() } else { tags.join(", ") });
        cx.publish(SPEC.name, |_| Value::from(tags));
        Ok(Verdict { pass, seen })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::labels::tests::property_list;
    use super::*;
    use crate::fake::{Fake, rule};
    use crate::load;

    fn fits(patterns: &[&str], tags: &[&str]) -> bool {
        let attribute = "com.apple.metadata:_kMDItemUserTags";
        let world = Fake::new().file("/in/a", "").with_attribute("/in/a", attribute, &property_list(tags));
        let written: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
        let filter = MacosTags { wanted: Patterns::new(patterns.iter().copied(), true), written };
        let rule = rule("rules: [{locations: /in, actions: [trash]}]");
        world.looking(&rule, "/in/a", |cx| filter.compare(cx)).expect("tags").pass
    }

    #[test]
    fn patterns_are_for_the_name_and_its_colour() {
        assert!(fits(&["urgent (red)"], &["Urgent\n6"]));
        assert!(fits(&["* (green)", "urgent (*)"], &["Urgent\n6"]));
        assert!(!fits(&["urgent"], &["Urgent\n6"]));
        assert!(!fits(&["* (red)"], &[]));
        assert!(fits(&[], &[]));
    }

    #[test]
    fn elsewhere_it_loads_with_a_warning_and_never_matches() {
        let text = "rules: [{locations: /in, filters: [not macos_tags: x], actions: [trash]}]";
        let loaded = load(Path::new("r.yaml"), text);
        assert_eq!(loaded.rules.len(), 1);
        let codes: Vec<_> = loaded.diagnostics.iter().map(|problem| problem.code).collect();
        assert_eq!(codes == ["not_available_here"], !cfg!(target_os = "macos"), "{codes:?}");
        if !cfg!(target_os = "macos") {
            let world = Fake::new().file("/in/a", "");
            let account = world.looking(&loaded.rules[0], "/in/a", |cx| loaded.rules[0].explain(cx));
            assert!(!account.matched);
            assert_eq!(account.filters[0].error.as_deref(), Some("Finder tags can only be read on macOS"));
        }
    }
}

//! `macos_tags`: organize's action for the Finder's tags, with colours.

use usher_event::{Part, sentence};

use super::{Action, ActionError, tag};
use crate::load::{Kind, Param, Reader, Spec};
use crate::tags::{self, COLOURS, Tag};
use crate::template::Template;
use crate::{Context, Step};

pub(super) const SPEC: Spec = Spec {
    positional: Some("tags"),
    params: &[Param::new(
        "tags",
        Kind::Texts,
        "",
        "tags the file gets, each with a colour in parentheses if it is to have one: `Invoice (red)`",
    )],
    systems: &["macos"],
    ..Spec::new("macos_tags", "adds tags as the Finder shows them")
};

#[derive(Debug)]
struct MacosTags {
    tags: Vec<Template>,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    Some(Box::new(MacosTags { tags: tag::templates(reader, "tags") }))
}

impl Action for MacosTags {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn summary(&self) -> String {
        self.tags.iter().map(Template::source).collect::<Vec<_>>().join(", ")
    }

    fn templates(&self) -> Vec<&Template> {
        self.tags.iter().collect()
    }

    fn plan(&self, cx: &mut Context<'_>) -> Result<Step, ActionError> {
        let parsed = self.tags.iter().map(|template| parse(template.fill(cx)?.text.trim()));
        let add = parsed.collect::<Result<Vec<_>, ActionError>>()?;
        let attribute = cfg!(target_os = "macos").then_some(tags::FINDER);
        tag::change(cx, SPEC.name, attribute, add, &[])
    }
}

/// `Name (colour)`, or a name alone.
fn parse(text: &str) -> Result<Tag, ActionError> {
    let parts = text.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    let Some((name, colour)) = parts else { return Ok(Tag::plain(text)) };
    match COLOURS.iter().zip(0u8..).find(|(known, _)| known.eq_ignore_ascii_case(colour)) {
        Some((_, colour)) => Ok(Tag { name: name.to_owned(), colour }),
        None => Err(ActionError::new(sentence!(
            "tag-no-colour",
            "the Finder has no colour `{colour}`",
            colour = colour
        ))
        .hint(sentence!("tag-no-colour-hint", "it has {colours}", colours = Part::list(COLOURS)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_may_follow_the_name() {
        assert_eq!(parse("Invoice").unwrap(), Tag::plain("Invoice"));
        assert_eq!(parse("My Invoice (Red)").unwrap(), Tag { name: "My Invoice".into(), colour: 6 });
        assert!(parse("Invoice (pink)").unwrap_err().to_string().contains("pink"));
    }

    #[cfg(not(target_os = "macos"))]
    #[test]
    fn elsewhere_it_loads_with_a_warning_and_is_skipped() {
        let text = "rules: [{locations: /in, actions: [macos_tags: [A, B (red)], echo: hi]}]";
        let loaded = crate::load("r.yaml".as_ref(), text);
        assert!(loaded.is_good() && loaded.rules.len() == 1);
        assert_eq!(loaded.diagnostics[0].code, "not_available_here");
        let world = crate::fake::Fake::new().file("/in/a", "x");
        assert_eq!(
            world.apply_rule(&loaded.rules[0], "/in/a"),
            "macos_tags /in/a (is not available on this system)\necho hi\n"
        );
    }
}

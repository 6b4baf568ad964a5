//! `tag`: tags that the file manager shows.
//!
//! The bytes of the file and its time of last change stay as they are; tags are attributes beside them.

use usher_event::{Sentence, sentence};

use super::{Action, ActionError};
use crate::load::{Kind, Param, Reader, Spec};
use crate::tags::{self, Tag};
use crate::template::Template;
use crate::{Context, Diagnostic, Op, Step};

pub(super) const SPEC: Spec = Spec {
    positional: Some("add"),
    params: &[
        Param::new("add", Kind::Texts, "", "tags the file gets, with placeholders"),
        Param::new("remove", Kind::Texts, "", "tags it loses"),
    ],
    systems: &["linux", "macos"],
    ..Spec::new("tag", "adds and removes tags as file managers show them")
};

#[derive(Debug)]
struct TagAction {
    add: Vec<Template>,
    remove: Vec<Template>,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    let (add, remove) = (templates(reader, "add"), templates(reader, "remove"));
    if add.is_empty() && remove.is_empty() {
        let span = reader.span();
        reader.problems().push(
            Diagnostic::error(
                "missing_parameter",
                span,
                sentence!("lint-tag-names-none", "`tag` names no tags"),
            )
            .help(sentence!(
                "lint-tag-names-none-help",
                "write `tag: [invoice]`, or `tag: {{remove: [new]}}`"
            )),
        );
    }
    Some(Box::new(TagAction { add, remove }))
}

/// The templates of a parameter that takes several texts.
pub(super) fn templates(reader: &mut Reader<'_, '_>, name: &'static str) -> Vec<Template> {
    let nodes: Vec<_> = reader.texts(name).into_iter().map(|(_, node)| node).collect();
    nodes.into_iter().map(|node| reader.compile(node)).collect()
}

impl Action for TagAction {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn summary(&self) -> String {
        let add = self.add.iter().map(|tag| tag.source().to_owned());
        let remove = self.remove.iter().map(|tag| format!("-{}", tag.source()));
        add.chain(remove).collect::<Vec<_>>().join(", ")
    }

    fn templates(&self) -> Vec<&Template> {
        self.add.iter().chain(&self.remove).collect()
    }

    fn plan(&self, cx: &mut Context<'_>) -> Result<Step, ActionError> {
        let fill = |templates: &[Template]| -> Result<Vec<String>, ActionError> {
            templates.iter().map(|template| Ok(template.fill(cx)?.text.trim().to_owned())).collect()
        };
        let (add, remove) = (fill(&self.add)?, fill(&self.remove)?);
        change(cx, SPEC.name, tags::ATTRIBUTE, add.into_iter().map(Tag::plain).collect(), &remove)
    }
}

/// The step that gives the subject some tags and takes others away.
pub(super) fn change(
    cx: &Context<'_>,
    action: &'static str,
    attribute: Option<&str>,
    add: Vec<Tag>,
    remove: &[String],
) -> Result<Step, ActionError> {
    let (path, _) = cx.subject()?;
    let step = Step { from: Some(path.clone()), ..Step::new(action) };
    let Some(attribute) = attribute else {
        let note = sentence!("note-not-here", "is not available on this system");
        return Ok(Step { note: Some(note), ..step });
    };
    add.iter().map(|tag| &tag.name).chain(remove).try_for_each(|name| check(attribute, name))?;
    let unreadable = |message, source| ActionError { source, ..ActionError::new(message) };
    let before = cx.world.attribute(&path, attribute).map_err(|error| match error.kind() {
        std::io::ErrorKind::Unsupported => {
            let message =
                sentence!("tag-none-kept", "the file system that {path} lies on keeps no tags", path = &path);
            unreadable(message, Some(error))
        }
        _ => {
            let message = sentence!("tag-unread", "cannot read the tags of {path}", path = &path);
            unreadable(message, Some(error))
        }
    })?;
    let old = before.as_deref().map(|value| tags::read(attribute, value)).transpose();
    let old = old.map_err(|why| {
        unreadable(sentence!("tag-unknown", "the tags of {path}: {why}", path = &path, why = why), None)
    })?;
    let old = old.unwrap_or_default();
    let mut new: Vec<Tag> = old.iter().filter(|tag| !remove.contains(&tag.name)).cloned().collect();
    for tag in add {
        match new.iter_mut().find(|there| there.name == tag.name) {
            Some(there) if tag.colour != 0 => there.colour = tag.colour,
            Some(_) => {}
            None => new.push(tag),
        }
    }
    if new == old {
        let note = sentence!("note-tags-right", "its tags are as they should be");
        return Ok(Step { note: Some(note), ..step });
    }
    let note = Sentence::foreign(said(&old, &new));
    let after = tags::write(attribute, &new);
    let ops = vec![Op::Attribute { path, name: attribute.to_owned(), before, after }];
    Ok(Step { ops, note: Some(note), ..step })
}

/// Refuses names that would become other ones.
fn check(attribute: &str, name: &str) -> Result<(), ActionError> {
    let fault = match name {
        "" => sentence!("tag-empty", "the tag `{name}` is empty", name = name),
        _ if name.contains(|c: char| c.is_control()) => {
            sentence!("tag-line-break", "the tag `{name}` contains a line break or the like", name = name)
        }
        _ if attribute == tags::XDG && name.contains(',') => sentence!(
            "tag-comma",
            "the tag `{name}` contains a comma, which stands between tags",
            name = name
        ),
        _ => return Ok(()),
    };
    Err(ActionError::new(fault))
}

/// `+invoice, -new`.
fn said(old: &[Tag], new: &[Tag]) -> String {
    let gone = old.iter().filter(|tag| !new.iter().any(|other| other.name == tag.name));
    let come = new.iter().filter(|tag| !old.contains(tag));
    let come = come.map(|tag| format!("+{}", tag.name));
    come.chain(gone.map(|tag| format!("-{}", tag.name))).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use crate::fake::Fake;
    use crate::tags::XDG;
    use crate::{World, load};

    fn tags(world: &Fake) -> String {
        let value = world.attribute("/in/a.txt".as_ref(), XDG).unwrap().unwrap_or_default();
        String::from_utf8(value).unwrap()
    }

    #[test]
    fn tags_come_and_go() {
        let world = Fake::new().file("/in/a.txt", "x");
        assert_eq!(
            world.run("- tag: [invoice, '{path.stem}']", "/in/a.txt"),
            "tag /in/a.txt (+invoice, +a)\n"
        );
        assert_eq!(tags(&world), "invoice,a");
        assert_eq!(
            world.run("- tag: {add: paid, remove: [a, never]}", "/in/a.txt"),
            "tag /in/a.txt (+paid, -a)\n"
        );
        assert_eq!(tags(&world), "invoice,paid");
        assert_eq!(
            world.run("- tag: paid\n- tag: {remove: [invoice, paid]}", "/in/a.txt"),
            "tag /in/a.txt (its tags are as they should be)\ntag /in/a.txt (-invoice, -paid)\n"
        );
        assert_eq!(world.attribute("/in/a.txt".as_ref(), XDG).unwrap(), None);
    }

    #[test]
    fn names_that_would_become_others_are_refused() {
        let world = Fake::new().file("/in/a,b.txt", "x").file("/in/a.txt", "x");
        let said = world.run("- tag: '{path.stem}'", "/in/a,b.txt");
        assert!(said.starts_with("error: the tag `a,b` contains a comma"), "{said}");
        let said = world.run("- tag: ' '", "/in/a.txt");
        assert_eq!(said, "error: the tag `` is empty\n");
    }

    #[test]
    fn a_file_system_without_attributes_and_a_tag_without_names_are_told_of() {
        let world = Fake::new().file("/in/a.txt", "x").without_attributes();
        let said = world.run("- tag: a", "/in/a.txt");
        assert_eq!(said, "error: the file system that /in/a.txt lies on keeps no tags\n");
        let loaded = load("r.yaml".as_ref(), "rules: [{locations: /in, actions: [tag]}]");
        assert_eq!(loaded.diagnostics[0].code, "missing_parameter");
    }
}

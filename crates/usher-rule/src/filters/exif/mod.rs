//! `exif`: what cameras write into pictures.
//!
//! Names and texts are those of the Python library `exifread`, which organize uses and rules therefore speak of.

mod container;
mod tags;
mod tiff;
mod value;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::DateTime;
use minijinja::Value;
use usher_event::sentence;

use super::{Filter, FilterError, Tried, Verdict};
use crate::document::{Node, Value as NodeValue};
use crate::load::{Kind, Param, Reader, Signs, Spec, plain_text};
use crate::location::Patterns;
use crate::{Context, Diagnostic, World};

pub(super) const SPEC: Spec = Spec {
    positional: Some("tag"),
    params: &[
        Param::new("tag", Kind::Text, "", "a tag that has to be there, such as `gps` or `image.model`"),
        Param::new("filter_tags", Kind::Other, "", "tags and patterns once more, as a mapping")
            .with(Signs::Wildcards),
        Param::new(
            "lowercase_keys",
            Kind::Flag,
            "true",
            "whether the names of tags are put into small letters",
        ),
    ],
    others: Some(
        "a tag such as `image.model` and a pattern for its text in any case, or nothing where any text will do",
    ),
    variables: &["exif"],
    dirs: false,
    ..Spec::new("exif", "looks at what the camera wrote into a picture")
};

#[derive(Debug)]
struct Exif {
    wanted: Vec<Wanted>,
    lowercase: bool,
}

/// A tag that has to be there, with a text that fits.
#[derive(Debug)]
struct Wanted {
    tag: String,
    pattern: Option<(String, Patterns)>,
}

/// Tags by their group; a group is a mapping of its own.
type Groups = BTreeMap<String, Tags>;
type Tags = BTreeMap<String, Tag>;

/// A tag's text, and the how manieth one of the file it is: templates see them in that order.
#[derive(Debug)]
struct Tag {
    nr: usize,
    text: String,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    let lowercase = reader.flag("lowercase_keys");
    let mut wanted = Vec::new();
    if let Some(tag) = reader.optional("tag") {
        let span = reader.node("tag").map_or(reader.span(), Node::head);
        check_case(&tag, lowercase, span, reader);
        wanted.push(Wanted { tag, pattern: None });
    }
    let mut pairs: Vec<(&str, &Node)> = reader.others().to_vec();
    if let Some(node) = reader.node("filter_tags").filter(|node| !node.is_null()) {
        match &node.value {
            NodeValue::Map(inner) => {
                pairs.extend(inner.iter().filter_map(|pair| Some((pair.key.text()?, &pair.value))));
            }
            _ => {
                reader.wrong("filter_tags", node, usher_event::sentence!("wanted-tags", "tags and patterns"))
            }
        }
    }
    for (tag, node) in pairs {
        check_case(tag, lowercase, node.head(), reader);
        let pattern = match plain_text(node) {
            _ if node.is_null() => None,
            Some(text) => Some((text.to_owned(), Patterns::new([text].into_iter(), true))),
            None => {
                reader.wrong(tag, node, usher_event::sentence!("wanted-pattern", "a pattern"));
                continue;
            }
        };
        wanted.push(Wanted { tag: tag.to_owned(), pattern });
    }
    Some(Box::new(Exif { wanted, lowercase }))
}

fn check_case(tag: &str, lowercase: bool, span: crate::Span, reader: &mut Reader<'_, '_>) {
    if lowercase && tag != tag.to_lowercase() {
        let message = sentence!(
            "lint-exif-never",
            "there is never a tag `{tag}`, since names are put into small letters",
            tag = tag
        );
        let problem = Diagnostic::warning("never_matches", span, message);
        reader.problems().push(problem.help(sentence!(
            "lint-exif-never-help",
            "write `{tag}`",
            tag = tag.to_lowercase()
        )));
    }
}

impl Wanted {
    fn fits(&self, groups: &Groups) -> Result<bool, FilterError> {
        let mut parts = self.tag.split('.');
        let Some(tags) = groups.get(parts.next().unwrap_or_default()) else { return Ok(false) };
        let Some(name) = parts.next() else {
            // A group has no text a pattern could fit.
            return Ok(self.pattern.is_none());
        };
        let Some(tag) = tags.get(name) else { return Ok(false) };
        if let Some(deeper) = parts.next() {
            return Err(FilterError::new(sentence!(
                "exif-not-deeper",
                "`{tag}` is a text and has no `{deeper}` in it",
                tag = &self.tag,
                deeper = deeper
            )));
        }
        Ok(self.pattern.as_ref().is_none_or(|(_, pattern)| pattern.match_any(tag.text.as_ref())))
    }
}

impl Filter for Exif {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        let one = |wanted: &Wanted| match &wanted.pattern {
            Some((pattern, _)) => format!("{}: {pattern}", wanted.tag),
            None => wanted.tag.clone(),
        };
        match self.wanted.is_empty() {
            true => "anything a camera wrote".to_owned(),
            false => self.wanted.iter().map(one).collect::<Vec<_>>().join(", "),
        }
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        let mut groups = groups(cx.world, cx.looked_at()?)?;
        if self.lowercase {
            groups = lowered(groups);
        }
        let seen = cx.seen(|| self.shown(&groups));
        cx.publish(SPEC.name, |_| published(&groups));
        let mut pass = !groups.is_empty();
        for wanted in &self.wanted {
            pass = pass && wanted.fits(&groups)?;
        }
        Ok(Verdict { pass, seen })
    }
}

impl Exif {
    fn shown(&self, groups: &Groups) -> String {
        let one = |wanted: &Wanted| {
            let (group, name) = wanted.tag.split_once('.')?;
            Some(format!("{}: {}", wanted.tag, groups.get(group)?.get(name)?.text))
        };
        let asked: Vec<String> = self.wanted.iter().filter_map(one).collect();
        match (groups.is_empty(), asked.is_empty()) {
            (true, _) => "nothing a camera wrote".to_owned(),
            (_, false) => asked.join(", "),
            (_, true) => groups
                .iter()
                .map(|(group, tags)| format!("{} tags in {group}", tags.len()))
                .collect::<Vec<_>>()
                .join(", "),
        }
    }
}

fn lowered(groups: Groups) -> Groups {
    let mut all = Groups::new();
    for (group, tags) in groups {
        let group = all.entry(group.to_lowercase()).or_default();
        in_order(tags).into_iter().for_each(|(name, tag)| put(group, name.to_lowercase(), tag));
    }
    all
}

/// Puts a tag to the others. One that is there already keeps its place and gets the text of the last.
fn put(tags: &mut Tags, name: String, tag: Tag) {
    let nr = tags.get(&name).map_or(tag.nr, |known| known.nr);
    tags.insert(name, Tag { nr, ..tag });
}

fn in_order(tags: Tags) -> Vec<(String, Tag)> {
    let mut tags: Vec<_> = tags.into_iter().collect();
    tags.sort_by_key(|(_, tag)| tag.nr);
    tags
}

fn published(groups: &Groups) -> Value {
    let mut groups: Vec<(&str, Vec<(&String, &Tag)>)> =
        groups.iter().map(|(name, tags)| (name.as_str(), tags.iter().collect())).collect();
    groups.iter_mut().for_each(|(_, tags)| tags.sort_by_key(|(_, tag)| tag.nr));
    groups.sort_by_key(|(_, tags)| tags.first().map(|(_, tag)| tag.nr));
    let group = |tags: Vec<(&String, &Tag)>| {
        Value::from_pairs(tags.into_iter().map(|(name, tag)| (name.as_str(), value::value(name, &tag.text))))
    };
    Value::from_pairs(groups.into_iter().map(|(name, tags)| (name, group(tags))))
}

/// All tags of a file by group. Where one is there twice the last counts.
fn groups(world: &dyn World, path: &Path) -> Result<Groups, FilterError> {
    let found = world
        .open(path)
        .and_then(container::tags)
        .map_err(|error| FilterError::io(Tried::Read, path, error))?;
    let mut groups = Groups::new();
    for (nr, tag) in found.into_iter().enumerate() {
        // `IFD 2` and `ImageWidth` are `IFD` and `2 ImageWidth`, as organize takes them apart.
        let (group, name) = match tag.group.split_once(' ') {
            Some((group, nr)) => (group.to_owned(), format!("{nr} {}", tag.name)),
            None => (tag.group, tag.name),
        };
        put(groups.entry(group).or_default(), name, Tag { nr, text: tag.text });
    }
    Ok(groups)
}

/// When a picture was taken, as the camera's clock showed it, and how far that is from UTC in seconds, where it says so.
pub(super) fn taken(world: &dyn World, path: &Path) -> Result<Option<(DateTime, Option<i64>)>, FilterError> {
    let groups = groups(world, path)?;
    let text =
        |group: &str, name: &str| groups.get(group).and_then(|tags| tags.get(name)).map(|tag| &tag.text);
    let sources = [
        ("EXIF", "DateTimeOriginal", "OffsetTimeOriginal"),
        ("EXIF", "DateTimeDigitized", "OffsetTimeDigitized"),
        ("Image", "DateTime", "OffsetTime"),
    ];
    Ok(sources.into_iter().find_map(|(group, name, offset)| {
        let time = value::time(text(group, name)?)?;
        Some((time, text("EXIF", offset).and_then(|text| value::offset(text))))
    }))
}

#[cfg(test)]
pub(super) mod tests;

//! The locations of a rule.

use std::sync::Arc;

use usher_event::sentence;

use super::problems::Problems;
use super::reader::{Reader, as_int, check_filled, compile, plain_text};
use super::say::wrong_type;
use super::spec::{Kind, Param, Spec};
use crate::Diagnostic;
use crate::document::{Node, Value};
use crate::location::{Location, Order, Patterns, Reach};
use crate::template::Template;

const PATH: Param =
    Param::required("path", Kind::Texts, "the folder or folders; `~`, `$VAR` and `{env.VAR}` are expanded")
        .filled();

/// What a location is made of.
pub const LOCATION: Spec = Spec {
    params: &[
        PATH,
        Param::new(
            "min_depth",
            Kind::Int,
            "0",
            "how deep below the folder it begins; 0 is the folder's own files",
        ),
        Param::new(
            "max_depth",
            Kind::Other,
            "inherit",
            "how deep it reaches; `inherit` follows `subfolders`, null is without end",
        ),
        Param::new(
            "search",
            Kind::Choice(&["depth", "breadth"]),
            "breadth",
            "what comes first: subfolders or the files beside them",
        ),
        Param::new("exclude_files", Kind::Texts, "", "names of files to leave out, with `*`, `?` and `[..]`"),
        Param::new("exclude_dirs", Kind::Texts, "", "names of folders to leave out with all in them"),
        Param::new(
            "system_exclude_files",
            Kind::Texts,
            "thumbs.db desktop.ini ~$* .DS_Store .localized",
            "names of files that systems leave behind; giving a list replaces this one",
        ),
        Param::new(
            "system_exclude_dirs",
            Kind::Texts,
            ".git .svn",
            "names of folders that tools keep for themselves; giving a list replaces this one",
        ),
        Param::new("filter", Kind::Texts, "null", "if given, only files with these names"),
        Param::new(
            "filter_dirs",
            Kind::Texts,
            "null",
            "if given, only folders with these names, all the way down",
        ),
        Param::new(
            "ignore_errors",
            Kind::Flag,
            "false",
            "accepted for organize; unreadable folders are always left out and reported",
        ),
    ],
    ..Spec::new("location", "a folder a rule looks at")
};

/// Reads the locations of a rule.
pub(super) fn read(node: &Node, subfolders: bool, problems: &mut Problems<'_>) -> Vec<Location> {
    let mut locations = Vec::new();
    node.flatten(&mut |item| match &item.value {
        Value::Map(pairs) => {
            let mut reader = Reader::mapping(&LOCATION, item.head(), pairs, problems);
            locations.push(location(&mut reader, subfolders));
        }
        _ => {
            if let Some(path) = path(item, problems) {
                locations.push(Location { paths: vec![path], reach: Arc::new(plain_reach(subfolders)) });
            }
        }
    });
    locations
}

fn location(reader: &mut Reader<'_, '_>, subfolders: bool) -> Location {
    let mut paths = Vec::new();
    if let Some(node) = reader.node("path") {
        node.flatten(&mut |item| paths.extend(path(item, reader.problems())));
    }
    reader.flag("ignore_errors");
    let reach = Reach {
        min_depth: usize::try_from(reader.int("min_depth")).unwrap_or(0),
        max_depth: max_depth(reader, subfolders),
        order: if reader.choice("search") == "depth" { Order::Depth } else { Order::Breadth },
        exclude_files: patterns(reader, "exclude_files", false),
        exclude_dirs: patterns(reader, "exclude_dirs", false),
        system_files: patterns(reader, "system_exclude_files", true),
        system_dirs: patterns(reader, "system_exclude_dirs", true),
        filter: given(reader, "filter"),
        filter_dirs: given(reader, "filter_dirs"),
    };
    Location { paths, reach: Arc::new(reach) }
}

fn path(item: &Node, problems: &mut Problems<'_>) -> Option<Template> {
    let Some(text) = plain_text(item) else {
        problems.push(wrong_path(item));
        return None;
    };
    check_filled(&PATH, text, item, problems);
    Some(compile(item, problems))
}

fn plain_reach(subfolders: bool) -> Reach {
    Reach {
        min_depth: 0,
        max_depth: inherited(subfolders),
        order: Order::Breadth,
        exclude_files: Patterns::default(),
        exclude_dirs: Patterns::default(),
        system_files: defaults("system_exclude_files"),
        system_dirs: defaults("system_exclude_dirs"),
        filter: None,
        filter_dirs: None,
    }
}

fn inherited(subfolders: bool) -> Option<usize> {
    if subfolders { None } else { Some(0) }
}

fn max_depth(reader: &mut Reader<'_, '_>, subfolders: bool) -> Option<usize> {
    let Some(node) = reader.node("max_depth") else { return inherited(subfolders) };
    if node.is_null() {
        return None;
    }
    if node.text() == Some("inherit") {
        return inherited(subfolders);
    }
    match as_int(node) {
        Some(depth) => Some(usize::try_from(depth).unwrap_or(0)),
        None => {
            let wanted = sentence!("wanted-depth", "`inherit`, a whole number or null");
            reader.wrong("max_depth", node, wanted);
            inherited(subfolders)
        }
    }
}

fn patterns(reader: &mut Reader<'_, '_>, name: &'static str, system: bool) -> Patterns {
    if reader.node(name).is_none() && system {
        return defaults(name);
    }
    let texts = reader.texts(name);
    Patterns::new(texts.iter().map(|(text, _)| text.as_str()), system)
}

fn defaults(name: &str) -> Patterns {
    let words = LOCATION.param(name).and_then(|param| param.default).unwrap_or("");
    Patterns::new(words.split_whitespace(), true)
}

fn given(reader: &mut Reader<'_, '_>, name: &'static str) -> Option<Patterns> {
    reader.node(name).filter(|node| !node.is_null())?;
    let texts = reader.texts(name);
    Some(Patterns::new(texts.iter().map(|(text, _)| text.as_str()), false))
}

fn wrong_path(node: &Node) -> Diagnostic {
    let problem = wrong_type("locations", node, sentence!("wanted-paths", "paths"));
    match node.is_null() {
        true => problem.help(sentence!(
            "load-bare-tilde-help",
            "YAML reads a bare `~` as nothing; write \"~\" with quotes for the home directory"
        )),
        false => problem,
    }
}

//! Where a `dest` leads: from a template to an absolute path that stays where the user wrote it.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf, is_separator};

use usher_event::{Kind, sentence};

use super::ActionError;
use crate::load::{Kind as ParamKind, Param};
use crate::template::{Filled, Template, inexact};
use crate::{Context, World, name};

pub(super) const DEST: Param = Param::required(
    "dest",
    ParamKind::Template,
    "a folder, with a slash at the end, or a new path; missing folders are made",
)
.filled();

pub(super) const AUTODETECT: Param = Param::new(
    "autodetect_folder",
    ParamKind::Flag,
    "true",
    "whether a destination without a dot in its last part is taken for a folder",
);

/// Fills a template that names a file or a folder.
///
/// The result is absolute and without `..`. What placeholders put in cannot lead out of the folder that is spelled out
/// before the first of them.
pub(super) fn place(cx: &Context<'_>, template: &Template) -> Result<(PathBuf, String), ActionError> {
    let filled = template.fill(cx)?;
    if filled.text.is_empty() || filled.text.contains('\0') {
        return Err(ActionError::new(sentence!(
            "destination-unusable",
            "the destination `{template}` comes out empty or unusable",
            template = template.source(),
        )));
    }
    check_exact(cx, &filled)?;
    let base = cx.world.working_dir();
    let path = name::normalize(&base.join(&filled.text));
    check_within(&filled, &base, &path)?;
    Ok((path, filled.text))
}

/// The path a subject gets: inside the place if that is a folder or meant to be one, the place itself otherwise.
pub(super) fn target(
    cx: &Context<'_>,
    template: &Template,
    autodetect: bool,
    subject: &Path,
) -> Result<PathBuf, ActionError> {
    let (path, text) = place(cx, template)?;
    let Some(own_name) = subject.file_name() else {
        return Err(ActionError::new(sentence!(
            "destination-no-name",
            "{path} has no name to keep",
            path = subject
        )));
    };
    let wants_folder = wants_folder(&text, autodetect);
    match cx.world.stat(&path) {
        Ok(_) if is_dir(cx.world, &path) => return Ok(path.join(own_name)),
        Ok(stat) if wants_folder && stat.kind == Kind::Symlink && leads_nowhere(cx.world, &path) => {
            // A drive that is not plugged in looks like this: its folder is not to be made somewhere else meanwhile.
            return Err(ActionError::new(sentence!(
                "destination-broken-link",
                "{path} is meant to be a folder, and is a link that leads nowhere",
                path = path,
            ))
            .hint(sentence!(
                "destination-broken-link-hint",
                "see to what it leads to, or take the link away"
            )));
        }
        Ok(_) if wants_folder => {
            return Err(ActionError::new(sentence!(
                "destination-is-file",
                "{path} is meant to be a folder, and a file of this name exists",
                path = path,
            ))
            .hint(sentence!(
                "destination-is-file-hint",
                "move the file away, or give the destination another name"
            )));
        }
        _ => {}
    }
    Ok(if wants_folder { path.join(own_name) } else { path })
}

/// The path of something new that is made of `subject`: in the folder that a slash at the end says, by `name`; the
/// place itself otherwise; beside the subject where there is no template.
pub(super) fn target_for_new(
    cx: &Context<'_>,
    template: Option<&Template>,
    subject: &Path,
    name: &OsStr,
) -> Result<PathBuf, ActionError> {
    let Some(template) = template else { return Ok(subject.with_file_name(name)) };
    let (path, text) = place(cx, template)?;
    Ok(if wants_folder(&text, false) { path.join(name) } else { path })
}

/// Whether a path is a directory or a link to one.
pub(super) fn is_dir(world: &dyn World, path: &Path) -> bool {
    match world.stat(path).map(|stat| stat.kind) {
        Ok(Kind::Dir) => true,
        Ok(Kind::Symlink) => world.list(path).is_ok(),
        _ => false,
    }
}

/// Whether what a link leads to is not there.
fn leads_nowhere(world: &dyn World, link: &Path) -> bool {
    world.list(link).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

fn wants_folder(text: &str, autodetect: bool) -> bool {
    if text.ends_with(['/', '\\']) {
        return true;
    }
    let last = text.rsplit(is_separator).next().unwrap_or(text);
    // As in a path, a lone dot is the folder itself.
    autodetect && (last == "." || !last.contains('.'))
}

/// The path that a placeholder put in and that was not text before: as text it may name another file.
pub(super) fn not_text(cx: &Context<'_>, filled: &Filled) -> Option<PathBuf> {
    let subject = || cx.path.clone().filter(|path| path.to_str().is_none());
    filled.has_replacements().then(|| subject().or_else(|| inexact(&cx.vars))).flatten()
}

/// Refuses a name that was not text before it was put in: it would become another one.
pub(super) fn check_exact(cx: &Context<'_>, filled: &Filled) -> Result<(), ActionError> {
    if !filled.has_replacements() {
        return Ok(());
    }
    if let Some(path) = cx.path.as_ref().filter(|path| path.to_str().is_none()) {
        let error = ActionError::new(sentence!(
            "destination-name-no-text",
            "the name of {path} is not text, so no other name can be made of it",
            path = path,
        ));
        return Err(match filled.text.ends_with(['/', '\\']) {
            true => error,
            false => error.hint(sentence!(
                "destination-name-no-text-hint",
                "a destination that ends in a slash keeps the name exactly as it is"
            )),
        });
    }
    match inexact(&cx.vars) {
        Some(path) => Err(ActionError::new(sentence!(
            "destination-no-text",
            "{path} is not text, so no destination can be made of it",
            path = path.display(),
        ))),
        None => Ok(()),
    }
}

fn check_within(filled: &Filled, base: &Path, path: &Path) -> Result<(), ActionError> {
    let Some(first) = filled.dynamic.first() else { return Ok(()) };
    if let Some(value) = climbing(filled) {
        return Err(ActionError::new(sentence!(
            "destination-climbs",
            "a placeholder puts `{value}` into the destination `{destination}`",
            value = value,
            destination = &filled.text,
        ))
        .hint(sentence!(
            "destination-climbs-hint",
            "`..` can be written out, but not come from a file's name or contents"
        )));
    }
    let spelled = &filled.text[..first.start];
    let folder = match spelled.rfind(is_separator) {
        Some(end) => name::normalize(&base.join(&spelled[..=end])),
        None if Path::new(&filled.text).is_absolute() => return Ok(()),
        None => base.to_path_buf(),
    };
    if path.starts_with(&folder) {
        return Ok(());
    }
    Err(ActionError::new(sentence!(
        "destination-outside",
        "the destination {path} would lie outside {folder}",
        path = path,
        folder = folder,
    ))
    .hint(sentence!("destination-outside-hint", "write the folder out before the first placeholder")))
}

/// A part of the path that is `..` and came wholly or partly out of a placeholder.
fn climbing(filled: &Filled) -> Option<&str> {
    let mut start = 0;
    for part in filled.text.split(is_separator) {
        let end = start + part.len();
        if part == ".." && filled.dynamic.iter().any(|range| range.start < end && range.end > start) {
            return Some(part);
        }
        start = end + 1;
    }
    None
}

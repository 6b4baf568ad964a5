//! What happens when something is at the destination already. The one place for it: `move`, `copy` and `rename` ask
//! here, and get the operations that make the way free.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use minijinja::Value;
use usher_event::{Kind, Sentence, sentence};

use super::{ActionError, destination};
use crate::load::{Kind as ParamKind, Param, Reader};
use crate::template::{Template, Vars};
use crate::world::{number, real_folder, respelled, through_links};
use crate::{Context, Op, Resolution, Stat, World, name};

pub(super) const ON_CONFLICT: Param = Param::new(
    "on_conflict",
    ParamKind::Choice(&["skip", "overwrite", "trash", "rename_new", "rename_existing", "deduplicate"]),
    "rename_new",
    "what to do when something is there already",
);

/// The same for things that are made and have nothing to be compared with.
pub(super) const ON_CONFLICT_NEW: Param = Param::new(
    "on_conflict",
    ParamKind::Choice(&["skip", "overwrite", "trash", "rename_new", "rename_existing"]),
    "rename_new",
    "what to do when something is there already",
);

const DEFAULT_NAME: &str = "{name} {counter}{extension}";

pub(super) const RENAME_TEMPLATE: Param = Param::new(
    "rename_template",
    ParamKind::Template,
    DEFAULT_NAME,
    "how a free name is made: `{name}`, `{extension}` with its dot, and `{counter}` from 2",
);

/// So many names are tried before giving up.
const MAX_COUNTER: u64 = 100_000;

/// What a rule wants done about conflicts.
#[derive(Debug)]
pub(super) struct Conflict {
    mode: Mode,
    names: Template,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Skip,
    Overwrite,
    Trash,
    RenameNew,
    RenameExisting,
    Deduplicate,
}

/// How a subject gets to its destination.
#[derive(Debug)]
pub(super) enum Way {
    /// Not at all, for this reason.
    Stay(Sentence, Option<Resolution>),
    /// To `to`, once `ops` have made the way free.
    Free {
        /// The final path, at which nothing is then.
        to: PathBuf,
        /// Folders to make and things to move away.
        ops: Vec<Op>,
        /// What happens to what was there.
        note: Option<Sentence>,
        /// The same in a word, and what happens to the subject.
        conflict: Option<Resolution>,
    },
}

impl Conflict {
    pub(super) fn read(reader: &mut Reader<'_, '_>) -> Self {
        let mode = match reader.choice("on_conflict") {
            "skip" => Mode::Skip,
            "overwrite" => Mode::Overwrite,
            "trash" => Mode::Trash,
            "rename_existing" => Mode::RenameExisting,
            "deduplicate" => Mode::Deduplicate,
            _ => Mode::RenameNew,
        };
        Self { mode, names: reader.template("rename_template") }
    }

    pub(super) fn template(&self) -> &Template {
        &self.names
    }

    /// Makes the way free from `from` to `to`.
    pub(super) fn way(
        &self,
        cx: &Context<'_>,
        from: &Path,
        stat: &Stat,
        to: PathBuf,
    ) -> Result<Way, ActionError> {
        if from == to {
            return Ok(Way::Stay(already_there(), None));
        }
        check_length(cx.world, &to)?;
        if stat.kind == Kind::Dir && lies_in(cx.world, &to, from) {
            return Err(ActionError::new(sentence!(
                "conflict-into-itself",
                "{path} cannot go into itself",
                path = from
            ))
            .hint(sentence!("action-destination-outside", "choose a destination outside the folder")));
        }
        match cx.world.stat(&to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => free(cx.world, to),
            Err(error) => Err(unreadable(&to, error)),
            // Another way to the same thing: through a link, or in other letters.
            Ok(there) if is_same(stat, &there) && !is_second_name(cx.world, stat.kind, from, &to) => {
                match respelled(cx.world, from, &to) {
                    true => free(cx.world, to),
                    false => Ok(Way::Stay(already_there(), None)),
                }
            }
            Ok(_) => self.resolve(cx, from, to),
        }
    }

    /// Makes the way free for something new at `to`, which is made of what is at `from`.
    pub(super) fn way_for_new(&self, cx: &Context<'_>, from: &Path, to: PathBuf) -> Result<Way, ActionError> {
        check_length(cx.world, &to)?;
        match cx.world.stat(&to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => free(cx.world, to),
            Err(error) => Err(unreadable(&to, error)),
            Ok(_) => self.resolve(cx, from, to),
        }
    }

    fn resolve(&self, cx: &Context<'_>, from: &Path, to: PathBuf) -> Result<Way, ActionError> {
        let gives_way = matches!(self.mode, Mode::Overwrite | Mode::Trash | Mode::RenameExisting);
        if gives_way && lies_in(cx.world, from, &to) {
            return Err(ActionError::new(sentence!(
                "conflict-holds-it",
                "{there} cannot give way: {path} lies in it",
                there = to,
                path = from,
            )));
        }
        let cleared =
            |to, ops, note, conflict| Ok(Way::Free { to, ops, note: Some(note), conflict: Some(conflict) });
        match self.mode {
            Mode::Skip => {
                let why = sentence!("note-exists-already", "{path} exists already", path = to);
                Ok(Way::Stay(why, Some(Resolution::Stays)))
            }
            Mode::Overwrite => {
                let ops = vec![Op::Stash { path: to.clone() }];
                cleared(to, ops, sentence!("note-replaces", "replaces what was there"), Resolution::Replaces)
            }
            Mode::Trash => {
                let ops = vec![Op::Trash { path: to.clone() }];
                let note = sentence!("note-trashes", "what was there goes to the trash");
                cleared(to, ops, note, Resolution::Trashes)
            }
            Mode::RenameExisting => {
                let aside = self.free_name(cx, &to)?;
                let name = aside.file_name().unwrap_or_default().to_string_lossy();
                let note = sentence!("note-moves-aside", "what was there becomes {name}", name = name);
                let ops = vec![Op::Move { from: to.clone(), to: aside }];
                cleared(to, ops, note, Resolution::MovesAside)
            }
            Mode::Deduplicate if is_duplicate(cx.world, from, &to)? => {
                let why = sentence!("note-same-content", "{path} has the same content", path = to);
                Ok(Way::Stay(why, Some(Resolution::Same)))
            }
            Mode::RenameNew | Mode::Deduplicate => {
                let to = self.free_name(cx, &to)?;
                Ok(Way::Free { to, ops: Vec::new(), note: None, conflict: Some(Resolution::NewName) })
            }
        }
    }

    /// The first name of the template that is free in the destination's folder.
    fn free_name(&self, cx: &Context<'_>, taken: &Path) -> Result<PathBuf, ActionError> {
        let mut last = None;
        for counter in 2..MAX_COUNTER {
            let candidate = taken.with_file_name(self.name(cx, taken, counter)?);
            check_length(cx.world, &candidate)?;
            if !cx.world.exists(&candidate) {
                return Ok(candidate);
            }
            if last.as_ref() == Some(&candidate) {
                return Err(ActionError::new(sentence!(
                    "conflict-no-further-name",
                    "`{template}` makes no further name beside {path}",
                    template = self.names.source(),
                    path = taken,
                ))
                .hint(sentence!(
                    "conflict-no-further-name-hint",
                    "put `{{counter}}` into the `rename_template`"
                )));
            }
            last = Some(candidate);
        }
        Err(ActionError::new(sentence!(
            "conflict-no-free-name",
            "no free name beside {path} was found",
            path = taken
        )))
    }

    /// A name of the template. Where it comes out too long, less of the stem goes into it.
    fn name(&self, cx: &Context<'_>, taken: &Path, counter: u64) -> Result<OsString, ActionError> {
        let (mut stem, suffix) = name::split(taken);
        if self.names.source() == DEFAULT_NAME
            && let Some(name) = name::numbered(taken, counter)
        {
            return Ok(name);
        }
        let extension =
            if suffix.is_empty() { String::new() } else { format!(".{}", suffix.to_string_lossy()) };
        loop {
            let vars = [
                ("name", Value::from(stem.to_string_lossy())),
                ("extension", Value::from(extension.as_str())),
                ("counter", Value::from(counter)),
            ];
            let filled = self.names.render(&Vars { world: cx.world, vars: &vars })?;
            destination::check_exact(cx, &filled)?;
            check_name(&filled.text)?;
            // It may go in more than once, or in part.
            let by = filled.text.len().saturating_sub(name::LONGEST).min(stem.len() / 2);
            match name::shortened(stem, by).filter(|_| by > 0) {
                Some(shorter) => stem = shorter,
                None => return Ok(filled.text.into()),
            }
        }
    }
}

/// Refuses a path with a name in it that is too long for the file system there. How long one may be differs, so the
/// nearest folder that is there is asked.
pub(super) fn check_length(world: &dyn World, path: &Path) -> Result<(), ActionError> {
    match too_long(world, path) {
        Some(path) => Err(ActionError::new(sentence!(
            "action-name-too-long",
            "the name of {path} is too long for the file system there",
            path = path,
        ))
        .hint(sentence!(
            "action-name-too-long-hint",
            "give it a shorter one: most file systems hold 255 bytes, and letters with accents take two or more"
        ))),
        None => Ok(()),
    }
}

/// What of a path, down to there, has a name that is too long for the file system there.
pub(super) fn too_long<'p>(world: &dyn World, path: &'p Path) -> Option<&'p Path> {
    let is_long = |path: &&Path| path.file_name().is_some_and(|name| name.len() > name::LONGEST);
    path.ancestors().filter(is_long).find(|path| is_too_long(world, path))
}

fn is_too_long(world: &dyn World, path: &Path) -> bool {
    // One that is only planned to be there says nothing of what it will hold.
    let is_there = |dir: &&Path| world.stat(dir).is_ok_and(|stat| !stat.is_planned());
    let (dir, name) = (path.ancestors().skip(1).find(is_there), path.file_name());
    let look = dir.zip(name).map(|(dir, name)| world.stat(&dir.join(name)));
    look.is_some_and(|look| look.is_err_and(|error| error.kind() == io::ErrorKind::InvalidFilename))
}

/// Refuses what cannot be the name of a file.
pub(super) fn check_name(name: &str) -> Result<(), ActionError> {
    let fault = match name {
        "" => sentence!("new-name-empty", "the new name `{name}` is empty", name = name),
        "." | ".." => {
            sentence!("new-name-dots", "the new name `{name}` is a folder of every folder", name = name)
        }
        _ if name.contains(std::path::is_separator) => {
            sentence!("new-name-slash", "the new name `{name}` contains a slash", name = name)
        }
        _ if name.contains('\0') => {
            sentence!("new-name-zero-byte", "the new name `{name}` contains a zero byte", name = name)
        }
        _ => return Ok(()),
    };
    Err(ActionError::new(fault).hint(sentence!("new-name-hint", "to put files elsewhere use `move`")))
}

/// Adds making each missing folder down to `dir`, the outermost first.
pub(super) fn make_dirs(world: &dyn World, dir: Option<&Path>, ops: &mut Vec<Op>) -> Result<(), ActionError> {
    let mut missing = Vec::new();
    for dir in dir.into_iter().flat_map(Path::ancestors) {
        match world.stat(dir) {
            Ok(_) if destination::is_dir(world, dir) => break,
            Ok(_) => {
                return Err(ActionError::new(sentence!(
                    "action-no-folder",
                    "{path} is not a folder",
                    path = dir
                ))
                .hint(sentence!(
                    "action-no-folder-hint",
                    "something else has the name of a folder on the way to the destination"
                )));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => missing.push(dir),
            Err(error) => return Err(unreadable(dir, error)),
        }
    }
    ops.extend(missing.into_iter().rev().map(|dir| Op::MakeDir { path: dir.to_path_buf() }));
    Ok(())
}

/// The way to a place where nothing is.
fn free(world: &dyn World, to: PathBuf) -> Result<Way, ActionError> {
    let mut ops = Vec::new();
    make_dirs(world, to.parent(), &mut ops)?;
    Ok(Way::Free { to, ops, note: None, conflict: None })
}

/// Why there is nothing to do for something that is where it is to be.
pub(super) fn already_there() -> Sentence {
    sentence!("note-already-there", "already there")
}

/// Whether both are one file or folder.
pub(super) fn is_same(a: &Stat, b: &Stat) -> bool {
    a.inode != 0 && (a.device, a.inode) == (b.device, b.inode)
}

/// Whether something is, or lies in, what is at `around`, by whatever way its path leads there.
fn lies_in(world: &dyn World, path: &Path, around: &Path) -> bool {
    // A link at the end is what is meant itself, and not what it leads to.
    let seat = |path: &Path| {
        let (dir, name) = (path.parent()?, path.file_name()?);
        Some(through_links(world, dir).ok()?.join(name))
    };
    if path.starts_with(around) {
        return true;
    }
    let Some(path) = seat(path) else { return false };
    if seat(around).is_some_and(|around| path.starts_with(around)) {
        return true;
    }
    // Over a second mount no text tells.
    let folder = world.stat(around).ok().and_then(|stat| stat.folder());
    folder.is_some() && path.ancestors().any(|above| number(world, above) == folder)
}

/// Whether a file has both names, as a hard link gives it: then one is in the way of the other like any other file.
fn is_second_name(world: &dyn World, kind: Kind, from: &Path, to: &Path) -> bool {
    let same_folder = || match (real_folder(world, from), real_folder(world, to)) {
        (Some(old), Some(new)) => old == new,
        _ => from.parent() == to.parent(),
    };
    // A file system that does not mind letters finds a file by names that no folder lists.
    let listed = |path: &Path| {
        let entries = path.parent().and_then(|dir| world.list(dir).ok()).unwrap_or_default();
        path.file_name().is_some_and(|name| entries.iter().any(|entry| entry.name == name))
    };
    kind == Kind::File && (from.file_name() != to.file_name() || !same_folder()) && listed(from) && listed(to)
}

fn unreadable(path: &Path, error: io::Error) -> ActionError {
    let message = sentence!("action-look", "cannot look at {path}", path = path);
    ActionError { source: Some(error), ..ActionError::new(message) }
}

fn is_duplicate(world: &dyn World, from: &Path, to: &Path) -> Result<bool, ActionError> {
    // A link has no bytes of its own. It may lead to this very file, which would be taken for its own second copy.
    if world.stat(to).is_ok_and(|stat| stat.kind == Kind::Symlink) {
        return Ok(false);
    }
    match world.same_content(from, to) {
        // A link that leads nowhere is in the way and holds nothing.
        Err(error) if error.kind() == io::ErrorKind::NotFound && world.exists(from) => Ok(false),
        same => same.map_err(|error| ActionError {
            source: Some(error),
            ..ActionError::new(sentence!(
                "action-compare",
                "cannot compare {path} with {other}",
                path = from,
                other = to
            ))
        }),
    }
}

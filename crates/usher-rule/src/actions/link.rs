//! Links: what `symlink` and `hardlink` have in common, which is all but the kind of link.

use std::path::{Path, PathBuf};

use usher_event::{Kind, sentence};

use super::conflict::{Conflict, Way, already_there, is_same};
use super::{Action, ActionError, destination};
use crate::load::Reader;
use crate::template::Template;
use crate::{Context, LinkKind, Op, Stat, Step, World};

#[derive(Debug)]
pub(super) struct Link {
    name: &'static str,
    dest: Template,
    autodetect: bool,
    conflict: Conflict,
    hard: bool,
}

impl Link {
    pub(super) fn read(reader: &mut Reader<'_, '_>, name: &'static str, hard: bool) -> Box<dyn Action> {
        Box::new(Self {
            name,
            dest: reader.template("dest"),
            autodetect: reader.flag("autodetect_folder"),
            conflict: Conflict::read(reader),
            hard,
        })
    }

    fn kind(&self, from: &Path, stat: &Stat) -> Result<LinkKind, ActionError> {
        match (self.hard, stat.kind) {
            (false, kind) => Ok(LinkKind::Symbolic { dir: kind == Kind::Dir }),
            (true, Kind::Dir) => Err(ActionError::new(sentence!(
                "hardlink-folder",
                "{path} is a folder, and a folder cannot have a second name",
                path = from,
            ))
            .hint(sentence!("hardlink-folder-hint", "use `symlink`"))),
            (true, _) => Ok(LinkKind::Hard),
        }
    }
}

impl Action for Link {
    fn name(&self) -> &'static str {
        self.name
    }

    fn summary(&self) -> String {
        self.dest.source().to_owned()
    }

    fn templates(&self) -> Vec<&Template> {
        vec![&self.dest, self.conflict.template()]
    }

    fn plan(&self, cx: &mut Context<'_>) -> Result<Step, ActionError> {
        let (original, stat) = cx.subject()?;
        let kind = self.kind(&original, &stat)?;
        let to = destination::target(cx, &self.dest, self.autodetect, &original)?;
        let step = Step { from: Some(original.clone()), ..Step::new(self.name) };
        // A link that says it already needs no second one.
        let is_there = match kind {
            LinkKind::Hard => cx.world.stat(&to).is_ok_and(|there| is_same(&stat, &there)),
            LinkKind::Symbolic { .. } => cx.world.link_target(&to).is_ok_and(|says| says == original),
        };
        if is_there {
            return Ok(Step { note: Some(already_there()), ..step });
        }
        match self.conflict.way(cx, &original, &stat, to)? {
            Way::Stay(reason, conflict) => Ok(Step { note: Some(reason), conflict, ..step }),
            Way::Free { to: path, mut ops, note, conflict } => {
                if kind == LinkKind::Hard {
                    check_device(cx.world, &original, &stat, &path)?;
                }
                ops.push(Op::Link { original, path: path.clone(), kind });
                cx.produced.push(path.clone());
                Ok(Step { to: Some(path), ops, note, conflict, ..step })
            }
        }
    }
}

/// Both names of a file have to be on one file system.
fn check_device(world: &dyn World, original: &Path, stat: &Stat, path: &Path) -> Result<(), ActionError> {
    // What exists only in a plan is on no device yet; the disk itself will say.
    let planned = |stat: &Stat| stat.device == u64::MAX;
    let there = path.ancestors().skip(1).filter_map(|dir| world.stat(dir).ok()).find(|stat| !planned(stat));
    match there {
        Some(there) if there.kind == Kind::Dir && !planned(stat) && there.device != stat.device => {
            let folder = path.parent().map(PathBuf::from).unwrap_or_default();
            Err(ActionError::new(sentence!(
                "hardlink-two-disks",
                "{path} and {folder} are on different file systems, and a file cannot have names on both",
                path = original,
                folder = folder,
            ))
            .hint(sentence!("hardlink-two-disks-hint", "use `symlink` or `copy`")))
        }
        _ => Ok(()),
    }
}

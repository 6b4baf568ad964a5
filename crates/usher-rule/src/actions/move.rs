//! `move`: to another folder, another name, or both.

use super::conflict::{self, Conflict, Way};
use super::{Action, ActionError, destination};
use crate::load::{Reader, Spec};
use crate::template::Template;
use crate::{Context, Op, Step};

pub(super) const SPEC: Spec = Spec {
    positional: Some("dest"),
    params: &[destination::DEST, conflict::ON_CONFLICT, conflict::RENAME_TEMPLATE, destination::AUTODETECT],
    ..Spec::new("move", "moves the file or folder; the next actions see it in its new place")
};

#[derive(Debug)]
struct Move {
    dest: Template,
    autodetect: bool,
    conflict: Conflict,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    let dest = reader.template("dest");
    Some(Box::new(Move {
        dest,
        autodetect: reader.flag("autodetect_folder"),
        conflict: Conflict::read(reader),
    }))
}

impl Action for Move {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn summary(&self) -> String {
        self.dest.source().to_owned()
    }

    fn templates(&self) -> Vec<&Template> {
        vec![&self.dest, self.conflict.template()]
    }

    fn plan(&self, cx: &mut Context<'_>) -> Result<Step, ActionError> {
        let (from, stat) = cx.subject()?;
        let to = destination::target(cx, &self.dest, self.autodetect, &from)?;
        let way = self.conflict.way(cx, &from, &stat, to)?;
        Ok(go(cx, SPEC.name, from, way))
    }
}

/// The step that moves a subject its way, which `rename` takes too.
pub(super) fn go(cx: &mut Context<'_>, action: &'static str, from: std::path::PathBuf, way: Way) -> Step {
    let step = Step { from: Some(from.clone()), ..Step::new(action) };
    match way {
        Way::Stay(reason, conflict) => Step { note: Some(reason), conflict, ..step },
        Way::Free { to, mut ops, note, conflict } => {
            ops.push(Op::Move { from, to: to.clone() });
            cx.path = Some(to.clone());
            cx.produced.push(to.clone());
            Step { to: Some(to), ops, note, conflict, ..step }
        }
    }
}

#[cfg(test)]
#[path = "move_tests.rs"]
mod tests;

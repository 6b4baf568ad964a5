//! `copy`: a second one elsewhere, times and permissions included.

use super::conflict::{self, Conflict, Way};
use super::{Action, ActionError, destination};
use crate::load::{Kind, Param, Reader, Spec};
use crate::template::Template;
use crate::{Context, Op, Step};

pub(super) const SPEC: Spec = Spec {
    positional: Some("dest"),
    params: &[
        destination::DEST,
        conflict::ON_CONFLICT,
        conflict::RENAME_TEMPLATE,
        destination::AUTODETECT,
        Param::new(
            "continue_with",
            Kind::Choice(&["copy", "original"]),
            "copy",
            "which of the two the next actions see",
        ),
    ],
    ..Spec::new("copy", "copies the file or folder")
};

#[derive(Debug)]
struct Copy {
    dest: Template,
    autodetect: bool,
    conflict: Conflict,
    keep_original: bool,
    /// Its place among the rule's actions.
    nr: usize,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    Some(Box::new(Copy {
        dest: reader.template("dest"),
        autodetect: reader.flag("autodetect_folder"),
        conflict: Conflict::read(reader),
        keep_original: reader.choice("continue_with") == "original",
        nr: reader.nr,
    }))
}

impl Action for Copy {
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
        let step = Step { from: Some(from.clone()), ..Step::new(SPEC.name) };
        match self.conflict.way(cx, &from, &stat, to)? {
            Way::Stay(reason, conflict) => {
                // It lies where its copy would, and nobody means the copy to go once there is one.
                let gives_up = |name: &str| name == "delete" || name == "trash";
                let goes = || cx.rule.actions.iter().skip(self.nr + 1).any(|action| gives_up(action.name()));
                let over = self.keep_original && conflict.is_none() && goes();
                Ok(Step { note: Some(reason), conflict, over, ..step })
            }
            Way::Free { to, mut ops, note, conflict } => {
                ops.push(Op::Copy { from, to: to.clone() });
                cx.produced.push(to.clone());
                if !self.keep_original {
                    cx.path = Some(to.clone());
                }
                Ok(Step { to: Some(to), ops, note, conflict, ..step })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::Fake;

    #[test]
    fn the_next_action_sees_the_copy_or_the_original() {
        let world = Fake::new().file("/in/a.txt", "x");
        assert_eq!(
            world.run("- copy: /out/\n- echo: '{path}'", "/in/a.txt"),
            "copy /in/a.txt -> /out/a.txt\necho /out/a.txt\n"
        );
        assert!(world.has("/in/a.txt") && world.has("/out/a.txt"));
        let actions = "- copy: {dest: /other/, continue_with: original}\n- echo: '{path}'";
        assert_eq!(world.run(actions, "/in/a.txt"), "copy /in/a.txt -> /other/a.txt\necho /in/a.txt\n");
    }

    #[test]
    fn what_is_its_own_copy_is_not_treated_as_an_original() {
        let world = Fake::new().file("/in/archive/a.txt", "x");
        let actions = "- copy: {dest: /in/archive/, continue_with: original}\n- delete";
        assert_eq!(world.run(actions, "/in/archive/a.txt"), "copy /in/archive/a.txt (already there)\n");
        assert!(world.has("/in/archive/a.txt"));
        let actions = "- copy: {dest: /in/archive/, continue_with: original}\n- echo: '{path.name}'";
        let said = "copy /in/archive/a.txt (already there)\necho a.txt\n";
        assert_eq!(world.run(actions, "/in/archive/a.txt"), said);
    }

    #[test]
    fn a_copy_beside_the_original_gets_a_free_name() {
        let world = Fake::new().file("/in/a.txt", "x");
        assert_eq!(world.run("- copy: /in/", "/in/a.txt"), "copy /in/a.txt (already there)\n");
        assert_eq!(world.run("- copy: /in/b.txt", "/in/a.txt"), "copy /in/a.txt -> /in/b.txt\n");
        assert_eq!(world.run("- copy: /in/b.txt", "/in/a.txt"), "copy /in/a.txt -> /in/b 2.txt\n");
    }
}

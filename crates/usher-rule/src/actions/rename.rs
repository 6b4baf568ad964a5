//! `rename`: another name in the same folder.

use super::conflict::{self, Conflict};
use super::r#move::go;
use super::{Action, ActionError, destination};
use crate::load::{Kind, Param, Reader, Spec};
use crate::template::Template;
use crate::{Context, Step};

pub(super) const SPEC: Spec = Spec {
    positional: Some("new_name"),
    params: &[
        Param::required("new_name", Kind::Template, "the new name, extension included").filled(),
        conflict::ON_CONFLICT,
        conflict::RENAME_TEMPLATE,
    ],
    ..Spec::new("rename", "gives the file or folder another name in the same place")
};

#[derive(Debug)]
struct Rename {
    new_name: Template,
    conflict: Conflict,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    Some(Box::new(Rename { new_name: reader.template("new_name"), conflict: Conflict::read(reader) }))
}

impl Action for Rename {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn summary(&self) -> String {
        self.new_name.source().to_owned()
    }

    fn templates(&self) -> Vec<&Template> {
        vec![&self.new_name, self.conflict.template()]
    }

    fn plan(&self, cx: &mut Context<'_>) -> Result<Step, ActionError> {
        let (from, stat) = cx.subject()?;
        let filled = self.new_name.fill(cx)?;
        destination::check_exact(cx, &filled)?;
        conflict::check_name(&filled.text)?;
        let way = self.conflict.way(cx, &from, &stat, from.with_file_name(filled.text))?;
        Ok(go(cx, SPEC.name, from, way))
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::Fake;

    #[test]
    fn the_name_changes_and_the_place_stays() {
        let world = Fake::new().file("/in/a.txt", "x");
        assert_eq!(
            world.run("- rename: '{path.stem}-old{path.suffix}'", "/in/a.txt"),
            "rename /in/a.txt -> /in/a-old.txt\n"
        );
    }

    #[test]
    fn names_that_are_none_are_refused() {
        let world = Fake::new().file("/in/a.txt", "x");
        for name in ["a/b", ".", "..", "{path.name[9:]}", "{'/'}x"] {
            let said = world.run(&format!("- rename: \"{name}\""), "/in/a.txt");
            assert!(said.starts_with("error: the new name"), "{name}: {said}");
        }
    }

    #[test]
    fn only_the_case_may_change_where_the_file_system_does_not_mind_it() {
        let world = Fake::new().ignoring_case().file("/in/a.txt", "x");
        assert_eq!(world.run("- rename: A.txt", "/in/a.txt"), "rename /in/a.txt -> /in/A.txt\n");
    }
}

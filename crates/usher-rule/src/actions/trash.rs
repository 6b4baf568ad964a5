//! `trash`: into the platform's trash.

use super::{Action, ActionError};
use crate::load::{Reader, Spec};
use crate::{Context, Op, Step};

pub(super) const SPEC: Spec = Spec::new("trash", "puts the file or folder into the trash");

#[derive(Debug)]
struct Trash;

pub(super) fn read(_reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    Some(Box::new(Trash))
}

impl Action for Trash {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn summary(&self) -> String {
        String::new()
    }

    fn plan(&self, cx: &mut Context<'_>) -> Result<Step, ActionError> {
        // The path still names the old place afterwards, as organize has it: later actions may speak of the file.
        let (path, _) = cx.subject()?;
        Ok(Step { from: Some(path.clone()), ops: vec![Op::Trash { path }], ..Step::new(SPEC.name) })
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::Fake;

    #[test]
    fn the_file_goes_and_its_path_stays_known() {
        let world = Fake::new().file("/in/a.txt", "x");
        assert_eq!(
            world.run("- trash\n- echo: 'gone: {path}'", "/in/a.txt"),
            "trash /in/a.txt\necho gone: /in/a.txt\n"
        );
        assert!(!world.has("/in/a.txt"));
    }

    #[test]
    fn what_is_gone_cannot_be_moved() {
        let world = Fake::new().file("/in/a.txt", "x");
        assert_eq!(
            world.run("- trash\n- move: /out/", "/in/a.txt"),
            "trash /in/a.txt\nerror: /in/a.txt is not there any more\n"
        );
    }
}

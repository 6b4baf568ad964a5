//! `delete`: for good. The only action that destroys.

use super::{Action, ActionError};
use crate::load::{Reader, Spec};
use crate::{Context, Op, Step};

pub(super) const SPEC: Spec = Spec::new("delete", "deletes the file or folder for good, without a way back");

#[derive(Debug)]
struct Delete;

pub(super) fn read(_reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    Some(Box::new(Delete))
}

impl Action for Delete {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn can_be_undone(&self) -> bool {
        false
    }

    fn summary(&self) -> String {
        String::new()
    }

    fn plan(&self, cx: &mut Context<'_>) -> Result<Step, ActionError> {
        let (path, _) = cx.subject()?;
        cx.path = None;
        Ok(Step { from: Some(path.clone()), ops: vec![Op::Delete { path }], ..Step::new(SPEC.name) })
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::Fake;

    #[test]
    fn after_deleting_there_is_no_path() {
        let world = Fake::new().file("/in/a.txt", "x");
        assert_eq!(
            world.run("- delete\n- echo: '{path}'\n- trash", "/in/a.txt"),
            concat!(
                "delete /in/a.txt (deleted for good)\n",
                "echo None\n",
                "error: there is no file any more: an action before this one deleted it\n",
            )
        );
        assert!(!world.has("/in/a.txt"));
    }
}

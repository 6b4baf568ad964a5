//! `reveal`: shows the file in the file manager.

use super::{Action, ActionError};
use crate::load::{Reader, Spec};
use crate::{Context, Op, Step};

pub(super) const SPEC: Spec = Spec::new("reveal", "shows the file or folder in the file manager");

#[derive(Debug)]
struct Reveal;

pub(super) fn read(_reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    Some(Box::new(Reveal))
}

impl Action for Reveal {
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
        Ok(Step { from: Some(path.clone()), ops: vec![Op::Reveal { path }], ..Step::new(SPEC.name) })
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::Fake;

    #[test]
    fn the_file_is_shown_where_it_is_by_then() {
        let world = Fake::new().file("/in/a", "x");
        assert_eq!(world.run("- move: /out/\n- reveal", "/in/a"), "move /in/a -> /out/a\nreveal /out/a\n");
        assert!(world.run("- trash\n- reveal", "/out/a").contains("not there any more"));
    }
}

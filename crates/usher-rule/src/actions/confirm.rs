//! `confirm`: a question that the remaining actions wait for.
//!
//! The action only says what is asked. Who is asked, and when, is for whoever carries the plan out: somebody at a
//! terminal, or somebody who sees to it an hour later. A simulation takes the answer that is the default.

use super::{Action, ActionError};
use crate::load::{Kind, Param, Reader, Spec};
use crate::template::Template;
use crate::{Context, Inquiry, Step};

pub(super) const SPEC: Spec = Spec {
    positional: Some("msg"),
    params: &[
        Param::new("msg", Kind::Template, "Continue?", "the question"),
        Param::new(
            "default",
            Kind::Flag,
            "true",
            "what an answer without a word means at a terminal, and what a simulation goes on with",
        ),
    ],
    standalone: true,
    ..Spec::new("confirm", "asks, and goes on with the next actions after a yes")
};

#[derive(Debug)]
struct Confirm {
    msg: Template,
    default: bool,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    Some(Box::new(Confirm { msg: reader.template("msg"), default: reader.flag("default") }))
}

impl Action for Confirm {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn can_be_undone(&self) -> bool {
        false
    }

    fn summary(&self) -> String {
        self.msg.source().to_owned()
    }

    fn standalone(&self) -> bool {
        SPEC.standalone
    }

    fn templates(&self) -> Vec<&Template> {
        vec![&self.msg]
    }

    fn plan(&self, cx: &mut Context<'_>) -> Result<Step, ActionError> {
        let inquiry = Inquiry { text: self.msg.fill(cx)?.text, default: self.default };
        Ok(Step { from: cx.path.clone(), asks: Some(inquiry), ..Step::new(SPEC.name) })
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::Fake;

    #[test]
    fn the_question_is_filled_in_and_has_a_default() {
        let world = Fake::new().file("/in/a.txt", "x");
        let asked = |actions: &str| world.run(actions, "/in/a.txt");
        assert_eq!(asked("- confirm: 'Move {path.name}?'"), "confirm /in/a.txt asks: Move a.txt? [yes]\n");
        assert_eq!(asked("- confirm: {default: no}"), "confirm /in/a.txt asks: Continue? [no]\n");
        assert_eq!(asked("- confirm: '{missing}'"), "error: no value for the placeholder `missing`\n");
    }
}

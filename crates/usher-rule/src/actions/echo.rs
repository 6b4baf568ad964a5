//! `echo`: says something.

use usher_event::Sentence;

use super::{Action, ActionError};
use crate::load::{Kind, Param, Reader, Spec};
use crate::template::Template;
use crate::{Context, Op, Step};

pub(super) const SPEC: Spec = Spec {
    positional: Some("msg"),
    params: &[Param::new("msg", Kind::Template, "", "the message")],
    standalone: true,
    ..Spec::new("echo", "says something on the terminal and in the log")
};

#[derive(Debug)]
struct Echo {
    msg: Template,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    Some(Box::new(Echo { msg: reader.template("msg") }))
}

impl Action for Echo {
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
        let text = self.msg.fill(cx)?.text;
        let ops = vec![Op::Say { text: text.clone() }];
        Ok(Step { from: cx.path.clone(), ops, note: Some(Sentence::foreign(text)), ..Step::new(SPEC.name) })
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::Fake;

    #[test]
    fn what_is_said_is_filled_in() {
        let world = Fake::new().file("/in/a.txt", "x");
        assert_eq!(
            world.run("- echo: 'found {path.name} in {basedir}'", "/in/a.txt"),
            "echo found a.txt in /in\n"
        );
        assert_eq!(world.run("- echo", "/in/a.txt"), "echo \n");
    }
}

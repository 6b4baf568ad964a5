//! `notify`: a desktop notification.

use usher_event::Sentence;

use super::{Action, ActionError};
use crate::load::{Kind, Param, Reader, Spec};
use crate::template::Template;
use crate::{Context, Op, Step};

pub(super) const SPEC: Spec = Spec {
    positional: Some("message"),
    params: &[
        Param::required("message", Kind::Template, "the text"),
        Param::new("title", Kind::Template, "", "the bold line above it; the rule's name where empty"),
    ],
    standalone: true,
    ..Spec::new("notify", "shows a desktop notification")
};

#[derive(Debug)]
struct Notify {
    message: Template,
    title: Template,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    Some(Box::new(Notify { message: reader.template("message"), title: reader.template("title") }))
}

impl Action for Notify {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn can_be_undone(&self) -> bool {
        false
    }

    fn summary(&self) -> String {
        self.message.source().to_owned()
    }

    fn standalone(&self) -> bool {
        SPEC.standalone
    }

    fn templates(&self) -> Vec<&Template> {
        vec![&self.message, &self.title]
    }

    fn plan(&self, cx: &mut Context<'_>) -> Result<Step, ActionError> {
        let text = self.message.fill(cx)?.text;
        let mut title = self.title.fill(cx)?.text;
        if title.is_empty() {
            title = cx.rule.title().to_owned();
        }
        let ops = vec![Op::Notify { rule: cx.rule.id.clone(), title, text: text.clone() }];
        Ok(Step { from: cx.path.clone(), ops, note: Some(Sentence::foreign(text)), ..Step::new(SPEC.name) })
    }
}

#[cfg(test)]
mod tests {
    use crate::Op;
    use crate::fake::Fake;

    #[test]
    fn the_title_is_the_rules_name_unless_given() {
        let world = Fake::new().file("/in/a.txt", "x");
        let ops = world.plan("- notify: 'got {path.name}'\n- notify: {title: T, message: m}", "/in/a.txt");
        assert_eq!(
            ops,
            [
                Op::Notify { rule: "rules/0".into(), title: "rules/0".into(), text: "got a.txt".into() },
                Op::Notify { rule: "rules/0".into(), title: "T".into(), text: "m".into() },
            ]
        );
    }
}

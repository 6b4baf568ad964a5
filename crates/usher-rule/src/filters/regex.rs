//! `regex`: the whole name against a regular expression.

use usher_event::sentence;

use super::expression::{Expression, merged};
use super::name::composed;
use super::{Filter, FilterError, Verdict};
use crate::Context;
use crate::load::{Kind, Param, Reader, Signs, Spec};

pub(super) const SPEC: Spec = Spec {
    positional: Some("expr"),
    params: &[Param::required(
        "expr",
        Kind::Text,
        "the expression, looked for anywhere in the name with its extension",
    )
    .with(Signs::Expression)],
    variables: &["regex"],
    ..Spec::new("regex", "matches the name with a regular expression")
};

#[derive(Debug)]
struct NameExpression(Expression);

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    Some(Box::new(NameExpression(Expression::read(reader, "expr", false)?)))
}

impl Filter for NameExpression {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        self.0.as_str().to_owned()
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        let name = cx.looked_at()?.file_name().unwrap_or_default().to_string_lossy();
        let name = composed(&name);
        let pass =
            self.0.is_match(&name, || sentence!("regex-the-name", "the name `{name}`", name = &*name))?;
        let seen = cx.seen(|| name.clone().into_owned());
        if pass && cx.rule.uses(SPEC.name) {
            let groups = self.0.groups(&name);
            cx.publish(SPEC.name, |before| merged(before, groups));
        }
        Ok(Verdict { pass, seen })
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::{Fake, matches, rule};

    #[test]
    fn the_expression_is_looked_for_in_the_whole_name() {
        assert!(matches(r"regex: '\.pdf$'", "/in/a.pdf"));
        assert!(matches("regex: ö", "/in/o\u{308}.pdf"));
        assert!(!matches("regex: ^in", "/in/a.pdf"));
    }

    #[test]
    fn looking_around_and_referring_back_work_and_end() {
        assert!(matches(r"regex: '^(?!tmp).*\.pdf$'", "/in/a.pdf"));
        assert!(!matches(r"regex: '^(?!tmp).*\.pdf$'", "/in/tmp.pdf"));
        assert!(matches(r"regex: '(?P<x>ab)-(?P=x)'", "/in/ab-ab"));
        let path = format!("/in/{}!", "a".repeat(200));
        let world = Fake::new().file(&path, "");
        let rule = rule(r"rules: [{locations: /in, filters: [regex: '(?=a)^(a|aa)+\1$'], actions: trash}]");
        let start = std::time::Instant::now();
        world.looking(&rule, &path, |cx| {
            assert!(!rule.matches(cx));
            assert_eq!(cx.filter_errors.len(), 1);
        });
        assert!(start.elapsed().as_secs() < 5);
    }

    #[test]
    fn groups_are_published_and_those_of_several_filters_come_together() {
        let world = Fake::new().file("/in/a-12.pdf", "");
        let filters = r"[{regex: '(?P<word>[a-z]+)-'}, {regex: '(?P<n>\d+)(?P<no>x)?'}]";
        let text = "{regex.word} {regex.n} {regex.no}";
        let rule =
            rule(&format!("rules: [{{locations: /in, filters: {filters}, actions: [echo: '{text}']}}]"));
        assert_eq!(world.apply_rule(&rule, "/in/a-12.pdf"), "echo a 12 None\n");
    }
}

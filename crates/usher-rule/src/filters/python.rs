//! `python`: some of the user's own code decides.
//!
//! As in organize, `False`, `None` and `0` turn a file away and everything else lets it pass, an empty text and an empty
//! list too.

use std::time::Duration;

use minijinja::Value;
use minijinja::value::ValueKind;
use usher_event::{Sentence, sentence};

use super::{Filter, FilterError, Verdict};
use crate::context::{Looking, Told};
use crate::load::{Kind, Param, Reader, Signs, Spec};
use crate::python::{self, PythonCall};
use crate::{Context, Diagnostic};

pub(super) const SPEC: Spec = Spec {
    positional: Some("code"),
    params: &[
        Param::required(
            "code",
            Kind::Text,
            "the code, with a `return`; `path`, `lastmodified` and all other variables are there",
        )
        .with(Signs::Code),
        Param::new("timeout", Kind::Duration, "30s", "how long it may take for one file"),
    ],
    variables: &["python"],
    ..Spec::new("python", "lets Python code decide; what it returns is `{python}`")
};

#[derive(Debug)]
struct Python {
    code: String,
    timeout: Duration,
    reads: Vec<String>,
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    let code = reader.text("code");
    if !code.contains("return")
        && let Some(node) = reader.node("code")
    {
        reader.problems().push(
            Diagnostic::error(
                "no_return",
                node.head(),
                sentence!("lint-no-return", "the code does not `return` anything"),
            )
            .help(sentence!(
                "lint-no-return-help",
                "return `True` for files that pass and `False` for those that do not"
            )),
        );
        return None;
    }
    let timeout = reader.duration("timeout").unwrap_or(Duration::from_secs(30));
    Some(Box::new(Python { reads: python::words(&code), code, timeout }))
}

impl Filter for Python {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        self.code.trim().lines().next().unwrap_or_default().to_owned()
    }

    fn reads(&self) -> &[String] {
        &self.reads
    }

    fn looks_outside(&self) -> bool {
        true
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        // Nobody runs code to find out when time will change an answer.
        if cx.run.looking == Looking::Clock {
            return Ok(Verdict { pass: true, seen: String::new() });
        }
        let call = PythonCall::new(&self.code, cx, self.timeout);
        let answer = cx.world.python(&call).map_err(|error| {
            FilterError::new(sentence!("python-cannot-ask", "cannot ask Python: {why}", why = error))
        })?;
        if !answer.printed.is_empty() {
            cx.told.push(Told::Said(answer.printed));
        }
        match answer.outcome {
            Ok(value) => {
                let verdict = Verdict { pass: passes(&value), seen: cx.seen(|| format!("returned {value}")) };
                cx.publish(SPEC.name, |before| python::merged(before, value));
                Ok(verdict)
            }
            Err(message) => Err(FilterError::new(Sentence::foreign(message))),
        }
    }
}

/// `False == 0` in Python, and organize asks whether the result is one of `False` and `None`.
fn passes(value: &Value) -> bool {
    match value.kind() {
        ValueKind::None | ValueKind::Undefined => false,
        ValueKind::Bool => value.is_true(),
        ValueKind::Number => f64::try_from(value.clone()).map_or(true, |number| number != 0.0),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use usher_event::Sentence;

    use crate::context::{Haste, Told};
    use crate::fake::{Fake, rule};
    use crate::load;

    fn answering(answer: &'static str) -> Fake {
        Fake::new().file("/in/a.txt", "x").with_python(move |_| Ok(answer.to_owned()))
    }

    #[test]
    fn false_none_and_zero_turn_away_and_everything_else_passes() {
        let rule =
            rule("rules: [{locations: /in, filters: [python: return 1], actions: [echo: '{python}']}]");
        let said = |value: &str| {
            let line = format!("{{\"printed\": \"\", \"value\": {value}}}");
            answering(line.leak()).apply_rule(&rule, "/in/a.txt")
        };
        for value in ["false", "null", "0", "0.0"] {
            assert_eq!(said(value), "no match\n", "{value}");
        }
        for (value, shown) in [("true", "True"), ("\"\"", ""), ("[]", "[]"), ("-1", "-1"), ("\"x\"", "x")] {
            assert_eq!(said(value), format!("echo {shown}\n"), "{value}");
        }
    }

    #[test]
    fn dicts_come_together_and_their_values_are_reached_by_name() {
        let rule = rule(
            "rules: [{locations: /in, filters: [python: return 1, python: return 2], \
             actions: [echo: '{python.nested.k} {python.n}']}]",
        );
        let world = Fake::new().file("/in/a.txt", "x").with_python(|request| {
            let value = if request.contains("return 1") { r#"{"nested": {"k": 2}}"# } else { r#"{"n": 3}"# };
            Ok(format!("{{\"printed\": \"\", \"value\": {value}}}"))
        });
        assert_eq!(world.apply_rule(&rule, "/in/a.txt"), "echo 2 3\n");
    }

    #[test]
    fn an_exception_is_no_match_and_is_told_of_with_what_was_printed() {
        let rule = rule("rules: [{locations: /in, filters: [not python: return 1], actions: [trash]}]");
        let world = answering(r#"{"printed": "hi\n", "error": "ValueError: x (line 1 of the code)"}"#);
        world.looking(&rule, "/in/a.txt", |cx| {
            assert!(!rule.matches(cx));
            let trouble = Told::Trouble("python", Sentence::foreign("ValueError: x (line 1 of the code)"));
            let told = [Told::Said("hi".into()), trouble];
            assert_eq!(cx.told, told);
        });
        assert!(rule.looks_outside());
    }

    #[test]
    fn in_haste_code_is_not_run_before_a_filter_that_is_put_off() {
        let rule = rule(
            "rules: [{locations: /in, filters: [python: return 1, hash], actions: [echo: '{hash}{python}']}]",
        );
        let world = answering(r#"{"printed": "hi\n", "value": 1}"#).file("/in/b.txt", &"x".repeat(16 << 20));
        for (path, haste, runs) in [
            ("/in/a.txt", Haste::Reading, true),
            ("/in/a.txt", Haste::ReadingAndCode, false),
            ("/in/b.txt", Haste::Reading, false),
            ("/in/b.txt", Haste::None, true),
        ] {
            world.looking(&rule, path, |cx| {
                cx.haste = haste;
                assert_eq!((rule.matches(cx), cx.put_off), (runs, !runs), "{path} {haste:?}");
                assert_eq!(cx.told.is_empty(), !runs, "{path} {haste:?}");
            });
        }
    }

    #[test]
    fn earlier_filters_publish_what_the_code_names() {
        let rule = rule(
            "rules: [{locations: /in, filters: [extension, python: \"return extension == 'txt'\"], \
             actions: [trash]}]",
        );
        assert!(rule.uses("extension") && !rule.uses("lastmodified"));
    }

    #[test]
    fn code_that_returns_nothing_is_refused() {
        let loaded =
            load("r.yaml".as_ref(), "rules: [{locations: /in, filters: [python: x = 1], actions: [trash]}]");
        assert_eq!(loaded.diagnostics[0].code, "no_return");
    }
}

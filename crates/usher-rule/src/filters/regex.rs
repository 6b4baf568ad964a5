//! `regex`: the whole name against a regular expression.
//!
//! Expressions are matched in time linear in the name's length, except those that look around or refer back, which only
//! a backtracking engine can do; that one gives up after a while, and giving up is an error for that file.

use minijinja::Value;
use regex::{Regex, RegexBuilder};

use super::name::composed;
use super::{Filter, FilterError, Verdict};
use crate::load::{Kind, Param, Reader, Spec};
use crate::{Context, Diagnostic};

/// How large a compiled expression may be, in bytes.
pub(super) const SIZE_LIMIT: usize = 1024 * 1024;

/// How often the backtracking engine may turn back.
const BACKTRACK_LIMIT: usize = 200_000;

pub(super) const SPEC: Spec = Spec {
    positional: Some("expr"),
    params: &[Param::required(
        "expr",
        Kind::Text,
        "the expression, looked for anywhere in the name with its extension",
    )],
    variables: &["regex"],
    ..Spec::new("regex", "matches the name with a regular expression")
};

#[derive(Debug)]
enum Expression {
    Linear(Regex),
    Backtracking(Box<fancy_regex::Regex>),
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    let text = reader.text("expr");
    let span = reader.node("expr").map_or(reader.span(), |node| node.head());
    match Expression::new(&text) {
        Ok(expression) => Some(Box::new(expression)),
        Err(error) => {
            reader.problems().push(refusal(span, &error));
            None
        }
    }
}

fn refusal(span: crate::Span, error: &regex::Error) -> Diagnostic {
    if let regex::Error::CompiledTooBig(_) = error {
        return Diagnostic::error("regex_size", span, "the regular expression is too large")
            .help("repeat less: `{1,1000}` multiplies what it repeats");
    }
    let said = error.to_string();
    let reason = said.lines().last().unwrap_or(&said).trim_start_matches("error: ").to_owned();
    Diagnostic::error("regex_syntax", span, format!("the regular expression cannot be read: {reason}"))
        .help("in YAML, put expressions in single quotes, so that backslashes stay as they are")
}

impl Expression {
    fn new(text: &str) -> Result<Self, regex::Error> {
        let error = match RegexBuilder::new(text).size_limit(SIZE_LIMIT).build() {
            Ok(regex) => return Ok(Self::Linear(regex)),
            Err(error) => error,
        };
        if let regex::Error::CompiledTooBig(_) = error {
            return Err(error);
        }
        // What the one engine cannot read the other may.
        let backtracking = fancy_regex::RegexBuilder::new(text)
            .backtrack_limit(BACKTRACK_LIMIT)
            .delegate_size_limit(SIZE_LIMIT)
            .max_prog_size(SIZE_LIMIT / 64)
            .build();
        backtracking.map(|regex| Self::Backtracking(Box::new(regex))).map_err(|_| error)
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Linear(regex) => regex.as_str(),
            Self::Backtracking(regex) => regex.as_str(),
        }
    }

    fn is_match(&self, name: &str) -> Result<bool, FilterError> {
        match self {
            Self::Linear(regex) => Ok(regex.is_match(name)),
            Self::Backtracking(regex) => regex.is_match(name).map_err(|_| FilterError {
                message: format!("the regular expression takes too long for the name `{name}`"),
                source: None,
            }),
        }
    }

    /// The named groups; those that took no part are nothing.
    fn groups(&self, name: &str) -> Vec<(String, Value)> {
        let value = |caught: Option<&str>| caught.map_or_else(|| Value::from(()), Value::from);
        match self {
            Self::Linear(regex) => {
                let Some(captures) = regex.captures(name) else { return Vec::new() };
                let caught = |group| captures.name(group).map(|caught| caught.as_str());
                regex
                    .capture_names()
                    .flatten()
                    .map(|group| (group.to_owned(), value(caught(group))))
                    .collect()
            }
            Self::Backtracking(regex) => {
                let Ok(Some(captures)) = regex.captures(name) else { return Vec::new() };
                let caught = |group| captures.name(group).map(|caught| caught.as_str());
                regex
                    .capture_names()
                    .flatten()
                    .map(|group| (group.to_owned(), value(caught(group))))
                    .collect()
            }
        }
    }
}

impl Filter for Expression {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        self.as_str().to_owned()
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        let name = cx.looked_at()?.file_name().unwrap_or_default().to_string_lossy();
        let name = composed(&name);
        let pass = self.is_match(&name)?;
        let seen = cx.seen(|| name.clone().into_owned());
        if pass && cx.rule.uses(SPEC.name) {
            let groups = self.groups(&name);
            cx.publish(SPEC.name, |before| merged(before, groups));
        }
        Ok(Verdict { pass, seen })
    }
}

/// The groups of several `regex` filters together.
fn merged(before: Option<&Value>, groups: Vec<(String, Value)>) -> Value {
    let mut all = std::collections::BTreeMap::new();
    if let Some(before) = before {
        for key in before.try_iter().into_iter().flatten() {
            let value = before.get_item(&key).unwrap_or_default();
            all.insert(key.to_string(), value);
        }
    }
    all.extend(groups);
    Value::from_pairs(all)
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

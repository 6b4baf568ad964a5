//! The user's Python: what it is given, and what it answers.
//!
//! Code runs in an interpreter of the user's own, in another process, which the engine keeps for the next call. What
//! that process runs first is `bootstrap.py`; it reads one request a line and answers with one line for each. Requests
//! are made and answers read in here; how lines get there and back is the engine's business.

mod values;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use minijinja::Value;
use serde_json::{Map, json};
use usher_event::sentence;

pub use values::merged;

use crate::Context;
use crate::template::{BASICS, Scope};

/// The program the interpreter is started with.
pub const BOOTSTRAP: &str = include_str!("bootstrap.py");

/// A piece of the user's Python with everything it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PythonCall {
    /// The request, one line of JSON.
    pub request: String,
    /// How long it may take.
    pub timeout: Duration,
    /// Where the subject is that it will look at.
    pub path: Option<PathBuf>,
}

/// What came of a [`PythonCall`].
#[derive(Debug, Clone)]
pub struct PythonAnswer {
    /// What the code printed.
    pub printed: String,
    /// What it returned; or its exception, in one line, with the line of the code.
    pub outcome: Result<Value, String>,
}

impl PythonCall {
    /// Code about to run with what a rule knows by now.
    pub fn new(code: &str, cx: &Context<'_>, timeout: Duration) -> Self {
        let mut vars = Map::new();
        for name in BASICS {
            if let Some(value) = cx.variable(name) {
                vars.insert((*name).to_owned(), values::to_python(&value));
            }
        }
        for (name, value) in &cx.vars {
            vars.insert(name.clone(), values::to_python(value));
        }
        let now = cx.world.now();
        let clock = json!({
            "now": values::moment(&crate::template::Moment::Naive(now.datetime())),
            "utcnow": values::moment(&crate::template::Moment::Naive(
                now.with_time_zone(jiff::tz::TimeZone::UTC).datetime(),
            )),
            "today": values::moment(&crate::template::Moment::Date(now.date())),
        });
        let cwd = values::path(&cx.world.working_dir());
        let request = json!({ "code": code, "vars": vars, "clock": clock, "cwd": cwd });
        Self { request: request.to_string(), timeout, path: cx.path.clone() }
    }
}

impl PythonAnswer {
    /// Reads an answer.
    ///
    /// # Errors
    /// When the line is none.
    pub fn parse(line: &str) -> io::Result<Self> {
        let broken = || {
            let message = sentence!("python-unreadable", "Python's answer cannot be read");
            io::Error::new(io::ErrorKind::InvalidData, message)
        };
        let answer: serde_json::Value = serde_json::from_str(line).map_err(|_| broken())?;
        let printed = answer.get("printed").and_then(|printed| printed.as_str()).unwrap_or_default();
        let outcome = match (answer.get("error").and_then(|error| error.as_str()), answer.get("value")) {
            (Some(error), _) => Err(error.to_owned()),
            (None, Some(value)) => Ok(values::from_python(value)),
            (None, None) => return Err(broken()),
        };
        Ok(Self { printed: printed.trim_end_matches('\n').to_owned(), outcome })
    }
}

/// The words of some code that may be variables: what it does not name no filter has to publish.
pub fn words(code: &str) -> Vec<String> {
    let mut words: Vec<String> = code
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| word.starts_with(|c: char| c.is_alphabetic() || c == '_'))
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::Fake;

    fn request(path: &str) -> serde_json::Value {
        let world = Fake::new().file(path, "x");
        let rule = crate::fake::rule(
            "rules: [{name: R, locations: /in, filters: [extension, lastmodified], \
             actions: [python: 'x = extension, lastmodified']}]",
        );
        world.looking(&rule, path, |cx| {
            assert!(rule.matches(cx));
            serde_json::from_str(&PythonCall::new("return 1", cx, Duration::ZERO).request).unwrap()
        })
    }

    #[test]
    fn a_request_holds_what_templates_have_and_types_with_it() {
        let request = request("/in/sub/a.txt");
        let vars = &request["vars"];
        assert_eq!(vars["path"], json!({"$": "path", "v": "/in/sub/a.txt"}));
        assert_eq!(vars["relative_path"], json!({"$": "path", "v": "sub/a.txt"}));
        assert_eq!(vars["basedir"], vars["location"]);
        assert_eq!((&vars["rule"], &vars["rule_nr"]), (&json!("R"), &json!(0)));
        assert_eq!(vars["extension"], json!("txt"));
        assert_eq!(vars["lastmodified"]["$"], json!("datetime"));
        assert_eq!(request["clock"]["today"], json!({"$": "date", "v": "2026-03-31"}));
        assert_eq!(request["cwd"], json!({"$": "path", "v": "/here"}));
    }

    #[test]
    fn maps_keep_their_order() {
        let map = |pairs: [(&str, i32); 2]| values::to_python(&Value::from_pairs(pairs));
        assert_eq!(map([("a", 1), ("b", 2)]), json!({"a": 1, "b": 2}));
        assert_eq!(map([("b", 1), ("a", 2)]), json!({"$": "dict", "v": [["b", 1], ["a", 2]]}));
        let before = Value::from_pairs([("z", 1), ("b", 2)]);
        let merged = merged(Some(&before), Value::from_pairs([("a", 3), ("z", 4)]));
        assert_eq!(merged.to_string(), "{'z': 4, 'b': 2, 'a': 3}");
    }

    #[test]
    fn tuples_sets_and_spans_go_there_and_back() {
        for json in [
            json!({"$": "tuple", "v": [1, {"$": "tuple", "v": []}]}),
            json!({"$": "set", "v": [2, 1]}),
            json!({"$": "frozenset", "v": ["a"]}),
            json!({"$": "delta", "v": -7200}),
            json!({"$": "dict", "v": [[1, "a"], [{"$": "tuple", "v": [1, 2]}, "b"]]}),
        ] {
            assert_eq!(values::to_python(&values::from_python(&json)), json);
        }
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_text_keep_their_bytes() {
        use std::os::unix::ffi::OsStrExt;
        let path = std::path::Path::new(std::ffi::OsStr::from_bytes(b"/in/a\xff"));
        let json = values::path(path);
        assert_eq!(json, json!({"$": "path", "b": b"/in/a\xff"}));
        assert_eq!(values::to_python(&values::from_python(&json)), json);
        let none = json!({"$": "path", "b": [300]});
        assert_eq!(
            values::from_python(&none).to_string(),
            "{'$': 'path', 'b': [300]}",
            "it only looks like one"
        );
    }

    #[test]
    fn answers_are_values_or_errors() {
        let value = |json: &str| {
            let answer =
                PythonAnswer::parse(&format!("{{\"printed\": \"a\\n\", \"value\": {json}}}")).unwrap();
            (answer.printed, answer.outcome.unwrap().to_string())
        };
        assert_eq!(value("null"), ("a".to_owned(), "None".to_owned()));
        assert_eq!(value("[1, 2.5]").1, "[1, 2.5]");
        assert_eq!(value(r#"{"$": "path", "v": "/a/b"}"#).1, "/a/b");
        let moment = r#"{"$": "datetime", "v": "2026-01-02T03:04:05.600000", "o": 3600}"#;
        assert_eq!(value(moment).1, "2026-01-02 03:04:05.600000+01:00");
        let dict = r#"{"$": "dict", "v": [["b", {"$": 1}], [2, {"$": "tuple", "v": [1]}]]}"#;
        assert_eq!(value(dict).1, "{'b': {'$': 1}, 2: (1,)}");
        assert_eq!(value(r#"{"$": "set", "v": [2, 1]}"#).1, "{2, 1}");
        assert_eq!(value(r#"{"$": "other", "v": "3", "r": "Three()"}"#).1, "3");
        let error = PythonAnswer::parse(r#"{"printed": "", "error": "ValueError: x"}"#).unwrap();
        assert_eq!(error.outcome.unwrap_err(), "ValueError: x");
        for line in ["", "{}", "[]", "{\"printed\": 3}", "nonsense"] {
            assert!(PythonAnswer::parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn the_words_of_code_are_found() {
        assert_eq!(words("return exif['a'] if size else 3x"), ["a", "else", "exif", "if", "return", "size"]);
    }
}

//! The `tests` of a rule.

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use usher_event::sentence;

use super::problems::Problems;
use super::reader::Reader;
use super::spec::{Kind, Param, Spec};
use crate::Diagnostic;
use crate::document::{Node, Value};
use crate::example::{Example, ExampleContent, Expected};
use crate::filters::bytes_of;

/// What an example is made of.
pub const TEST: Spec = Spec {
    params: &[
        Param::required(
            "file",
            Kind::Text,
            "where the file would lie; a relative path starts at the first location",
        ),
        Param::new("text", Kind::Text, "", "what would be in it"),
        Param::new("size", Kind::Text, "", "how large it would be: `20 MB`"),
        Param::new("like", Kind::Text, "", "a real file that it would have the content of"),
        Param::new(
            "modified",
            Kind::Text,
            "",
            "when it would have been changed last: `2024-05-31` or with a time",
        ),
        Param::new("created", Kind::Text, "", "when it would have been made"),
        Param::new("matches", Kind::Flag, "true", "whether the rule is to do anything with it"),
        Param::new("becomes", Kind::Text, "", "where the file is to lie afterwards"),
    ],
    ..Spec::new("test", "an example of a file and of what the rule does with it; `usher check` tries it")
};

/// Reads the tests of a rule.
pub(super) fn read(node: &Node, problems: &mut Problems<'_>) -> Vec<Example> {
    let mut examples = Vec::new();
    node.flatten(&mut |item| match &item.value {
        Value::Map(pairs) => {
            examples.extend(example(&mut Reader::mapping(&TEST, item.head(), pairs, problems)));
        }
        _ => problems.push(
            Diagnostic::error(
                "wrong_type",
                item.head(),
                sentence!(
                    "load-test-no-mapping",
                    "a test is a mapping, and this is {what}",
                    what = item.describe()
                ),
            )
            .help(sentence!(
                "load-test-no-mapping-help",
                "write `- {{file: name.pdf, becomes: ~/Documents/name.pdf}}`"
            )),
        ),
    });
    examples
}

fn example(reader: &mut Reader<'_, '_>) -> Option<Example> {
    let matches = reader.flag("matches");
    let becomes = reader.optional("becomes");
    if !matches && becomes.is_some() {
        let problem = Diagnostic::error(
            "test_contradicts",
            reader.span(),
            sentence!(
                "load-test-left-and-put",
                "the test says that the rule leaves the file alone and where it puts it"
            ),
        );
        let help = sentence!("load-test-left-and-put-help", "keep `matches: false` or `becomes`");
        reader.problems().push(problem.help(help));
        return None;
    }
    Some(Example {
        span: reader.span(),
        file: reader.text("file"),
        content: content(reader),
        modified: moment(reader, "modified"),
        created: moment(reader, "created"),
        expected: match (matches, becomes) {
            (false, _) => Expected::Left,
            (true, Some(becomes)) => Expected::Becomes(becomes),
            (true, None) => Expected::Matches,
        },
    })
}

fn content(reader: &mut Reader<'_, '_>) -> ExampleContent {
    let given = ["text", "size", "like"].into_iter().filter(|name| reader.node(name).is_some()).count();
    if given > 1 {
        let problem = Diagnostic::error(
            "test_contradicts",
            reader.span(),
            sentence!("load-test-several-contents", "the test says in several ways what is in the file"),
        );
        let help = sentence!("load-test-several-contents-help", "keep one of `text`, `size` and `like`");
        reader.problems().push(problem.help(help));
    }
    if let Some(path) = reader.optional("like") {
        return ExampleContent::Like(PathBuf::from(path));
    }
    if let Some(written) = reader.optional("size") {
        if let Some(bytes) = bytes_of(&written) {
            return ExampleContent::Size(bytes);
        }
        let span = reader.node("size").map_or(reader.span(), Node::head);
        let message = sentence!("load-test-no-size", "`{written}` is no size", written = written);
        let help = sentence!("load-test-no-size-help", "write a number and a unit: `20 MB`");
        reader.problems().push(Diagnostic::error("bad_size", span, message).help(help));
    }
    ExampleContent::Text(reader.text("text"))
}

fn moment(reader: &mut Reader<'_, '_>, name: &'static str) -> Option<Timestamp> {
    let written = reader.optional(name)?;
    let moment = read_moment(&written);
    if moment.is_none() {
        let span = reader.node(name).map_or(reader.span(), Node::head);
        let message = sentence!("load-test-no-time", "`{written}` is no date or time", written = written);
        let help = sentence!("load-test-no-time-help", "write `2024-05-31` or `2024-05-31 14:00`");
        reader.problems().push(Diagnostic::error("bad_time", span, message).help(help));
    }
    moment
}

/// A date, or a date with a time, in the system's zone where it names none.
fn read_moment(written: &str) -> Option<Timestamp> {
    if let Ok(moment) = written.parse::<Timestamp>() {
        return Some(moment);
    }
    let civil = written.parse::<DateTime>().ok()?;
    civil.to_zoned(TimeZone::system()).ok().map(|zoned| zoned.timestamp())
}

//! `filecontent`: the text inside a file against a regular expression.

mod docx;
mod pdf;
mod plain;

use std::path::Path;

use super::expression::{Expression, merged};
use super::guard::guarded;
use super::{Filter, FilterError, Tried, Verdict};
use usher_event::{Sentence, sentence};

use crate::load::{Kind, Param, Reader, Signs, Spec};
use crate::{Context, Rule, Stat, World, name};

pub(super) const SPEC: Spec = Spec {
    positional: Some("expr"),
    params: &[Param::new(
        "expr",
        Kind::Text,
        "(?P<all>.*)",
        "the expression, looked for anywhere in the text; `^` and `$` fit at every line, `.` fits line breaks too",
    )
    .with(Signs::Expression)],
    variables: &["filecontent"],
    dirs: false,
    ..Spec::new(
        "filecontent",
        "matches the text of .txt, .md, .log, .pdf and .docx files with a regular expression",
    )
};

/// Files longer than this are not opened. A text this long takes its multiple in memory.
const LIMIT: u64 = 64 * 1024 * 1024;

/// The size from which on finding the text of a document may take longer than a blink.
const LONG: u64 = 1024 * 1024;

/// More text than this is not taken out of a file that packs it.
const TEXT_LIMIT: usize = 32 * 1024 * 1024;

/// How much of the text `why` shows.
const SHOWN: usize = 60;

#[derive(Debug)]
struct FileContent(Expression);

/// Takes the text out of the bytes of a file.
type Extract = fn(Vec<u8>) -> Result<String, Sentence>;

const KINDS: &[(&str, Extract)] = &[
    ("md", plain::text),
    ("txt", plain::text),
    ("log", plain::text),
    ("pdf", pdf::text),
    ("docx", docx::text),
];

/// Whether the text of files with this suffix, in small letters, can be read.
pub(crate) fn is_readable(suffix: &str) -> bool {
    KINDS.iter().any(|(kind, _)| *kind == suffix)
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    Some(Box::new(FileContent(Expression::read(reader, "expr", true)?)))
}

impl Filter for FileContent {
    fn name(&self) -> &'static str {
        SPEC.name
    }

    fn wanted(&self) -> String {
        self.0.as_str().to_owned()
    }

    fn takes_long(&self, subject: &Stat, _rule: &Rule) -> bool {
        (LONG..=LIMIT).contains(&subject.size)
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        let path = cx.looked_at()?;
        let suffix = name::split(path).1.to_string_lossy().to_lowercase();
        let Some((_, extract)) = KINDS.iter().find(|(kind, _)| *kind == suffix) else {
            let seen = cx.seen(|| "no kind of file whose text can be read".to_owned());
            return Ok(Verdict { pass: false, seen });
        };
        let text = text(cx.world, path, *extract)?;
        let pass =
            self.0.is_match(&text, || sentence!("regex-the-text", "the text of {path}", path = path))?;
        let seen = cx.seen(|| shown(&text));
        if pass && cx.rule.uses(SPEC.name) {
            let groups = self.0.groups(&text);
            cx.publish(SPEC.name, |before| merged(before, groups));
        }
        Ok(Verdict { pass, seen })
    }
}

/// The text of a file.
///
/// # Errors
/// With the reason why there is none: the rule then does nothing to the file, whether the filter is negated or not.
fn text(world: &dyn World, path: &Path, extract: Extract) -> Result<String, FilterError> {
    let bytes = world.read(path, LIMIT + 1).map_err(|error| FilterError::io(Tried::Read, path, error))?;
    let no_text = |reason: Sentence| {
        FilterError::quiet(sentence!(
            "content-no-text",
            "cannot read the text of {path}: {why}",
            path = path,
            why = reason
        ))
    };
    if bytes.len() as u64 > LIMIT {
        return Err(no_text(sentence!("content-too-large", "it is larger than 64 MiB")));
    }
    guarded(|| extract(bytes)).map_err(no_text)
}

/// How a text begins, on one line.
fn shown(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if line.chars().count() + word.chars().count() > SHOWN {
            line.extend(word.chars().take(SHOWN.saturating_sub(line.chars().count())));
            line.push('…');
            break;
        }
        line.push_str(word);
        line.push(' ');
    }
    match line.trim_end() {
        "" => "no text".to_owned(),
        line => format!("a text beginning with `{line}`"),
    }
}

/// What was taken out of a document, as organize tidies it: lines of parted letters (`H e l l o`) put together, more
/// than one empty line made one.
fn tidied(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for (nr, line) in text.lines().enumerate() {
        if nr > 0 && !tidy.ends_with("\n\n") {
            tidy.push('\n');
        }
        match is_parted(line) {
            true => join(line, &mut tidy),
            false => tidy.push_str(line),
        }
    }
    tidy
}

/// Whether no two characters of a line stand together.
fn is_parted(line: &str) -> bool {
    let mut before = ' ';
    let apart = line.chars().all(|c| {
        let apart = c == ' ' || (before == ' ' && !c.is_whitespace());
        before = c;
        apart
    });
    apart && before != ' ' && !line.starts_with(' ') && line.contains(' ')
}

/// Adds a line without the blank behind each of its characters.
fn join(line: &str, tidy: &mut String) {
    let mut skip = false;
    for c in line.chars() {
        if c != ' ' || !skip {
            tidy.push(c);
        }
        skip = c != ' ';
    }
}

#[cfg(test)]
mod tests;

//! Regular expressions as Python writes them, for the filters that take one.
//!
//! Expressions are matched in time linear in the text's length, except those that look around or refer back, which only
//! a backtracking engine can do; that one gives up after a while, and giving up is an error for that file.

use std::borrow::Cow;
use std::collections::BTreeMap;

use minijinja::Value;
use regex::{Regex, RegexBuilder};
use usher_event::{Sentence, sentence};

use super::FilterError;
use crate::load::Reader;
use crate::{Diagnostic, Span};

/// How large a compiled expression may be, in bytes.
pub(super) const SIZE_LIMIT: usize = 1024 * 1024;

/// How often the backtracking engine may turn back.
const BACKTRACK_LIMIT: usize = 200_000;

/// A compiled expression.
#[derive(Debug)]
pub(super) enum Expression {
    Linear(Regex),
    Backtracking(Box<fancy_regex::Regex>),
}

impl Expression {
    /// Compiles the text of a parameter; a mistake in it goes to the reader's problems. In a text of `lines`, `^` and `$`
    /// fit at every line and `.` fits line breaks too.
    pub(super) fn read(reader: &mut Reader<'_, '_>, name: &'static str, lines: bool) -> Option<Self> {
        let text = reader.text(name);
        let span = reader.node(name).map_or(reader.span(), |node| node.head());
        Self::new(&text, lines).map_err(|error| reader.problems().push(refusal(span, &error))).ok()
    }

    fn new(text: &str, lines: bool) -> Result<Self, regex::Error> {
        if names_characters(text) {
            let reason = "characters have no names here: put the character itself in the place of `\\N{...}`";
            return Err(regex::Error::Syntax(reason.to_owned()));
        }
        let text = plain_numbers(text);
        let text = &*plain_classes(&text);
        let mut linear = RegexBuilder::new(text);
        let error = match linear.size_limit(SIZE_LIMIT).multi_line(lines).dot_matches_new_line(lines).build()
        {
            Ok(regex) => return Ok(Self::Linear(regex)),
            Err(error) => error,
        };
        if let regex::Error::CompiledTooBig(_) = error {
            return Err(error);
        }
        // What the one engine cannot read the other may.
        let backtracking = fancy_regex::RegexBuilder::new(text)
            .multi_line(lines)
            .dot_matches_new_line(lines)
            .backtrack_limit(BACKTRACK_LIMIT)
            .delegate_size_limit(SIZE_LIMIT)
            .max_prog_size(SIZE_LIMIT / 64)
            .build();
        backtracking.map(|regex| Self::Backtracking(Box::new(regex))).map_err(|_| error)
    }

    /// The expression as it was written.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Linear(regex) => regex.as_str(),
            Self::Backtracking(regex) => regex.as_str(),
        }
    }

    /// Whether it fits anywhere in `text`, which errors call by `name`.
    pub(super) fn is_match(&self, text: &str, name: impl FnOnce() -> Sentence) -> Result<bool, FilterError> {
        match self {
            Self::Linear(regex) => Ok(regex.is_match(text)),
            Self::Backtracking(regex) => regex.is_match(text).map_err(|_| {
                FilterError::new(sentence!(
                    "regex-too-slow",
                    "the regular expression takes too long for {what}",
                    what = name()
                ))
            }),
        }
    }

    /// The named groups of the first place where it fits; those that took no part are nothing.
    pub(super) fn groups(&self, text: &str) -> Vec<(String, Value)> {
        let value = |caught: Option<&str>| caught.map_or_else(|| Value::from(()), Value::from);
        match self {
            Self::Linear(regex) => {
                let Some(captures) = regex.captures(text) else { return Vec::new() };
                let caught = |group| captures.name(group).map(|caught| caught.as_str());
                let names = regex.capture_names().flatten();
                names.map(|group| (group.to_owned(), value(caught(group)))).collect()
            }
            Self::Backtracking(regex) => {
                let Ok(Some(captures)) = regex.captures(text) else { return Vec::new() };
                let caught = |group| captures.name(group).map(|caught| caught.as_str());
                let names = regex.capture_names().flatten();
                names.map(|group| (group.to_owned(), value(caught(group)))).collect()
            }
        }
    }
}

/// The groups of several filters of one name together.
pub(super) fn merged(before: Option<&Value>, groups: Vec<(String, Value)>) -> Value {
    let mut all = BTreeMap::new();
    if let Some(before) = before {
        for key in before.try_iter().into_iter().flatten() {
            let value = before.get_item(&key).unwrap_or_default();
            all.insert(key.to_string(), value);
        }
    }
    all.extend(groups);
    Value::from_pairs(all)
}

fn refusal(span: Span, error: &regex::Error) -> Diagnostic {
    if let regex::Error::CompiledTooBig(_) = error {
        let message = sentence!("lint-regex-size", "the regular expression is too large");
        return Diagnostic::error("regex_size", span, message)
            .help(sentence!("lint-regex-size-help", "repeat less: `{{1,1000}}` multiplies what it repeats"));
    }
    let said = error.to_string();
    let reason = said.lines().last().unwrap_or(&said).trim_start_matches("error: ").to_owned();
    let message =
        sentence!("lint-regex-syntax", "the regular expression cannot be read: {why}", why = reason);
    Diagnostic::error("regex_syntax", span, message).help(sentence!(
        "lint-regex-syntax-help",
        "in YAML, put expressions in single quotes, so that backslashes stay as they are"
    ))
}

/// Whether there is a `\N{...}` in an expression. One of the engines reads it as another thing altogether.
fn names_characters(text: &str) -> bool {
    let mut escaped = false;
    text.chars().any(|c| {
        let named = escaped && c == 'N';
        escaped = c == '\\' && !escaped;
        named
    })
}

/// The expression with characters that Python lets one give by an octal number given by a hexadecimal one: `\0`, `\141`
/// and, within a class, `\1`.
fn plain_numbers(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    if !bytes.windows(2).any(|pair| pair[0] == b'\\' && matches!(pair[1], b'0'..=b'7')) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len() + 8);
    let (mut at, mut done) = (0, 0);
    // Where the members of the class begin, while in one.
    let mut class: Option<usize> = None;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => {
                let digits = &bytes[(at + 1).min(bytes.len())..(at + 4).min(bytes.len())];
                let octal = digits.iter().take_while(|digit| matches!(digit, b'0'..=b'7')).count();
                let means_character = match octal {
                    0 => false,
                    3 if digits[0] <= b'3' => true,
                    _ => digits[0] == b'0' || class.is_some() && octal < 3,
                };
                if means_character {
                    let value =
                        digits[..octal].iter().fold(0, |value, digit| value * 8 + u32::from(digit - b'0'));
                    plain.push_str(&text[done..at]);
                    plain.push_str(&format!("\\x{{{value:x}}}"));
                    at += octal + 1;
                    done = at;
                    continue;
                }
                at += 1;
            }
            b'[' if class.is_none() => class = Some(at + 1 + usize::from(bytes.get(at + 1) == Some(&b'^'))),
            b']' if class.is_some_and(|first| at > first) => class = None,
            _ => {}
        }
        at += 1;
    }
    plain.push_str(&text[done..]);
    Cow::Owned(plain)
}

/// The expression with its character classes as Python reads them: within one, brackets, `&&`, `--` and `~~` are only
/// characters.
fn plain_classes(text: &str) -> Cow<'_, str> {
    let special = |pair: &[u8]| matches!(pair, b"&&" | b"--" | b"~~");
    if !text.bytes().skip(1).any(|byte| byte == b'[') && !text.as_bytes().windows(2).any(special) {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut plain = String::with_capacity(text.len() + 8);
    // Where the members of the class begin, while in one.
    let mut class = None;
    for (at, c) in text.char_indices() {
        let escaped = bytes[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
        match (c, class) {
            _ if escaped => {}
            ('[', None) => class = Some(at + 1 + usize::from(bytes.get(at + 1) == Some(&b'^'))),
            ('[', Some(_)) => plain.push('\\'),
            // In first place it is a member.
            (']', Some(first)) if at > first => class = None,
            ('&' | '-' | '~', Some(first)) if at > first && bytes[at - 1] == bytes[at] => plain.push('\\'),
            _ => {}
        }
        plain.push(c);
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::{plain_classes, plain_numbers};
    use crate::fake::matches;

    #[test]
    fn characters_may_be_given_by_octal_numbers() {
        for (text, wanted) in [
            (r"\141", r"\x{61}"),
            (r"\1411", r"\x{61}1"),
            (r"\0\07\08", r"\x{0}\x{7}\x{0}8"),
            (r"[\1\12]\1", r"[\x{1}\x{a}]\1"),
            (r"[]\1]\1", r"[]\x{1}]\1"),
            (r"(a)\1\12\400", r"(a)\1\12\400"),
            (r"\\141\é", r"\\141\é"),
            (r"\377é\0", r"\x{ff}é\x{0}"),
            (r"\7\", r"\7\"),
        ] {
            assert_eq!(plain_numbers(text), wanted, "{text}");
        }
        assert!(matches(r"regex: '^\141[\142]'", "/in/ab"));
    }

    #[test]
    fn names_of_characters_are_refused_and_do_not_mean_something_else() {
        for expression in [r"\N{LATIN SMALL LETTER A}", r"[\N{DIGIT ONE}]", r"(?=a)\N"] {
            let text =
                format!("rules: [{{locations: /in, filters: [regex: '{expression}'], actions: trash}}]");
            let loaded = crate::load(std::path::Path::new("a"), &text);
            assert_eq!(loaded.diagnostics[0].code, "regex_syntax", "{expression}");
            assert!(loaded.diagnostics[0].to_string().contains("put the character itself"), "{expression}");
        }
        assert!(matches(r"regex: '\\N|a'", "/in/a"));
    }

    #[test]
    fn classes_hold_characters_and_no_other_classes() {
        for (text, wanted) in [
            ("[[:alpha:]]", r"[\[:alpha:]]"),
            ("[a&&b]", r"[a&\&b]"),
            ("[+--]", r"[+-\-]"),
            ("[]a[]", r"[]a\[]"),
            ("[^][]", r"[^]\[]"),
            (r"\[[a]", r"\[[a]"),
            (r"[\[a]x[b]", r"[\[a]x[b]"),
            (r"\\[a[]", r"\\[a\[]"),
            ("a--b&&", "a--b&&"),
        ] {
            assert_eq!(plain_classes(text), wanted, "{text}");
        }
        assert!(matches("regex: '[[:alpha:]]x'", "/in/a]x") && !matches("regex: '[[:alpha:]]x'", "/in/zx"));
    }
}

//! The text of a file before parsing: shared indentation taken off, positions kept.

use std::borrow::Cow;

use crate::Span;

/// A file's text as the parser gets it, and the way back to the text as written.
pub(super) struct Source<'a> {
    /// What is parsed.
    pub(super) text: Cow<'a, str>,
    /// Characters taken off each line.
    margin: usize,
    /// For each line, where it starts in the parsed text and where the same character stands in the original.
    lines: Vec<(usize, usize)>,
    len: usize,
}

impl<'a> Source<'a> {
    /// Takes off what whitespace all lines begin with.
    pub(super) fn dedent(original: &'a str) -> Self {
        let margin = shared_indentation(original);
        if margin.is_empty() {
            return Self { text: Cow::Borrowed(original), margin: 0, lines: Vec::new(), len: original.len() };
        }
        let mut text = String::with_capacity(original.len());
        let mut lines = Vec::new();
        let mut at = 0;
        for line in original.split_inclusive('\n') {
            let body = line.strip_prefix(margin).unwrap_or_else(|| line.trim_start_matches([' ', '\t']));
            lines.push((text.len(), at + line.len() - body.len()));
            text.push_str(body);
            at += line.len();
        }
        Self { text: Cow::Owned(text), margin: margin.chars().count(), lines, len: original.len() }
    }

    /// The span in the original text of a stretch of the parsed one. `line` counts from 1, `column` from 0.
    pub(super) fn span(&self, start: usize, end: usize, line: usize, column: usize) -> Span {
        Span {
            start: self.original(start),
            end: self.original(end.max(start)),
            line: line.max(1),
            column: column + self.margin + 1,
        }
    }

    fn original(&self, at: usize) -> usize {
        let line = self.lines.partition_point(|(start, _)| *start <= at);
        let at = match line.checked_sub(1).and_then(|line| self.lines.get(line)) {
            Some((start, original)) => original + (at - start),
            None => at,
        };
        at.min(self.len)
    }
}

/// The whitespace every line that is not blank begins with.
fn shared_indentation(text: &str) -> &str {
    let mut shared: Option<&str> = None;
    for line in text.lines() {
        let body = line.trim_start_matches([' ', '\t']);
        if body.is_empty() {
            continue;
        }
        let indentation = &line[..line.len() - body.len()];
        let common = match shared {
            None => indentation,
            Some(shared) => common_prefix(shared, indentation),
        };
        if common.is_empty() {
            return "";
        }
        shared = Some(common);
    }
    shared.unwrap_or("")
}

fn common_prefix<'a>(a: &'a str, b: &str) -> &'a str {
    // Indentation is blanks and tabs, so bytes are characters.
    let len = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    &a[..len]
}

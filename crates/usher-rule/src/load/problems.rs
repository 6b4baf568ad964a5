//! Where a load puts what it finds wrong.

use std::collections::HashSet;

use usher_event::sentence;

use crate::document::{Node, Scalar, ScalarKind};
use crate::{Diagnostic, Severity, Span};

/// More problems than these help nobody, and finding them all in a hostile file takes long.
const MAX_PROBLEMS: usize = 200;

/// How a comment begins that lets a line off.
const ALLOW: &str = "# usher: allow ";

/// The problems of one file, in the order found, none twice.
pub struct Problems<'t> {
    text: &'t str,
    list: Vec<Diagnostic>,
    /// What was said already: an alias brings the same mistake many times.
    said: HashSet<(usize, usize, &'static str, String)>,
    errors: usize,
}

impl<'t> Problems<'t> {
    /// None so far, in a file of this text.
    pub fn new(text: &'t str) -> Self {
        Self { text, list: Vec::new(), said: HashSet::new(), errors: 0 }
    }

    /// Adds one, unless it is a warning that a comment lets off.
    pub fn push(&mut self, problem: Diagnostic) {
        if problem.severity == Severity::Warning && self.allows(&problem) {
            return;
        }
        if problem.severity == Severity::Error {
            self.errors += 1;
        }
        let key = (problem.span.start, problem.span.end, problem.code, problem.message.to_string());
        if self.list.len() < MAX_PROBLEMS && self.said.insert(key) {
            self.list.push(problem);
        }
    }

    /// Whether the line of a problem, or a comment just above it, says `# usher: allow NAME`.
    fn allows(&self, problem: &Diagnostic) -> bool {
        // Only a file that lets anything off is searched.
        if !self.text.contains(ALLOW) {
            return false;
        }
        let names_it = |line: &str| {
            let names = line.split_once(ALLOW).map(|(_, names)| names);
            names.is_some_and(|names| names.split([',', ' ']).any(|name| name == problem.code))
        };
        let line = problem.span.line.saturating_sub(1);
        let mut lines = self.text.lines().skip(line.saturating_sub(1));
        let above = lines.next().filter(|_| line > 0);
        let own = if line > 0 { lines.next() } else { self.text.lines().next() };
        own.is_some_and(names_it)
            || above.is_some_and(|above| above.trim_start().starts_with('#') && names_it(above))
    }

    /// How many errors there were, repeated ones included: compared before and after reading something, this says
    /// whether it can be used.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// Whether so many were found that reading on is of no use.
    pub fn full(&self) -> bool {
        self.list.len() >= MAX_PROBLEMS
    }

    /// All of them in the order of the file.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|problem| (problem.span.start, problem.span.end));
        self.list
    }

    /// Warns of a number that stands for text and is another text than the one that was written.
    pub(super) fn note_number(&mut self, node: &Node) {
        let Some(scalar) = node.scalar() else { return };
        let number = matches!(scalar.kind, ScalarKind::Int(_) | ScalarKind::Float(_));
        let written = self.text.get(node.span.start..node.span.end).unwrap_or("");
        // Behind an alias or a tag stands something else than the number.
        if !number
            || written == &*scalar.text
            || !written.starts_with(|c: char| c.is_ascii_digit() || ".+-".contains(c))
        {
            return;
        }
        let message = sentence!(
            "lint-number-rewritten",
            "YAML reads `{written}` as the number {number}",
            written = written,
            number = &*scalar.text,
        );
        self.push(Diagnostic::warning("number_rewritten", node.span, message).help(sentence!(
            "lint-number-rewritten-help",
            "write `'{written}'` with quotes to keep it as it is",
            written = written,
        )));
    }

    /// The span of a part of a scalar's text, as exactly as its notation allows: where the text stands in the file as
    /// it is, the part itself; otherwise, with escapes or folding in between, the whole scalar.
    pub fn within(&self, node: &Node, scalar: &Scalar, part: std::ops::Range<usize>) -> Span {
        let written = self.text.get(node.span.start..node.span.end).unwrap_or("");
        let Some(offset) = written.find(&*scalar.text) else { return node.span };
        let part = on_boundaries(&scalar.text, part);
        let lead = &written[..offset + part.start];
        if lead.contains('\n') {
            return node.span;
        }
        Span {
            start: node.span.start + lead.len(),
            end: node.span.start + offset + part.end,
            line: node.span.line,
            column: node.span.column + lead.chars().count(),
        }
    }
}

/// The stretch made of whole characters that holds `part`.
fn on_boundaries(text: &str, part: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let (mut start, mut end) = (part.start.min(text.len()), part.end.min(text.len()));
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end.max(start)
}

//! What is wrong with a rule file, where, and how to mend it.

use std::fmt;

use usher_event::Sentence;

/// A stretch of a rule file, in bytes from its start, with the position people speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Line of the first byte, from 1.
    pub line: usize,
    /// Column of the first byte in characters, from 1.
    pub column: usize,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The rule runs, and may surprise.
    Warning,
    /// The file cannot be used as it is.
    Error,
}

/// One problem in a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// A stable name for this kind of problem, such as `unknown_key`.
    pub code: &'static str,
    /// What is wrong, without a full stop.
    pub message: Sentence,
    /// Where.
    pub span: Span,
    /// A few words shown under the span.
    pub label: Option<Sentence>,
    /// What to do about it.
    pub help: Option<Sentence>,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(code: &'static str, span: Span, message: impl Into<Sentence>) -> Self {
        Self { severity: Severity::Error, code, message: message.into(), span, label: None, help: None }
    }

    /// A warning at `span`.
    pub fn warning(code: &'static str, span: Span, message: impl Into<Sentence>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    /// The same with words under the span.
    pub fn label(mut self, label: impl Into<Sentence>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The same with a way to mend it.
    pub fn help(mut self, help: impl Into<Sentence>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl Diagnostic {
    /// The problem with the line it stands in, for a terminal without colours.
    ///
    /// ```text
    /// error[unknown_key] rules.yaml:4:11: `move` has no parameter `on_conflit`
    ///   |
    /// 4 |           on_conflit: skip
    ///   |           ^^^^^^^^^^
    ///   = help: did you mean `on_conflict`?
    /// ```
    pub fn show(&self, file: &str, text: &str) -> String {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let Span { line, column, .. } = self.span;
        let mut shown = format!("{severity}[{}] {file}:{line}:{column}: {}\n", self.code, self.message);
        let written = text.lines().nth(line.saturating_sub(1)).unwrap_or("");
        if !written.trim().is_empty() {
            let margin = " ".repeat(line.to_string().len());
            // Blanks stand for blanks and tabs for tabs, so that the mark is under what it means.
            let before = written.chars().take(column.saturating_sub(1));
            let indent: String = before.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            let meant =
                text.get(self.span.start..self.span.end).and_then(|meant| meant.lines().next()).unwrap_or("");
            let marks = "^".repeat(meant.chars().count().max(1));
            let label = self.label.as_ref().map(|label| format!(" {label}")).unwrap_or_default();
            shown.push_str(&format!("{margin} |\n{line} | {written}\n{margin} | {indent}{marks}{label}\n"));
        }
        if let Some(help) = &self.help {
            shown.push_str(&format!("{} = help: {help}\n", " ".repeat(line.to_string().len())));
        }
        shown
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.span.line, self.span.column, self.message)
    }
}

//! Examples that stand in a rule as `tests:`, and say what the rule is to do with a file that need not exist.

use std::path::PathBuf;

use jiff::Timestamp;

use crate::Span;

/// One example: a file, and what the rule is to do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Where it stands in the rule file.
    pub span: Span,
    /// Where the file would lie, as it is written; a relative path starts at the rule's first location.
    pub file: String,
    /// What would be in it.
    pub content: ExampleContent,
    /// When its content would have changed last; now, where that is not said.
    pub modified: Option<Timestamp>,
    /// When it would have been made.
    pub created: Option<Timestamp>,
    /// What is expected.
    pub expected: Expected,
}

/// What is in the file of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExampleContent {
    /// This text.
    Text(String),
    /// So many bytes that mean nothing.
    Size(u64),
    /// What is in a real file.
    Like(PathBuf),
}

/// What a rule is to do with the file of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// It matches, whatever comes of it.
    Matches,
    /// It leaves the file alone.
    Left,
    /// Afterwards the file lies here; `~` and a relative path are understood as for `file`.
    Becomes(String),
}

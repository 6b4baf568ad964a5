//! Why a rule did or did not match: the same evaluation, written down as it goes.

use usher_event::Sentence;

/// How one filter answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It let the subject through (after `not`, where there is one).
    Match,
    /// It turned the subject away.
    NoMatch,
    /// It could not tell; counts as no match.
    Error,
    /// It was not asked, because the answer was clear before.
    NotReached,
}

/// What one filter, or a group of them, saw and said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterAccount {
    /// The filter as the rule spells it, `not` included; `all`, `any` or `none` for a group.
    pub filter: String,
    /// What the filter wants, in the rule's own words (`pdf, docx`).
    pub wanted: String,
    /// What it saw in the subject (`txt`).
    pub seen: Option<String>,
    /// How it answered.
    pub outcome: Outcome,
    /// What went wrong, with [`Outcome::Error`].
    pub error: Option<Sentence>,
    /// The members, for a group.
    pub members: Vec<FilterAccount>,
}

/// Why a rule did or did not match one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleAccount {
    /// Whether all of it together matched.
    pub matched: bool,
    /// Every filter in the rule's order.
    pub filters: Vec<FilterAccount>,
}

//! How much was done on which day.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Steps by day and rule. What was taken back is not counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Chart {
    /// The days where the user is, oldest first, today last: `2026-11-26`.
    pub days: Vec<String>,
    /// The rules that did anything, the busiest first.
    pub rules: Vec<ChartRule>,
}

/// One rule in a [`Chart`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChartRule {
    /// [`RuleInfo::id`](super::RuleInfo::id).
    pub rule: String,
    /// Its title.
    pub title: String,
    /// How many steps it did on each of the days.
    pub steps: Vec<u32>,
}

//! How much was done on which day.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Files by day and rule. What was taken back is not counted, and a file that two steps were taken on is one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Chart {
    /// The days where the user is, oldest first, today last: `2026-11-26`.
    pub days: Vec<String>,
    /// How many files there were on each of the days, whichever rules acted on them.
    pub files: Vec<u32>,
    /// The rules that acted on any, the busiest first.
    pub rules: Vec<ChartRule>,
}

/// One rule in a [`Chart`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChartRule {
    /// [`RuleInfo::id`](super::RuleInfo::id).
    pub rule: String,
    /// Its title.
    pub title: String,
    /// How many files it acted on, on each of the days.
    pub files: Vec<u32>,
}

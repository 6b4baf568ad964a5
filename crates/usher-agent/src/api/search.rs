//! Finding things by a part of their name.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Folder, Run, Step};

/// What is looked for. The words of the text may stand in any order, and letters may be left out of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SearchQuery {
    /// What somebody has typed so far.
    pub text: String,
    /// At most this many steps; 50 where absent.
    pub limit: Option<u32>,
}

/// What was found, each kind by itself and the best of it first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Found {
    /// Rules by title and file.
    pub rules: Vec<FoundRule>,
    /// Watched folders.
    pub folders: Vec<Folder>,
    /// The run whose number was typed.
    pub runs: Vec<Run>,
    /// Steps by the names of what they were about, the newest step for each place.
    pub steps: Vec<Step>,
    /// How many steps were looked at.
    pub looked_at: u32,
}

/// A rule as the search shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FoundRule {
    /// [`RuleInfo::id`](super::RuleInfo::id).
    pub id: String,
    /// What to call it.
    pub title: String,
    /// Its file.
    pub file: String,
    /// Whether it runs.
    pub enabled: bool,
}

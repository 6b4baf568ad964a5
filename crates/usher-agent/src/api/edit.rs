//! Writing rules: the text of a rule file, what is wrong with a draft, and what it would do.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use usher_event::Sentence;

use super::{FilterWhy, Problem, RuleInfo, RunLine, TriggerEvent};

/// The text of a rule file, or a draft of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RuleText {
    /// The absolute path of the file.
    pub file: String,
    /// The text.
    pub text: String,
    /// A digest of it. Whoever writes the file says which text it takes the place of.
    pub digest: String,
    /// The rules without mistakes.
    pub rules: Vec<RuleInfo>,
    /// All that is wrong or surprising.
    pub problems: Vec<Problem>,
}

/// A text on its way into a rule file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RuleSave {
    /// The absolute path of a file in the rules folder.
    pub file: String,
    /// Its new text.
    pub text: String,
    /// [`RuleText::digest`] of the text it takes the place of; absent for a file that is to be new.
    pub digest: Option<String>,
}

/// A draft of a rule file, to be tried on what is there now.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PreviewRequest {
    /// The absolute path that the draft goes by.
    pub file: String,
    /// Its text.
    pub text: String,
    /// Only the rule at this place in the file, from 0, switched off or not; every rule that is on where absent.
    pub rule: Option<u32>,
    /// At most about this many lines, and as many files that are passed over; 200 where absent.
    pub limit: Option<u32>,
    /// Whether code in filters may be run for it.
    pub code: bool,
    /// An event of the machine that has woken the rules, as it were. What they pass over is not told then.
    pub event: Option<TriggerEvent>,
}

/// What a draft would do now. Nothing is touched.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Preview {
    /// Every step in order.
    pub lines: Vec<RunLine>,
    /// What lies in the locations and is left alone.
    pub passed_over: Vec<PassedOver>,
    /// Folders that could not be looked into, and files that somebody is still at work on, each with the reason.
    pub left_out: Vec<Sentence>,
    /// Subjects whose actions would all end well.
    pub done: u32,
    /// Subjects with a step that would fail.
    pub failed: u32,
    /// Whether everything was looked at; otherwise there was too much, or it took too long.
    pub complete: bool,
    /// Whether nothing was looked at, because filters contain code and that was not to be run.
    pub has_code: bool,
    /// What was looked for and only an event brings along, such as `volume`; nothing was looked at then.
    pub needs_event: Option<String>,
}

/// Something a rule leaves alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PassedOver {
    /// Title of the rule.
    pub rule: String,
    /// What it is.
    pub path: String,
    /// Why, in a sentence.
    pub reason: Sentence,
    /// What each filter says.
    pub filters: Vec<FilterWhy>,
}

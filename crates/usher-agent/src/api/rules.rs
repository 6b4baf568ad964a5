//! Rule files as they are loaded now.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use usher_event::Sentence;

/// Every rule file in the rules folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Rules {
    /// The files by name.
    pub files: Vec<RuleFile>,
}

/// One rule file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RuleFile {
    /// Its absolute path.
    pub path: String,
    /// A digest of the text that is running, so that "which version runs?" has an answer.
    pub digest: String,
    /// When that text was loaded, RFC 3339.
    pub loaded: String,
    /// Whether the file on disk is broken and an older version of its rules is running.
    pub stale: bool,
    /// The running rules, in order.
    pub rules: Vec<RuleInfo>,
    /// Problems of the file on disk.
    pub problems: Vec<Problem>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RuleInfo {
    /// Its stable id.
    pub id: String,
    /// What to call it.
    pub title: String,
    /// Line in its file, from 1.
    pub line: u32,
    /// Whether it runs.
    pub enabled: bool,
    /// What it waits for beside files in its folders, one line each; any of it will do.
    pub when: Vec<String>,
    /// What has to be so for it to act by itself, one line each.
    pub guards: Vec<String>,
    /// Folders it looks in, expanded; as they are written where only an event can tell.
    pub locations: Vec<String>,
    /// Its filters, one line each.
    pub filters: Vec<String>,
    /// Its actions, one line each.
    pub actions: Vec<String>,
    /// When it last did something, RFC 3339.
    pub last_fired: Option<String>,
    /// How many steps it has done in all.
    #[ts(type = "number")]
    pub steps_done: u64,
}

/// A problem in a rule file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Problem {
    /// `error` or `warning`.
    pub severity: String,
    /// A stable name.
    pub code: String,
    /// What is wrong.
    pub message: Sentence,
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The text of that line.
    pub source_line: String,
    /// How many characters of it are concerned.
    pub length: u32,
    /// What to do about it.
    pub help: Option<Sentence>,
}

/// What the starter consists of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Starter {
    /// The rule file that was written.
    pub file: String,
    /// The folder to try it on.
    pub sandbox: String,
}

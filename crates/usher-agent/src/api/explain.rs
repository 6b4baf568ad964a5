//! Why a path is or is not handled, and events as people see them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use usher_event::Sentence;

/// Why Usher does or does not handle a path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Why {
    /// The path asked about.
    pub path: String,
    /// Whether anything is there now.
    pub exists: bool,
    /// Whether it waits to be finished, and why; absent where nothing is in the way.
    pub waiting: Option<Sentence>,
    /// Every rule, in the order they run.
    pub rules: Vec<RuleWhy>,
    /// Steps in the journal that were about this path, newest first.
    pub steps: Vec<super::Step>,
}

/// One rule's view of a path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RuleWhy {
    /// Its id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// Its file.
    pub file: String,
    /// Its line there.
    pub line: u32,
    /// What it comes to.
    pub verdict: WhyVerdict,
    /// That verdict as a sentence.
    pub summary: Sentence,
    /// Every filter in order; empty where the rule does not look there.
    pub filters: Vec<FilterWhy>,
    /// The lines of the steps it would take now.
    pub would: Vec<Sentence>,
    /// When it last acted on this very file, RFC 3339.
    pub last_acted: Option<String>,
    /// What would make it look at the file again, where it does not act now.
    pub again: Option<Sentence>,
}

/// What a rule makes of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WhyVerdict {
    /// It would act.
    Matches,
    /// A filter turns it away.
    FilteredOut,
    /// It does not look at that place or kind of thing.
    NotCovered,
    /// The rule is switched off.
    Disabled,
    /// It has acted on the file already, and leaves it alone for now.
    AlreadyHandled,
    /// It would act, and a rule above it keeps the file to itself.
    Stopped,
}

/// One filter's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FilterWhy {
    /// The filter, `not` included; `all`, `any` or `none` for a group.
    pub filter: String,
    /// What it wants.
    pub wanted: String,
    /// What it saw.
    pub seen: Option<String>,
    /// `match`, `no_match`, `error` or `not_reached`.
    pub outcome: String,
    /// What went wrong.
    pub error: Option<Sentence>,
    /// Members of a group.
    pub members: Vec<FilterWhy>,
}

/// An event as people see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct EventInfo {
    /// Who noticed: `files`, `folder`, or a noun of the machine.
    pub source: String,
    /// What happened: `created`, `closed`, `moved_in`, `gone`, `rescan`, `watching`, `polling`, `missing`, ...
    pub kind: String,
    /// The path, where there is one.
    pub path: Option<String>,
    /// More, in words.
    pub detail: Option<Sentence>,
    /// What is known about something that happened to the machine, by name.
    #[ts(type = "Record<string, unknown> | null")]
    pub facts: Option<serde_json::Value>,
}

/// An event to play to the rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TriggerEvent {
    /// A file or folder was finished at a path.
    File {
        /// An absolute path.
        path: String,
    },
    /// A folder has to be looked at again.
    Rescan {
        /// An absolute path.
        path: String,
    },
    /// Something happened to the machine.
    Machine {
        /// What: `volume.mounted`, `power.ac`, ...
        name: String,
        /// What is known about it: `label`, `path`, ...
        details: BTreeMap<String, String>,
    },
}

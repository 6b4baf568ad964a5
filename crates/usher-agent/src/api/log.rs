//! What was done: runs and steps, and taking them back.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use usher_event::Sentence;

/// One run: a plan that was carried out, or is being.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Run {
    /// Its number in the journal.
    #[ts(type = "number")]
    pub id: i64,
    /// What kind of run.
    pub kind: RunKind,
    /// What set it off, for people: a path, `start-up sweep`, `run from the command line`.
    pub cause: Sentence,
    /// When it began, RFC 3339.
    pub started: String,
    /// When it ended; absent while it goes on.
    pub ended: Option<String>,
    /// The run it takes back, for undo and redo.
    #[ts(type = "number | null")]
    pub of: Option<i64>,
    /// Titles of the rules in it, in the order they acted.
    pub rules: Vec<String>,
    /// How many steps are in it; `steps` may hold fewer.
    pub step_count: u32,
    /// How many of them failed.
    pub failed: u32,
    /// Whether any step could still be taken back.
    pub undoable: bool,
    /// The steps, oldest first; in lists and notices at most the first hundred.
    pub steps: Vec<Step>,
}

/// What kind of run it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// Rules acted on an event.
    Event,
    /// Rules were run over what was there: `usher run`, the start-up sweep, a rescan.
    Sweep,
    /// A run was taken back.
    Undo,
    /// An undo was taken back.
    Redo,
}

/// One step of a run; also one line of `usher log --json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Step {
    /// Its number in the journal.
    #[ts(type = "number")]
    pub id: i64,
    /// The run it belongs to.
    #[ts(type = "number")]
    pub run: i64,
    /// Its place in the run, from 0.
    pub step: u32,
    /// Title of the rule.
    pub rule: String,
    /// [`RuleInfo::id`](super::RuleInfo::id) of the rule.
    pub rule_id: String,
    /// The action's name.
    pub action: String,
    /// Where the subject was.
    pub from: Option<String>,
    /// Where the result is.
    pub to: Option<String>,
    /// How far it got.
    pub state: StepState,
    /// When it reached that state, RFC 3339.
    pub at: String,
    /// The whole step as one line of text, the same in a simulation.
    pub text: Sentence,
    /// What went wrong: with [`StepState::Failed`] nothing of it was done; with another state it stands, but for this.
    pub error: Option<Sentence>,
    /// Why it cannot be taken back; absent where it can.
    pub not_undoable: Option<Sentence>,
}

/// How far a step got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Written down, not yet done.
    Intended,
    /// Done, and can be taken back.
    Done,
    /// Not done; everything is as before.
    Failed,
    /// Done and taken back since.
    Undone,
    /// Done, and cannot be taken back.
    Irreversible,
}

/// Which runs are wanted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LogQuery {
    /// Only runs older than this one.
    #[ts(type = "number | null")]
    pub before: Option<i64>,
    /// Only this run.
    #[ts(type = "number | null")]
    pub run: Option<i64>,
    /// At most this many runs; 50 where absent.
    pub limit: Option<u32>,
    /// Only runs that began at or after this moment, RFC 3339.
    pub since: Option<String>,
    /// Only runs with a step of the rule of this id or title.
    pub rule: Option<String>,
    /// Only runs with a step whose rule, action or path contains this text, ignoring case.
    pub text: Option<String>,
    /// At most this many steps of each run; where absent 1000 of a single run and 100 of one in a list.
    pub steps: Option<u32>,
    /// Steps from this place in their run on, for reading a long run piece by piece; from the first where absent.
    pub from_step: Option<u32>,
}

/// Runs, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LogPage {
    /// The runs.
    pub runs: Vec<Run>,
    /// Whether older ones exist that match.
    pub more: bool,
}

/// What to take back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum UndoTarget {
    /// One step.
    Step {
        /// Its number.
        #[ts(type = "number")]
        step: i64,
        /// Whether to take a free name where the old one is taken.
        rename: bool,
    },
    /// A run.
    Run {
        /// Its number.
        #[ts(type = "number")]
        run: i64,
        /// Whether to take a free name where the old one is taken.
        rename: bool,
    },
    /// The newest run that can be taken back.
    Last {
        /// Whether to take a free name where the old one is taken.
        rename: bool,
    },
    /// The newest undo that still stands; taking it back is a redo.
    LastUndo {
        /// Whether to take a free name where the old one is taken.
        rename: bool,
    },
    /// Every run since a moment.
    Since {
        /// RFC 3339.
        since: String,
        /// Only steps of the rule of this id or title.
        rule: Option<String>,
        /// Whether to take a free name where the old one is taken.
        rename: bool,
    },
}

/// What is to be tried again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum RetryTarget {
    /// One step that failed.
    Step {
        /// Its number.
        #[ts(type = "number")]
        step: i64,
    },
    /// Everything a rule has failed on that waits for the user ([`Status::attention`](super::Status::attention)).
    Rule {
        /// [`RuleInfo::id`](super::RuleInfo::id).
        rule: String,
    },
}

/// What an undo did, and what it refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct UndoReport {
    /// The undo's own run, where anything was done.
    pub run: Option<Run>,
    /// Steps that were left as they are, each with the reason.
    pub refused: Vec<RefusedStep>,
}

/// What an undo would do, and what it would refuse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct UndoPreview {
    /// [`RunKind::Undo`], or [`RunKind::Redo`] where what is taken back is an undo.
    pub kind: RunKind,
    /// The run that would be taken back, where it is one.
    #[ts(type = "number | null")]
    pub of: Option<i64>,
    /// The steps it would take, in their order; at most the first thousand.
    pub lines: Vec<UndoLine>,
    /// How many steps it would take; `lines` may hold fewer.
    pub count: u32,
    /// Steps that would be left as they are, each with the reason; at most the first thousand.
    pub refused: Vec<RefusedStep>,
    /// How many steps would be left; `refused` may hold fewer.
    pub refused_count: u32,
}

/// One step that an undo would take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct UndoLine {
    /// The step that would be taken back.
    pub step: Step,
    /// Where its subject is.
    pub from: Option<String>,
    /// Where it would go; absent where it goes nowhere, as what was made anew.
    pub to: Option<String>,
    /// The whole step as one line of text, the same that the undo will have.
    pub text: Sentence,
    /// Commands and code of the rule's `undo` that it would run.
    pub runs: Vec<String>,
}

/// A step that an undo left as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RefusedStep {
    /// The step.
    pub step: Step,
    /// Why.
    pub reason: Sentence,
}

/// A request to run rules over what is there now.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RunRequest {
    /// Only this rule, by id; all enabled ones where absent.
    pub rule: Option<String>,
    /// Rules of this file instead of the ones that are loaded.
    pub config: Option<String>,
    /// The text of such a file, where it lies nowhere; `config` is then the name it goes by.
    pub text: Option<String>,
    /// Where relative locations of `config` start.
    pub working_dir: Option<String>,
    /// Only rules with one of these tags (and those tagged `always`); any where empty.
    pub tags: Vec<String>,
    /// Not the rules with one of these tags.
    pub skip_tags: Vec<String>,
    /// Plan only.
    pub simulate: bool,
    /// Rules go beyond their limits without asking, and what `confirm` asks is answered with yes.
    pub yes: bool,
    /// The asker puts what `confirm` asks to somebody at once: the run stops at each question and goes on with its answer
    /// ([`RunSummary::stopped`]). Otherwise the questions wait for whoever sees to them.
    pub asks: bool,
}

/// One line of what a run did or would do; the same in a simulation and in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RunLine {
    /// Title of the rule.
    pub rule: String,
    /// What its file calls it; absent where it has no name of its own.
    pub rule_name: Option<String>,
    /// Its place in its file, from 0.
    pub rule_nr: u32,
    /// The action.
    pub action: String,
    /// The subject, where it was by then; absent for a standalone rule.
    pub path: Option<String>,
    /// The folder the subject was found in.
    pub root: Option<String>,
    /// The whole step as text.
    pub text: Sentence,
    /// What the step says for itself, such as the message of `echo`.
    pub note: Option<Sentence>,
    /// Why it failed, where it did.
    pub error: Option<Sentence>,
    /// Why it could not be undone, where it could not.
    pub irreversible: Option<Sentence>,
    /// What becomes of something that is where its result is to be; absent where nothing is.
    pub conflict: Option<Resolution>,
}

/// What becomes of a conflict: what a step does where something is at its destination already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// The subject gets another name.
    NewName,
    /// What is there gets another name.
    MovesAside,
    /// What is there is replaced; an undo brings it back.
    Replaces,
    /// What is there goes to the trash.
    Trashes,
    /// The subject stays where it is.
    Stays,
    /// The subject stays where it is, because the same is there.
    Same,
}

/// What a run over everything came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RunSummary {
    /// The run; absent in a simulation and where nothing matched.
    #[ts(type = "number | null")]
    pub run: Option<i64>,
    /// Every step in order.
    pub lines: Vec<RunLine>,
    /// Folders that could not be looked into, and files that somebody is still at work on, each with the reason.
    pub left_out: Vec<Sentence>,
    /// Subjects whose actions all ended well.
    pub done: u32,
    /// Those of `done` that were left as they were: nothing had to be done for them.
    #[serde(default)]
    pub unchanged: u32,
    /// Subjects with a step that failed.
    pub failed: u32,
    /// What rules ask before they go on.
    pub questions: Vec<Question>,
    /// In a simulation of an event: rules that wait for it and would not act on it.
    pub held_back: Vec<HeldBack>,
    /// Whether somebody has ended it before it had gone over everything ([`Request::StopRun`](super::Request::StopRun)).
    pub cut_short: bool,
    /// Whether there is more to do once the last of these questions is answered. The answer's own summary has the rest.
    pub stopped: bool,
}

/// What an event that was played has come to at once. What the rules then do is heard as notices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Played {
    /// Titles of the rules that act on it.
    pub woken: Vec<String>,
    /// Rules that wait for it and do not act.
    pub held_back: Vec<HeldBack>,
}

/// A rule that waits for what has happened, and does not act on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HeldBack {
    /// Title of the rule.
    pub rule: String,
    /// What its file calls it; absent where it has no name of its own.
    pub rule_name: Option<String>,
    /// Its place in its file, from 0.
    pub rule_nr: u32,
    /// What holds it back.
    pub reason: HeldBy,
    /// The guard in question, as the rule says it.
    pub guard: Option<String>,
    /// How much of the cooldown is left, in seconds.
    pub seconds: Option<u32>,
    /// All of it in a sentence.
    pub text: Sentence,
}

/// What holds a rule back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HeldBy {
    /// A guard is not so.
    Guard,
    /// Nobody can tell yet whether a guard is so.
    Unknown,
    /// It has acted a moment ago.
    Cooldown,
}

/// Something that a rule asks, answered with yes or no by [`Request::Answer`](super::Request::Answer).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Question {
    /// Its number, good for as long as the owner runs.
    #[ts(type = "number")]
    pub id: u64,
    /// The question.
    pub text: Sentence,
    /// How the rule's `confirm` words it; absent where it is about a limit.
    pub words: Option<Words>,
}

/// A question as a rule's `confirm` words it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Words {
    /// Title of the rule.
    pub rule: String,
    /// What its file calls it; absent where it has no name of its own.
    pub rule_name: Option<String>,
    /// Its place in its file, from 0.
    pub rule_nr: u32,
    /// The subject; absent for a standalone rule.
    pub path: Option<String>,
    /// The folder the subject was found in.
    pub root: Option<String>,
    /// The question.
    pub text: String,
    /// What an answer without a word means.
    pub default: bool,
}

//! The control API: what the window, the command line and the tray may ask of the owner, and what it tells them.
//!
//! JSON-RPC 2.0, one object a line, over a socket that only this user can open. The types here are the whole contract;
//! they are exported to TypeScript, and a stale export fails the tests. [`Request`] and [`Notice`] are the two
//! directions.

mod chart;
mod edit;
mod explain;
mod log;
mod rules;
mod search;
mod space;
mod status;

pub use chart::*;
pub use edit::*;
pub use explain::*;
pub use log::*;
pub use rules::*;
pub use search::*;
pub use space::*;
pub use status::*;
pub use usher_event::{Part, Sentence, sentence};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything that can be asked, by JSON-RPC method name; `params` is the content of the variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "method", content = "params", rename_all = "snake_case")]
pub enum Request {
    /// The present state. Answers [`Status`].
    Status,
    /// Every rule file with its rules and problems. Answers [`Rules`].
    Rules,
    /// Switches one rule on or off by editing its file. Answers [`Rules`].
    SetRuleEnabled {
        /// [`RuleInfo::id`], or its title where no other rule has it.
        rule: String,
        /// The new state.
        enabled: bool,
    },
    /// Opens a rule file, or the rules folder, in the user's editor. Answers `null`.
    OpenRules {
        /// [`RuleFile::path`]; the folder where absent.
        file: Option<String>,
    },
    /// Writes the starter rule file, with every rule switched off, and a sandbox folder to try it on. Answers [`Starter`].
    CreateStarter,
    /// The text of a rule file as it is on the disk now. Answers [`RuleText`].
    RuleText {
        /// [`RuleFile::path`].
        file: String,
    },
    /// Looks a draft of a rule file over without running it. Answers [`RuleText`].
    CheckRules {
        /// The absolute path it goes by.
        file: String,
        /// The draft.
        text: String,
    },
    /// Writes a rule file, unless it is another one by now. Answers [`RuleText`].
    SaveRules(RuleSave),
    /// The JSON schema of rule files. Answers it.
    RuleSchema,
    /// Says what a draft of a rule file would do now, and why it leaves the rest alone. Answers [`Preview`].
    Preview(PreviewRequest),
    /// Finds rules, folders, runs and files by a part of their names. Answers [`Found`].
    Search(SearchQuery),
    /// Past runs, newest first. Answers [`LogPage`].
    Log(LogQuery),
    /// How much was done on each of the last days, today included. Answers [`Chart`].
    Chart {
        /// How many days; at most 366.
        days: u32,
    },
    /// Takes back a step, a run or more. Answers [`UndoReport`].
    Undo(UndoTarget),
    /// What an undo would do now, and what it would refuse; nothing is done. Answers [`UndoPreview`].
    PreviewUndo(UndoTarget),
    /// Has a rule look at once at what it has failed on, as if it had never done so; the failure waits for the user no
    /// longer. Answers [`RunSummary`]: what came of it this time.
    Retry(RetryTarget),
    /// Why Usher does or does not handle a path. Answers [`Why`].
    Why {
        /// An absolute path.
        path: String,
        /// Its own bytes, as the platform keeps them, where it is not text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "number[]")]
        bytes: Option<Vec<u8>>,
        /// A step that had to do with it: where the text leaves open which path is meant, it is that one's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "number")]
        step: Option<i64>,
    },
    /// Opens a file or folder that a step of the journal names, in the program the system has for it. Answers `null`.
    Open {
        /// An absolute path.
        path: String,
    },
    /// Shows a path in the file manager. Answers `null`.
    Reveal {
        /// An absolute path.
        path: String,
    },
    /// Stops handling events until resumed. Answers [`Status`].
    Pause(PauseFor),
    /// Handles events again, beginning with what was missed. Answers [`Status`].
    Resume,
    /// Runs rules over what is in their locations now. Answers [`RunSummary`].
    Run(RunRequest),
    /// Ends a run before it has gone over everything. What is done stays done. Answers `null`.
    StopRun {
        /// The run; the one that goes on now where absent.
        #[ts(type = "number | null")]
        run: Option<i64>,
        /// Whether the one that an event has set off is meant ([`Status::woken`]), and none that was asked for.
        #[serde(default)]
        woken: bool,
    },
    /// Answers a question that a rule has put. Answers [`RunSummary`]: what was done at once because of a yes.
    Answer {
        /// [`Question::id`].
        #[ts(type = "number")]
        question: u64,
        /// Yes or no.
        yes: bool,
    },
    /// Tells that nobody is there to answer a question of a run. A resident owner leaves it to whoever answers it later; for
    /// any other one, the file that the run has stopped at has failed. Answers [`RunSummary`]: the rest of the run.
    Unanswered {
        /// [`Question::id`].
        #[ts(type = "number")]
        question: u64,
    },
    /// Plays an event to the rules as if a source had reported it. Answers [`Played`], or [`RunSummary`] where it is only
    /// simulated.
    Trigger {
        /// The event.
        event: TriggerEvent,
        /// Whether only to say what the rules that wait for it would do; for events of the machine.
        #[serde(default)]
        simulate: bool,
    },
    /// From now on, [`Notice`]s are sent on this connection. Answers `null`.
    Subscribe {
        /// Whether raw events are wanted too ([`Notice::Event`]).
        events: bool,
    },
    /// The user's settings. Answers [`Settings`].
    Settings,
    /// Changes settings; absent ones stay. Answers [`Settings`].
    SetSettings(SettingsPatch),
    /// How much room journal and vault take, and what these limits would give up; those of the settings where absent.
    /// Answers [`Space`].
    Space(Option<KeepLimits>),
    /// Gives up now what the limits of the settings do not keep. Answers [`Space`] as it is then.
    FreeSpace,
    /// Takes something off [`Status::attention`]; it stays off after a restart. Answers [`Status`].
    Dismiss(Dismissal),
    /// Which process answers, and for how long it will. Answers [`OwnerInfo`].
    Owner,
    /// Asks the owner to end after the step it is on. Answers `null`.
    Quit,
}

impl Request {
    /// The method names, to tell an unknown method from one with wrong parameters.
    pub const METHODS: &[&str] = &[
        "status",
        "rules",
        "set_rule_enabled",
        "open_rules",
        "create_starter",
        "rule_text",
        "check_rules",
        "save_rules",
        "rule_schema",
        "preview",
        "search",
        "log",
        "chart",
        "undo",
        "preview_undo",
        "retry",
        "why",
        "open",
        "reveal",
        "pause",
        "resume",
        "run",
        "stop_run",
        "answer",
        "unanswered",
        "trigger",
        "subscribe",
        "settings",
        "set_settings",
        "space",
        "free_space",
        "dismiss",
        "owner",
        "quit",
    ];
}

/// What the owner tells whoever has subscribed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Notice {
    /// A run began, went on or ended; the whole of it as it is now.
    Run {
        /// The run.
        run: Run,
    },
    /// The status is another one.
    Status {
        /// The whole new status.
        status: Box<Status>,
    },
    /// Rules were loaded, switched or broken.
    Rules {
        /// All of them.
        rules: Rules,
    },
    /// A source reported something.
    Event {
        /// When, RFC 3339.
        at: String,
        /// What.
        event: EventInfo,
    },
    /// How far the run that this connection asked for has come.
    Progress {
        /// Subjects handled so far; of an undo, its steps.
        subjects: u32,
        /// How much of what there is to go over is behind it, whether a rule wanted it or not; of an undo, its steps.
        looked: u32,
        /// How much there is to go over: the number of steps of an undo, and about so much of a run, once it is known.
        of: Option<u32>,
        /// Whether it is an undo, or a redo.
        undo: bool,
        /// The one handled last.
        path: String,
    },
    /// A rule says something to the user (`notify`).
    Message {
        /// The bold line.
        title: String,
        /// The text below it.
        text: String,
    },
    /// The settings are other ones.
    Settings {
        /// All of them.
        settings: Settings,
    },
    /// The last notice there is: the owner has ended, or this connection was too slow for its notices.
    Gone,
}

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Refusal {
    /// A stable name: `not_found`, `bad_params`, `bad_rules`, `refused`, `changed`, `failed`, or `unreachable` where no
    /// owner answers.
    pub code: String,
    /// What happened, and to which file.
    pub message: Sentence,
    /// What to do.
    pub hint: Option<Sentence>,
}

impl Request {
    /// Asks why about an absolute path, which need not be text.
    pub fn why(path: &std::path::Path) -> Self {
        let bytes = path.to_str().is_none().then(|| usher_engine::path_text::bytes(path));
        Self::Why { path: path.to_string_lossy().into_owned(), bytes, step: None }
    }
}

/// The code of a [`Refusal`] that no owner has made, because none answers.
pub const UNREACHABLE: &str = "unreachable";

impl Refusal {
    /// A refusal without a hint.
    pub fn new(code: &str, message: Sentence) -> Self {
        Self { code: code.to_owned(), message, hint: None }
    }

    /// The same with what to do.
    pub fn hint(mut self, hint: Sentence) -> Self {
        self.hint = Some(hint);
        self
    }
}

/// The refusal where the operating system gives no thread.
pub(crate) fn no_thread(error: &std::io::Error) -> Refusal {
    Refusal::new(
        "failed",
        sentence!("ask-cannot-start-thread", "cannot start a thread: {error}", error = error),
    )
    .hint(sentence!(
        "ask-too-much-runs-on-this-machine",
        "too much runs on this machine at once: end something, then try again"
    ))
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

//! What is true of the running Usher now.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use usher_event::Sentence;

/// The present state of the owner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Status {
    /// Usher's version.
    pub version: String,
    /// The owner's process.
    pub pid: u32,
    /// What the tray icon shows.
    pub state: AgentState,
    /// While paused: until when (RFC 3339); absent when paused until resumed.
    pub paused_until: Option<String>,
    /// When the owner started, RFC 3339.
    pub since: String,
    /// Enabled rules.
    pub rules_enabled: u32,
    /// All rules.
    pub rules_total: u32,
    /// Whether no rule file exists yet, so that the starter should be offered.
    pub first_run: bool,
    /// Watched folders with their health.
    pub folders: Vec<Folder>,
    /// The machine's nouns, each with its state where it is looked at.
    pub nouns: Vec<NounInfo>,
    /// The key chords that rules wait for.
    pub hotkeys: Vec<RuleHotkey>,
    /// When each rule that waits for the clock wakes next, the soonest first.
    pub schedules: Vec<RuleSchedule>,
    /// What waits for the user, worst first. Empty when all is well.
    pub attention: Vec<Attention>,
    /// The run that an event has set off, where it has gone on for a while.
    pub woken: Option<WokenRun>,
    /// Where every file of Usher's lies.
    pub places: Places,
    /// The user's home. People read a path below it from a `~` on.
    pub home: String,
    /// The user's own folders, for rules that are offered.
    pub user_folders: UserFolders,
}

/// What the tray icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// Events are being handled.
    Watching,
    /// Events are noted and not handled.
    Paused,
    /// Events are being handled and something waits for the user.
    NeedsYou,
}

/// One watched folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Folder {
    /// The folder.
    pub path: String,
    /// How well it can be seen.
    pub mode: FolderMode,
    /// Why, where it is not simply watched.
    pub reason: Option<Sentence>,
    /// Since when it is in that mode, RFC 3339.
    pub since: String,
    /// How many directories are watched in it.
    #[ts(type = "number")]
    pub directories: u64,
    /// When something last happened in it, RFC 3339.
    pub last_event: Option<String>,
    /// When a rule last did something in it, RFC 3339.
    pub last_action: Option<String>,
    /// When the system last dropped events of it, so that all of it was looked at again; RFC 3339.
    pub overflowed: Option<String>,
    /// Titles of the rules that look there.
    pub rules: Vec<String>,
}

/// How well a folder can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FolderMode {
    /// Being set up.
    Starting,
    /// Changes are reported as they happen.
    Watching,
    /// Looked at every few seconds.
    Polling,
    /// Not there now.
    Missing,
    /// There, and may not be read.
    Unreadable,
}

/// One noun of the machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct NounInfo {
    /// The word for it in rules: `volume`, `usb`, `power`, `network`, `session`, `idle`, `display`.
    pub noun: String,
    /// How well it can be seen.
    pub mode: NounMode,
    /// Why, where it is not simply watched.
    pub reason: Option<Sentence>,
    /// Its state in words, where it is known.
    pub state: Option<String>,
    /// The same as facts, for whoever has words of another language.
    pub facts: Vec<Fact>,
    /// Since when it is in that state, as far as anybody has looked; RFC 3339.
    pub since: Option<String>,
    /// Titles of the rules that wait for it or ask about it.
    pub rules: Vec<String>,
}

/// One thing that is so of a noun.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Fact {
    /// A stable name: `none`, `volume`, `device`, `ac`, `battery`, `percent`, `online`, `offline`, `connection`, `locked`,
    /// `unlocked`, `in_use`, `unused`, `display`.
    pub code: String,
    /// What it is called.
    pub name: Option<String>,
    /// Where it is, or what kind of thing.
    pub beside: Option<String>,
    /// How many percent or seconds.
    pub number: Option<u32>,
}

/// How well a noun can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NounMode {
    /// Nobody needs it, so nobody looks.
    Unneeded,
    /// Being set up.
    Starting,
    /// Changes are reported as they happen.
    Watching,
    /// Looked at every now and then.
    Polling,
    /// It cannot be seen here, or not now.
    Unavailable,
}

/// A key chord that a rule waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleHotkey {
    /// The chord: `Ctrl+Alt+I`.
    pub keys: String,
    /// The rule's title.
    pub rule: String,
}

/// A rule that waits for the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleSchedule {
    /// When it wakes next, RFC 3339.
    pub due: String,
    /// The rule's title.
    pub rule: String,
}

/// Something that waits for the user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Attention {
    /// A stable name: `question`, `rule_problem`, `settings`, `folder`, `failed_step`, `loop_stopped`, `recovered`, `journal`,
    /// `internal`, or another one that the engine has found a reason for.
    pub code: String,
    /// What it is about, in a sentence.
    pub message: Sentence,
    /// What to do.
    pub hint: Option<Sentence>,
    /// The file or folder it concerns.
    pub path: Option<String>,
    /// The run it concerns.
    #[ts(type = "number | null")]
    pub run: Option<i64>,
    /// Since when, RFC 3339.
    pub at: String,
    /// The rule it is about, by id.
    pub rule: Option<String>,
    /// How many more there are of the same kind and rule; this is the newest.
    pub more: u32,
    /// The question that waits for a yes or no, with the code `question`.
    #[ts(type = "number | null")]
    pub question: Option<u64>,
    /// Which limit that question is about, where it is about one.
    pub beyond: Option<Beyond>,
}

/// A rule that wants more than its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Beyond {
    /// How many files it has acted on.
    #[ts(type = "number")]
    pub limit: u64,
    /// How many more it wants to act on.
    #[ts(type = "number")]
    pub held: u64,
}

/// What is to be taken off [`Status::attention`]: everything with this code and, where given, this run, path and rule.
///
/// What goes away by itself once it is mended or answered (`rule_problem`, `settings`, `folder`, `question`) cannot be
/// dismissed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Dismissal {
    /// [`Attention::code`].
    pub code: String,
    /// [`Attention::run`].
    #[ts(type = "number | null")]
    pub run: Option<i64>,
    /// [`Attention::path`].
    pub path: Option<String>,
    /// [`Attention::rule`].
    pub rule: Option<String>,
}

/// The codes of what goes away by itself, and only so.
const BY_ITSELF: &[&str] = &["rule_problem", "rules_folder", "settings", "folder", "question"];

impl Attention {
    /// Whether the user may take it off, or it goes away once it is mended or answered.
    pub fn can_be_dismissed(&self) -> bool {
        !BY_ITSELF.contains(&self.code.as_str())
    }
}

impl Dismissal {
    /// Whether it is about what can be taken off.
    pub fn is_allowed(&self) -> bool {
        !BY_ITSELF.contains(&self.code.as_str())
    }
}

/// The process that answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OwnerInfo {
    /// Usher's version.
    pub version: String,
    /// Its process.
    pub pid: u32,
    /// Whether it watches folders and stays; otherwise it lives as long as one command does.
    pub resident: bool,
}

/// A run that an event has set off and that goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct WokenRun {
    /// Title of the rule.
    pub rule: String,
    /// Its number in the journal, once it has a step.
    #[ts(type = "number | null")]
    pub run: Option<i64>,
    /// How many files it has come to so far.
    pub subjects: u32,
    /// How many it has looked at, also those that its rule passes over.
    pub looked: u32,
    /// Of about how many in all, once that is known.
    pub of: Option<u32>,
    /// The last of them.
    pub path: Option<String>,
}

/// Where Usher's files lie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Places {
    /// The rules folder.
    pub rules: String,
    /// The settings file.
    pub settings: String,
    /// The journal.
    pub journal: String,
    /// What is about to be done, until that is in the journal.
    pub intents: String,
    /// The vault.
    pub vault: String,
    /// The folder with the last text without mistakes of each rule file.
    pub good_rules: String,
    /// A pause, and what was dismissed.
    pub memory: String,
    /// The size of the window.
    pub window: String,
    /// The folder of the logs.
    pub logs: String,
    /// The control socket; on Windows the name of a pipe.
    pub socket: String,
    /// The socket at which a second tray knocks; absent where the platform has another way.
    pub desktop_socket: Option<String>,
    /// The file that the running Usher keeps locked.
    pub lock: String,
    /// The entry that starts Usher with the session; absent where the platform has no file for it.
    pub autostart: Option<String>,
    /// The folder of the window's web engine; absent where that keeps nothing.
    pub webview: Option<String>,
}

impl Places {
    /// Each with its name, in the order they are shown in.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("rules", Some(&self.rules)),
            ("settings", Some(&self.settings)),
            ("journal", Some(&self.journal)),
            ("intents", Some(&self.intents)),
            ("vault", Some(&self.vault)),
            ("good rules", Some(&self.good_rules)),
            ("memory", Some(&self.memory)),
            ("window", Some(&self.window)),
            ("logs", Some(&self.logs)),
            ("socket", Some(&self.socket)),
            ("desktop", self.desktop_socket.as_ref()),
            ("lock", Some(&self.lock)),
            ("autostart", self.autostart.as_ref()),
            ("webview", self.webview.as_ref()),
        ];
        all.into_iter().filter_map(|(name, path)| Some((name, path?.as_str())))
    }
}

/// The folders that a desktop makes for its user, as rules name them: `~/Documents`, or whatever it is called here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UserFolders {
    /// The desktop.
    pub desktop: String,
    /// Documents.
    pub documents: String,
    /// What browsers download.
    pub downloads: String,
    /// Music.
    pub music: String,
    /// Pictures.
    pub pictures: String,
    /// Videos.
    pub videos: String,
}

/// The user's settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Settings {
    /// The key chord that opens the window, as `Ctrl+Alt+Space`; empty for none.
    pub hotkey: String,
    /// Whether the window hides when another window gets the focus.
    pub hide_on_blur: bool,
    /// Seconds between hiding the window and giving back its memory.
    pub grace_seconds: u32,
    /// `en`, `fr`, or empty for the system's language.
    pub language: String,
    /// `light`, `dark`, or empty for the system's theme.
    pub theme: String,
    /// Whether rules may show notifications.
    pub notifications: bool,
    /// A time of day during which none is shown, as `22:00-07:00`; empty for none. What comes meanwhile is gathered and
    /// shown as one at its end.
    pub quiet_hours: String,
    /// The time of day at which one notification says what was done since the last one, as `18:00`; empty for none. It
    /// comes whether or not rules may show notifications, and not where nothing was done.
    pub digest: String,
    /// Rules that show no notification, by id. What they say is in the journal and in the window all the same.
    pub muted_rules: Vec<String>,
    /// For how many days runs stay in the journal and can be taken back; 0 for ever.
    pub keep_days: u32,
    /// How many megabytes the vault may hold before the oldest things in it are given up; 0 for any number.
    pub vault_megabytes: u32,
}

/// Settings to change; absent ones stay.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SettingsPatch {
    /// See [`Settings::hotkey`].
    pub hotkey: Option<String>,
    /// See [`Settings::hide_on_blur`].
    pub hide_on_blur: Option<bool>,
    /// See [`Settings::grace_seconds`].
    pub grace_seconds: Option<u32>,
    /// See [`Settings::language`].
    pub language: Option<String>,
    /// See [`Settings::theme`].
    pub theme: Option<String>,
    /// See [`Settings::notifications`].
    pub notifications: Option<bool>,
    /// See [`Settings::quiet_hours`].
    pub quiet_hours: Option<String>,
    /// See [`Settings::digest`].
    pub digest: Option<String>,
    /// See [`Settings::muted_rules`].
    pub muted_rules: Option<Vec<String>>,
    /// See [`Settings::keep_days`].
    pub keep_days: Option<u32>,
    /// See [`Settings::vault_megabytes`].
    pub vault_megabytes: Option<u32>,
}

/// How long to pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum PauseFor {
    /// For so many seconds.
    Seconds {
        /// How many.
        #[ts(type = "number")]
        seconds: u64,
    },
    /// Until six in the morning of the next day.
    Tomorrow,
    /// Until resumed.
    UntilResumed,
}

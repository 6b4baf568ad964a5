//! The tray's menu as data: what is true goes in, items come out. Nothing here knows a toolkit.

use usher_agent::api::{AgentState, Run, RunKind};
use usher_agent::safe::safe;
use usher_agent::words::Words;

use super::facts::Facts;

/// How many runs the menu offers to take back.
const RUNS: usize = 3;

/// How long a file name or title may be before its middle is left out.
const LONGEST: usize = 40;

/// What a click on an item does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Open the window.
    Open,
    /// Take back the run of this number.
    Undo(i64),
    /// Pause for an hour.
    PauseHour,
    /// Pause until the next morning.
    PauseTomorrow,
    /// Pause until resumed.
    PauseUntilResumed,
    /// End the pause.
    Resume,
    /// Run the rule of this id over what is there.
    RunRule(String),
    /// Switch launch at login.
    Login,
    /// End the tray process.
    Quit,
}

impl Action {
    /// The name that the toolkit carries from an item to its click. It says all there is to do, so that a click on a
    /// menu that is just being replaced still does what it said.
    pub(crate) fn id(&self) -> String {
        match self {
            Self::Open => "open".to_owned(),
            Self::Undo(run) => format!("undo {run}"),
            Self::PauseHour => "pause hour".to_owned(),
            Self::PauseTomorrow => "pause tomorrow".to_owned(),
            Self::PauseUntilResumed => "pause until-resumed".to_owned(),
            Self::Resume => "resume".to_owned(),
            Self::RunRule(rule) => format!("run {rule}"),
            Self::Login => "login".to_owned(),
            Self::Quit => "quit".to_owned(),
        }
    }

    /// Reads an [`id`](Self::id); `None` where it is none of ours.
    pub(crate) fn of(id: &str) -> Option<Self> {
        Some(match id.split_once(' ').unwrap_or((id, "")) {
            ("open", "") => Self::Open,
            ("undo", run) => Self::Undo(run.parse().ok()?),
            ("pause", "hour") => Self::PauseHour,
            ("pause", "tomorrow") => Self::PauseTomorrow,
            ("pause", "until-resumed") => Self::PauseUntilResumed,
            ("resume", "") => Self::Resume,
            ("run", rule) if !rule.is_empty() => Self::RunRule(rule.to_owned()),
            ("login", "") => Self::Login,
            ("quit", "") => Self::Quit,
            _ => return None,
        })
    }
}

/// One item of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    /// A line that can be clicked.
    Entry(Action, String),
    /// A line with a tick.
    Check(Action, String, bool),
    /// A line that only says something.
    Note(String),
    /// A menu inside the menu.
    Submenu(String, Vec<Item>),
    /// A line between groups.
    Separator,
}

/// The whole menu for what is true now.
pub(crate) fn items(facts: &Facts, words: &Words) -> Vec<Item> {
    let entry = |action, id| Item::Entry(action, words.say(id));
    let mut items = vec![entry(Action::Open, "tray-open"), Item::Separator];
    items.extend(undo_items(&facts.runs, words));
    items.push(Item::Separator);
    if facts.status.as_ref().is_some_and(|status| status.state == AgentState::Paused) {
        items.push(entry(Action::Resume, "tray-resume"));
    } else {
        let pauses = vec![
            entry(Action::PauseHour, "tray-pause-hour"),
            entry(Action::PauseTomorrow, "tray-pause-tomorrow"),
            entry(Action::PauseUntilResumed, "tray-pause-until-resumed"),
        ];
        items.push(Item::Submenu(words.say("tray-pause"), pauses));
    }
    items.extend(rule_items(facts, words));
    items.push(Item::Separator);
    items.push(Item::Check(Action::Login, words.say("tray-launch-at-login"), facts.login));
    items.push(entry(Action::Quit, "tray-quit"));
    items
}

fn undo_items(runs: &[Run], words: &Words) -> Vec<Item> {
    let items: Vec<Item> = runs
        .iter()
        .filter(|run| run.undoable && matches!(run.kind, RunKind::Event | RunKind::Sweep))
        .take(RUNS)
        .map(|run| {
            Item::Entry(Action::Undo(run.id), words.say_with("tray-undo", &[("what", what(run).into())]))
        })
        .collect();
    if items.is_empty() { vec![Item::Note(words.say("tray-recent-none"))] } else { items }
}

/// Enabled rules; none at all leaves the submenu away.
fn rule_items(facts: &Facts, words: &Words) -> Option<Item> {
    let rules: Vec<Item> = facts
        .rules
        .iter()
        .flat_map(|rules| &rules.files)
        .flat_map(|file| &file.rules)
        .filter(|rule| rule.enabled)
        .map(|rule| Item::Entry(Action::RunRule(rule.id.clone()), shortened(&rule.title)))
        .collect();
    (!rules.is_empty()).then(|| Item::Submenu(words.say("tray-run-rule"), rules))
}

/// What a run did, in a few words: the rule, and the file for one step or the number of steps for more.
fn what(run: &Run) -> String {
    let rule = shortened(run.rules.first().map_or(run.cause.text(), String::as_str));
    match run.steps.as_slice() {
        [step] if run.step_count == 1 => match step.from.as_ref().or(step.to.as_ref()) {
            Some(path) => format!("{rule}: {}", shortened(file_name(path))),
            None => rule,
        },
        _ => format!("{rule} ({})", run.step_count),
    }
}

/// The last part of a path of any platform.
fn file_name(path: &str) -> &str {
    let end = path.trim_end_matches(['/', '\\']);
    end.rsplit(['/', '\\']).next().unwrap_or(end)
}

/// A name that fits into a menu; its end is kept, because it tells versions and kinds of files apart.
fn shortened(name: &str) -> String {
    let name = safe(name);
    let length = name.chars().count();
    if length <= LONGEST {
        return name.into_owned();
    }
    let head: String = name.chars().take(LONGEST * 2 / 3).collect();
    let tail: String = name.chars().skip(length - LONGEST / 3 + 1).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use usher_agent::api::{RuleFile, RuleInfo, Rules, Sentence, Status, Step, StepState};

    use super::*;

    fn step(from: &str) -> Step {
        Step {
            id: 1,
            run: 1,
            step: 0,
            rule: "Sort invoices".to_owned(),
            rule_id: "sort".to_owned(),
            action: "move".to_owned(),
            from: Some(from.to_owned()),
            to: None,
            state: StepState::Done,
            at: "2026-05-01T10:00:00Z".to_owned(),
            text: usher_agent::api::Sentence::foreign(format!("move {from}")),
            error: None,
            not_undoable: None,
        }
    }

    fn run(id: i64, kind: RunKind, files: &[&str]) -> Run {
        Run {
            id,
            kind,
            cause: Sentence::foreign("start-up sweep"),
            started: "2026-05-01T10:00:00Z".to_owned(),
            ended: Some("2026-05-01T10:00:01Z".to_owned()),
            of: None,
            rules: vec!["Sort invoices".to_owned()],
            step_count: u32::try_from(files.len()).expect("few"),
            failed: 0,
            undoable: kind == RunKind::Event,
            steps: files.iter().map(|file| step(file)).collect(),
        }
    }

    fn rule(id: &str, enabled: bool) -> RuleInfo {
        RuleInfo {
            id: id.to_owned(),
            title: format!("Rule {id}"),
            line: 1,
            enabled,
            when: Vec::new(),
            guards: Vec::new(),
            locations: vec![],
            filters: vec![],
            actions: vec![],
            last_fired: None,
            steps_done: 0,
        }
    }

    fn facts(state: AgentState) -> Facts {
        let dirs = usher_agent::Directories::below(std::path::Path::new("/"));
        let status = Status {
            version: "0.1.0".to_owned(),
            pid: 1,
            state,
            paused_until: None,
            since: "2026-05-01T10:00:00Z".to_owned(),
            rules_enabled: 1,
            rules_total: 2,
            first_run: false,
            folders: vec![],
            nouns: Vec::new(),
            hotkeys: Vec::new(),
            schedules: Vec::new(),
            attention: vec![],
            woken: None,
            places: dirs.places(),
            home: "/home/ada".into(),
            user_folders: dirs.user_folders,
        };
        let file = RuleFile {
            path: "/rules/a.yaml".to_owned(),
            digest: String::new(),
            loaded: "2026-05-01T10:00:00Z".to_owned(),
            stale: false,
            rules: vec![rule("a", true), rule("b", false)],
            problems: vec![],
        };
        Facts { status: Some(status), rules: Some(Rules { files: vec![file] }), ..Facts::default() }
    }

    /// The menu as text: `[x]` a tick, `>` a submenu, `-` a separator, `(…)` a line that cannot be clicked.
    fn drawn(items: &[Item]) -> String {
        let line = |item: &Item| match item {
            Item::Entry(action, text) => format!("{text}   #{}\n", action.id()),
            Item::Check(action, text, on) => {
                format!("[{}] {text}   #{}\n", if *on { 'x' } else { ' ' }, action.id())
            }
            Item::Note(text) => format!("({text})\n"),
            Item::Separator => "-\n".to_owned(),
            Item::Submenu(text, items) => {
                format!(
                    "{text} >\n{}",
                    drawn(items).lines().map(|line| format!("    {line}\n")).collect::<String>()
                )
            }
        };
        items.iter().map(line).collect()
    }

    fn menu(facts: &Facts) -> String {
        drawn(&items(facts, &Words::of("en")))
    }

    #[test]
    fn a_quiet_start() {
        insta::assert_snapshot!(menu(&Facts::default()), @r"
        Open Usher   #open
        -
        (Nothing has happened yet)
        -
        Pause >
            For 1 hour   #pause hour
            Until tomorrow   #pause tomorrow
            Until I resume   #pause until-resumed
        -
        [ ] Start at login   #login
        Quit Usher   #quit
        ");
    }

    #[test]
    fn three_runs_can_be_taken_back() {
        let mut facts = facts(AgentState::Watching);
        facts.login = true;
        facts.runs = vec![
            run(9, RunKind::Undo, &["/in/x"]),
            run(8, RunKind::Event, &["/in/bill & receipt.pdf"]),
            run(7, RunKind::Event, &["/in/a.pdf", "/in/b.pdf"]),
            run(6, RunKind::Event, &["C:\\Users\\me\\c.pdf"]),
            run(5, RunKind::Event, &["/in/d.pdf"]),
        ];
        insta::assert_snapshot!(menu(&facts), @r"
        Open Usher   #open
        -
        Undo Sort invoices: bill & receipt.pdf   #undo 8
        Undo Sort invoices (2)   #undo 7
        Undo Sort invoices: c.pdf   #undo 6
        -
        Pause >
            For 1 hour   #pause hour
            Until tomorrow   #pause tomorrow
            Until I resume   #pause until-resumed
        Run a rule >
            Rule a   #run a
        -
        [x] Start at login   #login
        Quit Usher   #quit
        ");
    }

    #[test]
    fn a_pause_can_be_ended() {
        insta::assert_snapshot!(menu(&facts(AgentState::Paused)), @r"
        Open Usher   #open
        -
        (Nothing has happened yet)
        -
        Resume   #resume
        Run a rule >
            Rule a   #run a
        -
        [ ] Start at login   #login
        Quit Usher   #quit
        ");
    }

    #[test]
    fn french_menus_are_french() {
        let items = items(&facts(AgentState::Watching), &Words::of("fr_FR.UTF-8"));
        assert_ne!(drawn(&items), menu(&facts(AgentState::Watching)));
    }

    #[test]
    fn clicks_come_back_as_what_was_drawn() {
        let actions = [
            Action::Open,
            Action::Undo(41),
            Action::PauseHour,
            Action::PauseTomorrow,
            Action::PauseUntilResumed,
            Action::Resume,
            Action::RunRule("Sort invoices, twice".to_owned()),
            Action::Login,
            Action::Quit,
        ];
        for action in actions {
            assert_eq!(Action::of(&action.id()), Some(action));
        }
        assert_eq!(Action::of("undo everything"), None);
    }

    #[test]
    fn long_and_strange_names_fit() {
        let name = format!("{}\n{}.pdf", "a".repeat(60), "b".repeat(60));
        let short = shortened(&name);
        assert!(
            short.chars().count() <= LONGEST && short.ends_with(".pdf") && !short.contains('\n'),
            "{short}"
        );
        assert_eq!(shortened("two\nlines\u{202e}fdp.exe"), "two‹LF›lines‹U+202E›fdp.exe");
    }
}

//! `usher status`

use std::io::{self, Write};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;
use usher_agent::api::{
    AgentState, Attention, Folder, FolderMode, NounInfo, NounMode, Places, Request, Status,
};
use usher_agent::{Directories, Link};

use crate::failure::{Exit, Failure, Outcome};
use crate::moment;
use crate::owner;
use crate::screen::{BAD, FAINT, GOOD, Screen, TITLE, WARN, count, paint};
use usher_agent::safe::safe;

/// Show whether Usher runs, what it watches, and what needs you
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Print one JSON object; `state` is watching, paused, needs_you or stopped
    #[arg(long)]
    json: bool,
    /// Look at the whole machine, also at what no rule needs; takes a moment
    #[arg(long)]
    machine: bool,
}

/// How long the sources of the machine's nouns may take to see it.
const A_MOMENT: Duration = Duration::from_secs(5);

impl Arguments {
    /// Shows it.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let Some(link) = owner::find_resident()? else {
            stopped(&owner::directories()?, self.json, screen)?;
            return Ok(Exit::Done);
        };
        let status = if self.machine { looked_at(&link)? } else { owner::ask(&link, &Request::Status)? };
        if self.json {
            screen.json(&status)?;
        } else {
            write(screen.out(), &status)?;
        }
        Ok(Exit::Done)
    }
}

/// The status when every source has had its look. They work for as long as somebody listens to everything.
fn looked_at(link: &Link) -> Result<Status, Failure> {
    link.subscribe(true, Box::new(|_| {}))?;
    let until = Instant::now() + A_MOMENT;
    loop {
        let status: Status = owner::ask(link, &Request::Status)?;
        let seen = status.nouns.iter().all(|noun| noun.mode != NounMode::Starting);
        if seen || Instant::now() > until {
            return Ok(status);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn stopped(dirs: &Directories, json: bool, screen: &mut Screen) -> io::Result<()> {
    let at = dirs.places();
    if json {
        return screen.json(&json!({
            "state": "stopped",
            "version": env!("CARGO_PKG_VERSION"),
            "places": at,
        }));
    }
    let out = screen.out();
    writeln!(out, "{}", paint(TITLE, "Usher is not running."))?;
    writeln!(out, "Start it with `usher watch`, or from the desktop's menu.\n")?;
    places(out, &at)
}

fn write(out: &mut impl Write, status: &Status) -> io::Result<()> {
    writeln!(out, "{}", headline(status))?;
    let (since, version) = (moment::local(&status.since), safe(&status.version));
    writeln!(out, "{FAINT}since {since}, process {}, version {version}{FAINT:#}", status.pid)?;
    for attention in &status.attention {
        write_attention(out, attention)?;
    }
    if status.attention.iter().any(Attention::can_be_dismissed) {
        writeln!(out, "\nTake off what you have seen to with: usher dismiss RULE, PATH or all")?;
    }
    writeln!(out, "\n{TITLE}Folders{TITLE:#}")?;
    for folder in &status.folders {
        write_folder(out, folder)?;
    }
    if status.folders.is_empty() {
        writeln!(out, "  none; make a rule with `usher new`")?;
    }
    writeln!(out, "\n{TITLE}Machine{TITLE:#}")?;
    for noun in &status.nouns {
        write_noun(out, noun)?;
    }
    for hotkey in &status.hotkeys {
        writeln!(out, "  {:<10} {}  {FAINT}{}{FAINT:#}", "hotkey", safe(&hotkey.keys), safe(&hotkey.rule))?;
    }
    for schedule in &status.schedules {
        let due = moment::local(&schedule.due);
        writeln!(out, "  {:<10} {due}  {FAINT}{}{FAINT:#}", "schedule", safe(&schedule.rule))?;
    }
    if let Some(woken) = &status.woken {
        writeln!(out, "\n{TITLE}Going on{TITLE:#}")?;
        let files = count(woken.subjects, "file");
        let share = woken.of.filter(|of| *of > 0).map(|of| 100 * u64::from(woken.looked) / u64::from(of));
        let share = share.map_or_else(String::new, |share| format!(", about {share} %"));
        writeln!(out, "  {}  {FAINT}{files} so far{share}{FAINT:#}", safe(&woken.rule))?;
    }
    writeln!(out, "\n{TITLE}Files{TITLE:#}")?;
    places(out, &status.places)
}

fn headline(status: &Status) -> String {
    let state = match (status.state, &status.paused_until) {
        (AgentState::Watching, _) => format!("{GOOD}Watching{GOOD:#}"),
        (AgentState::Paused, Some(until)) => format!("{WARN}Paused until {}{WARN:#}", moment::local(until)),
        (AgentState::Paused, None) => format!("{WARN}Paused until `usher resume`{WARN:#}"),
        (AgentState::NeedsYou, _) => format!("{BAD}Watching, and needs you{BAD:#}"),
    };
    let rules = match (status.rules_enabled, status.rules_total) {
        (on, all) if on == all => count(all, "rule"),
        (on, all) => format!("{} of {}", on, count(all, "rule")),
    };
    format!("{state}: {}, {rules}", count(status.folders.len() as u64, "folder"))
}

fn write_attention(out: &mut impl Write, attention: &Attention) -> io::Result<()> {
    let at = moment::local(&attention.at);
    writeln!(out, "\n{BAD}!{BAD:#} {}  {FAINT}{at}{FAINT:#}", safe(&attention.message))?;
    if let Some(path) = &attention.path {
        writeln!(out, "  {}", safe(path))?;
    }
    if attention.more > 0 {
        writeln!(out, "  and {} more like it", attention.more)?;
    }
    if let Some(question) = attention.question {
        return writeln!(out, "  {TITLE}answer:{TITLE:#} usher answer yes {question}, or no {question}");
    }
    match &attention.hint {
        Some(hint) => writeln!(out, "  {TITLE}hint:{TITLE:#} {}", safe(hint)),
        None => Ok(()),
    }
}

fn write_folder(out: &mut impl Write, folder: &Folder) -> io::Result<()> {
    let (style, mode) = match folder.mode {
        FolderMode::Watching => (GOOD, "watching"),
        FolderMode::Starting => (FAINT, "starting"),
        FolderMode::Polling => (WARN, "polling"),
        FolderMode::Missing => (WARN, "missing"),
        FolderMode::Unreadable => (BAD, "unreadable"),
    };
    write!(
        out,
        "  {style}{mode:<10}{style:#} {}  {FAINT}since {}",
        safe(&folder.path),
        moment::local(&folder.since)
    )?;
    if let Some(at) = &folder.last_action {
        write!(out, ", last action {}", moment::local(at))?;
    }
    writeln!(out, "{FAINT:#}")?;
    if let Some(reason) = &folder.reason {
        writeln!(out, "             {}", safe(reason))?;
    }
    match &folder.overflowed {
        Some(at) => writeln!(
            out,
            "             The system dropped events {}; all of it was looked at again.",
            moment::local(at)
        ),
        None => Ok(()),
    }
}

fn write_noun(out: &mut impl Write, noun: &NounInfo) -> io::Result<()> {
    let (style, mode) = match noun.mode {
        NounMode::Unneeded => (FAINT, "no rule needs it; see --machine"),
        NounMode::Starting => (FAINT, "starting"),
        NounMode::Watching => (GOOD, "watching"),
        NounMode::Polling => (WARN, "polling"),
        NounMode::Unavailable => (BAD, "not available here"),
    };
    write!(out, "  {:<10} ", noun.noun)?;
    match &noun.state {
        Some(state) => write!(out, "{}  {style}{mode}{style:#}", safe(state))?,
        None => write!(out, "{style}{mode}{style:#}")?,
    }
    if let Some(since) = &noun.since {
        write!(out, "  {FAINT}since {}{FAINT:#}", moment::local(since))?;
    }
    writeln!(out)?;
    match &noun.reason {
        Some(reason) => writeln!(out, "             {}", safe(reason)),
        None => Ok(()),
    }
}

fn places(out: &mut impl Write, places: &Places) -> io::Result<()> {
    places.named().try_for_each(|(name, path)| writeln!(out, "  {name:<10} {}", safe(path)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use usher_agent::api::WokenRun;

    fn noun(name: &str, mode: NounMode, state: Option<&str>, reason: Option<&str>) -> NounInfo {
        NounInfo {
            facts: Vec::new(),
            noun: name.into(),
            mode,
            reason: reason.map(usher_agent::api::Sentence::foreign),
            state: state.map(str::to_owned),
            since: state.map(|_| "then".to_owned()),
            rules: Vec::new(),
        }
    }

    #[test]
    fn a_status_names_folders_attention_and_places() {
        let folder = Folder {
            path: "/home/a/Down\nloads".into(),
            mode: FolderMode::Polling,
            reason: Some(usher_agent::api::Sentence::foreign("it lies on a network file system")),
            since: "then".into(),
            directories: 3,
            last_event: None,
            last_action: Some("just now".into()),
            overflowed: Some("lately".into()),
            rules: vec!["Scans".into()],
        };
        let status = Status {
            version: "1.2.3".into(),
            pid: 42,
            state: AgentState::NeedsYou,
            paused_until: None,
            since: "then".into(),
            rules_enabled: 1,
            rules_total: 2,
            first_run: false,
            folders: vec![folder],
            nouns: vec![
                noun("power", NounMode::Watching, Some("on battery, 50 %"), None),
                noun("network", NounMode::Unavailable, None, Some("NetworkManager does not run")),
                noun("usb", NounMode::Unneeded, None, None),
            ],
            hotkeys: vec![usher_agent::api::RuleHotkey { keys: "Ctrl+Alt+I".into(), rule: "Import".into() }],
            schedules: vec![usher_agent::api::RuleSchedule { due: "soon".into(), rule: "Tidy".into() }],
            attention: vec![Attention {
                code: "rule_problem".into(),
                message: usher_agent::api::Sentence::foreign("a.yaml is broken"),
                hint: Some(usher_agent::api::Sentence::foreign("run `usher check`")),
                path: None,
                run: None,
                at: "then".into(),
                rule: None,
                more: 3,
                question: None,
                beyond: None,
            }],
            woken: Some(WokenRun {
                rule: "Tidy".into(),
                run: None,
                subjects: 12,
                looked: 20,
                of: Some(80),
                path: Some("/home/a/Downloads/x".into()),
            }),
            places: Places {
                rules: "/r".into(),
                settings: "/s".into(),
                journal: "/j".into(),
                intents: "/i".into(),
                vault: "/v".into(),
                good_rules: "/g".into(),
                memory: "/m".into(),
                window: "/w".into(),
                logs: "/l".into(),
                socket: "/k".into(),
                desktop_socket: None,
                lock: "/o".into(),
                autostart: Some("/a".into()),
                webview: None,
            },
            home: "/home/a".into(),
            user_folders: usher_agent::Directories::below(std::path::Path::new("/")).user_folders,
        };
        let mut out = Vec::new();
        write(&mut out, &status).unwrap();
        let text = anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string();
        insta::assert_snapshot!(text, @r#"
    Watching, and needs you: 1 folder, 1 of 2 rules
    since then, process 42, version 1.2.3

    ! a.yaml is broken  then
      and 3 more like it
      hint: run `usher check`

    Folders
      polling    /home/a/Down‹LF›loads  since then, last action just now
                 it lies on a network file system
                 The system dropped events lately; all of it was looked at again.

    Machine
      power      on battery, 50 %  watching  since then
      network    not available here
                 NetworkManager does not run
      usb        no rule needs it; see --machine
      hotkey     Ctrl+Alt+I  Import
      schedule   soon  Tidy

    Going on
      Tidy  12 files so far, about 25 %

    Files
      rules      /r
      settings   /s
      journal    /j
      intents    /i
      vault      /v
      good rules /g
      memory     /m
      window     /w
      logs       /l
      socket     /k
      lock       /o
      autostart  /a
    "#);
        let paused = Status { state: AgentState::Paused, paused_until: Some("tomorrow".into()), ..status };
        let text = anstream::adapter::strip_str(&headline(&paused)).to_string();
        insta::assert_snapshot!(text, @"Paused until tomorrow: 1 folder, 1 of 2 rules");
    }
}

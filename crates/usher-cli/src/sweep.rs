//! What `run` and `sim` share: the same question, asked with or without doing it, and the same lines in answer.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use usher_agent::Directories;
use usher_agent::api::{Request, RunLine, RunRequest, RunSummary};

use crate::config;
use crate::failure::{Exit, Failure, Outcome};
use crate::owner;
use crate::place::absolute;
use crate::problems;
use crate::progress::Progress;
use crate::questions;
use crate::safe::safe;
use crate::screen::{BAD, FAINT, GOOD, Screen, TITLE, WARN, count, paint};

/// Which rules, over what, shown how.
#[derive(Debug, Args)]
pub(crate) struct Choice {
    /// A rule file, by path or name; all rules in the rules folder when absent
    ///
    /// A name is looked for in the working directory, in Usher's rules folder and in organize's folders.
    #[arg(value_name = "CONFIG")]
    config: Option<String>,

    /// Read the rule file from standard input
    #[arg(long, conflicts_with = "config")]
    stdin: bool,

    /// Only this rule, by its id or name (see `usher rules`)
    #[arg(long, value_name = "RULE")]
    rule: Option<String>,

    /// Where relative locations start
    #[arg(short = 'W', long, value_name = "DIR")]
    working_dir: Option<PathBuf>,

    /// How to show what happens
    #[arg(short = 'F', long, value_enum, default_value_t = Format::Default, ignore_case = true, value_name = "FORMAT")]
    format: Format,

    /// Only rules with one of these tags, separated by commas
    #[arg(short = 'T', long, value_delimiter = ',', value_name = "TAGS")]
    tags: Vec<String>,

    /// Not the rules with one of these tags, separated by commas
    #[arg(short = 'S', long, value_delimiter = ',', value_name = "TAGS")]
    skip_tags: Vec<String>,

    /// Say yes beforehand to whatever rules ask
    #[arg(short, long)]
    yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Every step, by rule
    Default,
    /// Only what went wrong
    Errorsonly,
    /// One JSON object a line, as organize prints it
    Jsonl,
}

/// Runs or simulates.
pub(crate) fn sweep(choice: Choice, simulate: bool, screen: &mut Screen) -> Outcome {
    let format = choice.format;
    let dirs = owner::directories()?;
    let request = choice.request(simulate, &dirs)?;
    let exit = refuse_broken(&request, &dirs, screen)?;
    if exit != Exit::Done {
        return Ok(exit);
    }
    let link = owner::open()?;
    if format == Format::Jsonl {
        screen.json(&Event::start(&request))?;
    }
    let progress = Progress::of(&link)?;
    let summary: RunSummary = owner::ask(&link, &Request::Run(request))?;
    drop(progress);
    for folder in &summary.unreadable {
        writeln!(screen.err()?, "{} {}", paint(WARN, "warning:"), safe(folder))?;
    }
    match format {
        Format::Default => show(&summary, simulate, screen)?,
        Format::Errorsonly => summary.lines.iter().try_for_each(|line| show_failure(line, screen))?,
        Format::Jsonl => emit(&summary, screen)?,
    }
    let mut failed = summary.failed;
    for answered in questions::put(&summary.questions, &link, screen)? {
        failed += answered.failed;
        match format {
            Format::Default => show(&answered, simulate, screen)?,
            Format::Errorsonly => answered.lines.iter().try_for_each(|line| show_failure(line, screen))?,
            Format::Jsonl => emit(&answered, screen)?,
        }
    }
    Ok(if failed > 0 { Exit::StepsFailed } else { Exit::Done })
}

impl Choice {
    fn request(self, simulate: bool, dirs: &Directories) -> Result<RunRequest, Failure> {
        let config = match self.config {
            Some(name) => Some(config::find(&name, dirs)?),
            None if self.stdin => None,
            None => config::organizes(dirs)?,
        };
        let text = if self.stdin { Some(config::from_stdin()?) } else { None };
        if let Some(dir) = self.working_dir.as_deref().filter(|dir| !dir.is_dir()) {
            return Err(Failure::arguments(format!(
                "the working directory {} is not a folder",
                dir.display()
            )));
        }
        // Rules in the rules folder mean the same wherever the command is given; a file that is named starts here.
        let here = config.is_some() || text.is_some();
        let start = if here { PathBuf::from(".") } else { dirs.home.clone() };
        let working_dir = self.working_dir.unwrap_or(start);
        Ok(RunRequest {
            rule: self.rule,
            config: config.as_deref().map(absolute).transpose()?,
            text,
            working_dir: Some(absolute(&working_dir)?),
            tags: self.tags,
            skip_tags: self.skip_tags,
            simulate,
            yes: self.yes,
        })
    }
}

/// Shows the problems of the files that are about to be used, and says no where one is broken. Who names one rule is
/// not kept from it by another file.
fn refuse_broken(request: &RunRequest, dirs: &Directories, screen: &mut Screen) -> Outcome {
    let files = match (&request.config, &request.rule) {
        _ if request.text.is_some() => Vec::new(),
        (Some(config), _) => vec![PathBuf::from(config)],
        (None, Some(_)) => Vec::new(),
        (None, None) => config::all(dirs)?,
    };
    let mut found = request.text.as_deref().map(|text| config::problems_of(text, dirs)).unwrap_or_default();
    for file in &files {
        found.extend(config::problems(file, dirs)?);
    }
    found.retain(problems::is_error);
    problems::show(screen, &found)?;
    Ok(problems::exit(&found, false))
}

/// Shows what a run or a simulation came to.
pub(crate) fn show(summary: &RunSummary, simulate: bool, screen: &mut Screen) -> io::Result<()> {
    let mut rule = None;
    for line in &summary.lines {
        if rule != Some(&line.rule) {
            writeln!(screen.out(), "{}", paint(TITLE, &line.rule))?;
            rule = Some(&line.rule);
        }
        show_line(line, screen)?;
    }
    writeln!(screen.out(), "{}", closing(summary, simulate))
}

/// Shows one step.
pub(crate) fn show_line(line: &RunLine, screen: &mut Screen) -> io::Result<()> {
    match (&line.error, &line.irreversible) {
        (Some(_), _) => show_failure(line, screen),
        (None, Some(why)) => {
            let (text, why) = (safe(&line.text), safe(why));
            writeln!(screen.out(), "  {text}  {FAINT}cannot be undone: {why}{FAINT:#}")
        }
        (None, None) => writeln!(screen.out(), "  {}", safe(&line.text)),
    }
}

fn show_failure(line: &RunLine, screen: &mut Screen) -> io::Result<()> {
    let Some(error) = &line.error else { return Ok(()) };
    writeln!(screen.err()?, "  {BAD}failed:{BAD:#} {}: {}", safe(&line.text), safe(error))
}

/// `3 files done, 1 failed. Take it back with: usher undo 12`
fn closing(summary: &RunSummary, simulate: bool) -> String {
    let RunSummary { done, failed, .. } = *summary;
    if summary.lines.is_empty() {
        return "Nothing to do.".to_owned();
    }
    let done = format!("{GOOD}{}{GOOD:#}", count(done, "file"));
    let failed = match (failed, simulate) {
        (0, _) => String::new(),
        (failed, true) => format!(", {BAD}{failed} would fail{BAD:#}"),
        (failed, false) => format!(", {BAD}{failed} failed{BAD:#}"),
    };
    match summary.run {
        _ if simulate => format!("{done} would be handled{failed}. Nothing was changed."),
        Some(run) => format!("{done} handled{failed}. Take it back with: usher undo {run}"),
        None => format!("{done} handled{failed}."),
    }
}

/// What organize's `--format jsonl` prints.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "UPPERCASE")]
enum Event<'a> {
    Start { simulate: bool, config_path: Option<&'a str>, working_dir: Option<&'a str> },
    Msg(Message<'a>),
    Report { success_count: u32, error_count: u32 },
}

#[derive(Serialize)]
struct Message<'a> {
    level: &'static str,
    path: Option<&'a str>,
    basedir: Option<&'a str>,
    sender: &'a str,
    msg: &'a str,
    rule_nr: u32,
    rule_name: &'a str,
}

impl<'a> Event<'a> {
    fn start(request: &'a RunRequest) -> Self {
        let working_dir = request.working_dir.as_deref();
        Event::Start { simulate: request.simulate, config_path: request.config.as_deref(), working_dir }
    }

    fn message(line: &'a RunLine, level: &'static str, msg: &'a str) -> Self {
        Event::Msg(Message {
            level,
            path: line.path.as_deref(),
            basedir: line.root.as_deref(),
            sender: &line.action,
            msg,
            rule_nr: line.rule_nr,
            rule_name: line.rule_name.as_deref().unwrap_or_default(),
        })
    }
}

/// What a line says: for `echo` the message alone, so that who reads along gets what the rule wrote.
fn said(line: &RunLine) -> &str {
    line.note.as_deref().filter(|_| line.action == "echo").unwrap_or(&line.text)
}

fn emit(summary: &RunSummary, screen: &mut Screen) -> io::Result<()> {
    for line in &summary.lines {
        let event = match &line.error {
            Some(error) => Event::message(line, "error", error),
            None => Event::message(line, "info", said(line)),
        };
        screen.json(&event)?;
    }
    screen.json(&Event::Report { success_count: summary.done, error_count: summary.failed })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(run: Option<i64>, done: u32, failed: u32) -> RunSummary {
        let line = RunLine {
            rule: "Scans".into(),
            rule_name: Some("Scans".into()),
            rule_nr: 1,
            action: "move".into(),
            path: Some("/in/a\n".into()),
            root: Some("/in".into()),
            text: "move /in/a\n -> /out/a".into(),
            note: None,
            error: None,
            irreversible: None,
        };
        RunSummary { run, lines: vec![line], unreadable: Vec::new(), done, failed, questions: Vec::new() }
    }

    #[test]
    fn the_last_line_says_what_it_came_to() {
        let text = |summary, simulate| anstream::adapter::strip_str(&closing(&summary, simulate)).to_string();
        assert_eq!(text(summary(Some(12), 3, 0), false), "3 files handled. Take it back with: usher undo 12");
        assert_eq!(
            text(summary(Some(2), 1, 1), false),
            "1 file handled, 1 failed. Take it back with: usher undo 2"
        );
        assert_eq!(
            text(summary(None, 3, 2), true),
            "3 files would be handled, 2 would fail. Nothing was changed."
        );
        let nothing = RunSummary { lines: Vec::new(), ..summary(None, 0, 0) };
        assert_eq!(text(nothing, false), "Nothing to do.");
    }

    #[test]
    fn json_lines_are_organizes_and_exact() {
        let summary = summary(Some(1), 1, 0);
        let line = serde_json::to_string(&Event::message(&summary.lines[0], "info", &summary.lines[0].text))
            .unwrap();
        insta::assert_snapshot!(line, @r#"{"type":"MSG","level":"info","path":"/in/a\n","basedir":"/in","sender":"move","msg":"move /in/a\n -> /out/a","rule_nr":1,"rule_name":"Scans"}"#);
        let report = serde_json::to_string(&Event::Report { success_count: 1, error_count: 0 }).unwrap();
        insta::assert_snapshot!(report, @r#"{"type":"REPORT","success_count":1,"error_count":0}"#);
    }
}

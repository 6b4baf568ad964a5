//! What `run` and `sim` share: the same question, asked with or without doing it, and the same lines in answer.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use usher_agent::api::{
    LogPage, LogQuery, Problem, Question, Request, RunLine, RunRequest, RunSummary, Words,
};
use usher_agent::{Directories, Link};

use crate::config;
use crate::failure::{Exit, Failure, Outcome};
use crate::owner;
use crate::place::absolute;
use crate::problems;
use crate::progress::Progress;
use crate::questions::{self, Manner};
use crate::screen::{BAD, FAINT, GOOD, Screen, TITLE, WARN, count, paint};
use usher_agent::safe::safe;

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
    let link = owner::open(screen)?;
    if format == Format::Jsonl {
        screen.json(&Event::start(&request))?;
    }
    let progress = Progress::of(&link)?;
    let summary: RunSummary = owner::ask(&link, &Request::Run(request))?;
    drop(progress);
    let mut asker = Asker { link, format, simulate, waiting: VecDeque::new(), failed: 0 };
    asker.follow(summary, screen)?;
    let open = asker.see_to_the_rest(screen)?;
    Ok(if asker.failed > 0 || open > 0 { Exit::StepsLeft } else { Exit::Done })
}

/// Whoever sits at the terminal: sees what is done and is asked what rules ask.
struct Asker {
    link: Link,
    format: Format,
    simulate: bool,
    /// Questions that no run has stopped at.
    waiting: VecDeque<Question>,
    failed: u32,
}

impl Asker {
    /// Shows a run to its end, answering the questions it stops at.
    fn follow(&mut self, mut summary: RunSummary, screen: &mut Screen) -> Result<(), Failure> {
        let mut tale = Tale::new(self.format, self.simulate);
        loop {
            tale.add(&summary, screen)?;
            let at = if summary.stopped { summary.questions.pop() } else { None };
            self.waiting.extend(summary.questions);
            let Some(question) = at else { break };
            summary = match self.put(&question, screen)? {
                Some(yes) => self.answer(&question, yes)?,
                None => owner::ask(&self.link, &Request::Unanswered { question: question.id })?,
            };
        }
        self.failed += tale.failed;
        let undoable = match tale.run.filter(|_| !self.simulate) {
            Some(run) => self.can_take_back(run)?,
            None => false,
        };
        Ok(tale.end(undoable, screen)?)
    }

    /// Whether anything of a run can be taken back.
    fn can_take_back(&self, run: i64) -> Result<bool, Failure> {
        let query = LogQuery { run: Some(run), steps: Some(0), ..LogQuery::default() };
        let page: LogPage = owner::ask(&self.link, &Request::Log(query))?;
        Ok(page.runs.iter().any(|run| run.undoable))
    }

    /// Puts the questions that are left, and shows what comes of the answers. Says how many nobody has answered.
    fn see_to_the_rest(&mut self, screen: &mut Screen) -> Result<usize, Failure> {
        let mut open = 0;
        while let Some(question) = self.waiting.pop_front() {
            match self.put(&question, screen)? {
                Some(yes) => {
                    let summary = self.answer(&question, yes)?;
                    self.follow(summary, screen)?;
                }
                None => {
                    open += 1;
                    // Somebody else may answer later, and is told.
                    let _: RunSummary =
                        owner::ask(&self.link, &Request::Unanswered { question: question.id })?;
                }
            }
        }
        questions::tell_open(open, &self.link, screen)?;
        Ok(open)
    }

    fn put(&self, question: &Question, screen: &mut Screen) -> io::Result<Option<bool>> {
        match (self.format, &question.words) {
            (Format::Jsonl, Some(words)) => {
                screen.json(&Event::question(words))?;
                questions::put(question, Manner::Silent, screen)
            }
            _ => questions::put(question, Manner::Spoken, screen),
        }
    }

    fn answer(&self, question: &Question, yes: bool) -> Result<RunSummary, Failure> {
        owner::ask(&self.link, &Request::Answer { question: question.id, yes })
    }
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
            ))
            .hint("give a folder that is there"));
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
            asks: true,
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
        found.extend(config::problems(file, dirs));
    }
    refuse(found, screen)
}

/// The same for all rule files of the rules folder.
pub(crate) fn refuse_any_broken(screen: &mut Screen) -> Outcome {
    let dirs = owner::directories()?;
    let mut found = Vec::new();
    for file in config::all(&dirs)? {
        found.extend(config::problems(&file, &dirs));
    }
    refuse(found, screen)
}

fn refuse(mut found: Vec<Problem>, screen: &mut Screen) -> Outcome {
    // A test of the author's that fails is for `usher check` to say: the rule itself can be run.
    found.retain(|problem| problems::is_error(problem) && problem.code != "test_failed");
    problems::show(screen, &found)?;
    Ok(problems::exit(&found, false))
}

/// Shows what a simulation came to.
pub(crate) fn show_simulated(summary: &RunSummary, screen: &mut Screen) -> io::Result<()> {
    let mut tale = Tale::new(Format::Default, true);
    tale.add(summary, screen)?;
    tale.end(true, screen)
}

/// One run as it is told, in as many parts as it comes in.
struct Tale {
    format: Format,
    simulate: bool,
    /// The rule whose lines come.
    rule: Option<String>,
    lines: usize,
    run: Option<i64>,
    done: u32,
    unchanged: u32,
    failed: u32,
}

impl Tale {
    fn new(format: Format, simulate: bool) -> Self {
        Self { format, simulate, rule: None, lines: 0, run: None, done: 0, unchanged: 0, failed: 0 }
    }

    /// Shows the next part.
    fn add(&mut self, part: &RunSummary, screen: &mut Screen) -> io::Result<()> {
        for text in &part.left_out {
            writeln!(screen.err()?, "{} {}", paint(WARN, "warning:"), safe(text))?;
        }
        for line in &part.lines {
            match self.format {
                Format::Default => self.show(line, screen)?,
                Format::Errorsonly => show_failure(line, screen)?,
                Format::Jsonl => emit(line, screen)?,
            }
        }
        for held_back in &part.held_back {
            match self.format {
                Format::Default => writeln!(screen.out(), "{}", safe(&held_back.text))?,
                Format::Errorsonly | Format::Jsonl => {}
            }
        }
        self.lines += part.lines.len();
        self.run = self.run.or(part.run);
        self.done += part.done;
        self.unchanged += part.unchanged;
        self.failed += part.failed;
        Ok(())
    }

    fn show(&mut self, line: &RunLine, screen: &mut Screen) -> io::Result<()> {
        if self.rule.as_ref() != Some(&line.rule) {
            writeln!(screen.out(), "{}", paint(TITLE, &line.rule))?;
            self.rule = Some(line.rule.clone());
        }
        if self.simulate && line.action == "confirm" && line.error.is_none() {
            return writeln!(screen.out(), "  {}  {FAINT}a run asks first{FAINT:#}", safe(&line.text));
        }
        show_line(line, screen)
    }

    /// Says what it came to; `undoable` where any of it can be taken back.
    fn end(self, undoable: bool, screen: &mut Screen) -> io::Result<()> {
        match self.format {
            Format::Default => writeln!(screen.out(), "{}", self.closing(undoable)),
            Format::Errorsonly => Ok(()),
            Format::Jsonl => {
                screen.json(&Event::Report { success_count: self.done, error_count: self.failed })
            }
        }
    }

    /// `3 files handled, 1 left as it was, 1 failed. Take it back with: usher undo 12`
    fn closing(&self, undoable: bool) -> String {
        let Self { done, unchanged, failed, simulate, .. } = *self;
        if self.lines == 0 {
            return "Nothing to do.".to_owned();
        }
        let files = |number| format!("{GOOD}{}{GOOD:#}", count(number, "file"));
        let (handled, left) = (done.saturating_sub(unchanged), left(unchanged, simulate));
        let done = match (handled, unchanged) {
            (0, 1..) => format!("{} {left}", files(unchanged)),
            (_, 0) => format!("{} {}", files(handled), if simulate { "would be handled" } else { "handled" }),
            _ if simulate => format!("{} would be handled, {unchanged} {left}", files(handled)),
            _ => format!("{} handled, {unchanged} {left}", files(handled)),
        };
        let failed = match (failed, simulate) {
            (0, _) => String::new(),
            (failed, true) => format!(", {BAD}{failed} would fail{BAD:#}"),
            (failed, false) => format!(", {BAD}{failed} failed{BAD:#}"),
        };
        match self.run {
            _ if simulate => format!("{done}{failed}. Nothing was changed."),
            Some(run) if undoable => format!("{done}{failed}. Take it back with: usher undo {run}"),
            _ => format!("{done}{failed}."),
        }
    }
}

/// What is said of so many files for which nothing has to be done.
fn left(files: u32, simulate: bool) -> &'static str {
    match (files, simulate) {
        (1, false) => "left as it was",
        (_, false) => "left as they were",
        (1, true) => "would be left as it is",
        (_, true) => "would be left as they are",
    }
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

/// What organize's `--format jsonl` prints.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "UPPERCASE")]
enum Event<'a> {
    Start { simulate: bool, config_path: Option<&'a str>, working_dir: Option<&'a str> },
    Msg(Message<'a>),
    Confirm(Inquiry<'a>),
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

#[derive(Serialize)]
struct Inquiry<'a> {
    path: Option<&'a str>,
    basedir: Option<&'a str>,
    sender: &'a str,
    msg: &'a str,
    default: bool,
    rule_nr: u32,
    rule_name: &'a str,
}

impl<'a> Event<'a> {
    fn question(words: &'a Words) -> Self {
        Event::Confirm(Inquiry {
            path: words.path.as_deref(),
            basedir: words.root.as_deref(),
            sender: "confirm",
            msg: &words.text,
            default: words.default,
            rule_nr: words.rule_nr,
            rule_name: words.rule_name.as_deref().unwrap_or_default(),
        })
    }

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

fn emit(line: &RunLine, screen: &mut Screen) -> io::Result<()> {
    match &line.error {
        Some(error) => screen.json(&Event::message(line, "error", error)),
        // What was asked has been told already, in its own words.
        None if line.action == "confirm" => Ok(()),
        None => screen.json(&Event::message(line, "info", said(line))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tale(run: Option<i64>, done: u32, failed: u32, simulate: bool) -> Tale {
        Tale { lines: 1, run, done, failed, ..Tale::new(Format::Default, simulate) }
    }

    fn line() -> RunLine {
        RunLine {
            rule: "Scans".into(),
            rule_name: Some("Scans".into()),
            rule_nr: 1,
            action: "move".into(),
            path: Some("/in/a\n".into()),
            root: Some("/in".into()),
            text: usher_agent::api::Sentence::foreign("move /in/a\n -> /out/a"),
            note: None,
            error: None,
            irreversible: None,
            conflict: None,
        }
    }

    #[test]
    fn the_last_line_says_what_it_came_to() {
        let text = |tale: Tale| anstream::adapter::strip_str(&tale.closing(true)).to_string();
        assert_eq!(text(tale(Some(12), 3, 0, false)), "3 files handled. Take it back with: usher undo 12");
        assert_eq!(
            text(tale(Some(2), 1, 1, false)),
            "1 file handled, 1 failed. Take it back with: usher undo 2"
        );
        assert_eq!(
            text(tale(None, 3, 2, true)),
            "3 files would be handled, 2 would fail. Nothing was changed."
        );
        assert_eq!(text(Tale::new(Format::Default, false)), "Nothing to do.");
        let left = |run, done, unchanged, simulate| text(Tale { unchanged, ..tale(run, done, 0, simulate) });
        assert_eq!(
            left(Some(3), 3, 1, false),
            "2 files handled, 1 left as it was. Take it back with: usher undo 3"
        );
        assert_eq!(left(None, 2, 2, false), "2 files left as they were.");
        assert_eq!(
            left(None, 4, 1, true),
            "3 files would be handled, 1 would be left as it is. Nothing was changed."
        );
        assert_eq!(left(None, 1, 1, true), "1 file would be left as it is. Nothing was changed.");
    }

    #[test]
    fn json_lines_are_organizes_and_exact() {
        let line = line();
        let line = serde_json::to_string(&Event::message(&line, "info", &line.text)).unwrap();
        insta::assert_snapshot!(line, @r#"{"type":"MSG","level":"info","path":"/in/a\n","basedir":"/in","sender":"move","msg":"move /in/a\n -> /out/a","rule_nr":1,"rule_name":"Scans"}"#);
        let report = serde_json::to_string(&Event::Report { success_count: 1, error_count: 0 }).unwrap();
        insta::assert_snapshot!(report, @r#"{"type":"REPORT","success_count":1,"error_count":0}"#);
        let words = Words {
            rule: "Scans".into(),
            rule_name: None,
            rule_nr: 0,
            path: Some("/in/a".into()),
            root: Some("/in".into()),
            text: "Continue?".into(),
            default: true,
        };
        let asked = serde_json::to_string(&Event::question(&words)).unwrap();
        insta::assert_snapshot!(asked, @r#"{"type":"CONFIRM","path":"/in/a","basedir":"/in","sender":"confirm","msg":"Continue?","default":true,"rule_nr":0,"rule_name":""}"#);
    }
}

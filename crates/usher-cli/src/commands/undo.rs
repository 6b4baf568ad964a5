//! `usher undo`

use std::io::{self, Write};

use clap::Args;
use jiff::Timestamp;
use usher_agent::Link;
use usher_agent::api::{RefusedStep, Request, RunKind, UndoPreview, UndoReport, UndoTarget};

use crate::burst::{self, Earlier};
use crate::failure::{Exit, Failure, Outcome};
use crate::moment;
use crate::owner;
use crate::progress::Progress;
use crate::screen::{BAD, Screen, TITLE, count, paint};
use crate::steps::write_run;
use usher_agent::safe::safe;

/// Take back a step, a run, or everything since a moment
///
/// Files go back to where they were, with the bytes and times they had. What has changed since is left alone, and so is
/// a file whose old place is taken: each is named with the reason, and the command ends with 4. An undo is a run of its
/// own, so it can be taken back as well.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A run, by its number in `usher log`; the newest one that can be undone when nothing is given
    #[arg(value_name = "RUN", conflicts_with_all = ["last", "step", "since"])]
    run: Option<i64>,

    /// The newest run that can be undone
    #[arg(long, conflicts_with_all = ["step", "since"])]
    last: bool,

    /// One step, by its number in `usher log`
    #[arg(long, value_name = "STEP", conflicts_with = "since")]
    step: Option<i64>,

    /// Every run since then: `2h`, `yesterday`, `2026-05-31`, RFC 3339
    #[arg(long, value_name = "WHEN", value_parser = moment::since)]
    since: Option<Timestamp>,

    /// With --since, only steps of this rule, by its id or name
    #[arg(long, value_name = "RULE", requires = "since")]
    rule: Option<String>,

    /// Take a free name where the old place is taken
    #[arg(long)]
    rename: bool,

    /// Only show what would be taken back, to the letter, and what would be left alone and why
    #[arg(long)]
    sim: bool,
}

impl Arguments {
    /// Takes it back.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let link = owner::open(screen)?;
        let sim = self.sim;
        let target = self.target();
        let last = matches!(target, UndoTarget::Last { .. });
        let (of, refused, exit) = if sim {
            let preview: UndoPreview = owner::ask(&link, &Request::PreviewUndo(target))?;
            let exit = show_preview(&preview, screen)?;
            (preview.of, preview.refused, exit)
        } else {
            let report = take_back(&link, target)?;
            let exit = show(&report, screen)?;
            (report.run.and_then(|run| run.of), report.refused, exit)
        };
        if refused.iter().any(|refused| refused.reason.id() == Some("undo-taken")) {
            let hint = paint(TITLE, "hint:");
            writeln!(
                screen.err()?,
                "{hint} with --rename, what finds its old place taken gets a free name beside it"
            )?;
        }
        if let Some(run) = of.filter(|_| last) {
            tell_earlier(run, &link, screen)?;
        }
        Ok(exit)
    }

    fn target(self) -> UndoTarget {
        let rename = self.rename;
        match (self.run, self.step, self.since) {
            (Some(run), _, _) => UndoTarget::Run { run, rename },
            (_, Some(step), _) => UndoTarget::Step { step, rename },
            (_, _, Some(since)) => UndoTarget::Since { since: since.to_string(), rule: self.rule, rename },
            (None, None, None) => UndoTarget::Last { rename },
        }
    }
}

/// Takes it back, showing how far that has come where it takes long.
pub(super) fn take_back(link: &Link, target: UndoTarget) -> Result<UndoReport, Failure> {
    let progress = Progress::of(link)?;
    let report = owner::ask(link, &Request::Undo(target));
    drop(progress);
    report
}

/// Many files that came at once are more than one run: who takes back the last of them may mean them all.
fn tell_earlier(run: i64, link: &Link, screen: &mut Screen) -> Result<(), Failure> {
    let Some(Earlier { runs, since }) = burst::before(run, link)? else { return Ok(()) };
    let (runs, which) = match runs {
        1 => ("1 more run just before it is".to_owned(), "it"),
        runs => (format!("{runs} more runs just before it are"), "them"),
    };
    writeln!(
        screen.err()?,
        "{} {runs} of the same burst of files. Take {which} back as well with: usher undo --since {since}",
        paint(TITLE, "note:"),
    )?;
    Ok(())
}

/// More refusals than these are counted and not named: they mostly have one reason.
const NAMED: usize = 100;

/// Prints what was taken back, and what was not.
pub(super) fn show(report: &UndoReport, screen: &mut Screen) -> Outcome {
    match &report.run {
        Some(run) => write_run(screen.out(), run)?,
        None if report.refused.is_empty() => writeln!(screen.out(), "There is nothing to take back.")?,
        None => {}
    }
    name_refused(&report.refused, report.refused.len() as u64, screen)?;
    let failed = report.run.as_ref().is_some_and(|run| run.failed > 0);
    Ok(if failed || !report.refused.is_empty() { Exit::StepsLeft } else { Exit::Done })
}

/// Prints what would be taken back, and what would not.
fn show_preview(preview: &UndoPreview, screen: &mut Screen) -> Outcome {
    let nothing = preview.lines.is_empty();
    if nothing && preview.refused.is_empty() {
        writeln!(screen.out(), "There is nothing to take back.")?;
    }
    if !nothing {
        writeln!(screen.out(), "{}", paint(TITLE, &head(preview)))?;
    }
    for line in &preview.lines {
        writeln!(screen.out(), "          {}", safe(&line.text))?;
        for command in &line.runs {
            writeln!(screen.out(), "            runs {}", safe(command))?;
        }
    }
    if let Some(more @ 1..) = u64::from(preview.count).checked_sub(preview.lines.len() as u64) {
        writeln!(screen.out(), "          and {}", count(more, "more step"))?;
    }
    name_refused(&preview.refused, u64::from(preview.refused_count), screen)?;
    Ok(if preview.refused.is_empty() { Exit::Done } else { Exit::StepsLeft })
}

fn head(preview: &UndoPreview) -> String {
    let kind = if preview.kind == RunKind::Redo { "redo" } else { "undo" };
    preview
        .of
        .map_or_else(|| format!("the {kind} would be"), |run| format!("the {kind} of run {run} would be"))
}

/// Prints the first of the steps that are left as they are, of so many.
fn name_refused(refused: &[RefusedStep], all: u64, screen: &mut Screen) -> io::Result<()> {
    let named = refused.iter().take(NAMED);
    let shown = named.len() as u64;
    for RefusedStep { step, reason } in named {
        let (id, text, reason) = (step.id, safe(&step.text), safe(reason));
        writeln!(screen.err()?, "  {BAD}left alone:{BAD:#} {id:>6}  {text}: {reason}")?;
    }
    if let Some(more @ 1..) = all.checked_sub(shown) {
        writeln!(screen.err()?, "  and {}", count(more, "more step"))?;
    }
    Ok(())
}

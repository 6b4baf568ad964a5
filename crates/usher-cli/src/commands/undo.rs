//! `usher undo`

use std::io::Write;

use clap::Args;
use jiff::Timestamp;
use usher_agent::api::{Request, UndoReport, UndoTarget};

use crate::failure::{Exit, Outcome};
use crate::moment;
use crate::owner;
use crate::safe::safe;
use crate::screen::{BAD, Screen, count};
use crate::steps::write_run;

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

    /// With --since, only steps of this rule
    #[arg(long, value_name = "RULE", requires = "since")]
    rule: Option<String>,

    /// Take a free name where the old place is taken
    #[arg(long)]
    rename: bool,
}

impl Arguments {
    /// Takes it back.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let link = owner::open()?;
        let report: UndoReport = owner::ask(&link, &Request::Undo(self.target()))?;
        show(&report, screen)
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

/// More refusals than these are counted and not named: they mostly have one reason.
const NAMED: usize = 100;

/// Prints what was taken back, and what was not.
pub(super) fn show(report: &UndoReport, screen: &mut Screen) -> Outcome {
    match &report.run {
        Some(run) => write_run(screen.out(), run)?,
        None if report.refused.is_empty() => writeln!(screen.out(), "There is nothing to take back.")?,
        None => {}
    }
    for refused in report.refused.iter().take(NAMED) {
        let (id, text, reason) = (refused.step.id, safe(&refused.step.text), safe(&refused.reason));
        writeln!(screen.err()?, "  {BAD}left alone:{BAD:#} {id:>6}  {text}: {reason}")?;
    }
    if let Some(more @ 1..) = report.refused.len().checked_sub(NAMED) {
        writeln!(screen.err()?, "  and {}", count(more as u64, "more step"))?;
    }
    let failed = report.run.as_ref().is_some_and(|run| run.failed > 0);
    Ok(if failed || !report.refused.is_empty() { Exit::StepsFailed } else { Exit::Done })
}

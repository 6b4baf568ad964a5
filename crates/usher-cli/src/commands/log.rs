//! `usher log`

use std::io::Write;

use clap::Args;
use jiff::Timestamp;
use usher_agent::Link;
use usher_agent::api::{LogPage, LogQuery, Request, Run};

use crate::failure::{Exit, Failure, Outcome};
use crate::moment;
use crate::owner;
use crate::screen::Screen;
use crate::steps::{write_head, write_left, write_step};

/// Show what was done, newest run first
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// One run by its number, with all its steps; or a text that a rule, an action or a path contains
    #[arg(value_name = "RUN|TEXT")]
    what: Option<String>,

    /// Print one JSON object a step: run, step, rule, action, from, to, state, at and more
    #[arg(long)]
    json: bool,

    /// Only what was done since then: `2h`, `yesterday`, `2026-05-31`, RFC 3339
    #[arg(long, value_name = "WHEN", value_parser = moment::since)]
    since: Option<Timestamp>,

    /// Only runs with a step of this rule, by id or name
    #[arg(long, value_name = "RULE")]
    rule: Option<String>,

    /// At most so many runs [default: 20; all of them with --json, --since or a run]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

/// How many runs are fetched at a time.
const PAGE: u32 = 100;

impl Arguments {
    /// Prints the runs, page by page, so that an old journal does not have to fit into memory.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let link = owner::open(screen)?;
        let run = self.what.as_deref().and_then(|what| what.parse::<i64>().ok());
        let mut query = LogQuery {
            run,
            since: self.since.map(|since| since.to_string()),
            rule: self.rule,
            text: if run.is_some() { None } else { self.what },
            ..LogQuery::default()
        };
        let unlimited = self.json || run.is_some() || self.since.is_some();
        let mut left = self.limit.unwrap_or(if unlimited { u32::MAX } else { 20 });
        let (mut more, mut any) = (true, false);
        while more && left > 0 {
            query.limit = Some(left.min(PAGE));
            let page: LogPage = owner::ask(&link, &Request::Log(query.clone()))?;
            for run in page.runs {
                (query.before, any, left) = (Some(run.id), true, left - 1);
                show(&link, run, &query, self.json, screen)?;
            }
            more = page.more && query.before.is_some();
        }
        match run {
            Some(run) if !any => {
                return Err(Failure::new(format!("there is no run {run}")).hint("see `usher log`"));
            }
            _ if !any && !self.json => writeln!(screen.err()?, "Nothing was done yet that matches.")?,
            _ if more && !self.json => writeln!(screen.err()?, "There are older runs: usher log --limit N")?,
            _ => {}
        }
        Ok(Exit::Done)
    }
}

fn show(link: &Link, mut run: Run, query: &LogQuery, json: bool, screen: &mut Screen) -> Result<(), Failure> {
    if !json {
        write_head(screen.out(), &run)?;
    }
    let mut shown = 0;
    loop {
        for step in &run.steps {
            match json {
                true => screen.json(step)?,
                false => write_step(screen.out(), step)?,
            }
        }
        shown += run.steps.len() as u64;
        let whole = query.run.is_some() || json;
        let Some(last) = run.steps.last().filter(|_| whole && shown < u64::from(run.step_count)) else {
            break;
        };
        run = more_steps(link, run.id, last.step.saturating_add(1))?;
    }
    if !json {
        write_left(screen.out(), &run, shown)?;
    }
    Ok(())
}

/// The next steps of a long run, so that all of them never have to fit into memory.
fn more_steps(link: &Link, run: i64, from: u32) -> Result<Run, Failure> {
    let query = LogQuery { run: Some(run), from_step: Some(from), ..LogQuery::default() };
    let page: LogPage = owner::ask(link, &Request::Log(query))?;
    page.runs.into_iter().next().ok_or_else(|| {
        Failure::new(format!("run {run} is not in the journal any more"))
            .hint("it was given up meanwhile: see `usher log` for what there is")
    })
}

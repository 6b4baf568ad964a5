//! `usher why`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use usher_agent::api::{FilterWhy, Request, RuleWhy, Why, WhyVerdict};

use crate::failure::{Exit, Outcome};
use crate::moment;
use crate::owner;
use crate::place::whole;
use crate::screen::{BAD, FAINT, GOOD, Screen, TITLE, paint};
use crate::steps;
use usher_agent::safe::safe;

/// Explain why a file is or is not handled, rule by rule and filter by filter
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A file or folder; it may be gone by now
    #[arg(value_name = "PATH")]
    path: PathBuf,

    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// Explains.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let why: Why = owner::ask(&owner::open(screen)?, &Request::why(&whole(&self.path)?))?;
        if self.json {
            screen.json(&why)?;
        } else {
            write(screen.out(), &why)?;
        }
        Ok(Exit::Done)
    }
}

fn write(out: &mut impl Write, why: &Why) -> io::Result<()> {
    writeln!(out, "{}", paint(TITLE, &why.path))?;
    match (&why.waiting, why.exists) {
        (Some(reason), _) => writeln!(out, "  waiting: {}", safe(reason))?,
        (None, false) => writeln!(out, "  nothing is there now")?,
        (None, true) => {}
    }
    if why.rules.is_empty() {
        writeln!(out, "  no rules are loaded")?;
    }
    for rule in &why.rules {
        write_rule(out, rule)?;
    }
    if !why.steps.is_empty() {
        writeln!(out, "\n{TITLE}What was done to it{TITLE:#}")?;
    }
    for step in &why.steps {
        writeln!(
            out,
            "  {FAINT}{:>6}  {}{FAINT:#}  {}",
            step.id,
            moment::local(&step.at),
            steps::line(step)
        )?;
    }
    Ok(())
}

fn write_rule(out: &mut impl Write, rule: &RuleWhy) -> io::Result<()> {
    let style = if rule.verdict == WhyVerdict::Matches { GOOD } else { FAINT };
    writeln!(out, "\n{}: {}", paint(TITLE, &rule.title), paint(style, &rule.summary))?;
    writeln!(out, "  {FAINT}{}:{}{FAINT:#}", safe(&rule.file), rule.line)?;
    for filter in &rule.filters {
        write_filter(out, filter, 1)?;
    }
    for line in &rule.would {
        writeln!(out, "  would {}", safe(line))?;
    }
    if let Some(at) = &rule.last_acted {
        writeln!(out, "  last acted on it {}", moment::local(at))?;
    }
    if let Some(again) = &rule.again {
        writeln!(out, "  {FAINT}again: {}{FAINT:#}", safe(again))?;
    }
    Ok(())
}

fn write_filter(out: &mut impl Write, filter: &FilterWhy, depth: usize) -> io::Result<()> {
    let (style, mark) = match filter.outcome.as_str() {
        "match" => (GOOD, "yes"),
        "no_match" => (BAD, "no"),
        "error" => (BAD, "error"),
        _ => (FAINT, "not asked"),
    };
    let indent = "  ".repeat(depth);
    write!(out, "{indent}{style}{mark:<9}{style:#} {}", safe(&filter.filter))?;
    if !filter.wanted.is_empty() {
        write!(out, ": {}", safe(&filter.wanted))?;
    }
    if let Some(seen) = filter.seen.as_deref().filter(|seen| !seen.is_empty()) {
        write!(out, "  {FAINT}saw {}{FAINT:#}", safe(seen))?;
    }
    if let Some(error) = &filter.error {
        write!(out, "  {BAD}{}{BAD:#}", safe(error))?;
    }
    writeln!(out)?;
    filter.members.iter().try_for_each(|member| write_filter(out, member, depth + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(filter: &str, wanted: &str, seen: Option<&str>, outcome: &str) -> FilterWhy {
        FilterWhy {
            filter: filter.into(),
            wanted: wanted.into(),
            seen: seen.map(Into::into),
            outcome: outcome.into(),
            error: None,
            members: Vec::new(),
        }
    }

    #[test]
    fn an_account_names_every_rule_and_filter() {
        let group = FilterWhy {
            members: vec![
                filter("size", "> 1 MB", Some("3 kB"), "no_match"),
                filter("empty", "", None, "not_reached"),
            ],
            ..filter("any", "", None, "no_match")
        };
        let broken = FilterWhy {
            error: Some(usher_agent::api::Sentence::foreign("permission denied")),
            ..filter("name", "a*", None, "error")
        };
        let why = Why {
            path: "/in/a\u{1b}.pdf".into(),
            exists: true,
            waiting: Some(usher_agent::api::Sentence::foreign("it is still being written")),
            rules: vec![RuleWhy {
                rule: "a/Scans".into(),
                title: "Scans".into(),
                file: "/rules/a.yaml".into(),
                line: 3,
                verdict: WhyVerdict::FilteredOut,
                summary: usher_agent::api::Sentence::foreign("turned away by size"),
                filters: vec![filter("extension", "pdf", Some("pdf"), "match"), group, broken],
                would: vec![usher_agent::api::Sentence::foreign("move /in/a -> /out/a")],
                last_acted: None,
                again: Some(usher_agent::api::Sentence::foreign(
                    "it looks again when the file changes or moves",
                )),
            }],
            steps: Vec::new(),
        };
        let mut out = Vec::new();
        write(&mut out, &why).unwrap();
        let text = anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string();
        insta::assert_snapshot!(text, @"
        /in/a‹ESC›.pdf
          waiting: it is still being written

        Scans: turned away by size
          /rules/a.yaml:3
          yes       extension: pdf  saw pdf
          no        any
            no        size: > 1 MB  saw 3 kB
            not asked empty
          error     name: a*  permission denied
          would move /in/a -> /out/a
          again: it looks again when the file changes or moves
        ");
    }
}

//! `usher rules`

use std::io::{self, Write};

use clap::{Args, Subcommand};
use usher_agent::api::{NounInfo, NounMode, Request, RuleFile, RuleInfo, Rules, Status};

use crate::failure::{Exit, Outcome};
use crate::moment;
use crate::owner;
use crate::problems;
use crate::screen::{BAD, FAINT, GOOD, Screen, TITLE, count, paint};
use usher_agent::safe::safe;

/// List the rules that are loaded, or switch one on or off
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    switch: Option<Switch>,

    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Switch {
    /// Switch a rule on, by editing its file
    Enable {
        /// The rule, by its id or name
        #[arg(value_name = "RULE")]
        rule: String,
    },
    /// Switch a rule off, by editing its file
    Disable {
        /// The rule, by its id or name
        #[arg(value_name = "RULE")]
        rule: String,
    },
}

impl Arguments {
    /// Lists or switches.
    pub(crate) fn go(self, screen: &mut Screen) -> Outcome {
        let link = owner::open(screen)?;
        match self.switch {
            Some(Switch::Enable { rule }) => switch(&link, rule, true, screen),
            Some(Switch::Disable { rule }) => switch(&link, rule, false, screen),
            None => {
                let rules: Rules = owner::ask(&link, &Request::Rules)?;
                if self.json {
                    screen.json(&rules)?;
                } else {
                    let status: Status = owner::ask(&link, &Request::Status)?;
                    show(&rules, &status.nouns, screen)?;
                }
                Ok(Exit::Done)
            }
        }
    }
}

fn switch(link: &usher_agent::Link, rule: String, enabled: bool, screen: &mut Screen) -> Outcome {
    let request = Request::SetRuleEnabled { rule: rule.clone(), enabled };
    let _: Rules = owner::ask(link, &request)?;
    writeln!(screen.out(), "{} is {} now.", paint(TITLE, &rule), if enabled { "on" } else { "off" })?;
    Ok(Exit::Done)
}

fn show(rules: &Rules, nouns: &[NounInfo], screen: &mut Screen) -> io::Result<()> {
    if rules.files.is_empty() {
        return writeln!(
            screen.err()?,
            "There are no rules yet. Make some with: usher new, or begin with a starter: usher new --starter"
        );
    }
    for file in &rules.files {
        write_file(screen.out(), file, nouns)?;
    }
    let (broken, problems): (Vec<&RuleFile>, Vec<_>) = rules
        .files
        .iter()
        .filter(|file| !file.problems.is_empty())
        .map(|file| (file, problems::tally(&file.problems)))
        .unzip();
    for (file, tally) in broken.iter().zip(problems) {
        writeln!(screen.err()?, "{}: {tally}; see `usher check`", safe(&file.path))?;
    }
    Ok(())
}

fn write_file(out: &mut impl Write, file: &RuleFile, nouns: &[NounInfo]) -> io::Result<()> {
    write!(out, "{FAINT}{}{FAINT:#}", safe(&file.path))?;
    writeln!(out, "{}", if file.stale { "  (broken; the version before is running)" } else { "" })?;
    file.rules.iter().try_for_each(|rule| write_rule(out, rule, nouns))
}

fn write_rule(out: &mut impl Write, rule: &RuleInfo, nouns: &[NounInfo]) -> io::Result<()> {
    let (style, state) = if rule.enabled { (GOOD, "on ") } else { (BAD, "off") };
    write!(out, "  {style}{state}{style:#} {}", paint(TITLE, &rule.id))?;
    match &rule.last_fired {
        Some(at) => {
            writeln!(out, "  {FAINT}{}, last {}{FAINT:#}", count(rule.steps_done, "step"), moment::local(at))?
        }
        None => writeln!(out)?,
    }
    let parts = [
        ("when", &rule.when),
        ("while", &rule.guards),
        ("in", &rule.locations),
        ("if", &rule.filters),
        ("do", &rule.actions),
    ];
    for (name, lines) in parts {
        for line in lines {
            writeln!(out, "      {FAINT}{name}{FAINT:#} {}", safe(line))?;
        }
    }
    let missing = |noun: &&NounInfo| noun.mode == NounMode::Unavailable && noun.rules.contains(&rule.title);
    for noun in nouns.iter().filter(missing) {
        let reason = noun.reason.as_deref().unwrap_or("nobody tells");
        writeln!(out, "      {BAD}`{}` is not available here:{BAD:#} {}", noun.noun, safe(reason))?;
    }
    Ok(())
}

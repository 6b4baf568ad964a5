//! What a rule does about a file that may have come of its own command.
//!
//! Where the names grow out of each other, a few files are enough to be sure. Otherwise the rule is tried: for a moment it
//! begins with none of these files. Where others keep coming all the same, its command has not made them. Where none comes,
//! each time that the rule holds still, and some do, each time that it goes on, it is time to ask.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use usher_rule::Rule;

use super::{Descent, Descents, KEPT};
use crate::trail::circle;

/// So many names in a row that grow out of each other are no accident.
const GROWN: u32 = 3;
/// How many generations lie between two trials.
const APART: u32 = 25;
/// So many files are as good a reason, of however few generations: a command may make several of each.
const BRED: u32 = 100;
/// How many trials have to have gone against a rule.
const TRIALS: u32 = 3;
/// How many files would have come during a trial, at the pace of those before it.
const AWAITED: u32 = 3;
/// The longest trial.
const LONGEST: Duration = Duration::from_secs(60);

/// What is suspected of a rule.
#[derive(Default)]
pub(super) struct Line {
    /// How many files that may have come of its command it has been asked about since the last trial.
    bred: u32,
    /// When it was asked last.
    pub(super) heard: Duration,
    /// When a command of the rule has ended last.
    pub(super) ended: Duration,
    trial: Option<Trial>,
}

/// A moment in which a rule begins with nothing that may have come of its own command.
struct Trial {
    /// How long none of its commands has to have run.
    pause: Duration,
    until: Duration,
    /// When it ends at the latest. A command may run for long.
    latest: Duration,
    held: HashSet<PathBuf>,
}

/// What becomes of a file that a rule matches.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    /// The rule may act on it.
    Free,
    /// The same; and it shows that these, which had to wait, are not of the rule's own making.
    Clears(HashSet<PathBuf>),
    /// The names grow, along this chain of rules.
    Grows(String),
    /// It waits until then.
    Waits(Duration),
    /// Its rule has to be asked: so many commands have each made what the next one has worked on.
    Breeds(u32),
}

impl Descents {
    /// Whether a rule may act on a file that it matches. `heard` where something has been heard of it, and nobody has only
    /// looked through the folders.
    pub(crate) fn judge(&mut self, rule: &Rule, path: &Path, heard: bool, now: Duration) -> Judged {
        let Some(descent) = self.of.get(path).filter(|descent| descent.goes_back_to(rule)) else {
            return if heard { self.clear(rule) } else { Judged::Free };
        };
        if descent.grown >= GROWN {
            return Judged::Grows(descent.chain(rule));
        }
        if let Some(until) = self.on_trial(rule, path, now) {
            return Judged::Waits(until);
        }
        let echo = self.echo(path);
        let line = self.lines.entry(rule.id.clone()).or_default();
        let Some(descent) = self.of.get_mut(path) else { return Judged::Free };
        if now.saturating_sub(line.heard) >= KEPT {
            line.bred = 0;
        }
        line.heard = now;
        line.bred += u32::from(!std::mem::replace(&mut descent.counted, true));
        let generations = descent.generation.saturating_sub(descent.tried);
        if generations < APART && (line.bred < BRED || generations == 0) {
            return Judged::Free;
        }
        if descent.stood >= TRIALS {
            return Judged::Breeds(descent.generation);
        }
        let pace = now.saturating_sub(descent.tried_at) / generations;
        let pause = (echo + pace * AWAITED).min(LONGEST);
        let trial = Trial { pause, until: now + pause, latest: now + LONGEST, held: HashSet::new() };
        line.trial = Some(trial);
        self.on_trial(rule, path, now).map_or(Judged::Free, Judged::Waits)
    }

    /// Until when a file has to wait because its rule is being tried. Where that is over, what has come of it is noted.
    fn on_trial(&mut self, rule: &Rule, path: &Path, now: Duration) -> Option<Duration> {
        let runs = self.runs(rule);
        let line = self.lines.get_mut(&rule.id)?;
        let trial = line.trial.as_mut()?;
        trial.held.insert(path.to_path_buf());
        let quiet_at = if runs { now } else { line.ended } + trial.pause;
        trial.until = trial.until.max(quiet_at).min(trial.latest);
        if trial.until > now {
            return Some(trial.until);
        }
        line.bred = 0;
        let silent = u32::from(quiet_at <= now);
        for held in line.trial.take()?.held {
            if let Some(descent) = self.of.get_mut(&held) {
                descent.stood += silent;
                descent.tried = descent.generation;
                descent.tried_at = now;
            }
        }
        None
    }

    /// A file has come that no command of the rule can have made. Where the rule is on trial, that clears it.
    fn clear(&mut self, rule: &Rule) -> Judged {
        let Some(line) = self.lines.get_mut(&rule.id) else { return Judged::Free };
        let Some(trial) = line.trial.take() else { return Judged::Free };
        line.bred = 0;
        self.of.retain(|_, descent| !descent.goes_back_to(rule));
        for spell in self.spells.iter_mut().filter(|spell| spell.descent.goes_back_to(rule)) {
            spell.descent = Descent::default();
        }
        Judged::Clears(trial.held)
    }
}

impl Descent {
    /// The rules that make ever more files of each other's, for people: `A -> B -> A`.
    fn chain(&self, again: &Rule) -> String {
        let last = self.rules.iter().rposition(|hop| hop.rule.id == again.id).unwrap_or(0);
        let rules: Vec<Arc<Rule>> = self.rules[last..].iter().map(|hop| Arc::clone(&hop.rule)).collect();
        circle(&rules, again)
    }
}

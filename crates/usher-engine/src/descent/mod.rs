//! Files that the commands of rules make.
//!
//! What a command does is not known to Usher. A file that comes while one runs, or right after, may be the command's or
//! anybody's, so it is handled like any other file; but its descent is kept in mind: how many commands there were, each at
//! work on what came while the one before it was. Of that a rule is asked when it would act on such a file
//! ([`judge`](Descents::judge)).
//!
//! Nothing of this outlives the process, and nothing in here looks at the disk.

mod judging;
mod names;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use usher_event::{Health, Mode};
use usher_rule::{Rule, Stat};

use crate::stamp::Stamp;
use crate::trail::FRESH;
use judging::Line;
use names::grows;

pub(crate) use judging::Judged;

/// How long after the end of a command a file may come of it: events take their time.
const ECHO: Duration = FRESH;
/// The same where folders are only looked at every few seconds.
const POLLED_ECHO: Duration = Duration::from_secs(10);
/// How long a descent is kept. A file for which the next command takes longer than this floods nobody.
const KEPT: Duration = Duration::from_secs(600);
/// How many descents there are before old ones are looked for.
const MANY: usize = 16 * 1024;
/// How many rules of a descent are kept, to name the circle.
const NAMED: usize = 16;

/// Which files have come of which, as far as that can be told.
#[derive(Default)]
pub(crate) struct Descents {
    /// Commands that run, and those that have ended a moment ago.
    spells: Vec<Spell>,
    of: HashMap<PathBuf, Descent>,
    /// What is suspected of each rule, by its id.
    lines: HashMap<String, Line>,
    /// Folders that are looked at every few seconds, as far as that is known.
    polled: HashSet<PathBuf>,
    /// How many descents there are when old ones are looked for next.
    crowded: usize,
}

/// A command, or some code, at work on a file.
pub(crate) struct Spell {
    pub(crate) ticket: u64,
    pub(crate) rule: Arc<Rule>,
    /// Where its subject lay when it began, and what lay there.
    pub(crate) subject: PathBuf,
    pub(crate) seen: Option<Stat>,
    /// The rules that had the subject in their hands before.
    pub(crate) trail: Vec<Arc<Rule>>,
    /// What the subject has come of itself.
    descent: Descent,
    ended: Option<Duration>,
    /// Where its subject was found while it ran, if not where it had been.
    pub(crate) elsewhere: Vec<PathBuf>,
}

/// What a file has come of.
#[derive(Clone, Default)]
pub(crate) struct Descent {
    /// How many commands there were, each at work on what came of the one before.
    generation: u32,
    /// Of the last of them, how many in a row there were in which the new name has grown out of the old one.
    grown: u32,
    /// Their rules, oldest first, and those that have brought files from one to the next.
    rules: Vec<Hop>,
    /// When it was learned, and which commands there were then that may have made or moved the file.
    at: Duration,
    during: Vec<u64>,
    /// Whether a step of Usher's has brought the file here.
    brought: bool,
    /// Whether the rule that would act on it has counted it.
    counted: bool,
    /// How many trials its forebears have stood, and of which generation the last one was and when.
    stood: u32,
    tried: u32,
    tried_at: Duration,
}

/// A rule that a file goes back to.
#[derive(Clone)]
struct Hop {
    rule: Arc<Rule>,
    /// Whether a command of it may have made the file, and not a step of which Usher knows what it does.
    made: bool,
}

impl Spell {
    /// A command that begins.
    pub(crate) fn new(
        ticket: u64,
        rule: &Arc<Rule>,
        subject: PathBuf,
        seen: Option<Stat>,
        trail: Vec<Arc<Rule>>,
        descent: Descent,
    ) -> Self {
        Self {
            ticket,
            rule: Arc::clone(rule),
            subject,
            seen,
            trail,
            descent,
            ended: None,
            elsewhere: Vec::new(),
        }
    }

    /// The descent of a file that may have come of it.
    fn child(&self, grown: bool, now: Duration) -> Descent {
        let first = self.descent.generation == 0;
        Descent {
            generation: self.descent.generation + 1,
            grown: if grown { self.descent.grown + 1 } else { 0 },
            at: now,
            brought: false,
            counted: false,
            tried_at: if first { now } else { self.descent.tried_at },
            ..self.descent.clone().by(&self.rule, true)
        }
    }
}

impl Descent {
    /// The same with one more rule, which has `made` the file with a command or brought it somewhere.
    pub(crate) fn by(mut self, rule: &Arc<Rule>, made: bool) -> Self {
        match self.rules.last_mut().filter(|last| last.rule.id == rule.id) {
            Some(last) => last.made |= made,
            None => self.rules.push(Hop { rule: Arc::clone(rule), made }),
        }
        let more = self.rules.len().saturating_sub(NAMED);
        self.rules.drain(..more);
        self
    }

    /// Whether the file came while the command of this number ran, or right after.
    pub(crate) fn came_during(&self, ticket: u64) -> bool {
        self.during.contains(&ticket)
    }

    /// Whether it comes of no command.
    pub(crate) fn is_none(&self) -> bool {
        self.generation == 0
    }

    /// Whether a command of the rule is among those that it goes back to.
    fn goes_back_to(&self, rule: &Rule) -> bool {
        self.rules.iter().any(|hop| hop.made && hop.rule.id == rule.id)
    }
}

impl Descents {
    /// A command begins.
    pub(crate) fn begins(&mut self, spell: Spell, now: Duration) {
        self.forget_spells(now);
        self.spells.push(spell);
    }

    /// Forgets commands of which nothing comes any more.
    fn forget_spells(&mut self, now: Duration) {
        let longest = if self.polled.is_empty() { ECHO } else { POLLED_ECHO };
        self.spells.retain(|spell| spell.may_have_made(now, longest));
    }

    /// A command has ended.
    pub(crate) fn ends(&mut self, ticket: u64, now: Duration) -> Option<&mut Spell> {
        let spell = self.spells.iter_mut().find(|spell| spell.ticket == ticket && spell.ended.is_none())?;
        spell.ended = Some(now);
        if let Some(line) = self.lines.get_mut(&spell.rule.id) {
            line.ended = now;
        }
        Some(spell)
    }

    /// Whether a command is at work on this very file, which lies or has a name somewhere else by now.
    pub(crate) fn at_work_on(&mut self, path: &Path, stat: &Stat) -> bool {
        let stamp = Stamp::from(*stat);
        let same = |spell: &&mut Spell| {
            spell.ended.is_none()
                && spell.subject != path
                && spell.seen.is_some_and(|seen| Stamp::from(seen).same_identity(&stamp))
        };
        let Some(spell) = self.spells.iter_mut().find(same) else { return false };
        if !spell.elsewhere.iter().any(|known| known == path) {
            spell.elsewhere.push(path.to_path_buf());
        }
        true
    }

    /// How well a folder is seen.
    pub(crate) fn seen_by(&mut self, root: &Path, health: &Health) {
        match health.mode {
            Mode::Polling => drop(self.polled.insert(root.to_path_buf())),
            _ => drop(self.polled.remove(root)),
        }
    }

    /// Something is heard of a file. `new` where it has come to be there; what is heard after that, before anybody has
    /// looked at it, says nothing more (`waits`).
    pub(crate) fn news(&mut self, path: &Path, new: bool, waits: bool, now: Duration) {
        if waits || self.spells.is_empty() && self.of.is_empty() {
            return;
        }
        self.forget_spells(now);
        let brought = |known: &Descent| known.brought && now.saturating_sub(known.at) <= ECHO;
        if self.of.get(path).is_some_and(brought) {
            return;
        }
        match self.parentage(path, new, now) {
            Some(mut descent) => {
                let echo = self.echo(path);
                let during = self.spells.iter().filter(|spell| spell.may_have_made(now, echo));
                descent.during = during.map(|spell| spell.ticket).collect();
                self.note(path, descent);
            }
            None => drop(self.of.remove(path)),
        }
    }

    /// A file is not there any more.
    pub(crate) fn forget(&mut self, path: &Path) {
        self.of.remove(path);
    }

    /// What a file has come of.
    pub(crate) fn of(&self, path: &Path) -> Option<&Descent> {
        self.of.get(path)
    }

    /// A step of Usher's has brought, or copied, a file to another place.
    pub(crate) fn brings(&mut self, path: &Path, descent: &Descent, now: Duration) {
        self.note(path, Descent { at: now, brought: true, counted: false, ..descent.clone() });
    }

    fn note(&mut self, path: &Path, descent: Descent) {
        if self.of.len() >= self.crowded.max(MANY) {
            let now = descent.at;
            self.of.retain(|_, known| now.saturating_sub(known.at) < KEPT);
            self.lines.retain(|_, line| now.saturating_sub(line.heard) < KEPT);
            self.crowded = 2 * self.of.len();
        }
        self.of.insert(path.to_path_buf(), descent);
    }

    /// What a file of which something is heard now may have come of.
    fn parentage(&self, path: &Path, new: bool, now: Duration) -> Option<Descent> {
        let echo = self.echo(path);
        let makers =
            || self.spells.iter().filter(|spell| spell.subject != path && spell.may_have_made(now, echo));
        let kin = makers().filter(|spell| new && grows(&spell.subject, path));
        if let Some(parent) = kin.max_by_key(|spell| spell.subject.as_os_str().len()) {
            return Some(parent.child(true, now));
        }
        // Of commands of one rule that run at a time, the file is taken for one of that with the shortest line: several of
        // them are not one line. What has ended is asked about only where none runs.
        let mut by_rule: HashMap<&str, &Spell> = HashMap::new();
        for spell in makers() {
            by_rule
                .entry(&spell.rule.id)
                .and_modify(|known| {
                    let closer = match (known.ended, spell.ended) {
                        (None, None) => spell.descent.generation < known.descent.generation,
                        (Some(before), Some(at)) => at >= before,
                        (before, _) => before.is_some(),
                    };
                    if closer {
                        *known = spell;
                    }
                })
                .or_insert(spell);
        }
        let parent = by_rule.into_values().max_by_key(|spell| spell.descent.generation)?;
        Some(parent.child(false, now))
    }

    /// How long after the end of a command a file may come of it.
    fn echo(&self, path: &Path) -> Duration {
        let polled = self.polled.iter().any(|root| path.starts_with(root));
        if polled { POLLED_ECHO } else { ECHO }
    }

    /// Whether a command of the rule runs.
    fn runs(&self, rule: &Rule) -> bool {
        self.spells.iter().any(|spell| spell.ended.is_none() && spell.rule.id == rule.id)
    }
}

impl Spell {
    /// Whether a file of which something is heard now may have come of it.
    fn may_have_made(&self, now: Duration, echo: Duration) -> bool {
        self.ended.is_none_or(|ended| now.saturating_sub(ended) <= echo)
    }
}

//! Accounts: why a path is or is not handled.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use usher_event::{Kind, Sentence, sentence};
use usher_rule::context::{Looking, RunMemory};
use usher_rule::occasions::NO_FACTS;
use usher_rule::{Context, FilterAccount, Repeat, Rule, RuleAccount, World};

use crate::disk::{Overlay, lstat};
use crate::engine::Engine;
use crate::plan::{Commands, Planner, targeted};
use crate::stamp::Stamp;
use crate::sweep::lines;
use crate::unfinished::{unfinished_name, unfinished_until};

/// What is to be said about one path.
#[derive(Debug)]
pub struct PathAccount {
    /// Whether anything is there.
    pub exists: bool,
    /// Why it waits to be finished, if it does.
    pub waiting: Option<Sentence>,
    /// Every rule in order.
    pub rules: Vec<RuleView>,
}

/// What one rule makes of the path.
#[derive(Debug)]
pub struct RuleView {
    /// The rule.
    pub rule: Arc<Rule>,
    /// What it comes to.
    pub verdict: Verdict,
    /// That as a sentence.
    pub summary: Sentence,
    /// Every filter; absent where the rule does not look there.
    pub account: Option<RuleAccount>,
    /// When it last acted on the file, in this version or another.
    pub handled: Option<Timestamp>,
    /// What would make it look at the file again, where it does not act now.
    pub again: Option<Sentence>,
    /// The lines of what it would do now.
    pub would: Vec<Sentence>,
    /// Whether it keeps the file from the rules below it.
    pub stops: bool,
}

/// What a rule has had to do with a file before.
struct Past {
    /// When it last acted on it.
    acted: Option<Timestamp>,
    /// Why it leaves it alone although it matches, where it does, and what would change that.
    rests: Option<(Sentence, Sentence)>,
}

/// What a rule makes of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It would act.
    Matches,
    /// A filter turns it away.
    FilteredOut,
    /// It does not look at that place or kind of thing.
    NotCovered,
    /// The rule is switched off.
    Disabled,
    /// It has acted on the file already, and leaves it alone for now.
    AlreadyHandled,
    /// It would act, and a rule above it keeps the file to itself.
    Stopped,
}

impl Engine {
    /// Why rules do or do not act on a path, as things are now.
    pub fn why(&self, path: &Path) -> PathAccount {
        let stat = lstat(&*self.disk, path).ok().flatten();
        let held =
            self.brakes.holds(path).or_else(|| self.brakes.asks_about(path).map(|asked| asked.sentence()));
        let asked = || {
            let busy = self.looks.busy(path);
            busy.then(|| sentence!("waits-look", "its filters are being asked, which takes a while"))
        };
        let waiting = held.or_else(asked).or_else(|| self.settle.reason(path)).or_else(|| {
            let stat = stat.as_ref()?;
            let partial = unfinished_until(path, stat, self.clock.timestamp()).map(|_| unfinished_name());
            partial.or_else(|| self.at_work_on(path, stat))
        });
        let mut rules: Vec<RuleView> =
            self.rules().iter().map(|rule| self.view(rule, path, stat.as_ref())).collect();
        if let Some(nr) = rules.iter().position(|view| view.stops) {
            let (above, below) = rules.split_at_mut(nr + 1);
            let stops = above.last().map(|view| view.rule.title()).unwrap_or_default();
            let kept = |view: &&mut RuleView| {
                view.rule.waits_for_files()
                    && matches!(view.verdict, Verdict::Matches | Verdict::AlreadyHandled)
            };
            below.iter_mut().filter(kept).for_each(|view| view.keep_from(stops));
        }
        PathAccount { exists: stat.is_some(), waiting, rules }
    }

    fn view(&self, rule: &Arc<Rule>, path: &Path, stat: Option<&usher_rule::Stat>) -> RuleView {
        let view = |verdict, summary: Sentence| RuleView {
            rule: Arc::clone(rule),
            verdict,
            summary,
            account: None,
            handled: None,
            again: None,
            would: Vec::new(),
            stops: false,
        };
        let Some(stat) = stat else {
            return view(Verdict::NotCovered, sentence!("why-nothing-there", "nothing is there"));
        };
        if rule.standalone() {
            return view(Verdict::NotCovered, sentence!("why-no-locations", "the rule has no locations"));
        }
        if !targeted(rule, stat.kind) {
            return view(Verdict::NotCovered, not_looked_at(stat.kind));
        }
        if let Some(variable) = rule.needs_event() {
            let summary = sentence!(
                "why-needs-event",
                "it asks for `{variable}`, which is known only when `{event}`",
                variable = variable,
                event = waits_for(rule),
            );
            return view(Verdict::NotCovered, summary);
        }
        let roots = match rule.roots(&*self.disk, &NO_FACTS) {
            Ok(roots) => roots,
            Err(error) => return view(Verdict::NotCovered, error),
        };
        let Some(root) = roots.iter().find(|root| root.covers(path, stat.kind, rule.targets)) else {
            return view(
                Verdict::NotCovered,
                sentence!("why-elsewhere", "it does not lie in the rule's locations, or is excluded there"),
            );
        };
        let mut memory = RunMemory::new(Looking::Found);
        let base: &dyn World = &*self.disk;
        let world = Overlay::new(base);
        let account = rule.explain(&mut Context::new(&world, rule, path, &root.path, &mut memory));
        let past = self.past(rule, &Stamp::from(*stat), path);
        let mut planner = Planner { world: &world, memory: &mut memory, commands: Commands::Imagine };
        let mut stops = false;
        let would: Vec<Sentence> = match planner.matches(rule, path, &root.path) {
            Some(matched) => {
                // A rule that acts on another file than the one it was asked about leaves this one to the next.
                stops = rule.stop
                    && rule.enabled
                    && rule.waits_for_files()
                    && matched.switched(path).is_none()
                    && rule.held_back(self.machine.state(), &NO_FACTS, &*self.disk).is_none();
                let other = matched.switched(path).and_then(|other| lstat(&world, other).ok().flatten());
                let chain = planner.plan(rule, matched, &root.path, other.unwrap_or(*stat));
                let text = |line: crate::Line| match line.error {
                    Some(error) => {
                        sentence!("why-would-fail", "{step}: {error}", step = line.text, error = error)
                    }
                    None => line.text,
                };
                lines(&chain, base.home().as_deref(), 0).into_iter().map(text).collect()
            }
            None => Vec::new(),
        };
        let again = match (account.matched, &past.rests) {
            _ if !rule.enabled => {
                Some(sentence!("again-switched-on", "it does nothing before it is switched on"))
            }
            (true, None) => None,
            (true, Some((_, again))) => Some(again.clone()),
            (false, _) => Some(match planner.next_change(rule, path, &root.path) {
                Some(at) => {
                    sentence!("again-time", "time alone makes it match, at {at}", at = self.moment(at))
                }
                None if rule.only_newcomers() => {
                    sentence!("again-new-only", "it looks at new files only, and ignores changes of this one")
                }
                None => sentence!("again-changes", "it looks again when the file changes or moves"),
            }),
        };
        let (verdict, summary) = self.verdict(rule, &account, past.rests.map(|(reason, _)| reason));
        let (rule, account) = (Arc::clone(rule), Some(account));
        RuleView { rule, verdict, summary, account, handled: past.acted, again, would, stops }
    }

    /// What the rule has done to the file before, as far as its `repeat` and `cooldown` mind.
    fn past(&self, rule: &Rule, stamp: &Stamp, path: &Path) -> Past {
        let acted = self.journal.acted_on(&rule.id, stamp, path).ok().flatten();
        let rests = |reason: Sentence, again: Sentence| Some((reason, again));
        let cool_at = acted.zip(rule.cooldown).and_then(|(at, cooldown)| at.checked_add(cooldown).ok());
        let for_files = rule.waits_for_files();
        // What something else than files wakes acts each time, where it does not say otherwise.
        let repeat = rule.repeat.or(for_files.then(|| rule.repeats()));
        let is_done = match repeat {
            None => false,
            Some(_) if !for_files => {
                self.acted_before([rule]).is_ok_and(|before| before.is_done(rule, path, stamp))
            }
            // As in `handled`: what took the place of a file that went is a new one.
            Some(Repeat::Once) if rule.repeat.is_none() => acted.is_some() && !self.gone.was_away(path),
            Some(Repeat::Once) => acted.is_some(),
            Some(_) => self.has_left(rule, stamp, path).unwrap_or(false),
        };
        let rests = match repeat.filter(|_| is_done) {
            Some(_) if rule.only_newcomers() && rule.repeat != Some(Repeat::Once) => rests(
                sentence!("rests-new-only", "it has acted on this file, and ignores changes of it"),
                sentence!("again-new-one", "it will act again when the file goes and a new one comes"),
            ),
            Some(Repeat::Once) => rests(
                sentence!("rests-once", "it has acted on this file, and does so once"),
                sentence!("again-repeat", "only another `repeat` would"),
            ),
            Some(Repeat::EveryChange) if for_files => rests(
                sentence!("rests-as-it-is", "it has acted on the file as it is"),
                sentence!(
                    "again-every-change",
                    "it will act again at every change, even one that leaves the file as it was"
                ),
            ),
            Some(_) => rests(
                sentence!("rests-version", "it has acted on this version of the file"),
                sentence!("again-next-version", "it will act again when the file changes or moves"),
            ),
            None => cool_at.filter(|at| *at > self.clock.timestamp()).map(|at| {
                let at = self.moment(at);
                (
                    sentence!("rests-until", "it leaves the file alone until {at}", at = &at),
                    sentence!("again-at", "it looks again at {at}", at = &at),
                )
            }),
        };
        Past { acted, rests }
    }

    /// A moment as the clock on the wall shows it.
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        at.to_zoned(self.clock.now().time_zone().clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }
}

impl RuleView {
    /// Says that a rule above keeps the file to itself.
    fn keep_from(&mut self, above: &str) {
        self.verdict = Verdict::Stopped;
        self.summary = sentence!(
            "why-stopped-above",
            "it would look at the file, but `{rule}` above it matches and says `stop`",
            rule = above,
        );
        self.again = Some(sentence!(
            "again-not-stopped",
            "it gets to see the file when `{rule}` does not match it any more",
            rule = above,
        ));
        self.would.clear();
        self.stops = false;
    }
}

impl Engine {
    /// The verdict of a rule whose filters have been asked.
    fn verdict(&self, rule: &Rule, account: &RuleAccount, rests: Option<Sentence>) -> (Verdict, Sentence) {
        let (verdict, summary) = verdict(rule, account, rests);
        if verdict != Verdict::Matches {
            return (verdict, summary);
        }
        match rule.held_back(self.machine.state(), &NO_FACTS, &*self.disk) {
            Some((words, true)) if rule.guards_need_event() => (
                verdict,
                sentence!(
                    "why-would-act-when-if",
                    "it would act when `{event}`, if `{guard}` then",
                    event = waits_for(rule),
                    guard = words
                ),
            ),
            Some((words, false)) => (
                verdict,
                sentence!("why-waits-until", "it would act, and waits until `{guard}`", guard = words),
            ),
            Some((words, true)) => (
                verdict,
                sentence!(
                    "why-nobody-knows",
                    "it would act, and nobody knows whether `{guard}`",
                    guard = words
                ),
            ),
            None if !rule.waits_for_files() => (
                verdict,
                sentence!("why-would-act-when", "it would act when `{event}`", event = waits_for(rule)),
            ),
            None if rule.only_newcomers() => (
                verdict,
                sentence!("why-would-act-new", "it would act on it as a new file, and ignores changes of it"),
            ),
            None => (verdict, summary),
        }
    }
}

/// What a rule waits for, in its own words.
fn waits_for(rule: &Rule) -> String {
    rule.when.iter().map(|clause| clause.words.as_str()).collect::<Vec<_>>().join("` or `")
}

fn verdict(rule: &Rule, account: &RuleAccount, rests: Option<Sentence>) -> (Verdict, Sentence) {
    if !rule.enabled {
        return (Verdict::Disabled, sentence!("why-switched-off", "the rule is switched off"));
    }
    if !account.matched {
        return (Verdict::FilteredOut, turned_away(account));
    }
    if let Some(reason) = rests {
        return (Verdict::AlreadyHandled, reason);
    }
    (Verdict::Matches, sentence!("why-would-act", "it would act"))
}

/// The first filter that does not let a subject through, as a sentence.
pub(crate) fn turned_away(account: &RuleAccount) -> Sentence {
    let first = account.filters.iter().find(|filter| filter.outcome != usher_rule::Outcome::Match);
    let Some(FilterAccount { filter, wanted, seen, .. }) = first else {
        return sentence!("why-turned-away", "its filters turn it away");
    };
    match seen {
        Some(seen) => sentence!(
            "why-turned-away-has",
            "turned away by {filter}: it wants {wanted}, and it has {seen}",
            filter = filter,
            wanted = wanted,
            seen = seen,
        ),
        None => sentence!(
            "why-turned-away-by",
            "turned away by {filter}: it wants {wanted}",
            filter = filter,
            wanted = wanted,
        ),
    }
}

fn not_looked_at(kind: Kind) -> Sentence {
    match kind {
        Kind::File => sentence!("why-no-files", "the rule does not look at files"),
        Kind::Dir => sentence!("why-no-folders", "the rule does not look at folders"),
        Kind::Symlink => sentence!("why-no-links", "the rule does not look at symbolic links"),
        Kind::Other => {
            sentence!("why-no-devices", "the rule does not look at devices, pipes and sockets")
        }
    }
}

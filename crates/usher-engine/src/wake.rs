//! Rules that an edge wakes: whether they may act, and their runs.
//!
//! A rule that wakes goes over its locations like a run that was asked for, with what is known of the edge in its
//! templates. Such runs are done one after the other, a piece in each turn, so that files as they come are not kept
//! waiting.

use std::collections::{HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use usher_event::{Edge, Event, Moment, Part, Sentence, sentence};
use usher_rule::Rule;
use usher_rule::occasions::{NO_FACTS, facts};

use crate::before::Before;
use crate::engine::{Engine, Finding, Happening};
use crate::journal::JournalError;
use crate::sweep::{Going, Sweep};

/// Runs that wait for their turn; more than these are a flood, and the oldest of the same rule gives way.
const MOST: usize = 200;

/// How long a rule waits to hear whether its guards hold: sources that have just begun to look need a moment.
const UNDECIDED: Duration = Duration::from_secs(10);

/// Rules that have been woken.
#[derive(Default)]
pub(crate) struct Woken {
    waiting: VecDeque<Turn>,
    going_on: Option<Sweep>,
    /// What has woken it.
    of: Option<Turn>,
    /// How often anything has woken rules.
    wakings: u64,
    /// The last of them of which a rule has had its turn, and what rules with `stop` have kept for themselves then.
    stopped: (u64, HashSet<PathBuf>),
    /// The title of its rule.
    title: String,
    /// The last file that it has come to.
    at: Option<PathBuf>,
    /// Which run it is since the start.
    nr: u64,
    /// Rules whose guards nobody can answer yet, and until when that is waited for, in the clock's ticks.
    undecided: Vec<(String, Edge, Duration)>,
    /// When each rule with a cooldown was woken last, in the clock's ticks.
    lately: std::collections::HashMap<String, Duration>,
}

/// A rule that is to act on an edge.
#[derive(Clone)]
struct Turn {
    rule: Arc<Rule>,
    edge: Edge,
    /// Which waking it belongs to: the rules that are woken together have their turns in order, as one run would.
    waking: u64,
}

impl Woken {
    /// Whether anything is to be done.
    pub(crate) fn any(&self) -> bool {
        !self.waiting.is_empty() || self.going_on.is_some()
    }
}

/// Why a rule does not act on an edge that it waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeldBy {
    /// This guard is not so.
    Guard(String),
    /// Nobody can tell yet whether this guard is so. The rule acts as soon as it is known to be.
    Unknown(String),
    /// It has acted on such an edge a moment ago, and its `cooldown` has so long to go.
    Cooldown(Duration),
}

impl HeldBy {
    /// It for people.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Guard(words) => sentence!("held-guard", "`{guard}` is not so", guard = words),
            Self::Unknown(words) => {
                sentence!("held-unknown", "nobody can tell yet whether `{guard}`", guard = words)
            }
            Self::Cooldown(left) => sentence!(
                "held-cooldown",
                "its cooldown has {seconds} s to go",
                seconds = left.as_secs().max(1),
            ),
        }
    }
}

/// A rule that waits for an edge and does not act on it, with the reason.
pub type HeldBack = (Arc<Rule>, HeldBy);

/// What an edge has come to.
#[derive(Debug, Default)]
pub struct Stirred {
    /// Rules that act.
    pub woken: Vec<Arc<Rule>>,
    /// Rules that wait for it and do not.
    pub held_back: Vec<HeldBack>,
}

impl Engine {
    /// Something happened to the machine: wakes the rules that wait for it. Nothing is done before
    /// [`advance`](Self::advance). While paused, nothing is woken.
    pub fn wake(&mut self, edge: &Edge) -> Stirred {
        if self.paused() {
            return Stirred::default();
        }
        self.happen(Happening::Edge(edge.clone()));
        let stirred = self.stirred(edge);
        for (rule, why) in &stirred.held_back {
            tracing::info!(rule = rule.title(), edge = edge.name(), "does not act: {}", why.sentence());
            if matches!(why, HeldBy::Unknown(_)) {
                let until = self.clock.ticks() + UNDECIDED;
                self.woken.undecided.push((rule.id.clone(), edge.clone(), until));
            }
            self.happen(Happening::HeldBack { rule: rule.title().to_owned(), why: why.clone() });
        }
        self.woken.wakings += 1;
        for rule in &stirred.woken {
            self.queue(Arc::clone(rule), edge.clone());
        }
        stirred
    }

    /// What an edge would come to now.
    fn stirred(&self, edge: &Edge) -> Stirred {
        let mut stirred = Stirred::default();
        for rule in self.rules().iter().filter(|rule| rule.enabled && rule.wakes(edge)) {
            match self.held_by(rule, edge) {
                None => stirred.woken.push(Arc::clone(rule)),
                Some(why) => stirred.held_back.push((Arc::clone(rule), why)),
            }
        }
        stirred
    }

    /// Why a rule would not act now on an edge that it waits for; `None` where it would.
    fn held_by(&self, rule: &Rule, edge: &Edge) -> Option<HeldBy> {
        if let Some((words, unknown)) = rule.held_back(self.machine.state(), &facts(edge), &*self.disk) {
            let words = words.into_owned();
            return Some(if unknown { HeldBy::Unknown(words) } else { HeldBy::Guard(words) });
        }
        let left = (*self.woken.lately.get(&rule.id)? + rule.cooldown?).saturating_sub(self.clock.ticks());
        (!left.is_zero()).then_some(HeldBy::Cooldown(left))
    }

    /// Has a rule act on an edge, when its turn comes.
    fn queue(&mut self, rule: Arc<Rule>, edge: Edge) {
        if rule.cooldown.is_some() {
            self.woken.lately.insert(rule.id.clone(), self.clock.ticks());
        }
        if self.woken.waiting.len() >= MOST
            && let Some(oldest) = self.woken.waiting.iter().position(|other| other.rule.id == rule.id)
        {
            self.woken.waiting.remove(oldest);
        }
        self.woken.waiting.push_back(Turn { rule, edge, waking: self.woken.wakings });
    }

    /// Takes in what a source has noticed of the machine.
    pub(crate) fn notice(&mut self, event: &Event) {
        let (now, at) = (self.clock.ticks(), self.clock.timestamp());
        match event {
            Event::State { reading } => {
                self.machine.read(reading.clone(), now, at);
                self.let_go();
            }
            Event::Moment { moment } => {
                let edge = self.machine.moment(*moment, now);
                self.wake(&edge);
                if *moment == Moment::Resume {
                    self.look_at_clock();
                }
            }
            Event::ClockSet => self.look_at_clock(),
            Event::Noun { noun, health } => self.machine.health(*noun, health.clone()),
            Event::Path { .. } | Event::Rescan { .. } | Event::Folder { .. } => {}
        }
    }

    /// Wakes rules for what has become another one and stood long enough.
    pub(crate) fn settle_machine(&mut self) {
        let edges = self.machine.settle(self.clock.ticks(), self.clock.timestamp());
        if edges.is_empty() {
            return;
        }
        for edge in edges {
            self.wake(&edge);
        }
        self.let_go();
    }

    /// Looks again at the folders of rules whose guards have held them back and do so no more.
    fn let_go(&mut self) {
        let now = self.clock.ticks();
        self.woken.wakings += 1;
        for (rule, edge, until) in std::mem::take(&mut self.woken.undecided) {
            let known = self.rules().iter().find(|known| known.id == rule && known.enabled).cloned();
            match known.map(|rule| (self.held_by(&rule, &edge), rule)) {
                Some((None, rule)) if until >= now => self.queue(rule, edge),
                Some((Some(HeldBy::Unknown(_)), _)) if until >= now => {
                    self.woken.undecided.push((rule, edge, until));
                }
                _ => {}
            }
        }
        let state = self.machine.state();
        let free = |rule: &Rule| rule.held_back(state, &NO_FACTS, &*self.disk).is_none();
        let roots: Vec<_> = self
            .covering
            .iter()
            .filter(|covering| self.guarded.contains(&covering.rule.id) && free(&covering.rule))
            .map(|covering| {
                (
                    covering.rule.id.clone(),
                    covering.roots.iter().map(|root| root.path.clone()).collect::<Vec<_>>(),
                )
            })
            .collect();
        for (rule, roots) in roots {
            self.guarded.remove(&rule);
            self.rescans.extend(roots);
        }
    }

    /// Whether the next piece of a woken rule's run can be done.
    pub(crate) fn wake_is_due(&self) -> bool {
        match &self.woken.going_on {
            Some(sweep) => !self.waits(sweep),
            None => !self.woken.waiting.is_empty(),
        }
    }

    /// Does the next piece of a woken rule's run.
    pub(crate) fn go_on_woken(&mut self) -> Result<(), JournalError> {
        let sweep = match self.woken.going_on.take() {
            Some(sweep) => Some(sweep),
            None => self.next_woken()?,
        };
        let Some(mut sweep) = sweep else { return Ok(()) };
        let mut at = None;
        let went = self.go_on(&mut sweep, &mut |_, path| at = Some(path.to_path_buf()));
        if at.is_some() {
            self.woken.at = at;
        }
        match went {
            // Nobody waits at a terminal for this run: what it asks is held, and it goes on without.
            Ok(Going::On | Going::Waits | Going::Asks(_)) => self.woken.going_on = Some(sweep),
            Ok(Going::Over) => self.end_woken(sweep)?,
            Err(error) => {
                // What of it is written down is what was done. Where that is nothing, it begins anew with the next turn.
                let begun = sweep.run_id().is_some_and(|id| self.run_numbers.contains_key(&id));
                drop(self.end_sweep(sweep));
                if let Some(again) = self.woken.of.take().filter(|_| !begun) {
                    self.woken.waiting.push_front(again);
                }
                return Err(error);
            }
        }
        Ok(())
    }

    /// The run of a woken rule that is going on.
    pub fn woken(&self) -> Option<WokenRun<'_>> {
        let sweep = self.woken.going_on.as_ref()?;
        Some(WokenRun { nr: self.woken.nr, rule: &self.woken.title, sweep, path: self.woken.at.as_deref() })
    }

    /// Ends the run of a woken rule that is going on, wherever it is by now; `false` where another one is meant.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn stop_woken(&mut self, run: Option<i64>) -> Result<bool, JournalError> {
        match self.woken.going_on.take_if(|sweep| run.is_none() || sweep.run_id() == run) {
            Some(mut sweep) => {
                self.keep_stopped(&mut sweep);
                self.end_sweep(sweep).map(|_| true)
            }
            None => Ok(false),
        }
    }

    /// Leaves the runs of woken rules where they are: what of them is written down is what was done.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn abandon_woken(&mut self) -> Result<(), JournalError> {
        self.woken.waiting.clear();
        self.woken.going_on.take().map_or(Ok(()), |sweep| self.end_sweep(sweep).map(drop))
    }

    fn next_woken(&mut self) -> Result<Option<Sweep>, JournalError> {
        if self.woken.waiting.is_empty() {
            return Ok(None);
        }
        // What an earlier run has done counts, and may not be written down yet.
        self.settle_steps()?;
        let Some(turn) = self.woken.waiting.pop_front() else { return Ok(None) };
        // Rules may have been loaded anew since; one that is gone or switched off does nothing.
        let Some(rule) = self.rules().iter().find(|known| known.id == turn.rule.id && known.enabled).cloned()
        else {
            return Ok(None);
        };
        let turn = Turn { rule: Arc::clone(&rule), ..turn };
        self.woken.of = Some(turn.clone());
        (self.woken.title, self.woken.at) = (rule.title().to_owned(), None);
        self.woken.nr += 1;
        let mut sweep = Sweep::woken(&self.woke(vec![rule], turn.edge)?);
        if self.woken.stopped.0 == turn.waking {
            sweep.stopped.clone_from(&self.woken.stopped.1);
        }
        Ok(Some(sweep))
    }

    /// Keeps in mind what the rules woken with this one do not get to see.
    fn keep_stopped(&mut self, sweep: &mut Sweep) {
        if let Some(turn) = &self.woken.of {
            self.woken.stopped = (turn.waking, std::mem::take(&mut sweep.stopped));
        }
    }

    fn end_woken(&mut self, mut sweep: Sweep) -> Result<(), JournalError> {
        self.keep_stopped(&mut sweep);
        let report = self.end_sweep(sweep)?;
        for line in report.lines.iter().filter(|line| line.action == "locations") {
            // Nothing of this is in the journal, so it is said here.
            self.happen(Happening::Trouble(Finding {
                code: "failed_location",
                message: sentence!(
                    "trouble-location",
                    "{rule}: {error}",
                    rule = line.rule.title(),
                    error = line.error.clone().map_or(Part::Text(String::new()), Part::from),
                ),
                hint: Some(sentence!(
                    "trouble-location-hint",
                    "see what the rule waits for: only that brings the placeholder along"
                )),
                path: None,
                run: None,
                rule: Some(line.rule.id.clone()),
            }));
        }
        for (path, error) in report.unreadable {
            tracing::warn!(path = %path.display(), %error, "cannot be looked into");
        }
        for (path, reason) in report.in_work {
            tracing::info!(path = %path.display(), %reason, "left alone");
        }
        Ok(())
    }

    /// What this edge would wake if it came now, for [a simulation](crate::Simulation::simulate_woken).
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn would_wake(&self, edge: &Edge) -> Result<Woke, JournalError> {
        let Stirred { woken, held_back } = self.stirred(edge);
        Ok(Woke { held_back, ..self.woke(woken, edge.clone())? })
    }

    fn woke(&self, rules: Vec<Arc<Rule>>, edge: Edge) -> Result<Woke, JournalError> {
        let before = self.acted_before(rules.iter().map(|rule| &**rule))?;
        Ok(Woke { rules, edge, before: Arc::new(before), held_back: Vec::new() })
    }
}

/// How far the run of a woken rule has come.
pub struct WokenRun<'a> {
    /// Which of them it is, counted from the engine's start.
    pub nr: u64,
    /// The title of its rule.
    pub rule: &'a str,
    /// The run itself.
    pub sweep: &'a Sweep,
    /// The last file that it has come to.
    pub path: Option<&'a Path>,
}

/// Rules that an edge wakes, with what has to be known before they go over their locations.
pub struct Woke {
    pub(crate) rules: Vec<Arc<Rule>>,
    pub(crate) edge: Edge,
    pub(crate) before: Arc<Before>,
    pub(crate) held_back: Vec<HeldBack>,
}

impl Woke {
    /// The rules.
    pub fn rules(&self) -> &[Arc<Rule>] {
        &self.rules
    }
}

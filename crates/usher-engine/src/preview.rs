//! Trying rules that are being written: what they would do, and why they leave the rest alone.
//!
//! It is the simulation that a run is, cut short where there is too much to look at, with an account of what is passed
//! over behind it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use usher_event::{Edge, Sentence};
use usher_rule::context::{Looking, RunMemory};
use usher_rule::occasions::NO_FACTS;
use usher_rule::{Context, Root, Rule, RuleAccount, Stat, World};

use crate::disk::Overlay;
use crate::plan::{Commands, targeted};
use crate::sweep::{Ground, Limits, Simulation, Sweep, SweepReport};
use crate::unfinished::in_work;
use crate::wake::Woke;
use crate::why::turned_away;

/// What rules would do now, and what they pass over.
#[derive(Debug, Default)]
pub struct Preview {
    /// What a run would come to.
    pub report: SweepReport,
    /// What lies in the locations and is left alone.
    pub passed_over: Vec<PassedOver>,
    /// Whether everything was looked at.
    pub complete: bool,
}

/// Something that a rule leaves alone.
#[derive(Debug)]
pub struct PassedOver {
    /// The rule.
    pub rule: Arc<Rule>,
    /// What it is.
    pub path: PathBuf,
    /// Why, in a sentence.
    pub reason: Sentence,
    /// What every filter says.
    pub account: RuleAccount,
}

/// A preview on its way.
struct Attempt<'a> {
    base: &'a dyn World,
    most: usize,
    goes_on: &'a mut dyn FnMut() -> bool,
    preview: Preview,
}

impl Simulation {
    /// Tries rules on what is there. It ends early where there are more than `most` lines, or as many files that are
    /// passed over, and when `goes_on` says no.
    pub fn preview(&self, rules: &[Arc<Rule>], most: usize, goes_on: &mut dyn FnMut() -> bool) -> Preview {
        let base: &dyn World = &*self.disk;
        let mut attempt =
            Attempt { base, most, goes_on, preview: Preview { complete: true, ..Preview::default() } };
        attempt.preview.report =
            self.cut_short(Sweep::new(rules, Sentence::foreign(""), Limits::Ask, true), &mut attempt);
        attempt.pass_over(rules);
        attempt.preview
    }

    /// Tries rules as if an edge had woken them, as far as [`preview`](Self::preview) would. What they would pass over is
    /// not told.
    pub fn preview_woken(
        &self,
        rules: &[Arc<Rule>],
        edge: &Edge,
        most: usize,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> Preview {
        let base: &dyn World = &*self.disk;
        let mut attempt =
            Attempt { base, most, goes_on, preview: Preview { complete: true, ..Preview::default() } };
        let woke =
            Woke { rules: rules.to_vec(), edge: edge.clone(), before: Arc::default(), held_back: Vec::new() };
        let sweep = Sweep::woken(&woke);
        attempt.preview.report = self.cut_short(sweep, &mut attempt);
        attempt.preview
    }

    fn cut_short(&self, mut sweep: Sweep, attempt: &mut Attempt<'_>) -> SweepReport {
        let world = Overlay::new(attempt.base);
        loop {
            let in_work =
                |path: &Path, stat: &Stat, attended: bool| in_work(&*self.disk, &world, path, stat, attended);
            let ground = Ground::patient(&world, &in_work, Commands::Pretend(&*self.outside));
            let more = sweep.plan(&ground, &mut |_, _| {});
            sweep.report_planned(attempt.base);
            let enough = sweep.lines() >= attempt.most;
            if !more || enough || !(attempt.goes_on)() {
                attempt.preview.complete &= !more;
                return sweep.end_simulation();
            }
        }
    }
}

impl Attempt<'_> {
    fn pass_over(&mut self, rules: &[Arc<Rule>]) {
        let lines = &self.preview.report.lines;
        let mut told: HashSet<(String, PathBuf)> =
            lines.iter().filter_map(|line| Some((line.rule.id.clone(), line.path.clone()?))).collect();
        for rule in rules.iter().filter(|rule| !rule.standalone()) {
            // A location that cannot be expanded has its own line in the report.
            for root in rule.roots(self.base, &NO_FACTS).unwrap_or_default() {
                if !self.pass_over_in(rule, root, &mut told) {
                    self.preview.complete = false;
                    return;
                }
            }
        }
    }

    /// Gives an account of what a rule leaves alone in one of its locations; says whether there is room for more.
    /// Locations may overlap: what a rule has told something about is in `told`, and is not told again.
    fn pass_over_in(&mut self, rule: &Arc<Rule>, root: Root, told: &mut HashSet<(String, PathBuf)>) -> bool {
        let world = Overlay::new(self.base);
        let mut memory = RunMemory::new(Looking::Found);
        let mut walk = root.walking(rule.targets);
        while let Some(subject) = walk.next(self.base, &mut |_, _| {}) {
            if self.preview.passed_over.len() >= self.most || !(self.goes_on)() {
                return false;
            }
            if !targeted(rule, subject.kind) || !told.insert((rule.id.clone(), subject.path.clone())) {
                continue;
            }
            let account =
                rule.explain(&mut Context::new(&world, rule, &subject.path, walk.root(), &mut memory));
            if !account.matched {
                let reason = turned_away(&account);
                let rule = Arc::clone(rule);
                self.preview.passed_over.push(PassedOver { rule, path: subject.path, reason, account });
            }
        }
        true
    }
}

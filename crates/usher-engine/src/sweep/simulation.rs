//! A sweep that carries nothing out.

use std::path::Path;
use std::sync::Arc;

use usher_event::Sentence;
use usher_rule::occasions::Facts;
use usher_rule::{Rule, Stat};

use super::{Census, Ground, Limits, Progress, Sweep, SweepReport};
use crate::disk::{Disk, Overlay};
use crate::outside::Outside;
use crate::plan::Commands;
use crate::unfinished::in_work;
use crate::wake::Woke;

/// Simulates rules without an engine, on any thread.
pub struct Simulation {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) outside: Arc<dyn Outside>,
}

impl Simulation {
    /// Says what a run would do now. Nothing is changed and nothing is written down.
    pub fn simulate(&self, rules: &[Arc<Rule>], limits: Limits, progress: Progress<'_>) -> SweepReport {
        self.go_over(Sweep::new(rules, Sentence::foreign(""), limits, true), progress)
    }

    /// What such a simulation goes over in all; `None` where that is nothing.
    pub fn census(&self, rules: &[Arc<Rule>]) -> Option<Census> {
        Census::of(rules, &Facts::default(), &self.disk)
    }

    /// Says what rules would do if an edge had woken them.
    pub fn simulate_woken(&self, woke: &Woke, progress: Progress<'_>) -> SweepReport {
        let report = self.go_over(Sweep::woken(woke), progress);
        SweepReport { held_back: woke.held_back.clone(), ..report }
    }

    fn go_over(&self, mut sweep: Sweep, progress: Progress<'_>) -> SweepReport {
        let base: &dyn usher_rule::World = &*self.disk;
        let world = Overlay::new(base);
        loop {
            let in_work =
                |path: &Path, stat: &Stat, attended: bool| in_work(&*self.disk, &world, path, stat, attended);
            let ground = Ground::patient(&world, &in_work, Commands::Pretend(&*self.outside));
            let more = sweep.plan(&ground, progress);
            sweep.report_planned(base);
            if !more {
                return sweep.end_simulation();
            }
        }
    }
}

//! How much a run has to go over, counted beside it where it takes long. A count goes over the same locations in the same
//! way, and asks nothing of what it finds. Files come and go meanwhile, so it is never more than about right.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use usher_rule::occasions::Facts;
use usher_rule::{Root, Rule, Targets};

use super::Sweep;
use crate::disk::Disk;
use crate::engine::Engine;

/// What a run goes over, for whoever counts it on another thread.
pub struct Census {
    places: Vec<(Root, Targets)>,
    disk: Arc<dyn Disk>,
}

impl Census {
    pub(super) fn of(rules: &[Arc<Rule>], event: &Facts, disk: &Arc<dyn Disk>) -> Option<Self> {
        let places = rules.iter().filter(|rule| !rule.standalone()).flat_map(|rule| {
            let roots = rule.roots(&**disk, event).unwrap_or_default();
            roots.into_iter().map(|root| (root, rule.targets))
        });
        let places: Vec<_> = places.collect();
        (!places.is_empty()).then(|| Self { places, disk: Arc::clone(disk) })
    }

    /// Counts, until it is told to stop; `None` where it was.
    pub fn count(&self, stop: &AtomicBool) -> Option<u32> {
        let mut count = 0u32;
        for (root, targets) in &self.places {
            // The run itself says what it cannot look into.
            root.walk(&*self.disk, *targets, &mut |_, _| {}, &mut |_| {
                count = count.saturating_add(1);
                !stop.load(Ordering::Relaxed)
            });
            if stop.load(Ordering::Relaxed) {
                return None;
            }
        }
        Some(count)
    }
}

impl Engine {
    /// What a run goes over in all; `None` where it does not go over its rules' locations.
    pub fn census(&self, sweep: &Sweep) -> Option<Census> {
        Census::of(&sweep.walked, &sweep.memory.event, &self.disk)
    }

    /// How much of that is behind a run.
    pub fn gone_over(&self, sweep: &Sweep) -> u32 {
        let open = sweep.run.id.map_or(0, |run| self.flights.open_courses(run));
        sweep.looked.saturating_sub(u32::try_from(open).unwrap_or(u32::MAX))
    }
}

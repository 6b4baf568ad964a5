//! A run of a rule over single files that it has failed on.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use usher_event::{Sentence, sentence};
use usher_rule::occasions::NO_FACTS;
use usher_rule::{Root, Rule};

use super::hand::InHand;
use super::{Limits, Sweep};
use crate::brakes::Found;
use crate::disk::lstat;
use crate::engine::Engine;
use crate::told::still_going_on;

/// Why a rule cannot look at a file again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAgain {
    /// Nothing is there any more.
    Gone,
    /// The rule does not look there.
    Elsewhere,
    /// It must not be touched now, for this reason.
    Busy(Sentence),
    /// Where the rule looks cannot be told, for this reason.
    Unknown(Sentence),
}

impl Engine {
    /// A run that is about to begin: one rule, over these files alone, whatever it has done to them before. What it
    /// cannot look at is left out, each with the reason.
    pub fn begin_retry(&self, rule: &Arc<Rule>, paths: Vec<PathBuf>) -> (Sweep, Vec<(PathBuf, NotAgain)>) {
        let (mut subjects, mut left) = (Vec::new(), Vec::new());
        for path in paths {
            match self.place(rule, &path) {
                Ok(root) => subjects.push((root, path)),
                Err(reason) => left.push((path, reason)),
            }
        }
        (Sweep::again(rule, subjects), left)
    }

    /// The root of the rule's locations that the file belongs to.
    fn place(&self, rule: &Rule, path: &Path) -> Result<PathBuf, NotAgain> {
        let world: &dyn usher_rule::World = &*self.disk;
        let Ok(Some(stat)) = lstat(world, path) else { return Err(NotAgain::Gone) };
        if self.in_hands(path) {
            return Err(NotAgain::Busy(still_going_on()));
        }
        if let Some(reason) = self.at_work_on(path, &stat) {
            return Err(NotAgain::Busy(reason));
        }
        let roots = rule.roots(world, &NO_FACTS).map_err(NotAgain::Unknown)?;
        // A walk would not go there over a link.
        let holds = |root: &Root| {
            root.covers(path, stat.kind, rule.targets) && self.disk.beneath(&root.path, path).unwrap_or(false)
        };
        roots.into_iter().find(holds).map(|root| root.path).ok_or(NotAgain::Elsewhere)
    }
}

impl Sweep {
    fn again(rule: &Arc<Rule>, subjects: Vec<Found>) -> Self {
        let cause = sentence!("cause-again", "`{rule}` was tried again", rule = rule.title());
        let mut sweep = Self::new(&[], cause, Limits::Ask, false);
        sweep.rule = Some(InHand::over(Arc::clone(rule), subjects));
        sweep
    }
}

//! Files that have gone, for the rules that wait for that and for those that wait for new ones.
//!
//! What is not there cannot be looked at: all that is known of it is its path. Many programs save a file by taking the old
//! one away and making a new one, so a file has to stay away for a moment before it counts as gone. What went away while
//! nobody watched is not known to anybody.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use usher_event::sentence;
use usher_rule::context::Looking;
use usher_rule::occasions::NO_FACTS;

use crate::carry::{Course, OpenRun, Tally};
use crate::disk::{Overlay, lstat};
use crate::engine::Engine;
use crate::journal::{JournalError, RunKind};
use crate::live::{BATCH, covers_any};
use crate::plan::{Commands, Planner};
use crate::settle::partial_name;

/// How long a file has to stay away.
const AWAY: Duration = Duration::from_secs(1);

/// More paths than this are not kept in mind.
const MOST: usize = 100_000;

/// What has gone.
#[derive(Debug, Default)]
pub(crate) struct Gone {
    /// In the order they went, with when they count.
    queue: VecDeque<(Duration, PathBuf)>,
    /// When each path counts; it may have come back and gone again.
    due: HashMap<PathBuf, Duration>,
    /// What has stayed away: the next file there is a new one.
    away: HashSet<PathBuf>,
}

impl Gone {
    /// A path is not there any more.
    pub(crate) fn went(&mut self, path: &Path, now: Duration) {
        if self.queue.len() < MOST {
            self.due.insert(path.to_path_buf(), now + AWAY);
            self.queue.push_back((now + AWAY, path.to_path_buf()));
        }
    }

    /// When the next one counts.
    pub(crate) fn due(&self) -> Option<Duration> {
        self.queue.front().map(|(due, _)| *due)
    }

    /// Takes out one that counts now.
    fn take(&mut self, now: Duration) -> Option<PathBuf> {
        while self.due().is_some_and(|due| due <= now) {
            let (due, path) = self.queue.pop_front()?;
            if self.due.get(&path) == Some(&due) {
                self.due.remove(&path);
                return Some(path);
            }
        }
        None
    }

    /// Whether a file at this path is another one than what was there before.
    pub(crate) fn was_away(&self, path: &Path) -> bool {
        self.away.contains(path)
    }

    /// The rules have seen what is at this path now.
    pub(crate) fn came(&mut self, path: &Path) {
        self.away.remove(path);
    }
}

impl Engine {
    /// Takes in that a path is not there any more.
    pub(crate) fn goes(&mut self, path: &Path) {
        let minds = self.covering.iter().any(|covering| {
            let awaits = covering.rule.awaits();
            (awaits.gone || awaits.created)
                && covering.roots.iter().any(|root| covers_any(root, path, covering.rule.targets))
        });
        if minds && !partial_name(path) {
            let now = self.clock.ticks();
            self.gone.went(path, now);
        }
    }

    /// Has the rules act on what has stayed away.
    pub(crate) fn act_on_gone(&mut self) -> Result<(), JournalError> {
        let now = self.clock.ticks();
        while self.gone.due().is_some_and(|due| due <= now) {
            let (courses, paths) = self.gone_courses(now);
            let Some(first) = paths.first() else { continue };
            let cause = match courses.len() {
                1 => sentence!("cause-gone", "{path} has gone", path = first),
                more => {
                    sentence!(
                        "cause-gone-more",
                        "{path} and {more} more have gone",
                        path = first,
                        more = more - 1
                    )
                }
            };
            let mut run = OpenRun::new(RunKind::Event, cause);
            let carried = self.carry_out(&mut run, courses, false, &mut Tally::default());
            if carried.is_err() && !self.is_written_down(&run) {
                paths.iter().for_each(|path| self.gone.went(path, now));
            }
            carried?;
            self.close_run(&run)?;
        }
        Ok(())
    }

    /// What the rules will do about a batch of it, and the paths that any of them does something about.
    fn gone_courses(&mut self, now: Duration) -> (Vec<Course>, Vec<PathBuf>) {
        let disk = Arc::clone(&self.disk);
        let base: &dyn usher_rule::World = &*disk;
        let world = Overlay::new(base);
        let mut memory = std::mem::take(&mut self.memory);
        memory.looking = Looking::Newcomer;
        memory.written.clear();
        let (mut courses, mut paths) = (Vec::new(), Vec::new());
        while courses.len() < BATCH
            && let Some(path) = self.gone.take(now)
        {
            if !matches!(lstat(&world, &path), Ok(None)) {
                continue;
            }
            for covering in &self.covering {
                let rule = &covering.rule;
                let root = covering.roots.iter().find(|root| covers_any(root, &path, rule.targets));
                let Some(root) = root.filter(|_| rule.awaits().gone) else { continue };
                if rule.held_back(self.machine.state(), &NO_FACTS, &*self.disk).is_some() {
                    continue;
                }
                let mut planner = Planner { world: &world, memory: &mut memory, commands: Commands::Wait };
                let Some(matched) = planner.matches(rule, &path, &root.path) else { continue };
                let chain = planner.plan_absent(rule, matched, &root.path);
                if paths.last() != Some(&path) {
                    paths.push(path.clone());
                }
                courses.push(Course { chains: VecDeque::from([chain]), trail: Vec::new(), then: None });
                if rule.stop {
                    break;
                }
            }
            if self.gone.away.len() < MOST {
                self.gone.away.insert(path);
            }
        }
        self.memory = memory;
        (courses, paths)
    }
}

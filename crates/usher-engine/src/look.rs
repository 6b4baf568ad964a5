//! Looking beside everything else: filters that take long are asked on a thread of their own.
//!
//! Only the subject in question waits for that, and every rule it meets afterwards. When the answer is there it is looked
//! at from the first rule on, with the answer in hand. Rules that compare files with each other are asked on the engine's
//! thread all the same: what they find out about one file decides on the next.

use std::collections::{HashMap, HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use usher_event::{Sentence, sentence};
use usher_rule::context::{Haste, RunMemory, Told};
use usher_rule::{Rule, Stat};

use crate::clock::Clock;
use crate::disk::{Disk, Overlay};
use crate::engine::{Engine, Workers};
use crate::live::BATCH;
use crate::plan::{Commands, Matched, Planner};
use crate::settle::Waiting;
use crate::stamp::Stamp;
use crate::work::{Ended, Finished};

/// Threads at a time. More would only make one disk wait for itself.
const THREADS: usize = 2;

/// Code that has answered within this time is asked on the engine's own thread from then on.
const QUICK: Duration = Duration::from_millis(20);

/// What filters have answered about one subject.
pub(crate) struct Looked {
    pub(crate) matched: Option<Matched>,
    pub(crate) told: Vec<Told>,
    /// When time alone may change a no.
    pub(crate) next: Option<Timestamp>,
}

/// A look that is to be taken.
pub(crate) struct Look {
    pub(crate) rule: Arc<Rule>,
    pub(crate) path: PathBuf,
    pub(crate) root: PathBuf,
    /// What is to be looked at.
    pub(crate) stat: Stat,
    pub(crate) memory: RunMemory,
    /// Where relative paths start.
    pub(crate) cwd: PathBuf,
}

/// What a look has come to: about which version of the subject, and for which rule.
pub(crate) struct Answer {
    rule: Arc<Rule>,
    stamp: Stamp,
    looked: Looked,
}

impl Answer {
    /// Takes it out, where it is about just this.
    pub(crate) fn about(&mut self, rule: &Arc<Rule>, stat: &Stat) -> Option<Looked> {
        let fits = Arc::ptr_eq(&self.rule, rule) && self.stamp == Stamp::from(*stat);
        // Asked once more, which happens where a later rule looks for long, it has nothing more to say.
        let taken = |looked: &mut Looked| Looked {
            matched: looked.matched.take(),
            told: std::mem::take(&mut looked.told),
            next: looked.next,
        };
        fits.then(|| taken(&mut self.looked))
    }
}

/// A look on a thread of its own that has ended.
pub(crate) struct Returned {
    ticket: u64,
    answer: Answer,
    took: Duration,
}

/// Who waits for a look.
enum Asker {
    /// A file that has come or changed, with what is known about it already.
    Settled { path: PathBuf, waiting: Waiting, known: Vec<Answer> },
    /// A run over what is there.
    Sweep,
}

/// Looks that are out with threads, and what waits for them.
#[derive(Default)]
pub(crate) struct Looks {
    askers: HashMap<u64, Asker>,
    paths: HashSet<PathBuf>,
    running: usize,
    queued: VecDeque<(u64, Look)>,
    /// What is known of files that have settled and are looked at next.
    known: HashMap<PathBuf, Vec<Answer>>,
    swept: HashMap<u64, Answer>,
    /// Files for which no thread was free, in order.
    line: VecDeque<PathBuf>,
    in_line: HashMap<PathBuf, Waiting>,
    /// Rules whose code was quick the last time, by id.
    quick: HashSet<String>,
    /// Whether the last look was over as quickly, so that those in the line are likely to be.
    hurries: bool,
}

impl Looks {
    /// Whether a file is being looked at, or waits in the line.
    pub(crate) fn busy(&self, path: &Path) -> bool {
        self.paths.contains(path) || self.in_line.contains_key(path)
    }

    pub(crate) fn any(&self) -> bool {
        !self.paths.is_empty() || !self.in_line.is_empty()
    }

    /// The files that are being looked at or wait for it.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.paths.iter().chain(self.in_line.keys())
    }

    /// Whether the look that a run has asked for is not over.
    pub(crate) fn is_out(&self, ticket: u64) -> bool {
        self.askers.contains_key(&ticket)
    }

    /// What filters have answered about a file that has settled.
    pub(crate) fn take_known(&mut self, path: &Path) -> Vec<Answer> {
        self.known.remove(path).unwrap_or_default()
    }

    /// What the look has come to that a run has asked for.
    pub(crate) fn take_swept(&mut self, ticket: u64) -> Option<Answer> {
        self.swept.remove(&ticket)
    }

    /// Nobody waits for this look any more.
    pub(crate) fn forget(&mut self, ticket: u64) {
        self.askers.remove(&ticket);
        self.swept.remove(&ticket);
        self.queued.retain(|(queued, _)| *queued != ticket);
    }

    /// A file has gone, and what is known of it with it.
    pub(crate) fn gone(&mut self, path: &Path) {
        self.known.remove(path);
    }

    /// Notes how long the code of a rule took.
    fn took(&mut self, rule: &Rule, took: Duration) {
        if took < QUICK {
            self.quick.insert(rule.id.clone());
        } else {
            self.quick.remove(&rule.id);
        }
    }

    fn has_room(&self) -> bool {
        self.running < THREADS
    }
}

impl Engine {
    /// Which filters of a rule are not to be asked on this thread.
    pub(crate) fn haste(&self, rule: &Rule) -> Haste {
        let beside = matches!(self.workers, Workers::Threads(_)) && !rule.compares();
        match (beside, self.looks.quick.contains(&rule.id)) {
            (false, _) => Haste::None,
            (true, true) => Haste::Reading,
            (true, false) => Haste::ReadingAndCode,
        }
    }

    /// Asks a rule's filters on this thread; `None` where that may take long.
    pub(crate) fn look(
        &mut self,
        planner: &mut Planner<'_>,
        rule: &Rule,
        path: &Path,
        root: &Path,
    ) -> Option<Looked> {
        let haste = self.haste(rule);
        let began = self.clock.ticks();
        let mut looked = planner.look(rule, path, root, haste);
        if let Some(looked) = looked.as_mut().filter(|looked| looked.matched.is_none()) {
            looked.next = planner.next_change(rule, path, root);
        }
        if haste == Haste::Reading && rule.looks_outside() {
            self.looks.took(rule, self.clock.ticks().saturating_sub(began));
        }
        looked
    }

    /// Has a rule's filters asked about a file that has settled, which waits for the answer.
    pub(crate) fn look_beside(&mut self, look: Look, waiting: Waiting, known: Vec<Answer>) {
        let path = look.path.clone();
        if !self.looks.has_room() {
            if !known.is_empty() {
                self.looks.known.insert(path.clone(), known);
            }
            self.looks.line.push_back(path.clone());
            self.looks.in_line.insert(path, waiting);
            return;
        }
        let ticket = self.flights.take_ticket();
        self.looks.paths.insert(path.clone());
        self.looks.askers.insert(ticket, Asker::Settled { path, waiting, known });
        self.start_look(ticket, look);
    }

    /// Has a rule's filters asked for a run, which gets the answer under the number it is given here.
    pub(crate) fn look_for_sweep(&mut self, look: Look) -> u64 {
        let ticket = self.flights.take_ticket();
        self.looks.askers.insert(ticket, Asker::Sweep);
        match self.looks.has_room() {
            true => self.start_look(ticket, look),
            false => self.looks.queued.push_back((ticket, look)),
        }
        ticket
    }

    fn start_look(&mut self, ticket: u64, look: Look) {
        let Workers::Threads(report) = &self.workers else { return };
        self.looks.running += 1;
        let (reports, disk, clock) = (Arc::clone(report), Arc::clone(&self.disk), Arc::clone(&self.clock));
        let (rule, stat) = (Arc::clone(&look.rule), look.stat);
        let fault = move |message: Sentence| {
            let told = vec![Told::Trouble("filters", message)];
            let looked = Looked { matched: None, told, next: None };
            let answer = Answer { rule, stamp: stat.into(), looked };
            Finished(Ended::Look(Box::new(Returned { ticket, answer, took: QUICK })))
        };
        let faulty = fault.clone();
        let thread = std::thread::Builder::new().name("usher-look".into()).spawn(move || {
            let caught = catch_unwind(AssertUnwindSafe(|| look.take(ticket, &*disk, &*clock)));
            reports(caught.unwrap_or_else(|_| {
                faulty(sentence!("look-fault", "it ended in a fault of Usher's own; please report it"))
            }));
        });
        if let Err(error) = thread {
            report(fault(sentence!(
                "work-no-thread",
                "the system has no thread left for it: {error}",
                error = error
            )));
        }
    }

    /// Takes in what a look has come to.
    pub(crate) fn look_returned(&mut self, returned: Returned) {
        let Returned { ticket, answer, took } = returned;
        self.looks.running = self.looks.running.saturating_sub(1);
        if answer.rule.looks_outside() {
            self.looks.took(&answer.rule, took);
        }
        self.looks.hurries = took < QUICK;
        match self.looks.askers.remove(&ticket) {
            Some(Asker::Settled { path, waiting, mut known }) => {
                self.looks.paths.remove(&path);
                known.push(answer);
                self.looks.known.insert(path.clone(), known);
                self.settle.back(path, waiting, self.clock.ticks());
            }
            Some(Asker::Sweep) => drop(self.looks.swept.insert(ticket, answer)),
            None => {}
        }
        while self.looks.has_room()
            && let Some((ticket, look)) = self.looks.queued.pop_front()
        {
            self.start_look(ticket, look);
        }
    }

    /// Lets files that wait in the line be looked at, where a thread is free for them; says whether there were any.
    pub(crate) fn call_from_line(&mut self) -> bool {
        if self.looks.line.is_empty() || !self.looks.has_room() {
            return false;
        }
        let now = self.clock.ticks();
        let some = if self.looks.hurries { BATCH } else { THREADS - self.looks.running };
        let called = self.looks.line.len().min(some);
        for path in self.looks.line.drain(..called).collect::<Vec<_>>() {
            if let Some(waiting) = self.looks.in_line.remove(&path) {
                self.settle.back(path, waiting, now);
            }
        }
        true
    }
}

impl Look {
    /// Asks the filters, however long it takes.
    fn take(mut self, ticket: u64, disk: &dyn Disk, clock: &dyn Clock) -> Finished {
        let began = clock.ticks();
        let base: &dyn usher_rule::World = disk;
        let world = Overlay::new(base).starting_in(&self.cwd);
        let mut planner = Planner { world: &world, memory: &mut self.memory, commands: Commands::Wait };
        let looked = planner.look(&self.rule, &self.path, &self.root, Haste::None);
        let mut looked = looked.unwrap_or(Looked { matched: None, told: Vec::new(), next: None });
        if looked.matched.is_none() {
            looked.next = planner.next_change(&self.rule, &self.path, &self.root);
        }
        let took = clock.ticks().saturating_sub(began);
        let answer = Answer { rule: self.rule, stamp: self.stat.into(), looked };
        Finished(Ended::Look(Box::new(Returned { ticket, answer, took })))
    }
}

//! Carrying out: plans become journal entries, then deeds, then journal entries again.
//!
//! The intents of a batch of courses go on record in one write; the courses are carried out one after the other, and
//! committed as they ended. Slow steps leave for a worker thread and the course they belong to goes on when they come
//! back; everything else passes them.

mod again;
mod code;
mod ending;
mod flight;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

use usher_event::Sentence;
use usher_rule::Rule;
use usher_rule::context::RunMemory;

use crate::engine::{Engine, Happening};
use crate::intents::{note_steps, settle_all};
use crate::journal::{JournalError, RunKind};
use crate::plan::Chain;

use flight::{Aloft, Flight};

pub(crate) use ending::state_of_failed;
pub(crate) use flight::Flights;

/// What the rules will do with one subject: chains that have to be carried out in order.
pub(crate) struct Course {
    pub(crate) chains: VecDeque<Chain>,
    /// Rules that had the subject in their hands before.
    pub(crate) trail: Vec<Arc<usher_rule::Rule>>,
    /// What is looked at again when these are done. A rule that looks past what is only planned has to wait for that.
    pub(crate) then: Option<PathBuf>,
}

impl Course {
    /// Whether nothing is to be done before something is asked.
    fn only_asks(&self) -> bool {
        self.chains.len() == 1 && self.chains.front().is_some_and(Chain::only_asks)
    }
}

/// The run that courses belong to; it is begun in the journal when its first step is written down.
pub(crate) struct OpenRun {
    pub(crate) id: Option<i64>,
    pub(crate) kind: RunKind,
    pub(crate) cause: Sentence,
    /// What its filters and actions remember, where that is the run's own.
    pub(crate) memory: Option<RunMemory>,
    /// Whether whoever began it sees to what its chains ask.
    pub(crate) swept: bool,
    /// Whether what comes of it may be entered into the database later.
    pub(crate) put_off: bool,
    /// What its chains have asked, and nobody has seen to yet.
    pub(crate) asked: Vec<u64>,
    next_step: u32,
}

impl OpenRun {
    pub(crate) fn new(kind: RunKind, cause: impl Into<Sentence>) -> Self {
        Self {
            id: None,
            kind,
            cause: cause.into(),
            memory: None,
            swept: false,
            put_off: false,
            asked: Vec::new(),
            next_step: 0,
        }
    }

    /// The same for a run whose beginner sees to what its chains ask.
    pub(crate) fn swept(mut self) -> Self {
        self.swept = true;
        self
    }

    /// Takes the next step's number.
    pub(crate) fn count_step(&mut self) {
        self.next_step += 1;
    }

    /// The number the run's next step will have.
    pub(crate) fn next_step(&self) -> u32 {
        self.next_step
    }
}

/// Where a course has failed, and what that means for what was to come after it.
#[derive(Debug)]
pub(crate) struct Crash {
    /// The step of the chain that has failed.
    pub(crate) step: usize,
    /// Why.
    pub(crate) message: Sentence,
    /// Why the steps after it are not done.
    pub(crate) rest: Sentence,
}

/// How the steps of a course ended, for whoever carries it out in the foreground.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Courses that ended well.
    pub(crate) done: u32,
    /// Courses with a failed step.
    pub(crate) failed: u32,
    /// Where courses have failed, by course.
    pub(crate) crashes: Vec<(usize, Crash)>,
    /// What chains that ended well have made or moved somewhere, by course.
    pub(crate) produced: Vec<(usize, PathBuf)>,
}

impl Tally {
    /// Counts the others in.
    pub(crate) fn add(&mut self, mut others: Self) {
        self.done += others.done;
        self.failed += others.failed;
        self.produced.append(&mut others.produced);
        self.crashes.append(&mut others.crashes);
    }
}

impl Engine {
    /// Writes down and does a batch of courses. In the foreground nothing leaves for a worker thread.
    pub(crate) fn carry_out(
        &mut self,
        run: &mut OpenRun,
        courses: Vec<Course>,
        foreground: bool,
        tally: &mut Tally,
    ) -> Result<(), JournalError> {
        let (asking, courses): (Vec<Course>, Vec<Course>) = courses.into_iter().partition(Course::only_asks);
        let flights = self.write_down(run, courses)?;
        for mut course in asking {
            let asked = course.chains.pop_front().map(|chain| self.put(chain, course.trail, run.swept));
            run.asked.extend(asked);
        }
        let Some(id) = run.id else { return Ok(()) };
        *self.flights.open.entry(id).or_default() += flights.len();
        // What is planned behind a command remembers the same run.
        self.run_memories.extend(run.memory.take().map(|memory| (id, memory)));
        self.flights.aloft = Some(Aloft { run: id, begun: None });
        // One that the journal has grounded is no reason to leave the others behind.
        let flown = flights.into_iter().map(|flight| self.fly(flight, foreground, tally));
        let flown = flown.fold(Ok(()), Result::and);
        self.flights.aloft = None;
        flown
    }

    /// Ends a run as soon as its last course has ended.
    pub(crate) fn close_run(&mut self, run: &OpenRun) -> Result<(), JournalError> {
        let Some(id) = run.id else { return Ok(()) };
        self.flights.close(id);
        if run.put_off { Ok(()) } else { self.end_closed_runs() }
    }

    fn end_closed_runs(&mut self) -> Result<(), JournalError> {
        let open = &self.flights.open;
        let (ended, going): (Vec<i64>, _) =
            self.flights.closing.drain(..).partition(|id| open.get(id).is_none_or(|n| *n == 0));
        self.flights.closing = going;
        if let Err(error) = self.settle_with(&ended) {
            // They stay over, and that is written down as soon as it can be.
            self.flights.closing.extend(ended);
            return Err(error);
        }
        for id in ended {
            self.flights.open.remove(&id);
            self.flights.tallies.remove(&id);
            self.undos.release(id);
            self.run_numbers.remove(&id);
            self.happen(Happening::Run(id));
        }
        Ok(())
    }

    fn write_down(&mut self, run: &mut OpenRun, courses: Vec<Course>) -> Result<Vec<Flight>, JournalError> {
        // Nothing but intents can be added to what is put off.
        if !run.put_off {
            self.catch_up()?;
        }
        if !self.flights.any() {
            self.flights.unmade.clear();
        }
        let at = self.clock.timestamp();
        let (disk, vault, descents) = (Arc::clone(&self.disk), self.vault.clone(), &self.descents);
        // Steps may have been added behind a command.
        let counted = run.id.and_then(|id| self.run_numbers.get(&id)).copied().unwrap_or_default();
        run.next_step = run.next_step.max(counted);
        let flights = self.journal.before_deeds(|journal| {
            let mut flights = Vec::with_capacity(courses.len());
            for (nr, mut course) in courses.into_iter().enumerate() {
                if run.id.is_none() {
                    run.id = Some(journal.begin_run(run.kind, &run.cause, None, at)?);
                }
                let id = run.id.unwrap_or_default();
                let mut noted = VecDeque::new();
                for chain in &mut course.chains {
                    noted.push_back(note_steps(journal, &*disk, &vault, id, run, chain, 0, at)?);
                }
                if let (Some(chain), Some(steps)) = (course.chains.pop_front(), noted.pop_front()) {
                    let descent = chain.subject.as_deref().and_then(|path| descents.of(path));
                    flights.push(Flight {
                        descent: descent.cloned().unwrap_or_default(),
                        run: id,
                        course,
                        chain,
                        noted: steps,
                        waiting: noted,
                        at: 0,
                        left: Vec::new(),
                        nr,
                        waited: false,
                        doomed: None,
                        swept: run.swept,
                    });
                }
            }
            Ok(flights)
        })?;
        if let Some(id) = run.id {
            self.run_numbers.insert(id, run.next_step);
        }
        Ok(flights)
    }

    /// Writes down how steps have ended, and runs that could not be ended before.
    pub(crate) fn settle_steps(&mut self) -> Result<(), JournalError> {
        if self.flights.any_over() { self.end_closed_runs() } else { self.settle_with(&[]) }
    }

    /// Writes down how steps have ended, and these runs with them.
    fn settle_with(&mut self, ended: &[i64]) -> Result<(), JournalError> {
        if ended.is_empty() && !self.owes_the_journal() {
            return Ok(());
        }
        let unsettled = std::mem::take(&mut self.unsettled);
        let unremembered = std::mem::take(&mut self.unremembered);
        let at = self.clock.timestamp();
        let settled = self.journal.together(|journal| {
            settle_all(journal, &unsettled, at)?;
            unremembered
                .iter()
                .try_for_each(|(rule, stamp, path)| journal.remember(rule, stamp, path, at))?;
            ended.iter().try_for_each(|run| journal.end_run(*run, at))
        });
        if settled.is_ok() {
            self.arrears.entered();
        } else {
            // It stays true, and is written down as soon as that is possible.
            self.unsettled.splice(..0, unsettled);
            self.unremembered.splice(..0, unremembered);
        }
        settled
    }

    /// Whether something has ended and could not be written down.
    pub(crate) fn owes_the_journal(&self) -> bool {
        !self.unsettled.is_empty()
            || !self.unremembered.is_empty()
            || self.journal.waits()
            || self.flights.any_over()
    }
}

/// Rules that have had a file in their hands, and one more.
fn with_rule(trail: &[Arc<Rule>], rule: &Arc<Rule>) -> Vec<Arc<Rule>> {
    let again = trail.last().is_some_and(|last| last.id == rule.id);
    trail.iter().chain((!again).then_some(rule)).cloned().collect()
}

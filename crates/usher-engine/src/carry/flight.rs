//! Courses on their way, here or out with worker threads.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use usher_event::{Sentence, sentence};

use super::{Course, Crash, Tally};
use crate::deed::Deed;
use crate::descent::Descent;
use crate::engine::{Engine, Workers};
use crate::intents::{Noted, Unsettled};
use crate::journal::{JournalError, StepState};
use crate::plan::{Chain, Failure};
use crate::stamp::Stamp;
use crate::work::{Ended, Finished, Left, StepEnd, StepFailure, Tried, Work};

/// A course on its way.
pub(crate) struct Flight {
    pub(super) run: i64,
    pub(super) course: Course,
    /// The chain in hand, with a number and deeds for each of its steps.
    pub(super) chain: Chain,
    pub(super) noted: VecDeque<Noted>,
    /// The chains after it, noted with it.
    pub(super) waiting: VecDeque<VecDeque<Noted>>,
    /// Next step of the chain in hand.
    pub(super) at: usize,
    /// What the chain in hand has left where.
    pub(super) left: Vec<Left>,
    /// Its number in its batch.
    pub(super) nr: usize,
    /// What its subject has come of.
    pub(super) descent: Descent,
    /// Whether a chain had to wait for a command or some code, so that no rule after it has been asked yet.
    pub(super) waited: bool,
    /// [`OpenRun::swept`](super::OpenRun::swept).
    pub(super) swept: bool,
    /// A folder that a later step will delete, with what lay in it when a slow step before that began.
    pub(super) doomed: Option<(PathBuf, u64)>,
}

/// Courses that are out with worker threads.
#[derive(Default)]
pub(crate) struct Flights {
    out: HashMap<u64, Flight>,
    queued: VecDeque<Work>,
    running: usize,
    next_ticket: u64,
    /// How many courses of each run are not finished.
    pub(super) open: HashMap<i64, usize>,
    /// Runs whose planning has ended.
    pub(super) closing: Vec<i64>,
    /// How the courses of each run ended that came back from worker threads.
    pub(super) tallies: HashMap<i64, Tally>,
    /// What steps of the batch in hand were to make and have not.
    pub(super) unmade: HashSet<PathBuf>,
    /// What chains of runs that were asked for have asked.
    pub(super) asked: HashMap<i64, Vec<u64>>,
    /// What is being carried out on this thread. Still there afterwards where a mistake of ours has ended it in its midst.
    pub(super) aloft: Option<Aloft>,
}

/// A run of which something is being carried out.
#[derive(Clone, Copy)]
pub(crate) struct Aloft {
    pub(crate) run: i64,
    /// The step that was begun last.
    pub(crate) begun: Option<i64>,
}

/// Worker threads at a time. More would only make one disk wait for itself.
const WORKERS: usize = 4;

impl Flights {
    /// Whether a path is in the hands of a worker.
    pub(crate) fn busy(&self, path: &Path) -> bool {
        self.out.values().any(|flight| {
            flight.chain.subject.as_deref() == Some(path)
                || flight.chain.end.as_deref() == Some(path)
                || flight.chain.produced.iter().any(|produced| produced == path)
        })
    }

    pub(crate) fn any(&self) -> bool {
        !self.out.is_empty()
    }

    /// Whether a course of the run has not ended.
    pub(crate) fn is_open(&self, run: i64) -> bool {
        self.open_courses(run) > 0
    }

    /// How many courses of the run have not ended.
    pub(crate) fn open_courses(&self, run: i64) -> usize {
        self.open.get(&run).copied().unwrap_or_default()
    }

    /// Whether a run waits for nothing but to be written down as ended.
    pub(super) fn any_over(&self) -> bool {
        self.closing.iter().any(|run| !self.is_open(*run))
    }

    /// What chains of the run have asked since this was last asked.
    pub(crate) fn take_asked(&mut self, run: i64) -> Vec<u64> {
        self.asked.remove(&run).unwrap_or_default()
    }

    /// Notes that deeds were not done.
    pub(super) fn unmade(&mut self, deeds: &[Deed]) {
        self.unmade.extend(deeds.iter().filter_map(Deed::result).map(Path::to_path_buf));
    }

    /// Number for work that is handed to another thread.
    pub(crate) fn take_ticket(&mut self) -> u64 {
        self.next_ticket += 1;
        self.next_ticket
    }

    /// Notes that something of the run goes on elsewhere.
    pub(crate) fn leaves(&mut self, run: i64) {
        *self.open.entry(run).or_default() += 1;
    }

    /// Notes that something of the run has come to its end.
    pub(crate) fn returns(&mut self, run: i64) {
        if let Some(open) = self.open.get_mut(&run) {
            *open = open.saturating_sub(1);
        }
    }

    /// Has a run ended as soon as nothing of it goes on any more.
    pub(crate) fn close(&mut self, run: i64) {
        self.closing.push(run);
    }

    /// The run that a mistake of ours has ended in its midst.
    pub(crate) fn fallen(&self) -> Option<Aloft> {
        self.aloft
    }

    /// Whether a step waits for its turn behind one that a worker thread is at, or is that one.
    pub(crate) fn awaits(&self, step: i64) -> bool {
        let noted = |flight: &Flight| {
            flight.noted.iter().chain(flight.waiting.iter().flatten()).any(|noted| noted.id == step)
        };
        self.out.values().any(noted)
    }

    /// Has what has fallen end with what is left of it, once its steps are settled.
    pub(crate) fn clear_fallen(&mut self) {
        let Some(Aloft { run, .. }) = self.aloft.take() else { return };
        self.open.insert(run, self.out.values().filter(|flight| flight.run == run).count());
        if !self.closing.contains(&run) {
            self.close(run);
        }
    }

    /// How the courses of the run have ended that came back from worker threads since this was last asked.
    pub(crate) fn take_tally(&mut self, run: i64) -> Tally {
        self.tallies.remove(&run).unwrap_or_default()
    }
}

impl Engine {
    /// Does the steps of a course until it ends or leaves for a worker thread.
    pub(super) fn fly(
        &mut self,
        mut flight: Flight,
        foreground: bool,
        tally: &mut Tally,
    ) -> Result<(), JournalError> {
        loop {
            let at = flight.at;
            let stale = if at == 0 { self.stale(&flight.chain) } else { self.spared(&flight) };
            if let Some(why) = stale {
                if at > 0 {
                    let action = flight.chain.steps.get(at).map_or("", |step| step.action);
                    let path = flight.chain.subject.clone();
                    self.trouble(flight.run, &flight.chain, &Failure { action, path, message: why.clone() });
                    self.chain_failed(&flight);
                }
                // Whatever lies there now is looked at anew, unless what was done before would only be done again.
                if let Some(path) = flight.chain.subject.clone().filter(|_| at == 0) {
                    self.look_again(&path);
                }
                self.crash(flight, Crash { step: at, message: why.clone(), rest: why }, tally);
                return Ok(());
            }
            if let Err(error) = self.measure_again(&mut flight) {
                return self.ground(flight, error, tally);
            }
            let Some(noted) = flight.noted.front() else {
                if let Some(failure) = flight.chain.failure.take() {
                    let message = failure.message.clone();
                    self.trouble(flight.run, &flight.chain, &failure);
                    self.chain_failed(&flight);
                    let step = flight.at;
                    self.crash(flight, Crash { step, message, rest: after_failure() }, tally);
                    return Ok(());
                }
                let nr = flight.nr;
                // What still asks something has not ended yet.
                if flight.chain.inquiry().is_none() {
                    tally.produced.extend(flight.chain.produced.iter().map(|path| (nr, path.clone())));
                }
                self.chain_done(&mut flight);
                if flight.chain.inquiry().is_some() {
                    self.flight_asks(flight);
                    return Ok(());
                }
                match (flight.course.chains.pop_front(), flight.waiting.pop_front()) {
                    (Some(chain), Some(noted)) => {
                        (flight.chain, flight.noted, flight.at) = (chain, noted, 0);
                        flight.left.clear();
                        flight.doomed = None;
                        continue;
                    }
                    _ => {
                        self.land(flight, tally);
                        return Ok(());
                    }
                }
            };
            let expects = self.expected(&flight);
            let (step, work) = (noted.id, self.work_for(flight.run, noted, expects));
            self.journal.begins(step);
            self.flights.aloft = Some(Aloft { run: flight.run, begun: Some(step) });
            let tried = work.try_now();
            if let Tried::Slow(work) = &tried {
                self.watch_doomed(&mut flight, work);
                self.note_on_the_way(step, work);
            }
            let end = match tried {
                Tried::Ended(end) => end,
                Tried::Slow(work) if foreground || !matches!(self.workers, Workers::Threads(_)) => {
                    let ticket = work.ticket;
                    self.code_begins(&flight, &work);
                    let end = work.run();
                    self.code_ends(ticket);
                    end
                }
                Tried::Slow(work) => {
                    self.flights.out.insert(work.ticket, flight);
                    self.flights.queued.push_back(work);
                    self.start_workers();
                    return Ok(());
                }
            };
            let failure = match self.step_ended(&mut flight, end) {
                Ok(failure) => failure,
                Err(error) => return self.ground(flight, error, tally),
            };
            if let Some(message) = failure {
                self.chain_failed(&flight);
                let step = flight.at.saturating_sub(1);
                self.crash(flight, Crash { step, message, rest: after_failure() }, tally);
                return Ok(());
            }
        }
    }

    /// Notes from which drives a slow step takes something, and to which. After a kill they may be gone, and cannot be asked
    /// any more.
    pub(crate) fn note_on_the_way(&mut self, step: i64, work: &Work) {
        if let Some(traces) = work.on_the_way() {
            self.journal.goes_on(step, &traces);
        }
    }

    /// Goes on with the course whose slow step has ended.
    pub(crate) fn flight_returned(&mut self, ticket: u64, end: StepEnd) -> Result<(), JournalError> {
        self.flights.running = self.flights.running.saturating_sub(1);
        self.code_ends(ticket);
        self.start_workers();
        let Some(mut flight) = self.flights.out.remove(&ticket) else { return Ok(()) };
        let run = flight.run;
        self.flights.aloft = Some(Aloft { run, begun: flight.noted.front().map(|noted| noted.id) });
        let mut tally = Tally::default();
        let flown = match self.step_ended(&mut flight, end) {
            Ok(Some(message)) => {
                self.chain_failed(&flight);
                let step = flight.at.saturating_sub(1);
                self.crash(flight, Crash { step, message, rest: after_failure() }, &mut tally);
                Ok(())
            }
            Ok(None) => self.fly(flight, false, &mut tally),
            Err(error) => self.ground(flight, error, &mut tally),
        };
        self.flights.aloft = None;
        self.flights.tallies.entry(run).or_default().add(tally);
        flown.and(self.end_closed_runs())
    }

    /// Ends a course that cannot go on because the journal cannot be written. What was done is done, and what was not
    /// begun is not done any more.
    fn ground(&mut self, flight: Flight, error: JournalError, tally: &mut Tally) -> Result<(), JournalError> {
        self.chain_failed(&flight);
        let step = flight.at;
        if let Some(path) = flight.chain.subject.clone().filter(|_| step == 0) {
            self.look_again(&path);
        }
        let rest = sentence!("step-no-journal", "not done, because the journal could not be written");
        self.crash(flight, Crash { step, message: error.sentence(), rest }, tally);
        Err(error)
    }

    fn start_workers(&mut self) {
        while self.flights.running < WORKERS
            && let Some(work) = self.flights.queued.pop_front()
        {
            self.flights.running += 1;
            if let Some(flight) = self.flights.out.remove(&work.ticket) {
                self.code_begins(&flight, &work);
                self.flights.out.insert(work.ticket, flight);
            }
            self.start_worker(work);
        }
    }

    /// Has a step done on a thread of its own.
    pub(crate) fn start_worker(&self, work: Work) {
        let (Workers::Threads(report) | Workers::UndoThreads(report)) = &self.workers else { return };
        let (ticket, reports) = (work.ticket, Arc::clone(report));
        let thread = std::thread::Builder::new().name("usher-worker".into()).spawn(move || {
            let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || work.run()));
            let fault = sentence!("work-fault", "the step ended in a fault of Usher's own; please report it");
            reports(Finished(Ended::Step(ticket, caught.unwrap_or_else(|_| failed(fault)))));
        });
        if let Err(error) = thread {
            let none =
                sentence!("work-no-thread", "the system has no thread left for it: {error}", error = error);
            report(Finished(Ended::Step(ticket, failed(none))));
        }
    }

    fn work_for(&mut self, run: i64, noted: &Noted, expects: Option<(PathBuf, Stamp)>) -> Work {
        Work {
            ticket: self.flights.take_ticket(),
            run,
            deeds: noted.deeds.clone(),
            names: noted.names.clone(),
            disk: Arc::clone(&self.disk),
            outside: Arc::clone(&self.outside),
            flush: Box::new(self.journal.flusher()),
            traces: Vec::new(),
            expects,
            onto: None,
        }
    }

    /// Settles everything of a course that will not be done any more.
    fn fail_rest(&mut self, flight: &mut Flight, why: &Sentence) {
        let rest: Vec<Noted> = flight.noted.drain(..).chain(flight.waiting.drain(..).flatten()).collect();
        rest.iter().for_each(|noted| self.flights.unmade(&noted.deeds));
        self.unsettled.extend(rest.into_iter().map(|noted| Unsettled {
            step: noted.id,
            state: StepState::Failed,
            traces: Vec::new(),
            error: Some(why.clone()),
            remember: Vec::new(),
            takes_back: None,
        }));
        flight.course.chains.clear();
    }

    /// Counts a course that has failed, of which nothing more is done.
    fn crash(&mut self, mut flight: Flight, crash: Crash, tally: &mut Tally) {
        self.fail_rest(&mut flight, &crash.rest);
        tally.failed += 1;
        tally.crashes.push((flight.nr, crash));
        self.flights.returns(flight.run);
    }

    /// Counts a course that has ended well.
    fn land(&mut self, flight: Flight, tally: &mut Tally) {
        tally.done += 1;
        let next = flight.course.then.as_deref().or(flight.chain.end.as_deref().filter(|_| flight.waited));
        if let Some(next) = next {
            self.look_again(next);
        }
        self.flights.returns(flight.run);
    }
}

/// Why the rest of a chain is not done.
fn after_failure() -> Sentence {
    sentence!("step-after-failure", "not done, because the step before it failed")
}

/// The end of a step that nothing was done for, as far as anybody knows.
fn failed(message: Sentence) -> StepEnd {
    StepEnd { traces: Vec::new(), said: None, failure: Some(StepFailure::new(message)) }
}

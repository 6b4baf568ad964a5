//! Carrying out: plans become journal entries, then deeds, then journal entries again.
//!
//! The intents of a batch of courses go on record in one write; the courses are carried out one after the other, and
//! committed as they ended. Slow steps leave for a worker thread and the course they belong to goes on when they come
//! back; everything else passes them.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use usher_rule::context::RunMemory;

use crate::deed::Trace;
use crate::disk::{Overlay, lstat};
use crate::engine::{Engine, Finding, Happening, Workers};
use crate::intents::{Noted, Unsettled, note_steps, settle_all};
use crate::journal::{JournalError, RunKind, StepState};
use crate::plan::{Chain, Commands, Failure, Planner, Said};
use crate::stamp::Stamp;
use crate::work::{Finished, Left, StepEnd, Tried, Work, results};

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
    pub(crate) cause: String,
    /// What its filters and actions remember, where that is the run's own.
    pub(crate) memory: Option<RunMemory>,
    /// Whether whoever began it sees to what its chains ask.
    pub(crate) swept: bool,
    /// What its chains have asked, and nobody has seen to yet.
    pub(crate) asked: Vec<u64>,
    next_step: u32,
}

impl OpenRun {
    pub(crate) fn new(kind: RunKind, cause: impl Into<String>) -> Self {
        Self {
            id: None,
            kind,
            cause: cause.into(),
            memory: None,
            swept: false,
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

/// A course on its way.
pub(crate) struct Flight {
    run: i64,
    course: Course,
    /// The chain in hand, with a number and deeds for each of its steps.
    chain: Chain,
    noted: VecDeque<Noted>,
    /// The chains after it, noted with it.
    waiting: VecDeque<VecDeque<Noted>>,
    /// Next step of the chain in hand.
    at: usize,
    /// What the chain in hand has left where.
    left: Vec<Left>,
    /// Its number in its batch.
    nr: usize,
    /// Whether a chain had to wait for a command or some code, so that no rule after it has been asked yet.
    waited: bool,
    /// [`OpenRun::swept`].
    swept: bool,
}

/// How the steps of a course ended, for whoever carries it out in the foreground.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Courses that ended well.
    pub(crate) done: u32,
    /// Courses with a failed step.
    pub(crate) failed: u32,
    /// What went wrong, by step number in the run.
    pub(crate) errors: Vec<(usize, usize, String)>,
    /// What chains that ended well have made or moved somewhere, by course.
    pub(crate) produced: Vec<(usize, PathBuf)>,
}

impl Tally {
    /// Counts the others in.
    pub(crate) fn add(&mut self, mut others: Self) {
        self.done += others.done;
        self.failed += others.failed;
        self.produced.append(&mut others.produced);
        self.errors.append(&mut others.errors);
    }
}

/// Courses that are out with worker threads.
#[derive(Default)]
pub(crate) struct Flights {
    out: HashMap<u64, Flight>,
    queued: VecDeque<Work>,
    running: usize,
    next_ticket: u64,
    /// How many courses of each run are not finished.
    open: HashMap<i64, usize>,
    /// Runs whose planning has ended.
    closing: Vec<i64>,
    /// How the courses of each run ended that came back from worker threads.
    tallies: HashMap<i64, Tally>,
    /// What chains of runs that were asked for have asked.
    asked: HashMap<i64, Vec<u64>>,
}

/// Whether the very file the chain in hand began with is now somewhere else.
fn moved_away(flight: &Flight) -> bool {
    let Some(seen) = flight.chain.seen.filter(|seen| seen.inode != 0).map(Stamp::from) else { return false };
    flight.left.iter().any(|(path, trace)| {
        flight.chain.subject.as_ref() != Some(path)
            && trace.stamp.is_some_and(|left| left.same_identity(&seen))
    })
}

/// Worker threads at a time. More would only make one disk wait for itself.
const WORKERS: usize = 4;

impl Flights {
    /// Whether a path is in the hands of a worker.
    pub(crate) fn busy(&self, path: &std::path::Path) -> bool {
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
        self.open.get(&run).is_some_and(|courses| *courses > 0)
    }

    /// What chains of the run have asked since this was last asked.
    pub(crate) fn take_asked(&mut self, run: i64) -> Vec<u64> {
        self.asked.remove(&run).unwrap_or_default()
    }

    /// How the courses of the run have ended that came back from worker threads since this was last asked.
    pub(crate) fn take_tally(&mut self, run: i64) -> Tally {
        self.tallies.remove(&run).unwrap_or_default()
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
        for flight in flights {
            self.fly(flight, foreground, tally)?;
        }
        Ok(())
    }

    /// Ends a run as soon as its last course has ended.
    pub(crate) fn close_run(&mut self, run: &OpenRun) -> Result<(), JournalError> {
        let Some(id) = run.id else { return Ok(()) };
        self.flights.closing.push(id);
        self.end_closed_runs()
    }

    fn end_closed_runs(&mut self) -> Result<(), JournalError> {
        let open = &self.flights.open;
        let (ended, going): (Vec<i64>, _) =
            self.flights.closing.drain(..).partition(|id| open.get(id).is_none_or(|n| *n == 0));
        self.flights.closing = going;
        self.settle_with(&ended)?;
        for id in ended {
            self.flights.open.remove(&id);
            self.flights.tallies.remove(&id);
            self.run_numbers.remove(&id);
            self.happen(Happening::Run(id));
        }
        Ok(())
    }

    fn write_down(&mut self, run: &mut OpenRun, courses: Vec<Course>) -> Result<Vec<Flight>, JournalError> {
        // What was done before is entered first; nothing but intents can be added to it afterwards.
        self.settle_steps()?;
        let at = self.clock.timestamp();
        let (disk, vault) = (Arc::clone(&self.disk), self.vault.clone());
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
                    flights.push(Flight {
                        run: id,
                        course,
                        chain,
                        noted: steps,
                        waiting: noted,
                        at: 0,
                        left: Vec::new(),
                        nr,
                        waited: false,
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

    /// Does the steps of a course until it ends or leaves for a worker thread.
    fn fly(&mut self, mut flight: Flight, foreground: bool, tally: &mut Tally) -> Result<(), JournalError> {
        loop {
            if flight.at == 0
                && let Some(why) = self.stale(&flight.chain)
            {
                self.fail_rest(&mut flight, &why);
                // Whatever lies there now is looked at anew.
                if let Some(path) = flight.chain.subject.clone() {
                    self.look_again(&path);
                }
                self.land(flight, Some((0, why)), tally);
                return Ok(());
            }
            let Some(noted) = flight.noted.front() else {
                if let Some(failure) = flight.chain.failure.take() {
                    let message = failure.message.clone();
                    self.trouble(flight.run, &flight.chain, &failure);
                    self.fail_rest(&mut flight, "not done, because the step before it failed");
                    let step = flight.at;
                    self.land(flight, Some((step, message)), tally);
                    return Ok(());
                }
                let nr = flight.nr;
                tally.produced.extend(flight.chain.produced.iter().map(|path| (nr, path.clone())));
                self.chain_done(&mut flight);
                if flight.chain.inquiry().is_some() {
                    self.flight_asks(flight);
                    return Ok(());
                }
                match (flight.course.chains.pop_front(), flight.waiting.pop_front()) {
                    (Some(chain), Some(noted)) => {
                        (flight.chain, flight.noted, flight.at) = (chain, noted, 0);
                        flight.left.clear();
                        continue;
                    }
                    _ => {
                        self.land(flight, None, tally);
                        return Ok(());
                    }
                }
            };
            let work = self.work_for(noted);
            let end = match work.try_now() {
                Tried::Ended(end) => end,
                Tried::Slow(work) if foreground || matches!(self.workers, Workers::Inline) => work.run().end,
                Tried::Slow(work) => {
                    self.flights.out.insert(work.ticket, flight);
                    self.flights.queued.push_back(work);
                    self.start_workers();
                    return Ok(());
                }
            };
            if let Some(message) = self.step_ended(&mut flight, end)? {
                self.fail_rest(&mut flight, "not done, because the step before it failed");
                let step = flight.at.saturating_sub(1);
                self.land(flight, Some((step, message)), tally);
                return Ok(());
            }
        }
    }

    /// Goes on with the course whose slow step has ended.
    pub(crate) fn flight_returned(&mut self, finished: Finished) -> Result<(), JournalError> {
        self.flights.running = self.flights.running.saturating_sub(1);
        self.start_workers();
        let Some(mut flight) = self.flights.out.remove(&finished.ticket) else { return Ok(()) };
        let run = flight.run;
        let mut tally = Tally::default();
        if let Some(message) = self.step_ended(&mut flight, finished.end)? {
            self.fail_rest(&mut flight, "not done, because the step before it failed");
            let step = flight.at.saturating_sub(1);
            self.land(flight, Some((step, message)), &mut tally);
        } else {
            self.fly(flight, false, &mut tally)?;
        }
        self.flights.tallies.entry(run).or_default().add(tally);
        self.end_closed_runs()
    }

    fn start_workers(&mut self) {
        let Workers::Threads(report) = &self.workers else { return };
        while self.flights.running < WORKERS
            && let Some(work) = self.flights.queued.pop_front()
        {
            self.flights.running += 1;
            let report = Arc::clone(report);
            let ticket = work.ticket;
            let thread = std::thread::Builder::new().name("usher-worker".into()).spawn(move || {
                let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || work.run()));
                let failed = || Finished {
                    ticket,
                    end: StepEnd {
                        traces: Vec::new(),
                        said: None,
                        failure: Some(crate::work::StepFailure {
                            message: "the step ended in a fault of Usher's own; please report it".into(),
                            taken: false,
                        }),
                    },
                };
                report(caught.unwrap_or_else(|_| failed()));
            });
            if let Err(error) = thread {
                tracing::error!(%error, "cannot start a worker thread");
            }
        }
    }

    fn work_for(&mut self, noted: &Noted) -> Work {
        self.flights.next_ticket += 1;
        Work {
            ticket: self.flights.next_ticket,
            deeds: noted.deeds.clone(),
            names: noted.names.clone(),
            disk: Arc::clone(&self.disk),
            outside: Arc::clone(&self.outside),
            flush: Box::new(self.journal.flusher()),
            traces: Vec::new(),
        }
    }

    /// Notes how a step ended; the message where it failed.
    fn step_ended(&mut self, flight: &mut Flight, end: StepEnd) -> Result<Option<String>, JournalError> {
        let Some(noted) = flight.noted.pop_front() else { return Ok(None) };
        let irreversible =
            flight.chain.steps.get(flight.at).and_then(usher_rule::Step::irreversible).is_some();
        let state = match (&end.failure, irreversible) {
            (Some(_), _) => StepState::Failed,
            (None, true) => StepState::Irreversible,
            (None, false) => StepState::Done,
        };
        flight
            .left
            .extend(results(&noted.deeds, &end.traces).map(|(path, trace)| (path.to_path_buf(), trace)));
        let taken = end.failure.as_ref().is_some_and(|failure| failure.taken);
        let message = end.failure.map(|failure| failure.message);
        let step = Unsettled {
            step: noted.id,
            state,
            traces: end.traces,
            error: message.clone(),
            remember: Vec::new(),
        };
        self.unsettled.push(step);
        self.say(&flight.chain, flight.at);
        flight.at += 1;
        // What is waiting waits for the step that says something, not for those between.
        if message.is_none()
            && let Some(said) = &end.said
            && let Some(rest) = flight.chain.rest.take()
        {
            flight.waited = true;
            self.plan_rest(flight, rest, said)?;
        }
        if let (Some(_), Some(Said::Python(answer))) = (&message, &end.said)
            && !answer.printed.is_empty()
        {
            self.happen(Happening::Message { title: None, text: answer.printed.clone() });
        }
        if let (true, Some(subject)) = (taken, &flight.chain.subject) {
            // Somebody was quicker with that name. Planning anew finds another one, or the rule's own answer to it.
            let subject = subject.clone();
            self.look_again(&subject);
        } else if let Some(message) = &message {
            let action = flight.chain.steps.get(flight.at - 1).map_or("", |step| step.action);
            let failure = Failure { action, path: flight.chain.subject.clone(), message: message.clone() };
            self.trouble(flight.run, &flight.chain, &failure);
        }
        Ok(message)
    }

    /// Plans what was waiting for a command or some code, on the disk as that has left it.
    fn plan_rest(
        &mut self,
        flight: &mut Flight,
        rest: crate::plan::Rest,
        said: &Said,
    ) -> Result<(), JournalError> {
        let disk = Arc::clone(&self.disk);
        let base: &dyn usher_rule::World = &*disk;
        let world = Overlay::new(base).starting_in(rest.cwd());
        let from = flight.chain.steps.len();
        let memory = self.run_memories.get_mut(&flight.run).unwrap_or(&mut self.memory);
        let mut planner = Planner { world: &world, memory, commands: Commands::Wait };
        planner.resume(&mut flight.chain, rest, said);
        let at = self.clock.timestamp();
        let mut run = OpenRun::new(RunKind::Event, "");
        run.next_step = self.run_numbers.get(&flight.run).copied().unwrap_or_default();
        let (vault, id, chain) = (self.vault.clone(), flight.run, &mut flight.chain);
        let noted = self
            .journal
            .before_deeds(|journal| note_steps(journal, &*disk, &vault, id, &mut run, chain, from, at))?;
        self.run_numbers.insert(id, run.next_step);
        flight.noted.extend(noted);
        Ok(())
    }

    /// What speaks against doing what was planned: the subject is not what it was, or lies behind a link by now.
    fn stale(&self, chain: &Chain) -> Option<String> {
        let (subject, seen) = (chain.subject.as_ref()?, chain.seen.as_ref()?);
        if seen.device == u64::MAX {
            return None;
        }
        match lstat(&*self.disk, subject) {
            Ok(Some(stat)) if Stamp::from(*seen).same_file(&stat) => {}
            Ok(Some(_)) => return Some(format!("{} has changed since it was looked at", subject.display())),
            Ok(None) => return Some(format!("{} is not there any more", subject.display())),
            Err(error) => return Some(format!("cannot look at {}: {error}", subject.display())),
        }
        let root = chain.root.as_ref()?;
        match self.disk.beneath(root, subject) {
            Ok(true) => None,
            Ok(false) => Some(format!("{} lies behind a symbolic link now", subject.display())),
            Err(error) => Some(format!("cannot look at {}: {error}", subject.display())),
        }
    }

    /// Settles everything of a course that will not be done any more.
    fn fail_rest(&mut self, flight: &mut Flight, why: &str) {
        let rest = flight.noted.drain(..).chain(flight.waiting.drain(..).flatten());
        self.unsettled.extend(rest.map(|noted| Unsettled {
            step: noted.id,
            state: StepState::Failed,
            traces: Vec::new(),
            error: Some(why.to_owned()),
            remember: Vec::new(),
        }));
        flight.course.chains.clear();
    }

    /// Remembers what a rule has done, so that neither it nor a circle of rules does it again. What it still asks about
    /// it is not done with.
    fn chain_done(&mut self, flight: &mut Flight) {
        let chain = &flight.chain;
        // A copy leaves its original behind, and that has been handled as well.
        let original = chain.subject.iter().filter(|_| chain.end != chain.subject && !moved_away(flight));
        // What was written to, a log perhaps, is our own output as well.
        let visible = |path: &PathBuf| !path.starts_with(&self.vault);
        let written = flight.left.iter().map(|(path, _)| path).filter(|path| visible(path));
        let mut paths: Vec<&PathBuf> =
            chain.end.iter().chain(&chain.produced).chain(written).chain(original).collect();
        paths.sort();
        paths.dedup();
        if chain.inquiry().is_some() {
            paths.retain(|path| Some(*path) != chain.end.as_ref());
        }
        let with_rule = |trail: &[Arc<usher_rule::Rule>]| {
            let mut rules = trail.to_vec();
            if rules.last().is_none_or(|last| last.id != chain.rule.id) {
                rules.push(Arc::clone(&chain.rule));
            }
            rules
        };
        // What a command or code has made of the subject is its own output too.
        let ran = chain
            .steps
            .iter()
            .flat_map(|step| &step.ops)
            .any(|op| matches!(op, usher_rule::Op::Spawn(_) | usher_rule::Op::Python(_)));
        let now = self.clock.ticks();
        let mut remember = Vec::new();
        for path in paths {
            let left =
                flight.left.iter().rev().find(|(left, _)| left == path).and_then(|(_, trace)| trace.stamp);
            let seen = || {
                chain
                    .seen
                    .filter(|_| !ran && chain.end.as_ref() == Some(path) && chain.end == chain.subject)
                    .map(Stamp::from)
            };
            let stamp = left.or_else(seen).or_else(|| self.disk.stat(path).ok().map(Stamp::from));
            // A later step may have carried it on from there.
            let still = |stamp: &Stamp| {
                let same = |trace: &Trace| trace.stamp.is_some_and(|left| left.same_identity(stamp));
                flight.left.iter().rev().find(|(_, trace)| same(trace)).is_none_or(|(left, _)| left == path)
            };
            if let Some(stamp) = stamp.filter(still) {
                let rules = with_rule(self.trails.known(&stamp).unwrap_or(&flight.course.trail));
                self.trails.extend(path, stamp, rules, now);
                remember.push((chain.rule.id.clone(), stamp, path.clone()));
            }
        }
        let trail = with_rule(&flight.course.trail);
        flight.course.trail = trail;
        match self.unsettled.last_mut() {
            Some(last) => last.remember.extend(remember),
            None => self.unremembered.extend(remember),
        }
    }

    /// Puts the question that a course has come to, and leaves the course at that.
    fn flight_asks(&mut self, flight: Flight) {
        let Flight { run, course, chain, swept, .. } = flight;
        let id = self.put(chain, course.trail, swept);
        if swept {
            self.flights.asked.entry(run).or_default().push(id);
        }
        if let Some(open) = self.flights.open.get_mut(&run) {
            *open = open.saturating_sub(1);
        }
    }

    /// Puts what a chain asks; what is left of the chain waits with the question.
    fn put(&mut self, chain: Chain, trail: Vec<Arc<usher_rule::Rule>>, swept: bool) -> u64 {
        let seen = chain.end.as_ref().and_then(|end| lstat(&*self.disk, end).ok().flatten());
        let left = Chain::new(&chain.rule, chain.end.as_deref(), chain.root.as_deref(), seen);
        let id = self.brakes.ask(Chain { rest: chain.rest, ..left }, trail, swept, self.clock.timestamp());
        if !swept {
            self.happen(Happening::Asked(id));
        }
        id
    }

    /// Counts a course that has ended, with the step it failed at where it did.
    fn land(&mut self, flight: Flight, failure: Option<(usize, String)>, tally: &mut Tally) {
        match failure {
            Some((step, message)) => {
                tally.failed += 1;
                tally.errors.push((flight.nr, step, message));
            }
            None => {
                tally.done += 1;
                let next =
                    flight.course.then.as_deref().or(flight.chain.end.as_deref().filter(|_| flight.waited));
                if let Some(next) = next {
                    self.look_again(next);
                }
            }
        }
        if let Some(open) = self.flights.open.get_mut(&flight.run) {
            *open = open.saturating_sub(1);
        }
    }

    /// Passes on what a step says: messages on the terminal, and that its run has come further.
    fn say(&mut self, chain: &Chain, at: usize) {
        let Some(step) = chain.steps.get(at) else { return };
        for op in &step.ops {
            match op {
                usher_rule::Op::Notify { title, text, .. } => {
                    self.happen(Happening::Message { title: Some(title.clone()), text: text.clone() });
                }
                usher_rule::Op::Say { text } => {
                    self.happen(Happening::Message { title: None, text: text.clone() })
                }
                _ => {}
            }
        }
    }

    fn trouble(&mut self, run: i64, chain: &Chain, failure: &Failure) {
        let subject = failure.path.as_ref().map_or_else(String::new, |path| format!(" {}", path.display()));
        self.happen(Happening::Trouble(Finding {
            code: "failed_step",
            message: format!("{}: {}{subject}: {}", chain.rule.title(), failure.action, failure.message),
            hint: None,
            path: failure.path.clone(),
            run: Some(run),
            rule: Some(chain.rule.id.clone()),
        }));
    }

    /// Writes down how steps have ended.
    pub(crate) fn settle_steps(&mut self) -> Result<(), JournalError> {
        self.settle_with(&[])
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
        if settled.is_err() {
            // It stays true, and is written down as soon as that is possible.
            self.unsettled.splice(..0, unsettled);
            self.unremembered.splice(..0, unremembered);
        }
        settled
    }

    /// Whether something has ended and could not be written down.
    pub(crate) fn owes_the_journal(&self) -> bool {
        !self.unsettled.is_empty() || !self.unremembered.is_empty() || self.journal.waits()
    }
}

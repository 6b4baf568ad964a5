//! Running rules over what is there, and simulating that.
//!
//! Rules run from top to bottom, each over all of its locations, as organize does it. A run and a simulation are the
//! same walk over the same overlay; a run carries its plan out every now and then, a simulation never does.

mod census;
mod hand;
mod line;
mod planning;
mod retry;
mod simulation;

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use usher_event::{Sentence, sentence};
use usher_rule::context::{Haste, RunMemory};
use usher_rule::occasions::facts;
use usher_rule::{Rule, Stat};

use crate::asked::{Asked, Reply};
use crate::before::Before;
use crate::brakes::{Answered, Found, Held};
use crate::carry::{Course, Crash, OpenRun, Tally};
use crate::disk::{Disk, Overlay};
use crate::engine::{Engine, Happening};
use crate::journal::{JournalError, NotUndoable, RunKind};
use crate::plan::{Chain, Commands, Planner};
use crate::text::{edge_text, step_text};
use crate::told::still_going_on;
use crate::unfinished::in_work;
use crate::wake::Woke;

use hand::InHand;
use planning::Beside;

pub use census::Census;
use line::leaves_it;
pub(crate) use line::lines;
pub use line::{Line, SweepReport};
pub(crate) use planning::Ground;
pub use retry::NotAgain;
pub use simulation::Simulation;

/// How a run treats limits, and what its chains ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// What goes beyond a limit is held, and a question is put; so is what is left of a chain that asks.
    Ask,
    /// The same for limits. Where a chain asks, the run stops until it is answered: somebody sits there and waits.
    AskAtOnce,
    /// The user has said yes beforehand.
    Ignore,
}

/// How long a piece of a run may take before others have their turn. A slow step ends no piece: it runs elsewhere.
const SLICE: Duration = Duration::from_millis(50);

/// Told after each subject: how far it has come, and which one it is.
pub(crate) type Progress<'a> = &'a mut dyn FnMut(Sofar, &Path);

/// How far a run or a simulation has come when it comes to a file.
#[derive(Debug, Clone, Copy)]
pub struct Sofar {
    /// How many subjects there were, this one included.
    pub subjects: u32,
    /// How much was looked at, whether a rule wanted it or not.
    pub looked: u32,
}

/// What going on with a sweep has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Going {
    /// There is more to do, at once.
    On,
    /// There is more to do when a slow step has ended on a worker thread.
    Waits,
    /// There is more to do when the question of this number is answered
    /// ([`Engine::begin_answer`](Engine::begin_answer)).
    Asks(u64),
    /// Everything has been looked at and done.
    Over,
}

/// Rules on their way over what is there. Whoever has it goes on with it a piece at a time
/// ([`Engine::go_on`](Engine::go_on)), so that other things can be done in between.
pub struct Sweep {
    rules: VecDeque<Arc<Rule>>,
    /// All of them, also those that are done with.
    walked: Vec<Arc<Rule>>,
    /// How much of what lies in their locations has been looked at, whether a rule wanted it or not.
    looked: u32,
    /// The rule in hand.
    rule: Option<InHand>,
    memory: RunMemory,
    report: SweepReport,
    pending: Vec<Chain>,
    subjects: u32,
    limits: Limits,
    /// How many subjects each rule with a limit has matched.
    matched: HashMap<String, u64>,
    /// What goes beyond a limit, by rule.
    held: Vec<(Arc<Rule>, Vec<Found>)>,
    /// What rules with `stop` have kept for themselves, where it lies now.
    pub(crate) stopped: HashSet<PathBuf>,
    /// What its rules leave alone because they have acted on it before.
    before: Arc<Before>,
    run: OpenRun,
    /// Whether slow steps are waited for on the spot.
    foreground: bool,
    batch: Option<Batch>,
    /// What its chains have asked, and nobody has seen to yet.
    asked: VecDeque<u64>,
    /// The subject at which looking takes long.
    beside: Option<Beside>,
}

/// Chains that were carried out and whose ends are not all known.
struct Batch {
    lines: Vec<Vec<Line>>,
    /// The rule, subject and root of the last chain, where it waited for the words of a command.
    grows: Option<(Arc<Rule>, Option<PathBuf>, Option<PathBuf>)>,
    tally: Tally,
}

impl Engine {
    /// Runs rules over everything in their locations, waiting for each slow step.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn run(
        &mut self,
        rules: &[Arc<Rule>],
        cause: Sentence,
        limits: Limits,
        progress: Progress<'_>,
    ) -> Result<SweepReport, JournalError> {
        let mut sweep = Sweep::new(rules, cause, limits, true);
        while self.go_on(&mut sweep, progress)? != Going::Over {}
        self.end_sweep(sweep)
    }

    /// A run over everything in the rules' locations that is about to begin.
    pub fn begin_sweep(&self, rules: &[Arc<Rule>], cause: Sentence, limits: Limits) -> Sweep {
        Sweep::new(rules, cause, limits, false)
    }

    /// Does the next piece of a run.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn go_on(&mut self, sweep: &mut Sweep, progress: Progress<'_>) -> Result<Going, JournalError> {
        if self.waits(sweep) {
            return Ok(Going::Waits);
        }
        self.end_batch(sweep)?;
        if let Some(going) = self.see_to_question(sweep)? {
            return Ok(going);
        }
        if self.see_to_look(sweep) {
            return Ok(Going::Waits);
        }
        let disk = Arc::clone(&self.disk);
        let base: &dyn usher_rule::World = &*disk;
        let world = Overlay::new(base);
        let in_work = |path: &Path, stat: &Stat, attended: bool| match self.in_hands(path) {
            true => Some(still_going_on()),
            false => in_work(&*disk, &world, path, stat, attended),
        };
        let (foreground, until) = (sweep.foreground, self.clock.ticks() + SLICE);
        let ground = Ground {
            world: &world,
            in_work: &in_work,
            commands: Commands::Wait,
            haste: &|rule| if foreground { Haste::None } else { self.haste(rule) },
            enough: &|| !foreground && self.clock.ticks() >= until,
        };
        let more = sweep.plan(&ground, progress);
        self.carry_pending(sweep)?;
        if self.waits(sweep) {
            return Ok(Going::Waits);
        }
        self.end_batch(sweep)?;
        if let Some(going) = self.see_to_question(sweep)? {
            return Ok(going);
        }
        Ok(if more { Going::On } else { Going::Over })
    }

    /// Sees to a look that takes long; says whether the run waits for it.
    fn see_to_look(&mut self, sweep: &mut Sweep) -> bool {
        let (beside, waits) = match sweep.beside.take() {
            Some(Beside::Wanted(subject, look)) => {
                (Some(Beside::Out(subject, self.look_for_sweep(*look))), true)
            }
            Some(Beside::Out(subject, ticket)) => {
                (Some(Beside::Over(subject, self.looks.take_swept(ticket))), false)
            }
            other => (other, false),
        };
        sweep.beside = beside;
        waits
    }

    /// Sees to what a chain of the run has asked; `None` where nothing waits and the run goes on as before.
    fn see_to_question(&mut self, sweep: &mut Sweep) -> Result<Option<Going>, JournalError> {
        let Some(id) = sweep.asked.pop_front() else { return Ok(None) };
        match sweep.limits {
            Limits::AskAtOnce => return Ok(Some(Going::Asks(id))),
            Limits::Ignore => {
                if let Some(Answered::Asked(asked)) = self.brakes.answer(id, true) {
                    self.go_on_asked(sweep, *asked, Reply::Yes)?;
                }
            }
            Limits::Ask => {
                // No later rule of this run takes it meanwhile.
                let question = self.brakes.question(id);
                sweep.stopped.extend(question.and_then(|question| question.path));
                sweep.report.questions.push(id);
                self.happen(Happening::Asked(id));
            }
        }
        Ok(Some(Going::On))
    }

    /// Carries out what comes of an answer as part of a run.
    pub(crate) fn go_on_asked(
        &mut self,
        sweep: &mut Sweep,
        asked: Asked,
        reply: Reply,
    ) -> Result<(), JournalError> {
        let Asked { mut chain, trail, swept, .. } = asked;
        let disk = Arc::clone(&self.disk);
        let base: &dyn usher_rule::World = &*disk;
        let cwd = chain.rest.as_ref().map_or_else(|| base.working_dir(), |rest| rest.cwd().to_path_buf());
        let world = Overlay::new(base).starting_in(&cwd);
        let mut planner = Planner { world: &world, memory: &mut sweep.memory, commands: Commands::Wait };
        planner.answered(&mut chain, reply);
        sweep.take_on(&chain);
        // Rules that are live have been kept from it, and look at it when this is done.
        let then = chain.end.clone().filter(|_| !swept);
        self.carry_courses(sweep, vec![Course { chains: VecDeque::from([chain]), trail, then }])
    }

    /// What a run that has stopped at a question has come to so far; the rest is reported when it goes on.
    pub fn so_far(&self, sweep: &mut Sweep) -> SweepReport {
        SweepReport { run: sweep.run.id, ..std::mem::take(&mut sweep.report) }
    }

    /// Leaves a question to whoever may answer it later, and lets the run that stopped there go on without it.
    pub fn leave_question(&mut self, id: u64, sweep: &mut Sweep) {
        sweep.limits = Limits::Ask;
        sweep.asked.push_front(id);
    }

    /// Whether a step of the run is out with a worker thread, or a look. Nothing is planned ahead of it.
    pub fn waits(&self, sweep: &Sweep) -> bool {
        let looks = matches!(sweep.beside, Some(Beside::Out(_, ticket)) if self.looks.is_out(ticket));
        looks || self.steps_out(sweep)
    }

    fn steps_out(&self, sweep: &Sweep) -> bool {
        sweep.run.id.is_some_and(|id| self.flights.is_open(id))
    }

    /// Ends a run, wherever it is by now.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn end_sweep(&mut self, mut sweep: Sweep) -> Result<SweepReport, JournalError> {
        if let Some(Beside::Out(_, ticket)) = sweep.beside {
            self.looks.forget(ticket);
        }
        if !self.steps_out(&sweep) {
            self.end_batch(&mut sweep)?;
        }
        self.close_run(&sweep.run)?;
        sweep.report.run = sweep.run.id;
        sweep.say_what_is_held();
        let at = self.clock.timestamp();
        for (rule, subjects) in sweep.held {
            let id = self.brakes.hold(rule, subjects, at);
            sweep.report.questions.push(id);
            // Whoever waits for the run is asked there, and by nobody else at the same time.
            if sweep.limits != Limits::AskAtOnce {
                self.happen(Happening::Asked(id));
            }
        }
        Ok(sweep.report)
    }

    /// Says what [`run`](Self::run) would do now. Nothing is changed and nothing is written down.
    pub fn simulate(&self, rules: &[Arc<Rule>], limits: Limits, progress: Progress<'_>) -> SweepReport {
        self.simulation(Arc::clone(&self.disk)).simulate(rules, limits, progress)
    }

    /// The same for another thread, with a disk of its own: it may have another working directory.
    pub fn simulation(&self, disk: Arc<dyn Disk>) -> Simulation {
        Simulation { disk, outside: Arc::clone(&self.outside) }
    }

    fn carry_pending(&mut self, sweep: &mut Sweep) -> Result<(), JournalError> {
        let pending = std::mem::take(&mut sweep.pending);
        if pending.is_empty() {
            return Ok(());
        }
        let unchanged = pending.iter().filter(|chain| leaves_it(chain)).count();
        sweep.report.unchanged += u32::try_from(unchanged).unwrap_or(0);
        let course = |chain| Course { chains: VecDeque::from([chain]), trail: Vec::new(), then: None };
        self.carry_courses(sweep, pending.into_iter().map(course).collect())
    }

    /// Carries out courses of one chain each.
    fn carry_courses(&mut self, sweep: &mut Sweep, courses: Vec<Course>) -> Result<(), JournalError> {
        let home = self.disk.home();
        let chains = || courses.iter().filter_map(|course| course.chains.front());
        let lines = chains().map(|chain| lines(chain, home.as_deref(), 0)).collect();
        // Only the last one can be waiting for a command or an answer: nothing is planned ahead of one.
        let grows = chains().next_back().filter(|chain| chain.rest.is_some());
        let grows = grows.map(|chain| (Arc::clone(&chain.rule), chain.subject.clone(), chain.root.clone()));
        let mut tally = Tally::default();
        sweep.run.memory = Some(std::mem::take(&mut sweep.memory));
        self.carry_out(&mut sweep.run, courses, sweep.foreground, &mut tally)?;
        self.settle_steps()?;
        sweep.batch = Some(Batch { lines, grows, tally });
        Ok(())
    }

    /// Takes what has become of the last batch into the report.
    fn end_batch(&mut self, sweep: &mut Sweep) -> Result<(), JournalError> {
        let Some(Batch { mut lines, grows, mut tally }) = sweep.batch.take() else { return Ok(()) };
        tally.add(sweep.run.id.map(|id| self.flights.take_tally(id)).unwrap_or_default());
        sweep.asked.extend(sweep.run.asked.drain(..));
        sweep.asked.extend(sweep.run.id.map(|id| self.flights.take_asked(id)).unwrap_or_default());
        let memory = sweep.run.id.and_then(|id| self.run_memories.remove(&id));
        sweep.memory = memory.or_else(|| sweep.run.memory.take()).unwrap_or_default();
        if let Some((rule, ..)) = &grows {
            // What was planned behind the command is known only now. The ones before it may be another rule's.
            let last = lines.len().saturating_sub(1);
            let produced = tally.produced.iter().filter(|(nr, _)| *nr == last).map(|(_, path)| path);
            if rule.stop {
                sweep.stopped.extend(produced.clone().cloned());
            }
            if let Some(hand) = sweep.rule.as_mut().filter(|hand| hand.rule.id == rule.id) {
                hand.produced.extend(produced.cloned());
            }
        }
        if let (Some((rule, path, root)), Some(last)) = (grows, lines.last_mut()) {
            *last = self.journaled_lines(&sweep.run, &rule, path, root, last.len())?.unwrap_or_default();
        }
        for (course, Crash { step, message, rest }) in tally.crashes {
            let of_course = lines.get_mut(course).map(Vec::as_mut_slice).unwrap_or_default();
            for (nr, line) in of_course.iter_mut().enumerate().skip(step) {
                let why = if nr == step { &message } else { &rest };
                line.error.get_or_insert_with(|| why.clone());
            }
        }
        sweep.report.done += tally.done;
        sweep.report.failed += tally.failed;
        sweep.report.lines.extend(lines.into_iter().flatten());
        Ok(())
    }

    /// Lines of a chain that was planned in parts because of a command, read back from the journal.
    fn journaled_lines(
        &mut self,
        run: &OpenRun,
        rule: &Arc<Rule>,
        path: Option<PathBuf>,
        root: Option<PathBuf>,
        planned: usize,
    ) -> Result<Option<Vec<Line>>, JournalError> {
        self.settle_steps()?;
        let Some(id) = run.id else { return Ok(None) };
        let home = self.disk.home();
        let next = self.run_numbers.get(&id).copied().unwrap_or_default();
        let first = run.next_step().saturating_sub(u32::try_from(planned).unwrap_or(0));
        let steps = self.journal.steps(id)?;
        let steps = steps.into_iter().filter(|step| (first..next).contains(&step.nr));
        let line = |step: crate::StepRecord| Line {
            irreversible: match step.not_undoable() {
                Some(NotUndoable::Final(reason)) => Some(reason),
                _ => None,
            },
            rule: Arc::clone(rule),
            text: step_text(
                &step.action,
                step.from.as_deref(),
                step.to.as_deref(),
                step.note.as_ref(),
                home.as_deref(),
            ),
            action: step.action,
            path: step.from.or_else(|| path.clone()),
            root: root.clone(),
            note: step.note,
            error: step.error,
            conflict: None,
        };
        Ok(Some(steps.map(line).collect()))
    }
}

impl Sweep {
    /// The run of rules that an edge has woken, with what is known of it.
    pub(crate) fn woken(woke: &Woke) -> Self {
        let mut sweep = Self::new(&woke.rules, Sentence::foreign(""), Limits::Ask, false);
        sweep.run = OpenRun::new(RunKind::Event, Sentence::foreign(edge_text(&woke.edge)));
        sweep.memory.event = facts(&woke.edge);
        sweep.before = Arc::clone(&woke.before);
        sweep
    }

    /// A run of what an earlier one has held back, or of nothing where that was refused.
    pub(crate) fn held(held: Held, yes: bool, foreground: bool) -> Self {
        let cause = sentence!("cause-allowed", "`{rule}` was allowed to go on", rule = held.rule.title());
        let mut sweep = Self::new(&[], cause, Limits::Ask, foreground);
        sweep.rule = yes.then(|| InHand::held(held));
        sweep
    }

    /// A run for what comes of an answer.
    pub(crate) fn answered(asked: &Asked, reply: Reply, foreground: bool) -> Self {
        let rule = asked.chain.rule.title();
        let cause = match reply {
            Reply::Yes => sentence!("cause-allowed", "`{rule}` was allowed to go on", rule = rule),
            _ => sentence!("cause-told-not-to", "`{rule}` was told not to go on", rule = rule),
        };
        let mut sweep = Self::new(&[], cause, Limits::Ask, foreground);
        sweep.run.kind = RunKind::Event;
        sweep
    }

    /// Whether somebody has asked for it, rather than that something has come to pass.
    fn attended(&self) -> bool {
        self.run.kind != RunKind::Event
    }

    /// How many subjects its rules have come to.
    pub fn subjects(&self) -> u32 {
        self.subjects
    }

    /// The run that it is in the journal, once it has a step.
    pub fn run_id(&self) -> Option<i64> {
        self.run.id
    }

    pub(crate) fn new(rules: &[Arc<Rule>], cause: Sentence, limits: Limits, foreground: bool) -> Self {
        Self {
            rules: rules.iter().cloned().collect(),
            walked: rules.to_vec(),
            looked: 0,
            rule: None,
            memory: RunMemory::default(),
            report: SweepReport::default(),
            pending: Vec::new(),
            subjects: 0,
            limits,
            matched: HashMap::new(),
            held: Vec::new(),
            stopped: HashSet::new(),
            before: Arc::default(),
            run: OpenRun::new(RunKind::Sweep, cause).swept(),
            foreground,
            batch: None,
            asked: VecDeque::new(),
            beside: None,
        }
    }

    /// Ends a simulation, wherever it is by now.
    pub(crate) fn end_simulation(mut self) -> SweepReport {
        self.say_what_is_held();
        self.report
    }
}

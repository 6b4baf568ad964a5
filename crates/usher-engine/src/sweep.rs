//! Running rules over what is there, and simulating that.
//!
//! Rules run from top to bottom, each over all of its locations, as organize does it. A run and a simulation are the
//! same walk over the same overlay; a run carries its plan out every now and then, a simulation never does.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use usher_event::Subject;
use usher_rule::context::{RunMemory, Told};
use usher_rule::occasions::facts;
use usher_rule::{Root, Rule, Step, Walk, World};

use crate::asked::{Asked, Reply};
use crate::before::Before;
use crate::brakes::{Answered, Found, Held};
use crate::carry::{Course, OpenRun, Tally};
use crate::disk::{Disk, Overlay, lstat};
use crate::engine::{Engine, Happening};
use crate::journal::{JournalError, RunKind};
use crate::live::BATCH;
use crate::outside::Outside;
use crate::plan::{Chain, Commands, Planner, targeted};
use crate::text::{edge_text, step_text};
use crate::wake::Woke;

/// One line of a run or a simulation.
#[derive(Debug, Clone)]
pub struct Line {
    /// The rule.
    pub rule: Arc<Rule>,
    /// The action.
    pub action: String,
    /// The subject.
    pub path: Option<PathBuf>,
    /// The folder it was found in.
    pub root: Option<PathBuf>,
    /// The step as text.
    pub text: String,
    /// What the step says for itself, such as the message of `echo`.
    pub note: Option<String>,
    /// Why it failed, where it did.
    pub error: Option<String>,
    /// Why it could not be undone, where it could not.
    pub irreversible: Option<&'static str>,
}

/// What a run or a simulation came to.
#[derive(Debug, Default)]
pub struct SweepReport {
    /// The run in the journal; absent in a simulation, and where nothing matched.
    pub run: Option<i64>,
    /// Every step in order.
    pub lines: Vec<Line>,
    /// Folders that could not be looked into.
    pub unreadable: Vec<(PathBuf, io::Error)>,
    /// Subjects whose steps all ended well.
    pub done: u32,
    /// Subjects with a step that failed.
    pub failed: u32,
    /// Questions put for what went beyond a rule's limit; none in a simulation.
    pub questions: Vec<u64>,
}

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

/// Told after each subject: how many so far, and which one.
pub(crate) type Progress<'a> = &'a mut dyn FnMut(u32, &Path);

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

/// How many subjects are looked at in one piece, whether they match or not: a few milliseconds.
const PIECE: usize = 8192;

/// Rules on their way over what is there. Whoever has it goes on with it a piece at a time
/// ([`Engine::go_on`](Engine::go_on)), so that other things can be done in between.
pub struct Sweep {
    rules: VecDeque<Arc<Rule>>,
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
    stopped: HashSet<PathBuf>,
    /// What its rules leave alone because they have acted on it before.
    before: Arc<Before>,
    run: OpenRun,
    /// Whether slow steps are waited for on the spot.
    foreground: bool,
    batch: Option<Batch>,
    /// What its chains have asked, and nobody has seen to yet.
    asked: VecDeque<u64>,
}

/// Where subjects come from.
enum Source {
    /// What lies in the rule's locations.
    Walk { roots: VecDeque<Root>, walk: Option<Walk> },
    /// What was found before, with the root the last one lies in.
    Found { subjects: VecDeque<Found>, root: PathBuf },
}

/// A rule with what is left of its locations.
struct InHand {
    rule: Arc<Rule>,
    source: Source,
    /// What the rule itself puts into its locations is not its business any more.
    produced: HashSet<PathBuf>,
    locations: Vec<PathBuf>,
}

/// Chains that were carried out and whose ends are not all known.
struct Batch {
    lines: Vec<Vec<Line>>,
    /// The rule, subject and root of the last chain, where it waited for the words of a command.
    grows: Option<(Arc<Rule>, Option<PathBuf>, Option<PathBuf>)>,
    tally: Tally,
}

/// Simulates rules without an engine, on any thread.
pub struct Simulation {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) outside: Arc<dyn Outside>,
}

impl Simulation {
    /// Says what a run would do now. Nothing is changed and nothing is written down.
    pub fn simulate(&self, rules: &[Arc<Rule>], limits: Limits, progress: Progress<'_>) -> SweepReport {
        self.go_over(Sweep::new(rules, "", limits, true), progress)
    }

    /// Says what rules would do if an edge had woken them.
    pub fn simulate_woken(&self, woke: &Woke, progress: Progress<'_>) -> SweepReport {
        self.go_over(Sweep::woken(woke), progress)
    }

    fn go_over(&self, mut sweep: Sweep, progress: Progress<'_>) -> SweepReport {
        let base: &dyn usher_rule::World = &*self.disk;
        let world = Overlay::new(base);
        loop {
            let more = sweep.plan(&world, Commands::Pretend(&*self.outside), progress);
            sweep.report_planned(base);
            if !more {
                return sweep.end_simulation();
            }
        }
    }
}

impl Engine {
    /// Runs rules over everything in their locations, waiting for each slow step.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn run(
        &mut self,
        rules: &[Arc<Rule>],
        cause: &str,
        limits: Limits,
        progress: Progress<'_>,
    ) -> Result<SweepReport, JournalError> {
        let mut sweep = Sweep::new(rules, cause, limits, true);
        while self.go_on(&mut sweep, progress)? != Going::Over {}
        self.end_sweep(sweep)
    }

    /// A run over everything in the rules' locations that is about to begin.
    pub fn begin_sweep(&self, rules: &[Arc<Rule>], cause: &str, limits: Limits) -> Sweep {
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
        let disk = Arc::clone(&self.disk);
        let base: &dyn usher_rule::World = &*disk;
        let world = Overlay::new(base);
        let more = sweep.plan(&world, Commands::Wait, progress);
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

    /// Whether a step of the run is out with a worker thread. Nothing is planned ahead of it.
    pub fn waits(&self, sweep: &Sweep) -> bool {
        sweep.run.id.is_some_and(|id| self.flights.is_open(id))
    }

    /// Ends a run, wherever it is by now.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn end_sweep(&mut self, mut sweep: Sweep) -> Result<SweepReport, JournalError> {
        if !self.waits(&sweep) {
            self.end_batch(&mut sweep)?;
        }
        self.close_run(&sweep.run)?;
        sweep.report.run = sweep.run.id;
        sweep.say_what_is_held();
        let at = self.clock.timestamp();
        for (rule, subjects) in sweep.held {
            let id = self.brakes.hold(rule, subjects, at);
            sweep.report.questions.push(id);
            self.happen(Happening::Asked(id));
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
        for (course, step, message) in tally.errors {
            if let Some(line) = lines.get_mut(course).and_then(|lines| lines.get_mut(step)) {
                line.error.get_or_insert(message);
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
            rule: Arc::clone(rule),
            text: step_text(
                &step.action,
                step.from.as_deref(),
                step.to.as_deref(),
                step.note.as_deref(),
                home.as_deref(),
            ),
            action: step.action,
            path: step.from.or_else(|| path.clone()),
            root: root.clone(),
            note: step.note,
            error: step.error,
            irreversible: None,
        };
        Ok(Some(steps.map(line).collect()))
    }
}

impl Sweep {
    /// The run of rules that an edge has woken, with what is known of it.
    pub(crate) fn woken(woke: &Woke) -> Self {
        let mut sweep = Self::new(&woke.rules, "", Limits::Ask, false);
        sweep.run = OpenRun::new(RunKind::Event, edge_text(&woke.edge));
        sweep.memory.event = facts(&woke.edge);
        sweep.before = Arc::clone(&woke.before);
        sweep
    }

    /// A run of what an earlier one has held back, or of nothing where that was refused.
    pub(crate) fn held(held: Held, yes: bool, foreground: bool) -> Self {
        let cause = format!("`{}` was allowed to go on", held.rule.title());
        let mut sweep = Self::new(&[], &cause, Limits::Ask, foreground);
        sweep.rule = yes.then(|| InHand {
            rule: held.rule,
            source: Source::Found { subjects: held.subjects.into(), root: PathBuf::new() },
            produced: HashSet::new(),
            locations: Vec::new(),
        });
        sweep
    }

    /// A run for what comes of an answer.
    pub(crate) fn answered(asked: &Asked, reply: Reply, foreground: bool) -> Self {
        let what = if reply == Reply::Yes { "allowed to go on" } else { "told not to go on" };
        let cause = format!("`{}` was {what}", asked.chain.rule.title());
        let mut sweep = Self::new(&[], &cause, Limits::Ask, foreground);
        sweep.run.kind = RunKind::Event;
        sweep
    }

    pub(crate) fn new(rules: &[Arc<Rule>], cause: &str, limits: Limits, foreground: bool) -> Self {
        Self {
            rules: rules.iter().cloned().collect(),
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
        }
    }

    /// Plans until there is enough to be carried out, or enough has been looked at; says whether anything is left.
    pub(crate) fn plan(
        &mut self,
        world: &Overlay<'_>,
        commands: Commands<'_>,
        progress: Progress<'_>,
    ) -> bool {
        for _ in 0..PIECE {
            // Code of the user's sees the disk and not the plan: what is planned is done first.
            let looks_outside = self.rule.as_ref().is_some_and(|hand| hand.rule.looks_outside());
            if self.pending.len() >= BATCH
                || self.ends_unforeseen()
                || looks_outside && !self.pending.is_empty()
            {
                return true;
            }
            let Some(mut hand) = self.rule.take() else {
                let Some(rule) = self.rules.pop_front() else { return false };
                self.begin(rule, world, commands);
                continue;
            };
            match hand.next(world, &mut self.report.unreadable) {
                Some(subject) => self.subject(&mut hand, &subject, world, commands, progress),
                None => continue,
            }
            self.rule = Some(hand);
        }
        true
    }

    /// Takes what was planned into the report as if it were done.
    pub(crate) fn report_planned(&mut self, world: &dyn World) {
        for chain in std::mem::take(&mut self.pending) {
            if chain.failure.is_some() {
                self.report.failed += 1
            } else {
                self.report.done += 1
            }
            self.report.lines.extend(lines(&chain, world.home().as_deref(), 0));
        }
    }

    /// How many lines there are so far.
    pub(crate) fn lines(&self) -> usize {
        self.report.lines.len()
    }

    /// Ends a simulation, wherever it is by now.
    pub(crate) fn end_simulation(mut self) -> SweepReport {
        self.say_what_is_held();
        self.report
    }

    /// A command may change anything, what an archive will be like is known only roughly, and what is answered to a
    /// question nobody knows, so nothing is planned ahead of those.
    fn ends_unforeseen(&self) -> bool {
        let unforeseen = |chain: &Chain| {
            chain.rest.is_some() || chain.steps.iter().flat_map(|step| &step.ops).any(|op| !op.foreseen())
        };
        self.pending.last().is_some_and(unforeseen)
    }

    fn begin(&mut self, rule: Arc<Rule>, world: &Overlay<'_>, commands: Commands<'_>) {
        if rule.standalone() {
            let mut planner = Planner { world, memory: &mut self.memory, commands };
            self.pending.push(planner.standalone(&rule));
            return;
        }
        match rule.roots(world, &self.memory.event) {
            Ok(roots) => {
                let locations = roots.iter().map(|root| root.path.clone()).collect();
                let produced = HashSet::new();
                let source = Source::Walk { roots: roots.into(), walk: None };
                self.rule = Some(InHand { rule, source, produced, locations });
            }
            Err(error) => {
                self.report.failed += 1;
                self.report.lines.push(location_failed(&rule, error));
            }
        }
    }

    fn subject(
        &mut self,
        hand: &mut InHand,
        subject: &Subject,
        world: &Overlay<'_>,
        commands: Commands<'_>,
        progress: Progress<'_>,
    ) {
        let Some(root) = hand.source.root() else { return };
        if !targeted(&hand.rule, subject.kind)
            || hand.produced.contains(&subject.path)
            || self.stopped.contains(&subject.path)
            || self.is_done_with(hand, &subject.path, world)
        {
            return;
        }
        let mut planner = Planner { world, memory: &mut self.memory, commands };
        let (matched, told) = planner.matches(&hand.rule, &subject.path, root);
        self.tell(&hand.rule, root, &subject.path, told, world);
        let Some(matched) = matched else { return };
        // An earlier step of this very run may have taken it away after its directory was listed.
        let place = matched.switched(&subject.path).unwrap_or(&subject.path);
        let Ok(Some(seen)) = lstat(world, place) else { return };
        // What was held once was allowed since.
        if matches!(hand.source, Source::Walk { .. }) && self.goes_beyond(&hand.rule) {
            let found = (root.to_path_buf(), subject.path.clone());
            match self.held.last_mut() {
                Some((last, subjects)) if last.id == hand.rule.id => subjects.push(found),
                _ => self.held.push((Arc::clone(&hand.rule), vec![found])),
            }
            return;
        }
        let mut planner = Planner { world, memory: &mut self.memory, commands };
        let chain = planner.plan(&hand.rule, matched, root, seen);
        hand.leave_alone(&chain);
        self.stop_at(&chain);
        self.subjects += 1;
        progress(self.subjects, &subject.path);
        self.pending.push(chain);
    }
}

impl Sweep {
    /// Keeps a chain that was planned outside of the walk in mind, as if the walk had come to it.
    fn take_on(&mut self, chain: &Chain) {
        if let Some(hand) = self.rule.as_mut().filter(|hand| hand.rule.id == chain.rule.id) {
            hand.leave_alone(chain);
        }
        self.stop_at(chain);
    }

    /// Keeps later rules from what a rule with `stop` has had.
    fn stop_at(&mut self, chain: &Chain) {
        if chain.rule.stop {
            self.stopped.extend(chain.end.iter().chain(&chain.produced).cloned());
        }
    }

    /// Whether the rule has acted on it in an earlier run, and minds.
    fn is_done_with(&self, hand: &InHand, path: &Path, world: &Overlay<'_>) -> bool {
        // What was held once was allowed since.
        self.before.minds(&hand.rule)
            && matches!(hand.source, Source::Walk { .. })
            && lstat(world, path).is_ok_and(|stat| {
                stat.is_some_and(|stat| self.before.is_done(&hand.rule, path, &stat.into()))
            })
    }

    /// Counts one more subject of a rule; says whether that is more than it may act on without asking.
    fn goes_beyond(&mut self, rule: &Rule) -> bool {
        let Some(limit) = rule.limit.filter(|_| self.limits != Limits::Ignore) else { return false };
        let count = self.matched.entry(rule.id.clone()).or_default();
        *count += 1;
        *count > limit
    }

    /// Puts down what filters have to tell.
    fn tell(&mut self, rule: &Arc<Rule>, root: &Path, path: &Path, told: Vec<Told>, world: &Overlay<'_>) {
        for told in told {
            let (note, error) = match told {
                Told::Said(text) => (Some(text), None),
                Told::Trouble(message) => (None, Some(message)),
            };
            self.report.failed += u32::from(error.is_some());
            self.report.lines.push(Line {
                rule: Arc::clone(rule),
                action: "python".into(),
                path: Some(path.to_path_buf()),
                root: Some(root.to_path_buf()),
                text: step_text("python", Some(path), None, note.as_deref(), world.home().as_deref()),
                note,
                error,
                irreversible: None,
            });
        }
    }

    /// Adds a line for each rule that asks before it goes on.
    fn say_what_is_held(&mut self) {
        let lines = self.held.iter().map(|(rule, subjects)| asks(rule, subjects.len()));
        self.report.lines.extend(lines);
    }
}

impl InHand {
    /// Keeps the rule from what it has put into its own locations.
    fn leave_alone(&mut self, chain: &Chain) {
        if chain.failure.is_none() {
            let inside = |path: &&PathBuf| self.locations.iter().any(|location| path.starts_with(location));
            self.produced.extend(chain.produced.iter().filter(inside).cloned());
        }
    }

    /// The next subject.
    fn next(&mut self, world: &Overlay<'_>, unreadable: &mut Vec<(PathBuf, io::Error)>) -> Option<Subject> {
        let mut note = |path: &Path, error: io::Error| unreadable.push((path.to_path_buf(), error));
        match &mut self.source {
            Source::Walk { roots, walk } => loop {
                if let Some(subject) = walk.as_mut().and_then(|walk| walk.next(world, &mut note)) {
                    return Some(subject);
                }
                *walk = Some(roots.pop_front()?.walking(self.rule.targets));
            },
            Source::Found { subjects, root } => loop {
                let path;
                (*root, path) = subjects.pop_front()?;
                // What has gone is not the file that was asked about.
                if let Ok(Some(stat)) = lstat(world, &path) {
                    return Some(Subject { path, kind: stat.kind });
                }
            },
        }
    }
}

impl Source {
    /// The root of the subject that came last.
    fn root(&self) -> Option<&Path> {
        match self {
            Self::Walk { walk, .. } => walk.as_ref().map(Walk::root),
            Self::Found { root, .. } => Some(root),
        }
    }
}

/// The lines of a chain from its `from`th step on.
pub(crate) fn lines(chain: &Chain, home: Option<&Path>, from: usize) -> Vec<Line> {
    let line = |action: &str, path: &Option<PathBuf>, text: String| Line {
        rule: Arc::clone(&chain.rule),
        action: action.to_owned(),
        path: path.clone(),
        root: chain.root.clone(),
        text,
        note: None,
        error: None,
        irreversible: None,
    };
    let step = |step: &Step| {
        let text =
            step_text(step.action, step.from.as_deref(), step.to.as_deref(), step.note.as_deref(), home);
        let irreversible = step.irreversible();
        Line { note: step.note.clone(), irreversible, ..line(step.action, &step.from, text) }
    };
    let mut lines: Vec<Line> = chain.steps[from..].iter().map(step).collect();
    if let Some(failure) = &chain.failure {
        let text = step_text(failure.action, failure.path.as_deref(), None, None, home);
        let error = Some(failure.message.clone());
        lines.push(Line { error, ..line(failure.action, &failure.path, text) });
    }
    lines
}

/// The line of a rule that asks before it goes on.
fn asks(rule: &Arc<Rule>, held: usize) -> Line {
    let limit = rule.limit.unwrap_or(0);
    let text = format!("limit: {} asks before it acts on {held} more than {limit}", rule.title());
    Line { action: "limit".into(), text, error: None, ..location_failed(rule, String::new()) }
}

fn location_failed(rule: &Arc<Rule>, error: String) -> Line {
    Line {
        rule: Arc::clone(rule),
        action: "locations".into(),
        path: None,
        root: None,
        text: format!("locations of {}", rule.title()),
        note: None,
        error: Some(error),
        irreversible: None,
    }
}

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
use usher_rule::{Rule, Step, World};

use crate::brakes::{Found, Held};
use crate::carry::{Course, OpenRun, Tally};
use crate::disk::{Overlay, lstat};
use crate::engine::{Engine, Happening};
use crate::journal::{JournalError, RunKind};
use crate::live::BATCH;
use crate::plan::{Chain, Commands, Planner, targeted};
use crate::text::step_text;

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

/// How a run treats limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// What goes beyond a limit is held, and a question is put.
    Ask,
    /// The user has said yes beforehand.
    Ignore,
}

/// Told after each subject: how many so far, and which one.
pub(crate) type Progress<'a> = &'a mut dyn FnMut(u32, &Path);

impl Engine {
    /// Runs rules over everything in their locations.
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
        let disk = Arc::clone(&self.disk);
        let base: &dyn usher_rule::World = &*disk;
        let world = Overlay::new(base);
        let mut sweep = Sweep::new(&world, progress, Commands::Wait, limits);
        let mut run = OpenRun::new(RunKind::Sweep, cause);
        let mut carry = |pending: Vec<Pending>, report: &mut SweepReport, world: &Overlay<'_>| {
            self.carry_pending(&mut run, pending, report)?;
            world.clear();
            Ok(())
        };
        sweep.rules(rules, &mut carry)?;
        let (mut report, held) = (sweep.report, sweep.held);
        self.close_run(&run)?;
        report.run = run.id;
        let at = self.clock.timestamp();
        report.questions =
            held.into_iter().map(|(rule, subjects)| self.brakes.hold(rule, subjects, at)).collect();
        report.questions.iter().for_each(|id| self.happen(Happening::Asked(*id)));
        Ok(report)
    }

    /// Goes on with what a run has held back.
    pub(crate) fn run_held(&mut self, held: &Held) -> Result<SweepReport, JournalError> {
        let disk = Arc::clone(&self.disk);
        let base: &dyn usher_rule::World = &*disk;
        let world = Overlay::new(base);
        let mut progress = |_: u32, _: &Path| {};
        let mut sweep = Sweep::new(&world, &mut progress, Commands::Wait, Limits::Ignore);
        let mut run = OpenRun::new(RunKind::Sweep, format!("`{}` was allowed to go on", held.rule.title()));
        let mut carry = |pending: Vec<Pending>, report: &mut SweepReport, world: &Overlay<'_>| {
            self.carry_pending(&mut run, pending, report)?;
            world.clear();
            Ok(())
        };
        sweep.subjects(&held.rule, &held.subjects, &mut carry)?;
        let mut report = sweep.report;
        self.close_run(&run)?;
        report.run = run.id;
        Ok(report)
    }

    /// Says what [`run`](Self::run) would do now. Nothing is changed and nothing is written down.
    pub fn simulate(&self, rules: &[Arc<Rule>], limits: Limits, progress: Progress<'_>) -> SweepReport {
        let base: &dyn usher_rule::World = &*self.disk;
        let world = Overlay::new(base);
        let mut sweep = Sweep::new(&world, progress, Commands::Pretend(&*self.outside), limits);
        let mut keep = |pending: Vec<Pending>, report: &mut SweepReport, _: &Overlay<'_>| {
            for pending in pending {
                if pending.chain.failure.is_some() {
                    report.failed += 1
                } else {
                    report.done += 1
                }
                report.lines.extend(lines(&pending.chain, base.home().as_deref(), 0));
            }
            Ok(())
        };
        // Carrying nothing out cannot fail.
        let _ = sweep.rules(rules, &mut keep);
        sweep.report
    }

    fn carry_pending(
        &mut self,
        run: &mut OpenRun,
        pending: Vec<Pending>,
        report: &mut SweepReport,
    ) -> Result<(), JournalError> {
        let home = self.disk.home();
        let mut all: Vec<Vec<Line>> =
            pending.iter().map(|pending| lines(&pending.chain, home.as_deref(), 0)).collect();
        // Only the last one can be waiting for a command: nothing is planned ahead of one.
        let grows = pending.last().filter(|pending| pending.chain.rest.is_some());
        let grows = grows
            .map(|Pending { chain }| (Arc::clone(&chain.rule), chain.subject.clone(), chain.root.clone()));
        let course = |pending: Pending| Course {
            chains: VecDeque::from([pending.chain]),
            trail: Vec::new(),
            then: None,
        };
        let mut tally = Tally::default();
        self.carry_out(run, pending.into_iter().map(course).collect(), true, &mut tally)?;
        if let (Some((rule, path, root)), Some(last)) = (grows, all.last_mut()) {
            *last = self.journaled_lines(run, &rule, path, root, last.len())?.unwrap_or_default();
        }
        for (course, step, message) in tally.errors {
            if let Some(line) = all.get_mut(course).and_then(|lines| lines.get_mut(step)) {
                line.error.get_or_insert(message);
            }
        }
        report.done += tally.done;
        report.failed += tally.failed;
        report.lines.extend(all.into_iter().flatten());
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
            path: path.clone(),
            root: root.clone(),
            error: step.error,
            irreversible: None,
        };
        Ok(Some(steps.map(line).collect()))
    }
}

/// A chain that is planned and not carried out yet.
struct Pending {
    chain: Chain,
}

/// What happens to a batch of planned chains.
type Carry<'a> = dyn FnMut(Vec<Pending>, &mut SweepReport, &Overlay<'_>) -> Result<(), JournalError> + 'a;

struct Sweep<'a, 'w> {
    world: &'a Overlay<'w>,
    memory: RunMemory,
    commands: Commands<'a>,
    progress: Progress<'a>,
    report: SweepReport,
    pending: Vec<Pending>,
    subjects: u32,
    limits: Limits,
    /// How many subjects each rule with a limit has matched.
    matched: HashMap<String, u64>,
    /// What goes beyond a limit, by rule.
    held: Vec<(Arc<Rule>, Vec<Found>)>,
    /// What rules with `stop` have kept for themselves, where it lies now.
    stopped: HashSet<PathBuf>,
}

impl<'a, 'w> Sweep<'a, 'w> {
    fn new(world: &'a Overlay<'w>, progress: Progress<'a>, commands: Commands<'a>, limits: Limits) -> Self {
        Self {
            world,
            memory: RunMemory::default(),
            commands,
            progress,
            report: SweepReport::default(),
            pending: Vec::new(),
            subjects: 0,
            limits,
            matched: HashMap::new(),
            held: Vec::new(),
            stopped: HashSet::new(),
        }
    }

    fn rules(&mut self, rules: &[Arc<Rule>], carry: &mut Carry<'_>) -> Result<(), JournalError> {
        for rule in rules {
            if rule.standalone() {
                let chain = self.planner().standalone(rule);
                self.take(chain, carry)?;
            } else {
                self.rule(rule, carry)?;
            }
        }
        self.flush(carry)
    }

    fn planner(&mut self) -> Planner<'_> {
        Planner { world: self.world, memory: &mut self.memory, commands: self.commands }
    }

    fn rule(&mut self, rule: &Arc<Rule>, carry: &mut Carry<'_>) -> Result<(), JournalError> {
        let roots = match rule.roots(self.world) {
            Ok(roots) => roots,
            Err(error) => {
                self.report.failed += 1;
                self.report.lines.push(location_failed(rule, error));
                return Ok(());
            }
        };
        // What the rule itself puts into its locations is not its business any more.
        let mut produced: HashSet<PathBuf> = HashSet::new();
        for root in roots {
            let mut unreadable = Vec::new();
            let mut result = Ok(());
            let world = self.world;
            let mut visit = |subject: Subject| {
                result = self.subject(rule, &root.path, &subject, &mut produced, carry);
                result.is_ok()
            };
            let mut note = |path: &Path, error: io::Error| unreadable.push((path.to_path_buf(), error));
            root.walk(world, rule.targets, &mut note, &mut visit);
            result?;
            self.report.unreadable.append(&mut unreadable);
        }
        if let Some((held_for, subjects)) = self.held.last()
            && held_for.id == rule.id
        {
            let line = asks(rule, subjects.len());
            // Behind the lines of what it does without asking.
            self.flush(carry)?;
            self.report.lines.push(line);
        }
        Ok(())
    }

    fn subject(
        &mut self,
        rule: &Arc<Rule>,
        root: &Path,
        subject: &Subject,
        produced: &mut HashSet<PathBuf>,
        carry: &mut Carry<'_>,
    ) -> Result<(), JournalError> {
        if !targeted(rule, subject.kind)
            || produced.contains(&subject.path)
            || self.stopped.contains(&subject.path)
        {
            return Ok(());
        }
        // Code of the user's sees the disk and not the plan: what is planned is done first.
        if rule.looks_outside() {
            self.flush(carry)?;
        }
        let (matched, told) = self.planner().matches(rule, &subject.path, root);
        self.tell(rule, root, &subject.path, told);
        let Some(matched) = matched else { return Ok(()) };
        // An earlier step of this very run may have taken it away after its directory was listed.
        let place = matched.switched(&subject.path).unwrap_or(&subject.path);
        let Ok(Some(seen)) = lstat(self.world, place) else { return Ok(()) };
        if self.goes_beyond(rule) {
            match self.held.last_mut() {
                Some((last, subjects)) if last.id == rule.id => {
                    subjects.push((root.into(), subject.path.clone()))
                }
                _ => self.held.push((Arc::clone(rule), vec![(root.into(), subject.path.clone())])),
            }
            return Ok(());
        }
        let chain = self.planner().plan(rule, matched, root, seen);
        if chain.failure.is_none() {
            produced.extend(chain.produced.iter().cloned());
        }
        if rule.stop {
            self.stopped.extend(chain.end.iter().chain(&chain.produced).cloned());
        }
        self.subjects += 1;
        (self.progress)(self.subjects, &subject.path);
        self.take(chain, carry)
    }

    /// Counts one more subject of a rule; says whether that is more than it may act on without asking.
    fn goes_beyond(&mut self, rule: &Rule) -> bool {
        let (Some(limit), Limits::Ask) = (rule.limit, self.limits) else { return false };
        let count = self.matched.entry(rule.id.clone()).or_default();
        *count += 1;
        *count > limit
    }

    /// Looks at subjects that were found before.
    fn subjects(
        &mut self,
        rule: &Arc<Rule>,
        subjects: &[Found],
        carry: &mut Carry<'_>,
    ) -> Result<(), JournalError> {
        let mut produced = HashSet::new();
        for (root, path) in subjects {
            // What has gone, or is something else by now, is not the file that was asked about.
            let Ok(Some(stat)) = lstat(self.world, path) else { continue };
            let subject = Subject { path: path.clone(), kind: stat.kind };
            self.subject(rule, root, &subject, &mut produced, carry)?;
        }
        self.flush(carry)
    }

    /// Puts down what filters have to tell.
    fn tell(&mut self, rule: &Arc<Rule>, root: &Path, path: &Path, told: Vec<Told>) {
        let home = self.world.home();
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
                text: step_text("python", Some(path), None, note.as_deref(), home.as_deref()),
                error,
                irreversible: None,
            });
        }
    }

    /// Keeps a planned chain until there are enough of them. A command may change anything, and what an archive will be
    /// like is known only roughly, so nothing is planned ahead of those.
    fn take(&mut self, chain: Chain, carry: &mut Carry<'_>) -> Result<(), JournalError> {
        let unforeseen = chain.steps.iter().flat_map(|step| &step.ops).any(|op| !op.foreseen());
        self.pending.push(Pending { chain });
        if unforeseen || self.pending.len() >= BATCH { self.flush(carry) } else { Ok(()) }
    }

    fn flush(&mut self, carry: &mut Carry<'_>) -> Result<(), JournalError> {
        let pending = std::mem::take(&mut self.pending);
        if pending.is_empty() { Ok(()) } else { carry(pending, &mut self.report, self.world) }
    }
}

/// The lines of a chain from its `from`th step on.
pub(crate) fn lines(chain: &Chain, home: Option<&Path>, from: usize) -> Vec<Line> {
    let line = |action: &str, text: String, error: Option<String>, irreversible| Line {
        rule: Arc::clone(&chain.rule),
        action: action.to_owned(),
        path: chain.subject.clone(),
        root: chain.root.clone(),
        text,
        error,
        irreversible,
    };
    let step = |step: &Step| {
        let text =
            step_text(step.action, step.from.as_deref(), step.to.as_deref(), step.note.as_deref(), home);
        line(step.action, text, None, step.irreversible())
    };
    let mut lines: Vec<Line> = chain.steps[from..].iter().map(step).collect();
    if let Some(failure) = &chain.failure {
        let text = step_text(failure.action, failure.path.as_deref(), None, None, home);
        lines.push(line(failure.action, text, Some(failure.message.clone()), None));
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
        error: Some(error),
        irreversible: None,
    }
}

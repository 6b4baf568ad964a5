//! Running rules over what is there, because somebody asked. However long it takes, the owner goes on answering.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use usher_engine::{Going, Limits, Reply as Answer, Simulation, Sweep, SweepReport};
use usher_event::{Edge, Sentence, sentence};
use usher_rule::Rule;

use super::named::named;
use super::requests::{absolute, fault, journal_refusal, value};
use super::tally::Tally;
use super::{Owner, Reply};
use crate::api::{Notice, Refusal, RunRequest, RunSummary};
use crate::present;
use crate::rules::{config_of, read_config};
use crate::subscribers::Outlet;

/// The time between two pieces of progress.
const APART: Duration = Duration::from_millis(100);

/// What rules go by whose text was given without a name.
const UNNAMED: &str = "rules";

/// A run that is going on. The owner does a piece of it in each of its turns.
pub(super) struct Pending {
    sweep: Sweep,
    working_dir: Option<PathBuf>,
    progress: Progress,
    tally: Tally,
    reply: Reply,
}

/// A run that has stopped at a question.
pub(super) struct Stopped {
    sweep: Sweep,
    working_dir: Option<PathBuf>,
}

impl Owner {
    /// Begins to run or simulate rules; the answer comes when that is done.
    pub(super) fn start_run(&mut self, request: &RunRequest, outlet: Option<Outlet>, reply: Reply) {
        let prepared = catch_unwind(AssertUnwindSafe(|| self.prepare_run(request)));
        let (rules, working_dir) = match prepared {
            Ok(Ok(prepared)) => prepared,
            Ok(Err(refusal)) => return reply(Err(refusal)),
            Err(_) => return reply(Err(fault())),
        };
        let progress = self.progress(outlet);
        if request.simulate {
            return self.simulate(rules, working_dir, limits(request), progress, reply);
        }
        let sweep = self.engine.begin_sweep(&rules, cause(request), limits(request));
        self.runs.push_back(Pending { sweep, working_dir, progress, tally: Tally::new(), reply });
    }

    fn prepare_run(&self, request: &RunRequest) -> Result<(Vec<Arc<Rule>>, Option<PathBuf>), Refusal> {
        let known = match (&request.text, &request.config) {
            (Some(text), config) => config_of(Path::new(config.as_deref().unwrap_or(UNNAMED)), text)?,
            (None, Some(config)) => read_config(&absolute(config)?)?,
            (None, None) => self.engine.rules().to_vec(),
        };
        let working_dir = request.working_dir.as_deref().map(absolute).transpose()?;
        Ok((selected(known, request)?, working_dir))
    }

    /// Says what the rules that wait for an edge would do.
    pub(super) fn simulate_edge(&self, edge: Edge, reply: Reply) {
        match self.engine.would_wake(&edge) {
            Ok(woke) => {
                self.imagine(None, reply, move |simulation| simulation.simulate_woken(&woke, &mut |_, _| {}));
            }
            Err(error) => reply(Err(super::requests::journal_refusal(&error))),
        }
    }

    fn simulate(
        &self,
        rules: Vec<Arc<Rule>>,
        working_dir: Option<PathBuf>,
        limits: Limits,
        mut progress: Progress,
        reply: Reply,
    ) {
        self.imagine(working_dir, reply, move |simulation| {
            let mut tally = Tally::new();
            simulation.simulate(&rules, limits, &mut |sofar, path| {
                tally.count_if_long(|| simulation.census(&rules));
                tally.reach(sofar);
                progress.tell(tally.reached, path);
            })
        });
    }

    /// Simulates beside everything else: nothing of the owner's is needed for it.
    fn imagine(
        &self,
        working_dir: Option<PathBuf>,
        reply: Reply,
        simulate: impl FnOnce(&Simulation) -> SweepReport + Send + 'static,
    ) {
        let disk = super::open::disk(&self.dirs, &self.clock);
        if let Some(dir) = working_dir {
            disk.set_working_dir(dir);
        }
        let simulation = self.engine.simulation(disk);
        let simulate = move || {
            let simulated = catch_unwind(AssertUnwindSafe(|| simulate(&simulation)));
            reply(
                simulated
                    .map_err(|_| fault())
                    .and_then(|report| value(&present::run_summary(report, Vec::new()))),
            );
        };
        if let Err(error) = std::thread::Builder::new().name("usher-sim".to_owned()).spawn(simulate) {
            // The reply went with the thread that was not started: the asker hears that there is none.
            tracing::warn!(%error, "cannot start a thread");
        }
    }

    /// Whether the next piece of a run can be done now.
    pub(super) fn run_is_due(&self) -> bool {
        self.leave_alone.is_none() && self.runs.front().is_some_and(|run| !self.engine.waits(&run.sweep))
    }

    /// Does the next piece of the run that was asked for first.
    pub(super) fn go_on_running(&mut self) {
        if !self.run_is_due() {
            // A step on a worker thread may have ended, though not the last of them.
            if let Some(Pending { sweep, progress, tally, .. }) = self.runs.front_mut() {
                tally.take(&self.engine, sweep);
                progress.go_on(tally.reached);
            }
            return;
        }
        let Some(mut run) = self.runs.pop_front() else { return };
        if let Some(dir) = &run.working_dir {
            self.disk.set_working_dir(dir.clone());
        }
        let went = catch_unwind(AssertUnwindSafe(|| {
            let Pending { sweep, progress, tally, .. } = &mut run;
            tally.count_if_long(|| self.engine.census(sweep));
            tally.take(&self.engine, sweep);
            let going = self.engine.go_on(sweep, &mut |sofar, path| {
                progress.tell(tally.with(sofar.subjects), path);
            });
            tally.take(&self.engine, sweep);
            progress.go_on(tally.reached);
            going
        }));
        if run.working_dir.is_some() {
            self.disk.set_working_dir(self.dirs.home.clone());
        }
        match went {
            Ok(Ok(Going::On | Going::Waits)) => self.runs.push_front(run),
            Ok(Ok(Going::Asks(question))) => self.stop(run, question),
            Ok(Ok(Going::Over)) => {
                let ended = self.engine.end_sweep(run.sweep);
                self.hear_engine();
                self.news.status();
                let report = ended.map_err(|error| journal_refusal(&error));
                (run.reply)(report.and_then(|report| value(&self.summary(report))));
            }
            Ok(Err(error)) => {
                // What of it is written down is what was done; the next start picks up the rest.
                let _ = self.engine.end_sweep(run.sweep);
                (run.reply)(Err(journal_refusal(&error)));
            }
            Err(_) => {
                let _ = self.engine.end_sweep(run.sweep);
                (run.reply)(Err(fault()));
            }
        }
    }

    /// Puts a run aside until the question it has stopped at is answered, and tells the asker.
    fn stop(&mut self, run: Pending, question: u64) {
        let Pending { mut sweep, working_dir, reply, .. } = run;
        let mut report = self.engine.so_far(&mut sweep);
        report.questions.push(question);
        self.stopped.insert(question, Stopped { sweep, working_dir });
        self.hear_engine();
        self.news.status();
        reply(value(&RunSummary { stopped: true, ..self.summary(report) }));
    }

    /// Takes an answer to a question. What comes of it is a run, or the rest of the one that stopped there.
    pub(super) fn take_answer(
        &mut self,
        question: u64,
        answer: Answer,
        outlet: Option<Outlet>,
        reply: Reply,
    ) {
        let (stopped, working_dir) = match self.stopped.remove(&question) {
            Some(Stopped { sweep, working_dir }) => (Some(sweep), working_dir),
            None => (None, None),
        };
        let engine = &mut self.engine;
        let begun = catch_unwind(AssertUnwindSafe(|| engine.begin_answer(question, answer, stopped)));
        self.hear_engine();
        self.news.status();
        match begun {
            Ok(Ok(Some(sweep))) => {
                let progress = self.progress(outlet);
                self.runs.push_front(Pending { sweep, working_dir, progress, tally: Tally::new(), reply });
            }
            Ok(Ok(None)) => reply(Err(no_question(question))),
            Ok(Err(error)) => reply(Err(journal_refusal(&error))),
            Err(_) => reply(Err(fault())),
        }
    }

    /// Goes on with a run whose asker found nobody to answer. Who stays keeps the question for later.
    pub(super) fn leave_unanswered(&mut self, question: u64, outlet: Option<Outlet>, reply: Reply) {
        if !self.stopped.contains_key(&question) && self.engine.question(question).is_some() {
            self.asked(question);
            return reply(value(&self.summary(SweepReport::default())));
        }
        if !self.resident {
            return self.take_answer(question, Answer::Nobody, outlet, reply);
        }
        let Some(Stopped { mut sweep, working_dir }) = self.stopped.remove(&question) else {
            return reply(Err(no_question(question)));
        };
        self.engine.leave_question(question, &mut sweep);
        let progress = self.progress(outlet);
        self.runs.push_front(Pending { sweep, working_dir, progress, tally: Tally::new(), reply });
    }

    /// Has a run done before those that wait.
    pub(super) fn run_next(&mut self, sweep: Sweep, outlet: Option<Outlet>, reply: Reply) {
        let progress = self.progress(outlet);
        self.runs.push_front(Pending { sweep, working_dir: None, progress, tally: Tally::new(), reply });
    }

    pub(super) fn progress(&self, outlet: Option<Outlet>) -> Progress {
        let outlets = outlet.map_or_else(|| self.subscribers.locals(), |outlet| vec![outlet]);
        Progress { outlets, told: Instant::now(), last: None }
    }

    fn summary(&self, report: SweepReport) -> RunSummary {
        let asked = report.questions.iter().filter_map(|id| self.engine.question(*id));
        let questions = asked.map(present::question).collect();
        present::run_summary(report, questions)
    }

    /// Ends a run that goes on, wherever it is by now; the one at work where none is named. One that was `woken` may
    /// be going on beside one that was asked for.
    pub(super) fn stop_run(&mut self, run: Option<i64>, woken: bool) -> Result<(), Refusal> {
        let meant = |pending: &Pending| !woken && (run.is_none() || pending.sweep.run_id() == run);
        let at = self.runs.iter().position(meant);
        let Some(Pending { sweep, reply, .. }) = at.and_then(|at| self.runs.remove(at)) else {
            if !woken && self.stop_undo(run)? {
                return Ok(());
            }
            // It may be one that an event has set off, which nobody waits for.
            let stops = woken || run.is_some();
            let stopped = if stops { self.engine.stop_woken(run) } else { Ok(false) };
            if stopped.map_err(|error| journal_refusal(&error))? {
                self.mind_woken();
                self.hear_engine();
                return Ok(());
            }
            return Err(Refusal::new(
                "not_found",
                sentence!("run-no-such-run-going-on", "no such run is going on"),
            )
            .hint(sentence!(
                "run-may-have-come-its-end-meanwhile",
                "it may have come to its end meanwhile; see `usher log`"
            )));
        };
        let ended = self.engine.end_sweep(sweep).map_err(|error| journal_refusal(&error));
        self.hear_engine();
        reply(ended.and_then(|report| value(&RunSummary { cut_short: true, ..self.summary(report) })));
        Ok(())
    }

    /// Leaves the runs that are going on where they are.
    pub(super) fn abandon_runs(&mut self) {
        for (_, Stopped { sweep, .. }) in std::mem::take(&mut self.stopped) {
            self.engine_does(|engine| engine.end_sweep(sweep).map(drop));
        }
        for run in std::mem::take(&mut self.runs) {
            self.engine_does(|engine| engine.end_sweep(run.sweep).map(drop));
            (run.reply)(Err(crate::server::ended()));
        }
        self.engine_does(|engine| engine.abandon_woken());
    }
}

/// The rules that are asked for. One that is named runs even if it is switched off.
fn selected(rules: Vec<Arc<Rule>>, request: &RunRequest) -> Result<Vec<Arc<Rule>>, Refusal> {
    let Some(wanted) = &request.rule else {
        // A rule that waits for something else runs when that happens, or when it is named.
        let runs = |rule: &Arc<Rule>| {
            rule.enabled && rule.runs_by_itself() && rule.selected(&request.tags, &request.skip_tags)
        };
        return Ok(rules.into_iter().filter(runs).collect());
    };
    let rule = named(&rules, wanted)?;
    if let Some(variable) = rule.needs_event() {
        let message = sentence!(
            "run-asks-only-event-brings-along",
            "`{rule}` asks for `{{{variable}}}`, which only an event brings along",
            rule = rule.title(),
            variable = variable,
        );
        return Err(Refusal::new("refused", message).hint(sentence!(
            "run-play-event-see-usher-trigger-help",
            "play it the event: see `usher trigger --help`"
        )));
    }
    if rule.awaits().gone && !rule.waits_for_files() {
        let message = sentence!(
            "run-waits-files-go-none-there-has",
            "`{rule}` waits for files to go, and none that is there has gone",
            rule = rule.title()
        );
        return Err(Refusal::new("refused", message).hint(sentence!(
            "run-acts-while-usher-watch-or-tray",
            "it acts while `usher watch` or the tray runs"
        )));
    }
    Ok(vec![Arc::clone(rule)])
}

fn limits(request: &RunRequest) -> Limits {
    match (request.yes, request.asks) {
        (true, _) => Limits::Ignore,
        (false, true) => Limits::AskAtOnce,
        (false, false) => Limits::Ask,
    }
}

fn no_question(question: u64) -> Refusal {
    Refusal::new(
        "not_found",
        sentence!(
            "run-there-no-question-any-more",
            "there is no question {question} any more",
            question = question
        ),
    )
    .hint(sentence!("run-see-usher-answer-those-wait", "see `usher answer` for those that wait"))
}

fn cause(request: &RunRequest) -> Sentence {
    match (&request.rule, &request.config) {
        (Some(rule), _) => sentence!("cause-rule-by-hand", "`{rule}` was run by hand", rule = rule),
        (None, Some(config)) => {
            sentence!("cause-file-by-hand", "{file} was run by hand", file = config)
        }
        (None, None) => sentence!("cause-by-hand", "run by hand"),
    }
}

/// Tells the asker how far the run has come, now and then.
pub(super) struct Progress {
    /// The asker's connection, or every listener of this process where it is the asker.
    outlets: Vec<Outlet>,
    told: Instant,
    /// What it was to tell last, and what the run had come to.
    last: Option<(Reached, PathBuf)>,
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reached {
    pub(super) subjects: u32,
    pub(super) looked: u32,
    pub(super) of: Option<u32>,
    pub(super) undo: bool,
}

impl Reached {
    /// So many steps of an undo.
    pub(super) fn taken_back(steps: u32, of: u32) -> Self {
        Self { subjects: steps, looked: steps, of: Some(of), undo: true }
    }
}

impl Progress {
    pub(super) fn tell(&mut self, reached: Reached, path: &Path) {
        self.last = Some((reached, path.to_path_buf()));
        self.tell_if_due();
    }

    /// Tells of a run that goes on with what it has come to last.
    fn go_on(&mut self, reached: Reached) {
        if let Some((last, _)) = &mut self.last {
            *last = reached;
            self.tell_if_due();
        }
    }

    fn tell_if_due(&mut self) {
        if self.told.elapsed() >= APART {
            self.tell_last();
        }
    }

    /// Tells what there was to tell last, however short ago something was told.
    pub(super) fn tell_last(&mut self) {
        let Some((reached, path)) = &self.last else { return };
        self.told = Instant::now();
        let Reached { subjects, looked, of, undo } = *reached;
        let notice = Notice::Progress { subjects, looked, of, undo, path: present::shown(path) };
        self.outlets.iter().for_each(|outlet| outlet.mention(&notice));
    }
}

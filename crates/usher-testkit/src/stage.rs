//! An engine on a stage: its home, its clock, its disk, and somebody who plays the events a watcher would send.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use usher_engine::{
    Clock, Disk, Engine, Finding, Finished, Happening, Limits, Line, Options, RealDisk, Workers, step_text,
};
use usher_event::{Change, Event, Reading, RescanReason, Sentence};
use usher_rule::Rule;

use crate::{FakeClock, Fault, FaultyDisk, Home, Recorder};

/// An engine in a hermetic home.
pub struct Stage {
    /// Its home. Rules may write `~` for it.
    pub home: Arc<Home>,
    /// Its clock.
    pub clock: Arc<FakeClock>,
    /// Its disk.
    pub disk: Arc<FaultyDisk>,
    /// Its commands and notifications.
    pub outside: Arc<Recorder>,
    /// The engine.
    pub engine: Engine,
    /// What opening it has found.
    pub findings: Vec<Finding>,
    /// Everything it has told since.
    pub happenings: Vec<Happening>,
    rules: String,
}

impl Stage {
    /// A new home with these rules (YAML).
    pub fn new(rules: &str) -> Self {
        Self::with(Arc::new(Home::new()), rules, None, 0)
    }

    /// An engine on an existing home, with a fault at a change of the disk.
    ///
    /// # Panics
    /// When the rules have errors or the engine cannot be opened.
    pub fn with(home: Arc<Home>, rules: &str, fault: Option<Fault>, at: usize) -> Self {
        Self::on(home, rules, |disk| FaultyDisk::new(disk, fault, at))
    }

    /// The same where every place is on a file system of its own.
    ///
    /// # Panics
    /// As [`with`](Self::with).
    pub fn apart(home: Arc<Home>, rules: &str, fault: Option<Fault>, at: usize) -> Self {
        Self::on(home, rules, |disk| FaultyDisk::new(disk, fault, at).apart())
    }

    /// An engine on an existing home, on whatever disk is made of the real one.
    ///
    /// # Panics
    /// As [`with`](Self::with).
    pub fn on(home: Arc<Home>, rules: &str, disk: impl FnOnce(Arc<dyn Disk>) -> FaultyDisk) -> Self {
        Self::with_workers(home, rules, disk, Workers::Inline)
    }

    /// An engine whose slow steps and looks are done on threads of their own. It hears of their ends when the test takes
    /// them out and hands them over.
    ///
    /// # Panics
    /// As [`with`](Self::with).
    pub fn threaded(home: Arc<Home>, rules: &str) -> (Self, Receiver<Finished>) {
        Self::beside_on(home, rules, |disk| FaultyDisk::new(disk, None, 0))
    }

    /// The same where every place is on a file system of its own, so that each move is a slow step.
    ///
    /// # Panics
    /// As [`with`](Self::with).
    pub fn beside(home: Arc<Home>, rules: &str) -> (Self, Receiver<Finished>) {
        Self::beside_on(home, rules, |disk| FaultyDisk::new(disk, None, 0).apart())
    }

    /// The same on whatever disk is made of the real one.
    ///
    /// # Panics
    /// As [`with`](Self::with).
    pub fn beside_on(
        home: Arc<Home>,
        rules: &str,
        disk: impl FnOnce(Arc<dyn Disk>) -> FaultyDisk,
    ) -> (Self, Receiver<Finished>) {
        let (report, ended) = channel();
        let workers = Workers::Threads(Arc::new(move |finished| drop(report.send(finished))));
        (Self::with_workers(home, rules, disk, workers), ended)
    }

    #[expect(clippy::panic, reason = "a test with broken rules cannot go on")]
    fn with_workers(
        home: Arc<Home>,
        rules: &str,
        disk: impl FnOnce(Arc<dyn Disk>) -> FaultyDisk,
        workers: Workers,
    ) -> Self {
        let clock = Arc::new(FakeClock::default());
        let root = home.root().to_path_buf();
        let real = RealDisk::new(clock.clone(), Some(root.clone()), root.join(".data"), root.clone())
            .keeping(home.path(".state"), Box::new(|_| Vec::new()));
        let disk = Arc::new(disk(Arc::new(real)));
        let outside = Arc::new(Recorder::default());
        let options = Options {
            state: home.path(".state"),
            disk: disk.clone(),
            clock: clock.clone(),
            outside: outside.clone(),
            workers,
        };
        let (mut engine, findings) = Engine::open(options).unwrap_or_else(|error| panic!("{error}"));
        engine.set_rules(parse(rules));
        Self { home, clock, disk, outside, engine, findings, happenings: Vec::new(), rules: rules.to_owned() }
    }

    /// The same home with a new engine, as after a restart.
    pub fn restart(self) -> Self {
        let Self { home, rules, engine, .. } = self;
        let at_their_limit = engine.at_their_limit();
        drop(engine);
        let mut stage = Self::with(home, &rules, None, 0);
        // As whoever owns an engine does.
        stage.engine.were_at_their_limit(at_their_limit);
        stage
    }

    /// Takes on other rules.
    pub fn set_rules(&mut self, rules: &str) {
        self.rules = rules.to_owned();
        self.engine.set_rules(parse(rules));
    }

    /// The rules as they are.
    pub fn rules(&self) -> Vec<Arc<Rule>> {
        self.engine.rules().to_vec()
    }

    /// Plays an event.
    pub fn play(&mut self, path: impl AsRef<Path>, change: Change) {
        let path = self.home.path(path);
        self.engine.event(&Event::Path { path, change });
    }

    /// A program writes a file and closes it.
    pub fn drop_file(&mut self, relative: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home.write(relative.as_ref(), bytes);
        self.play(relative.as_ref(), Change::Created);
        self.play(relative.as_ref(), Change::Closed);
        path
    }

    /// Everything below the home has to be looked at again.
    pub fn sweep(&mut self) {
        let root = self.home.root().to_path_buf();
        self.engine.event(&Event::Rescan { root, reason: RescanReason::Started });
    }

    /// Lets time pass, and tells the engine of whatever it has itself moved, as a watcher would, until all is quiet.
    ///
    /// # Panics
    /// When the journal cannot be written, or it is never quiet.
    #[expect(clippy::panic, reason = "a test of an engine that never rests has failed")]
    pub fn settle(&mut self) {
        for _ in 0..60 {
            let before = self.paths();
            let runs = self.engine.journal().run_count();
            self.engine.advance().unwrap_or_else(|error| panic!("{error}"));
            self.happenings.append(&mut self.engine.take_notices());
            let after = self.paths();
            for gone in before.difference(&after) {
                self.engine.event(&Event::Path { path: gone.clone(), change: Change::Gone });
            }
            let made: BTreeSet<PathBuf> =
                after.difference(&before).cloned().chain(self.results_since(runs)).collect();
            for path in made {
                self.engine.event(&Event::Path { path, change: Change::MovedIn });
            }
            if before == after && self.engine.due().is_none() {
                return;
            }
            self.clock.advance(self.engine.due().unwrap_or(Duration::ZERO));
        }
        panic!("the engine does not come to rest:\n{}\n{}", self.rules, self.journal().join("\n"));
    }

    /// Lets so much time pass, with everything that falls due in it. Nobody tells of what the engine has itself moved.
    ///
    /// # Panics
    /// When the journal cannot be written, or the engine is never quiet.
    #[expect(clippy::panic, reason = "a test of an engine that never rests has failed")]
    pub fn pass(&mut self, time: Duration) {
        let until = self.clock.ticks() + time;
        for _ in 0..10_000 {
            self.engine.advance().unwrap_or_else(|error| panic!("{error}"));
            self.happenings.append(&mut self.engine.take_notices());
            let left = until.saturating_sub(self.clock.ticks());
            match self.engine.due() {
                Some(due) if due <= left => self.clock.advance(due.max(Duration::from_millis(1))),
                _ => return self.clock.advance(left),
            }
        }
        panic!("the engine does not come to rest:\n{}", self.rules);
    }

    /// A source reports what it sees of the machine.
    pub fn see(&mut self, reading: Reading) {
        self.engine.event(&Event::State { reading });
    }

    /// Where the steps of newer runs have put things; a file may have come back to where it was.
    fn results_since(&self, runs: i64) -> Vec<PathBuf> {
        let journal = self.engine.journal();
        let new = runs + 1..=journal.run_count();
        let steps = new.filter_map(|run| journal.steps(run).ok()).flatten();
        steps.filter_map(|step| step.to).filter(|path| path.exists()).collect()
    }

    fn paths(&self) -> BTreeSet<PathBuf> {
        let hidden = |path: &PathBuf| !path.starts_with(".state") && !path.starts_with(".data");
        self.home.tree("").into_keys().filter(hidden).map(|path| self.home.path(path)).collect()
    }

    /// `usher run`, as text.
    ///
    /// # Panics
    /// When the journal cannot be written.
    #[expect(clippy::panic, reason = "a test whose run cannot be written down has failed")]
    pub fn run(&mut self) -> Vec<String> {
        let rules = self.rules();
        let report = self
            .engine
            .run(&rules, Sentence::foreign("test"), Limits::Ask, &mut |_, _| {})
            .unwrap_or_else(|error| panic!("{error}"));
        self.happenings.append(&mut self.engine.take_notices());
        texts(&report.lines)
    }

    /// `usher sim`, as text.
    pub fn sim(&self) -> Vec<String> {
        let rules = self.rules();
        texts(&self.engine.simulate(&rules, Limits::Ask, &mut |_, _| {}).lines)
    }

    /// Every step in the journal as `state text`, oldest first.
    ///
    /// # Panics
    /// When the journal cannot be read.
    #[expect(clippy::panic, reason = "a test whose journal cannot be read has failed")]
    pub fn journal(&self) -> Vec<String> {
        let journal = self.engine.journal();
        let mut lines = Vec::new();
        let mut runs =
            journal.runs(&usher_engine::LogFilter::default()).unwrap_or_else(|error| panic!("{error}"));
        runs.reverse();
        for run in runs {
            for step in journal.steps(run.id).unwrap_or_else(|error| panic!("{error}")) {
                let home = Some(self.home.root());
                let note = step.note.as_ref();
                let text = step_text(&step.action, step.from.as_deref(), step.to.as_deref(), note, home);
                lines.push(format!("{:?} {text}", step.state));
            }
        }
        lines
    }

    /// Whether anything of this code was reported.
    pub fn trouble(&self, code: &str) -> Vec<String> {
        let of_code = |happening: &Happening| match happening {
            Happening::Trouble(finding) if finding.code == code => Some(finding.message.to_string()),
            _ => None,
        };
        self.happenings.iter().filter_map(of_code).collect()
    }
}

fn texts(lines: &[Line]) -> Vec<String> {
    let text = |line: &Line| match &line.error {
        Some(error) => format!("{} ! {error}", line.text),
        None => line.text.to_string(),
    };
    lines.iter().map(text).collect()
}

#[expect(clippy::panic, reason = "a test with broken rules cannot go on")]
fn parse(rules: &str) -> Vec<Arc<Rule>> {
    let loaded = usher_rule::load(Path::new("test.yaml"), rules);
    let errors: Vec<String> = loaded
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == usher_rule::Severity::Error)
        .map(ToString::to_string)
        .collect();
    if !errors.is_empty() {
        panic!("the test's rules are broken:\n{}", errors.join("\n"));
    }
    loaded.rules.into_iter().map(Arc::new).collect()
}

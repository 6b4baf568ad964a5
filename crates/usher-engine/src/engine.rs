//! The engine as others see it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use usher_event::{Edge, Noun, Sentence, State, sentence};
use usher_rule::context::RunMemory;
use usher_rule::occasions::NO_FACTS;
use usher_rule::{Root, Rule};

use crate::alarms::Alarms;
use crate::arrears::Arrears;
use crate::asked::Reply;
use crate::brakes::{Answered, Brakes, Question};
use crate::carry::Flights;
use crate::clock::Clock;
use crate::descent::Descents;
use crate::disk::Disk;
use crate::gone::Gone;
use crate::intents::Unsettled;
use crate::journal::{Journal, JournalError};
use crate::look::Looks;
use crate::machine::{Machine, NounView};
use crate::outside::Outside;
use crate::schedules::Schedules;
use crate::settle::{Settle, Waiting};
use crate::stamp::Stamp;
use crate::sweep::{Going, Limits, Sweep, SweepReport};
use crate::trail::Trails;
use crate::undo::Undos;
use crate::unfinished::Lonely;
use crate::wake::{HeldBy, Woken};
use crate::work::{Ended, Finished};

/// What an engine is made of.
pub struct Options {
    /// The folder of the journal and the vault.
    pub state: PathBuf,
    /// The disk.
    pub disk: Arc<dyn Disk>,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// Commands and notifications.
    pub outside: Arc<dyn Outside>,
    /// How slow steps run.
    pub workers: Workers,
}

/// How slow steps (commands, copies between disks) run.
#[derive(Clone)]
pub enum Workers {
    /// One after the other, before anything else goes on.
    Inline,
    /// Beside the rest. The function is called on a worker thread and has to bring its argument to
    /// [`Engine::finish`].
    Threads(Arc<dyn Fn(Finished) + Send + Sync>),
    /// Those of runs one after the other, in the order of the run; those of an undo beside the rest.
    UndoThreads(Arc<dyn Fn(Finished) + Send + Sync>),
}

/// Something the user should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// A stable name: `recovered`, `journal_set_aside`, `failed_step`, `failed_filter`, `loop_stopped`.
    pub code: &'static str,
    /// What happened, and to which file.
    pub message: Sentence,
    /// What to do.
    pub hint: Option<Sentence>,
    /// The file or folder it concerns.
    pub path: Option<PathBuf>,
    /// The run it concerns.
    pub run: Option<i64>,
    /// [`Rule::id`] of the rule it concerns.
    pub rule: Option<String>,
}

/// What the engine has to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// A run began, went on or ended.
    Run(i64),
    /// A rule says something.
    Message {
        /// The bold line of a notification; absent for an echo.
        title: Option<String>,
        /// The text.
        text: String,
    },
    /// Something went wrong or was stopped.
    Trouble(Finding),
    /// A rule asks; the number is [`Question::id`].
    Asked(u64),
    /// Something happened to the machine that rules may wait for.
    Edge(Edge),
    /// A rule waits for what has happened to the machine, and does not act on it.
    HeldBack {
        /// The rule's title.
        rule: String,
        /// The reason.
        why: HeldBy,
    },
    /// What a rule has asked is of no interest any more: the file has gone, or has changed.
    Withdrawn,
}

/// A folder that has to be watched for the rules.
#[derive(Clone)]
pub struct Place {
    /// The folder, or the single file.
    pub root: PathBuf,
    /// Which directories below it belong to it.
    pub enter: Arc<dyn Fn(&Path) -> bool + Send + Sync>,
    /// Titles of the rules that look there.
    pub rules: Vec<String>,
}

/// A rule with its locations as they were expanded last.
pub(crate) struct Covering {
    pub(crate) rule: Arc<Rule>,
    pub(crate) roots: Vec<Root>,
}

/// A journal that was put aside, for the user.
fn set_aside(aside: PathBuf) -> Finding {
    Finding {
        code: "journal_set_aside",
        message: sentence!(
            "journal-set-aside",
            "the journal was damaged; it was put aside as {path} and a new one was begun",
            path = &aside,
        ),
        hint: Some(sentence!(
            "journal-set-aside-hint",
            "what was done before can be read there, and is not lost; it cannot be undone from here"
        )),
        path: Some(aside),
        run: None,
        rule: None,
    }
}

/// The journals that were put aside in the folder of the journal, for the user, with when that was.
pub fn journals_set_aside(state: &Path) -> Vec<(Finding, Timestamp)> {
    let aside = crate::journal::put_aside_in(state).into_iter();
    aside.map(|(path, at)| (set_aside(path), at)).collect()
}

/// Rules, journal and disk of one owner. Used by one thread; nothing in it waits.
pub struct Engine {
    pub(crate) journal: Journal,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) outside: Arc<dyn Outside>,
    pub(crate) workers: Workers,
    pub(crate) vault: PathBuf,
    rules: Vec<Arc<Rule>>,
    pub(crate) covering: Vec<Covering>,
    pub(crate) settle: Settle,
    /// Folders that have to be swept.
    pub(crate) rescans: Vec<PathBuf>,
    pub(crate) trails: Trails,
    pub(crate) descents: Descents,
    pub(crate) flights: Flights,
    pub(crate) undos: Undos,
    pub(crate) looks: Looks,
    pub(crate) brakes: Brakes,
    pub(crate) alarms: Alarms,
    pub(crate) gone: Gone,
    pub(crate) machine: Machine,
    pub(crate) schedules: Schedules,
    pub(crate) woken: Woken,
    /// Rules whose guards have held them back from a file, by id.
    pub(crate) guarded: HashSet<String>,
    pub(crate) arrears: Arrears,
    pub(crate) lonely: Lonely,
    pub(crate) unsettled: Vec<Unsettled>,
    pub(crate) unremembered: Vec<(String, Stamp, PathBuf)>,
    /// The next step number of runs that are going on.
    pub(crate) run_numbers: HashMap<i64, u32>,
    pub(crate) memory: RunMemory,
    /// What runs that were asked for remember while steps of theirs go on.
    pub(crate) run_memories: HashMap<i64, RunMemory>,
    /// What the batch in hand has taken out of what waits to settle.
    pub(crate) taken: Vec<(PathBuf, Waiting)>,
    /// What was in hand when a mistake of ours ended a batch: it is looked at again, each by itself.
    pub(crate) doubtful: HashSet<PathBuf>,
    paused: bool,
    happenings: Vec<Happening>,
    /// Circles that have been told of; once is enough.
    pub(crate) circles: HashSet<String>,
    /// Rules with filters of theirs that have failed in the batch that is planned, by id and name.
    pub(crate) failing: HashSet<(String, &'static str)>,
}

impl Engine {
    /// Opens the journal, making its folder where there is none, and picks up whatever a killed Usher left open.
    ///
    /// # Errors
    /// When the journal cannot be used; see [`JournalError`].
    pub fn open(options: Options) -> Result<(Self, Vec<Finding>), JournalError> {
        let path = options.state.join("journal.db");
        let vault = options.state.join("vault");
        std::fs::create_dir_all(&vault).map_err(|source| JournalError::Io { path: vault.clone(), source })?;
        let (journal, opened) = Journal::open(&path)?;
        let mut engine = Self {
            journal,
            disk: options.disk,
            clock: options.clock,
            outside: options.outside,
            workers: options.workers,
            vault,
            rules: Vec::new(),
            covering: Vec::new(),
            settle: Settle::default(),
            rescans: Vec::new(),
            trails: Trails::default(),
            descents: Descents::default(),
            flights: Flights::default(),
            undos: Undos::default(),
            looks: Looks::default(),
            brakes: Brakes::default(),
            alarms: Alarms::default(),
            gone: Gone::default(),
            machine: Machine::default(),
            schedules: Schedules::default(),
            woken: Woken::default(),
            guarded: HashSet::new(),
            arrears: Arrears::default(),
            lonely: Lonely::default(),
            unsettled: Vec::new(),
            unremembered: Vec::new(),
            run_numbers: HashMap::new(),
            memory: RunMemory::default(),
            run_memories: HashMap::new(),
            taken: Vec::new(),
            doubtful: HashSet::new(),
            paused: false,
            happenings: Vec::new(),
            circles: HashSet::new(),
            failing: HashSet::new(),
        };
        let mut aside: Vec<PathBuf> = opened.set_aside.into_iter().collect();
        let mut findings = match engine.recover() {
            Err(JournalError::Damaged { .. }) => {
                aside.push(engine.journal.begin_anew()?);
                Vec::new()
            }
            recovered => recovered?,
        };
        findings.extend(aside.into_iter().map(set_aside));
        Ok((engine, findings))
    }

    /// Takes on a new set of rules, in the order they run. Disabled ones belong to it too. What lies in their locations has
    /// to be looked at again afterwards ([`Event::Rescan`]).
    pub fn set_rules(&mut self, rules: Vec<Arc<Rule>>) {
        self.rules = rules;
        self.expand_locations();
        // Looking at what lies there sets them anew.
        self.alarms.clear();
        self.guarded.clear();
        self.look_at_clock();
        let now = self.clock.ticks();
        for path in self.brakes.keep(&self.rules) {
            self.settle.found(&path, now);
        }
    }

    /// What waits for the user's yes or no.
    pub fn questions(&self) -> Vec<Question> {
        self.brakes.questions()
    }

    /// One question that waits.
    pub fn question(&self, id: u64) -> Option<Question> {
        self.brakes.question(id)
    }

    /// The ids of the rules that wait for an answer about their limit.
    pub fn at_their_limit(&self) -> BTreeSet<String> {
        self.brakes.at_their_limit()
    }

    /// Takes these rules for ones that wait for such an answer, as they did when Usher ended. Called after
    /// [`set_rules`](Self::set_rules).
    pub fn were_at_their_limit(&mut self, rules: BTreeSet<String>) {
        self.brakes.were_at_their_limit(rules);
    }

    /// Whether a rule asks about more than one file.
    pub fn asks_more(&self, rule: &str) -> bool {
        self.brakes.asks_more(rule)
    }

    /// Shows a notification that is no rule's.
    pub fn notify(&self, title: &str, text: &str) {
        self.outside.notify(None, title, text);
    }

    /// Takes the answer to a question and does what comes of it, waiting for each slow step. `None` where there is no
    /// such question.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn answer(&mut self, id: u64, yes: bool) -> Result<Option<SweepReport>, JournalError> {
        let reply = if yes { Reply::Yes } else { Reply::No };
        let Some(mut sweep) = self.take_answer(id, reply, None, true)? else { return Ok(None) };
        while self.go_on(&mut sweep, &mut |_, _| {})? != Going::Over {}
        self.end_sweep(sweep).map(Some)
    }

    /// Takes the answer to a question, and gives the run that comes of it: the one that `stopped` at the question, or a
    /// new one. What came by itself and was held because of a limit is handled at the next [`advance`](Self::advance).
    /// `None` where there is no such question.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn begin_answer(
        &mut self,
        id: u64,
        reply: Reply,
        stopped: Option<Sweep>,
    ) -> Result<Option<Sweep>, JournalError> {
        self.take_answer(id, reply, stopped, false)
    }

    fn take_answer(
        &mut self,
        id: u64,
        reply: Reply,
        stopped: Option<Sweep>,
        foreground: bool,
    ) -> Result<Option<Sweep>, JournalError> {
        let yes = reply == Reply::Yes;
        Ok(Some(match self.brakes.answer(id, yes) {
            None => return Ok(None),
            Some(Answered::Swept(held)) => Sweep::held(held, yes, foreground),
            Some(Answered::Asked(asked)) => {
                let mut sweep = stopped.unwrap_or_else(|| Sweep::answered(&asked, reply, foreground));
                self.go_on_asked(&mut sweep, *asked, reply)?;
                sweep
            }
            Some(Answered::Flood(rule, paths)) => {
                let now = self.clock.ticks();
                for path in paths {
                    if yes {
                        self.settle.found(&path, now);
                    } else if let Ok(stat) = self.disk.stat(&path) {
                        // To the rule it is as if it had acted: it asks again when the file is another one.
                        self.unremembered.push((rule.clone(), stat.into(), path));
                    }
                }
                self.settle_steps()?;
                Sweep::new(&[], Sentence::foreign(""), Limits::Ask, foreground)
            }
        }))
    }

    /// Expands the locations of every enabled rule as they are now (a location may hold today's date).
    pub(crate) fn expand_locations(&mut self) {
        let disk = Arc::clone(&self.disk);
        let enabled = self.rules.iter().filter(|rule| rule.enabled && rule.awaits().any());
        let covering = enabled.map(|rule| {
            let roots = rule.roots(&*disk, &NO_FACTS).unwrap_or_else(|error| {
                tracing::warn!(rule = rule.title(), %error, "a location cannot be expanded");
                Vec::new()
            });
            Covering { rule: Arc::clone(rule), roots }
        });
        self.covering = covering.collect();
    }

    /// The rules in order.
    pub fn rules(&self) -> &[Arc<Rule>] {
        &self.rules
    }

    /// The folders that have to be watched, one for each distinct root.
    pub fn places(&self) -> Vec<Place> {
        let mut places: Vec<(PathBuf, Vec<Root>, Vec<String>)> = Vec::new();
        for covering in &self.covering {
            for root in &covering.roots {
                let title = covering.rule.title().to_owned();
                match places.iter_mut().find(|(path, ..)| *path == root.path) {
                    Some((_, roots, titles)) => {
                        roots.push(root.clone());
                        if !titles.contains(&title) {
                            titles.push(title);
                        }
                    }
                    None => places.push((root.path.clone(), vec![root.clone()], vec![title])),
                }
            }
        }
        let place = |(root, roots, rules): (PathBuf, Vec<Root>, Vec<String>)| Place {
            root,
            enter: Arc::new(move |dir: &Path| roots.iter().any(|root| root.enters(dir))),
            rules,
        };
        places.into_iter().map(place).collect()
    }

    /// Stops acting on events. They are still taken in.
    pub fn pause(&mut self) {
        self.paused = true;
        self.machine.pause(true);
    }

    /// Acts on events again.
    pub fn resume(&mut self) {
        self.paused = false;
        self.machine.pause(false);
    }

    /// Whether events are only taken in.
    pub fn paused(&self) -> bool {
        self.paused
    }

    /// How long until [`advance`](Self::advance) has something to do; `None` when nothing is pending.
    pub fn due(&self) -> Option<Duration> {
        let (now, at) = (self.clock.ticks(), self.clock.timestamp());
        if self.paused {
            return self.catching_up_due(now);
        }
        let owes = self.owes_the_journal() && !self.is_ahead();
        if !self.rescans.is_empty() || !self.taken.is_empty() || self.wake_is_due() || owes {
            return Some(Duration::ZERO);
        }
        let waited = [self.settle.due(), self.machine.due(), self.gone.due()].into_iter().flatten();
        let waited = waited.map(|due| due.saturating_sub(now));
        let others = [self.alarms.due(at), self.schedules.due(at), self.catching_up_due(now)];
        waited.chain(others.into_iter().flatten()).min()
    }

    /// Whether anything is waiting to settle or out with a worker.
    pub fn busy(&self) -> bool {
        self.flights.any()
            || self.undos.any()
            || self.looks.any()
            || self.settle.len() > 0
            || self.gone.due().is_some()
            || !self.rescans.is_empty()
            || self.woken.any()
    }

    /// What is true of the machine, as rules see it.
    pub fn state(&self) -> &State {
        self.machine.state()
    }

    /// How well a noun is seen, and since when it is as it is; `None` where nobody looks at it.
    pub fn noun(&self, noun: Noun) -> Option<&NounView> {
        self.machine.view(noun)
    }

    /// Nobody looks at a noun any more.
    pub fn forget(&mut self, noun: Noun) {
        self.machine.forget(noun);
    }

    /// When a rule's schedule is due next.
    pub fn next_due(&self, rule: &str) -> Option<Timestamp> {
        self.schedules.next(rule)
    }

    /// Whether a step is out with a worker.
    pub fn working(&self) -> bool {
        self.flights.any() || self.undos.any_out()
    }

    /// Whether a step on a path is out with a worker, or a look at it.
    pub(crate) fn in_hands(&self, path: &Path) -> bool {
        self.flights.busy(path) || self.undos.busy(path) || self.looks.busy(path)
    }

    /// Takes back what has ended on a worker thread and goes on with what comes after it.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn finish(&mut self, finished: Finished) -> Result<(), JournalError> {
        match finished.0 {
            Ended::Look(returned) => {
                self.look_returned(*returned);
                Ok(())
            }
            Ended::Step(ticket, end) => match self.undo_returned(ticket, end)? {
                Some(end) => self.flight_returned(ticket, end),
                None => Ok(()),
            },
        }
    }

    /// Whether [`tidy`](Self::tidy) has something to do. Worth asking when nothing is going on.
    pub fn untidy(&self) -> bool {
        !self.busy() && self.journal.untidy()
    }

    /// Does what can wait for a quiet moment and takes a while.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn tidy(&mut self) -> Result<(), JournalError> {
        self.journal.tidy()
    }

    /// What has happened since this was last called.
    pub fn take_notices(&mut self) -> Vec<Happening> {
        std::mem::take(&mut self.happenings)
    }

    pub(crate) fn happen(&mut self, happening: Happening) {
        if self.happenings.last() != Some(&happening) {
            self.happenings.push(happening);
        }
    }

    /// The journal, for reading.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }
}

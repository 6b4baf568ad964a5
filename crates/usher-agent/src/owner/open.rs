//! Bringing an owner up: engine, rules, what was remembered, and only then the eyes.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::{SignedDuration, Timestamp};
use usher_engine::{Clock, Engine, Finding, JournalError, Machine, MachineClock, Options, RealDisk, Workers};
use usher_watch::Ways;
use usher_watch::folders::{Folders, Place};

use super::{Message, Owner, attention, editing, folders, memory, names, news, nouns, turn, woken};
use crate::directories::Directories;
use crate::inbox::{Inbox, Sender};
use crate::link::OpenOptions;
use crate::notifications::{Clicked, Desk};
use crate::opening;
use crate::rules::RuleFiles;
use crate::settings;
use crate::subscribers::{Outlet, Subscribers};

/// How far back failed steps are shown.
pub(super) const FAILED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// At most so many of them.
const FAILED_MOST: u32 = 50;

impl Owner {
    /// Opens the engine, loads the rules and starts to watch.
    pub(super) fn open(
        dirs: Directories,
        options: OpenOptions,
        own: Sender<Message>,
        inbox: Inbox<Message>,
        outlet: Option<Outlet>,
    ) -> Result<Self, JournalError> {
        let clock: Arc<dyn Clock> = Arc::new(MachineClock::default());
        let disk = disk(&dirs, &clock);
        let settings = settings::load(&dirs.settings);
        let notifications = Arc::new(AtomicBool::new(settings.settings.notifications));
        let (unshown, clicked) = (own.clone(), own.clone());
        let take_back: Clicked = Arc::new(move |run| drop(clicked.send(Message::TakeBack(run))));
        let desk = Desk::new(
            notifications.clone(),
            clock.clone(),
            Box::new(move |reason| drop(unshown.send(Message::Unshown(reason)))),
            // Once a single command has ended, nobody is there to take back what it did.
            Some(take_back).filter(|_| options.watch),
        );
        let (engine, findings) = Engine::open(Options {
            state: dirs.state.clone(),
            disk: disk.clone(),
            clock: clock.clone(),
            outside: Arc::new(Machine::new(desk.notifier(), Box::new(opening::for_rules))),
            workers: workers(options, &own),
        })?;
        let mut owner = Self {
            resident: options.watch,
            inbox,
            engine,
            disk,
            folders: None,
            sources_of_nouns: nouns::Sources::default(),
            begun: false,
            rules: RuleFiles::new(&dirs.rules, dirs.good_rules()),
            settings,
            notifications,
            desk,
            kept_within: None,
            book: folders::FolderBook::default(),
            attention: attention::Notes::default(),
            memory: memory::Memory::load(dirs.memory()),
            subscribers: Subscribers::default(),
            news: news::News::default(),
            started: clock.timestamp(),
            noted: Vec::new(),
            sources: Vec::new(),
            reload: turn::Reload::default(),
            leave_alone: None,
            failures: 0,
            tidy: None,
            triggers: Vec::new(),
            names: names::Names::default(),
            names_until: None,
            previews: editing::Previews::default(),
            runs: VecDeque::new(),
            undos: Vec::new(),
            stopped: HashMap::new(),
            woken: woken::Sight::default(),
            ended: false,
            clock,
            dirs,
        };
        outlet.into_iter().for_each(|outlet| owner.subscribers.add(outlet, false));
        owner.keep_quiet();
        owner.remember(findings);
        owner.tidy_soon();
        if options.watch {
            owner.sources_of_nouns = nouns::Sources::new(own.clone());
            owner.start_watching(own);
        }
        owner.load_rules();
        owner.engine.were_at_their_limit(owner.memory.at_their_limit().clone());
        Ok(owner)
    }

    /// Takes up what an earlier owner left: findings of the recovery, journals put aside, failed steps, a pause.
    fn remember(&mut self, findings: Vec<Finding>) {
        let now = self.clock.timestamp();
        for finding in findings {
            tracing::warn!(code = finding.code, "{}", finding.message);
            self.attention.add(attention::Note::finding(finding, now));
        }
        // Whoever put a journal aside may have lived for one command only, and nobody may have seen what it said.
        for (finding, at) in usher_engine::journals_set_aside(&self.dirs.state) {
            let note = attention::Note::finding(finding, at);
            if !self.memory.dismissed(&note) {
                self.attention.add(note);
            }
        }
        let since = now.checked_sub(FAILED_FOR).unwrap_or(Timestamp::UNIX_EPOCH);
        match self.engine.journal().failed_since(since, FAILED_MOST) {
            Ok(steps) => {
                let home = Some(self.dirs.home.as_path());
                let notes = steps.iter().rev().map(|step| attention::Note::failed_step(step, home));
                notes.filter(|note| !self.memory.dismissed(note)).for_each(|note| self.attention.add(note));
            }
            Err(error) => tracing::warn!(%error, "failed steps cannot be looked up"),
        }
        if self.memory.paused(now) {
            self.engine.pause();
        }
    }

    /// Without a watcher everything else still works, and the user is told.
    fn start_watching(&mut self, own: Sender<Message>) {
        match Folders::start(Arc::new(move |event| drop(own.send(Message::Event(event))))) {
            Ok(folders) => self.folders = Some(folders),
            Err(error) => {
                tracing::error!(%error, "folders cannot be watched");
                self.attention.add(attention::Note {
                    hint: error.hint(),
                    ..attention::Note::new("folder", error.sentence(), self.clock.timestamp())
                });
            }
        }
    }

    /// Watches what the rules need, and the files that rules and settings come from.
    pub(super) fn watch_places(&mut self) {
        let places = self.engine.places();
        self.book.set_places(&places, self.clock.timestamp());
        let Some(folders) = &self.folders else { return };
        let mut wanted: Vec<Place> = self.sources.iter().map(|source| own_place(source)).collect();
        wanted.extend(places.into_iter().map(|place| Place { root: place.root, enter: place.enter }));
        folders.set_places(wanted);
    }
}

fn own_place(source: &std::path::Path) -> Place {
    Place { root: source.to_path_buf(), enter: Arc::new(|_| false) }
}

/// The disk as rules see it.
pub(super) fn disk(dirs: &Directories, clock: &Arc<dyn Clock>) -> Arc<RealDisk> {
    let disk =
        RealDisk::new(clock.clone(), Some(dirs.home.clone()), dirs.data_home.clone(), dirs.home.clone());
    let ways = Ways::default();
    Arc::new(disk.keeping(dirs.state.clone(), Box::new(move |folder| ways.to(folder))))
}

/// An owner for one command has nothing else to do while a step of its run takes its time. But what an undo runs may be a
/// command that asks Usher itself.
fn workers(options: OpenOptions, own: &Sender<Message>) -> Workers {
    let own = own.clone();
    let report = Arc::new(move |finished| drop(own.send(Message::Finished(Box::new(finished)))));
    if options.watch { Workers::Threads(report) } else { Workers::UndoThreads(report) }
}

//! From events to courses of action.

use std::collections::{HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use usher_event::{Change, Event, Kind, Sentence, Subject, sentence};
use usher_rule::context::{Looking, Told};
use usher_rule::occasions::NO_FACTS;
use usher_rule::{Rule, Stat, Targets, World};

use crate::brakes::Admission;
use crate::carry::{Course, OpenRun, Tally};
use crate::disk::{Overlay, Writer, lstat};
use crate::engine::{Covering, Engine, Finding, Happening};
use crate::journal::{JournalError, RunKind};
use crate::look::{Look, Looked};
use crate::own::{Bred, Handled};
use crate::plan::{Commands, Planner, targeted};
use crate::settle::{QUIET, Waiting, finished_name};
use crate::stamp::Stamp;
use crate::told::still_going_on;
use crate::unfinished::{at_work_on, open_for_writing, unfinished_until};

/// Subjects that are planned together and written down in one commit.
pub(crate) const BATCH: usize = 256;

impl Engine {
    /// Takes in what a source has noticed. Cheap; nothing is done before [`advance`](Self::advance).
    pub fn event(&mut self, event: &Event) {
        match event {
            Event::Path { path, change } => self.hint(path, *change),
            Event::Rescan { root, .. } => {
                if !self.rescans.iter().any(|known| known == root) {
                    self.rescans.push(root.clone());
                }
            }
            Event::Folder { root, health } => self.descents.seen_by(root, health),
            Event::State { .. } | Event::Moment { .. } | Event::Noun { .. } | Event::ClockSet => {
                self.notice(event);
            }
        }
    }

    fn hint(&mut self, path: &Path, change: Change) {
        let now = self.clock.ticks();
        // A partial file that goes away is what its finished sibling has been waiting for.
        if change == Change::Gone
            && let Some(finished) = finished_name(path)
            && let Some(quiet) = self.quiet(&finished)
        {
            self.settle.hint(&finished, Change::Closed, quiet, now);
        }
        if change == Change::Gone {
            self.settle.forget(path);
            self.looks.gone(path);
            self.alarms.forget(path);
            self.descents.forget(path);
            self.withdraw(path);
            self.goes(path);
        } else if let Some(quiet) = self.quiet(path) {
            let new = matches!(change, Change::Created | Change::MovedIn);
            self.descents.news(path, new, self.settle.waits(path), now);
            self.settle.hint(path, change, quiet, now);
        }
    }

    /// Takes back what was asked about a path.
    fn withdraw(&mut self, path: &Path) {
        if self.brakes.withdraw(path) {
            self.happen(Happening::Withdrawn);
        }
    }

    /// Looks at a path again soon, because something about it turned out differently from what was planned.
    pub(crate) fn look_again(&mut self, path: &Path) {
        if self.quiet(path).is_some() {
            let now = self.clock.ticks();
            self.settle.hint(path, Change::Closed, QUIET, now);
            // To the rules that have not looked at it yet it has just come.
            self.settle.renew(path);
        }
    }

    /// The longest quiet time that a rule covering the path asks for; `None` where no rule covers it.
    pub(crate) fn quiet(&self, path: &Path) -> Option<Duration> {
        let covering = self.covering.iter().filter(|covering| {
            covering.rule.waits_for_files()
                && covering.roots.iter().any(|root| covers_any(root, path, covering.rule.targets))
        });
        covering.map(|covering| covering.rule.settle.unwrap_or(QUIET)).max()
    }

    /// Does what is due: sweeps folders that have to be looked at again, then handles subjects that have settled.
    ///
    /// # Errors
    /// When the journal cannot be written; what was not written down has not been done either.
    pub fn advance(&mut self) -> Result<(), JournalError> {
        self.go_ahead(false)
    }

    /// Does what is due. What is done with files may be `ahead` of the journal's database afterwards.
    pub(crate) fn go_ahead(&mut self, ahead: bool) -> Result<(), JournalError> {
        if self.paused() {
            return if self.is_ahead() { self.catch_up() } else { Ok(()) };
        }
        self.take_up_after_a_fault();
        // Of what could not be written down when it was done, the rules would know nothing.
        match ahead {
            true => self.catch_up_in_time()?,
            false => self.catch_up()?,
        }
        self.recover_fallen()?;
        self.settle_machine();
        self.ring_schedules()?;
        self.ring();
        while !self.rescans.is_empty() {
            let root = self.rescans.remove(0);
            self.rescan(&root);
        }
        self.memory.forget_disk();
        let compares = self.covering.iter().any(|covering| covering.rule.compares());
        self.memory.arriving = if compares { self.arriving() } else { HashSet::new() };
        while self.is_due() {
            let put_off = ahead && self.in_burst();
            self.batch(put_off)?;
            if ahead {
                self.put_off();
                self.catch_up_in_time()?;
            }
        }
        if self.settle.len() == 0 {
            self.doubtful.clear();
        }
        let now = self.clock.ticks();
        if self.gone.due().is_some_and(|due| due <= now) || self.wake_is_due() {
            self.catch_up()?;
            self.act_on_gone()?;
            if self.wake_is_due() {
                self.go_on_woken()?;
            }
        }
        if self.is_ahead() { Ok(()) } else { self.settle_steps() }
    }

    /// Whether a subject has settled and can be looked at now.
    fn is_due(&mut self) -> bool {
        let is_due = |engine: &Self| engine.settle.due().is_some_and(|due| due <= engine.clock.ticks());
        is_due(self) || self.call_from_line() && is_due(self)
    }

    /// Files that have arrived, and that not every rule has been asked about.
    fn arriving(&self) -> HashSet<PathBuf> {
        let mut arriving = self.settle.newcomers();
        arriving.extend(self.looks.paths().cloned());
        arriving
    }

    /// Queues what time has made ready to be looked at.
    fn ring(&mut self) {
        let due = self.alarms.take(self.clock.timestamp());
        let now = self.clock.ticks();
        due.paths.iter().for_each(|path| self.settle.found(path, now));
        if due.sweep {
            let clocked = self.covering.iter().filter(|covering| covering.rule.watches_clock());
            let roots = clocked.flat_map(|covering| &covering.roots).map(|root| root.path.clone());
            self.rescans.extend(roots.collect::<HashSet<PathBuf>>());
        }
    }

    /// Queues everything below `root` that an enabled rule covers.
    fn rescan(&mut self, root: &Path) {
        self.expand_locations();
        let now = self.clock.ticks();
        let disk = Arc::clone(&self.disk);
        let mut found: Vec<PathBuf> = Vec::new();
        for covering in self.covering.iter().filter(|covering| covering.rule.waits_for_files()) {
            for place in covering
                .roots
                .iter()
                .filter(|place| place.path.starts_with(root) || root.starts_with(&place.path))
            {
                let mut visit = |subject: Subject| {
                    found.push(subject.path);
                    true
                };
                let mut unreadable = |path: &Path, error| tracing::warn!(path = %path.display(), %error, "cannot be looked into");
                place.walk(&*disk, covering.rule.targets, &mut unreadable, &mut visit);
            }
        }
        for path in found {
            if path.starts_with(root) {
                self.settle.found(&path, now);
            }
        }
    }

    /// Plans and carries out up to [`BATCH`] subjects that are due. Where that cannot be written down nothing of it is done,
    /// and they stay due.
    fn batch(&mut self, put_off: bool) -> Result<(), JournalError> {
        let mut run = None;
        let carried = self.batch_of(&mut run, put_off);
        let taken = std::mem::take(&mut self.taken);
        self.doubtful.retain(|path| taken.iter().all(|(done, _)| done != path));
        if carried.is_err() && !run.is_some_and(|run: OpenRun| self.is_written_down(&run)) {
            let now = self.clock.ticks();
            taken.into_iter().for_each(|(path, waiting)| self.settle.back(path, waiting, now));
        }
        carried
    }

    /// What a batch had taken when a mistake of ours ended it in its midst is looked at again, each by itself. One that
    /// ends even so is left as it is, so that it holds up none of the others.
    fn take_up_after_a_fault(&mut self) {
        let now = self.clock.ticks();
        for (path, waiting) in std::mem::take(&mut self.taken) {
            if self.doubtful.insert(path.clone()) {
                self.settle.back(path, waiting, now);
                continue;
            }
            self.doubtful.remove(&path);
            self.happen(Happening::Trouble(Finding {
                code: "internal",
                message: sentence!(
                    "fault-on-file",
                    "a mistake in Usher itself kept it from handling {path}, which is left alone until it changes",
                    path = &path,
                ),
                hint: Some(sentence!("fault-report", "look into the log, and please report it")),
                path: Some(path),
                run: None,
                rule: None,
            }));
        }
    }

    /// Whether the run's first steps are on record.
    pub(crate) fn is_written_down(&self, run: &OpenRun) -> bool {
        run.id.is_some_and(|id| self.run_numbers.contains_key(&id))
    }

    fn batch_of(&mut self, run: &mut Option<OpenRun>, put_off: bool) -> Result<(), JournalError> {
        let now = self.clock.ticks();
        let disk = Arc::clone(&self.disk);
        let base: &dyn usher_rule::World = &*disk;
        let world = Overlay::new(base);
        let mut memory = std::mem::take(&mut self.memory);
        memory.written.clear();
        self.failing.clear();
        self.lonely.look_afresh();
        let mut courses = Vec::new();
        let mut cause: Option<(PathBuf, bool)> = None;
        let mut touched = Vec::new();
        let mut alone = false;
        for _ in 0..BATCH {
            if alone {
                break;
            }
            let Some((path, waiting)) = self.settle.take(now) else { break };
            alone = self.doubtful.contains(&path);
            if alone && !self.taken.is_empty() {
                self.settle.back(path, waiting, now);
                break;
            }
            self.taken.push((path.clone(), waiting.clone()));
            // What this batch is going to change is looked at when it has been changed.
            if world.touched(&path) {
                touched.push((path, waiting));
                continue;
            }
            let swept = waiting.swept;
            memory.looking = if swept { Looking::Found } else { Looking::Newcomer };
            let arriving = memory.arriving.remove(&path);
            let mut planner = Planner { world: &world, memory: &mut memory, commands: Commands::Wait };
            let course = self.course(&mut planner, &path, waiting)?;
            if arriving && self.settle.reason(&path).is_some() {
                memory.arriving.insert(path.clone());
            }
            if let Some(course) = course {
                cause.get_or_insert((path, swept));
                courses.push(course);
            }
        }
        self.memory = memory;
        for (path, waiting) in touched {
            self.settle.back(path, waiting, now);
        }
        let Some((path, swept)) = cause else { return Ok(()) };
        let run = run.insert(match (swept, courses.len()) {
            (true, _) => {
                OpenRun::new(RunKind::Sweep, sentence!("cause-looked", "looked through the folders"))
            }
            (false, 1) => OpenRun::new(RunKind::Event, Sentence::foreign(path.display().to_string())),
            (false, more) => OpenRun::new(
                RunKind::Event,
                sentence!("cause-more", "{path} and {more} more", path = path, more = more - 1),
            ),
        });
        run.put_off = put_off;
        self.carry_out(run, courses, false, &mut Tally::default())?;
        self.close_run(run)
    }

    /// What the rules will do with one settled path; `None` for nothing, or not yet.
    fn course(
        &mut self,
        planner: &mut Planner<'_>,
        path: &Path,
        mut waiting: Waiting,
    ) -> Result<Option<Course>, JournalError> {
        if self.in_hands(path) {
            let now = self.clock.ticks();
            self.settle.again(path.to_path_buf(), waiting, still_going_on(), now);
            return Ok(None);
        }
        let Ok(Some(stat)) = lstat(planner.world, path) else { return Ok(None) };
        if let Some(until) = unfinished_until(path, &stat, self.clock.timestamp()) {
            self.alarms.set(path, until);
            return Ok(None);
        }
        if self.behind_a_link(path) {
            return Ok(None);
        }
        // While a rule asks about it, it stays as it is; what has changed since is another file to ask about.
        match self.brakes.asks_about(path) {
            Some(asked) if asked.swept || asked.is_about(&stat) => return Ok(None),
            Some(_) => self.withdraw(path),
            None => {}
        }
        if self.descents.at_work_on(path, &stat) {
            let now = self.clock.ticks();
            self.settle.again(path.to_path_buf(), waiting, still_going_on(), now);
            return Ok(None);
        }
        self.recognise(path, &stat);
        let mut known = self.looks.take_known(path);
        let trail: Vec<Arc<Rule>> = self.trails.of(&*self.disk, path, &stat.into()).to_vec();
        let mut course = Course { chains: VecDeque::new(), trail, then: None };
        let (mut place, mut seen) = (path.to_path_buf(), stat);
        self.catch_up_on(&place, &seen.into())?;
        let mut checked = false;
        let mut cooling: Option<(Duration, Arc<Rule>)> = None;
        for nr in 0..self.covering.len() {
            let Some((rule, root)) = self.looks_at(nr, &place, seen.kind) else { continue };
            if rule.held_back(self.machine.state(), &NO_FACTS, &*self.disk).is_some() {
                self.guarded.insert(rule.id.clone());
                continue;
            }
            let awaited = self.awaited(&rule, path, &place, &waiting);
            // What a rule with `stop` has had is its own for as long as it matches.
            let keeps = rule.stop && rule.waits_for_files();
            if !awaited && !keeps {
                continue;
            }
            let handled = self.handled(&rule, &course, &place, &seen, waiting.swept)?;
            if let (true, Handled::Lately(left)) = (awaited, &handled)
                && cooling.as_ref().is_none_or(|(other, _)| left < other)
            {
                cooling = Some((*left, Arc::clone(&rule)));
            }
            let acts = awaited && matches!(handled, Handled::No);
            let only_stops = !acts && keeps && !matches!(handled, Handled::No);
            if !acts && !only_stops {
                continue;
            }
            // Code of the user's sees the disk and not the plan: what is planned is done first, and nothing that is not
            // finished is shown to it.
            if rule.looks_outside() && !course.chains.is_empty() {
                course.then = Some(place);
                break;
            }
            if rule.looks_outside() && !checked {
                if let Some(reason) = self.unfinished(path, &stat, &mut waiting) {
                    let now = self.clock.ticks();
                    self.settle.again(path.to_path_buf(), waiting, reason, now);
                    return Ok(None);
                }
                checked = true;
            }
            let answered = known.iter_mut().find_map(|answer| answer.about(&rule, &seen));
            let Some(looked) = answered.or_else(|| self.look(planner, &rule, &place, &root)) else {
                // It takes long. What is planned is done meanwhile, and what is not finished is not looked at.
                if !course.chains.is_empty() {
                    course.then = Some(place);
                    break;
                }
                if !checked && let Some(reason) = self.unfinished(path, &stat, &mut waiting) {
                    let now = self.clock.ticks();
                    self.settle.again(path.to_path_buf(), waiting, reason, now);
                    return Ok(None);
                }
                let (memory, cwd) = (planner.memory.for_another_thread(), planner.world.working_dir());
                self.look_beside(Look { rule, path: place, root, stat: seen, memory, cwd }, waiting, known);
                return Ok(None);
            };
            let Looked { matched, told, next } = looked;
            self.tell(&rule, &place, told);
            if only_stops {
                match matched.is_some_and(|matched| matched.switched(&place).is_none()) {
                    true => break,
                    false => continue,
                }
            }
            let Some(matched) = matched else {
                if let Some(at) = next {
                    self.alarms.set(&place, at);
                }
                continue;
            };
            if !checked {
                if let Some(reason) = self.unfinished(path, &stat, &mut waiting) {
                    let now = self.clock.ticks();
                    self.settle.again(path.to_path_buf(), waiting, reason, now);
                    return Ok(None);
                }
                checked = true;
            }
            if self.goes_in_circles(&course, &rule, &place) {
                break;
            }
            match self.bred(&rule, path, (&place, &seen), !waiting.swept) {
                Bred::Acts => {}
                Bred::Stays => break,
                Bred::Waits(until, reason) if course.chains.is_empty() => {
                    self.settle.later(path.to_path_buf(), waiting, reason, until);
                    return Ok(None);
                }
                Bred::Waits(..) => {
                    course.then = Some(place);
                    break;
                }
            }
            match self.brakes.admit(&rule, &place, self.clock.ticks(), self.clock.timestamp()) {
                Admission::Free => {}
                Admission::Held => break,
                Admission::Asks => {
                    self.tell_of_question();
                    break;
                }
            }
            if let Some(other) = matched.switched(&place).map(Path::to_path_buf) {
                // A filter has chosen another file; this one stays where it is and goes on to the next rule.
                let Some(seen) = self.at_rest(planner.world, &other) else { continue };
                let chain = planner.plan(&rule, matched, &root, seen);
                let over = chain.rest.is_some() || chain.failure.is_some();
                course.chains.push_back(chain);
                if over { break } else { continue }
            }
            let chain = planner.plan(&rule, matched, &root, seen);
            let end = chain.end.clone();
            let over = chain.rest.is_some() || chain.failure.is_some();
            course.chains.push_back(chain);
            if rule.stop {
                break;
            }
            // What was copied stays where it is, for the rules after this one as well; its copy is news where it lies.
            let next = if planner.world.exists(&place) { Some(place.clone()) } else { end };
            match next.map(|next| (lstat(planner.world, &next), next)) {
                Some((Ok(Some(stat)), next)) if !over => {
                    self.catch_up_on(&next, &stat.into())?;
                    (place, seen) = (next, stat);
                }
                _ => break,
            }
        }
        if !course.chains.is_empty() {
            self.gone.came(path);
        }
        if let Some((left, rule)) = cooling {
            // What has changed meanwhile is looked at when the time is over.
            let reason =
                sentence!("waits-cooldown", "{rule} leaves it alone for a while", rule = rule.title());
            let due = self.clock.ticks() + left;
            self.settle.later(path.to_path_buf(), waiting, reason, due);
        }
        Ok((!course.chains.is_empty()).then_some(course))
    }

    /// What is at a path that nobody has reported, if it may be touched now.
    fn at_rest(&self, world: &Overlay<'_>, path: &Path) -> Option<Stat> {
        let stat = lstat(world, path).ok().flatten()?;
        let busy = self.in_hands(path) || self.at_work_on(path, &stat).is_some();
        (!busy && !self.behind_a_link(path)).then_some(stat)
    }

    /// Passes on what filters have to tell. A filter that fails on a whole folder is one thing to see to: of the files
    /// that are looked at together, the first stands for all.
    fn tell(&mut self, rule: &Rule, path: &Path, told: Vec<Told>) {
        for told in told {
            match told {
                Told::Said(text) => self.happen(Happening::Message { title: None, text }),
                Told::Trouble(filter, message) if self.failing.insert((rule.id.clone(), filter)) => {
                    self.happen(Happening::Trouble(Finding {
                        code: "failed_filter",
                        message: sentence!(
                            "trouble-filter",
                            "{rule}: {filter}: {path}: {message}",
                            rule = rule.title(),
                            filter = filter,
                            path = path,
                            message = message,
                        ),
                        hint: None,
                        path: Some(path.to_path_buf()),
                        run: None,
                        rule: Some(rule.id.clone()),
                    }));
                }
                Told::Trouble(filter, message) => {
                    tracing::debug!(rule = rule.title(), filter, path = %path.display(), %message, "a filter could not look");
                }
            }
        }
    }

    /// Whether the way from every root to the path leads over a symbolic link: a walk would not go there either.
    fn behind_a_link(&self, path: &Path) -> bool {
        let mut roots = self
            .covering
            .iter()
            .flat_map(|covering| &covering.roots)
            .filter(|root| path.starts_with(&root.path));
        !roots.any(|root| self.disk.beneath(&root.path, path).unwrap_or(false))
    }

    /// The `nr`th rule and the root it finds the path in, if it looks there at this kind of thing.
    fn looks_at(&self, nr: usize, path: &Path, kind: Kind) -> Option<(Arc<Rule>, PathBuf)> {
        let Covering { rule, roots } = &self.covering[nr];
        if !targeted(rule, kind) {
            return None;
        }
        let root = roots.iter().find(|root| root.covers(path, kind, rule.targets))?;
        Some((Arc::clone(rule), root.path.clone()))
    }

    /// Whether what has happened to a file is what the rule waits for. What was found by looking through the folders may
    /// have come since the last time somebody looked.
    fn awaited(&self, rule: &Rule, found: &Path, place: &Path, waiting: &Waiting) -> bool {
        rule.waits_for_files() && (!rule.only_newcomers() || waiting.new || waiting.swept || place != found)
    }

    /// Why a file or folder must not be touched yet.
    pub(crate) fn unfinished(&mut self, path: &Path, stat: &Stat, waiting: &mut Waiting) -> Option<Sentence> {
        match stat.kind {
            Kind::File => {}
            Kind::Dir => return self.at_work_on(path, stat),
            Kind::Symlink | Kind::Other => return None,
        }
        let (files, now) = (1 + self.settle.len().min(BATCH), self.clock.ticks());
        let alone = self.lonely.is_alone(&*self.disk, path, files, now);
        let written = if alone { open_for_writing(&*self.disk, path) } else { self.at_work_on(path, stat) };
        if written.is_some() {
            return written;
        }
        let stamp = Stamp::from(*stat);
        let unchanged = waiting.looked == Some(stamp);
        waiting.looked = Some(stamp);
        let known = waiting.complete && !waiting.swept;
        if known || unchanged || self.disk.writer(path) == Writer::None {
            return None;
        }
        // Nobody has told that it is complete, and nobody can tell whether it is being written: it has to stand still.
        let age = self.clock.timestamp().duration_since(stat.modified);
        (age.as_secs() < 2).then(|| sentence!("waits-written", "it was written just now"))
    }

    /// What says that somebody is at work on a file or folder at this moment.
    pub(crate) fn at_work_on(&self, path: &Path, stat: &Stat) -> Option<Sentence> {
        at_work_on(&*self.disk, path, stat.kind, self.clock.timestamp())
    }
}

/// An event does not say whether it is about a file or a directory.
pub(crate) fn covers_any(root: &usher_rule::Root, path: &Path, targets: Targets) -> bool {
    (targets.files && root.covers(path, Kind::File, targets))
        || (targets.dirs && root.covers(path, Kind::Dir, targets))
}

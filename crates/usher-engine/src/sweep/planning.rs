//! The walk over what is there: one subject after the other is planned.

use std::path::Path;
use std::sync::Arc;

use usher_event::{Sentence, Subject};
use usher_rule::context::{Haste, Told};
use usher_rule::{Rule, Stat, World};

use super::hand::InHand;
use super::line::{Line, asks, leaves_it, lines, location_failed};
use super::{Limits, Progress, Sofar, Sweep};
use crate::disk::{Overlay, lstat};
use crate::live::BATCH;
use crate::look::{Answer, Look, Looked};
use crate::plan::{Chain, Commands, Planner, targeted};
use crate::text::step_text;

/// Says what speaks against touching a file now, whether somebody attends the run or not.
pub(crate) type InWork<'a> = &'a dyn Fn(&Path, &Stat, bool) -> Option<Sentence>;

/// How many subjects are looked at in one piece, whether they match or not: a few milliseconds where nothing is slow.
const PIECE: usize = 8192;

/// What a walk goes by.
pub(crate) struct Ground<'a> {
    pub(crate) world: &'a Overlay<'a>,
    pub(crate) in_work: InWork<'a>,
    pub(crate) commands: Commands<'a>,
    /// Which filters of a rule are to be asked elsewhere.
    pub(crate) haste: &'a dyn Fn(&Rule) -> Haste,
    /// Whether others have waited long enough for this piece.
    pub(crate) enough: &'a dyn Fn() -> bool,
}

impl<'a> Ground<'a> {
    /// For one who takes the time for everything.
    pub(crate) fn patient(world: &'a Overlay<'a>, in_work: InWork<'a>, commands: Commands<'a>) -> Self {
        Self { world, in_work, commands, haste: &|_| Haste::None, enough: &|| false }
    }
}

/// A subject at which looking takes long. The walk waits with it.
pub(super) enum Beside {
    /// The look is to be taken as soon as everything is done that was planned before.
    Wanted(Subject, Box<Look>),
    /// It is being taken, under this number.
    Out(Subject, u64),
    /// It was taken.
    Over(Subject, Option<Answer>),
}

impl Sweep {
    /// Plans until there is enough to be carried out, or enough has been looked at; says whether anything is left.
    pub(crate) fn plan(&mut self, ground: &Ground<'_>, progress: Progress<'_>) -> bool {
        for _ in 0..PIECE {
            // Code of the user's sees the disk and not the plan: what is planned is done first.
            let looks_outside = self.rule.as_ref().is_some_and(|hand| hand.rule.looks_outside());
            if self.pending.len() >= BATCH
                || self.ends_unforeseen()
                || looks_outside && !self.pending.is_empty()
                || matches!(self.beside, Some(Beside::Wanted(..)))
                || (ground.enough)()
            {
                return true;
            }
            let Some(mut hand) = self.rule.take() else {
                let Some(rule) = self.rules.pop_front() else { return false };
                self.begin(rule, ground);
                continue;
            };
            if let Some(Beside::Over(subject, answer)) = self.beside.take() {
                self.subject(&mut hand, subject, answer, ground, progress);
            } else {
                match hand.next(ground.world, &mut self.report.unreadable) {
                    Some(subject) => {
                        self.looked = self.looked.saturating_add(1);
                        self.subject(&mut hand, subject, None, ground, progress);
                    }
                    None => continue,
                }
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
            self.report.unchanged += u32::from(leaves_it(&chain));
            self.report.lines.extend(lines(&chain, world.home().as_deref(), 0));
        }
    }

    /// How many lines there are so far.
    pub(crate) fn lines(&self) -> usize {
        self.report.lines.len()
    }

    /// A command may change anything, what an archive will be like is known only roughly, and what is answered to a
    /// question nobody knows, so nothing is planned ahead of those.
    fn ends_unforeseen(&self) -> bool {
        let unforeseen = |chain: &Chain| {
            chain.rest.is_some() || chain.steps.iter().flat_map(|step| &step.ops).any(|op| !op.foreseen())
        };
        self.pending.last().is_some_and(unforeseen)
    }

    fn begin(&mut self, rule: Arc<Rule>, ground: &Ground<'_>) {
        let Ground { world, commands, .. } = *ground;
        if rule.standalone() {
            let mut planner = Planner { world, memory: &mut self.memory, commands };
            self.pending.push(planner.standalone(&rule));
            return;
        }
        match rule.roots(world, &self.memory.event) {
            Ok(roots) => {
                let absent = roots.iter().filter(|root| matches!(lstat(world, &root.path), Ok(None)));
                let absent = absent.map(|root| (root.path.clone(), rule.title().to_owned()));
                self.report.absent.extend(absent);
                self.rule = Some(InHand::walking(rule, roots));
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
        subject: Subject,
        answer: Option<Answer>,
        ground: &Ground<'_>,
        progress: Progress<'_>,
    ) {
        let Ground { world, commands, .. } = *ground;
        if hand.has_made(&subject.path) {
            return;
        }
        let Some(root) = hand.root() else { return };
        if !targeted(&hand.rule, subject.kind) || self.stopped.contains(&subject.path) {
            return;
        }
        let done = self.is_done_with(hand, &subject.path, world);
        if done && !hand.rule.stop {
            return;
        }
        let Some(looked) = self.look(&hand.rule, &subject.path, root, answer, ground) else {
            // It takes long.
            if let Ok(Some(stat)) = lstat(world, &subject.path) {
                let memory = self.memory.for_another_thread();
                let (rule, path, root) = (Arc::clone(&hand.rule), subject.path.clone(), root.to_path_buf());
                let look = Look { rule, path, root, stat, memory, cwd: world.working_dir() };
                self.beside = Some(Beside::Wanted(subject, Box::new(look)));
            }
            return;
        };
        let Looked { matched, told, .. } = looked;
        self.tell(&hand.rule, root, &subject.path, told, world);
        let Some(matched) = matched else { return };
        if done {
            // What a rule with `stop` has had is its own for as long as it matches.
            if matched.switched(&subject.path).is_none() {
                self.stopped.insert(subject.path.clone());
            }
            return;
        }
        // An earlier step of this very run may have taken it away after its directory was listed.
        let place = matched.switched(&subject.path).unwrap_or(&subject.path);
        let Ok(Some(seen)) = lstat(world, place) else { return };
        if let Some(reason) = (ground.in_work)(place, &seen, self.attended()) {
            self.report.in_work.push((place.to_path_buf(), reason));
            return;
        }
        // What was held once was allowed since.
        if hand.walks() && self.goes_beyond(&hand.rule) {
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
        progress(Sofar { subjects: self.subjects, looked: self.looked }, &subject.path);
        self.pending.push(chain);
    }

    /// What the rule's filters say, as far as nobody has to wait for that.
    fn look(
        &mut self,
        rule: &Arc<Rule>,
        path: &Path,
        root: &Path,
        answer: Option<Answer>,
        ground: &Ground<'_>,
    ) -> Option<Looked> {
        let known = answer.and_then(|mut answer| {
            let stat = lstat(ground.world, path).ok().flatten()?;
            answer.about(rule, &stat)
        });
        known.or_else(|| {
            let Ground { world, commands, haste, .. } = *ground;
            let mut planner = Planner { world, memory: &mut self.memory, commands };
            planner.look(rule, path, root, haste(rule))
        })
    }

    /// Keeps a chain that was planned outside of the walk in mind, as if the walk had come to it.
    pub(super) fn take_on(&mut self, chain: &Chain) {
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
            && hand.walks()
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
        self.report.failed += u32::from(told.iter().any(|told| matches!(told, Told::Trouble(..))));
        for told in told {
            let (filter, note, error) = match told {
                Told::Said(text) => ("python", Some(Sentence::foreign(text)), None),
                Told::Trouble(filter, message) => (filter, None, Some(message)),
            };
            self.report.lines.push(Line {
                rule: Arc::clone(rule),
                action: filter.into(),
                path: Some(path.to_path_buf()),
                root: Some(root.to_path_buf()),
                text: step_text(filter, Some(path), None, note.as_ref(), world.home().as_deref()),
                note,
                error,
                irreversible: None,
                conflict: None,
            });
        }
    }

    /// Adds a line for each rule that asks before it goes on.
    pub(super) fn say_what_is_held(&mut self) {
        let lines = self.held.iter().map(|(rule, subjects)| asks(rule, subjects.len()));
        self.report.lines.extend(lines);
    }
}

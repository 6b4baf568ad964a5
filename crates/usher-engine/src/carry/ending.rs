//! How steps and chains end: what is remembered of them, what comes next, and what is said of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use usher_event::{Sentence, sentence};
use usher_rule::Op;

use super::flight::Flight;
use super::{OpenRun, with_rule};
use crate::deed::{Deed, Trace};
use crate::disk::{Overlay, lstat};
use crate::engine::{Engine, Finding, Happening};
use crate::intents::{Unsettled, note_steps};
use crate::journal::{JournalError, RunKind, StepState};
use crate::plan::{Chain, Commands, Failure, Planner, Rest, Said};
use crate::stamp::Stamp;
use crate::work::{StepEnd, StepFailure, results};

impl Engine {
    /// Notes how a step ended; the message where it failed.
    pub(super) fn step_ended(
        &mut self,
        flight: &mut Flight,
        end: StepEnd,
    ) -> Result<Option<Sentence>, JournalError> {
        let Some(noted) = flight.noted.pop_front() else { return Ok(None) };
        let irreversible =
            flight.chain.steps.get(flight.at).and_then(usher_rule::Step::irreversible).is_some();
        let state = match &end.failure {
            Some(failure) => state_of_failed(failure, &noted.deeds, &end.traces),
            None if irreversible => StepState::Irreversible,
            None => StepState::Done,
        };
        flight
            .left
            .extend(results(&noted.deeds, &end.traces).map(|(path, trace)| (path.to_path_buf(), trace)));
        let failed = |how: fn(&StepFailure) -> bool| end.failure.as_ref().is_some_and(how);
        let (anew, stands) = (failed(|failure| failure.anew), failed(|failure| failure.stands));
        let left_over = failed(|failure| failure.left_over);
        let message = end.failure.map(|failure| failure.message);
        if message.is_some() {
            self.flights.unmade(&noted.deeds);
        }
        self.journal.ended(noted.id, state, &end.traces, message.as_ref())?;
        let remember = if left_over { self.left_where_it_was(&flight.chain) } else { Vec::new() };
        self.arrears.note(None, &remember);
        let step = Unsettled {
            step: noted.id,
            state,
            traces: end.traces,
            error: message.clone(),
            remember,
            takes_back: None,
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
        // Somebody was quicker. Planning anew finds another name, or the rule's own answer to it.
        let anew = flight.chain.subject.clone().filter(|_| anew);
        if let Some(message) = message.as_ref().filter(|_| stands || anew.is_none()) {
            let action = flight.chain.steps.get(flight.at - 1).map_or("", |step| step.action);
            let failure = Failure { action, path: flight.chain.subject.clone(), message: message.clone() };
            self.trouble(flight.run, &flight.chain, &failure);
        }
        if let Some(subject) = anew {
            self.look_again(&subject);
        }
        Ok(message)
    }

    /// What of the subject could not be taken away: it is not to be carried off piece by piece, each time it is seen.
    fn left_where_it_was(&self, chain: &Chain) -> Vec<(String, Stamp, PathBuf)> {
        let left = chain.subject.iter().filter_map(|path| {
            let stat = lstat(&*self.disk, path).ok().flatten()?;
            Some((chain.rule.id.clone(), stat.into(), path.clone()))
        });
        left.collect()
    }

    /// Plans what was waiting for a command or some code, on the disk as that has left it.
    fn plan_rest(&mut self, flight: &mut Flight, rest: Rest, said: &Said) -> Result<(), JournalError> {
        let disk = Arc::clone(&self.disk);
        let base: &dyn usher_rule::World = &*disk;
        let world = Overlay::new(base).starting_in(rest.cwd());
        let from = flight.chain.steps.len();
        let memory = self.run_memories.get_mut(&flight.run).unwrap_or(&mut self.memory);
        let mut planner = Planner { world: &world, memory, commands: Commands::Wait };
        planner.resume(&mut flight.chain, rest, said);
        let at = self.clock.timestamp();
        let mut run = OpenRun::new(RunKind::Event, Sentence::foreign(""));
        run.next_step = self.run_numbers.get(&flight.run).copied().unwrap_or_default();
        let (vault, id, chain) = (self.vault.clone(), flight.run, &mut flight.chain);
        let noted = self
            .journal
            .before_deeds(|journal| note_steps(journal, &*disk, &vault, id, &mut run, chain, from, at))?;
        self.run_numbers.insert(id, run.next_step);
        flight.noted.extend(noted);
        Ok(())
    }

    /// Remembers what a rule has done, so that neither it nor a circle of rules does it again. What it still asks about
    /// it is not done with.
    pub(super) fn chain_done(&mut self, flight: &mut Flight) {
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
        // What a command or code has made of the subject is its own output too.
        let ran = chain
            .steps
            .iter()
            .flat_map(|step| &step.ops)
            .any(|op| matches!(op, Op::Spawn(_) | Op::Python(_)));
        let now = self.clock.ticks();
        let disk = Arc::clone(&self.disk);
        let lies_at =
            |stamp: &Stamp, path: &Path| disk.stat(path).is_ok_and(|stat| stamp.same_identity(&stat.into()));
        let mut remember = Vec::new();
        for path in paths {
            let left =
                flight.left.iter().rev().find(|(left, _)| left == path).and_then(|(_, trace)| trace.stamp);
            let seen = || {
                chain
                    .seen
                    .filter(|_| {
                        !ran && !chain.planned
                            && chain.end.as_ref() == Some(path)
                            && chain.end == chain.subject
                    })
                    .map(Stamp::from)
            };
            let stamp = left.or_else(seen).or_else(|| self.disk.stat(path).ok().map(Stamp::from));
            // A later step may have carried it on from there, or given it a second name and written to it there.
            let newest = |stamp: &Stamp| {
                let same = |trace: &Trace| trace.stamp.filter(|left| left.same_identity(stamp));
                flight.left.iter().rev().find_map(|(left, trace)| same(trace).map(|stamp| (left, stamp)))
            };
            let stamp = stamp.and_then(|stamp| match newest(&stamp) {
                Some((left, newest)) if left == path || lies_at(&stamp, path) => Some(newest),
                Some(_) => None,
                None => Some(stamp),
            });
            if let Some(stamp) = stamp {
                let rules = with_rule(self.trails.known(&stamp).unwrap_or(&flight.course.trail), &chain.rule);
                self.trails.extend(path, stamp, rules, now, |name| lies_at(&stamp, name));
                remember.push((chain.rule.id.clone(), stamp, path.clone()));
            }
        }
        let trail = with_rule(&flight.course.trail, &chain.rule);
        flight.course.trail = trail;
        self.brings(flight);
        self.arrears.note(flight.chain.subject.as_deref(), &remember);
        match self.unsettled.last_mut() {
            Some(last) => last.remember.extend(remember),
            None => self.unremembered.extend(remember),
        }
    }

    /// Notes who has made and displaced what, though the chain has failed: neither a copy that stays nor a file that had to
    /// give way is a newcomer. The subject itself stays free to be tried again.
    pub(super) fn chain_failed(&mut self, flight: &Flight) {
        let chain = &flight.chain;
        let subject = chain.seen.filter(|_| !chain.planned).map(Stamp::from);
        let disk = Arc::clone(&self.disk);
        let lies_at =
            |stamp: &Stamp, path: &Path| disk.stat(path).is_ok_and(|stat| stamp.same_identity(&stat.into()));
        let made = |path: &Path| {
            chain.steps.iter().flat_map(|step| &step.ops).any(|op| match op {
                Op::Copy { to, .. } | Op::Pack { to, .. } | Op::Unpack { to, .. } => to == path,
                Op::Write { path: made, .. } | Op::Link { path: made, .. } => made == path,
                _ => false,
            })
        };
        for (path, trace) in &flight.left {
            let Some(stamp) = trace.stamp.filter(|stamp| lies_at(stamp, path)) else { continue };
            let known = self.trails.known(&stamp);
            let displaced = known.is_some() && subject.is_some_and(|subject| !stamp.same_identity(&subject));
            if displaced || made(path) {
                let before = known.unwrap_or(&flight.course.trail);
                let rules = before.iter().chain([&chain.rule]).cloned().collect();
                self.trails.extend(path, stamp, rules, self.clock.ticks(), |name| lies_at(&stamp, name));
            }
        }
    }

    /// Puts the question that a course has come to, and leaves the course at that.
    pub(super) fn flight_asks(&mut self, flight: Flight) {
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
    pub(super) fn put(&mut self, chain: Chain, trail: Vec<Arc<usher_rule::Rule>>, swept: bool) -> u64 {
        let seen = chain.end.as_ref().and_then(|end| lstat(&*self.disk, end).ok().flatten());
        let left = Chain::new(&chain.rule, chain.end.as_deref(), chain.root.as_deref(), seen);
        let id = self.brakes.ask(Chain { rest: chain.rest, ..left }, trail, swept, self.clock.timestamp());
        if !swept {
            self.happen(Happening::Asked(id));
        }
        id
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

    pub(super) fn trouble(&mut self, run: i64, chain: &Chain, failure: &Failure) {
        self.happen(Happening::Trouble(Finding {
            code: "failed_step",
            message: match &failure.path {
                Some(path) => sentence!(
                    "trouble-step-on",
                    "{rule}: {action} {path}: {message}",
                    rule = chain.rule.title(),
                    action = failure.action,
                    path = path,
                    message = &failure.message,
                ),
                None => sentence!(
                    "trouble-step",
                    "{rule}: {action}: {message}",
                    rule = chain.rule.title(),
                    action = failure.action,
                    message = &failure.message,
                ),
            },
            hint: None,
            path: failure.path.clone(),
            run: Some(run),
            rule: Some(chain.rule.id.clone()),
        }));
    }
}

/// The state of a step that failed. Where something of it stands it has been done, as far as the traces go, so that it
/// can be taken back.
pub(crate) fn state_of_failed(failure: &StepFailure, deeds: &[Deed], traces: &[Trace]) -> StepState {
    match failure.stands {
        false => StepState::Failed,
        true if deeds.iter().take(traces.len()).any(Deed::is_final) => StepState::Irreversible,
        true => StepState::Done,
    }
}

/// Whether the very file the chain in hand began with is now somewhere else.
fn moved_away(flight: &Flight) -> bool {
    let Some(seen) = flight.chain.seen.filter(|seen| seen.inode != 0).map(Stamp::from) else { return false };
    flight.left.iter().any(|(path, trace)| {
        flight.chain.subject.as_ref() != Some(path)
            && trace.stamp.is_some_and(|left| left.same_identity(&seen))
    })
}

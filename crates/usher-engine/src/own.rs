//! What a rule has had in its hands already, and what would go on for ever.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use usher_event::{Sentence, sentence};
use usher_rule::world::same_place;
use usher_rule::{Repeat, Rule, Stat};

use crate::brakes::Admission;
use crate::carry::Course;
use crate::descent::Judged;
use crate::engine::{Engine, Finding, Happening};
use crate::journal::JournalError;
use crate::settle::QUIET;
use crate::stamp::Stamp;
use crate::trail::circle;

/// Whether a rule is done with a file.
pub(crate) enum Handled {
    No,
    Yes,
    /// It has acted on it not long ago, and leaves it alone for so much longer.
    Lately(Duration),
}

/// What becomes of a file that may have come of its rule's own command.
pub(crate) enum Bred {
    /// The rule acts on it, as far as this is concerned.
    Acts,
    /// Nothing is done with it.
    Stays,
    /// It is looked at again at this time, for this reason.
    Waits(Duration, Sentence),
}

impl Engine {
    /// Whether the rule has acted on this file, as far as its `repeat` and `cooldown` mind.
    pub(crate) fn handled(
        &self,
        rule: &Rule,
        course: &Course,
        path: &Path,
        seen: &Stat,
        swept: bool,
    ) -> Result<Handled, JournalError> {
        if course.chains.iter().any(|chain| chain.rule.id == rule.id) {
            return Ok(Handled::Yes);
        }
        let stamp = Stamp::from(*seen);
        let this_version = self.has_left(rule, &stamp, path)?;
        let repeat = rule.repeats();
        let acted_on = match repeat == Repeat::Once || rule.cooldown.is_some() {
            true => self.journal.acted_on(&rule.id, &stamp, path)?,
            false => None,
        };
        let handled = match repeat {
            // A rule that waits for new files has not seen one that took the place of one that went.
            Repeat::Once if rule.repeat.is_none() => acted_on.is_some() && !self.gone.was_away(path),
            Repeat::Once => acted_on.is_some(),
            Repeat::OncePerVersion => this_version,
            // What comes right after an action of our own is the echo of that action.
            Repeat::EveryChange => this_version && (swept || self.is_echo(path, &stamp)),
        };
        if handled {
            return Ok(Handled::Yes);
        }
        let (Some(cooldown), Some(at)) = (rule.cooldown, acted_on) else { return Ok(Handled::No) };
        let since = self.clock.timestamp().duration_since(at).unsigned_abs();
        Ok(match cooldown.checked_sub(since) {
            Some(left) if !left.is_zero() => Handled::Lately(left),
            _ => Handled::No,
        })
    }

    /// Whether the rule has acted on this version of the file and left it here, by whatever path it has done so.
    pub(crate) fn has_left(&self, rule: &Rule, stamp: &Stamp, path: &Path) -> Result<bool, JournalError> {
        let here = |left: &Path| same_place(&*self.disk, left, path);
        Ok(self.journal.remembered(&rule.id, stamp, here)?.is_some())
    }

    /// Whether an event about a file tells of nothing but what a rule has just done to it.
    fn is_echo(&self, path: &Path, stamp: &Stamp) -> bool {
        let quiet = self.quiet(path).unwrap_or(QUIET);
        self.trails.is_fresh(&*self.disk, path, stamp, quiet, self.clock.ticks())
    }

    /// Stops a file that the rules would send round and round, and says so once.
    pub(crate) fn goes_in_circles(&mut self, course: &Course, rule: &Rule, path: &Path) -> bool {
        if !course.trail.iter().any(|before| before.id == rule.id) {
            return false;
        }
        // Nobody else has moved it since, and the rule wants to act on whatever is done to it.
        let left_it = course.trail.last().is_some_and(|last| last.id == rule.id);
        if rule.repeat == Some(Repeat::EveryChange) && left_it && course.chains.is_empty() {
            return false;
        }
        let circle = circle(&course.trail, rule);
        if self.circles.insert(circle.clone()) {
            self.happen(Happening::Trouble(Finding {
                code: "loop_stopped",
                message: sentence!(
                    "trouble-circle",
                    "{path} was going round in circles and stays where it is: {circle}",
                    path = path,
                    circle = circle,
                ),
                hint: Some(sentence!(
                    "trouble-circle-hint",
                    "change one of these rules so that it does not match what the other one makes"
                )),
                path: Some(path.to_path_buf()),
                run: None,
                rule: Some(rule.id.clone()),
            }));
        }
        true
    }

    /// Takes note of a file that was not where it had been when a command ended, and lies here now: its rule has left it
    /// here.
    pub(crate) fn recognise(&mut self, path: &Path, stat: &Stat) {
        let Some(descent) = self.descents.of(path) else { return };
        let stamp = Stamp::from(*stat);
        let disk = Arc::clone(&self.disk);
        if !self.trails.of(&*disk, path, &stamp).is_empty() {
            return;
        }
        let came_during = |ticket| descent.came_during(ticket);
        let Some(rules) = self.trails.turns_up(stat, came_during) else { return };
        if let Some(last) = rules.last().cloned() {
            self.done_with(&last, stamp, path);
        }
        let lies_at = |name: &Path| disk.stat(name).is_ok_and(|stat| stamp.same_identity(&stat.into()));
        self.trails.extend(path, stamp, rules, self.clock.ticks(), lies_at);
    }

    /// Has the rule leave this version of a file alone from now on.
    fn done_with(&mut self, rule: &Rule, stamp: Stamp, path: &Path) {
        let left = [(rule.id.clone(), stamp, path.to_path_buf())];
        self.arrears.note(Some(path), &left);
        self.unremembered.extend(left);
    }

    /// Whether a rule acts on a file that was found at `path`, lies at `place` now, and may have come of the rule's own
    /// command.
    pub(crate) fn bred(
        &mut self,
        rule: &Rule,
        path: &Path,
        (place, seen): (&Path, &Stat),
        heard: bool,
    ) -> Bred {
        let (now, at) = (self.clock.ticks(), self.clock.timestamp());
        match self.descents.judge(rule, path, heard, now) {
            Judged::Free => Bred::Acts,
            Judged::Clears(held) => {
                held.iter().for_each(|path| self.settle.hurry(path, now));
                Bred::Acts
            }
            Judged::Grows(chain) => {
                self.stops_breeding(rule, place, chain);
                // It is the same after a restart, which knows nothing of what came of what.
                if !seen.is_planned() {
                    self.done_with(rule, Stamp::from(*seen), place);
                }
                Bred::Stays
            }
            Judged::Waits(until) => {
                let reason = sentence!(
                    "waits-trial",
                    "{rule} holds still for a moment, to see whether its own command makes these files",
                    rule = rule.title(),
                );
                Bred::Waits(until, reason)
            }
            Judged::Breeds(generations) => match self.brakes.admit_bred(rule, place, generations, now, at) {
                Admission::Free => Bred::Acts,
                Admission::Held => Bred::Stays,
                Admission::Asks => {
                    self.tell_of_question();
                    Bred::Stays
                }
            },
        }
    }

    /// Tells of the question that was put last.
    pub(crate) fn tell_of_question(&mut self) {
        let asked = self.brakes.questions().last().map(|question| question.id);
        asked.into_iter().for_each(|id| self.happen(Happening::Asked(id)));
    }

    /// Says that a command makes ever more files out of what it has made.
    fn stops_breeding(&mut self, rule: &Rule, path: &Path, chain: String) {
        self.happen(Happening::Trouble(Finding {
            code: "loop_stopped",
            message: sentence!(
                "trouble-breeds",
                "{path} stays where it is, since a command made it out of what a command had made: {circle}",
                path = path,
                circle = chain,
            ),
            hint: Some(sentence!(
                "trouble-breeds-hint",
                "have the command write outside of the rule's locations, or add a filter that leaves out what it makes"
            )),
            path: Some(path.to_path_buf()),
            run: None,
            rule: Some(rule.id.clone()),
        }));
    }
}

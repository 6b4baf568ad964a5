//! Commands and code: what they are at work on, and what comes while they are.

use usher_rule::Stat;

use super::flight::Flight;
use super::with_rule;
use crate::descent::Spell;
use crate::disk::lstat;
use crate::engine::Engine;
use crate::stamp::Stamp;
use crate::work::Work;

impl Engine {
    /// Notes that a command, or some code, is about to begin with what the chain in hand is about.
    pub(super) fn code_begins(&mut self, flight: &Flight, work: &Work) {
        if !work.runs_code() {
            return;
        }
        let Some(place) = flight.chain.steps.get(flight.at).and_then(|step| step.from.clone()) else {
            return;
        };
        let seen = lstat(&*self.disk, &place).ok().flatten();
        let (trail, descent) = (flight.course.trail.clone(), flight.descent.clone());
        let spell = Spell::new(work.ticket, &flight.chain.rule, place, seen, trail, descent);
        self.descents.begins(spell, self.clock.ticks());
    }

    /// Notes that it has ended. Where its subject does not lie where it did, it may turn up anywhere, or has done so.
    pub(super) fn code_ends(&mut self, ticket: u64) {
        let now = self.clock.ticks();
        let Some(spell) = self.descents.ends(ticket, now) else { return };
        let elsewhere = std::mem::take(&mut spell.elsewhere);
        let lies_there = |seen: &Stat| {
            let there = lstat(&*self.disk, &spell.subject).ok().flatten();
            there.is_some_and(|there| Stamp::from(*seen).same_identity(&there.into()))
        };
        if let Some(seen) = spell.seen.filter(|seen| !lies_there(seen)) {
            self.trails.strays(ticket, seen, with_rule(&spell.trail, &spell.rule), now);
        }
        for path in elsewhere {
            if let Ok(Some(stat)) = lstat(&*self.disk, &path) {
                self.recognise(&path, &stat);
            }
            self.settle.hurry(&path, now);
        }
    }

    /// Notes that the chain in hand has brought its subject, or copied it, to other places.
    pub(super) fn brings(&mut self, flight: &mut Flight) {
        if flight.descent.is_none() {
            return;
        }
        let (now, descent) = (self.clock.ticks(), std::mem::take(&mut flight.descent));
        let chain = &flight.chain;
        flight.descent = descent.by(&chain.rule, false);
        for place in
            chain.end.iter().chain(&chain.produced).filter(|place| chain.subject.as_ref() != Some(place))
        {
            self.descents.brings(place, &flight.descent, now);
        }
    }
}

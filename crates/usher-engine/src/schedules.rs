//! Schedules: when a rule is due, and what has been missed.
//!
//! The journal keeps up to which moment each rule's schedule is done with, so that a moment counts once whatever the
//! clock does, and what passed while Usher was off is known.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp, Zoned};
use usher_event::{Due, Edge};
use usher_rule::Rule;
use usher_rule::occasions::Missed;

use crate::engine::Engine;
use crate::journal::JournalError;

/// A moment counts as missed when it is seen so much later.
const LATE: SignedDuration = SignedDuration::from_secs(60);

/// At most so many missed moments are made up for one by one.
const MOST: usize = 100;

/// A last moment that lies so far ahead was noted by a clock that went wrong.
const AHEAD: SignedDuration = SignedDuration::from_hours(25);

/// The longest sleep. Where nobody tells that the clock was set, a moment is late by no more than this.
const LONGEST: Duration = Duration::from_secs(3600);

/// One rule's schedules.
struct Entry {
    rule: Arc<Rule>,
    /// Up to which moment they are done with.
    until: Timestamp,
    next: Option<Timestamp>,
}

/// The schedules of all enabled rules.
#[derive(Default)]
pub(crate) struct Schedules {
    entries: Vec<Entry>,
}

impl Schedules {
    /// How long until the nearest moment.
    pub(crate) fn due(&self, now: Timestamp) -> Option<Duration> {
        let next = self.entries.iter().filter_map(|entry| entry.next).min()?;
        Some(Duration::try_from(next.duration_since(now)).unwrap_or(Duration::ZERO).min(LONGEST))
    }

    /// When a rule is due next.
    pub(crate) fn next(&self, rule: &str) -> Option<Timestamp> {
        self.entries.iter().find(|entry| entry.rule.id == rule)?.next
    }
}

impl Entry {
    /// The moments that have come since the last look, as far as they are to be acted on.
    fn take(&mut self, now: &Zoned) -> Vec<Zoned> {
        let mut moments = Vec::new();
        let at = now.timestamp();
        if self.until.duration_since(at) > AHEAD {
            self.until = at;
        }
        for schedule in self.rule.schedules() {
            let most = if schedule.missed == Missed::RunAll { MOST } else { 1 };
            let passed = schedule.between(self.until, now, most);
            match schedule.missed {
                Missed::RunOnce | Missed::RunAll => moments.extend(passed),
                Missed::Skip => moments
                    .extend(passed.into_iter().filter(|due| at.duration_since(due.timestamp()) <= LATE)),
            }
        }
        moments.sort_by_key(Zoned::timestamp);
        moments.dedup_by_key(|moment| moment.timestamp());
        self.until = self.until.max(at);
        self.look_ahead(now);
        moments
    }

    fn look_ahead(&mut self, now: &Zoned) {
        let from = self.until.max(now.timestamp()).to_zoned(now.time_zone().clone());
        let next = self.rule.schedules().filter_map(|schedule| schedule.next(&from));
        self.next = next.map(|next| next.timestamp()).min();
    }
}

impl Engine {
    /// Takes up the schedules of the rules as they are now.
    pub(crate) fn reckon_schedules(&mut self) -> Result<(), JournalError> {
        let now = self.clock.now();
        let scheduled = self.rules().iter().filter(|rule| rule.enabled && rule.schedules().next().is_some());
        let mut entries = Vec::new();
        for rule in scheduled.cloned().collect::<Vec<_>>() {
            // A schedule begins when its rule is seen for the first time.
            let until = match self.journal.scheduled(&rule.id)? {
                Some(until) => until,
                None => {
                    self.journal.note_scheduled(&rule.id, now.timestamp())?;
                    now.timestamp()
                }
            };
            let mut entry = Entry { rule, until, next: None };
            entry.look_ahead(&until.to_zoned(now.time_zone().clone()));
            entries.push(entry);
        }
        self.schedules = Schedules { entries };
        Ok(())
    }

    /// Wakes the rules whose moments have come.
    pub(crate) fn ring_schedules(&mut self) -> Result<(), JournalError> {
        if self.schedules.due(self.clock.timestamp()) != Some(Duration::ZERO) {
            return Ok(());
        }
        let now = self.clock.now();
        let mut entries = std::mem::take(&mut self.schedules.entries);
        for entry in &mut entries {
            if entry.next.is_none_or(|next| next > now.timestamp()) {
                continue;
            }
            let moments = entry.take(&now);
            self.journal.note_scheduled(&entry.rule.id, entry.until)?;
            for moment in moments {
                let due = moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
                self.wake(&Edge::ScheduleDue(Due { rule: entry.rule.id.clone(), due }));
            }
        }
        self.schedules.entries = entries;
        Ok(())
    }

    /// What time it is has to be looked at again: what is due next is reckoned anew.
    pub(crate) fn look_at_clock(&mut self) {
        if let Err(error) = self.reckon_schedules() {
            tracing::error!(%error, "schedules cannot be taken up");
        }
    }
}

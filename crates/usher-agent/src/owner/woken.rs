//! The run that an event has set off: how far it has come, told like the progress of one that was asked for.
//!
//! How many files there will be is not known before the last folder was looked into, for either of them.

use std::time::Duration;

use super::Owner;
use crate::api::WokenRun;
use crate::present::shown;

/// A run that is over sooner is told of in the activity alone.
const LONG: Duration = Duration::from_millis(500);

/// What is known of such runs from one turn to the next.
#[derive(Debug, Default)]
pub(super) struct Sight {
    /// Since when there has always been one, in the clock's ticks.
    since: Option<Duration>,
    /// How many files the last status knew of; absent where it knew of no run.
    told: Option<u32>,
}

impl Owner {
    /// Sees to it that the status says how far the run has come, and that it is over.
    pub(super) fn mind_woken(&mut self) {
        let Some(subjects) = self.engine.woken().map(|woken| woken.subjects) else {
            if std::mem::take(&mut self.woken).told.is_some() {
                self.news.status();
            }
            return;
        };
        let now = self.clock.ticks();
        if now < *self.woken.since.get_or_insert(now) + LONG {
            return;
        }
        match self.woken.told.replace(subjects) {
            None => self.news.status(),
            Some(told) if told != subjects => self.news.status_soon(),
            Some(_) => {}
        }
    }

    /// How long until the run that goes on is a long one, where nobody has heard of it.
    pub(super) fn woken_due(&self) -> Option<Duration> {
        let since = self.woken.since.filter(|_| self.woken.told.is_none())?;
        Some((since + LONG).saturating_sub(self.clock.ticks()))
    }

    /// The run for the status.
    pub(super) fn woken_now(&self) -> Option<WokenRun> {
        self.woken.told?;
        let woken = self.engine.woken()?;
        Some(WokenRun {
            rule: woken.rule.to_owned(),
            run: woken.run,
            subjects: woken.subjects,
            path: woken.path.map(shown),
        })
    }
}

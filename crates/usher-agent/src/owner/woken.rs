//! The run that an event has set off: how far it has come, told like the progress of one that was asked for.

use std::time::Duration;

use super::Owner;
use super::runs::Reached;
use super::tally::Tally;
use crate::api::WokenRun;
use crate::present::shown;

/// A run that is over sooner is told of in the activity alone.
const LONG: Duration = Duration::from_millis(500);

/// What is known of such runs from one turn to the next.
#[derive(Default)]
pub(super) struct Sight {
    /// Since when there has always been one, in the clock's ticks.
    since: Option<Duration>,
    /// How far the last status knew it to be; absent where it knew of no run.
    told: Option<Reached>,
    /// Which of them it is, and how far that has come.
    run: Option<(u64, Tally)>,
}

impl Owner {
    /// Sees to it that the status says how far the run has come, and that it is over.
    pub(super) fn mind_woken(&mut self) {
        let Some(woken) = self.engine.woken() else {
            if std::mem::take(&mut self.woken).told.is_some() {
                self.news.status();
            }
            return;
        };
        let run = self.woken.run.take().filter(|(nr, _)| *nr == woken.nr);
        let (_, tally) = self.woken.run.insert(run.unwrap_or_else(|| (woken.nr, Tally::new())));
        tally.count_if_long(|| self.engine.census(woken.sweep));
        tally.take(&self.engine, woken.sweep);
        let reached = tally.reached;
        let now = self.clock.ticks();
        if now < *self.woken.since.get_or_insert(now) + LONG {
            return;
        }
        match self.woken.told.replace(reached) {
            None => self.news.status(),
            Some(told) if told != reached => self.news.status_soon(),
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
        let Reached { subjects, looked, of, .. } = self.woken.told?;
        let woken = self.engine.woken()?;
        Some(WokenRun {
            rule: woken.rule.to_owned(),
            run: woken.sweep.run_id(),
            subjects,
            looked,
            of,
            path: woken.path.map(shown),
        })
    }
}

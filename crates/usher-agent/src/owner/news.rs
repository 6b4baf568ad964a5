//! What subscribers are to be told, put together so that a busy engine is not kept from its work by telling of it.
//!
//! The first piece of news goes out at once. While more keeps coming, a run is told of once for many changes.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Owner;
use crate::api::Notice;
use crate::present;

/// The time between two tellings while there is always something new.
const APART: Duration = Duration::from_millis(60);

/// Telling may take this part of the owner's time, and no more.
const SHARE: u32 = 20;

/// How late a status may be that differs only in when something last happened.
const SOON: Duration = Duration::from_secs(1);

/// The most runs that are kept in mind; who missed older ones asks for the log.
const MOST_RUNS: usize = 50;

/// What has changed since the last telling.
#[derive(Debug, Default)]
pub(super) struct News {
    runs: BTreeSet<i64>,
    /// Runs whose steps have not been noted in the folder book.
    unbooked: BTreeSet<i64>,
    status: bool,
    status_soon: bool,
    /// When telling is allowed again, in the clock's ticks.
    again: Duration,
    last_status: Duration,
}

impl News {
    /// A run is another one.
    pub(super) fn run(&mut self, run: i64) {
        for runs in [&mut self.runs, &mut self.unbooked] {
            runs.insert(run);
            if runs.len() > MOST_RUNS {
                runs.pop_first();
            }
        }
        self.status_soon = true;
    }

    /// The status is another one.
    pub(super) fn status(&mut self) {
        self.status = true;
    }

    /// The status is another one, and nobody is in a hurry.
    pub(super) fn status_soon(&mut self) {
        self.status_soon = true;
    }

    /// How long until there is something to tell; `None` where there is nothing.
    pub(super) fn due(&self, now: Duration) -> Option<Duration> {
        let soon = self.status_soon.then(|| self.last_status + SOON);
        let at = if self.status || !self.runs.is_empty() { Some(Duration::ZERO) } else { soon };
        Some(at?.max(self.again).saturating_sub(now))
    }

    /// Takes the runs and whether the status is to be told.
    fn take(&mut self, now: Duration) -> (BTreeSet<i64>, bool) {
        let soon = self.status_soon && self.last_status + SOON <= now;
        let status = self.status || soon;
        if status {
            (self.status, self.status_soon, self.last_status) = (false, false, now);
        }
        (std::mem::take(&mut self.runs), status)
    }

    /// Notes how long telling took.
    fn told(&mut self, began: Duration, now: Duration) {
        self.again = now + (now.saturating_sub(began) * SHARE).max(APART);
    }
}

impl Owner {
    /// Tells subscribers what has changed, if it is time.
    pub(super) fn publish(&mut self) {
        if self.subscribers.is_empty() {
            self.news.runs.clear();
            return;
        }
        let began = self.clock.ticks();
        if self.news.due(began) == Some(Duration::ZERO) {
            self.tell_news(began);
        }
    }

    /// Tells subscribers what has changed and has not been told, before the end.
    pub(super) fn publish_everything(&mut self) {
        if !self.subscribers.is_empty() {
            self.tell_news(self.clock.ticks());
        }
    }

    fn tell_news(&mut self, began: Duration) {
        let (runs, status) = self.news.take(began);
        for run in runs {
            if let Some(run) = self.read_run(run) {
                self.subscribers.tell(&Notice::Run { run });
            }
        }
        if status {
            let status = self.status();
            self.subscribers.tell(&Notice::Status { status: Box::new(status) });
        }
        self.news.told(began, self.clock.ticks());
    }

    /// One run for a list, read from the journal.
    fn read_run(&mut self, run: i64) -> Option<crate::api::Run> {
        let read = self.engine.journal().run(run);
        let shown = read
            .and_then(|record| record.map(|record| self.shown_run(&record, 0, present::LISTED)).transpose());
        shown.unwrap_or_else(|error| {
            tracing::warn!(%error, run, "a run cannot be read");
            None
        })
    }

    /// Notes in the folder book what runs have done, and that what has failed before may be made good by it.
    pub(super) fn book_runs(&mut self) {
        let runs = std::mem::take(&mut self.news.unbooked);
        if !runs.is_empty() {
            let journal = self.engine.journal();
            self.attention.drop_made_good(|rule, path, run| {
                journal.made_good(rule, path, run).unwrap_or_else(|error| {
                    tracing::warn!(%error, "whether a failure is made good cannot be looked up");
                    false
                })
            });
        }
        for run in runs {
            for (folder, at) in self.engine.journal().folders_of(run).unwrap_or_default() {
                self.book.acted(&folder, at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn the_first_news_is_told_at_once_and_a_stream_of_it_now_and_then() {
        let mut news = News::default();
        assert_eq!(news.due(1000 * MS), None);
        news.run(1);
        assert_eq!(news.due(1000 * MS), Some(Duration::ZERO));
        assert_eq!(news.take(1000 * MS).0.len(), 1);
        news.told(1000 * MS, 1001 * MS);
        news.run(1);
        assert_eq!(news.due(1001 * MS), Some(APART));
    }

    #[test]
    fn telling_never_takes_more_than_its_share() {
        let mut news = News::default();
        news.told(1000 * MS, 1100 * MS);
        news.run(1);
        assert_eq!(news.due(1100 * MS), Some(2000 * MS));
    }

    #[test]
    fn a_status_that_can_wait_is_told_a_second_after_the_last() {
        let mut news = News { last_status: 5000 * MS, ..News::default() };
        news.status_soon();
        assert_eq!(news.due(5200 * MS), Some(800 * MS));
        news.status();
        assert_eq!(news.due(5200 * MS), Some(Duration::ZERO));
        assert_eq!(news.take(5200 * MS), (BTreeSet::new(), true));
        assert_eq!(news.due(9000 * MS), None);
    }
}

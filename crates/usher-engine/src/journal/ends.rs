//! How far steps have come, and how they ended.

use jiff::Timestamp;
use rusqlite::params;
use usher_event::Sentence;

use super::ahead::End;
use super::{Journal, JournalError, StepState, told};
use crate::deed::Trace;

impl Journal {
    /// Notes that a step that was written down is begun.
    pub(crate) fn begins(&mut self, step: i64) {
        self.ahead.begin(step);
    }

    /// Notes what is known of a step that is begun and takes its time, in case Usher is killed before it ends. It is no worse
    /// off without that than it was before.
    pub(crate) fn goes_on(&mut self, step: i64, traces: &[Trace]) {
        let noted = self.end_of(StepState::Intended, traces, None).and_then(|end| {
            if let Some(new) = self.waiting.step(step) {
                new.end = end.clone();
                self.ahead.end(step, end);
                self.ahead.begin(step);
                return Ok(());
            }
            let sql = "UPDATE steps SET traces = ?2 WHERE id = ?1 AND state = ?3";
            let values = params![step, end.traces, end.state];
            let update = || self.db.prepare_cached(sql)?.execute(values);
            update().map(drop).map_err(|source| self.fail(source))
        });
        if let Err(error) = noted {
            tracing::warn!(%error, "what a step that takes its time has left behind cannot be noted");
        }
    }

    /// Notes how a step has ended, in case Usher is killed before that is settled.
    pub(crate) fn ended(
        &mut self,
        step: i64,
        state: StepState,
        traces: &[Trace],
        error: Option<&Sentence>,
    ) -> Result<(), JournalError> {
        let end = self.end_of(state, traces, error)?;
        self.ahead.end(step, end);
        Ok(())
    }

    fn end_of(
        &self,
        state: StepState,
        traces: &[Trace],
        error: Option<&Sentence>,
    ) -> Result<End, JournalError> {
        let traces = (!traces.is_empty()).then(|| serde_json::to_string(traces)).transpose();
        let traces = traces.map_err(|error| self.unwritten(error))?;
        let error = error.map(told::kept).transpose();
        let error = error.map_err(|error| self.unwritten(error))?;
        Ok(End { state, traces, error })
    }

    /// Writes down how a step ended.
    pub(crate) fn settle_step(
        &mut self,
        step: i64,
        state: StepState,
        traces: &[Trace],
        error: Option<&Sentence>,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        let (end, at) = (self.end_of(state, traces, error)?, at.as_microsecond());
        let batches = self.gathering.iter_mut().chain([&mut self.waiting]);
        if let Some(new) = batches.filter_map(|batch| batch.step(step)).next() {
            (new.end, new.at) = (end, at);
            return Ok(());
        }
        let sql = "UPDATE steps SET state = ?2, traces = ?3, error = ?4, at = ?5 WHERE id = ?1";
        let values = params![step, end.state, end.traces, end.error, at];
        let update = || self.db.prepare_cached(sql)?.execute(values);
        update().map(drop).map_err(|source| self.fail(source))
    }

    /// Changes the state of a step that was taken back, or whose taking back was taken back.
    pub(crate) fn mark(&self, step: i64, state: StepState, at: Timestamp) -> Result<(), JournalError> {
        let sql = "UPDATE steps SET state = ?2, at = ?3 WHERE id = ?1";
        let update = || self.db.prepare_cached(sql)?.execute(params![step, state, at.as_microsecond()]);
        update().map(drop).map_err(|source| self.fail(source))
    }

    /// Notes that every step has ended that was ever written down: nobody has to look for open ones among them again.
    pub(crate) fn all_settled(&self) -> Result<(), JournalError> {
        let sql = "UPDATE about SET settled = ?1 WHERE settled < ?1";
        let update = || self.db.prepare_cached(sql)?.execute(params![self.next_step]);
        update().map(drop).map_err(|source| self.fail(source))
    }
}

//! How much was done when, for a chart.

use jiff::Timestamp;
use rusqlite::params;

use super::{Journal, JournalError};

/// What one rule did in each of some spans of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCounts {
    /// The rule's stable id.
    pub rule_id: String,
    /// Its title.
    pub title: String,
    /// The number of steps in each span.
    pub steps: Vec<u32>,
}

impl Journal {
    /// Counts, rule by rule, the steps that still stand in the spans between moments that follow each other. Undos and
    /// redos are not counted: what they take back or do again is.
    pub fn counts_between(&self, moments: &[Timestamp]) -> Result<Vec<RuleCounts>, JournalError> {
        let (Some(first), spans) = (moments.first(), moments.len().saturating_sub(1)) else {
            return Ok(Vec::new());
        };
        // Runs are few beside steps, and steps are found by their run.
        let sql = "SELECT r.key, r.title, s.at FROM steps s JOIN rules r ON r.id = s.rule
                   WHERE s.run >= (SELECT min(id) FROM runs WHERE started >= ?1 OR ended >= ?1 OR ended IS NULL)
                   AND s.at >= ?1 AND s.state IN (1, 4) AND s.of IS NULL ORDER BY r.key";
        let read = || -> rusqlite::Result<Vec<RuleCounts>> {
            let mut all: Vec<RuleCounts> = Vec::new();
            let mut statement = self.db.prepare_cached(sql)?;
            let mut rows = statement.query(params![first.as_microsecond()])?;
            while let Some(row) = rows.next()? {
                let at: i64 = row.get(2)?;
                let behind = moments.partition_point(|moment| moment.as_microsecond() <= at);
                if !(1..=spans).contains(&behind) {
                    continue;
                }
                let key = row.get_ref(0)?.as_str()?;
                if all.last().is_none_or(|last| last.rule_id != key) {
                    let (rule_id, title) = (key.to_owned(), row.get(1)?);
                    all.push(RuleCounts { rule_id, title, steps: vec![0; spans] });
                }
                if let Some(count) = all.last_mut().and_then(|last| last.steps.get_mut(behind - 1)) {
                    *count += 1;
                }
            }
            Ok(all)
        };
        read().map_err(|source| self.fail(source))
    }
}

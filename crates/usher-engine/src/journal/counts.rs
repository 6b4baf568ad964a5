//! How much was done when, for a chart.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use rusqlite::params;

use super::places::number;
use super::{Journal, JournalError};

/// What was done in each of some spans of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// The number of files in each span. One that two rules have acted on is one file.
    pub files: Vec<u32>,
    /// The same by rule.
    pub rules: Vec<RuleCounts>,
}

/// What one rule did in each of some spans of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCounts {
    /// The rule's stable id.
    pub rule_id: String,
    /// Its title.
    pub title: String,
    /// The number of steps in each span.
    pub steps: Vec<u32>,
    /// The number of files in each span.
    pub files: Vec<u32>,
}

impl Journal {
    /// Counts, rule by rule, the steps that still stand in the spans between moments that follow each other, and the
    /// files they were taken on. Undos and redos are not counted: what they take back or do again is.
    pub fn counts_between(&self, moments: &[Timestamp]) -> Result<Counts, JournalError> {
        let spans = moments.len().saturating_sub(1);
        let mut counts = Counts { files: vec![0; spans], rules: Vec::new() };
        let Some(first) = moments.first() else { return Ok(counts) };
        // Runs are few beside steps, and steps are found by their run.
        let sql = "SELECT s.rule, s.at, s.run, s.src, s.dst, r.key, r.title FROM steps s JOIN rules r ON r.id = s.rule
                   WHERE s.run >= (SELECT min(id) FROM runs WHERE started >= ?1 OR ended >= ?1 OR ended IS NULL)
                   AND s.at >= ?1 AND s.state IN (1, 4) AND s.of IS NULL ORDER BY s.run, s.nr";
        let read = || -> rusqlite::Result<Counts> {
            let mut seen = Seen::default();
            let mut by_rule: HashMap<i64, (usize, Seen)> = HashMap::new();
            let mut statement = self.db.prepare_cached(sql)?;
            let mut rows = statement.query(params![first.as_microsecond()])?;
            while let Some(row) = rows.next()? {
                let at: i64 = row.get(1)?;
                let behind = moments.partition_point(|moment| moment.as_microsecond() <= at);
                if !(1..=spans).contains(&behind) {
                    continue;
                }
                let (span, run) = (behind - 1, row.get(2)?);
                let from = row.get_ref(3)?.as_blob_or_null()?.map(number);
                let to = row.get_ref(4)?.as_blob_or_null()?.map(number);
                let (nr, own) =
                    by_rule.entry(row.get(0)?).or_insert_with(|| (counts.rules.len(), Seen::default()));
                if *nr == counts.rules.len() {
                    let (rule_id, title) = (row.get(5)?, row.get(6)?);
                    counts.rules.push(RuleCounts {
                        rule_id,
                        title,
                        steps: vec![0; spans],
                        files: vec![0; spans],
                    });
                }
                let rule = &mut counts.rules[*nr];
                rule.steps[span] += 1;
                rule.files[span] += u32::from(own.is_new(span, run, from, to));
                counts.files[span] += u32::from(seen.is_new(span, run, from, to));
            }
            Ok(counts)
        };
        read().map_err(|source| self.fail(source))
    }
}

/// The files that were counted, by the numbers of their paths.
#[derive(Default)]
struct Seen {
    run: i64,
    /// Where steps of this run began: the next file of that name comes in a later run.
    begun: HashSet<i64>,
    /// Where steps ended, with the span of time: whatever acts there again acts on the same file.
    ended: HashSet<(usize, i64)>,
}

impl Seen {
    /// Whether the file of a step was not counted yet in this span of time. A step on no file counts none.
    fn is_new(&mut self, span: usize, run: i64, from: Option<i64>, to: Option<i64>) -> bool {
        if self.run != run {
            self.begun.clear();
            self.run = run;
        }
        let Some(from) = from else { return false };
        let is_known = self.ended.contains(&(span, from));
        let is_new = self.begun.insert(from) && !is_known;
        self.ended.extend(to.map(|to| (span, to)));
        is_new
    }
}

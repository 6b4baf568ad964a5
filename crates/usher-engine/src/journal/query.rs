//! Reading the journal.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};

use super::{Journal, JournalError, RunRecord, StepRecord, told};
use crate::path_text;

/// Which runs are wanted. Absent means any.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    /// Older than this run.
    pub before: Option<i64>,
    /// Just this run.
    pub run: Option<i64>,
    /// Begun at or after.
    pub since: Option<Timestamp>,
    /// With a step of the rule of this id or title.
    pub rule: Option<String>,
    /// With a step whose rule, action, note or path contains this, ignoring case.
    pub text: Option<String>,
    /// At most so many.
    pub limit: Option<u32>,
}

/// What a rule has done so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTally {
    /// The rule's stable id.
    pub rule_id: String,
    /// Steps done, taken-back ones included.
    pub steps: u64,
    /// When the newest of them was done.
    pub last: Timestamp,
}

/// What a run comes to, without its steps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunTally {
    /// Titles of the rules in it, in the order they acted.
    pub rules: Vec<String>,
    /// How many steps are in it.
    pub steps: u32,
    /// How many of them failed.
    pub failed: u32,
    /// Whether any step could still be taken back.
    pub undoable: bool,
}

const STEP_COLUMNS: &str = "s.id, s.run, s.nr, r.key, r.title, s.action, s.src, s.dst, s.note, s.deeds, s.traces, \
                            s.state, s.at, s.error, s.of FROM steps s JOIN rules r ON r.id = s.rule";

/// The English of a note, which is kept as JSON where it is a sentence: of that the text comes first, and the id after it.
const NOTE_TEXT: &str = r#"CASE WHEN s.note LIKE '{"text":"%","id":"%'
                                THEN substr(s.note, 10, instr(s.note, '","id":"') - 10)
                                ELSE coalesce(s.note, '') END"#;

impl Journal {
    /// The runs that match, newest first.
    pub fn runs(&self, filter: &LogFilter) -> Result<Vec<RunRecord>, JournalError> {
        let mut sql = "SELECT id, kind, cause, started, ended, of FROM runs WHERE 1".to_owned();
        let mut values: Vec<Value> = Vec::new();
        let mut add = |condition: &str, value: Value| {
            sql.push_str(condition);
            values.push(value);
        };
        if let Some(before) = filter.before {
            add(" AND id < ?", before.into());
        }
        if let Some(run) = filter.run {
            add(" AND id = ?", run.into());
        }
        if let Some(since) = filter.since {
            add(" AND started >= ?", since.as_microsecond().into());
        }
        if let Some(rule) = &filter.rule {
            let steps =
                "SELECT s.run FROM steps s JOIN rules r ON r.id = s.rule WHERE r.key = ?1 OR r.title = ?1";
            add(&format!(" AND id IN ({})", steps.replace("?1", "?")), rule.clone().into());
            values.push(rule.clone().into());
        }
        if let Some(text) = &filter.text {
            sql.push_str(
                " AND id IN (SELECT s.run FROM steps s JOIN rules r ON r.id = s.rule WHERE \
                 lower(coalesce(CAST(s.src AS TEXT), '') || ' ' || coalesce(CAST(s.dst AS TEXT), '') || ' ' || r.title || ' ' || \
                 s.action || ' ' || ",
            );
            sql.push_str(NOTE_TEXT);
            sql.push_str(") LIKE ? ESCAPE '\\')");
            values.push(contains(text).into());
        }
        sql.push_str(" ORDER BY id DESC LIMIT ?");
        values.push(i64::from(filter.limit.unwrap_or(u32::MAX)).into());
        let read = || -> rusqlite::Result<Vec<RunRecord>> {
            let mut statement = self.db.prepare_cached(&sql)?;
            statement.query_map(params_from_iter(values), run_from)?.collect()
        };
        read().map_err(|source| self.fail(source))
    }

    /// One run.
    pub fn run(&self, id: i64) -> Result<Option<RunRecord>, JournalError> {
        Ok(self.runs(&LogFilter { run: Some(id), limit: Some(1), ..LogFilter::default() })?.pop())
    }

    /// How many runs have begun.
    pub fn run_count(&self) -> i64 {
        self.next_run - 1
    }

    /// The steps of a run in order.
    pub fn steps(&self, run: i64) -> Result<Vec<StepRecord>, JournalError> {
        self.steps_where("WHERE s.run = ?1 ORDER BY s.nr", params![run])
    }

    /// The steps of a run in order, from the `from`th on, at most `limit`.
    pub fn steps_from(&self, run: i64, from: u32, limit: u32) -> Result<Vec<StepRecord>, JournalError> {
        self.steps_where("WHERE s.run = ?1 AND s.nr >= ?2 ORDER BY s.nr LIMIT ?3", params![run, from, limit])
    }

    /// What a run comes to. However long it is, its steps are looked at one at a time.
    pub fn run_tally(&self, run: i64) -> Result<RunTally, JournalError> {
        let sql = "SELECT r.title, count(*), sum(s.state = 2 OR s.state IN (1, 4) AND s.error IS NOT NULL)
                   FROM steps s JOIN rules r ON r.id = s.rule
                   WHERE s.run = ?1 GROUP BY s.rule ORDER BY min(s.nr)";
        let read = || -> rusqlite::Result<RunTally> {
            let mut tally = RunTally::default();
            let mut statement = self.db.prepare_cached(sql)?;
            let mut rows = statement.query(params![run])?;
            while let Some(row) = rows.next()? {
                tally.rules.push(row.get(0)?);
                tally.steps += row.get::<_, u32>(1)?;
                tally.failed += row.get::<_, u32>(2)?;
            }
            tally.undoable = self.any_undoable(run)?;
            Ok(tally)
        };
        read().map_err(|source| self.fail(source))
    }

    fn any_undoable(&self, run: i64) -> rusqlite::Result<bool> {
        let tail = "WHERE s.run = ?1 AND s.state IN (1, 4) ORDER BY s.nr";
        let mut statement = self.db.prepare_cached(&format!("SELECT {STEP_COLUMNS} {tail}"))?;
        let mut rows = statement.query(params![run])?;
        while let Some(row) = rows.next()? {
            if step_from(row)?.not_undoable().is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The folders that the steps of a run took something from, with when they last did.
    pub fn folders_of(&self, run: i64) -> Result<Vec<(PathBuf, Timestamp)>, JournalError> {
        let sql = "SELECT src, at FROM steps WHERE run = ?1 AND src IS NOT NULL";
        let read = || -> rusqlite::Result<Vec<(PathBuf, Timestamp)>> {
            let mut folders: HashMap<PathBuf, Timestamp> = HashMap::new();
            let mut statement = self.db.prepare_cached(sql)?;
            let mut rows = statement.query(params![run])?;
            while let Some(row) = rows.next()? {
                let path = path_text::from_bytes(row.get(0)?);
                let Some(folder) = path.as_deref().and_then(Path::parent) else { continue };
                let at = moment(row, 1)?;
                match folders.get_mut(folder) {
                    Some(last) => *last = at.max(*last),
                    None => drop(folders.insert(folder.to_path_buf(), at)),
                }
            }
            Ok(folders.into_iter().collect())
        };
        read().map_err(|source| self.fail(source))
    }

    /// One step.
    pub fn step(&self, id: i64) -> Result<Option<StepRecord>, JournalError> {
        Ok(self.steps_where("WHERE s.id = ?1", params![id])?.pop())
    }

    /// Steps that were written down and not finished, oldest first.
    pub(crate) fn open_steps(&self) -> Result<Vec<StepRecord>, JournalError> {
        let tail = "WHERE s.id >= (SELECT settled FROM about) AND s.state = 0 ORDER BY s.id";
        self.steps_where(tail, [])
    }

    /// The newest steps since a moment that failed, also those of which something stands. What the rule has done since to
    /// the same file or folder is not among them: see [`made_good`](Self::made_good).
    pub fn failed_since(&self, since: Timestamp, limit: u32) -> Result<Vec<StepRecord>, JournalError> {
        // The condition is spelled out, as it is in the index: a parameter could be anything.
        let tail = "WHERE (s.state = 2 OR s.state IN (1, 4) AND s.error IS NOT NULL) AND s.at >= ?1
                    ORDER BY s.at DESC, s.id DESC LIMIT ?2 OFFSET ?3";
        let mut left: Vec<StepRecord> = Vec::new();
        for page in 0.. {
            let failed = self.steps_where(tail, params![since.as_microsecond(), limit, page * limit])?;
            let last = failed.len() < limit as usize;
            for step in failed {
                let good = match &step.from {
                    Some(from) => self.made_good(&step.rule_id, from, step.run)?,
                    None => false,
                };
                if !good && left.len() < limit as usize {
                    left.push(step);
                }
            }
            if last || left.len() >= limit as usize {
                break;
            }
        }
        Ok(left)
    }

    /// The id and title of every rule that has ever been written down here.
    pub fn rule_names(&self) -> Result<Vec<(String, String)>, JournalError> {
        let read = || -> rusqlite::Result<Vec<(String, String)>> {
            let mut statement = self.db.prepare_cached("SELECT key, title FROM rules")?;
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        };
        read().map_err(|source| self.fail(source))
    }

    /// What each rule has done.
    pub fn tallies(&self) -> Result<Vec<RuleTally>, JournalError> {
        let sql = "SELECT r.key, count(*), max(s.at) FROM steps s JOIN rules r ON r.id = s.rule
                   WHERE s.state IN (1, 3, 4) AND s.of IS NULL GROUP BY r.key";
        let read = || -> rusqlite::Result<Vec<RuleTally>> {
            let mut statement = self.db.prepare_cached(sql)?;
            let rows = statement.query_map([], |row| {
                Ok(RuleTally {
                    rule_id: row.get(0)?,
                    steps: row.get::<_, i64>(1)?.cast_unsigned(),
                    last: moment(row, 2)?,
                })
            })?;
            rows.collect()
        };
        read().map_err(|source| self.fail(source))
    }

    pub(super) fn steps_where(
        &self,
        tail: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<StepRecord>, JournalError> {
        let read = || -> rusqlite::Result<Vec<StepRecord>> {
            let mut statement = self.db.prepare_cached(&format!("SELECT {STEP_COLUMNS} {tail}"))?;
            statement.query_map(values, step_from)?.collect()
        };
        read().map_err(|source| self.fail(source))
    }
}

fn contains(text: &str) -> String {
    let escaped = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

fn run_from(row: &Row<'_>) -> rusqlite::Result<RunRecord> {
    let ended: Option<i64> = row.get(4)?;
    Ok(RunRecord {
        id: row.get(0)?,
        kind: row.get(1)?,
        cause: told::read(row.get(2)?),
        started: moment(row, 3)?,
        ended: ended.and_then(|at| Timestamp::from_microsecond(at).ok()),
        of: row.get(5)?,
    })
}

fn step_from(row: &Row<'_>) -> rusqlite::Result<StepRecord> {
    let path =
        |column| row.get::<_, Option<Vec<u8>>>(column).map(|bytes| bytes.and_then(path_text::from_bytes));
    let deeds: String = row.get(9)?;
    let traces: Option<String> = row.get(10)?;
    Ok(StepRecord {
        id: row.get(0)?,
        run: row.get(1)?,
        nr: row.get(2)?,
        rule_id: row.get(3)?,
        rule: row.get(4)?,
        action: row.get(5)?,
        from: path(6)?,
        to: path(7)?,
        note: row.get::<_, Option<String>>(8)?.map(told::read),
        deeds: parsed(9, &deeds)?,
        traces: traces.map_or(Ok(Vec::new()), |text| parsed(10, &text))?,
        state: row.get(11)?,
        at: moment(row, 12)?,
        error: row.get::<_, Option<String>>(13)?.map(told::read),
        of: row.get(14)?,
    })
}

fn parsed<T: serde::de::DeserializeOwned>(column: usize, text: &str) -> rusqlite::Result<T> {
    let fail = |error: serde_json::Error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into())
    };
    serde_json::from_str(text).map_err(fail)
}

fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    let at: i64 = row.get(column)?;
    Timestamp::from_microsecond(at).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, at))
}

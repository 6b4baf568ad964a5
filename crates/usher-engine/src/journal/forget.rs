//! Giving up what is old. The journal is append-only but for this: the user says how long it is kept.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::params;

use super::{Journal, JournalError};
use crate::deed::Deed;

impl Journal {
    /// Runs that have ended before a moment and may be forgotten. The newest run and the one of the newest step stay:
    /// numbers are never given twice.
    pub(crate) fn ended_before(&self, moment: Timestamp) -> Result<HashSet<i64>, JournalError> {
        let sql = "SELECT id FROM runs WHERE ended < ?1 AND id < (SELECT max(id) FROM runs)
                   AND id <> coalesce((SELECT run FROM steps ORDER BY id DESC LIMIT 1), 0)
                   AND id NOT IN (SELECT run FROM steps WHERE id >= (SELECT settled FROM about) AND state = 0)";
        let read = || -> rusqlite::Result<HashSet<i64>> {
            let mut statement = self.db.prepare_cached(sql)?;
            statement.query_map(params![moment.as_microsecond()], |row| row.get(0))?.collect()
        };
        read().map_err(|source| self.fail(source))
    }

    /// How many steps some runs have.
    pub(crate) fn count_steps(&self, runs: &HashSet<i64>) -> Result<u64, JournalError> {
        let count = || -> rusqlite::Result<u64> {
            let mut statement = self.db.prepare_cached("SELECT count(*) FROM steps WHERE run = ?1")?;
            let counts = runs.iter().map(|run| statement.query_row([run], |row| row.get::<_, i64>(0)));
            counts.map(|count| count.map(i64::cast_unsigned)).sum()
        };
        count().map_err(|source| self.fail(source))
    }

    /// Forgets runs with all their steps, in one commit.
    pub(crate) fn forget(&mut self, runs: &HashSet<i64>) -> Result<(), JournalError> {
        self.together(|journal| {
            let forget = || -> rusqlite::Result<()> {
                for run in runs {
                    journal.db.prepare_cached("DELETE FROM steps WHERE run = ?1")?.execute([run])?;
                    journal.db.prepare_cached("DELETE FROM runs WHERE id = ?1")?.execute([run])?;
                }
                journal.db.execute("DELETE FROM places WHERE step NOT IN (SELECT id FROM steps)", [])?;
                Ok(())
            };
            forget().map_err(|source| journal.fail(source))
        })
    }

    /// The number of the oldest step there is, or of the next one where there is none.
    pub(crate) fn first_step(&self) -> Result<i64, JournalError> {
        let read = || -> rusqlite::Result<Option<i64>> {
            self.db.prepare_cached("SELECT min(id) FROM steps")?.query_row([], |row| row.get(0))
        };
        Ok(read().map_err(|source| self.fail(source))?.unwrap_or(self.next_step))
    }

    /// The run that each of some steps belongs to, and whether that run has ended; nothing of steps that are not there.
    pub(crate) fn run_of_step(&self, step: i64) -> Result<Option<(i64, bool)>, JournalError> {
        let sql =
            "SELECT s.run, r.ended IS NOT NULL FROM steps s JOIN runs r ON r.id = s.run WHERE s.id = ?1";
        let read = || -> rusqlite::Result<Option<(i64, bool)>> {
            let mut statement = self.db.prepare_cached(sql)?;
            let mut rows = statement.query([step])?;
            rows.next()?.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
        };
        read().map_err(|source| self.fail(source))
    }

    /// The deeds of steps that take others back, each with its step and run: they may use what another step has put by.
    pub(crate) fn inverse_deeds(&self) -> Result<Vec<(i64, i64, Vec<Deed>)>, JournalError> {
        let steps = self.steps_where("WHERE s.of IS NOT NULL", [])?;
        Ok(steps.into_iter().map(|step| (step.id, step.run, step.deeds)).collect())
    }

    /// Bytes of the journal that are in use.
    pub(crate) fn size(&self) -> Result<u64, JournalError> {
        let pragma = |name: &str| self.db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let size = || -> rusqlite::Result<i64> {
            Ok((pragma("page_count")? - pragma("freelist_count")?) * pragma("page_size")?)
        };
        size().map(i64::cast_unsigned).map_err(|source| self.fail(source))
    }

    /// Gives the room of what was forgotten back to the disk. It takes as long as writing the whole journal.
    pub(crate) fn shrink(&mut self) -> Result<(), JournalError> {
        self.execute("VACUUM")
    }
}

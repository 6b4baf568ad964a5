//! Up to which moment each rule's schedule is done with.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Journal, JournalError};

impl Journal {
    /// Up to which moment a rule's schedule is done with; `None` for a rule that was never seen.
    pub(crate) fn scheduled(&self, rule: &str) -> Result<Option<Timestamp>, JournalError> {
        let find = || -> rusqlite::Result<Option<i64>> {
            let mut statement = self.db.prepare_cached("SELECT until FROM scheduled WHERE rule = ?1")?;
            statement.query_row(params![rule], |row| row.get(0)).optional()
        };
        let until = find().map_err(|source| self.fail(source))?;
        Ok(until.and_then(|until| Timestamp::from_millisecond(until).ok()))
    }

    /// Notes that a rule's schedule is done with up to a moment.
    pub(crate) fn note_scheduled(&self, rule: &str, until: Timestamp) -> Result<(), JournalError> {
        let sql = "INSERT OR REPLACE INTO scheduled (rule, until) VALUES (?1, ?2)";
        let note = || self.db.prepare_cached(sql)?.execute(params![rule, until.as_millisecond()]);
        note().map(drop).map_err(|source| self.fail(source))
    }
}

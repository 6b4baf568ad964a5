//! Which rule has acted on which version of which file, so that no rule does so twice.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::params;

use super::{Journal, JournalError};
use crate::path_text;
use crate::stamp::Stamp;

impl Journal {
    /// Remembers that a rule has acted on a file, which now lies at `path` in this version.
    pub(crate) fn remember(
        &self,
        rule: &str,
        stamp: &Stamp,
        path: &Path,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        let sql = "INSERT OR REPLACE INTO handled (rule, device, inode, size, modified, path, at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let insert = || {
            self.db.prepare_cached(sql)?.execute(params![
                rule,
                stamp.device.cast_signed(),
                stamp.inode.cast_signed(),
                stamp.size.cast_signed(),
                stamp.version(),
                path_text::bytes(path),
                at.as_microsecond(),
            ])
        };
        insert().map(drop).map_err(|source| self.fail(source))
    }

    /// When the rule has acted on just this version of this file and left it `here`.
    pub(crate) fn remembered(
        &self,
        rule: &str,
        stamp: &Stamp,
        here: impl Fn(&Path) -> bool,
    ) -> Result<Option<Timestamp>, JournalError> {
        let sql = "SELECT path, at FROM handled WHERE rule = ?1 AND device = ?2 AND inode = ?3
                   AND size = ?4 AND modified = ?5";
        let find = || -> rusqlite::Result<Option<i64>> {
            let mut statement = self.db.prepare_cached(sql)?;
            let mut rows = statement.query(params![
                rule,
                stamp.device.cast_signed(),
                stamp.inode.cast_signed(),
                stamp.size.cast_signed(),
                stamp.version(),
            ])?;
            while let Some(row) = rows.next()? {
                if path_text::from_bytes(row.get(0)?).is_some_and(|left| here(&left)) {
                    return row.get(1).map(Some);
                }
            }
            Ok(None)
        };
        let at = find().map_err(|source| self.fail(source))?;
        Ok(at.and_then(|at| Timestamp::from_microsecond(at).ok()))
    }

    /// When the rule has acted last on this file in any version, or on another one at this path.
    pub(crate) fn acted_on(
        &self,
        rule: &str,
        stamp: &Stamp,
        path: &Path,
    ) -> Result<Option<Timestamp>, JournalError> {
        let sql = "SELECT max(at) FROM handled
                   WHERE rule = ?1 AND (device = ?2 AND inode = ?3 OR path = ?4)";
        let find = || -> rusqlite::Result<Option<i64>> {
            let identity = (stamp.device.cast_signed(), stamp.inode.cast_signed());
            let values = params![rule, identity.0, identity.1, path_text::bytes(path)];
            self.db.prepare_cached(sql)?.query_row(values, |row| row.get(0))
        };
        let at = find().map_err(|source| self.fail(source))?;
        Ok(at.and_then(|at| Timestamp::from_microsecond(at).ok()))
    }

    /// Everything a rule has acted on: where, how large, and [`Stamp::version`].
    pub(crate) fn versions(&self, rule: &str) -> Result<Vec<(PathBuf, u64, i64)>, JournalError> {
        let sql = "SELECT path, size, modified FROM handled WHERE rule = ?1";
        let find = || -> rusqlite::Result<Vec<(PathBuf, u64, i64)>> {
            let mut statement = self.db.prepare_cached(sql)?;
            let mut versions = Vec::new();
            let mut rows = statement.query([rule])?;
            while let Some(row) = rows.next()? {
                if let Some(path) = path_text::from_bytes(row.get(0)?) {
                    versions.push((path, row.get::<_, i64>(1)?.cast_unsigned(), row.get(2)?));
                }
            }
            Ok(versions)
        };
        find().map_err(|source| self.fail(source))
    }
}

//! Which steps began or ended at a path.
//!
//! Somebody asks that now and then, and a step is written down for every file there is. So a step does not enter its
//! paths here when it is written: they are entered in a quiet moment, or when somebody asks.

use std::path::Path;

use rusqlite::params;

use super::{Journal, JournalError, StepRecord};
use crate::path_text;

/// How many steps are entered in one commit.
const AT_ONCE: i64 = 8192;

impl Journal {
    /// Steps that began or ended at a path, newest first, at most `limit`.
    pub fn steps_at(&self, path: &Path, limit: u32) -> Result<Vec<StepRecord>, JournalError> {
        while self.enter_places()? {}
        let path = path_text::bytes(path);
        let tail = "WHERE s.id IN (SELECT step FROM places WHERE path = ?1) AND (s.src = ?2 OR s.dst = ?2)
                    ORDER BY s.id DESC LIMIT ?3";
        self.steps_where(tail, params![number(&path), path, limit])
    }

    /// Whether a rule has, in a later run than this, done a step that began at a path.
    pub fn made_good(&self, rule: &str, from: &Path, run: i64) -> Result<bool, JournalError> {
        while self.enter_places()? {}
        let sql = "SELECT EXISTS (
                       SELECT 1 FROM places p JOIN steps s ON s.id = p.step JOIN rules r ON r.id = s.rule
                       WHERE p.path = ?1 AND s.src = ?2 AND r.key = ?3 AND s.run > ?4
                           AND s.state IN (1, 4) AND s.error IS NULL AND s.of IS NULL)";
        let from = path_text::bytes(from);
        let ask = || -> rusqlite::Result<bool> {
            let values = params![number(&from), from, rule, run];
            self.db.prepare_cached(sql)?.query_row(values, |row| row.get(0))
        };
        ask().map_err(|source| self.fail(source))
    }

    /// Enters the paths of some steps that are not entered yet; says whether there are more of them.
    pub(super) fn enter_places(&self) -> Result<bool, JournalError> {
        let enter = || -> rusqlite::Result<bool> {
            let commit = self.db.unchecked_transaction()?;
            let mut end = self.placed.get();
            let mut count = 0;
            {
                let sql = "SELECT id, src, dst FROM steps WHERE id >= ?1 ORDER BY id LIMIT ?2";
                let mut read = self.db.prepare_cached(sql)?;
                let sql = "INSERT OR IGNORE INTO places (path, step) VALUES (?1, ?2)";
                let mut write = self.db.prepare_cached(sql)?;
                let mut rows = read.query(params![end, AT_ONCE])?;
                while let Some(row) = rows.next()? {
                    let step: i64 = row.get(0)?;
                    for column in [1, 2] {
                        if let Some(path) = row.get_ref(column)?.as_blob_or_null()? {
                            write.execute(params![number(path), step])?;
                        }
                    }
                    (end, count) = (step + 1, count + 1);
                }
            }
            if count > 0 {
                self.db.prepare_cached("UPDATE about SET placed = ?1")?.execute(params![end])?;
                commit.commit()?;
                self.placed.set(end);
            }
            Ok(count == AT_ONCE)
        };
        enter().map_err(|source| self.fail(source))
    }
}

/// A number for a path (FNV-1a). Two paths may share one; the steps themselves tell them apart.
pub(super) fn number(path: &[u8]) -> i64 {
    let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    path.iter().fold(0xcbf2_9ce4_8422_2325, mix).cast_signed()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use usher_event::Sentence;

    use super::*;
    use crate::journal::{Intent, RunKind, StepState};

    const AT: Timestamp = Timestamp::UNIX_EPOCH;

    /// Writes down a step from one path to another.
    fn step(journal: &mut Journal, run: i64, from: &str, to: &str) -> i64 {
        let step = journal.take_step_number();
        let intent = Intent {
            step,
            nr: 0,
            rule_id: "rule",
            rule: "Rule",
            action: "move",
            from: Some(Path::new(from)),
            to: Some(Path::new(to)),
            note: None,
            deeds: &[],
            of: None,
        };
        journal.intend(run, &intent, AT).unwrap();
        step
    }

    fn at(journal: &Journal, path: &str, limit: u32) -> Vec<i64> {
        journal.steps_at(Path::new(path), limit).unwrap().into_iter().map(|step| step.id).collect()
    }

    #[test]
    fn steps_are_found_by_either_path_whenever_they_were_written_down() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.db");
        let (mut journal, _) = Journal::open(&path).unwrap();
        let run = journal.begin_run(RunKind::Event, &Sentence::foreign(""), None, AT).unwrap();
        let first = step(&mut journal, run, "/a", "/b");
        assert_eq!(at(&journal, "/a", 9), [first]);
        let second = step(&mut journal, run, "/b", "/c");
        assert_eq!(at(&journal, "/b", 9), [second, first]);
        assert_eq!(at(&journal, "/b", 1), [second]);
        let third = step(&mut journal, run, "/x", "/a");
        drop(journal);
        let (journal, _) = Journal::open(&path).unwrap();
        assert_eq!(at(&journal, "/a", 9), [third, first]);
        assert_eq!(at(&journal, "/nowhere", 9), [] as [i64; 0]);
    }

    #[test]
    fn a_number_that_was_rolled_back_hides_no_later_step() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.db");
        let (mut journal, _) = Journal::open(&path).unwrap();
        let run = journal.begin_run(RunKind::Event, &Sentence::foreign(""), None, AT).unwrap();
        step(&mut journal, run, "/a", "/b");
        for _ in 0..5 {
            journal.take_step_number();
        }
        assert_eq!(at(&journal, "/a", 9).len(), 1);
        drop(journal);
        let (mut journal, _) = Journal::open(&path).unwrap();
        let next = step(&mut journal, run, "/c", "/d");
        assert_eq!(at(&journal, "/d", 9), [next]);
    }

    #[test]
    fn tidying_enters_what_waits_and_shortens_the_log() {
        let dir = tempfile::tempdir().unwrap();
        let (mut journal, _) = Journal::open(&dir.path().join("journal.db")).unwrap();
        let run = journal.begin_run(RunKind::Event, &Sentence::foreign(""), None, AT).unwrap();
        assert!(!journal.untidy());
        let long = "x".repeat(1000);
        let last = journal.together(|journal| {
            Ok((0..5000).map(|nr| step(journal, run, &format!("/{long}{nr}"), "/b")).last())
        });
        assert!(journal.untidy());
        journal.tidy().unwrap();
        assert!(!journal.untidy());
        assert_eq!(at(&journal, &format!("/{long}4999"), 9), [last.unwrap().unwrap()]);
    }

    #[test]
    fn open_steps_are_looked_for_among_those_that_came_after_the_last_look() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.db");
        let (mut journal, _) = Journal::open(&path).unwrap();
        let run = journal.begin_run(RunKind::Event, &Sentence::foreign(""), None, AT).unwrap();
        let done = step(&mut journal, run, "/a", "/b");
        journal.settle_step(done, StepState::Done, &[], None, AT).unwrap();
        journal.all_settled().unwrap();
        let open = step(&mut journal, run, "/c", "/d");
        drop(journal);
        let (journal, _) = Journal::open(&path).unwrap();
        let found: Vec<i64> = journal.open_steps().unwrap().iter().map(|step| step.id).collect();
        assert_eq!(found, [open]);
    }
}

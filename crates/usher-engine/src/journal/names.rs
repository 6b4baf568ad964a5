//! Where steps led, in bulk, for whoever looks for a file by a part of its name.

use rusqlite::params;

use super::{Journal, JournalError};

/// Where a step began and ended, as text for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepNames<'a> {
    /// The step's number.
    pub step: i64,
    /// Where its subject was.
    pub from: Option<&'a str>,
    /// Where the result is.
    pub to: Option<&'a str>,
}

impl Journal {
    /// Shows `visit` where each step led, from the `from`th on, oldest first; steps that take others back are left
    /// out. Answers which step comes next.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn step_names(&self, from: i64, visit: &mut dyn FnMut(StepNames<'_>)) -> Result<i64, JournalError> {
        let sql = "SELECT id, src, dst, of IS NULL FROM steps WHERE id >= ?1 ORDER BY id";
        let mut read = || -> rusqlite::Result<i64> {
            let mut statement = self.db.prepare_cached(sql)?;
            let mut rows = statement.query(params![from])?;
            let mut next = from;
            while let Some(row) = rows.next()? {
                let step: i64 = row.get(0)?;
                next = step + 1;
                if row.get::<_, bool>(3)? {
                    let (src, dst) = (row.get_ref(1)?.as_blob_or_null()?, row.get_ref(2)?.as_blob_or_null()?);
                    let (src, dst) = (src.map(String::from_utf8_lossy), dst.map(String::from_utf8_lossy));
                    visit(StepNames { step, from: src.as_deref(), to: dst.as_deref() });
                }
            }
            Ok(next)
        };
        read().map_err(|source| self.fail(source))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::Timestamp;

    use usher_event::Sentence;

    use super::*;
    use crate::journal::{Intent, RunKind};

    #[test]
    fn steps_are_shown_once_and_those_that_take_back_are_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let (mut journal, _) = Journal::open(&dir.path().join("journal.db")).unwrap();
        let at = Timestamp::UNIX_EPOCH;
        let run = journal.begin_run(RunKind::Event, &Sentence::foreign(""), None, at).unwrap();
        let write = |journal: &mut Journal, to: Option<&str>, of: Option<i64>| {
            let step = journal.take_step_number();
            let intent = Intent {
                step,
                nr: 0,
                rule_id: "rule",
                rule: "Rule",
                action: "move",
                from: Some(Path::new("/a")),
                to: to.map(Path::new),
                note: None,
                deeds: &[],
                of,
            };
            journal.intend(run, &intent, at).unwrap();
            step
        };
        let (first, trashed) = (write(&mut journal, Some("/b"), None), write(&mut journal, None, None));
        write(&mut journal, Some("/c"), Some(first));
        let seen = |journal: &Journal, from| {
            let mut seen = Vec::new();
            let own = |text: Option<&str>| text.map(str::to_owned);
            let next = journal.step_names(from, &mut |it| seen.push((it.step, own(it.from), own(it.to))));
            (seen, next.unwrap())
        };
        let text = |text: &str| Some(text.to_owned());
        let (all, next) = seen(&journal, 0);
        assert_eq!(all, [(first, text("/a"), text("/b")), (trashed, text("/a"), None)]);
        assert_eq!(seen(&journal, next), (vec![], next));
        let later = write(&mut journal, Some("/d"), None);
        assert_eq!(seen(&journal, next).0, [(later, text("/a"), text("/d"))]);
    }
}

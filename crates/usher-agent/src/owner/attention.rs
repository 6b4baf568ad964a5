//! What waits for the user.
//!
//! Some of it is a state (a broken rule file, a folder that is not there) and goes away with it; that is read off the
//! state when the status is made. The rest has happened (a step that failed, a loop that was stopped) and stays as a
//! note, until it is dismissed or a day old.

use std::path::Path;

use jiff::Timestamp;
use usher_engine::{Finding, StepRecord, step_text};

use super::open::FAILED_FOR;
use crate::api::{Attention, Dismissal};
use crate::present::{moment, shown};

/// The most notes that are kept; the oldest give way.
const MOST: usize = 100;

/// Something that happened and that the user should know.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Note {
    pub(super) code: String,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    pub(super) path: Option<String>,
    pub(super) run: Option<i64>,
    pub(super) at: Timestamp,
}

/// All notes, oldest first.
#[derive(Debug, Default)]
pub(super) struct Notes {
    notes: Vec<Note>,
}

/// What is wrong by its code, worst first. What is not in here comes last.
const RANK: &[&str] = &[
    "internal",
    "journal",
    "journal_set_aside",
    "rule_problem",
    "settings",
    "folder",
    "loop_stopped",
    "failed_step",
];

impl Note {
    /// A note with nothing but its message.
    pub(super) fn new(code: &str, message: String, at: Timestamp) -> Self {
        Self { code: code.to_owned(), message, hint: None, path: None, run: None, at }
    }

    /// A note of what the engine has found.
    pub(super) fn finding(finding: Finding, at: Timestamp) -> Self {
        Self {
            hint: finding.hint,
            path: finding.path.as_deref().map(shown),
            run: finding.run,
            ..Self::new(finding.code, finding.message, at)
        }
    }

    /// A note of a step that failed before this owner started.
    pub(super) fn failed_step(step: &StepRecord, home: Option<&Path>) -> Self {
        let line =
            step_text(&step.action, step.from.as_deref(), step.to.as_deref(), step.note.as_deref(), home);
        let error = step.error.as_deref().unwrap_or("it failed");
        Self {
            path: step.from.as_deref().map(shown),
            run: Some(step.run),
            ..Self::new("failed_step", format!("{}: {line}: {error}", step.rule), step.at)
        }
    }

    /// Whether a dismissal is about this note.
    pub(super) fn is_meant_by(&self, what: &Dismissal) -> bool {
        self.code == what.code
            && (what.run.is_none() || self.run == what.run)
            && (what.path.is_none() || self.path == what.path)
    }

    fn is_past(&self, now: Timestamp) -> bool {
        now.duration_since(self.at) >= FAILED_FOR
    }
}

impl From<Note> for Attention {
    fn from(note: Note) -> Self {
        let Note { code, message, hint, path, run, at } = note;
        Self { code, message, hint, path, run, at: moment(at) }
    }
}

impl Notes {
    /// Adds a note. One about the same thing gives way to it.
    pub(super) fn add(&mut self, note: Note) {
        self.notes.retain(|old| (&old.code, &old.path, old.run) != (&note.code, &note.path, note.run));
        if self.notes.len() >= MOST {
            self.notes.remove(0);
        }
        self.notes.push(note);
    }

    /// Takes away what a dismissal is about; says whether there was any.
    pub(super) fn dismiss(&mut self, what: &Dismissal) -> bool {
        let before = self.notes.len();
        self.notes.retain(|note| !note.is_meant_by(what));
        self.notes.len() < before
    }

    /// What waits for the user now: the notes, and what the caller has read off the state.
    pub(super) fn with(&mut self, state: Vec<Note>, now: Timestamp) -> Vec<Attention> {
        self.notes.retain(|note| !note.is_past(now));
        let mut all: Vec<Note> = self.notes.iter().rev().cloned().chain(state).collect();
        let rank = |note: &Note| RANK.iter().position(|code| *code == note.code).unwrap_or(RANK.len());
        all.sort_by_key(rank);
        all.into_iter().map(Attention::from).collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn note(code: &str, path: &str, run: i64) -> Note {
        Note {
            path: Some(path.into()),
            run: Some(run),
            ..Note::new(code, format!("{code} {path}"), Timestamp::UNIX_EPOCH)
        }
    }

    fn messages(notes: &mut Notes, state: Vec<Note>) -> Vec<String> {
        notes.with(state, Timestamp::UNIX_EPOCH).into_iter().map(|attention| attention.message).collect()
    }

    #[test]
    fn the_worst_comes_first_and_the_newest_of_its_kind() {
        let mut notes = Notes::default();
        notes.add(note("failed_step", "/a", 1));
        notes.add(note("recovered", "/b", 2));
        notes.add(note("failed_step", "/c", 3));
        let state = vec![note("folder", "/d", 4)];
        assert_eq!(
            messages(&mut notes, state),
            ["folder /d", "failed_step /c", "failed_step /a", "recovered /b"]
        );
    }

    #[test]
    fn the_same_trouble_is_noted_once_and_the_notes_have_a_limit() {
        let mut notes = Notes::default();
        for _ in 0..3 {
            notes.add(note("failed_step", "/a", 1));
        }
        assert_eq!(messages(&mut notes, vec![]).len(), 1);
        (0..500).for_each(|run| notes.add(note("failed_step", "/a", run)));
        assert_eq!(messages(&mut notes, vec![]).len(), MOST);
    }

    #[test]
    fn notes_go_when_they_are_dismissed_or_a_day_old() {
        let mut notes = Notes::default();
        notes.add(note("failed_step", "/a", 1));
        notes.add(note("failed_step", "/b", 2));
        assert!(notes.dismiss(&Dismissal { code: "failed_step".into(), run: Some(1), path: None }));
        assert!(!notes.dismiss(&Dismissal { code: "recovered".into(), ..Dismissal::default() }));
        assert_eq!(messages(&mut notes, vec![]), ["failed_step /b"]);
        let tomorrow = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24);
        assert!(notes.with(vec![], tomorrow).is_empty());
    }
}

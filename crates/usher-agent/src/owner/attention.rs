//! What waits for the user.
//!
//! Some of it is a state (a broken rule file, a folder that is not there) and goes away with it; that is read off the
//! state when the status is made. The rest has happened (a step that failed, a loop that was stopped) and stays as a
//! note, until it is dismissed or a day old.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use usher_engine::{Finding, Question, StepRecord, step_text};
use usher_event::{Sentence, sentence};

use super::open::FAILED_FOR;
use crate::api::{Attention, Beyond, Dismissal};
use crate::present::{beyond, moment, shown};

/// The most notes that are kept; the oldest give way.
const MOST: usize = 100;

/// Something that happened and that the user should know.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Note {
    pub(super) code: String,
    pub(super) message: Sentence,
    pub(super) hint: Option<Sentence>,
    pub(super) path: Option<String>,
    /// The same path as it is.
    pub(super) exact: Option<PathBuf>,
    pub(super) run: Option<i64>,
    pub(super) rule: Option<String>,
    pub(super) question: Option<u64>,
    pub(super) beyond: Option<Beyond>,
    pub(super) at: Timestamp,
}

/// All notes, oldest first.
#[derive(Debug, Default)]
pub(super) struct Notes {
    notes: Vec<Note>,
}

/// What is wrong by its code, worst first. What is not in here comes last.
const RANK: &[&str] = &[
    "question",
    "internal",
    "journal",
    "journal_damaged",
    "journal_set_aside",
    "rules_folder",
    "rule_problem",
    "settings",
    "folder",
    "loop_stopped",
    "failed_step",
    "failed_filter",
];

impl Note {
    /// A note with nothing but its message.
    pub(super) fn new(code: &str, message: Sentence, at: Timestamp) -> Self {
        Self {
            code: code.to_owned(),
            message,
            hint: None,
            path: None,
            exact: None,
            run: None,
            rule: None,
            question: None,
            beyond: None,
            at,
        }
    }

    /// A note of what the engine has found.
    pub(super) fn finding(finding: Finding, at: Timestamp) -> Self {
        Self {
            hint: finding.hint,
            path: finding.path.as_deref().map(shown),
            exact: finding.path,
            run: finding.run,
            rule: finding.rule,
            ..Self::new(finding.code, finding.message, at)
        }
    }

    /// A note of a question that waits.
    pub(super) fn question(question: Question) -> Self {
        Self {
            path: question.path.as_deref().map(shown),
            rule: Some(question.rule),
            question: Some(question.id),
            beyond: question.beyond.map(beyond),
            ..Self::new("question", question.text, question.at)
        }
    }

    /// A note of a step that failed before this owner started.
    pub(super) fn failed_step(step: &StepRecord, home: Option<&Path>) -> Self {
        let line =
            step_text(&step.action, step.from.as_deref(), step.to.as_deref(), step.note.as_ref(), home);
        let error = step.error.clone().unwrap_or_else(|| sentence!("step-failed", "it failed"));
        Self {
            path: step.from.as_deref().map(shown),
            exact: step.from.clone(),
            run: Some(step.run),
            rule: Some(step.rule_id.clone()),
            ..Self::new("failed_step", failed_step(&step.rule, line, error), step.at)
        }
    }

    /// Whether a dismissal is about this note.
    pub(super) fn is_meant_by(&self, what: &Dismissal) -> bool {
        self.code == what.code
            && (what.run.is_none() || self.run == what.run)
            && (what.path.is_none() || self.path == what.path)
            && (what.rule.is_none() || self.rule == what.rule)
    }

    fn is_past(&self, now: Timestamp) -> bool {
        now.duration_since(self.at) >= FAILED_FOR
    }
}

fn failed_step(rule: &str, line: Sentence, error: Sentence) -> Sentence {
    sentence!("step-failed-before", "{rule}: {step}: {error}", rule = rule, step = line, error = error)
}

impl From<Note> for Attention {
    fn from(note: Note) -> Self {
        let Note { code, message, hint, path, exact: _, run, rule, question, beyond, at } = note;
        Self { code, message, hint, path, run, at: moment(at), rule, more: 0, question, beyond }
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

    /// What a rule has failed on and the user has not seen to, newest first.
    pub(super) fn failures_of(&self, rule: &str) -> Vec<Note> {
        let of_rule = |note: &&Note| note.code == "failed_step" && note.rule.as_deref() == Some(rule);
        self.notes.iter().rev().filter(of_rule).cloned().collect()
    }

    /// Takes away the failures that are made good; `made_good` is asked with the rule, the path and the run.
    pub(super) fn drop_made_good(&mut self, made_good: impl Fn(&str, &Path, i64) -> bool) {
        self.notes.retain(|note| match (&note.rule, &note.exact, note.run) {
            (Some(rule), Some(path), Some(run)) if note.code == "failed_step" => !made_good(rule, path, run),
            _ => true,
        });
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
        fold(all)
    }
}

/// Puts notes of one kind about one rule together: a hundred files that a rule fails on are one thing to see to.
fn fold(notes: Vec<Note>) -> Vec<Attention> {
    let mut folded: Vec<Attention> = Vec::new();
    for note in notes {
        let same = |known: &&mut Attention| {
            note.question.is_none()
                && note.rule.is_some()
                && (&known.code, &known.rule) == (&note.code, &note.rule)
        };
        match folded.iter_mut().find(same) {
            Some(known) => known.more += 1,
            None => folded.push(note.into()),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn note(code: &str, path: &str, run: i64) -> Note {
        Note {
            path: Some(path.into()),
            run: Some(run),
            ..Note::new(code, usher_event::Sentence::foreign(format!("{code} {path}")), Timestamp::UNIX_EPOCH)
        }
    }

    fn messages(notes: &mut Notes, state: Vec<Note>) -> Vec<String> {
        notes
            .with(state, Timestamp::UNIX_EPOCH)
            .into_iter()
            .map(|attention| attention.message.into())
            .collect()
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
    fn failures_of_one_rule_are_one_thing_to_see_to() {
        let mut notes = Notes::default();
        let of = |rule: &str, path: &str| Note { rule: Some(rule.into()), ..note("failed_step", path, 1) };
        for path in ["/a", "/b", "/c"] {
            notes.add(of("mine/Scans", path));
        }
        notes.add(of("mine/Films", "/d"));
        let all = notes.with(vec![], Timestamp::UNIX_EPOCH);
        let shown: Vec<_> = all.iter().map(|one| (one.message.text(), one.more)).collect();
        assert_eq!(shown, [("failed_step /d", 0), ("failed_step /c", 2)]);
        let scans =
            Dismissal { code: "failed_step".into(), rule: Some("mine/Scans".into()), ..Dismissal::default() };
        assert!(notes.dismiss(&scans));
        assert_eq!(messages(&mut notes, vec![]), ["failed_step /d"]);
    }

    #[test]
    fn notes_go_when_they_are_dismissed_or_a_day_old() {
        let mut notes = Notes::default();
        notes.add(note("failed_step", "/a", 1));
        notes.add(note("failed_step", "/b", 2));
        assert!(notes.dismiss(&Dismissal {
            code: "failed_step".into(),
            run: Some(1),
            ..Dismissal::default()
        }));
        assert!(!notes.dismiss(&Dismissal { code: "recovered".into(), ..Dismissal::default() }));
        assert_eq!(messages(&mut notes, vec![]), ["failed_step /b"]);
        let tomorrow = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24);
        assert!(notes.with(vec![], tomorrow).is_empty());
    }
}

//! What the journal holds, read back.

use std::path::PathBuf;

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use usher_event::{Sentence, sentence};

use crate::deed::{Deed, Trace};

/// What kind of run it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// Rules acted on events.
    Event = 0,
    /// Rules were run over what was there.
    Sweep = 1,
    /// A run was taken back.
    Undo = 2,
    /// An undo was taken back.
    Redo = 3,
}

/// How far a step got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Written down, not known to be done.
    Intended = 0,
    /// Done, and can be taken back. With an error: as far as its traces go, and that could not be taken back at once.
    Done = 1,
    /// Not done; everything is as before.
    Failed = 2,
    /// Done and taken back since.
    Undone = 3,
    /// Done, and cannot be taken back.
    Irreversible = 4,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    /// Its number.
    pub id: i64,
    /// What kind it was.
    pub kind: RunKind,
    /// What set it off, for people.
    pub cause: Sentence,
    /// When it began.
    pub started: Timestamp,
    /// When it ended; `None` while it goes on, and where Usher was killed in it.
    pub ended: Option<Timestamp>,
    /// The run it takes back.
    pub of: Option<i64>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRecord {
    /// Its number.
    pub id: i64,
    /// Its run.
    pub run: i64,
    /// Its place in the run, from 0.
    pub nr: u32,
    /// The rule's stable id.
    pub rule_id: String,
    /// The rule's title.
    pub rule: String,
    /// The action.
    pub action: String,
    /// Where the subject was.
    pub from: Option<PathBuf>,
    /// Where the result is.
    pub to: Option<PathBuf>,
    /// Text beside the paths.
    pub note: Option<Sentence>,
    /// What it consists of.
    pub deeds: Vec<Deed>,
    /// What each deed that was done has left behind.
    pub traces: Vec<Trace>,
    /// How far it got.
    pub state: StepState,
    /// When it got there.
    pub at: Timestamp,
    /// What went wrong, or what recovery found.
    pub error: Option<Sentence>,
    /// The step it takes back.
    pub of: Option<i64>,
}

impl StepRecord {
    /// Whether it failed, also where something of it stands.
    pub fn has_failed(&self) -> bool {
        match self.state {
            StepState::Failed => true,
            StepState::Done | StepState::Irreversible => self.error.is_some(),
            StepState::Intended | StepState::Undone => false,
        }
    }

    /// Why the step could not be taken back, or `None` where it could be tried.
    pub fn not_undoable(&self) -> Option<NotUndoable> {
        match self.state {
            StepState::Intended => return Some(NotUndoable::Unfinished),
            StepState::Failed => return Some(NotUndoable::NotDone),
            StepState::Undone => return Some(NotUndoable::TakenBack),
            StepState::Done | StepState::Irreversible => {}
        }
        let mut any = false;
        // Of a step that failed and could not be taken back, only so much was done.
        let partly = self.state == StepState::Done && self.error.is_some();
        let done = if partly { self.traces.len() } else { self.deeds.len() };
        for deed in &self.deeds[..done.min(self.deeds.len())] {
            match deed.inverse(&Trace::default(), PathBuf::new()) {
                Err(reason) => return Some(NotUndoable::Final(reason)),
                Ok(inverse) => any |= inverse.is_some(),
            }
        }
        if any { None } else { Some(NotUndoable::ChangedNothing) }
    }
}

/// Why a step cannot be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotUndoable {
    /// It goes on, or was interrupted.
    Unfinished,
    /// It failed and left everything as it was.
    NotDone,
    /// It was taken back before.
    TakenBack,
    /// There is nothing to take back: it only said something, say.
    ChangedNothing,
    /// Nothing takes it back.
    Final(Sentence),
}

impl NotUndoable {
    /// Whether everything is as if it had been taken back.
    pub fn has_nothing_to_it(&self) -> bool {
        matches!(self, Self::NotDone | Self::TakenBack | Self::ChangedNothing)
    }

    /// That, for people.
    pub fn sentence(self) -> Sentence {
        match self {
            Self::Unfinished => sentence!("undo-unfinished", "it is not finished"),
            Self::NotDone => sentence!("undo-not-done", "nothing was done"),
            Self::TakenBack => sentence!("undo-taken-back", "it was taken back already"),
            Self::ChangedNothing => sentence!("undo-changed-nothing", "it changed nothing"),
            Self::Final(reason) => reason,
        }
    }
}

macro_rules! stored_as_number {
    ($name:ident: $($variant:ident),+) => {
        impl $name {
            /// The one that is stored as this number.
            pub(super) fn of_number(number: i64) -> Option<Self> {
                [$(Self::$variant),+].into_iter().find(|it| *it as i64 == number)
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(*self as i64))
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let number = value.as_i64()?;
                Self::of_number(number).ok_or(FromSqlError::OutOfRange(number))
            }
        }
    };
}

stored_as_number!(RunKind: Event, Sweep, Undo, Redo);
stored_as_number!(StepState: Intended, Done, Failed, Undone, Irreversible);

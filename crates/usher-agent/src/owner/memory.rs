//! What an owner remembers from one start to the next beside its journal: a pause, and what the user has dismissed.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};

use super::attention::Note;
use super::open::FAILED_FOR;
use crate::api::{Dismissal, PauseFor};
use crate::text_file;

/// The clock that waiting is measured with stands still while the machine sleeps and knows nothing of clock changes,
/// so the end of a pause is looked at this often. Nothing else ever wakes Usher on a schedule.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// What is remembered.
#[derive(Debug, Default)]
pub(super) struct Memory {
    path: PathBuf,
    kept: Kept,
}

#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    pause: Option<Pause>,
    dismissed: Vec<Dismissed>,
    /// Up to when a digest has told of everything; absent while there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    digested: Option<Timestamp>,
    /// Rules that wait for an answer about their limit.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    at_their_limit: BTreeSet<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Pause {
    /// Absent: until resumed.
    until: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Dismissed {
    #[serde(flatten)]
    what: Dismissal,
    at: Timestamp,
}

impl Memory {
    /// Reads what the last owner wrote. What cannot be read is not remembered.
    pub(super) fn load(path: PathBuf) -> Self {
        let kept = match text_file::read(&path) {
            Ok(text) => serde_json::from_str(&text).unwrap_or_else(|error| {
                tracing::warn!(%error, path = %path.display(), "what was remembered cannot be read");
                Kept::default()
            }),
            Err(_) => Kept::default(),
        };
        Self { path, kept }
    }

    fn save(&self) -> io::Result<()> {
        text_file::replace(&self.path, &serde_json::to_string_pretty(&self.kept)?)
    }

    /// Changes what is remembered; where that cannot be written it holds until the owner ends.
    fn change(&mut self, change: impl FnOnce(&mut Kept)) {
        change(&mut self.kept);
        if let Err(error) = self.save() {
            tracing::warn!(%error, path = %self.path.display(), "cannot remember this past the next restart");
        }
    }

    /// Whether events are not to be handled.
    pub(super) fn paused(&self, now: Timestamp) -> bool {
        self.kept.pause.is_some_and(|pause| pause.until.is_none_or(|until| now < until))
    }

    /// Until when, where that is known.
    pub(super) fn paused_until(&self) -> Option<Timestamp> {
        self.kept.pause?.until
    }

    /// Whether a pause was begun and is over by itself.
    pub(super) fn pause_is_over(&self, now: Timestamp) -> bool {
        self.kept.pause.is_some() && !self.paused(now)
    }

    /// How long until the pause has to be looked at again.
    pub(super) fn pause_due(&self, now: Timestamp) -> Option<Duration> {
        let until = self.paused_until()?;
        Some(Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO).min(LOOK_AGAIN))
    }

    /// Begins a pause, in place of one that goes on.
    pub(super) fn pause(&mut self, pause: PauseFor, now: &Zoned) {
        let until = match pause {
            PauseFor::Seconds { seconds } => i64::try_from(seconds)
                .ok()
                .and_then(|seconds| now.timestamp().checked_add(SignedDuration::from_secs(seconds)).ok()),
            PauseFor::Tomorrow => Some(tomorrow_morning(now)),
            PauseFor::UntilResumed => None,
        };
        self.change(|kept| kept.pause = Some(Pause { until }));
    }

    /// Ends the pause.
    pub(super) fn resume(&mut self) {
        if self.kept.pause.is_some() {
            self.change(|kept| kept.pause = None);
        }
    }

    /// Up to when a digest has told of everything.
    pub(super) fn digested(&self) -> Option<Timestamp> {
        self.kept.digested
    }

    /// The same, and never later than now: the clock may have been ahead when it was remembered.
    pub(super) fn digested_by(&mut self, now: Timestamp) -> Option<Timestamp> {
        if self.kept.digested.is_some_and(|digested| digested > now) {
            self.note_digest(Some(now));
        }
        self.kept.digested
    }

    /// Remembers up to when a digest has told of everything, or that there is none.
    pub(super) fn note_digest(&mut self, until: Option<Timestamp>) {
        if self.kept.digested != until {
            self.change(|kept| kept.digested = until);
        }
    }

    /// Rules that wait for an answer about their limit.
    pub(super) fn at_their_limit(&self) -> &BTreeSet<String> {
        &self.kept.at_their_limit
    }

    /// Remembers which rules do.
    pub(super) fn note_at_their_limit(&mut self, rules: BTreeSet<String>) {
        if self.kept.at_their_limit != rules {
            self.change(|kept| kept.at_their_limit = rules);
        }
    }

    /// Remembers that the user has seen something. What is too old to be shown again is forgotten.
    pub(super) fn dismiss(&mut self, what: Dismissal, now: Timestamp) {
        self.change(|kept| {
            kept.dismissed.retain(|dismissed| now.duration_since(dismissed.at) < FAILED_FOR);
            kept.dismissed.push(Dismissed { what, at: now });
        });
    }

    /// Whether the user has dismissed this since it came up.
    pub(super) fn dismissed(&self, note: &Note) -> bool {
        self.kept
            .dismissed
            .iter()
            .any(|dismissed| note.at <= dismissed.at && note.is_meant_by(&dismissed.what))
    }
}

/// Six in the morning of the next day, wherever the user is.
fn tomorrow_morning(now: &Zoned) -> Timestamp {
    now.checked_add(1.day())
        .and_then(|tomorrow| {
            tomorrow.date().to_datetime(Time::constant(6, 0, 0, 0)).to_zoned(now.time_zone().clone())
        })
        .map_or_else(|_| now.timestamp(), |morning| morning.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Zoned {
        text.parse().unwrap()
    }

    #[test]
    fn tomorrow_is_six_in_the_morning_also_when_the_clocks_change() {
        let evening = at("2026-03-28T22:00:00+01:00[Europe/Paris]");
        assert_eq!(tomorrow_morning(&evening), at("2026-03-29T06:00:00+02:00[Europe/Paris]").timestamp());
        let night = at("2026-03-29T01:00:00+01:00[Europe/Paris]");
        assert_eq!(tomorrow_morning(&night), at("2026-03-30T06:00:00+02:00[Europe/Paris]").timestamp());
    }

    #[test]
    fn a_pause_survives_a_restart_and_ends_by_itself() {
        let root = tempfile::tempdir().unwrap();
        let now = at("2026-03-28T22:00:00+01:00[Europe/Paris]");
        let later = |seconds| now.timestamp() + SignedDuration::from_secs(seconds);
        let mut memory = Memory::load(root.path().join("agent.json"));
        assert!(!memory.paused(now.timestamp()));
        memory.pause(PauseFor::Seconds { seconds: 90 }, &now);
        let memory = Memory::load(root.path().join("agent.json"));
        assert!(memory.paused(later(89)));
        assert_eq!(memory.pause_due(now.timestamp()), Some(LOOK_AGAIN));
        assert_eq!(memory.pause_due(later(80)), Some(Duration::from_secs(10)));
        assert!(!memory.paused(later(90)) && memory.pause_is_over(later(90)));
    }

    #[test]
    fn a_clock_that_was_ahead_holds_no_digest_back_for_long() {
        let root = tempfile::tempdir().unwrap();
        let [now, later, ahead] = ["2026-03-28T09", "2026-03-28T18", "2031-01-01T00"]
            .map(|hour| at(&format!("{hour}:00:00+01:00[Europe/Paris]")).timestamp());
        let mut memory = Memory::load(root.path().join("agent.json"));
        memory.note_digest(Some(ahead));
        memory.note_at_their_limit(["a/Tidy".to_owned()].into());
        assert_eq!(Memory::load(root.path().join("agent.json")).at_their_limit().len(), 1);
        assert_eq!(memory.digested_by(now), Some(now));
        assert_eq!(memory.digested_by(later), Some(now));
    }

    #[test]
    fn a_pause_without_an_end_has_none() {
        let root = tempfile::tempdir().unwrap();
        let now = at("2026-03-28T22:00:00+01:00[Europe/Paris]");
        let mut memory = Memory::load(root.path().join("agent.json"));
        for pause in [PauseFor::UntilResumed, PauseFor::Seconds { seconds: u64::MAX }] {
            memory.pause(pause, &now);
            assert!(memory.paused(now.timestamp() + SignedDuration::from_hours(10_000)));
            assert_eq!(memory.pause_due(now.timestamp()), None);
        }
        memory.resume();
        assert!(!Memory::load(root.path().join("agent.json")).paused(now.timestamp()));
    }
}

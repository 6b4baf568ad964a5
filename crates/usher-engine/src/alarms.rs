//! Alarms: files that a rule will match by the passing of time alone.
//!
//! A rule that asks for what is thirty days old has nothing to do today. Instead of looking every day, the engine notes
//! for each such file when its answer changes, and sleeps until the nearest of these moments.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

/// How many files are kept in mind. Beyond that the latest are dropped, and found again by looking through the folders
/// when the first of them is due.
const MOST: usize = 4096;

/// The longest sleep. A clock that is set forward, or a machine that slept, makes an alarm late by no more than this.
const LONGEST: Duration = Duration::from_secs(3600);

/// The files that wait for a moment.
#[derive(Debug, Default)]
pub(crate) struct Alarms {
    by_time: BTreeSet<(Timestamp, PathBuf)>,
    by_path: HashMap<PathBuf, Timestamp>,
    /// When the first of those is due that were dropped.
    dropped: Option<Timestamp>,
}

/// What is due.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Due {
    /// Files to look at.
    pub(crate) paths: Vec<PathBuf>,
    /// Whether the folders have to be looked through.
    pub(crate) sweep: bool,
}

impl Alarms {
    /// Wakes for a file at a moment, unless it wakes for it earlier.
    pub(crate) fn set(&mut self, path: &Path, at: Timestamp) {
        if self.by_path.get(path).is_some_and(|known| *known <= at) {
            return;
        }
        self.forget(path);
        self.by_time.insert((at, path.to_path_buf()));
        self.by_path.insert(path.to_path_buf(), at);
        if self.by_time.len() > MOST
            && let Some((at, path)) = self.by_time.pop_last()
        {
            self.by_path.remove(&path);
            self.dropped = Some(self.dropped.map_or(at, |other| other.min(at)));
        }
    }

    /// Does not wake for a file any more.
    pub(crate) fn forget(&mut self, path: &Path) {
        if let Some((path, at)) = self.by_path.remove_entry(path) {
            self.by_time.remove(&(at, path));
        }
    }

    /// How long until something is due, or it is time to look at the clock again.
    pub(crate) fn due(&self, now: Timestamp) -> Option<Duration> {
        let first = self.by_time.first().map(|(at, _)| *at).into_iter().chain(self.dropped).min()?;
        let left = first.duration_since(now);
        Some(Duration::try_from(left).unwrap_or(Duration::ZERO).min(LONGEST))
    }

    /// Takes out what is due.
    pub(crate) fn take(&mut self, now: Timestamp) -> Due {
        let mut due = Due { paths: Vec::new(), sweep: self.dropped.is_some_and(|at| at <= now) };
        if due.sweep {
            self.dropped = None;
        }
        while let Some((at, path)) = self.by_time.pop_first() {
            if at > now {
                self.by_time.insert((at, path));
                break;
            }
            self.by_path.remove(&path);
            due.paths.push(path);
        }
        due
    }

    /// Forgets everything, because there are other rules now.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn the_nearest_moment_counts_and_each_file_wakes_once() {
        let mut alarms = Alarms::default();
        assert_eq!(alarms.due(at(0)), None);
        alarms.set(Path::new("/b"), at(200));
        alarms.set(Path::new("/a"), at(100));
        alarms.set(Path::new("/a"), at(300));
        assert_eq!(alarms.due(at(40)), Some(Duration::from_secs(60)));
        assert_eq!(alarms.take(at(99)), Due::default());
        assert_eq!(alarms.take(at(100)).paths, [Path::new("/a")]);
        alarms.forget(Path::new("/b"));
        assert_eq!(alarms.due(at(100)), None);
    }

    #[test]
    fn a_far_moment_is_slept_to_in_pieces() {
        let mut alarms = Alarms::default();
        alarms.set(Path::new("/a"), at(1_000_000));
        assert_eq!(alarms.due(at(0)), Some(LONGEST));
        assert_eq!(alarms.take(at(3600)), Due::default());
    }

    #[test]
    fn of_too_many_files_the_latest_are_found_by_looking() {
        let mut alarms = Alarms::default();
        let most = i64::try_from(MOST).unwrap();
        for nr in (0..most + 10).rev() {
            alarms.set(&PathBuf::from(format!("/{nr}")), at(nr));
        }
        assert_eq!(alarms.by_time.len(), MOST);
        assert_eq!(alarms.by_path.len(), MOST);
        let due = alarms.take(at(most - 1));
        assert_eq!((due.paths.len(), due.sweep), (MOST, false));
        assert_eq!(alarms.due(at(most - 1)), Some(Duration::from_secs(1)));
        assert!(alarms.take(at(most)).sweep);
        assert_eq!(alarms.due(at(most)), None);
    }
}

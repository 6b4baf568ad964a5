//! The watched folders as the status shows them: how well each can be seen, and when something last happened there.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use usher_event::{Event, Mode, RescanReason, Sentence, sentence};

use super::attention::Note;
use crate::api::{Folder, FolderMode};
use crate::present::{folder_mode, moment, shown};

#[derive(Debug)]
struct Entry {
    root: PathBuf,
    mode: FolderMode,
    reason: Option<Sentence>,
    directories: u64,
    since: Timestamp,
    last_event: Option<Timestamp>,
    last_action: Option<Timestamp>,
    overflowed: Option<Timestamp>,
    rules: Vec<String>,
}

/// Every folder that rules look into.
#[derive(Debug, Default)]
pub(super) struct FolderBook {
    entries: Vec<Entry>,
}

impl FolderBook {
    /// Takes on a new set of folders; what is known of those that stay is kept.
    pub(super) fn set_places(&mut self, places: &[usher_engine::Place], now: Timestamp) {
        let mut old = std::mem::take(&mut self.entries);
        for place in places {
            let known = old.iter().position(|entry| entry.root == place.root).map(|at| old.swap_remove(at));
            let entry = known.unwrap_or_else(|| Entry {
                root: place.root.clone(),
                mode: FolderMode::Starting,
                reason: None,
                directories: 0,
                since: now,
                last_event: None,
                last_action: None,
                overflowed: None,
                rules: Vec::new(),
            });
            self.entries.push(Entry { rules: place.rules.clone(), ..entry });
        }
    }

    /// Notes an event; says whether the health of a folder is another one now.
    pub(super) fn note(&mut self, event: &Event, at: Timestamp) -> bool {
        match event {
            Event::Path { path, .. } => self.above(path).for_each(|entry| entry.last_event = Some(at)),
            Event::Rescan { root, reason: RescanReason::Overflow } => {
                let overflowed = self.entries.iter_mut().filter(|entry| entry.root == *root);
                overflowed.for_each(|entry| entry.overflowed = Some(at));
                return true;
            }
            Event::Rescan { .. }
            | Event::State { .. }
            | Event::Moment { .. }
            | Event::Noun { .. }
            | Event::ClockSet => {}
            Event::Folder { root, health } => {
                let Some(entry) = self.entries.iter_mut().find(|entry| entry.root == *root) else {
                    return false;
                };
                let mode = folder_mode(health.mode);
                if entry.mode != mode {
                    entry.since = at;
                }
                entry.mode = mode;
                entry.reason.clone_from(&health.reason);
                entry.directories = health.directories;
                log(root, health.mode, health.reason.as_deref());
                return true;
            }
        }
        false
    }

    /// Notes that a rule has done something to what was at a path.
    pub(super) fn acted(&mut self, path: &Path, at: Timestamp) {
        self.above(path).for_each(|entry| entry.last_action = entry.last_action.max(Some(at)));
    }

    fn above(&mut self, path: &Path) -> impl Iterator<Item = &mut Entry> {
        self.entries.iter_mut().filter(move |entry| path.starts_with(&entry.root))
    }

    /// The folders for the status.
    pub(super) fn shown(&self) -> Vec<Folder> {
        self.entries.iter().map(Entry::shown).collect()
    }

    /// What the user should know of them.
    pub(super) fn notes(&self) -> impl Iterator<Item = Note> {
        self.entries.iter().filter_map(Entry::note)
    }
}

impl Entry {
    fn shown(&self) -> Folder {
        Folder {
            path: shown(&self.root),
            mode: self.mode,
            reason: self.reason.clone(),
            since: moment(self.since),
            directories: self.directories,
            last_event: self.last_event.map(moment),
            last_action: self.last_action.map(moment),
            overflowed: self.overflowed.map(moment),
            rules: self.rules.clone(),
        }
    }

    fn note(&self) -> Option<Note> {
        let (message, hint) = match self.mode {
            FolderMode::Missing => (
                sentence!(
                    "folder-missing",
                    "{folder} is not there, and {rules} looks for files in it",
                    folder = &self.root,
                    rules = self.rules.join(", "),
                ),
                sentence!("folder-missing-hint", "make it, plug its drive in, or change the rule"),
            ),
            FolderMode::Unreadable => (
                sentence!(
                    "folder-unreadable",
                    "{folder} may not be read, and {rules} looks for files in it",
                    folder = &self.root,
                    rules = self.rules.join(", "),
                ),
                sentence!("folder-unreadable-hint", "change its permissions, or the rule"),
            ),
            FolderMode::Starting | FolderMode::Watching | FolderMode::Polling => return None,
        };
        Some(Note {
            hint: Some(hint),
            path: Some(shown(&self.root)),
            ..Note::new("folder", message, self.since)
        })
    }
}

fn log(root: &Path, mode: Mode, reason: Option<&str>) {
    let (root, reason) = (root.display(), reason.unwrap_or_default());
    match mode {
        Mode::Watching => tracing::info!(%root, "watching"),
        mode => tracing::warn!(%root, ?mode, reason, "the folder cannot simply be watched"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use usher_event::{Change, Health};

    use super::*;

    fn place(root: &str) -> usher_engine::Place {
        usher_engine::Place { root: root.into(), enter: Arc::new(|_| true), rules: vec!["Tidy".into()] }
    }

    fn health(root: &str, mode: Mode) -> Event {
        Event::Folder { root: root.into(), health: Health { mode, reason: None, directories: 3 } }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn what_is_known_of_a_folder_stays_while_rules_change() {
        let mut book = FolderBook::default();
        book.set_places(&[place("/a"), place("/b")], at(0));
        assert!(book.note(&health("/a", Mode::Watching), at(1)));
        assert!(!book.note(&Event::Path { path: "/a/x".into(), change: Change::Closed }, at(2)));
        book.acted(Path::new("/a/x"), at(3));
        book.set_places(&[place("/c"), place("/a")], at(9));
        let shown = book.shown();
        assert_eq!((shown[0].path.as_str(), shown[0].mode), ("/c", FolderMode::Starting));
        assert_eq!(
            (shown[1].path.as_str(), shown[1].mode, shown[1].directories),
            ("/a", FolderMode::Watching, 3)
        );
        assert_eq!(shown[1].since, moment(at(1)));
        assert_eq!(shown[1].last_event, Some(moment(at(2))));
        assert_eq!(shown[1].last_action, Some(moment(at(3))));
    }

    #[test]
    fn that_events_were_dropped_is_known_of_the_folder_they_were_of_and_of_no_other_rescan() {
        let mut book = FolderBook::default();
        book.set_places(&[place("/a"), place("/b")], at(0));
        let rescan = |reason| Event::Rescan { root: "/a".into(), reason };
        assert!(!book.note(&rescan(RescanReason::Started), at(1)));
        assert_eq!(book.shown()[0].overflowed, None);
        assert!(book.note(&rescan(RescanReason::Overflow), at(2)));
        book.note(&rescan(RescanReason::Returned), at(3));
        let overflowed: Vec<_> = book.shown().into_iter().map(|folder| folder.overflowed).collect();
        assert_eq!(overflowed, [Some(moment(at(2))), None]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_the_users_business_and_a_polled_one_is_not() {
        let mut book = FolderBook::default();
        book.set_places(&[place("/a"), place("/b")], at(0));
        book.note(&health("/a", Mode::Polling), at(1));
        book.note(&health("/b", Mode::Missing), at(1));
        let notes: Vec<_> = book.notes().map(|note| note.message).collect();
        assert_eq!(notes, ["/b is not there, and Tidy looks for files in it"]);
    }
}

//! What has been done while files kept coming, and is not in the database yet.
//!
//! Nothing of it can be forgotten: its intents are in the file that runs ahead of the database, and so are the notes on
//! how far it has come. To enter it takes as long as doing it, and a burst waits for that at every batch. So while more
//! files come it is put off, until they pause or there is much of it. Whoever reads the journal has it entered first.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::engine::Engine;
use crate::journal::JournalError;
use crate::stamp::Stamp;

/// Files that come so soon after others belong to one burst.
const BURST: Duration = Duration::from_millis(5);

/// How long nothing has to come until what was put off is entered.
const PAUSE: Duration = Duration::from_millis(2);

/// How long anything is put off at most.
const LONGEST: Duration = Duration::from_millis(250);

/// How many steps are put off at most.
const MOST: usize = 2048;

/// What is known of it without looking through it.
#[derive(Debug, Default)]
pub(crate) struct Arrears {
    /// Since when anything is put off, and until when; absent where nothing is.
    put_off: Option<(Duration, Duration)>,
    /// When the last batch was done.
    last: Option<Duration>,
    /// The files and places it is about, as numbers. Two may share one.
    about: HashSet<u64>,
}

impl Arrears {
    /// Takes note of what is going to be remembered of a subject.
    pub(crate) fn note(&mut self, subject: Option<&Path>, remember: &[(String, Stamp, PathBuf)]) {
        // The next file of that name is another one, and after a power cut the two must not be mixed up.
        self.about.extend(subject.map(of_place));
        for (_, stamp, path) in remember {
            self.about.extend([of_file(stamp), of_place(path)]);
        }
    }

    /// Everything has been entered.
    pub(crate) fn entered(&mut self) {
        self.put_off = None;
        self.about.clear();
    }

    /// Whether it may hold something about this file, or about another one that lay at this path.
    fn concerns(&self, path: &Path, stamp: &Stamp) -> bool {
        !self.about.is_empty()
            && (self.about.contains(&of_file(stamp)) || self.about.contains(&of_place(path)))
    }
}

fn of_file(stamp: &Stamp) -> u64 {
    number((stamp.device, stamp.inode))
}

fn of_place(path: &Path) -> u64 {
    number(path.as_os_str())
}

fn number(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

impl Engine {
    /// Does what is due, as [`advance`](Self::advance) does. While files keep coming, what has been done with them is
    /// entered into the journal's database later; then [`is_ahead`](Self::is_ahead).
    ///
    /// # Errors
    /// When the journal cannot be written; what was not written down has not been done either.
    pub fn advance_ahead(&mut self) -> Result<(), JournalError> {
        self.go_ahead(true)
    }

    /// Whether something has been done that the journal does not show yet.
    pub fn is_ahead(&self) -> bool {
        self.arrears.put_off.is_some()
    }

    /// Enters into the journal what has been put off.
    ///
    /// # Errors
    /// When the journal cannot be written. It is tried again with the next thing that is done.
    pub fn catch_up(&mut self) -> Result<(), JournalError> {
        // Where it fails it is owed, like anything else that could not be written down.
        self.arrears.put_off = None;
        self.settle_steps()
    }

    /// How long until what was put off is to be entered.
    pub(crate) fn catching_up_due(&self, now: Duration) -> Option<Duration> {
        self.arrears.put_off.map(|(_, until)| until.saturating_sub(now))
    }

    /// Enters what was put off, where it is time.
    pub(crate) fn catch_up_in_time(&mut self) -> Result<(), JournalError> {
        let now = self.clock.ticks();
        let due = self.catching_up_due(now).is_none_or(|due| due.is_zero());
        if due || self.journal.steps_waiting() >= MOST { self.catch_up() } else { Ok(()) }
    }

    /// Whether what is done next may be put off: where it comes right after something else.
    pub(crate) fn in_burst(&self) -> bool {
        let now = self.clock.ticks();
        self.arrears.last.is_some_and(|last| now.saturating_sub(last) < BURST)
    }

    /// Puts off what has just been done.
    pub(crate) fn put_off(&mut self) {
        let now = self.clock.ticks();
        self.arrears.last = Some(now);
        if self.owes_the_journal() {
            let since = self.arrears.put_off.map_or(now, |(since, _)| since);
            self.arrears.put_off = Some((since, (now + PAUSE).min(since + LONGEST)));
        }
    }

    /// Enters what was put off, where the journal is going to be asked about what it concerns.
    pub(crate) fn catch_up_on(&mut self, path: &Path, stamp: &Stamp) -> Result<(), JournalError> {
        if self.arrears.concerns(path, stamp) { self.catch_up() } else { Ok(()) }
    }
}

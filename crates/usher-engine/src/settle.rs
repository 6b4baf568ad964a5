//! Settling: waiting until whoever makes a file has finished.
//!
//! What arrives by a rename is finished. What is written is finished a short quiet time after its last close. Where
//! closes are not seen, size and time have to stand still. Nothing in here looks at the disk: the caller does, and says
//! [`Settle::again`] where something speaks against acting now.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use usher_event::{Change, Sentence, sentence};

use crate::deed::PART_SUFFIX;
use crate::stamp::Stamp;

/// Quiet time after a close when a rule does not say otherwise.
pub(crate) const QUIET: Duration = Duration::from_millis(100);
/// How long a file must stand still where closes are not seen.
const STILL: Duration = Duration::from_secs(1);
/// The longest pause between two looks at what is not finished. Nothing that ends sooner waits longer than it took, and what
/// stays open for days wakes nobody every half minute: that it is closed is mostly told.
const LONGEST: Duration = Duration::from_secs(600);

/// What is waiting to be handled, and until when.
#[derive(Debug, Default)]
pub(crate) struct Settle {
    waiting: HashMap<PathBuf, Waiting>,
    /// By due time; the number keeps what came first first.
    queue: BTreeMap<(Duration, u64), PathBuf>,
    counter: u64,
}

/// One path that waits.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    slot: (Duration, u64),
    /// Whether the last thing heard of it means that it is complete.
    pub(crate) complete: bool,
    /// Whether it was found by a sweep rather than by an event.
    pub(crate) swept: bool,
    /// Whether it was seen to come to be there.
    pub(crate) new: bool,
    /// What it looked like when it was last looked at.
    pub(crate) looked: Option<Stamp>,
    /// How often it was found unfinished.
    tries: u32,
    /// Why it has to wait, in words.
    pub(crate) reason: Option<Sentence>,
}

impl Settle {
    /// Takes in what a source has reported. `quiet` is the covering rules' quiet time.
    pub(crate) fn hint(&mut self, path: &Path, change: Change, quiet: Duration, now: Duration) {
        match change {
            Change::Gone => self.forget(path),
            Change::MovedIn => self.put(path, now, true, false, true),
            Change::Closed => self.put(path, now + quiet, true, false, false),
            // A hard link or an empty file may never see a close; a written one will, and then comes earlier.
            Change::Created | Change::Written => {
                if !self
                    .waiting
                    .get(path)
                    .is_some_and(|waiting| waiting.complete && change == Change::Created)
                {
                    self.put(path, now + quiet.max(STILL), false, false, change == Change::Created);
                }
            }
        }
    }

    /// Takes in what a sweep has found.
    pub(crate) fn found(&mut self, path: &Path, now: Duration) {
        if !self.waiting.contains_key(path) {
            self.put(path, now, true, true, false);
        }
    }

    fn put(&mut self, path: &Path, due: Duration, complete: bool, swept: bool, new: bool) {
        self.counter += 1;
        let slot = (due, self.counter);
        // Whatever else is heard of it, it has come since it was looked at last.
        let new = new || self.waiting.get(path).is_some_and(|waiting| waiting.new);
        let fresh = Waiting { slot, complete, swept, new, looked: None, tries: 0, reason: None };
        if let Some(old) = self.waiting.insert(path.to_path_buf(), fresh) {
            self.queue.remove(&old.slot);
        }
        self.queue.insert(slot, path.to_path_buf());
    }

    /// Whether something waits at a path.
    pub(crate) fn waits(&self, path: &Path) -> bool {
        self.waiting.contains_key(path)
    }

    /// Has what waits at a path wait no longer.
    pub(crate) fn hurry(&mut self, path: &Path, now: Duration) {
        if let Some(waiting) = self.waiting.remove(path) {
            self.queue.remove(&waiting.slot);
            self.back(path.to_path_buf(), waiting, now);
        }
    }

    /// Takes what waits at a path for one that has just come.
    pub(crate) fn renew(&mut self, path: &Path) {
        if let Some(waiting) = self.waiting.get_mut(path) {
            waiting.new = true;
        }
    }

    /// Drops a path, because it is gone.
    pub(crate) fn forget(&mut self, path: &Path) {
        if let Some(waiting) = self.waiting.remove(path) {
            self.queue.remove(&waiting.slot);
        }
    }

    /// When the next path is due.
    pub(crate) fn due(&self) -> Option<Duration> {
        self.queue.keys().next().map(|(due, _)| *due)
    }

    /// Takes out the path that is due first, if any is due now.
    pub(crate) fn take(&mut self, now: Duration) -> Option<(PathBuf, Waiting)> {
        let (due, _) = *self.queue.keys().next()?;
        if due > now {
            return None;
        }
        let (_, path) = self.queue.pop_first()?;
        let waiting = self.waiting.remove(&path)?;
        Some((path, waiting))
    }

    /// Puts a path back that is to be looked at again as soon as what is being done now is done.
    pub(crate) fn back(&mut self, path: PathBuf, mut waiting: Waiting, now: Duration) {
        if let Some(heard_since) = self.waiting.get_mut(&path) {
            // It has not been looked at since it came, whatever else was heard of it.
            heard_since.new |= waiting.new;
            return;
        }
        self.counter += 1;
        waiting.slot = (now, self.counter);
        self.queue.insert(waiting.slot, path.clone());
        self.waiting.insert(path, waiting);
    }

    /// Puts a path back that turned out not to be finished; each time it waits a little longer.
    pub(crate) fn again(&mut self, path: PathBuf, mut waiting: Waiting, reason: Sentence, now: Duration) {
        let pause = (STILL * 2u32.saturating_pow(waiting.tries.min(10))).min(LONGEST);
        waiting.tries += 1;
        self.later(path, waiting, reason, now + pause);
    }

    /// Puts a path back that is to be looked at again at a certain time.
    pub(crate) fn later(&mut self, path: PathBuf, mut waiting: Waiting, reason: Sentence, due: Duration) {
        if self.waiting.contains_key(&path) {
            return;
        }
        self.counter += 1;
        waiting.slot = (due, self.counter);
        waiting.reason = Some(reason);
        self.queue.insert(waiting.slot, path.clone());
        self.waiting.insert(path, waiting);
    }

    /// Why a path waits, if it does.
    pub(crate) fn reason(&self, path: &Path) -> Option<Sentence> {
        let waiting = self.waiting.get(path)?;
        Some(waiting.reason.clone().unwrap_or_else(|| sentence!("waits-just-changed", "it has just changed")))
    }

    /// What waits because it has arrived or changed, and not because somebody looked through the folders.
    pub(crate) fn newcomers(&self) -> HashSet<PathBuf> {
        let new = self.waiting.iter().filter(|(_, waiting)| !waiting.swept);
        new.map(|(path, _)| path.clone()).collect()
    }

    /// How many paths wait.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }
}

/// Endings of files that a program has not finished: browsers, download tools, editors, sync clients, Usher itself.
const PARTIAL: [&str; 14] = [
    ".part",
    ".partial",
    ".crdownload",
    ".download",
    ".opdownload",
    ".tmp",
    ".temp",
    ".!qb",
    ".!ut",
    ".aria2",
    ".bc!",
    ".filepart",
    ".unfinished",
    PART_SUFFIX,
];

/// Whether a name says by itself that the file is not finished.
pub(crate) fn partial_name(path: &Path) -> bool {
    let Some(name) = path.file_name() else { return false };
    let name = name.as_encoded_bytes();
    PARTIAL.iter().any(|suffix| ends_with_ignoring_case(name, suffix.as_bytes()))
}

fn ends_with_ignoring_case(name: &[u8], suffix: &[u8]) -> bool {
    name.len() > suffix.len() && name[name.len() - suffix.len()..].eq_ignore_ascii_case(suffix)
}

/// What a download adds to the name of the file it makes, while that lies beside it.
const BESIDE: [&str; 5] = [".part", ".crdownload", ".partial", ".download", ".aria2"];

/// The names a download of `path` would have beside it.
pub(crate) fn partial_siblings(path: &Path) -> impl Iterator<Item = PathBuf> + '_ {
    BESIDE.into_iter().map(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    })
}

/// Whether a name may be one that a download has beside another file, on whatever file system.
pub(crate) fn may_be_beside(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    BESIDE.iter().any(|suffix| ends_with_ignoring_case(name, suffix.as_bytes()))
}

/// The finished name a partial file's disappearance is news for.
pub(crate) fn finished_name(path: &Path) -> Option<PathBuf> {
    if !partial_name(path) {
        return None;
    }
    let mut name = path.to_path_buf();
    name.set_extension("").then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn due(settle: &mut Settle, now: Duration) -> Vec<PathBuf> {
        std::iter::from_fn(|| settle.take(now).map(|(path, _)| path)).collect()
    }

    #[test]
    fn a_move_is_due_at_once_and_a_close_after_the_quiet_time() {
        let mut settle = Settle::default();
        settle.hint(Path::new("/moved"), Change::MovedIn, QUIET, ms(0));
        settle.hint(Path::new("/closed"), Change::Closed, QUIET, ms(0));
        assert_eq!(due(&mut settle, ms(0)), [Path::new("/moved")]);
        assert_eq!(settle.due(), Some(ms(100)));
        assert_eq!(due(&mut settle, ms(99)), [] as [PathBuf; 0]);
        assert_eq!(due(&mut settle, ms(100)), [Path::new("/closed")]);
    }

    #[test]
    fn each_close_starts_the_quiet_time_again() {
        let mut settle = Settle::default();
        settle.hint(Path::new("/a"), Change::Created, QUIET, ms(0));
        settle.hint(Path::new("/a"), Change::Closed, QUIET, ms(10));
        settle.hint(Path::new("/a"), Change::Closed, QUIET, ms(90));
        assert_eq!(due(&mut settle, ms(150)), [] as [PathBuf; 0]);
        assert_eq!(due(&mut settle, ms(190)), [Path::new("/a")]);
        assert_eq!(settle.len(), 0);
    }

    #[test]
    fn what_goes_away_is_not_due() {
        let mut settle = Settle::default();
        settle.hint(Path::new("/a"), Change::Closed, QUIET, ms(0));
        settle.hint(Path::new("/a"), Change::Gone, QUIET, ms(10));
        assert_eq!(settle.due(), None);
    }

    #[test]
    fn unfinished_files_are_looked_at_less_and_less_often() {
        let mut settle = Settle::default();
        settle.hint(Path::new("/a"), Change::MovedIn, QUIET, ms(0));
        let mut now = ms(0);
        let mut pauses = Vec::new();
        for _ in 0..12 {
            let (path, waiting) = settle.take(now).unwrap();
            settle.again(path, waiting, Sentence::foreign("still being written"), now);
            let next = settle.due().unwrap();
            pauses.push((next - now).as_secs());
            now = next;
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
    }

    #[test]
    fn partial_downloads_are_known_by_their_names() {
        for name in ["a.pdf.part", "x.crdownload", "y.TMP", ".1-2.usher-part"] {
            assert!(partial_name(Path::new(name)), "{name}");
        }
        for name in ["part", "a.pdf", ".part", "a.parts"] {
            assert!(!partial_name(Path::new(name)), "{name}");
        }
        assert_eq!(finished_name(Path::new("/d/a.pdf.part")), Some(PathBuf::from("/d/a.pdf")));
    }
}

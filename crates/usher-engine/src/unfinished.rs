//! What says that somebody is still at work on a file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use usher_event::{Kind, Sentence, sentence};
use usher_rule::{Stat, World};

use crate::disk::{Disk, Writer};
use crate::settle::{may_be_beside, partial_name, partial_siblings};

/// So long after its last change the name of an unfinished download says no more: nobody goes on with it.
const GIVEN_UP: SignedDuration = SignedDuration::from_hours(24);

/// Until when the name of a file says that it is not finished; `None` where it does not, or not any more.
pub(crate) fn unfinished_until(path: &Path, stat: &Stat, now: Timestamp) -> Option<Timestamp> {
    let until = partial_name(path).then(|| stat.modified.checked_add(GIVEN_UP).ok()).flatten()?;
    (now < until).then_some(until)
}

/// That a name says so.
pub(crate) fn unfinished_name() -> Sentence {
    sentence!(
        "waits-name",
        "its name says that it is not finished; it is taken after a day without change, or by `usher run`"
    )
}

/// How long it counts what a folder holds. Files of one burst come closer together.
const FRESH: Duration = Duration::from_millis(5);

/// So many names of a folder are looked at for each file in it, and a few more: to ask for what a download may have beside
/// a file takes longer than that.
const NAMES_A_FILE: usize = 16;
const NAMES_MORE: usize = 32;

/// Folders in which nothing is beside any file. Most downloads lie alone, and to ask after each name that a download may
/// have makes the file system search for what is not there.
#[derive(Debug, Default)]
pub(crate) struct Lonely {
    /// The folder that was looked at last, when that was, and whether no name in it is one of a download.
    looked: Option<(PathBuf, Duration, bool)>,
}

impl Lonely {
    /// Whether nothing can be beside the file at this path. `files` is how many of them are likely to be asked about.
    pub(crate) fn is_alone(&mut self, disk: &dyn Disk, path: &Path, files: usize, now: Duration) -> bool {
        let Some(dir) = path.parent() else { return false };
        if let Some((looked, at, alone)) = &self.looked
            && looked == dir
            && now.saturating_sub(*at) < FRESH
        {
            return *alone;
        }
        let most = NAMES_A_FILE * files + NAMES_MORE;
        let mut alone = true;
        let whole = disk.names(dir, most, &mut |name| alone &= !may_be_beside(name));
        alone &= whole.unwrap_or(false);
        self.looked = Some((dir.to_path_buf(), now, alone));
        alone
    }

    /// Something has happened since, or may have.
    pub(crate) fn look_afresh(&mut self) {
        self.looked = None;
    }
}

/// What says that a file is being written at this moment.
fn being_written(disk: &dyn Disk, path: &Path) -> Option<Sentence> {
    beside(disk, path).or_else(|| open_for_writing(disk, path))
}

/// The half of a download beside a file or folder.
fn beside(disk: &dyn Disk, path: &Path) -> Option<Sentence> {
    let sibling = partial_siblings(path).find(|sibling| disk.exists(sibling))?;
    Some(sentence!(
        "waits-download",
        "{sibling} is beside it: the download is not finished",
        sibling = &sibling
    ))
}

/// The same where nothing is beside it.
pub(crate) fn open_for_writing(disk: &dyn Disk, path: &Path) -> Option<Sentence> {
    (disk.writer(path) == Writer::Open).then(|| sentence!("waits-open", "a program has it open for writing"))
}

/// What speaks against touching something that a walk has come to. Unlike what a source reports, it may be anything.
/// `attended` where somebody has asked for this very run: they may mean files whose names say that they are unfinished.
pub(crate) fn in_work(
    disk: &dyn Disk,
    world: &impl World,
    path: &Path,
    stat: &Stat,
    attended: bool,
) -> Option<Sentence> {
    let now = world.now().timestamp();
    match stat.kind {
        Kind::File | Kind::Dir => {}
        Kind::Symlink | Kind::Other => return None,
    }
    if !attended && unfinished_until(path, stat, now).is_some() {
        return Some(unfinished_name());
    }
    at_work_on(disk, path, stat.kind, now)
}

/// What says that somebody is at work on a file, or on a folder or anything below it, at this moment.
pub(crate) fn at_work_on(disk: &dyn Disk, path: &Path, kind: Kind, now: Timestamp) -> Option<Sentence> {
    being_written(disk, path).or_else(|| match kind {
        Kind::Dir => unfinished_below(disk, path, now),
        Kind::File | Kind::Symlink | Kind::Other => None,
    })
}

/// So much is looked at below a folder: some hundredths of a second. A folder is asked about each time that a rule would
/// take it, and one that holds a whole disk must not keep everything else waiting.
const MOST_BELOW: usize = 4096;

/// So long nothing may have changed in a folder that holds more than can be looked at.
const STILL: SignedDuration = SignedDuration::from_mins(1);

/// So long a file has to have been left alone where nobody can tell whether it is being written.
const UNTOLD: SignedDuration = SignedDuration::from_secs(2);

/// What says that something below a folder is not finished. Whoever takes a folder takes all that is in it, so a name that
/// says so counts even where somebody has asked for it.
pub(crate) fn unfinished_below(disk: &dyn Disk, dir: &Path, now: Timestamp) -> Option<Sentence> {
    below(disk, dir, now, MOST_BELOW)
}

fn below(disk: &dyn Disk, dir: &Path, now: Timestamp, most: usize) -> Option<Sentence> {
    let since = |stat: &Stat| now.duration_since(stat.modified);
    let within = |age: SignedDuration, time: SignedDuration| !age.is_negative() && age < time;
    let (mut seen, mut newest) = (0, SignedDuration::MAX);
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        // What may not be looked into cannot be taken apart either, and whoever tries says so.
        let entries = disk.list(&folder).unwrap_or_default();
        let alone = !entries.iter().any(|entry| may_be_beside(&entry.name));
        for entry in entries {
            let path = folder.join(&entry.name);
            let Ok(stat) = disk.stat(&path) else { continue };
            if unfinished_until(&path, &stat, now).is_some() {
                return Some(sentence!(
                    "waits-name-below",
                    "{path} is in it, and its name says that it is not finished; it is taken after a day without change",
                    path = path,
                ));
            }
            match stat.kind {
                Kind::Dir => folders.push(path.clone()),
                Kind::File => {
                    let writer = disk.writer(&path);
                    if writer == Writer::Open {
                        return Some(sentence!(
                            "waits-open-below",
                            "a program has {path} open for writing",
                            path = path
                        ));
                    }
                    if !alone && let Some(reason) = beside(disk, &path) {
                        return Some(reason);
                    }
                    if writer == Writer::Unknown && within(since(&stat), UNTOLD) {
                        return Some(sentence!(
                            "waits-written-below",
                            "{path} was written just now",
                            path = path
                        ));
                    }
                }
                Kind::Symlink | Kind::Other => {}
            }
            if !since(&stat).is_negative() {
                newest = newest.min(since(&stat));
            }
            seen += 1;
            if seen == most {
                // A guess, and the safe one of two: a file that is written for minutes changes all the while.
                return within(newest, STILL).then(|| {
                    sentence!(
                        "waits-changes-below",
                        "it holds very much, and something in it has just changed"
                    )
                });
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::MachineClock;
    use crate::disk::RealDisk;

    #[test]
    fn a_folder_is_looked_at_once_for_a_moment_and_downloads_in_it_keep_every_file_from_being_alone() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().to_path_buf();
        let disk = RealDisk::new(Arc::new(MachineClock::default()), None, root.clone(), root.clone());
        let file = |name: &str| root.join(name);
        std::fs::write(file("a.pdf"), "a").unwrap();
        let mut lonely = Lonely::default();
        let ms = Duration::from_millis;
        assert!(lonely.is_alone(&disk, &file("a.pdf"), 1, ms(0)));
        std::fs::write(file("B.PDF.Part"), "b").unwrap();
        assert!(lonely.is_alone(&disk, &file("a.pdf"), 1, ms(4)), "it has just been looked at");
        assert!(!lonely.is_alone(&disk, &file("a.pdf"), 1, ms(5)));
        std::fs::remove_file(file("B.PDF.Part")).unwrap();
        lonely.look_afresh();
        assert!(lonely.is_alone(&disk, &file("a.pdf"), 1, ms(5)));
        assert!(
            !lonely.is_alone(&disk, &file("gone/a.pdf"), 1, ms(5)),
            "what cannot be looked at says nothing"
        );
    }

    #[test]
    fn of_a_folder_with_many_names_each_file_is_asked_about_unless_it_is_one_of_many() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().to_path_buf();
        let disk = RealDisk::new(Arc::new(MachineClock::default()), None, root.clone(), root.clone());
        for nr in 0..NAMES_MORE + NAMES_A_FILE + 1 {
            std::fs::write(root.join(nr.to_string()), "").unwrap();
        }
        let alone = |files| Lonely::default().is_alone(&disk, &root.join("1"), files, Duration::ZERO);
        assert!(!alone(1));
        assert!(alone(2));
    }

    #[test]
    fn what_changes_in_a_folder_that_holds_too_much_keeps_it_for_a_minute() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().to_path_buf();
        let disk = RealDisk::new(Arc::new(MachineClock::default()), None, root.clone(), root.clone());
        for name in ["a", "b", "c"] {
            std::fs::write(root.join(name), "").unwrap();
        }
        let now = disk.stat(&root.join("a")).unwrap().modified;
        let after = |seconds| now + SignedDuration::from_secs(seconds);
        assert_eq!(below(&disk, &root, after(30), 4), None, "all of it has been looked at");
        assert!(below(&disk, &root, after(30), 2).is_some_and(|told| told.contains("has just changed")));
        assert_eq!(below(&disk, &root, after(61), 2), None);
    }
}

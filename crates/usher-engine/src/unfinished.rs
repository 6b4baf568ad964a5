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
pub(crate) fn being_written(disk: &dyn Disk, path: &Path) -> Option<Sentence> {
    if let Some(sibling) = partial_siblings(path).find(|sibling| disk.exists(sibling)) {
        return Some(sentence!(
            "waits-download",
            "{sibling} is beside it: the download is not finished",
            sibling = &sibling
        ));
    }
    open_for_writing(disk, path)
}

/// The same where nothing is beside it.
pub(crate) fn open_for_writing(disk: &dyn Disk, path: &Path) -> Option<Sentence> {
    (disk.writer(path) == Writer::Open).then(|| sentence!("waits-open", "a program has it open for writing"))
}

/// What speaks against touching a file that a walk has come to. Unlike what a source reports, it may be anything.
/// `attended` where somebody has asked for this very run: they may mean files whose names say that they are unfinished.
pub(crate) fn in_work(
    disk: &dyn Disk,
    world: &impl World,
    path: &Path,
    stat: &Stat,
    attended: bool,
) -> Option<Sentence> {
    if stat.kind != Kind::File {
        return None;
    }
    if !attended && unfinished_until(path, stat, world.now().timestamp()).is_some() {
        return Some(unfinished_name());
    }
    being_written(disk, path)
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
}

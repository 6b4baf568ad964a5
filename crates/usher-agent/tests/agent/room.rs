//! A home that nobody else has, and ears for notices.

use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use usher_agent::api::{Notice, Request, Status};
use usher_agent::{Directories, Link, OpenOptions};

/// What never takes long may take this long on a machine that is busy with other things.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Room {
    pub(crate) dirs: Directories,
    root: tempfile::TempDir,
}

impl Room {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let dirs = Directories::below(root.path());
        for folder in [&dirs.home, &dirs.rules, &root.path().join("in")] {
            fs::create_dir_all(folder).unwrap();
        }
        Self { dirs, root }
    }

    /// A path in the room.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Writes a rule file; `IN` and `OUT` in it are folders of the room.
    pub(crate) fn rules(&self, name: &str, text: &str) -> PathBuf {
        let folder = |name: &str| self.path(name).display().to_string();
        let path = self.dirs.rules.join(name);
        fs::write(&path, text.replace("IN", &folder("in")).replace("OUT", &folder("out"))).unwrap();
        path
    }

    /// A rule that moves text files from `in` to `out`.
    pub(crate) fn moving(&self) -> PathBuf {
        self.rules(
            "tidy.yaml",
            "rules:\n  - name: Tidy\n    locations: IN\n    filters:\n      - extension: txt\n    actions:\n      - move: OUT/\n",
        )
    }

    pub(crate) fn watching(&self) -> Link {
        Link::open(self.dirs.clone(), OpenOptions { watch: true, log: false }).unwrap()
    }

    pub(crate) fn for_one_command(&self) -> Link {
        Link::open(self.dirs.clone(), OpenOptions::default()).unwrap()
    }

    pub(crate) fn guest(&self) -> Link {
        Link::connect(&self.dirs).unwrap()
    }
}

/// What a link hears.
pub(crate) struct Ears {
    heard: Receiver<Notice>,
}

impl Ears {
    pub(crate) fn of(link: &Link) -> Self {
        Self::open(link, false)
    }

    pub(crate) fn for_events(link: &Link) -> Self {
        Self::open(link, true)
    }

    fn open(link: &Link, events: bool) -> Self {
        let (tell, heard) = channel();
        link.subscribe(events, Box::new(move |notice| drop(tell.send(notice)))).unwrap();
        Self { heard }
    }

    /// Waits for a notice that is looked for.
    pub(crate) fn hear<T>(&self, mut looked_for: impl FnMut(&Notice) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        let mut passed = Vec::new();
        loop {
            match self.heard.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(notice) => match looked_for(&notice) {
                    Some(found) => return found,
                    None => passed.push(notice),
                },
                Err(RecvTimeoutError::Timeout) => panic!("it was not heard; what was: {passed:#?}"),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("the link has ended; what was heard: {passed:#?}")
                }
            }
        }
    }

    /// Whether there is something that would be heard now.
    pub(crate) fn rest(&self) -> Vec<Notice> {
        self.heard.try_iter().collect()
    }
}

/// Waits until the status is as wanted, which subscribers are told of.
pub(crate) fn status_when(link: &Link, wanted: impl Fn(&Status) -> bool) -> Status {
    let ears = Ears::of(link);
    let now: Status = link.call(&Request::Status).unwrap();
    if wanted(&now) {
        return now;
    }
    ears.hear(|notice| match notice {
        Notice::Status { status } if wanted(status) => Some((**status).clone()),
        _ => None,
    })
}

/// Waits until the folder is watched.
pub(crate) fn watched(link: &Link) -> Status {
    use usher_agent::api::FolderMode;
    status_when(link, |status| {
        !status.folders.is_empty() && status.folders.iter().all(|folder| folder.mode == FolderMode::Watching)
    })
}

//! A running source with its events in a channel, and ways to wait for them.

use std::collections::HashSet;
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use usher_event::{Change, Event, Health, Mode, RescanReason};
use usher_watch::Sink;
use usher_watch::folders::{Enter, Folders, Options, Place};

/// Long enough for a busy machine; only a failing test waits for it.
pub(crate) const SOON: Duration = Duration::from_secs(30);

/// Everything below is watched but directories called `out`.
pub(crate) fn not_out() -> Enter {
    Arc::new(|dir| !dir.ends_with("out"))
}

pub(crate) fn place(root: &Path) -> Place {
    Place { root: root.to_owned(), enter: not_out() }
}

/// A running source.
pub(crate) struct Watching {
    pub(crate) folders: Folders,
    pub(crate) events: Receiver<Event>,
}

impl Watching {
    pub(crate) fn start(options: Options) -> Self {
        let (send, events) = channel();
        let sink: Sink = Arc::new(move |event| {
            let _ = send.send(event);
        });
        // Not while another test has the kernel's limits changed.
        let gate = limits_gate();
        gate.lock_shared().unwrap();
        Self { folders: Folders::start_with(sink, options).unwrap(), events }
    }

    /// A source that watches `root`, past its first sweep.
    pub(crate) fn on(root: &Path) -> Self {
        let watching = Self::start(Options::default());
        watching.folders.set_places(vec![place(root)]);
        watching.rescan(root, RescanReason::Started);
        watching
    }

    /// Waits for an event. Returns everything up to it.
    pub(crate) fn until(&self, what: &str, mut is_it: impl FnMut(&Event) -> bool) -> Vec<Event> {
        let deadline = Instant::now() + SOON;
        let mut seen = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(event) = self.events.recv_timeout(left) else {
                panic!("waited in vain for {what}; there was only {seen:#?}");
            };
            let done = is_it(&event);
            seen.push(event);
            if done {
                return seen;
            }
        }
    }

    pub(crate) fn rescan(&self, root: &Path, reason: RescanReason) -> Vec<Event> {
        let want = Event::Rescan { root: root.to_owned(), reason };
        self.until(&format!("{want:?}"), |event| *event == want)
    }

    pub(crate) fn change(&self, path: &Path, change: Change) -> Vec<Event> {
        let want = Event::Path { path: path.to_owned(), change };
        self.until(&format!("{want:?}"), |event| *event == want)
    }

    pub(crate) fn health(&self, root: &Path, mode: Mode) -> Health {
        let is_it = |event: &Event| matches!(event, Event::Folder { root: of, health } if of == root && health.mode == mode);
        match self.until(&format!("{mode:?}"), is_it).pop() {
            Some(Event::Folder { health, .. }) => health,
            other => panic!("{other:?}"),
        }
    }

    /// Waits for the event of a file made for this purpose, and returns everything before it.
    pub(crate) fn up_to_now(&self, directory: &Path) -> Vec<Event> {
        let marker = directory.join("marker of the end");
        std::fs::write(&marker, "").unwrap();
        let mut seen = self.change(&marker, Change::Closed);
        std::fs::remove_file(&marker).unwrap();
        seen.extend(self.change(&marker, Change::Gone));
        seen.retain(|event| !matches!(event, Event::Path { path, .. } if *path == marker));
        seen
    }
}

/// The changes among events, with paths below `base` made short.
pub(crate) fn changes(events: &[Event], base: &Path) -> Vec<(String, Change)> {
    let changes = events.iter().filter_map(|event| match event {
        Event::Path { path, change } => {
            Some((path.strip_prefix(base).unwrap_or(path).to_string_lossy().into_owned(), *change))
        }
        _ => None,
    });
    changes.collect()
}

/// The kernel watches of this process: each with the inode it is on and its mask.
fn kernel_watches() -> HashSet<(String, u64, u64)> {
    let mut watches = HashSet::new();
    for entry in std::fs::read_dir("/proc/self/fd").unwrap().flatten() {
        if std::fs::read_link(entry.path()).is_ok_and(|to| to.as_os_str() == "anon_inode:inotify") {
            let info = Path::new("/proc/self/fdinfo").join(entry.file_name());
            let info = std::fs::read_to_string(info).unwrap_or_default();
            for line in info.lines().filter(|line| line.starts_with("inotify ")) {
                let field = |name| line.split(' ').find_map(|field| field.strip_prefix(name)).unwrap();
                let number = |name| u64::from_str_radix(field(name), 16).unwrap();
                let name = format!("{} of {:?}", field("wd:"), entry.file_name());
                watches.insert((name, number("ino:"), number("mask:")));
            }
        }
    }
    watches
}

/// The kernel watches on a directory.
pub(crate) fn watches_on(directory: &Path) -> HashSet<String> {
    let inode = std::fs::metadata(directory).unwrap().ino();
    kernel_watches().into_iter().filter(|(_, on, _)| *on == inode).map(|(watch, ..)| watch).collect()
}

/// Whether the kernel tells us of every entry that is made in a directory.
pub(crate) fn hears_of_new_entries(directory: &Path) -> bool {
    let inode = std::fs::metadata(directory).unwrap().ino();
    let create = u64::from(rustix::fs::inotify::ReadFlags::CREATE.bits());
    kernel_watches().into_iter().any(|(_, on, mask)| on == inode && mask & create != 0)
}

/// A temporary directory with a directory `root` in it. Both paths are real ones.
pub(crate) fn temp_root() -> (TempDir, PathBuf) {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().canonicalize().unwrap().join("root");
    std::fs::create_dir(&root).unwrap();
    (temp, root)
}

/// A file whose lock is shared by those who start a source and held alone by who changes the kernel's limits, in whatever
/// process.
pub(crate) fn limits_gate() -> File {
    let path = std::env::temp_dir().join("usher-tests-kernel-limits.lock");
    // Another user's will do: a lock takes no right to write.
    File::open(&path).or_else(|_| File::create(&path)).unwrap()
}

/// Whether the tests may mount and change kernel limits. Says so if not.
pub(crate) fn is_root(what: &str) -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        println!("skipped: {what} takes root");
    }
    root
}

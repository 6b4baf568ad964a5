//! Too much at once, too many directories, and the end.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use usher_event::{Change, Event, Mode, RescanReason};
use usher_watch::folders::{Folders, Options};

use crate::support::{Watching, is_root, limits_gate, place, temp_root, watches_on};

fn all_closed(watching: &Watching, mut left: std::collections::HashSet<PathBuf>) {
    watching.until("every file", |event| {
        if let Event::Path { path, change: Change::Closed } = event {
            left.remove(path);
        }
        left.is_empty()
    });
}

#[test]
fn five_thousand_files_at_once_are_all_reported() {
    let (_temp, root) = temp_root();
    let watching = Watching::on(&root);
    let files: Vec<_> = (0..5000).map(|index| root.join(index.to_string())).collect();
    for file in &files {
        fs::write(file, "").unwrap();
    }
    all_closed(&watching, files.into_iter().collect());
}

#[test]
fn lost_events_end_in_a_sweep_with_every_directory_watched() {
    let (_temp, root) = temp_root();
    let lose = Arc::new(AtomicBool::new(false));
    let watching = Watching::start(Options { lose_next_read: Some(Arc::clone(&lose)), ..Options::default() });
    watching.folders.set_places(vec![place(&root)]);
    watching.rescan(&root, RescanReason::Started);
    lose.store(true, Ordering::SeqCst);
    fs::create_dir_all(root.join("missed/deep")).unwrap();
    watching.rescan(&root, RescanReason::Overflow);
    assert!(!lose.load(Ordering::SeqCst));
    // Waits out a second read, in case the directory was made between the two.
    watching.up_to_now(&root);
    assert_eq!(watches_on(&root.join("missed/deep")).len(), 1);
    fs::write(root.join("missed/deep/file"), "").unwrap();
    watching.change(&root.join("missed/deep/file"), Change::Closed);
}

/// Sets a kernel limit for as long as it lives.
struct Limit {
    file: PathBuf,
    before: String,
    _alone: fs::File,
}

impl Limit {
    fn set(name: &str, value: &str) -> Self {
        let alone = limits_gate();
        alone.lock().unwrap();
        let file = Path::new("/proc/sys/fs/inotify").join(name);
        let before = fs::read_to_string(&file).unwrap();
        fs::write(&file, value).unwrap();
        Self { file, before, _alone: alone }
    }
}

impl Drop for Limit {
    fn drop(&mut self) {
        let _ = fs::write(&self.file, &self.before);
    }
}

#[test]
fn a_queue_that_really_overflows_loses_nothing() {
    if !is_root("making the kernel's queue small") {
        return;
    }
    let (_temp, root) = temp_root();
    let (send, events) = std::sync::mpsc::channel();
    let folders = {
        // The limit is read when the source opens its queue.
        let _limit = Limit::set("max_queued_events", "16");
        let sink = move |event| {
            let _ = send.send(event);
        };
        Folders::start(Arc::new(sink)).unwrap()
    };
    let watching = Watching { folders, events };
    watching.folders.set_places(vec![place(&root)]);
    watching.rescan(&root, RescanReason::Started);
    for index in 0..5000 {
        fs::create_dir(root.join(index.to_string())).unwrap();
    }
    watching.rescan(&root, RescanReason::Overflow);
    // Every directory is watched in the end, whatever came through the queue.
    let late: Vec<_> =
        (0..5000).step_by(500).map(|index| root.join(index.to_string()).join("late")).collect();
    watching.folders.rescan(RescanReason::Asked);
    watching.rescan(&root, RescanReason::Asked);
    for file in late {
        fs::write(&file, "").unwrap();
        watching.until("a late file", |event| matches!(event, Event::Path { path, .. } if *path == file));
    }
}

#[test]
fn directories_beyond_the_limit_are_polled() {
    let (_temp, root) = temp_root();
    for index in 0..6 {
        fs::create_dir_all(root.join(format!("{index}/deep/out"))).unwrap();
    }
    let poll_interval = Duration::from_millis(50);
    let watching = Watching::start(Options { watch_limit: Some(4), poll_interval, ..Options::default() });
    watching.folders.set_places(vec![place(&root)]);
    let health = watching.health(&root, Mode::Polling);
    assert!(health.reason.is_some_and(|reason| reason.contains("fs.inotify.max_user_watches")));
    watching.rescan(&root, RescanReason::Started);
    assert_eq!(watching.health(&root, Mode::Polling).directories, 13);
    watching.rescan(&root, RescanReason::ModeChanged);
    for index in 0..6 {
        let file = root.join(format!("{index}/deep/file"));
        fs::write(&file, "").unwrap();
        watching.until("a file", |event| matches!(event, Event::Path { path, .. } if *path == file));
    }
    // A directory made under a polled one is found, entered and polled; what is excluded is not.
    fs::create_dir_all(root.join("new/a/out")).unwrap();
    fs::create_dir_all(root.join("5/new")).unwrap();
    fs::write(root.join("5/new/file"), "").unwrap();
    watching
        .until("a file", |event| matches!(event, Event::Path { path, .. } if path.ends_with("5/new/file")));
    fs::remove_file(root.join("5/new/file")).unwrap();
    watching.change(&root.join("5/new/file"), Change::Gone);
}

#[test]
fn a_root_beyond_the_limit_is_polled_as_a_whole() {
    let (_temp, root) = temp_root();
    fs::create_dir_all(root.join("dir")).unwrap();
    let poll_interval = Duration::from_millis(50);
    let watching = Watching::start(Options { watch_limit: Some(0), poll_interval, ..Options::default() });
    watching.folders.set_places(vec![place(&root)]);
    watching.health(&root, Mode::Polling);
    watching.rescan(&root, RescanReason::ModeChanged);
    fs::write(root.join("dir/file"), "").unwrap();
    watching.change(&root.join("dir/file"), Change::Created);
    fs::remove_dir_all(&root).unwrap();
    watching.health(&root, Mode::Missing);
    fs::create_dir(&root).unwrap();
    watching.rescan(&root, RescanReason::Returned);
    let seen = watching.health(&root, Mode::Polling);
    assert_eq!(seen.directories, 1);
}

#[test]
fn dropping_the_source_waits_for_its_thread() {
    let (_temp, root) = temp_root();
    for _ in 0..20 {
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        let folders = Folders::start(Arc::new(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        }))
        .unwrap();
        folders.set_places(vec![place(&root)]);
        drop(folders);
        // The thread owned the sink. It is gone, with the letters that came before the end read.
        assert_eq!(Arc::strong_count(&calls), 1);
        assert_eq!(calls.load(Ordering::SeqCst), 2);
    }
}

#[test]
fn directories_beyond_the_limit_are_watched_once_others_have_gone() {
    let (_temp, root) = temp_root();
    let all = ["a", "b", "c"].map(|name| root.join(name));
    all.iter().for_each(|dir| fs::create_dir_all(dir.join("deep")).unwrap());
    let often = Duration::from_millis(50);
    let options =
        Options { watch_limit: Some(5), poll_interval: often, try_again: often, ..Options::default() };
    let watching = Watching::start(options);
    watching.folders.set_places(vec![place(&root)]);
    watching.health(&root, Mode::Polling);
    watching.rescan(&root, RescanReason::ModeChanged);
    let gone = all.iter().find(|dir| watches_on(&dir.join("deep")).len() == 1).unwrap();
    fs::remove_dir_all(gone).unwrap();
    assert_eq!(watching.health(&root, Mode::Watching).directories, 5);
    for dir in all.iter().filter(|dir| *dir != gone) {
        let file = dir.join("deep/file");
        fs::write(&file, "").unwrap();
        // Only the kernel reports closes.
        watching.change(&file, Change::Closed);
    }
}

//! Network folders, by a table of mounts that says there are some.

use std::fs;
use std::path::Path;
use std::time::Duration;

use usher_event::{Mode, RescanReason};

use super::*;
use crate::folders::{Enter, Place};

const SOON: Duration = Duration::from_secs(30);

struct Running {
    mailbox: Mailbox,
    thread: Option<JoinHandle<()>>,
    events: Receiver<Event>,
}

impl Running {
    /// Watches `root` on a machine where a network file system is mounted at `remote`.
    fn on(root: &Path, remote: &Path) -> Self {
        let (send, events) = channel();
        let sink: Sink = Arc::new(move |event| {
            let _ = send.send(event);
        });
        let options = Options { poll_interval: Duration::from_millis(50), ..Options::default() };
        let mounts = Mounts::fixed(format!("1 0 0:1 / {} rw - nfs4 nas:/x rw", remote.display()).as_bytes());
        let (mailbox, thread) = start_with(sink, options, mounts).unwrap();
        let enter: Enter = Arc::new(|dir| !dir.ends_with("out"));
        mailbox.send(Letter::Places(vec![Place { root: root.to_owned(), enter }]));
        Self { mailbox, thread: Some(thread), events }
    }

    fn until(&self, mut is_it: impl FnMut(&Event) -> bool) -> Event {
        let mut seen = Vec::new();
        loop {
            let event = self.events.recv_timeout(SOON).unwrap_or_else(|_| panic!("only {seen:#?}"));
            if is_it(&event) {
                return event;
            }
            seen.push(event);
        }
    }

    fn health(&self, want: Mode) -> usher_event::Health {
        match self.until(|event| matches!(event, Event::Folder { health, .. } if health.mode == want)) {
            Event::Folder { health, .. } => health,
            other => panic!("{other:?}"),
        }
    }

    fn rescan(&self, want: RescanReason) {
        self.until(|event| matches!(event, Event::Rescan { reason, .. } if *reason == want));
    }

    fn change(&self, at: &Path, want: Change) {
        self.until(|event| matches!(event, Event::Path { path, change } if path == at && *change == want));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.mailbox.send(Letter::Stop);
        self.thread.take().map(JoinHandle::join);
    }
}

fn temp() -> (tempfile::TempDir, PathBuf) {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().canonicalize().unwrap();
    (temp, path)
}

#[test]
fn a_network_folder_is_polled_and_says_so() {
    let (_temp, base) = temp();
    let root = base.join("share/docs");
    fs::create_dir_all(root.join("a/out")).unwrap();
    let running = Running::on(&root, &base.join("share"));
    let health = running.health(Mode::Polling);
    assert!(health.reason.is_some_and(|reason| reason.contains("nfs4")));
    assert_eq!(health.directories, 2);
    running.rescan(RescanReason::Started);
    fs::write(root.join("a/file"), "").unwrap();
    running.change(&root.join("a/file"), Change::Created);
    fs::create_dir_all(root.join("b/c")).unwrap();
    fs::write(root.join("b/c/file"), "").unwrap();
    running.change(&root.join("b/c/file"), Change::Created);
    fs::remove_file(root.join("a/file")).unwrap();
    running.change(&root.join("a/file"), Change::Gone);
}

#[test]
fn no_poller_is_left_when_there_is_nothing_to_poll() {
    let (_temp, base) = temp();
    let root = base.join("share/docs");
    fs::create_dir_all(&root).unwrap();
    let running = Running::on(&root, &base.join("share"));
    running.rescan(RescanReason::Started);
    // The poller holds a way to the source's mailbox as long as it runs, as this test and the source do.
    let ways = || Arc::strong_count(&running.mailbox.wake);
    assert_eq!(ways(), 3);
    running.mailbox.send(Letter::Places(Vec::new()));
    let late = std::time::Instant::now() + SOON;
    while ways() > 2 {
        assert!(std::time::Instant::now() < late, "the poller still runs");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn no_root_seems_watched_after_the_source_has_failed() {
    let (_temp, root) = temp();
    let (send, events) = channel();
    let sink: Sink = Arc::new(move |event| {
        assert!(!matches!(event, Event::Path { .. }), "a fault of the sink");
        let _ = send.send(event);
    });
    let (mailbox, thread) = start_with(sink, Options::default(), Mounts::open()).unwrap();
    let enter: Enter = Arc::new(|_| true);
    mailbox.send(Letter::Places(vec![Place { root: root.clone(), enter }]));
    let running = Running { mailbox, thread: Some(thread), events };
    running.rescan(RescanReason::Started);
    fs::write(root.join("file"), "").unwrap();
    let health = running.health(Mode::Unreadable);
    assert!(health.reason.is_some_and(|reason| reason.contains("failed")));
}

#[test]
fn a_network_folder_that_goes_comes_back() {
    let (_temp, base) = temp();
    let root = base.join("share/docs");
    let running = Running::on(&root, &base.join("share"));
    for _ in 0..2 {
        running.health(Mode::Missing);
        fs::create_dir_all(&root).unwrap();
        running.health(Mode::Polling);
        running.rescan(RescanReason::Returned);
        fs::write(root.join("file"), "").unwrap();
        running.change(&root.join("file"), Change::Created);
        fs::remove_dir_all(&root).unwrap();
    }
}

#[test]
fn a_file_on_a_network_may_be_a_root() {
    let (_temp, base) = temp();
    let root = base.join("share/file");
    fs::create_dir(base.join("share")).unwrap();
    fs::write(&root, "").unwrap();
    let running = Running::on(&root, &base.join("share"));
    running.rescan(RescanReason::Started);
    let later = fs::metadata(&root).unwrap().modified().unwrap() + Duration::from_secs(5);
    fs::File::options().write(true).open(&root).unwrap().set_modified(later).unwrap();
    running.change(&root, Change::Written);
}

#[test]
fn a_network_folder_below_a_local_one_is_polled_and_the_rest_is_not() {
    let (_temp, base) = temp();
    fs::create_dir_all(base.join("local")).unwrap();
    fs::create_dir_all(base.join("share/deep")).unwrap();
    let running = Running::on(&base, &base.join("share"));
    running.rescan(RescanReason::Started);
    running.rescan(RescanReason::ModeChanged);
    fs::write(base.join("share/deep/file"), "").unwrap();
    running.change(&base.join("share/deep/file"), Change::Created);
    fs::write(base.join("local/file"), "").unwrap();
    // Only the kernel reports closes.
    running.change(&base.join("local/file"), Change::Closed);
    running.mailbox.send(Letter::Rescan(RescanReason::Asked));
    running.rescan(RescanReason::Asked);
    running.rescan(RescanReason::ModeChanged);
}

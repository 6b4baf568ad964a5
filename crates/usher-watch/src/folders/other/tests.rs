//! Runs the portable source against notify's back end of the machine the tests run on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;

use usher_event::Mode;

use super::*;

const SOON: Duration = Duration::from_secs(20);

struct Running {
    mailbox: Mailbox,
    thread: Option<JoinHandle<()>>,
    events: Receiver<Event>,
}

impl Running {
    fn on(root: &Path) -> Self {
        let (sink, events) = sink();
        Self::of(start(sink, options()), events, root)
    }

    /// The same on a machine where a function says what lies on a network.
    fn where_remote(root: &Path, is_remote: impl Fn(&Path) -> bool + Send + 'static) -> Self {
        let (sink, events) = sink();
        Self::of(start_with(sink, options(), is_remote), events, root)
    }

    fn of(
        started: Result<(Mailbox, JoinHandle<()>), WatchError>,
        events: Receiver<Event>,
        root: &Path,
    ) -> Self {
        let (mailbox, thread) = started.unwrap();
        let enter: super::super::Enter = Arc::new(|dir| !dir.ends_with("out"));
        mailbox.send(Letter::Places(vec![Place { root: root.to_owned(), enter }]));
        Self { mailbox, thread: Some(thread), events }
    }

    fn health(&self, want: Mode) -> Vec<Event> {
        self.until(|event| matches!(event, Event::Folder { health, .. } if health.mode == want))
    }

    /// Waits until no poller runs: it holds a way to the source's mailbox as long as it does, as this test, the source and
    /// the platform's watcher do.
    fn polls_no_more(&self) {
        let late = std::time::Instant::now() + SOON;
        while Arc::strong_count(&self.mailbox.wake) > 3 {
            assert!(std::time::Instant::now() < late, "the poller still runs");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn until(&self, mut is_it: impl FnMut(&Event) -> bool) -> Vec<Event> {
        let mut seen = Vec::new();
        loop {
            let event = self.events.recv_timeout(SOON).unwrap_or_else(|_| panic!("only {seen:?}"));
            let done = is_it(&event);
            seen.push(event);
            if done {
                return seen;
            }
        }
    }

    fn rescan(&self, want: RescanReason) -> Vec<Event> {
        self.until(|event| matches!(event, Event::Rescan { reason, .. } if *reason == want))
    }

    fn path(&self, want: &Path, with: Change) -> Vec<Event> {
        self.until(|event| matches!(event, Event::Path { path, change } if path == want && *change == with))
    }
}

fn sink() -> (Sink, Receiver<Event>) {
    let (send, events) = channel();
    let sink: Sink = Arc::new(move |event| {
        let _ = send.send(event);
    });
    (sink, events)
}

fn options() -> Options {
    Options { poll_interval: Duration::from_millis(50), ..Options::default() }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.mailbox.send(Letter::Stop);
        self.thread.take().map(JoinHandle::join);
    }
}

#[test]
fn what_is_made_written_moved_and_removed_is_reported() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("root");
    std::fs::create_dir(&root).unwrap();
    let running = Running::on(&root);
    running.rescan(RescanReason::Started);
    let file = root.join("file");
    std::fs::write(&file, "x").unwrap();
    running.path(&file, Change::Created);
    running.path(&file, Change::Written);
    std::fs::rename(&file, root.join("other")).unwrap();
    running.path(&root.join("other"), Change::MovedIn);
    std::fs::remove_file(root.join("other")).unwrap();
    running.path(&root.join("other"), Change::Gone);
}

#[test]
fn a_moved_in_directory_comes_with_its_files() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("root");
    std::fs::create_dir_all(&root).unwrap();
    std::fs::create_dir_all(temp.path().join("new/out")).unwrap();
    std::fs::write(temp.path().join("new/file"), "").unwrap();
    std::fs::write(temp.path().join("new/out/hidden"), "").unwrap();
    let running = Running::on(&root);
    running.rescan(RescanReason::Started);
    std::fs::rename(temp.path().join("new"), root.join("new")).unwrap();
    let mut seen = running.path(&root.join("new/file"), Change::MovedIn);
    std::fs::write(root.join("end"), "").unwrap();
    seen.extend(running.path(&root.join("end"), Change::Created));
    let hidden = root.join("new/out/hidden");
    assert!(
        !seen.iter().any(|event| matches!(event, Event::Path { path, .. } if *path == hidden)),
        "{seen:?}"
    );
}

#[test]
fn a_missing_root_is_awaited_and_a_removed_one_comes_back() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("a/root");
    let running = Running::on(&root);
    running.until(|event| matches!(event, Event::Folder { health, .. } if health.mode == Mode::Missing));
    for _ in 0..2 {
        std::fs::create_dir_all(&root).unwrap();
        running.rescan(RescanReason::Returned);
        std::fs::write(root.join("file"), "").unwrap();
        running.path(&root.join("file"), Change::Created);
        std::fs::remove_dir_all(&root).unwrap();
        running.until(|event| matches!(event, Event::Folder { health, .. } if health.mode == Mode::Missing));
    }
}

#[test]
fn a_file_may_be_a_root() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("file");
    std::fs::write(&root, "").unwrap();
    let running = Running::on(&root);
    running.rescan(RescanReason::Started);
    std::fs::write(temp.path().join("beside"), "").unwrap();
    std::fs::write(&root, "more").unwrap();
    let seen = running.path(&root, Change::Written);
    assert_eq!(seen.len(), 1, "{seen:?}");
}

#[test]
fn no_poller_is_left_when_there_is_nothing_to_poll() {
    let temp = tempfile::tempdir().unwrap();
    let running = Running::where_remote(temp.path(), |_| true);
    running.health(Mode::Polling);
    assert_eq!(Arc::strong_count(&running.mailbox.wake), 4);
    running.mailbox.send(Letter::Places(Vec::new()));
    running.polls_no_more();
}

#[test]
fn a_folder_that_lay_on_a_network_is_watched_once_it_is_looked_at_again_and_lies_there_no_more() {
    let temp = tempfile::tempdir().unwrap();
    let remote = Arc::new(AtomicBool::new(true));
    let asked = Arc::clone(&remote);
    let running = Running::where_remote(temp.path(), move |_| asked.load(Ordering::SeqCst));
    running.rescan(RescanReason::Started);
    running.mailbox.send(Letter::TryAgain);
    std::fs::write(temp.path().join("polled"), "").unwrap();
    running.path(&temp.path().join("polled"), Change::Created);
    remote.store(false, Ordering::SeqCst);
    running.mailbox.send(Letter::TryAgain);
    running.health(Mode::Watching);
    running.rescan(RescanReason::ModeChanged);
    running.polls_no_more();
    std::fs::write(temp.path().join("watched"), "").unwrap();
    running.path(&temp.path().join("watched"), Change::Created);
}

#[test]
fn no_root_seems_watched_after_the_source_has_failed() {
    let temp = tempfile::tempdir().unwrap();
    let (send, events) = channel();
    let sink: Sink = Arc::new(move |event| {
        assert!(!matches!(event, Event::Path { .. }), "a fault of the sink");
        let _ = send.send(event);
    });
    let running = Running::of(start(sink, options()), events, temp.path());
    running.rescan(RescanReason::Started);
    std::fs::write(temp.path().join("file"), "").unwrap();
    let said = running.health(Mode::Unreadable);
    let reason = said.iter().find_map(|event| match event {
        Event::Folder { health, .. } => health.reason.clone(),
        _ => None,
    });
    assert!(reason.is_some_and(|reason| reason.contains("failed")), "{said:?}");
}

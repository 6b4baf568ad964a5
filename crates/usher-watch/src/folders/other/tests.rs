//! Runs the portable source against notify's back end of the machine the tests run on.

use std::sync::Arc;
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
        let (send, events) = channel();
        let sink: Sink = Arc::new(move |event| {
            let _ = send.send(event);
        });
        let (mailbox, thread) = start(sink, Options::default()).unwrap();
        let enter: super::super::Enter = Arc::new(|dir| !dir.ends_with("out"));
        mailbox.send(Letter::Places(vec![Place { root: root.to_owned(), enter }]));
        Self { mailbox, thread: Some(thread), events }
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

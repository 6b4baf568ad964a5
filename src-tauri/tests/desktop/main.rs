//! The desktop end to end: the real binary in a session of its own, with a real display, bus, panel and webview.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test says by them that it cannot go on"
)]

/// A session with the rule, or `return` where there can be none.
macro_rules! session {
    ($bus:expr) => {
        match $crate::session::Session::start($bus) {
            Some(session) => {
                std::fs::create_dir_all(session.home().join("Inbox")).expect("an inbox");
                session.write(".config/usher/rules/invoices.yaml", $crate::RULES);
                session
            }
            None => return,
        }
    };
}

mod displays;
mod driver;
mod hotkeys;
mod life;
mod panel;
mod session;
mod tray;
mod window;

use session::{Session, eventually};

/// The chord that the settings have at first.
const CHORD: &str = "ctrl+alt+space";

/// A rule that moves invoices out of the inbox.
const RULES: &str = "\
rules:
  - name: File invoices
    locations: ~/Inbox
    filters:
      - extension: pdf
    actions:
      - move: ~/Invoices/
";

fn settings(session: &Session, lines: &str) {
    session.write(".config/usher/settings.toml", lines);
}

/// Opens the window in the way under test and waits until it has the keyboard.
#[track_caller]
fn opens(session: &Session, how: impl Fn()) {
    assert!(!session.window_is_visible(), "the window is there already");
    how();
    eventually("the window is in sight", || session.window_is_visible());
    eventually("the window has the keyboard", || session.window_has_focus());
}

#[track_caller]
fn closes(session: &Session, how: impl Fn()) {
    how();
    eventually("the window is out of sight", || !session.window_is_visible());
}

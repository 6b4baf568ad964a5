//! An X server that shows nothing and can be started anew at the same place.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use usher_testkit::Running;

/// A place for an X server, and the server while there is one.
pub(crate) struct XServer {
    /// As `DISPLAY` names it.
    pub(crate) place: String,
    running: Option<Running>,
}

impl XServer {
    /// Starts one at a place that no other test has, far above where servers look for a free one by themselves.
    pub(crate) fn start() -> Self {
        static OTHERS: AtomicU32 = AtomicU32::new(0);
        let own = std::process::id() % 14_000 * 4 + OTHERS.fetch_add(1, Ordering::SeqCst);
        let number = 1000 + own;
        let mut server = Self { place: format!(":{number}"), running: None };
        server.start_anew();
        server
    }

    /// Starts it where it was.
    pub(crate) fn start_anew(&mut self) {
        self.end();
        let mut xvfb = Command::new("Xvfb");
        xvfb.args([&*self.place, "-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "64x64x24"]);
        let mut running = Running::start(xvfb.stdout(Stdio::piped()).stderr(Stdio::null()));
        assert_eq!(format!(":{}", running.read_line().trim()), self.place);
        self.running = Some(running);
    }

    /// Kills it.
    pub(crate) fn end(&mut self) {
        self.running = None;
    }
}

//! Desktop notifications of rules, shown from a thread of their own that lives while there are any.
//!
//! There may be no desktop, no bus and nobody to show anything. The first time that happens the owner is told, who tells
//! the user; it is no failure of the rule, whose message is in the journal and heard by subscribers all the same. A bus
//! that never answers keeps nobody waiting but that thread.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use usher_engine::outside::Notifier;

/// The most notifications that wait to be shown. Nobody reads more at a time.
const WAITING: usize = 20;

/// How long the end waits for notifications that are being shown.
const LAST_ONES: Duration = Duration::from_secs(2);

/// Told why notifications cannot be shown, once.
pub(crate) type Complaint = Box<dyn Fn(String) + Send + Sync>;

/// Those that wait, and the thread that shows them.
pub(crate) struct Desk {
    allowed: Arc<AtomicBool>,
    queue: Mutex<Queue>,
    idle: Condvar,
    complaint: Complaint,
    /// Whether it was said that they cannot be shown.
    complained: AtomicBool,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<(String, String)>,
    running: bool,
}

impl Desk {
    /// A desk that shows notifications while `allowed` says so.
    pub(crate) fn new(allowed: Arc<AtomicBool>, complaint: Complaint) -> Arc<Self> {
        Arc::new(Self {
            allowed,
            queue: Mutex::default(),
            idle: Condvar::new(),
            complaint,
            complained: AtomicBool::new(false),
        })
    }

    /// The way for the engine to put notifications here.
    pub(crate) fn notifier(self: &Arc<Self>) -> Notifier {
        let desk = Arc::clone(self);
        Box::new(move |title, text| {
            if desk.allowed.load(Ordering::Relaxed) {
                desk.put(title, text);
            }
        })
    }

    /// Lets what waits be shown before the process ends, unless that takes long.
    pub(crate) fn finish(&self) {
        let waited = self.idle.wait_timeout_while(self.queue(), LAST_ONES, |queue| queue.running);
        if waited.is_ok_and(|(_, waited)| waited.timed_out()) {
            tracing::warn!("whoever shows notifications does not answer; the last ones are not shown");
        }
    }

    fn put(self: &Arc<Self>, title: &str, text: &str) {
        let mut queue = self.queue();
        if queue.waiting.len() >= WAITING {
            tracing::warn!(title, "too many notifications at once; this one is not shown");
            return;
        }
        queue.waiting.push_back((title.to_owned(), text.to_owned()));
        if queue.running {
            return;
        }
        let desk = Arc::clone(self);
        match std::thread::Builder::new().name("usher-notify".to_owned()).spawn(move || desk.show_all()) {
            Ok(_) => queue.running = true,
            Err(error) => tracing::warn!(%error, "cannot start a thread to show a notification"),
        }
    }

    fn show_all(&self) {
        let markup = understands_markup();
        while let Some((title, text)) = self.next() {
            let body = if markup { escaped(&text) } else { text };
            let shown = notify_rust::Notification::new().appname("Usher").summary(&title).body(&body).show();
            if let Err(error) = shown
                && !self.complained.swap(true, Ordering::Relaxed)
            {
                tracing::warn!(%error, "notifications cannot be shown here");
                (self.complaint)(error.to_string());
            }
        }
    }

    /// The next to be shown; where there is none, nobody is at work from then on.
    fn next(&self) -> Option<(String, String)> {
        let mut queue = self.queue();
        let next = queue.waiting.pop_front();
        queue.running = next.is_some();
        if next.is_none() {
            self.idle.notify_all();
        }
        next
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the desktop reads the text as markup. File names are not ours and must not be taken for any.
#[cfg(all(unix, not(target_os = "macos")))]
fn understands_markup() -> bool {
    notify_rust::get_capabilities().is_ok_and(|all| all.iter().any(|one| one == "body-markup"))
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn understands_markup() -> bool {
    false
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_not_markup() {
        assert_eq!(escaped("<b>a&b</b>.txt"), "&lt;b&gt;a&amp;b&lt;/b&gt;.txt");
    }
}

//! Desktop notifications of rules, shown from a thread of their own that lives while there are any.
//!
//! There may be no desktop, no bus and nobody to show anything. That is written into the log once and is no failure: a
//! rule's message is heard by subscribers all the same.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use usher_engine::outside::Notifier;

/// The most notifications that wait to be shown. Nobody reads more at a time.
const WAITING: usize = 20;

/// Those that wait, and the thread that shows them.
#[derive(Default)]
struct Desk {
    queue: Mutex<Queue>,
    /// Whether it was said that they cannot be shown.
    complained: AtomicBool,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<(String, String)>,
    running: bool,
}

/// Shows notifications while `allowed` says so.
pub(crate) fn shower(allowed: Arc<AtomicBool>) -> Notifier {
    let desk = Arc::new(Desk::default());
    Box::new(move |title, text| {
        if allowed.load(Ordering::Relaxed) {
            put(&desk, title, text);
        }
    })
}

fn put(desk: &Arc<Desk>, title: &str, text: &str) {
    let mut queue = lock(&desk.queue);
    if queue.waiting.len() >= WAITING {
        tracing::warn!(title, "too many notifications at once; this one is not shown");
        return;
    }
    queue.waiting.push_back((title.to_owned(), text.to_owned()));
    if queue.running {
        return;
    }
    let shared = desk.clone();
    match std::thread::Builder::new().name("usher-notify".to_owned()).spawn(move || show_all(&shared)) {
        Ok(_) => queue.running = true,
        Err(error) => tracing::warn!(%error, "cannot start a thread to show a notification"),
    }
}

fn show_all(desk: &Desk) {
    let markup = understands_markup();
    loop {
        let next = {
            let mut queue = lock(&desk.queue);
            let next = queue.waiting.pop_front();
            queue.running = next.is_some();
            next
        };
        let Some((title, text)) = next else { return };
        let body = if markup { escaped(&text) } else { text };
        let shown = notify_rust::Notification::new().appname("Usher").summary(&title).body(&body).show();
        if let Err(error) = shown
            && !desk.complained.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(%error, "notifications cannot be shown here");
        }
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

fn lock(queue: &Mutex<Queue>) -> std::sync::MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_not_markup() {
        assert_eq!(escaped("<b>a&b</b>.txt"), "&lt;b&gt;a&amp;b&lt;/b&gt;.txt");
    }
}

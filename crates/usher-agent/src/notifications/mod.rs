//! Desktop notifications of rules, shown from a thread of their own that lives while there are any.
//!
//! There may be no desktop, no bus and nobody to show anything. The first time that happens the owner is told, who tells
//! the user; it is no failure of the rule, whose message is in the journal and heard by subscribers all the same. A bus
//! that never answers keeps nobody waiting but that thread.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Zoned;
use usher_engine::Clock;
use usher_engine::outside::Notifier;

use crate::quiet::QuietHours;

/// The most notifications that wait to be shown. Nobody reads more at a time.
const WAITING: usize = 20;

/// How long the end waits for notifications that are being shown.
const LAST_ONES: Duration = Duration::from_secs(2);

/// How many of those that came in quiet hours are named when these are over; the rest are counted.
const NAMED: usize = 10;

/// Told why notifications cannot be shown, once.
pub(crate) type Complaint = Box<dyn Fn(String) + Send + Sync>;

/// Those that wait, and the thread that shows them.
pub(crate) struct Desk {
    allowed: Arc<AtomicBool>,
    clock: Arc<dyn Clock>,
    hush: Mutex<Hush>,
    queue: Mutex<Queue>,
    idle: Condvar,
    complaint: Complaint,
    /// Whether it was said that they cannot be shown.
    complained: AtomicBool,
}

/// Quiet hours, and what has come in them.
#[derive(Default)]
struct Hush {
    hours: Option<QuietHours>,
    /// Rules that show nothing, by id.
    muted: HashSet<String>,
    held: Vec<(String, String)>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<(String, String)>,
    running: bool,
}

impl Desk {
    /// A desk that shows notifications while `allowed` says so.
    pub(crate) fn new(allowed: Arc<AtomicBool>, clock: Arc<dyn Clock>, complaint: Complaint) -> Arc<Self> {
        Arc::new(Self {
            allowed,
            clock,
            hush: Mutex::default(),
            queue: Mutex::default(),
            idle: Condvar::new(),
            complaint,
            complained: AtomicBool::new(false),
        })
    }

    /// The way for the engine to put notifications here.
    pub(crate) fn notifier(self: &Arc<Self>) -> Notifier {
        let desk = Arc::clone(self);
        Box::new(move |rule, title, text| {
            if desk.allowed.load(Ordering::Relaxed)
                && desk.hush().lets_by(rule, &desk.clock.now(), title, text)
            {
                desk.put(title, text);
            }
        })
    }

    /// Keeps quiet at these hours from now on, and shows nothing of these rules.
    pub(crate) fn keep_quiet(&self, hours: Option<QuietHours>, muted: &[String]) {
        let mut hush = self.hush();
        hush.hours = hours;
        hush.muted = muted.iter().cloned().collect();
    }

    /// How long until what has come in quiet hours is to be shown.
    pub(crate) fn due(&self) -> Option<Duration> {
        let hush = self.hush();
        (!hush.held.is_empty()).then(|| hush.left(&self.clock.now()).unwrap_or(Duration::ZERO))
    }

    /// Shows what has come in quiet hours, as one, if these are over.
    pub(crate) fn break_silence(self: &Arc<Self>) {
        let gathered = self.hush().gathered(&self.clock.now());
        if let Some((title, text)) = gathered {
            self.put(&title, &text);
        }
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

    fn hush(&self) -> MutexGuard<'_, Hush> {
        self.hush.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hush {
    fn left(&self, now: &Zoned) -> Option<Duration> {
        self.hours.and_then(|hours| hours.left(now))
    }

    /// Whether a notification is to be shown now.
    fn lets_by(&mut self, rule: Option<&str>, now: &Zoned, title: &str, text: &str) -> bool {
        let muted = rule.is_some_and(|rule| self.muted.contains(rule));
        !muted && !self.holds(now, title, text)
    }

    /// Holds a notification back where it is quiet; says whether it did.
    fn holds(&mut self, now: &Zoned, title: &str, text: &str) -> bool {
        let quiet = self.left(now).is_some();
        if quiet {
            self.held.push((title.to_owned(), text.to_owned()));
        }
        quiet
    }

    /// All that was held back, as one notification, once it is not quiet any more.
    fn gathered(&mut self, now: &Zoned) -> Option<(String, String)> {
        if self.left(now).is_some() {
            return None;
        }
        let held = std::mem::take(&mut self.held);
        if held.len() <= 1 {
            return held.into_iter().next();
        }
        let mut lines: Vec<String> =
            held.iter().take(NAMED).map(|(title, text)| format!("{title}: {text}")).collect();
        if let Some(more @ 1..) = held.len().checked_sub(NAMED) {
            lines.push(format!("… +{more}"));
        }
        Some(("Usher".to_owned(), lines.join("\n")))
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
    fn what_comes_in_quiet_hours_is_gathered_and_shown_as_one() {
        let at = |time: &str| format!("2026-11-26T{time}:00[Europe/Paris]").parse::<Zoned>().unwrap();
        let mut hush = Hush { hours: QuietHours::read("22:00-23:00"), ..Hush::default() };
        assert!(!hush.holds(&at("21:59"), "Scans", "one"));
        assert_eq!(hush.gathered(&at("21:59")), None);
        assert!(hush.holds(&at("22:00"), "Scans", "one"));
        assert_eq!(hush.gathered(&at("22:30")), None);
        assert_eq!(hush.left(&at("22:30")), Some(Duration::from_secs(1800)));
        assert_eq!(hush.gathered(&at("23:00")), Some(("Scans".to_owned(), "one".to_owned())));
        for nr in 1..=12 {
            assert!(hush.holds(&at("22:10"), "Scans", &nr.to_string()));
        }
        let (title, text) = hush.gathered(&at("23:00")).unwrap();
        assert_eq!((title.as_str(), text.lines().count()), ("Usher", 11));
        assert!(text.starts_with("Scans: 1\n") && text.ends_with("Scans: 10\n… +2"), "{text}");
        assert_eq!(hush.gathered(&at("23:00")), None, "each is shown once");
    }

    #[test]
    fn a_rule_that_is_muted_shows_nothing_and_no_other_is_kept_back_by_it() {
        let noon = "2026-11-26T12:00:00[Europe/Paris]".parse::<Zoned>().unwrap();
        let mut hush = Hush { muted: ["a/Loud".to_owned()].into(), ..Hush::default() };
        assert!(!hush.lets_by(Some("a/Loud"), &noon, "Loud", "text"));
        assert!(hush.lets_by(Some("a/Other"), &noon, "Loud", "text"));
        assert!(hush.lets_by(None, &noon, "Usher asks", "text"));
        assert!(hush.held.is_empty());
    }

    #[test]
    fn names_are_not_markup() {
        assert_eq!(escaped("<b>a&b</b>.txt"), "&lt;b&gt;a&amp;b&lt;/b&gt;.txt");
    }
}

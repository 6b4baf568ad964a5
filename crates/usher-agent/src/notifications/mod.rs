//! Desktop notifications of rules, shown from a thread of their own that lives while there are any.
//!
//! Where the desktop's notifications have buttons, one of a run that can be taken back has one for that.
//!
//! There may be no desktop, no bus and nobody to show anything. The first time that happens the owner is told, who tells
//! the user; it is no failure of the rule, whose message is in the journal and heard by subscribers all the same. A bus
//! that never answers keeps nobody waiting but that thread.

mod screen;

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use jiff::Zoned;
use usher_engine::{Clock, Notifier, Origin};
use usher_rule::Rule;

use self::screen::Screen;
use crate::quiet::QuietHours;
use crate::words::Words;

/// The most notifications that wait to be shown. Nobody reads more at a time.
const WAITING: usize = 20;

/// How long the end waits for notifications that are being shown.
const LAST_ONES: Duration = Duration::from_secs(2);

/// Waiting stands still while the machine sleeps. Where the system does not tell that it woke, it is looked this often
/// whether quiet hours are over; only while something waits for that.
const LOOK_AGAIN: Duration = Duration::from_secs(3600);

/// How many of those that came in quiet hours are named when these are over; the rest are counted.
const NAMED: usize = 10;

/// Told why notifications cannot be shown, once.
pub(crate) type Complaint = Box<dyn Fn(String) + Send + Sync>;

/// Told of a run that is to be taken back.
pub(crate) type Clicked = Arc<dyn Fn(i64) + Send + Sync>;

/// Shows a notification without a button, now: a bold line and the text below it, neither of which is taken for markup.
/// Waits until the session has taken it.
///
/// # Errors
/// Why it cannot be shown.
pub fn show(title: &str, text: &str) -> Result<(), String> {
    Arc::new(Screen::open()?).show(title, text, None)
}

/// One notification.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Note {
    title: String,
    text: String,
    /// The run that its button takes back.
    undoes: Option<i64>,
}

/// Those that wait, and the thread that shows them.
pub(crate) struct Desk {
    allowed: Arc<AtomicBool>,
    clock: Arc<dyn Clock>,
    hush: Mutex<Hush>,
    queue: Mutex<Queue>,
    idle: Condvar,
    complaint: Complaint,
    /// Absent where nothing can be taken back.
    clicked: Option<Clicked>,
    /// The word on the button.
    undo: Mutex<String>,
    /// Where the last ones were shown, for as long as a click on one of them may come.
    screen: Mutex<Weak<Screen>>,
    /// Whether it was said that they cannot be shown.
    complained: AtomicBool,
}

/// Quiet hours, and what has come in them.
#[derive(Default)]
struct Hush {
    hours: Option<QuietHours>,
    /// Rules that show nothing, by id.
    muted: HashSet<String>,
    /// Rules of which something can be taken back, by id.
    undoable: HashSet<String>,
    /// The first that came, as many as are named.
    held: Vec<Note>,
    /// How many came after these.
    more: usize,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Note>,
    running: bool,
}

impl Desk {
    /// A desk that shows notifications while `allowed` says so.
    pub(crate) fn new(
        allowed: Arc<AtomicBool>,
        clock: Arc<dyn Clock>,
        complaint: Complaint,
        clicked: Option<Clicked>,
    ) -> Arc<Self> {
        Arc::new(Self {
            clicked,
            undo: Mutex::default(),
            screen: Mutex::default(),
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
        Box::new(move |of, title, text| {
            if desk.allowed.load(Ordering::Relaxed) {
                desk.put_unless_quiet(of, title, text);
            }
        })
    }

    /// Shows something of Usher's own, or keeps it until it is not quiet any more.
    pub(crate) fn say(self: &Arc<Self>, title: &str, text: &str) {
        self.put_unless_quiet(None, title, text);
    }

    /// Shows at once what somebody has just asked for.
    pub(crate) fn answer(self: &Arc<Self>, title: &str, text: &str) {
        self.put(Note { title: title.to_owned(), text: text.to_owned(), undoes: None });
    }

    /// Speaks these words from now on.
    pub(crate) fn speak(&self, words: &Words) {
        *self.undo.lock().unwrap_or_else(PoisonError::into_inner) = words.say("notice-undo");
    }

    /// Takes in the rules that run from now on.
    pub(crate) fn know_rules(&self, rules: &[Arc<Rule>]) {
        let undoable = rules.iter().filter(|rule| rule.can_be_undone());
        self.hush().undoable = undoable.map(|rule| rule.id.clone()).collect();
    }

    /// Keeps quiet at these hours from now on, and shows nothing of these rules.
    pub(crate) fn keep_quiet(&self, hours: Option<QuietHours>, muted: &[String]) {
        let mut hush = self.hush();
        hush.hours = hours;
        hush.muted = muted.iter().cloned().collect();
    }

    /// How long until what has come in quiet hours is to be shown.
    pub(crate) fn due(&self) -> Option<Duration> {
        self.hush().due(&self.clock.now())
    }

    /// Shows what has come in quiet hours, as one, if these are over.
    pub(crate) fn break_silence(self: &Arc<Self>) {
        let gathered = self.hush().gathered(&self.clock.now());
        if let Some(note) = gathered {
            self.put(note);
        }
    }

    /// Lets what waits be shown before the process ends, unless that takes long.
    pub(crate) fn finish(&self) {
        let waited = self.idle.wait_timeout_while(self.queue(), LAST_ONES, |queue| queue.running);
        if waited.is_ok_and(|(_, waited)| waited.timed_out()) {
            tracing::warn!("whoever shows notifications does not answer; the last ones are not shown");
        }
    }

    fn put_unless_quiet(self: &Arc<Self>, of: Option<Origin<'_>>, title: &str, text: &str) {
        let note = self.hush().lets_by(of, &self.clock.now(), title, text);
        if let Some(note) = note {
            self.put(note);
        }
    }

    fn put(self: &Arc<Self>, note: Note) {
        let mut queue = self.queue();
        if queue.waiting.len() >= WAITING {
            tracing::warn!(title = note.title, "too many notifications at once; this one is not shown");
            return;
        }
        queue.waiting.push_back(note);
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
        while let Some(note) = self.next() {
            if let Err(error) = self.show(&note)
                && !self.complained.swap(true, Ordering::Relaxed)
            {
                tracing::warn!(error, "notifications cannot be shown here");
                (self.complaint)(error);
            }
        }
    }

    fn show(&self, note: &Note) -> Result<(), String> {
        let screen = {
            let mut known = self.screen.lock().unwrap_or_else(PoisonError::into_inner);
            match known.upgrade() {
                Some(screen) => screen,
                None => {
                    let screen = Arc::new(Screen::open()?);
                    *known = Arc::downgrade(&screen);
                    screen
                }
            }
        };
        let undo = self.undo.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let button = note.undoes.zip(self.clicked.clone());
        screen.show(&note.title, &note.text, button.map(|(run, clicked)| (run, undo.as_str(), clicked)))
    }

    /// The next to be shown; where there is none, nobody is at work from then on.
    fn next(&self) -> Option<Note> {
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

    /// How long until it is to be looked whether what is held back can be shown.
    fn due(&self, now: &Zoned) -> Option<Duration> {
        (!self.held.is_empty()).then(|| self.left(now).unwrap_or(Duration::ZERO).min(LOOK_AGAIN))
    }

    /// The notification, if it is to be shown now.
    fn lets_by(&mut self, of: Option<Origin<'_>>, now: &Zoned, title: &str, text: &str) -> Option<Note> {
        if of.is_some_and(|of| self.muted.contains(of.rule)) {
            return None;
        }
        let undoes = of.filter(|of| self.undoable.contains(of.rule)).map(|of| of.run);
        let note = Note { title: title.to_owned(), text: text.to_owned(), undoes };
        if self.left(now).is_some() {
            match self.held.len() < NAMED {
                true => self.held.push(note),
                false => self.more += 1,
            }
            return None;
        }
        Some(note)
    }

    /// All that was held back, as one notification, once it is not quiet any more.
    fn gathered(&mut self, now: &Zoned) -> Option<Note> {
        if self.left(now).is_some() {
            return None;
        }
        let (held, more) = (std::mem::take(&mut self.held), std::mem::take(&mut self.more));
        if held.len() <= 1 {
            return held.into_iter().next();
        }
        let mut lines: Vec<String> =
            held.iter().map(|note| format!("{}: {}", note.title, note.text)).collect();
        if more > 0 {
            lines.push(format!("… +{more}"));
        }
        Some(Note { title: "Usher".to_owned(), text: lines.join("\n"), undoes: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(title: &str, text: &str) -> Note {
        Note { title: title.to_owned(), text: text.to_owned(), undoes: None }
    }

    #[test]
    fn what_comes_in_quiet_hours_is_gathered_and_shown_as_one() {
        let at = |time: &str| format!("2026-11-26T{time}:00[Europe/Paris]").parse::<Zoned>().unwrap();
        let mut hush = Hush { hours: QuietHours::read("22:00-23:00"), ..Hush::default() };
        assert_eq!(hush.lets_by(None, &at("21:59"), "Scans", "one"), Some(note("Scans", "one")));
        assert_eq!(hush.gathered(&at("21:59")), None);
        assert_eq!(hush.lets_by(None, &at("22:00"), "Scans", "one"), None);
        assert_eq!(hush.gathered(&at("22:30")), None);
        assert_eq!(hush.left(&at("22:30")), Some(Duration::from_secs(1800)));
        assert_eq!(hush.gathered(&at("23:00")), Some(note("Scans", "one")));
        for nr in 1..=12 {
            assert_eq!(hush.lets_by(None, &at("22:10"), "Scans", &nr.to_string()), None);
        }
        assert_eq!((hush.held.len(), hush.more), (NAMED, 2), "no more is kept than is named");
        let Note { title, text, .. } = hush.gathered(&at("23:00")).unwrap();
        assert_eq!((title.as_str(), text.lines().count()), ("Usher", 11));
        assert!(text.starts_with("Scans: 1\n") && text.ends_with("Scans: 10\n… +2"), "{text}");
        assert_eq!(hush.gathered(&at("23:00")), None, "each is shown once");
    }

    #[test]
    fn a_night_is_not_waited_for_at_one_go() {
        let at = |time: &str| format!("2026-11-26T{time}:00[Europe/Paris]").parse::<Zoned>().unwrap();
        let mut hush = Hush { hours: QuietHours::read("22:00-07:00"), ..Hush::default() };
        assert_eq!(hush.due(&at("22:10")), None);
        assert_eq!(hush.lets_by(None, &at("22:10"), "Scans", "one"), None);
        assert_eq!(hush.due(&at("22:10")), Some(LOOK_AGAIN));
        assert_eq!(hush.due(&at("06:45")), Some(Duration::from_secs(900)));
        assert_eq!(hush.due(&at("07:00")), Some(Duration::ZERO));
    }

    #[test]
    fn a_rule_that_is_muted_shows_nothing_and_no_other_is_kept_back_by_it() {
        let noon = "2026-11-26T12:00:00[Europe/Paris]".parse::<Zoned>().unwrap();
        let mut hush = Hush { muted: ["a/Loud".to_owned()].into(), ..Hush::default() };
        let mut by = |rule: Option<&str>| {
            let of = rule.map(|rule| Origin { rule, run: 1 });
            hush.lets_by(of, &noon, "title", "text").is_some()
        };
        assert!(!by(Some("a/Loud")));
        assert!(by(Some("a/Other")));
        assert!(by(None));
        assert!(hush.held.is_empty());
    }

    #[test]
    fn only_what_a_rule_says_that_can_be_undone_can_take_its_run_back() {
        let noon = "2026-11-26T12:00:00[Europe/Paris]".parse::<Zoned>().unwrap();
        let mut hush = Hush { undoable: ["a/Files".to_owned()].into(), ..Hush::default() };
        let mut undoes = |rule| hush.lets_by(Some(Origin { rule, run: 7 }), &noon, "t", "x").unwrap().undoes;
        assert_eq!(undoes("a/Files"), Some(7));
        assert_eq!(undoes("a/Talks"), None);
    }
}

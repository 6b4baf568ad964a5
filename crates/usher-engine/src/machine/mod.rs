//! What is true of the machine, and the edges between what was and what is.
//!
//! Sources report readings; what rules see changes only when a reading has stood for a while. What flickers, or comes and
//! goes with a sleep, a pause or a bus that was away, is as before by then and no edge at all.

mod edges;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use usher_event::{Edge, Moment, Network, Noun, NounHealth, NounMode, Reading, State};

use edges::between;

/// How long a sleep may be announced without coming before readings count again.
const STAYS_AWAKE: Duration = Duration::from_secs(60);

/// How often a reading may be put off by newer ones, in settling times.
const PATIENCE: u32 = 5;

/// What is known of the machine.
#[derive(Debug, Default)]
pub(crate) struct Machine {
    /// What is so. What nobody can tell any more is not in here.
    state: State,
    /// What readings are compared with: the last one of each noun, also while nobody can tell.
    known: State,
    /// The network as it was known last by the names that are not in use now: those of interfaces, or better ones.
    by_other_names: Option<Network>,
    waiting: BTreeMap<Noun, Waiting>,
    views: BTreeMap<Noun, NounView>,
    /// Since when a sleep is announced, in the clock's ticks.
    asleep: Option<Duration>,
    /// When the machine woke last.
    woke: Option<Duration>,
    /// Whether rules are paused: readings wait.
    paused: bool,
}

/// A reading that is not as before and has not stood long enough.
#[derive(Debug)]
struct Waiting {
    reading: Reading,
    first: Duration,
    due: Duration,
}

/// How well a noun is seen, and since when it is as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NounView {
    /// How well; absent before its source has spoken.
    pub health: Option<NounHealth>,
    /// When its state changed last, or was seen for the first time.
    pub since: Option<Timestamp>,
}

/// How long a reading has to stand: while the machine is awake, and counted from when it woke.
fn settling(noun: Noun) -> (Duration, Duration) {
    let (awake, woken) = match noun {
        Noun::Volume => (300, 3000),
        Noun::Usb => (500, 3000),
        Noun::Power => (1000, 5000),
        Noun::Network => (3000, 20_000),
        Noun::Display => (1000, 5000),
        // Nothing flickers here, and a lock that comes with the sleep is meant.
        Noun::Session | Noun::Idle => (0, 0),
    };
    (Duration::from_millis(awake), Duration::from_millis(woken))
}

impl Machine {
    /// What is true now.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// How well a noun is seen; absent where nobody looks at it.
    pub(crate) fn view(&self, noun: Noun) -> Option<&NounView> {
        self.views.get(&noun)
    }

    /// Takes a source's reading. The first one of a noun is what it is compared with from then on, and no edge.
    pub(crate) fn read(&mut self, reading: Reading, now: Duration, at: Timestamp) {
        let noun = reading.noun();
        if let Reading::Network(network) = &reading {
            self.mind_names(network);
        }
        let Some(known) = self.known.reading(noun) else {
            self.adopt(reading, at);
            return;
        };
        if between(&known, &reading).is_empty() {
            // As it was before: whatever was between is over. What makes no edge is taken as it is.
            self.waiting.remove(&noun);
            self.take(reading);
            return;
        }
        let (settle, _) = settling(noun);
        let first = self.waiting.get(&noun).map_or(now, |waiting| waiting.first);
        let due = (now + settle).min(first + settle * PATIENCE).max(self.held_until(noun));
        self.waiting.insert(noun, Waiting { reading, first, due });
    }

    /// Whoever names connections has gone or come back: a network is compared with what was known by the same names.
    fn mind_names(&mut self, is: &Network) {
        let Some(was) = self.known.network.take_if(|was| was.by_interface != is.by_interface) else { return };
        self.waiting.remove(&Noun::Network);
        // Whether the internet can be reached has nothing to do with names.
        let online = was.online;
        self.known.network = self.by_other_names.replace(was).map(|earlier| Network { online, ..earlier });
        self.state.network.clone_from(&self.known.network);
    }

    /// Takes a moment; answers with its edge.
    pub(crate) fn moment(&mut self, moment: Moment, now: Duration) -> Edge {
        match moment {
            Moment::Suspend => self.asleep = Some(now),
            Moment::Resume => {
                self.asleep = None;
                self.woke = Some(now);
                let held: Vec<Noun> = self.waiting.keys().copied().collect();
                for noun in held {
                    let until = self.held_until(noun);
                    if let Some(waiting) = self.waiting.get_mut(&noun) {
                        waiting.first = now;
                        waiting.due = waiting.due.max(until);
                    }
                }
            }
            Moment::Shutdown | Moment::Login => {}
        }
        moment.into()
    }

    /// Takes a noun's health. What cannot be seen is not known to be so, whatever it was.
    pub(crate) fn health(&mut self, noun: Noun, health: NounHealth) {
        if health.mode == NounMode::Unavailable {
            self.state.forget(noun);
            self.waiting.remove(&noun);
        }
        self.views.entry(noun).or_insert(NounView { health: None, since: None }).health = Some(health);
    }

    /// Nobody looks at a noun any more.
    pub(crate) fn forget(&mut self, noun: Noun) {
        self.state.forget(noun);
        self.known.forget(noun);
        self.by_other_names.take_if(|_| noun == Noun::Network);
        self.waiting.remove(&noun);
        self.views.remove(&noun);
    }

    /// Lets readings wait, or not any more.
    pub(crate) fn pause(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// When something has stood long enough, in the clock's ticks.
    pub(crate) fn due(&self) -> Option<Duration> {
        if self.paused {
            return None;
        }
        let due = |waiting: &Waiting| match self.asleep {
            Some(since) if holds(waiting.reading.noun()) => waiting.due.max(since + STAYS_AWAKE),
            _ => waiting.due,
        };
        self.waiting.values().map(due).min()
    }

    /// Takes over what has stood long enough; answers with the edges.
    pub(crate) fn settle(&mut self, now: Duration, at: Timestamp) -> Vec<Edge> {
        let mut edges = Vec::new();
        while self.due().is_some_and(|due| due <= now) {
            if self.asleep.is_some_and(|since| since + STAYS_AWAKE <= now) {
                self.asleep = None;
            }
            let asleep = self.asleep.is_some();
            let ready = |(noun, waiting): (&Noun, &Waiting)| {
                (waiting.due <= now && !(asleep && holds(*noun))).then_some(*noun)
            };
            let Some(waiting) =
                self.waiting.iter().find_map(ready).and_then(|noun| self.waiting.remove(&noun))
            else {
                break;
            };
            if let Some(known) = self.known.reading(waiting.reading.noun()) {
                edges.extend(between(&known, &waiting.reading));
            }
            self.adopt(waiting.reading, at);
        }
        edges
    }

    fn adopt(&mut self, reading: Reading, at: Timestamp) {
        self.views.entry(reading.noun()).or_insert(NounView { health: None, since: None }).since = Some(at);
        self.take(reading);
    }

    fn take(&mut self, reading: Reading) {
        self.known.set(reading.clone());
        self.state.set(reading);
    }

    /// Until when a noun's readings are held because the machine woke a moment ago.
    fn held_until(&self, noun: Noun) -> Duration {
        self.woke.map_or(Duration::ZERO, |woke| woke + settling(noun).1)
    }
}

/// Whether a noun's readings are held while the machine sleeps.
fn holds(noun: Noun) -> bool {
    !matches!(noun, Noun::Session | Noun::Idle)
}

#[cfg(test)]
mod tests;

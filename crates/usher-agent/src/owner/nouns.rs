//! The machine's nouns: which of them have to be looked at, and what the status says of each.
//!
//! A source runs only while a rule waits for its noun or asks about it, or somebody listens to everything that happens.
//! The session is looked at beside every other noun, because it tells when the machine sleeps.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use usher_event::{Noun, NounMode};
use usher_rule::Rule;
use usher_watch::{Clock, Sink, Source, Wants};

use super::{Message, Owner};
use crate::api::{NounInfo, NounMode as Mode, RuleHotkey, RuleSchedule};
use crate::inbox::Sender;
use crate::present::{machine, moment};

/// After so long without use somebody counts as away, for whoever looks on.
const A_MOMENT: Duration = Duration::from_secs(60);

/// The sources that run.
#[derive(Default)]
pub(super) struct Sources {
    /// Absent where nothing is watched.
    sink: Option<Sink>,
    running: BTreeMap<Noun, Box<dyn Source>>,
    /// Tells when the clock is set, while a rule or a digest waits for a time.
    clock: Option<Clock>,
    wants: Wants,
    /// Whether somebody listens to everything.
    wide: bool,
}

impl Sources {
    /// None runs yet; their events go to the owner's own queue.
    pub(super) fn new(own: Sender<Message>) -> Self {
        let sink: Sink = Arc::new(move |event| drop(own.send(Message::Event(event))));
        Self { sink: Some(sink), ..Self::default() }
    }

    /// Stops all of them.
    pub(super) fn stop(&mut self) {
        *self = Self::default();
    }
}

impl Owner {
    /// Starts the sources that are needed and stops those that are not any more.
    pub(super) fn look_at_nouns(&mut self) {
        let Some(sink) = self.sources_of_nouns.sink.clone() else { return };
        let wide = self.subscribers.wants_events();
        let rules: Vec<Arc<Rule>> = self.engine.rules().iter().filter(|rule| rule.enabled).cloned().collect();
        let needed = needed(&rules, wide);
        // Whoever looks at everything wants to see whether somebody is there, also where no rule asks.
        let looked_at = wide.then_some(A_MOMENT);
        let mut idle: Vec<_> = rules.iter().flat_map(|rule| rule.idle_times()).chain(looked_at).collect();
        idle.sort_unstable();
        idle.dedup();
        let wants = Wants { idle };
        let digest = self.digest_time().is_some();
        let sources = &mut self.sources_of_nouns;
        sources.wide = wide;
        let over: Vec<Noun> = sources.running.keys().filter(|noun| !needed.contains(noun)).copied().collect();
        for noun in over {
            sources.running.remove(&noun);
            self.engine.forget(noun);
        }
        if sources.wants != wants {
            // Started anew, so that what it says first is where it begins and not a return of somebody who is away.
            if sources.running.remove(&Noun::Idle).is_some() {
                self.engine.forget(Noun::Idle);
            }
            sources.wants = wants;
        }
        for noun in needed {
            let (wants, sink) = (&sources.wants, &sink);
            sources.running.entry(noun).or_insert_with(|| usher_watch::start(noun, wants, Arc::clone(sink)));
        }
        let timed =
            digest || rules.iter().any(|rule| rule.schedules().next().is_some() || rule.watches_clock());
        match (timed, &sources.clock) {
            (true, None) => sources.clock = Clock::start(sink),
            (false, Some(_)) => sources.clock = None,
            _ => {}
        }
        self.news.status();
    }

    /// Looks again at what is needed, where somebody has begun or ceased to listen.
    pub(super) fn mind_listeners(&mut self) {
        if self.sources_of_nouns.sink.is_some()
            && self.sources_of_nouns.wide != self.subscribers.wants_events()
        {
            self.look_at_nouns();
        }
    }

    /// What the status says of every noun.
    pub(super) fn nouns_now(&self) -> Vec<NounInfo> {
        Noun::ALL.into_iter().map(|noun| self.noun_now(noun)).collect()
    }

    fn noun_now(&self, noun: Noun) -> NounInfo {
        let view = self.engine.noun(noun);
        let health = view.and_then(|view| view.health.as_ref());
        let mode = match health.map(|health| health.mode) {
            _ if !self.sources_of_nouns.running.contains_key(&noun) => Mode::Unneeded,
            None => Mode::Starting,
            Some(NounMode::Watching) => Mode::Watching,
            Some(NounMode::Polling) => Mode::Polling,
            Some(NounMode::Unavailable) => Mode::Unavailable,
        };
        let about = |rule: &&Arc<Rule>| rule.enabled && rule.nouns().any(|other| other == noun);
        let reading = self.engine.state().reading(noun);
        NounInfo {
            noun: noun.name().to_owned(),
            mode,
            facts: reading.as_ref().map(machine::facts).unwrap_or_default(),
            reason: health.and_then(|health| health.reason.clone()),
            state: reading.as_ref().map(machine::words),
            since: view.and_then(|view| view.since).map(moment),
            rules: self.engine.rules().iter().filter(about).map(|rule| rule.title().to_owned()).collect(),
        }
    }

    /// The key chords that rules wait for.
    pub(super) fn hotkeys_now(&self) -> Vec<RuleHotkey> {
        let rules = self.engine.rules().iter().filter(|rule| rule.enabled);
        let chords = rules.flat_map(|rule| {
            rule.hotkeys().map(|keys| RuleHotkey { keys: keys.to_owned(), rule: rule.title().to_owned() })
        });
        chords.collect()
    }

    /// When the rules that wait for the clock wake next.
    pub(super) fn schedules_now(&self) -> Vec<RuleSchedule> {
        let rules = self.engine.rules().iter().filter(|rule| rule.enabled);
        let mut due: Vec<_> =
            rules.filter_map(|rule| Some((self.engine.next_due(&rule.id)?, rule.title()))).collect();
        due.sort_by_key(|(due, _)| *due);
        due.into_iter().map(|(due, rule)| RuleSchedule { due: moment(due), rule: rule.to_owned() }).collect()
    }
}

/// The nouns that have to be looked at.
fn needed(rules: &[Arc<Rule>], wide: bool) -> BTreeSet<Noun> {
    if wide {
        return Noun::ALL.into_iter().collect();
    }
    let mut needed: BTreeSet<Noun> = rules.iter().flat_map(|rule| rule.nouns()).collect();
    if !needed.is_empty() {
        needed.insert(Noun::Session);
    }
    needed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<Arc<Rule>> {
        let loaded = usher_rule::load(std::path::Path::new("r.yaml"), text);
        loaded.rules.into_iter().map(Arc::new).collect()
    }

    #[test]
    fn only_what_rules_ask_for_is_looked_at_and_the_session_beside_it() {
        let files = rules("rules: [{ locations: /in, actions: [trash] }]");
        assert_eq!(needed(&files, false), BTreeSet::new());
        let drive =
            rules("rules: [{ when: { volume: mounted }, while: { power: ac }, actions: [{ echo: hi }] }]");
        assert_eq!(needed(&drive, false), BTreeSet::from([Noun::Volume, Noun::Power, Noun::Session]));
        assert_eq!(needed(&files, true).len(), Noun::ALL.len());
        let clock = rules("rules: [{ when: { schedule: '* * * * *' }, actions: [{ echo: hi }] }]");
        assert_eq!(needed(&clock, false), BTreeSet::new(), "a clock needs nobody to look");
    }
}

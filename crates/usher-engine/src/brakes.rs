//! Brakes: a rule that suddenly wants more files than its `limit` waits for a yes.
//!
//! A resident Usher counts what a rule has acted on in the last minutes; a run that was asked for counts what it has acted
//! on itself. What comes beyond the limit is held, and one question is put for all of it. A yes lets it through. A no
//! leaves those files alone until they change.
//!
//! A rule whose own command seems to make what it acts on is asked about in the same way; [`descent`](crate::descent) says
//! when. What a chain asks in its middle stands here as well, so that there is one list of questions.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use usher_event::{Sentence, sentence};
use usher_rule::Rule;

use crate::asked::Asked;
use crate::plan::Chain;

/// How long a rule has to be calm before its count begins anew.
const CALM: Duration = Duration::from_secs(600);

/// Something that waits for the user's yes or no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its number, for the answer.
    pub id: u64,
    /// [`Rule::id`] of the rule that asks.
    pub rule: String,
    /// The question in words.
    pub text: Sentence,
    /// One of the files it is about.
    pub path: Option<PathBuf>,
    /// Since when it waits.
    pub at: Timestamp,
    /// How the rule itself words it; absent where the rule is asked about.
    pub words: Option<Words>,
    /// Which limit it is about, where it is about one.
    pub beyond: Option<Beyond>,
}

/// A rule that wants more than its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beyond {
    /// How many files it has acted on.
    pub limit: u64,
    /// How many more it wants to act on.
    pub held: usize,
}

/// A question as a rule's `confirm` words it.
#[derive(Debug, Clone)]
pub struct Words {
    /// The rule.
    pub rule: Arc<Rule>,
    /// The question.
    pub text: String,
    /// What an answer without a word means.
    pub default: bool,
    /// The folder the subject was found in.
    pub root: Option<PathBuf>,
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        (&self.rule.id, &self.text, self.default) == (&other.rule.id, &other.text, other.default)
    }
}

impl Eq for Words {}

/// What every rule with a limit has acted on lately, and what is held.
#[derive(Default)]
pub(crate) struct Brakes {
    last: u64,
    floods: HashMap<String, Flood>,
    /// Rules whose own commands seem to make what they act on.
    breeding: HashMap<String, Flood>,
    /// Rules that were at their limit when an earlier engine ended, with a question that nobody had answered.
    unanswered: BTreeSet<String>,
    swept: Vec<Held>,
    /// Chains that ask in their middle, by the number of the question. A rule may ask about any number of files.
    asked: BTreeMap<u64, Asked>,
    /// The questions about what lies at a path.
    about: HashMap<PathBuf, u64>,
}

/// One rule's files as they come.
struct Flood {
    title: String,
    limit: u64,
    /// When the last one came, in the clock's ticks.
    heard: Duration,
    acted: u64,
    allowed: bool,
    held: BTreeSet<PathBuf>,
    question: Option<(u64, Timestamp)>,
}

/// A subject of a run: the root it was found in, and where it lies.
pub(crate) type Found = (PathBuf, PathBuf);

/// What a run that was asked for has held back of one rule.
pub(crate) struct Held {
    pub(crate) id: u64,
    pub(crate) rule: Arc<Rule>,
    pub(crate) subjects: Vec<Found>,
    at: Timestamp,
}

/// What becomes of a file that a rule with a limit matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// The rule may act on it.
    Free,
    /// It is held; the question is put already.
    Held,
    /// It is held, and is the first one: the question is new.
    Asks,
}

/// What an answer is about.
pub(crate) enum Answered {
    /// Files as they came, of the rule with this id.
    Flood(String, Vec<PathBuf>),
    /// What a run has held back.
    Swept(Held),
    /// A chain that asked in its middle.
    Asked(Box<Asked>),
}

impl Brakes {
    /// Whether a rule may act on one more file.
    pub(crate) fn admit(&mut self, rule: &Rule, path: &Path, now: Duration, at: Timestamp) -> Admission {
        let Some(limit) = rule.limit else { return Admission::Free };
        let flood = self.floods.entry(rule.id.clone()).or_insert_with(|| Flood::new(rule, limit, now));
        if self.unanswered.remove(&rule.id) {
            flood.acted = limit;
        }
        if flood.held.is_empty() && now.saturating_sub(flood.heard) >= CALM {
            *flood = Flood::new(rule, limit, now);
        }
        flood.heard = now;
        if flood.allowed || flood.acted < limit {
            flood.acted += 1;
            return Admission::Free;
        }
        flood.hold(path, &mut self.last, at)
    }

    /// Whether a rule may act on one more file that its own command seems to have made, after so many `generations`.
    pub(crate) fn admit_bred(
        &mut self,
        rule: &Rule,
        path: &Path,
        generations: u32,
        now: Duration,
        at: Timestamp,
    ) -> Admission {
        let fresh = || Flood::new(rule, generations.into(), now);
        let flood = self.breeding.entry(rule.id.clone()).or_insert_with(fresh);
        if flood.held.is_empty() && now.saturating_sub(flood.heard) >= CALM {
            *flood = fresh();
        }
        flood.heard = now;
        if flood.allowed {
            return Admission::Free;
        }
        flood.hold(path, &mut self.last, at)
    }

    /// The rules whose files wait for an answer about their limit, for the next engine.
    pub(crate) fn at_their_limit(&self) -> BTreeSet<String> {
        let asked = self.floods.iter().filter(|(_, flood)| flood.question.is_some());
        asked.map(|(rule, _)| rule.clone()).chain(self.unanswered.iter().cloned()).collect()
    }

    /// Takes these rules for ones that are at their limit. A restart is no answer.
    pub(crate) fn were_at_their_limit(&mut self, rules: BTreeSet<String>) {
        self.unanswered = rules;
    }

    /// Puts a question for what a run has held back.
    pub(crate) fn hold(&mut self, rule: Arc<Rule>, subjects: Vec<Found>, at: Timestamp) -> u64 {
        self.last += 1;
        self.swept.push(Held { id: self.last, rule, subjects, at });
        self.last
    }

    /// Puts what a chain asks.
    pub(crate) fn ask(&mut self, chain: Chain, trail: Vec<Arc<Rule>>, swept: bool, at: Timestamp) -> u64 {
        self.last += 1;
        self.about.extend(chain.subject.clone().map(|path| (path, self.last)));
        self.asked.insert(self.last, Asked { chain, trail, swept, at });
        self.last
    }

    /// Takes a chain with its question away.
    fn take_asked(&mut self, id: u64) -> Option<Asked> {
        let asked = self.asked.remove(&id)?;
        if let Some(path) = asked.path().filter(|path| self.about.get(*path) == Some(&id)) {
            self.about.remove(path);
        }
        Some(asked)
    }

    /// The chain that asks about whatever lies at a path, if one does.
    pub(crate) fn asks_about(&self, path: &Path) -> Option<&Asked> {
        self.about.get(path).and_then(|id| self.asked.get(id))
    }

    /// One question.
    pub(crate) fn question(&self, id: u64) -> Option<Question> {
        match self.asked.get(&id) {
            Some(asked) => Some(asked.question(id)),
            None => self.limits().find(|question| question.id == id),
        }
    }

    /// Whether a rule asks more than one thing.
    pub(crate) fn asks_more(&self, rule: &str) -> bool {
        self.asked.values().filter(|asked| asked.chain.rule.id == rule).nth(1).is_some()
    }

    /// Takes back what was asked about a path because of an event; says whether there was any.
    pub(crate) fn withdraw(&mut self, path: &Path) -> bool {
        let Some(id) = self.about.get(path).copied() else { return false };
        let withdraws = self.asked.get(&id).is_some_and(|asked| !asked.swept);
        withdraws && self.take_asked(id).is_some()
    }

    /// Every question, oldest first.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let asked = self.asked.iter().map(|(id, asked)| asked.question(*id));
        let mut questions: Vec<Question> = self.limits().chain(asked).collect();
        questions.sort_by_key(|question| question.id);
        questions
    }

    /// The questions of rules that have reached their limit.
    fn limits(&self) -> impl Iterator<Item = Question> {
        let floods = self.floods.iter().filter_map(|(rule, flood)| {
            let (id, at) = flood.question?;
            let beyond = Beyond { limit: flood.limit, held: flood.held.len() };
            let text = question(&flood.title, beyond);
            let path = flood.held.first().cloned();
            Some(Question { id, rule: rule.clone(), text, path, at, words: None, beyond: Some(beyond) })
        });
        let breeding = self.breeding.iter().filter_map(|(rule, flood)| {
            let (id, at) = flood.question?;
            let text = breeds(&flood.title, flood.limit, flood.held.len());
            let path = flood.held.first().cloned();
            Some(Question { id, rule: rule.clone(), text, path, at, words: None, beyond: None })
        });
        let swept = self.swept.iter().map(|held| {
            let beyond = Beyond { limit: held.rule.limit.unwrap_or(0), held: held.subjects.len() };
            Question {
                id: held.id,
                rule: held.rule.id.clone(),
                text: question(held.rule.title(), beyond),
                path: held.subjects.first().map(|(_, path)| path.clone()),
                at: held.at,
                words: None,
                beyond: Some(beyond),
            }
        });
        floods.chain(breeding).chain(swept)
    }

    /// Why a path is held, where it is.
    pub(crate) fn holds(&self, path: &Path) -> Option<Sentence> {
        let holds = |floods: &HashMap<String, Flood>| floods.values().any(|flood| flood.held.contains(path));
        if holds(&self.floods) {
            return Some(sentence!("waits-limit", "a rule that has reached its limit asks first"));
        }
        holds(&self.breeding).then(|| {
            sentence!("waits-breeds", "its rule's own command seems to have made it, so the rule asks first")
        })
    }

    /// Takes a question with its answer; `None` where there is none of this number.
    pub(crate) fn answer(&mut self, id: u64, yes: bool) -> Option<Answered> {
        if let Some(nr) = self.swept.iter().position(|held| held.id == id) {
            return Some(Answered::Swept(self.swept.remove(nr)));
        }
        if let Some(asked) = self.take_asked(id) {
            return Some(Answered::Asked(Box::new(asked)));
        }
        let asks = |flood: &Flood| flood.question.is_some_and(|(asked, _)| asked == id);
        let mut floods = self.floods.iter_mut().chain(&mut self.breeding);
        let (rule, flood) = floods.find(|(_, flood)| asks(flood))?;
        flood.question = None;
        flood.allowed |= yes;
        let held = std::mem::take(&mut flood.held).into_iter().collect();
        Some(Answered::Flood(rule.clone(), held))
    }

    /// Takes on other rules; answers with what was held for rules that are gone or ask no more.
    pub(crate) fn keep(&mut self, rules: &[Arc<Rule>]) -> Vec<PathBuf> {
        let mut free = Vec::new();
        let limited = |id: &String| rules.iter().any(|rule| rule.id == *id && rule.limit.is_some());
        self.unanswered.retain(limited);
        self.floods.retain(|id, flood| {
            let rule = rules.iter().find(|rule| rule.id == *id && rule.enabled);
            match rule.and_then(|rule| rule.limit) {
                Some(limit) => flood.limit = limit,
                None => free.extend(std::mem::take(&mut flood.held)),
            }
            rule.is_some_and(|rule| rule.limit.is_some())
        });
        self.breeding.retain(|id, flood| {
            let stays = rules.iter().any(|rule| rule.id == *id && rule.enabled);
            if !stays {
                free.extend(std::mem::take(&mut flood.held));
            }
            stays
        });
        let goes = |(_, asked): &(&u64, &Asked)| !asked.swept && !asked.still_asked_by(rules);
        let gone: Vec<u64> = self.asked.iter().filter(goes).map(|(id, _)| *id).collect();
        free.extend(gone.into_iter().filter_map(|id| self.take_asked(id)?.chain.subject));
        free
    }
}

impl Flood {
    fn new(rule: &Rule, limit: u64, now: Duration) -> Self {
        Self {
            title: rule.title().to_owned(),
            limit,
            heard: now,
            acted: 0,
            allowed: false,
            held: BTreeSet::new(),
            question: None,
        }
    }

    /// Holds a file, and puts the question where that is not put yet; `last` is the last one's number.
    fn hold(&mut self, path: &Path, last: &mut u64, at: Timestamp) -> Admission {
        self.held.insert(path.to_path_buf());
        if self.question.is_some() {
            return Admission::Held;
        }
        *last += 1;
        self.question = Some((*last, at));
        Admission::Asks
    }
}

fn breeds(title: &str, generations: u64, held: usize) -> Sentence {
    match held {
        1 => sentence!(
            "asks-breeds-one",
            "{rule} seems to go on for ever: its command makes the files that it acts on, {generations} times in a row. \
             Let it act on 1 more?",
            rule = title,
            generations = generations,
        ),
        _ => sentence!(
            "asks-breeds",
            "{rule} seems to go on for ever: its command makes the files that it acts on, {generations} times in a row. \
             Let it act on {held} more?",
            rule = title,
            generations = generations,
            held = held,
        ),
    }
}

fn question(title: &str, Beyond { limit, held }: Beyond) -> Sentence {
    match held {
        1 => sentence!(
            "asks-beyond-one",
            "{rule} has acted on {limit} and wants to act on 1 more file. Let it?",
            rule = title,
            limit = limit,
        ),
        _ => sentence!(
            "asks-beyond",
            "{rule} has acted on {limit} and wants to act on {held} more files. Let it?",
            rule = title,
            limit = limit,
            held = held,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> Rule {
        let text = "rules: [{name: Tidy, locations: /in, actions: [trash], limit: 2}]";
        usher_rule::load(Path::new("r.yaml"), text).rules.remove(0)
    }

    fn admit(brakes: &mut Brakes, path: &str, seconds: u64) -> Admission {
        let now = Duration::from_secs(seconds);
        brakes.admit(&rule(), Path::new(path), now, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn the_limit_holds_what_comes_beyond_it_and_asks_once() {
        let mut brakes = Brakes::default();
        let admitted = ["/1", "/2", "/3", "/4"].map(|path| admit(&mut brakes, path, 0));
        assert_eq!(admitted, [Admission::Free, Admission::Free, Admission::Asks, Admission::Held]);
        let questions = brakes.questions();
        assert_eq!(questions.len(), 1);
        assert_eq!(questions[0].text, "Tidy has acted on 2 and wants to act on 2 more files. Let it?");
        assert!(brakes.holds(Path::new("/3")).is_some() && brakes.holds(Path::new("/1")).is_none());
    }

    #[test]
    fn a_yes_lets_everything_through_until_it_is_calm_again() {
        let mut brakes = Brakes::default();
        for path in ["/1", "/2", "/3"] {
            admit(&mut brakes, path, 0);
        }
        assert!(brakes.answer(99, true).is_none());
        let id = brakes.questions()[0].id;
        let Some(Answered::Flood(_, held)) = brakes.answer(id, true) else { panic!("it was asked") };
        assert_eq!(held, [Path::new("/3")]);
        assert_eq!(admit(&mut brakes, "/3", 500), Admission::Free);
        assert_eq!(admit(&mut brakes, "/4", 1000), Admission::Free);
        let later = ["/5", "/6", "/7"].map(|path| admit(&mut brakes, path, 2000));
        assert_eq!(later, [Admission::Free, Admission::Free, Admission::Asks]);
    }

    #[test]
    fn a_no_is_asked_again_only_for_new_files() {
        let mut brakes = Brakes::default();
        for path in ["/1", "/2", "/3"] {
            admit(&mut brakes, path, 0);
        }
        let id = brakes.questions()[0].id;
        assert!(brakes.answer(id, false).is_some());
        assert!(brakes.questions().is_empty());
        assert_eq!(admit(&mut brakes, "/4", 1), Admission::Asks);
    }

    #[test]
    fn what_was_held_is_free_when_its_rule_is_gone() {
        let mut brakes = Brakes::default();
        for path in ["/1", "/2", "/3"] {
            admit(&mut brakes, path, 0);
        }
        assert_eq!(brakes.keep(&[Arc::new(rule())]), [] as [PathBuf; 0]);
        assert_eq!(brakes.keep(&[]), [Path::new("/3")]);
        assert!(brakes.questions().is_empty());
    }
}

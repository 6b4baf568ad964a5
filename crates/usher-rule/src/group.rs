//! Filters together: all, any or none of them, nested as deep as one likes.

use jiff::Timestamp;

use crate::context::Told;
use crate::filters::{Filter, FilterError, Verdict};
use crate::{Context, FilterAccount, Outcome, Span};

/// Several conditions and how many of them have to hold.
#[derive(Debug, Default)]
pub struct Group {
    /// How many.
    pub mode: Mode,
    /// The conditions in the rule's order.
    pub members: Vec<Member>,
}

/// How many members of a group have to hold.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Every one; true without members.
    #[default]
    All,
    /// At least one; false without members.
    Any,
    /// Not a single one; true without members.
    None,
}

/// One condition of a group.
#[derive(Debug)]
pub struct Member {
    /// Whether `not` stands before it.
    pub negated: bool,
    /// What is asked.
    pub condition: Condition,
    /// Where it stands in the file.
    pub span: Span,
}

/// What a member of a group asks.
#[derive(Debug)]
pub enum Condition {
    /// A filter.
    Filter(Box<dyn Filter>),
    /// A group of its own.
    Group(Group),
}

impl Mode {
    /// The word rules use.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Any => "any",
            Self::None => "none",
        }
    }

    /// The mode of this word.
    pub fn named(word: &str) -> Option<Self> {
        [Self::All, Self::Any, Self::None].into_iter().find(|mode| mode.word() == word)
    }
}

impl Group {
    /// Asks the members in turn until the answer is clear. `any` asks every one, so that all variables are there. One that
    /// is put off ([`Context::haste`]) leaves it open, whatever is answered here.
    ///
    /// A member that cannot look makes `all` and `none` fail, whether it is negated or not: nothing is done to a file on
    /// the strength of a mistake. In `any` it counts as a no.
    pub fn test(&self, cx: &mut Context<'_>) -> bool {
        self.answer(cx, None) == Outcome::Match
    }

    /// The same with an account of every member.
    pub fn explain(&self, cx: &mut Context<'_>) -> (bool, Vec<FilterAccount>) {
        let mut accounts = Vec::with_capacity(self.members.len());
        let answer = self.answer(cx, Some(&mut accounts));
        (answer == Outcome::Match, accounts)
    }

    fn answer(&self, cx: &mut Context<'_>, mut accounts: Option<&mut Vec<FilterAccount>>) -> Outcome {
        let mut clear = None;
        let mut any = Outcome::NoMatch;
        for member in &self.members {
            if clear.is_some() {
                if let Some(accounts) = accounts.as_deref_mut() {
                    accounts.push(member.not_reached());
                }
                continue;
            }
            let outcome = member.answer(cx, accounts.as_deref_mut());
            clear = match (self.mode, outcome) {
                (Mode::All, Outcome::Match) | (Mode::None, Outcome::NoMatch) => None,
                (Mode::All, other) => Some(other),
                (Mode::None, Outcome::Match) => Some(Outcome::NoMatch),
                (Mode::None, other) => Some(other),
                (Mode::Any, Outcome::Match) => {
                    any = Outcome::Match;
                    None
                }
                (Mode::Any, _) => None,
            };
            if clear.is_some() && accounts.is_none() {
                break;
            }
        }
        match self.mode {
            Mode::Any => any,
            Mode::All | Mode::None => clear.unwrap_or(Outcome::Match),
        }
    }

    /// When time alone may turn a no for this subject into a yes; `None` where it will not.
    ///
    /// Filters behind the one that says no are not asked: they are when its answer has changed.
    pub fn next_change(&self, cx: &mut Context<'_>) -> Option<Timestamp> {
        let mut nearest = None;
        for member in &self.members {
            let stands = match (self.mode, member.answer(cx, None)) {
                (Mode::All, Outcome::Match) | (Mode::None, Outcome::NoMatch) => continue,
                (_, Outcome::Error) => None,
                _ => member.next_change(cx),
            };
            if self.mode != Mode::Any {
                return stands;
            }
            nearest = stands.into_iter().chain(nearest).min();
        }
        nearest
    }

    /// Whether time alone may change its answers.
    pub fn watches_clock(&self) -> bool {
        self.filters().iter().any(|filter| filter.watches_clock())
    }

    /// Every filter in it and in its groups.
    pub fn filters(&self) -> Vec<&dyn Filter> {
        let mut filters = Vec::new();
        for member in &self.members {
            match &member.condition {
                Condition::Filter(filter) => filters.push(filter.as_ref()),
                Condition::Group(group) => filters.extend(group.filters()),
            }
        }
        filters
    }
}

impl Member {
    fn answer(&self, cx: &mut Context<'_>, accounts: Option<&mut Vec<FilterAccount>>) -> Outcome {
        match (&self.condition, accounts) {
            (Condition::Filter(filter), _) if cx.puts_off(filter.as_ref()) => {
                cx.put_off = true;
                Outcome::Error
            }
            (Condition::Filter(filter), accounts) => {
                let verdict = filter.test(cx);
                let outcome = self.turned(&verdict);
                if let Some(accounts) = accounts {
                    accounts.push(self.account(outcome, &verdict));
                }
                if let Err(error) = verdict {
                    if error.is_news() {
                        cx.told.push(Told::Trouble(filter.name(), error.message.clone()));
                    }
                    cx.filter_errors.push(error);
                }
                outcome
            }
            (Condition::Group(group), None) => self.turn(group.answer(cx, None)),
            (Condition::Group(group), Some(accounts)) => {
                let mut account = self.not_reached();
                account.members.clear();
                account.outcome = self.turn(group.answer(cx, Some(&mut account.members)));
                let outcome = account.outcome;
                accounts.push(account);
                outcome
            }
        }
    }

    fn next_change(&self, cx: &mut Context<'_>) -> Option<Timestamp> {
        match &self.condition {
            Condition::Filter(filter) => filter.next_change(cx),
            Condition::Group(group) => group.next_change(cx),
        }
    }

    fn turned(&self, verdict: &Result<Verdict, FilterError>) -> Outcome {
        match verdict {
            Ok(verdict) if verdict.pass != self.negated => Outcome::Match,
            Ok(_) => Outcome::NoMatch,
            Err(_) => Outcome::Error,
        }
    }

    fn turn(&self, outcome: Outcome) -> Outcome {
        match outcome {
            Outcome::Match if self.negated => Outcome::NoMatch,
            Outcome::NoMatch if self.negated => Outcome::Match,
            other => other,
        }
    }

    fn spelled(&self) -> String {
        let name = match &self.condition {
            Condition::Filter(filter) => filter.name(),
            Condition::Group(group) => group.mode.word(),
        };
        format!("{}{name}", if self.negated { "not " } else { "" })
    }

    fn account(&self, outcome: Outcome, verdict: &Result<Verdict, FilterError>) -> FilterAccount {
        let mut account = self.not_reached();
        account.outcome = outcome;
        match verdict {
            Ok(verdict) => account.seen = Some(verdict.seen.clone()).filter(|seen| !seen.is_empty()),
            Err(error) => account.error = Some(error.message.clone()),
        }
        account
    }

    fn not_reached(&self) -> FilterAccount {
        let (wanted, members) = match &self.condition {
            Condition::Filter(filter) => (filter.wanted(), Vec::new()),
            Condition::Group(group) => (String::new(), group.members.iter().map(Self::not_reached).collect()),
        };
        FilterAccount {
            filter: self.spelled(),
            wanted,
            seen: None,
            outcome: Outcome::NotReached,
            error: None,
            members,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::context::Told;
    use crate::fake::{Fake, rule};
    use crate::{Outcome, RuleAccount};

    fn explain(filters: &str) -> RuleAccount {
        let world = Fake::new().file("/in/a.txt", "hello");
        let text = format!("rules: [{{locations: /in, {filters}, actions: [trash]}}]");
        let rule = rule(&text);
        let account = world.looking(&rule, "/in/a.txt", |cx| rule.explain(cx));
        assert_eq!(world.looking(&rule, "/in/a.txt", |cx| rule.matches(cx)), account.matched);
        account
    }

    fn outcomes(account: &RuleAccount) -> Vec<Outcome> {
        account.filters.iter().map(|filter| filter.outcome).collect()
    }

    #[test]
    fn all_stops_at_the_first_no() {
        let account = explain("filters: [{extension: pdf}, {name: a}]");
        assert!(!account.matched);
        assert_eq!(outcomes(&account), [Outcome::NoMatch, Outcome::NotReached]);
        assert_eq!(account.filters[0].seen.as_deref(), Some("txt"));
        assert_eq!(account.filters[0].wanted, "pdf");
    }

    #[test]
    fn any_asks_everyone() {
        let account = explain("filter_mode: any, filters: [{name: a}, {extension: pdf}, {extension: txt}]");
        assert!(account.matched);
        assert_eq!(outcomes(&account), [Outcome::Match, Outcome::NoMatch, Outcome::Match]);
    }

    #[test]
    fn none_stops_at_the_first_yes() {
        let account = explain("filter_mode: none, filters: [{name: b}, {extension: txt}, {name: a}]");
        assert!(!account.matched);
        assert_eq!(outcomes(&account), [Outcome::NoMatch, Outcome::Match, Outcome::NotReached]);
    }

    #[test]
    fn without_filters_all_and_none_match_and_any_does_not() {
        assert!(explain("filter_mode: all").matched);
        assert!(explain("filter_mode: none").matched);
        assert!(!explain("filter_mode: any").matched);
    }

    #[test]
    fn groups_nest_and_can_be_negated() {
        assert!(
            explain("filters: [{any: [{extension: pdf}, {all: [{name: a}, {extension: txt}]}]}]").matched
        );
        assert!(!explain("filters: [{not any: [{extension: txt}]}]").matched);
        let account = explain("filters: [{none: [{extension: pdf}, {not name: a}]}]");
        assert!(account.matched);
        assert_eq!(account.filters[0].filter, "none");
        assert_eq!(account.filters[0].members[1].filter, "not name");
    }

    #[test]
    fn the_clock_is_asked_only_where_nothing_else_says_no() {
        // The fake's now is noon of 2026-03-31 in Berlin.
        let next = |filters: &str| {
            let world = Fake::new().file("/in/a.txt", "hello").modified("/in/a.txt", "2026-03-30T10:00:00Z");
            let rule = rule(&format!("rules: [{{locations: /in, {filters}, actions: [trash]}}]"));
            let at = world.looking(&rule, "/in/a.txt", |cx| rule.next_change(cx));
            at.map(|at| at.to_string())
        };
        let (week, days) = ("2026-04-06T10:00:00.000000001Z", "2026-04-01T10:00:00.000000001Z");
        assert_eq!(next("filters: [extension: txt, lastmodified: {days: 7}]").as_deref(), Some(week));
        assert_eq!(next("filters: [extension: pdf, lastmodified: {days: 7}]"), None);
        assert_eq!(next("filters: [lastmodified: {days: 7}, extension: pdf]").as_deref(), Some(week));
        assert_eq!(
            next("filters: [{any: [lastmodified: {days: 7}, lastmodified: {days: 2}]}]").as_deref(),
            Some(days)
        );
        assert_eq!(
            next("filters: [not lastmodified: {days: 2, mode: newer}]").as_deref(),
            Some("2026-04-01T10:00:00Z")
        );
        assert_eq!(
            next("filters: [lastmodified: {days: 1}, extension: pdf]"),
            None,
            "it is old enough already"
        );
        assert_eq!(next("filters: [extension: txt]"), None);
    }

    #[test]
    fn a_filter_that_cannot_look_says_so() {
        let rule = rule(
            "rules: [{locations: /in, filter_mode: any, filters: [hash: nope, {all: [not hash: nope]}, empty], \
             actions: [trash]}]",
        );
        Fake::new().file("/in/a", "").looking(&rule, "/in/a", |cx| {
            assert!(rule.matches(cx), "the other filter is asked all the same");
            assert_eq!(cx.told.len(), 2, "{:?}", cx.told);
            let message = match &cx.told[0] {
                Told::Trouble("hash", message) => message,
                other => panic!("{other:?}"),
            };
            assert!(message.starts_with("there is no hash algorithm `nope`"), "{message}");
        });
        let rule =
            crate::fake::rule("rules: [{locations: /in, filters: [filecontent: x], actions: [trash]}]");
        Fake::new().bytes("/in/a.pdf", b"no pdf").looking(&rule, "/in/a.pdf", |cx| {
            assert!(!rule.matches(cx));
            assert!(cx.told.is_empty() && cx.filter_errors.len() == 1, "{:?}", cx.told);
        });
    }

    #[test]
    fn a_filter_that_cannot_look_never_lets_a_file_through() {
        for filters in [
            "filters: [size: '>1k']",
            "filters: [not size: '>1k']",
            "filter_mode: none, filters: [size: '>1k']",
            "filters: [{none: [{all: [size: '>1k']}]}]",
            "filter_mode: any, filters: [not size: '>1k']",
        ] {
            let rule = rule(&format!("rules: [{{locations: /in, {filters}, actions: [trash]}}]"));
            let world = Fake::new();
            world.looking(&rule, "/in/gone", |cx| {
                assert!(!rule.matches(cx), "{filters}");
                assert_eq!(cx.filter_errors.len(), 1);
                assert!(cx.told.is_empty(), "that it has gone is nothing to see to");
            });
        }
    }
}

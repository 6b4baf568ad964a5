//! A typed rule.

use std::borrow::Cow;
use std::fmt::Debug;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use usher_event::{Edge, Noun, Sentence, State};

use crate::actions::Action;
use crate::context::Context;
use crate::example::Example;
use crate::group::Group;
use crate::location::{Location, Root};
use crate::occasions::{Awaited, Clause, Facts, Schedule};
use crate::{RuleAccount, Span, World};

/// One rule, ready to look at subjects.
#[derive(Debug)]
pub struct Rule {
    /// Stable name of the rule across reloads: the file's name and the rule's, or its number where it has none.
    pub id: String,
    /// What the user called it.
    pub name: Option<String>,
    /// Its place in its file, from 0 (`{rule_nr}`).
    pub nr: usize,
    /// The file it stands in.
    pub file: PathBuf,
    /// Where in that file.
    pub span: Span,
    /// Whether it runs.
    pub enabled: bool,
    /// Files, directories or both.
    pub targets: Targets,
    /// Whether its locations reach into subfolders where they do not say themselves.
    pub subfolders: bool,
    /// What it waits for, any of it; files in its locations, where empty and it has some.
    pub when: Vec<Clause>,
    /// What has to be so for it to act by itself, all of it.
    pub guards: Vec<Clause>,
    /// Where it looks. Empty for a rule that runs once on its own.
    pub locations: Vec<Location>,
    /// What a subject has to be like.
    pub filters: Group,
    /// Tags for `--tags` and `--skip-tags`.
    pub tags: Vec<String>,
    /// How long a written file has to be quiet before it is handled; `None` for the default.
    pub settle: Option<Duration>,
    /// When it acts again on a file that it has acted on before. `None` where it does not say: once for each version of a
    /// file that comes, and each time where something else wakes it.
    pub repeat: Option<Repeat>,
    /// How long it leaves a file alone after it has acted on it.
    pub cooldown: Option<Duration>,
    /// Whether no later rule gets to see what this one has matched.
    pub stop: bool,
    /// How many files it may act on in one go without asking.
    pub limit: Option<u64>,
    /// What it is to do with made-up files.
    pub examples: Vec<Example>,
    /// What it does, in order. Never empty.
    pub actions: Vec<Box<dyn Action>>,
    /// The variables its templates refer to, sorted.
    pub(crate) uses: Vec<String>,
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Targets {
    /// Regular files.
    pub files: bool,
    /// Directories.
    pub dirs: bool,
}

/// When a rule that acts by itself does so again on a file that it has acted on before.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Whenever something is done to the file, even if it is the same afterwards.
    EveryChange,
    /// Once for each version of the file.
    #[default]
    OncePerVersion,
    /// Once for a file, whatever becomes of it.
    Once,
}

impl Repeat {
    /// The words rules use, in the order of the variants.
    pub const WORDS: &[&str] = &["every_change", "once_per_version", "once"];

    pub(crate) fn named(word: &str) -> Self {
        match word {
            "every_change" => Self::EveryChange,
            "once" => Self::Once,
            _ => Self::OncePerVersion,
        }
    }
}

impl Rule {
    /// The name to show: the user's, or the file and number.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }

    /// Whether the rule has no locations and runs once on its own.
    pub fn standalone(&self) -> bool {
        self.locations.is_empty()
    }

    /// Whether an undo can take back anything that it does.
    pub fn can_be_undone(&self) -> bool {
        self.actions.iter().any(|action| action.can_be_undone())
    }

    /// Whether a template of the rule refers to this variable.
    pub fn uses(&self, variable: &str) -> bool {
        self.uses.binary_search_by(|used| used.as_str().cmp(variable)).is_ok()
    }

    /// Whether a filter of it looks at the world by itself, past everything that is only planned.
    pub fn looks_outside(&self) -> bool {
        self.filters.filters().iter().any(|filter| filter.looks_outside())
    }

    /// Its locations as they are now: templates, `~` and variables expanded, made absolute. `event` is what is known of
    /// the edge that woke the rule; see [`facts`](crate::occasions::facts).
    ///
    /// # Errors
    /// The text of the first location that cannot be expanded.
    pub fn roots(&self, world: &dyn World, event: &Facts) -> Result<Vec<Root>, Sentence> {
        let mut roots = Vec::with_capacity(self.locations.len());
        for location in &self.locations {
            location.roots(world, event, &mut roots)?;
        }
        Ok(roots)
    }

    /// Whether the subject in `cx` passes the filters. Stops as soon as the answer is clear.
    pub fn matches(&self, cx: &mut Context<'_>) -> bool {
        self.filters.test(cx)
    }

    /// Whether its filters compare subjects with each other.
    pub fn compares(&self) -> bool {
        self.filters.filters().iter().any(|filter| filter.name() == "duplicate")
    }

    /// The same with an account of every filter.
    pub fn explain(&self, cx: &mut Context<'_>) -> RuleAccount {
        cx.explaining = true;
        let (matched, filters) = self.filters.explain(cx);
        cx.explaining = false;
        RuleAccount { matched, filters }
    }

    /// Whether time alone may change what it matches.
    pub fn watches_clock(&self) -> bool {
        self.filters.watches_clock()
    }

    /// When time alone may make it match the subject in `cx`, which it does not now.
    pub fn next_change(&self, cx: &mut Context<'_>) -> Option<Timestamp> {
        self.filters.next_change(cx)
    }

    /// What of files in its locations it waits for.
    pub fn awaits(&self) -> Awaited {
        match self.when.is_empty() {
            true => Awaited { changed: !self.standalone(), ..Awaited::default() },
            false => {
                self.when.iter().map(|clause| clause.occasion.files()).fold(Awaited::default(), Awaited::or)
            }
        }
    }

    /// Whether it acts on files in its locations as they come.
    pub fn waits_for_files(&self) -> bool {
        let awaits = self.awaits();
        awaits.created || awaits.changed
    }

    /// Whether `usher run` runs it without being told its name.
    pub fn runs_by_itself(&self) -> bool {
        self.when.is_empty() || self.waits_for_files()
    }

    /// Whether it acts on a file once only because nothing that becomes of a file makes it a new one.
    pub fn only_newcomers(&self) -> bool {
        let awaits = self.awaits();
        awaits.created && !awaits.changed
    }

    /// When it acts again on a file that comes and that it has acted on before.
    pub fn repeats(&self) -> Repeat {
        let implied = if self.only_newcomers() { Repeat::Once } else { Repeat::OncePerVersion };
        self.repeat.unwrap_or(implied)
    }

    /// Whether this edge is what it waits for.
    pub fn wakes(&self, edge: &Edge) -> bool {
        match edge {
            Edge::ScheduleDue(due) => due.rule == self.id && self.schedules().next().is_some(),
            edge => self.when.iter().any(|clause| clause.occasion.wakes(edge)),
        }
    }

    /// The words of the first guard that is not so; with `true` where it is only not known. `None` where all are so.
    /// `event` is what is known of the edge that wakes the rule; a guard that asks for more is one that nobody can answer.
    pub fn held_back(&self, state: &State, event: &Facts, world: &dyn World) -> Option<(Cow<'_, str>, bool)> {
        let mut answers = self.guards.iter().map(|clause| clause.ask(state, event, world));
        answers.find(|answer| answer.holds != Some(true)).map(|no| (no.words, no.holds.is_none()))
    }

    /// Whether a guard asks for what only an edge brings.
    pub fn guards_need_event(&self) -> bool {
        self.guards.iter().any(|clause| clause.brought.is_some())
    }

    /// The nouns that have to be looked at for it.
    pub fn nouns(&self) -> impl Iterator<Item = Noun> {
        self.clauses().filter_map(|clause| clause.occasion.noun())
    }

    /// The times without use it asks for.
    pub fn idle_times(&self) -> impl Iterator<Item = Duration> {
        self.clauses().filter_map(|clause| clause.occasion.idle())
    }

    /// The schedules it waits for.
    pub fn schedules(&self) -> impl Iterator<Item = &Schedule> {
        self.when.iter().filter_map(|clause| clause.occasion.schedule())
    }

    /// The key chords it waits for.
    pub fn hotkeys(&self) -> impl Iterator<Item = &str> {
        self.when.iter().filter_map(|clause| clause.occasion.hotkey())
    }

    fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.when.iter().chain(&self.guards)
    }

    /// The first variable it refers to that only an edge brings, such as `volume`.
    pub fn needs_event(&self) -> Option<&str> {
        let located = self.locations.iter().flat_map(|location| &location.paths);
        let names = located.flat_map(|template| template.variables()).chain(&self.uses);
        names.map(String::as_str).find(|name| crate::occasions::NAMES.contains(name))
    }

    /// Whether the rule runs when only `tags` are asked for (all, where empty) and `skip` are left out.
    ///
    /// A rule tagged `always` runs unless that tag is skipped; one tagged `never` only if that tag is asked for.
    pub fn selected(&self, tags: &[String], skip: &[String]) -> bool {
        let has = |tag: &str| self.tags.iter().any(|own| own == tag);
        let named = |list: &[String], tag: &str| list.iter().any(|other| other == tag);
        if has("always") && !named(skip, "always") {
            return true;
        }
        if has("never") && !named(tags, "never") {
            return false;
        }
        let asked = tags.is_empty() || self.tags.iter().any(|tag| tags.contains(tag));
        asked && !self.tags.iter().any(|tag| skip.contains(tag))
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::rule;

    fn selected(own: &str, tags: &[&str], skip: &[&str]) -> bool {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        rule(&format!("rules: [{{tags: [{own}], actions: [{{echo: hi}}]}}]"))
            .selected(&words(tags), &words(skip))
    }

    #[test]
    fn a_rule_that_only_talks_or_does_what_nobody_knows_leaves_nothing_to_take_back() {
        let leaves = |actions: &str| {
            rule(&format!("rules: [{{locations: /in, actions: [{actions}]}}]")).can_be_undone()
        };
        assert!(leaves("{move: /out/}"));
        assert!(leaves("{echo: hi}, trash"));
        assert!(!leaves("{echo: hi}, {notify: hi}, open, reveal, {confirm: sure}, delete"));
        assert!(!leaves("{shell: make}, {python: 'pass'}"));
        assert!(leaves("{shell: {cmd: make, undo: make clean}}"));
    }

    #[test]
    fn tags_select_rules_as_organize_does() {
        assert!(selected("", &[], &[]));
        assert!(!selected("", &["a"], &[]));
        assert!(selected("", &[], &["a"]));
        assert!(selected("a", &["a", "b"], &[]));
        assert!(!selected("a", &["b"], &[]));
        assert!(!selected("a", &["a"], &["a"]));
        assert!(selected("always", &["b"], &[]));
        assert!(!selected("always", &[], &["always"]));
        assert!(!selected("never", &[], &[]));
        assert!(selected("never", &["never"], &[]));
    }
}

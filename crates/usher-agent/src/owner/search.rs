//! Searching: rules, folders, and the whole journal, for each letter that is typed.

use std::time::Duration;

use usher_engine::JournalError;

use super::Owner;
use super::names::{Names, Wanted, file_name};
use super::requests::journal_refusal;
use crate::api::{Found, FoundRule, Refusal, SearchQuery};
use crate::present::{self, shown};

/// How many steps are found where the asker does not say, and how many can be.
const STEPS: u32 = 50;
const MOST_STEPS: u32 = 500;

/// How long the names are kept after the last search.
const KEPT: Duration = Duration::from_secs(60);

impl Owner {
    /// Finds everything there is by a part of its name. Nothing typed finds nothing, and makes ready for the letters.
    pub(super) fn search(&mut self, query: &SearchQuery) -> Result<Found, Refusal> {
        self.take_names_in().map_err(|error| journal_refusal(&error))?;
        let text = query.text.trim();
        let looked_at = u32::try_from(self.names.count()).unwrap_or(u32::MAX);
        if text.is_empty() {
            return Ok(Found { looked_at, ..Found::default() });
        }
        let wanted = Wanted::fuzzy(text);
        let mut scorer = wanted.matcher();
        let rules = self.rules.files().flat_map(|file| &file.rules).map(|rule| FoundRule {
            id: rule.id.clone(),
            title: rule.title().to_owned(),
            file: shown(&rule.file),
            enabled: rule.enabled,
        });
        let rules = scorer.few(rules, |rule| format!("{} {}", rule.title, file_name(&rule.file)));
        let folders = scorer.few(self.book.shown().into_iter(), |folder| folder.path.clone());
        let most = query.limit.unwrap_or(STEPS).min(MOST_STEPS) as usize;
        let steps = self.names.best(text, most);
        let found = self.found_in_journal(text, &steps).map_err(|error| journal_refusal(&error))?;
        Ok(Found { rules, folders, looked_at, ..found })
    }

    fn found_in_journal(&self, text: &str, steps: &[i64]) -> Result<Found, JournalError> {
        let journal = self.engine.journal();
        let run = text.trim_start_matches('#').parse::<i64>().ok();
        let run = run.map(|id| journal.run(id)).transpose()?.flatten();
        let runs = run.iter().map(|run| self.shown_run(run, 0, present::LISTED)).collect::<Result<_, _>>()?;
        let mut found = Vec::with_capacity(steps.len());
        for step in steps {
            found.extend(journal.step(*step)?.map(|step| present::step(&step, &self.dirs.home)));
        }
        Ok(Found { runs, steps: found, ..Found::default() })
    }

    /// Takes in the names of the steps that are new since the last search.
    fn take_names_in(&mut self) -> Result<(), JournalError> {
        self.names_until = Some(self.clock.ticks() + KEPT);
        let mut names = std::mem::take(&mut self.names);
        let read = self.engine.journal().step_names(names.next(), &mut |step| names.add(step));
        self.names = names.up_to(read?);
        Ok(())
    }

    /// How long until the names are of no use any more.
    pub(super) fn names_due(&self, now: Duration) -> Option<Duration> {
        self.names_until.map(|until| until.saturating_sub(now))
    }

    /// Gives the memory of the names back once nobody has searched for a while.
    pub(super) fn forget_names(&mut self, now: Duration) {
        if self.names_until.is_some_and(|until| until <= now) {
            (self.names, self.names_until) = (Names::default(), None);
        }
    }
}

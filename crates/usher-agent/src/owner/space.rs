//! How much room Usher's memory takes, and keeping it within what the user wants.
//!
//! There is no timer for it: it is seen to in a quiet moment after something has happened, once a day at most.

use std::time::Duration;

use jiff::SignedDuration;
use usher_engine::Keeping;

use super::Owner;
use super::requests::journal_refusal;
use crate::api::{KeepLimits, Refusal, Settings, Space};

/// The time between two looks at what is too old.
const APART: Duration = Duration::from_secs(24 * 60 * 60);

const MEGABYTE: u64 = 1_000_000;

impl KeepLimits {
    /// Those of the settings.
    fn of(settings: &Settings) -> Self {
        Self { keep_days: settings.keep_days, vault_megabytes: settings.vault_megabytes }
    }

    fn keeps_everything(self) -> bool {
        self == Self::default()
    }
}

impl Owner {
    /// Says how much room there is in use, and what limits would give up.
    pub(super) fn space(&mut self, limits: Option<KeepLimits>) -> Result<Space, Refusal> {
        let limits = limits.unwrap_or_else(|| KeepLimits::of(&self.settings.settings));
        let keeping = self.keeping(limits);
        let used = self.engine.space().map_err(|error| journal_refusal(&error))?;
        let would = self.engine.would_give_up(keeping).map_err(|error| journal_refusal(&error))?;
        Ok(Space {
            journal: used.journal,
            vault: used.vault,
            runs: would.runs,
            steps: would.steps,
            kept_things: would.kept_things,
            bytes: would.bytes,
        })
    }

    /// Gives up what the settings do not keep, because somebody asked.
    pub(super) fn free_space(&mut self) -> Result<Space, Refusal> {
        let keeping = self.keeping(KeepLimits::of(&self.settings.settings));
        let freed = self.engine.give_up(keeping).and_then(|freed| self.engine.shrink().map(|()| freed));
        let freed = freed.map_err(|error| journal_refusal(&error))?;
        self.forgot(freed);
        self.space(None)
    }

    /// Gives up what the settings do not keep, where that was not seen to for a day.
    pub(super) fn keep_within_limits(&mut self, now: Duration) {
        let limits = KeepLimits::of(&self.settings.settings);
        let seen_to = self.kept_within.is_some_and(|last| now < last + APART);
        if !self.resident
            || seen_to
            || limits.keeps_everything()
            || self.engine.busy()
            || !self.runs.is_empty()
        {
            return;
        }
        self.kept_within = Some(now);
        let keeping = self.keeping(limits);
        let mut freed = usher_engine::Forgotten::default();
        self.engine_does(|engine| engine.give_up(keeping).map(|forgotten| freed = forgotten));
        self.forgot(freed);
    }

    fn keeping(&self, limits: KeepLimits) -> Keeping {
        let days = SignedDuration::from_hours(24 * i64::from(limits.keep_days));
        let since = self.clock.timestamp().checked_sub(days).ok().filter(|_| limits.keep_days > 0);
        let vault = Some(u64::from(limits.vault_megabytes) * MEGABYTE).filter(|most| *most > 0);
        Keeping { since, vault }
    }

    fn forgot(&mut self, freed: usher_engine::Forgotten) {
        if freed.runs == 0 && freed.kept_things == 0 {
            return;
        }
        tracing::info!(?freed, "old runs and what they had put by were given up");
        // The names of the journal are kept at hand for searching; those that are gone are no use.
        self.names = super::names::Names::default();
        self.news.status();
    }
}

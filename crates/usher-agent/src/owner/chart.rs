//! How much was done on which day, counted in the journal.

use std::cmp::Reverse;

use jiff::ToSpan;
use jiff::civil::Date;

use super::Owner;
use super::requests::journal_refusal;
use crate::api::{Chart, ChartRule, Refusal};

/// The most days a chart can have.
const MOST_DAYS: u32 = 366;

impl Owner {
    /// Counts files by day and rule.
    pub(super) fn chart(&self, days: u32) -> Result<Chart, Refusal> {
        let now = self.clock.now();
        let days = dates(now.date(), days.clamp(1, MOST_DAYS));
        let tomorrow = now.date().tomorrow().ok();
        let midnights = days.iter().copied().chain(tomorrow);
        // A day begins at midnight, or a little later where the clock skips that.
        let begins = midnights.filter_map(|date| date.to_zoned(now.time_zone().clone()).ok());
        let moments: Vec<_> = begins.map(|begin| begin.timestamp()).collect();
        let journal = self.engine.journal();
        let counts = journal.counts_between(&moments).map_err(|error| journal_refusal(&error))?;
        let mut rules: Vec<ChartRule> = counts
            .rules
            .into_iter()
            .filter(|counts| counts.files.iter().any(|files| *files > 0))
            .map(|counts| ChartRule { rule: counts.rule_id, title: counts.title, files: counts.files })
            .collect();
        rules.sort_by_key(|rule| Reverse(rule.files.iter().sum::<u32>()));
        Ok(Chart { days: days.iter().map(Date::to_string).collect(), files: counts.files, rules })
    }
}

/// So many days that end with one.
fn dates(last: Date, days: u32) -> Vec<Date> {
    (0..i64::from(days)).rev().filter_map(|back| last.checked_sub(back.days()).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_end_with_today() {
        let today = jiff::civil::date(2026, 3, 1);
        let days: Vec<String> = dates(today, 3).iter().map(Date::to_string).collect();
        assert_eq!(days, ["2026-02-27", "2026-02-28", "2026-03-01"]);
    }
}

//! A digest: once a day, where the user wants it, one notification that says what was done since the last one.
//!
//! Where nothing was done there is nothing to say. A moment that passed while the machine slept or Usher was off is
//! made up for as soon as it is noticed.

use std::cmp::Reverse;
use std::time::Duration;

use fluent_bundle::FluentValue;
use jiff::civil::Time;
use jiff::{Timestamp, Zoned};
use usher_engine::RuleCounts;

use super::Owner;
use crate::quiet::time_of_day;
use crate::words::Words;

/// The clock that waiting is measured with stands still while the machine sleeps. Where the system does not tell that it
/// woke, the time of day is looked at this often; only while there is a digest to wait for.
const LOOK_AGAIN: Duration = Duration::from_secs(3600);

/// So many rules are named; the rest are counted.
const NAMED: usize = 5;

impl Owner {
    /// How long until the time of day has to be looked at.
    pub(super) fn digest_due(&self) -> Option<Duration> {
        let (at, last) = (self.digest_time()?, self.memory.digested()?);
        let now = self.clock.now();
        let left = moment_after(last, at, &now)?.duration_since(now.timestamp());
        Some(Duration::try_from(left).unwrap_or(Duration::ZERO).min(LOOK_AGAIN))
    }

    /// Tells what was done since the last digest, if it is time.
    pub(super) fn tell_digest(&mut self) {
        let Some(at) = self.digest_time() else { return self.memory.note_digest(None) };
        let now = self.clock.now();
        let Some(last) = self.memory.digested_by(now.timestamp()) else {
            // It was switched on just now: what was done before is no news.
            return self.memory.note_digest(Some(now.timestamp()));
        };
        if moment_after(last, at, &now).is_none_or(|moment| now.timestamp() < moment) {
            return;
        }
        match self.engine.journal().counts_between(&[last, now.timestamp()]) {
            Ok(counts) => {
                if let Some((title, text)) = told(&self.words(), counts.rules) {
                    self.desk.say(&title, &text);
                }
            }
            Err(error) => tracing::warn!(%error, "what was done cannot be counted for the digest"),
        }
        self.memory.note_digest(Some(now.timestamp()));
    }

    /// When there is to be a digest. A command that somebody waits for has none.
    pub(super) fn digest_time(&self) -> Option<Time> {
        time_of_day(&self.settings.settings.digest).filter(|_| self.resident)
    }
}

/// The first moment after another at which it is this time of day.
fn moment_after(last: Timestamp, at: Time, now: &Zoned) -> Option<Timestamp> {
    let zone = now.time_zone();
    let day = last.to_zoned(zone.clone()).date();
    let moment = |day: jiff::civil::Date| Some(day.to_datetime(at).to_zoned(zone.clone()).ok()?.timestamp());
    moment(day).filter(|moment| *moment > last).or_else(|| moment(day.tomorrow().ok()?))
}

/// What a digest says of steps, rule by rule; nothing where there were none.
fn told(words: &Words, counts: Vec<RuleCounts>) -> Option<(String, String)> {
    let mut rules: Vec<(String, u32)> =
        counts.into_iter().map(|rule| (rule.title, rule.steps.iter().sum())).collect();
    rules.retain(|(_, count)| *count > 0);
    rules.sort_by_key(|(_, count)| Reverse(*count));
    let all: u32 = rules.iter().map(|(_, count)| count).sum();
    if all == 0 {
        return None;
    }
    let title = words.say_with("notice-digest", &[("count", FluentValue::from(all))]);
    let line = |(rule, count): &(String, u32)| {
        let arguments = [("rule", FluentValue::from(rule.as_str())), ("count", FluentValue::from(*count))];
        words.say_with("notice-digest-rule", &arguments)
    };
    let mut lines: Vec<String> = rules.iter().take(NAMED).map(line).collect();
    if let Some(more @ 1..) = rules.len().checked_sub(NAMED) {
        lines.push(words.say_with("notice-digest-more", &[("count", FluentValue::from(more))]));
    }
    Some((title, lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(title: &str, steps: u32) -> RuleCounts {
        RuleCounts {
            rule_id: title.to_owned(),
            title: title.to_owned(),
            steps: vec![steps],
            files: vec![steps],
        }
    }

    #[test]
    fn the_next_digest_comes_at_its_time_of_day_once_a_day() {
        let zoned = |text: &str| format!("{text}[Europe/Paris]").parse::<Zoned>().unwrap();
        let next = |last: &str| {
            let last = zoned(last);
            let at = moment_after(last.timestamp(), Time::constant(18, 0, 0, 0), &last).unwrap();
            at.to_zoned(last.time_zone().clone()).datetime().to_string()
        };
        assert_eq!(next("2026-11-26T09:00:00"), "2026-11-26T18:00:00");
        assert_eq!(next("2026-11-26T18:00:00"), "2026-11-27T18:00:00");
        assert_eq!(next("2026-11-26T23:59:00"), "2026-11-27T18:00:00");
        // The clocks go forward in the night between.
        assert_eq!(next("2026-03-28T20:00:00"), "2026-03-29T18:00:00");
    }

    #[test]
    fn it_says_how_much_each_rule_did_and_nothing_where_nothing_was_done() {
        let en = Words::of("en");
        assert_eq!(told(&en, vec![counts("Idle", 0)]), None);
        assert_eq!(told(&en, Vec::new()), None);
        let (title, text) = told(&en, vec![counts("Scans", 1), counts("Invoices", 11)]).unwrap();
        assert_eq!(
            (title.as_str(), text.as_str()),
            ("12 steps since the last digest", "Invoices: 11\nScans: 1")
        );
        let many = (1..=7).map(|nr| counts(&format!("rule {nr}"), nr)).collect();
        let (title, text) = told(&Words::of("fr"), many).unwrap();
        assert_eq!(title, "28 étapes depuis le dernier résumé");
        assert!(text.starts_with("rule 7 : 7\n") && text.ends_with("\net 2 autres règles"), "{text}");
    }
}

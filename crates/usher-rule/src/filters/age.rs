//! "Older (or newer) than so long ago", for every filter that looks at a time.
//!
//! "So long ago" is counted from the moment of asking, not from when the rules were loaded. Time passing changes the
//! answer by itself, once; when that will be can be asked, so that nobody has to look again and again.

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Span as TimeSpan, Timestamp, Zoned};
use usher_event::sentence;

use crate::Diagnostic;
use crate::load::{Kind, Param, Reader};

pub(super) const YEARS: Param = Param::new("years", Kind::Int, "0", "years ago");
pub(super) const MONTHS: Param = Param::new("months", Kind::Int, "0", "months ago");
pub(super) const WEEKS: Param = Param::new("weeks", Kind::Int, "0", "weeks ago");
pub(super) const DAYS: Param = Param::new("days", Kind::Int, "0", "days ago");
pub(super) const HOURS: Param = Param::new("hours", Kind::Int, "0", "hours ago");
pub(super) const MINUTES: Param = Param::new("minutes", Kind::Int, "0", "minutes ago");
pub(super) const SECONDS: Param = Param::new("seconds", Kind::Int, "0", "seconds ago");
pub(super) const MODE: Param = Param::new(
    "mode",
    Kind::Choice(&["older", "newer"]),
    "older",
    "whether the time lies before or after that",
);
pub(super) const TIMEZONE: Param =
    Param::new("timezone", Kind::Text, "local", "the time zone the published time is given in");

/// How old something has to be.
#[derive(Debug)]
pub(super) struct Age {
    ago: Ago,
    newer: bool,
    /// `None` for the user's own.
    zone: Option<TimeZone>,
}

/// A time span as calendars count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ago([(i64, &'static str); 7]);

impl Age {
    /// Reads the parameters above.
    pub(super) fn read(reader: &mut Reader<'_, '_>) -> Self {
        let units = ["years", "months", "weeks", "days", "hours", "minutes", "seconds"];
        let ago = Ago(units.map(|unit| (reader.int(unit), unit)));
        Self { ago, newer: reader.choice("mode") == "newer", zone: zone(reader) }
    }

    /// Whether every time will do.
    pub(super) fn is_any(&self) -> bool {
        self.ago.0.iter().all(|(count, _)| *count == 0)
    }

    /// `older than 3 days`.
    pub(super) fn wanted(&self) -> String {
        if self.is_any() {
            return "any time".to_owned();
        }
        let parts = self.ago.0.iter().filter(|(count, _)| *count != 0);
        let parts: Vec<String> = parts.map(|(count, unit)| format!("{count} {unit}")).collect();
        format!("{} than {}", if self.newer { "newer" } else { "older" }, parts.join(" "))
    }

    /// A time in the zone asked for.
    pub(super) fn zoned(&self, time: Timestamp, now: &Zoned) -> Zoned {
        time.to_zoned(self.zone.clone().unwrap_or_else(|| now.time_zone().clone()))
    }

    /// Whether a time is as old as asked for.
    pub(super) fn holds(&self, time: Timestamp, now: &Zoned) -> bool {
        self.is_any() || {
            let edge = self.ago.before(now);
            if self.newer { time > edge } else { time < edge }
        }
    }

    /// When the answer for this time will change by itself; never, where it has changed already.
    pub(super) fn next_change(&self, time: Timestamp, now: &Zoned) -> Option<Timestamp> {
        if self.is_any() {
            return None;
        }
        let over = |moment: Timestamp| {
            let edge = self.ago.before(&moment.to_zoned(now.time_zone().clone()));
            if self.newer { edge >= time } else { edge > time }
        };
        let now_stamp = now.timestamp();
        if over(now_stamp) {
            return None;
        }
        // Counting forward is not quite the reverse of counting back: months differ in length.
        let about = self.ago.after(&time.to_zoned(now.time_zone().clone()))?;
        let mut early = about.checked_sub(SignedDuration::from_secs(1)).ok()?.max(now_stamp);
        let mut late = about.checked_add(SignedDuration::from_nanos(1)).ok()?.max(now_stamp);
        let mut step = SignedDuration::from_hours(24);
        while !over(late) {
            early = late;
            late = late.checked_add(step).ok()?;
            step = step.checked_mul(2)?;
        }
        if over(early) {
            early = now_stamp;
        }
        while late.duration_since(early) > SignedDuration::from_nanos(1) {
            let middle = early.checked_add(late.duration_since(early) / 2).ok()?;
            if over(middle) { late = middle } else { early = middle }
        }
        Some(late)
    }
}

fn zone(reader: &mut Reader<'_, '_>) -> Option<TimeZone> {
    let name = reader.text("timezone");
    if name == "local" {
        return None;
    }
    let zone = TimeZone::get(&name).ok().or_else(|| fixed_offset(&name));
    if zone.is_none() {
        let span = reader.node("timezone").map_or(reader.span(), |node| node.head());
        reader.problems().push(
            Diagnostic::error(
                "unknown_timezone",
                span,
                sentence!("lint-no-timezone", "there is no time zone `{name}`", name = name),
            )
            .help(sentence!(
                "lint-no-timezone-help",
                "use `local`, `UTC`, a name such as `Europe/Paris`, or an offset such as `+02:00`"
            )),
        );
    }
    zone
}

/// `+02:00`, `-0530` or `+2`.
fn fixed_offset(text: &str) -> Option<TimeZone> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    let (hours, minutes) = digits.split_at_checked(digits.len().min(2))?;
    let hours: i32 = hours.parse().ok()?;
    let minutes: i32 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok().map(TimeZone::fixed)
}

impl Ago {
    /// The moment so long before `now`, or the edge of time where there is none.
    fn before(&self, now: &Zoned) -> Timestamp {
        let mut moment = now.clone();
        for (count, unit) in self.0.iter().filter(|(count, _)| *count != 0) {
            let earlier = span(unit, *count).and_then(|span| moment.checked_sub(span).ok());
            match earlier {
                Some(earlier) => moment = earlier,
                None if *count > 0 => return Timestamp::MIN,
                None => return Timestamp::MAX,
            }
        }
        moment.timestamp()
    }

    /// The moment so long after `time`, where there is one.
    fn after(&self, time: &Zoned) -> Option<Timestamp> {
        let mut moment = time.clone();
        for (count, unit) in self.0.iter().filter(|(count, _)| *count != 0) {
            moment = moment.checked_add(span(unit, *count)?).ok()?;
        }
        Some(moment.timestamp())
    }
}

fn span(unit: &str, count: i64) -> Option<TimeSpan> {
    let span = TimeSpan::new();
    match unit {
        "years" => span.try_years(count),
        "months" => span.try_months(count),
        "weeks" => span.try_weeks(count),
        "days" => span.try_days(count),
        "hours" => span.try_hours(count),
        "minutes" => span.try_minutes(count),
        _ => span.try_seconds(count),
    }
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn age(unit: &'static str, count: i64, newer: bool) -> Age {
        let mut ago = Ago([(0, "years"); 7]);
        ago.0[0] = (count, unit);
        Age { ago, newer, zone: None }
    }

    fn change(age: &Age, time: &str, now: &str) -> Option<String> {
        let now: Zoned = now.parse().expect(now);
        let time: Timestamp = time.parse().expect(time);
        let change = age.next_change(time, &now)?;
        let at = |moment: Timestamp| age.holds(time, &moment.to_zoned(now.time_zone().clone()));
        assert!(change > now.timestamp());
        assert_ne!(at(change), at(now.timestamp()));
        assert_eq!(
            at(change.checked_sub(SignedDuration::from_nanos(2)).expect("before")),
            at(now.timestamp())
        );
        Some(change.to_zoned(now.time_zone().clone()).strftime("%Y-%m-%d %H:%M:%S").to_string())
    }

    #[test]
    fn the_answer_changes_when_the_span_is_over() {
        let now = "2026-03-31T12:00:00+02:00[Europe/Berlin]";
        let days = |newer| change(&age("days", 30, newer), "2026-03-20T10:00:00Z", now);
        // The clocks change in between: the same hour of the day, not the same number of hours.
        assert_eq!(days(false).as_deref(), Some("2026-04-19 11:00:00"));
        assert_eq!(days(true).as_deref(), Some("2026-04-19 11:00:00"));
        assert_eq!(change(&age("days", 30, false), "2026-01-01T00:00:00Z", now), None);
        assert_eq!(change(&age("days", 30, true), "2026-01-01T00:00:00Z", now), None);
        assert_eq!(change(&age("days", 0, false), "2026-03-20T10:00:00Z", now), None);
        assert_eq!(
            change(&age("seconds", 90, false), "2026-03-31T10:00:00Z", now).as_deref(),
            Some("2026-03-31 12:01:30")
        );
    }

    #[test]
    fn months_of_different_lengths_are_counted_back_from_the_moment_of_change() {
        let now = "2026-02-10T12:00:00+00:00[UTC]";
        let month = age("months", 1, false);
        assert_eq!(change(&month, "2026-01-31T06:00:00Z", now).as_deref(), Some("2026-03-01 00:00:00"));
        assert_eq!(change(&month, "2026-01-15T06:00:00Z", now).as_deref(), Some("2026-02-15 06:00:00"));
        assert_eq!(
            change(&age("years", 1, false), "2025-06-01T00:00:00Z", now).as_deref(),
            Some("2026-06-01 00:00:00")
        );
    }

    #[test]
    fn spans_beyond_all_time_never_change() {
        let now = "2026-02-10T12:00:00+00:00[UTC]";
        assert_eq!(change(&age("years", 999_999, false), "2026-01-31T06:00:00Z", now), None);
        assert_eq!(change(&age("seconds", i64::MAX, true), "2026-01-31T06:00:00Z", now), None);
    }
}

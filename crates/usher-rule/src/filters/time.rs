//! `created` and `lastmodified`: older or newer than so long ago.
//!
//! "So long ago" is counted from the moment of asking, not from when the rules were loaded.

use jiff::tz::{Offset, TimeZone};
use jiff::{Span as TimeSpan, Timestamp};

use super::{Filter, FilterError, Verdict};
use crate::load::{Kind, Param, Reader, Spec};
use crate::template::Moment;
use crate::{Context, Diagnostic, Stat};

const PARAMS: &[Param] = &[
    Param::new("years", Kind::Int, "0", "years ago"),
    Param::new("months", Kind::Int, "0", "months ago"),
    Param::new("weeks", Kind::Int, "0", "weeks ago"),
    Param::new("days", Kind::Int, "0", "days ago"),
    Param::new("hours", Kind::Int, "0", "hours ago"),
    Param::new("minutes", Kind::Int, "0", "minutes ago"),
    Param::new("seconds", Kind::Int, "0", "seconds ago"),
    Param::new(
        "mode",
        Kind::Choice(&["older", "newer"]),
        "older",
        "whether the time lies before or after that",
    ),
    Param::new("timezone", Kind::Text, "local", "the time zone the published time is given in"),
];

pub(super) const CREATED: Spec = Spec {
    params: PARAMS,
    variables: &["created"],
    positional: Some("years"),
    ..Spec::new("created", "looks at when the file was made")
};

pub(super) const LASTMODIFIED: Spec = Spec {
    params: PARAMS,
    variables: &["lastmodified"],
    positional: Some("years"),
    ..Spec::new("lastmodified", "looks at when the content changed last")
};

#[derive(Debug)]
struct Time {
    which: Which,
    ago: Ago,
    newer: bool,
    /// `None` for the user's own.
    zone: Option<TimeZone>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Created,
    Modified,
}

/// A time span as calendars count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ago([(i64, &'static str); 7]);

pub(super) fn read_created(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    Some(Box::new(read(Which::Created, reader)))
}

pub(super) fn read_lastmodified(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    Some(Box::new(read(Which::Modified, reader)))
}

fn read(which: Which, reader: &mut Reader<'_, '_>) -> Time {
    let units = ["years", "months", "weeks", "days", "hours", "minutes", "seconds"];
    let ago = Ago(units.map(|unit| (reader.int(unit), unit)));
    Time { which, ago, newer: reader.choice("mode") == "newer", zone: zone(reader) }
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
            Diagnostic::error("unknown_timezone", span, format!("there is no time zone `{name}`"))
                .help("use `local`, `UTC`, a name such as `Europe/Paris`, or an offset such as `+02:00`"),
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
    fn is_now(&self) -> bool {
        self.0.iter().all(|(count, _)| *count == 0)
    }

    /// The moment so long before `now`, or the edge of time where there is none.
    fn before(&self, now: &jiff::Zoned) -> Timestamp {
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

impl Time {
    fn of(&self, stat: &Stat) -> Option<Timestamp> {
        match self.which {
            Which::Created => stat.created,
            Which::Modified => Some(stat.modified),
        }
    }
}

impl Filter for Time {
    fn name(&self) -> &'static str {
        match self.which {
            Which::Created => CREATED.name,
            Which::Modified => LASTMODIFIED.name,
        }
    }

    fn wanted(&self) -> String {
        if self.ago.is_now() {
            return "any time".to_owned();
        }
        let parts = self.ago.0.iter().filter(|(count, _)| *count != 0);
        let parts: Vec<String> = parts.map(|(count, unit)| format!("{count} {unit}")).collect();
        format!("{} than {}", if self.newer { "newer" } else { "older" }, parts.join(" "))
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        let Some(time) = self.of(&cx.stat()?) else {
            return Ok(Verdict { pass: false, seen: cx.seen(|| "not known here".to_owned()) });
        };
        let now = cx.world.now();
        let pass = self.ago.is_now() || {
            let edge = self.ago.before(&now);
            if self.newer { time > edge } else { time < edge }
        };
        let zone = || self.zone.clone().unwrap_or_else(|| now.time_zone().clone());
        let seen = cx.seen(|| time.to_zoned(zone()).strftime("%Y-%m-%d %H:%M:%S").to_string());
        cx.publish(self.name(), |_| Moment::Aware(time.to_zoned(zone())).value());
        Ok(Verdict { pass, seen })
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::{Fake, rule};

    /// The fake's now is noon of 2026-03-31 in Berlin.
    fn matches(filter: &str, modified: &str) -> bool {
        let world = Fake::new().file("/in/a", "").modified("/in/a", modified);
        let rule = rule(&format!("rules: [{{locations: /in, filters: [{filter}], actions: [trash]}}]"));
        world.looking(&rule, "/in/a", |cx| rule.matches(cx))
    }

    #[test]
    fn files_are_older_or_newer_than_so_long_ago() {
        assert!(matches("lastmodified: {days: 1}", "2026-03-30T09:59:00Z"));
        assert!(!matches("lastmodified: {days: 1}", "2026-03-30T10:01:00Z"));
        assert!(matches("lastmodified: {days: 1, mode: newer}", "2026-03-30T10:01:00Z"));
        assert!(matches("lastmodified: {hours: 1, minutes: 30}", "2026-03-31T08:29:00Z"));
        assert!(matches("lastmodified", "2030-01-01T00:00:00Z"));
    }

    #[test]
    fn months_and_days_are_counted_on_the_calendar() {
        // A month before the last of March is the last of February.
        assert!(matches("lastmodified: {months: 1}", "2026-02-28T10:59:00Z"));
        assert!(!matches("lastmodified: {months: 1}", "2026-02-28T11:01:00Z"));
        // Three days ago the clocks had not changed: noon was an hour later in UTC.
        assert!(!matches("lastmodified: {days: 3}", "2026-03-28T11:01:00Z"));
        assert!(matches("lastmodified: {days: 3}", "2026-03-28T10:59:00Z"));
    }

    #[test]
    fn spans_beyond_all_time_neither_fail_nor_match() {
        assert!(!matches("lastmodified: {years: 999999}", "2026-01-01T00:00:00Z"));
        assert!(matches("lastmodified: {years: 999999, mode: newer}", "2026-01-01T00:00:00Z"));
        assert!(!matches("lastmodified: {seconds: 9223372036854775807}", "2026-01-01T00:00:00Z"));
    }

    #[test]
    fn a_time_that_is_not_known_matches_nothing() {
        let world = Fake::new().file("/in/a", "");
        let rule = rule("rules: [{locations: /in, filters: [created], actions: [trash]}]");
        assert!(!world.looking(&rule, "/in/a", |cx| rule.matches(cx)));
    }

    #[test]
    fn times_are_published_in_the_zone_asked_for() {
        let world = Fake::new().file("/in/a", "").modified("/in/a", "2026-01-02T03:04:05Z");
        let echo = "- echo: '{lastmodified} {lastmodified.year} {lastmodified.strftime(\"%d.%m.\")}'";
        let said = |zone: &str| world.run_with(&format!("filters: [lastmodified: {zone}]"), echo, "/in/a");
        assert_eq!(said("{}"), "echo 2026-01-02 04:04:05+01:00 2026 02.01.\n");
        assert_eq!(said("{timezone: America/New_York}"), "echo 2026-01-01 22:04:05-05:00 2026 01.01.\n");
        assert_eq!(said("{timezone: '+05:30'}"), "echo 2026-01-02 08:34:05+05:30 2026 02.01.\n");
    }
}

//! `created`, `lastmodified` and macOS's `date_added`, `date_lastused`: older or newer than so long ago.

use std::io;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use usher_event::sentence;

use super::age::{Age, DAYS, HOURS, MINUTES, MODE, MONTHS, SECONDS, TIMEZONE, WEEKS, YEARS};
use super::labels::attribute;
use super::{Filter, FilterError, Tried, Verdict};
use crate::Context;
use crate::load::{Param, Reader, Spec};
use crate::template::Moment;

const PARAMS: &[Param] = &[YEARS, MONTHS, WEEKS, DAYS, HOURS, MINUTES, SECONDS, MODE, TIMEZONE];

pub(super) const CREATED: Spec = Spec {
    params: PARAMS,
    variables: &["created"],
    positional: Some("years"),
    ..Spec::new("created", "looks at when the file was made")
};

pub(super) const DATE_ADDED: Spec = Spec {
    params: PARAMS,
    variables: &["date_added"],
    positional: Some("years"),
    systems: &["macos"],
    ..Spec::new("date_added", "looks at when the file was put into its folder")
};

pub(super) const DATE_LASTUSED: Spec = Spec {
    params: PARAMS,
    variables: &["date_lastused"],
    positional: Some("years"),
    systems: &["macos"],
    ..Spec::new("date_lastused", "looks at when the file was opened last")
};

pub(super) const LASTMODIFIED: Spec = Spec {
    params: PARAMS,
    variables: &["lastmodified"],
    positional: Some("years"),
    ..Spec::new("lastmodified", "looks at when the content changed last")
};

/// Where macOS keeps when a file was opened last: seconds and nanoseconds, eight bytes each.
const LAST_USED: &str = "com.apple.lastuseddate#PS";

#[derive(Debug)]
struct Time {
    which: Which,
    age: Age,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Created,
    Modified,
    Added,
    LastUsed,
}

pub(super) fn read_created(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    Some(Box::new(Time { which: Which::Created, age: Age::read(reader) }))
}

pub(super) fn read_date_added(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    Some(Box::new(Time { which: Which::Added, age: Age::read(reader) }))
}

pub(super) fn read_date_lastused(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    Some(Box::new(Time { which: Which::LastUsed, age: Age::read(reader) }))
}

pub(super) fn read_lastmodified(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Filter>> {
    Some(Box::new(Time { which: Which::Modified, age: Age::read(reader) }))
}

impl Which {
    fn spec(self) -> &'static Spec {
        match self {
            Self::Created => &CREATED,
            Self::Modified => &LASTMODIFIED,
            Self::Added => &DATE_ADDED,
            Self::LastUsed => &DATE_LASTUSED,
        }
    }

    /// The time, where it is known.
    fn of(self, cx: &Context<'_>) -> Result<Option<Timestamp>, FilterError> {
        match self {
            Self::Created => Ok(cx.stat()?.created),
            Self::Modified => Ok(Some(cx.stat()?.modified)),
            Self::Added | Self::LastUsed if !self.spec().is_here() => Err(FilterError::new(sentence!(
                "filter-macos-only",
                "`{filter}` is known on macOS only",
                filter = self.spec().name
            ))),
            Self::Added => added(cx, cx.looked_at()?),
            Self::LastUsed => {
                Ok(attribute(cx.world, cx.looked_at()?, LAST_USED)?.and_then(|bytes| last_used(&bytes)))
            }
        }
    }
}

fn added(cx: &Context<'_>, path: &Path) -> Result<Option<Timestamp>, FilterError> {
    match cx.world.added(path) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(None),
        answer => answer.map_err(|error| FilterError::io(Tried::Added, path, error)),
    }
}

fn last_used(bytes: &[u8]) -> Option<Timestamp> {
    let (seconds, rest) = bytes.split_first_chunk::<8>()?;
    let nanoseconds = rest.first_chunk::<8>().map_or(0, |rest| i64::from_le_bytes(*rest));
    let since = SignedDuration::from_secs(i64::from_le_bytes(*seconds));
    Timestamp::from_duration(since.checked_add(SignedDuration::from_nanos(nanoseconds))?).ok()
}

impl Filter for Time {
    fn name(&self) -> &'static str {
        self.which.spec().name
    }

    fn wanted(&self) -> String {
        self.age.wanted()
    }

    fn test(&self, cx: &mut Context<'_>) -> Result<Verdict, FilterError> {
        let Some(time) = self.which.of(cx)? else {
            return Ok(Verdict { pass: false, seen: cx.seen(|| "not known here".to_owned()) });
        };
        let now = cx.world.now();
        let pass = self.age.holds(time, &now);
        let zoned = self.age.zoned(time, &now);
        let seen = cx.seen(|| zoned.strftime("%Y-%m-%d %H:%M:%S").to_string());
        cx.publish(self.name(), |_| Moment::Aware(zoned).value());
        Ok(Verdict { pass, seen })
    }

    fn watches_clock(&self) -> bool {
        !self.age.is_any()
    }

    fn next_change(&self, cx: &Context<'_>) -> Option<Timestamp> {
        self.age.next_change(self.which.of(cx).ok()??, &cx.world.now())
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

    #[test]
    fn what_macos_keeps_is_read_there_and_told_of_elsewhere() {
        let world = Fake::new().file("/in/a", "").with_attribute(
            "/in/a",
            super::LAST_USED,
            &[0, 0xe1, 0xf5, 0x05, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        );
        for name in ["date_added", "date_lastused"] {
            let text =
                format!("rules: [{{locations: /in, filters: [not {name}: {{days: 3}}], actions: [trash]}}]");
            let loaded = crate::load(std::path::Path::new("r.yaml"), &text);
            let codes: Vec<_> = loaded.diagnostics.iter().map(|problem| problem.code).collect();
            assert_eq!(codes == ["not_available_here"], !cfg!(target_os = "macos"), "{codes:?}");
            let account = world.looking(&loaded.rules[0], "/in/a", |cx| loaded.rules[0].explain(cx));
            assert!(!account.matched);
            if !cfg!(target_os = "macos") {
                let said = format!("`{name}` is known on macOS only");
                assert_eq!(account.filters[0].error.as_deref(), Some(&*said));
            }
        }
    }

    #[test]
    fn times_of_use_are_seconds_and_nanoseconds() {
        let bytes = |seconds: i64, rest: i64| [seconds.to_le_bytes(), rest.to_le_bytes()].concat();
        let text = |bytes: &[u8]| super::last_used(bytes).map(|time| time.to_string());
        assert_eq!(text(&bytes(100_000_000, 500_000_000)).as_deref(), Some("1973-03-03T09:46:40.5Z"));
        assert_eq!(text(&bytes(100_000_000, 0)[..8]).as_deref(), Some("1973-03-03T09:46:40Z"));
        assert_eq!(text(&bytes(i64::MAX, i64::MAX)), None);
        assert_eq!(text(b"short"), None);
    }
}

//! Cron lines beside another library's reading of them, over thousands of random ones.
//!
//! On a day without a change of the clock both have to name the same moments, in any zone. What becomes of the hour that a
//! change skips or repeats is a rule of its own (see [`Schedule::next`]), which the other library does not share: there it
//! is only asked which minutes of the clock's face a line means.

use std::collections::BTreeSet;

use cronexpr::{Crontab, FallbackTimezoneOption, MakeTimestamp, ParseOptions, parse_crontab_with};
use jiff::ToSpan;
use jiff::civil::Date;

use super::*;

/// Zones that change their clocks in the night and at midnight, on both halves of the globe, and never.
const ZONES: &[&str] = &[
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Pacific/Chatham",
];

/// One that changes its clock by half an hour, over which the other library does not get.
const HALF_AN_HOUR: &str = "Australia/Lord_Howe";

const MONTHS: &[&str] = &["jan", "Feb", "MAR", "apr", "may", "JUN", "jul", "aug", "Sep", "oct", "nov", "DEC"];
const DAYS: &[&str] = &["sun", "Mon", "TUE", "wed", "thu", "fri", "SAT"];

/// Numbers that are the same each time the test runs.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        // Xorshift.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }

    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.roll(high - low + 1)
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.roll(words.len() as u64) as usize]
    }

    /// A number of a field, or the word for it.
    fn value(&mut self, field: Field, number: u64) -> String {
        let word = usize::try_from(number - field.first).ok().and_then(|nr| field.words.get(nr));
        match word.filter(|_| self.roll(3) == 0) {
            Some(word) => (*word).to_owned(),
            None if self.roll(8) == 0 => format!("{number:02}"),
            None => number.to_string(),
        }
    }

    fn item(&mut self, field: Field) -> String {
        let (one, other) = (self.between(field.first, field.last), self.between(field.first, field.last));
        let (low, high) = (one.min(other), one.max(other));
        // At the end of a range Sunday by its name is the day after Saturday to one, and before Monday to the other.
        let last = if field.name == "weekday" { high.max(1) } else { high };
        let range = |dice: &mut Self| format!("{}-{}", dice.value(field, low), dice.value(field, last));
        match self.roll(8) {
            0 | 1 => range(self),
            2 => format!("{}/{}", range(self), self.between(1, field.last - field.first)),
            3 if field.name == "day" => match self.roll(3) {
                0 => "L".to_owned(),
                _ => format!("{}W", self.between(1, 31)),
            },
            3 if field.name == "weekday" => match self.roll(2) {
                0 => format!("{}L", self.between(0, 6)),
                _ => format!("{}#{}", self.between(0, 6), self.between(1, 5)),
            },
            _ => self.value(field, one),
        }
    }

    fn field(&mut self, field: Field) -> String {
        match self.roll(10) {
            0..=2 => "*".to_owned(),
            3 => format!("*/{}", self.between(1, field.last - field.first)),
            4 => format!("*/{},{}", self.between(1, field.last - field.first), self.item(field)),
            5 | 6 => {
                let many = self.between(2, 4);
                (0..many).map(|_| self.item(field)).collect::<Vec<_>>().join(",")
            }
            _ => self.item(field),
        }
    }

    fn line(&mut self) -> String {
        let mut fields = FIELDS.map(|field| self.field(field));
        // The other library knows no last day of December.
        if fields.iter().any(|field| field.contains('L')) {
            fields[3] = self.item(Field { last: 11, words: &[], ..FIELDS[3] });
        }
        fields.join(" ")
    }

    /// A moment between 2000 and 2050.
    fn moment(&mut self) -> Timestamp {
        Timestamp::from_second(i64::try_from(self.between(946_684_800, 2_524_608_000)).unwrap()).unwrap()
    }
}

#[derive(Clone, Copy)]
struct Field {
    name: &'static str,
    first: u64,
    last: u64,
    words: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { name: "minute", first: 0, last: 59, words: &[] },
    Field { name: "hour", first: 0, last: 23, words: &[] },
    Field { name: "day", first: 1, last: 31, words: &[] },
    Field { name: "month", first: 1, last: 12, words: MONTHS },
    Field { name: "weekday", first: 0, last: 6, words: DAYS },
];

fn ours(line: &str) -> Schedule {
    let line = read_cron(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    Schedule { way: Way::Cron(Box::new(line)), missed: Missed::default() }
}

fn theirs(line: &str, zone: &'static str) -> Crontab {
    let mut options = ParseOptions::default();
    options.fallback_timezone_option = FallbackTimezoneOption::UTC;
    parse_crontab_with(&format!("{line} {zone}"), options).unwrap_or_else(|error| panic!("{line}: {error}"))
}

/// Whether the clock is changed on the day of this moment.
fn is_changed_that_day(at: &Zoned) -> bool {
    let midnight = at.start_of_day().unwrap();
    let next = midnight.tomorrow().unwrap().start_of_day().unwrap();
    midnight.time() != Time::midnight()
        || midnight.duration_since(&next).abs() != SignedDuration::from_hours(24)
}

#[test]
fn ten_thousand_cron_lines_mean_the_same_to_another_library_in_every_zone() {
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let mut compared = 0;
    for _ in 0..10_000 {
        let (line, zone, after) = (dice.line(), dice.one_of(ZONES), dice.moment());
        let ours = ours(&line).next(&after.to_zoned(TimeZone::get(zone).unwrap()));
        // The other one looks no further than four years.
        let horizon = after + SignedDuration::from_hours(24 * 365 * 4);
        let Ok(theirs) = theirs(&line, zone).find_next(MakeTimestamp(after)) else {
            let near = ours.as_ref().is_some_and(|at| at.timestamp() <= horizon);
            assert!(!near, "`{line}` in {zone} after {after}: {ours:?}");
            continue;
        };
        if ours.iter().chain([&theirs]).any(is_changed_that_day) {
            continue;
        }
        compared += 1;
        assert_eq!(ours.as_ref(), Some(&theirs), "`{line}` in {zone} after {after}");
    }
    assert!(compared > 9_000, "{compared}");
}

/// What our rule makes of the minutes that a line means on a day in a zone. A line with a star for hours or minutes runs
/// whenever the clock shows such a minute, twice where it does so twice; any other runs once for each minute it names: the
/// first time it is shown, or when the clock goes on where it never is.
fn by_our_rule(line: &str, day: Date, zone: &TimeZone) -> BTreeSet<Timestamp> {
    let face = theirs(line, "UTC");
    let is_meant = |minute: &DateTime| {
        let at = minute.to_zoned(TimeZone::UTC).unwrap();
        face.matches(MakeTimestamp(at.timestamp())).unwrap()
    };
    let fields: Vec<&str> = line.split(' ').collect();
    let by_interval = fields[0].contains('*') || fields[1].contains('*');
    let mut moments = BTreeSet::new();
    for minute in day.to_datetime(Time::midnight()).series(1.minute()).take(24 * 60).filter(is_meant) {
        let ambiguous = zone.to_ambiguous_timestamp(minute);
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => drop(moments.insert(ambiguous.unambiguous().unwrap())),
            AmbiguousOffset::Fold { .. } => {
                moments.insert(ambiguous.earlier().unwrap());
                if by_interval {
                    moments.insert(ambiguous.later().unwrap());
                }
            }
            AmbiguousOffset::Gap { before, .. } if !by_interval => {
                let midnight = before.to_timestamp(day.to_datetime(Time::midnight())).unwrap();
                let change = zone.following(midnight - 1.second()).next().unwrap();
                moments.insert(change.timestamp());
            }
            AmbiguousOffset::Gap { .. } => {}
        }
    }
    moments
}

#[test]
fn on_days_when_the_clock_is_changed_our_rule_says_what_the_face_does_not() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for nr in 0..600 {
        let zone = TimeZone::get(ZONES.get(1 + nr % ZONES.len()).unwrap_or(&HALF_AN_HOUR)).unwrap();
        let Some(change) = zone.following(dice.moment()).next() else { continue };
        let day = change.timestamp().to_zoned(zone.clone()).date();
        let mut line = dice.line();
        // Most lines mean no minute of just this day, so every other one is let mean any day.
        if nr % 2 == 0 {
            let fields: Vec<&str> = line.split(' ').take(2).collect();
            line = format!("{} * * *", fields.join(" "));
        }
        let begins = day.to_zoned(zone.clone()).unwrap();
        let ends = day.tomorrow().unwrap().to_zoned(zone.clone()).unwrap().timestamp() - 1.second();
        let since = begins.timestamp() - 1.second();
        let moments = ours(&line).between(since, &ends.to_zoned(zone.clone()), 5000);
        let moments: BTreeSet<Timestamp> = moments.iter().map(Zoned::timestamp).collect();
        assert_eq!(moments, by_our_rule(&line, day, &zone), "`{line}` on {day} in {zone:?}");
    }
}

//! Cron lines beside another library's reading of them, over thousands of random ones.

use cronexpr::{FallbackTimezoneOption, MakeTimestamp, ParseOptions, parse_crontab_with};

use super::*;

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

    fn field(&mut self, low: u64, high: u64) -> String {
        match self.roll(6) {
            0 | 1 => "*".to_owned(),
            2 => format!("*/{}", self.between(1, (high - low).max(1))),
            3 => {
                let (one, other) = (self.between(low, high), self.between(low, high));
                format!("{}-{}", one.min(other), one.max(other))
            }
            4 => format!("{},{}", self.between(low, high), self.between(low, high)),
            _ => self.between(low, high).to_string(),
        }
    }

    fn line(&mut self) -> String {
        let fields = [(0, 59), (0, 23), (1, 28), (1, 12), (0, 6)];
        fields.map(|(low, high)| self.field(low, high)).join(" ")
    }
}

#[test]
fn ten_thousand_cron_lines_mean_the_same_to_another_library() {
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let mut options = ParseOptions::default();
    options.fallback_timezone_option = FallbackTimezoneOption::UTC;
    for _ in 0..10_000 {
        let line = dice.line();
        let after =
            Timestamp::from_second(i64::try_from(dice.between(946_684_800, 2_524_608_000)).unwrap()).unwrap();
        let ours = read_cron(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
        let theirs = parse_crontab_with(&line, options).unwrap_or_else(|error| panic!("{line}: {error}"));
        let zoned = after.to_zoned(jiff::tz::TimeZone::UTC);
        let ours = Schedule { way: Way::Cron(Box::new(ours)), missed: Missed::default() }.next(&zoned);
        // The other one looks no further than four years.
        let horizon = after + jiff::SignedDuration::from_hours(24 * 365 * 4);
        let theirs = theirs.find_next(MakeTimestamp(after)).ok();
        if theirs.is_none() {
            let near = ours.as_ref().is_some_and(|at| at.timestamp() <= horizon);
            assert!(!near, "`{line}` after {after}: {ours:?}");
            continue;
        }
        assert_eq!(ours.map(|at| at.timestamp()), theirs.map(|at| at.timestamp()), "`{line}` after {after}");
    }
}

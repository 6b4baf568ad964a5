//! Quiet hours: a time of every day during which no notification is shown.

use std::time::Duration;

use jiff::Zoned;
use jiff::civil::Time;

/// From one time of day to another, over midnight where the second is the earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct QuietHours {
    begin: Time,
    end: Time,
}

impl QuietHours {
    /// Reads `22:00-07:00`. A time without length, or one that cannot be read, is none.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (begin, end) = text.split_once('-')?;
        let (begin, end) = (time_of_day(begin)?, time_of_day(end)?);
        (begin != end).then_some(Self { begin, end })
    }

    /// How long the quiet goes on; nothing where it is not quiet.
    pub(crate) fn left(self, now: &Zoned) -> Option<Duration> {
        let time = now.time();
        let over_midnight = self.begin > self.end;
        let quiet = if over_midnight {
            time >= self.begin || time < self.end
        } else {
            time >= self.begin && time < self.end
        };
        if !quiet {
            return None;
        }
        let day = if over_midnight && time >= self.begin { now.date().tomorrow().ok()? } else { now.date() };
        let end = day.to_datetime(self.end).to_zoned(now.time_zone().clone()).ok()?;
        Duration::try_from(end.timestamp().duration_since(now.timestamp())).ok()
    }
}

/// Reads `18:00`.
pub(crate) fn time_of_day(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(hours: &str, now: &str) -> Option<u64> {
        let now: Zoned = format!("2026-11-26T{now}:00[Europe/Paris]").parse().unwrap();
        QuietHours::read(hours).unwrap().left(&now).map(|left| left.as_secs() / 60)
    }

    #[test]
    fn they_go_over_midnight_where_they_end_before_they_begin() {
        assert_eq!(left("22:00-07:00", "21:59"), None);
        assert_eq!(left("22:00-07:00", "22:00"), Some(9 * 60));
        assert_eq!(left("22:00-07:00", "06:59"), Some(1));
        assert_eq!(left("22:00-07:00", "07:00"), None);
        assert_eq!(left("12:30-14:00", "13:00"), Some(60));
        assert_eq!(left("12:30-14:00", "14:00"), None);
    }

    #[test]
    fn nonsense_is_none() {
        for text in ["", "22:00", "22:00-22:00", "25:00-07:00", "22-7", "a:b-c:d", "22:00-07:00-08:00"] {
            assert_eq!(QuietHours::read(text), None, "{text}");
        }
    }

    #[test]
    fn the_night_of_the_clock_change_is_as_long_as_it_is() {
        let now: Zoned = "2026-03-28T22:00:00[Europe/Paris]".parse().unwrap();
        let left = QuietHours::read("22:00-07:00").unwrap().left(&now);
        assert_eq!(left, Some(Duration::from_secs(8 * 3600)));
    }
}

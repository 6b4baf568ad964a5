//! Moments and lengths of time, as people type and read them.

use jiff::civil::DateTime;
use jiff::{Span, Timestamp, Unit, Zoned};

/// Reads a moment in the past: RFC 3339, a date, a date and time, `today`, `yesterday`, or a length of time ago.
///
/// # Errors
/// A sentence for the user.
pub(crate) fn since(text: &str) -> Result<Timestamp, String> {
    since_at(text, &Zoned::now())
}

fn since_at(text: &str, now: &Zoned) -> Result<Timestamp, String> {
    let text = text.trim();
    let too_far = |_| "that is further away than Usher can count".to_owned();
    match text {
        "now" => return Ok(now.timestamp()),
        "today" => return midnight(now),
        "yesterday" => return midnight(&now.yesterday().map_err(too_far)?),
        _ => {}
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    if let Ok(local) = text.parse::<DateTime>() {
        return Ok(local.to_zoned(now.time_zone().clone()).map_err(too_far)?.timestamp());
    }
    if let Ok(ago) = text.parse::<Span>() {
        return Ok(now.checked_sub(ago.abs()).map_err(too_far)?.timestamp());
    }
    Err("say it as `2h`, `3d`, `yesterday`, `2026-05-31`, `2026-05-31T18:00` or in RFC 3339".to_owned())
}

fn midnight(day: &Zoned) -> Result<Timestamp, String> {
    day.start_of_day().map(|start| start.timestamp()).map_err(|_| "there is no such day".to_owned())
}

/// Reads a length of time in seconds, such as `90s`, `1h`, `1h 30m` or `2 days`.
///
/// # Errors
/// A sentence for the user.
pub(crate) fn seconds(text: &str) -> Result<u64, String> {
    let span: Span = text.trim().parse().map_err(|_| "say it as `30m`, `1h`, `1h 30m` or `2d`".to_owned())?;
    let seconds = span.total((Unit::Second, jiff::SpanRelativeTo::days_are_24_hours()));
    match seconds {
        Ok(seconds) if seconds >= 1.0 => Ok(seconds as u64),
        Ok(_) => Err("it has to be at least a second".to_owned()),
        Err(_) => Err("say it in weeks, days, hours, minutes or seconds".to_owned()),
    }
}

/// A moment of the API's as local date and time. What is no moment is shown as it came.
pub(crate) fn local(moment: &str) -> String {
    shown(moment, "%Y-%m-%d %H:%M")
}

/// The same with seconds.
pub(crate) fn local_to_the_second(moment: &str) -> String {
    shown(moment, "%Y-%m-%d %H:%M:%S")
}

fn shown(moment: &str, format: &str) -> String {
    match moment.parse::<Timestamp>() {
        Ok(moment) => moment.to_zoned(jiff::tz::TimeZone::system()).strftime(format).to_string(),
        Err(_) => moment.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> String {
        let now: Zoned = "2026-03-10T15:30:00+01:00[Europe/Berlin]".parse().unwrap();
        since_at(text, &now).map_or_else(|error| error, |moment| moment.to_string())
    }

    #[test]
    fn moments_can_be_said_in_many_ways() {
        assert_eq!(at("2026-03-10T15:30:00+02:00"), "2026-03-10T13:30:00Z");
        assert_eq!(at("2026-03-10T15:30:00Z"), "2026-03-10T15:30:00Z");
        assert_eq!(at("today"), "2026-03-09T23:00:00Z");
        assert_eq!(at("yesterday"), "2026-03-08T23:00:00Z");
        assert_eq!(at("2h"), "2026-03-10T12:30:00Z");
        assert_eq!(at("3d"), "2026-03-07T14:30:00Z");
        assert_eq!(at("90 minutes ago"), "2026-03-10T13:00:00Z");
        assert_eq!(at("2026-03-01"), "2026-02-28T23:00:00Z");
        assert_eq!(at("2026-03-01 08:15"), "2026-03-01T07:15:00Z");
    }

    #[test]
    fn what_is_no_moment_is_answered_with_examples() {
        for text in ["", "soon", "12", "2026-13-01", "2x"] {
            assert!(at(text).starts_with("say it as"), "{text}");
        }
    }

    #[test]
    fn lengths_of_time_are_seconds() {
        assert_eq!(seconds("1h"), Ok(3600));
        assert_eq!(seconds("1h 30m"), Ok(5400));
        assert_eq!(seconds("2d"), Ok(172_800));
        assert!(seconds("0s").is_err());
        assert!(seconds("-1h").is_err());
        assert!(seconds("1 month").is_err());
        assert!(seconds("later").is_err());
    }
}

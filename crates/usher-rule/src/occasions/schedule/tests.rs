use super::super::testing::{clause, problems};
use super::*;

fn next(written: &str, after: &str) -> Option<String> {
    let clause = clause(written);
    let schedule = clause.occasion.schedule().expect(written);
    schedule.next(&after.parse().expect(after)).map(|next| next.to_string())
}

#[test]
fn moments_of_every_way() {
    let noon = "2026-11-24T12:00:00+01:00[Europe/Paris]";
    for (written, expected) in [
        ("schedule: '30 2 * * *'", "2026-11-25T02:30:00+01:00[Europe/Paris]"),
        ("schedule: '@daily'", "2026-11-25T00:00:00+01:00[Europe/Paris]"),
        ("schedule: '30 0 12 * * *'", "2026-11-24T12:00:30+01:00[Europe/Paris]"),
        ("schedule: '*/15 * * * *'", "2026-11-24T12:15:00+01:00[Europe/Paris]"),
        ("schedule: '0 0 L 12 *'", "2026-12-31T00:00:00+01:00[Europe/Paris]"),
        ("schedule: '0 0 * dec friL'", "2026-12-25T00:00:00+01:00[Europe/Paris]"),
        ("schedule: '0 0 * * mon#5'", "2026-11-30T00:00:00+01:00[Europe/Paris]"),
        ("schedule: '0 0 5W 12 *'", "2026-12-04T00:00:00+01:00[Europe/Paris]"),
        ("schedule: { every: 90m }", "2026-11-24T13:30:00+01:00[Europe/Paris]"),
        ("schedule: { every: 7h }", "2026-11-24T14:00:00+01:00[Europe/Paris]"),
        ("schedule: { at: '18:30' }", "2026-11-24T18:30:00+01:00[Europe/Paris]"),
        ("schedule: { at: ['08:00', '11:59'] }", "2026-11-25T08:00:00+01:00[Europe/Paris]"),
        ("schedule: { at: '2026-12-24 18:30' }", "2026-12-24T18:30:00+01:00[Europe/Paris]"),
    ] {
        assert_eq!(next(written, noon).as_deref(), Some(expected), "{written}");
    }
    assert_eq!(next("schedule: { at: '2020-01-01' }", noon), None, "it has passed");
}

#[test]
fn spans_within_a_day_begin_at_midnight_and_longer_ones_go_on() {
    assert_eq!(
        next("schedule: { every: 7h }", "2026-11-24T21:30:00+00:00[UTC]").as_deref(),
        Some("2026-11-25T00:00:00+00:00[UTC]")
    );
    let first = next("schedule: { every: 3d }", "2026-11-24T21:30:00+00:00[UTC]").unwrap();
    let second = next("schedule: { every: 3d }", &first).unwrap();
    let apart = second.parse::<Zoned>().unwrap().duration_since(&first.parse::<Zoned>().unwrap());
    assert_eq!(apart.as_hours(), 72);
}

#[test]
fn what_the_clock_skips_comes_when_it_goes_on_and_what_comes_twice_counts_once() {
    // In Paris, 2026-03-29 has no 02:30, and 2026-10-25 has two.
    for written in [
        "schedule: '30 2 * * *'",
        "schedule: '0 30 2 * * *'",
        "schedule: '15,30 2 * * *'",
        "schedule: { at: '02:30' }",
        "schedule: { at: ['2026-03-29 02:30', '2026-10-25 02:30'] }",
    ] {
        let clause = clause(written);
        let schedule = clause.occasion.schedule().unwrap();
        let spring: Zoned = "2026-03-28T12:00:00+01:00[Europe/Paris]".parse().unwrap();
        let skipped = schedule.next(&spring).unwrap();
        assert_eq!(skipped.date().to_string(), "2026-03-29", "{written}");
        assert_eq!(skipped.time().to_string(), "03:00:00", "{written}");
        let since: Zoned = "2026-10-24T12:00:00+02:00[Europe/Paris]".parse().unwrap();
        let until: Zoned = "2026-10-26T00:00:00+01:00[Europe/Paris]".parse().unwrap();
        let moments = schedule.between(since.timestamp(), &until, 10);
        let named = if written.contains(',') && !written.contains("at") { 2 } else { 1 };
        assert_eq!(moments.len(), named, "{written}: {moments:?}");
        assert!(moments.iter().all(|at| at.offset().seconds() == 7200), "the first time: {moments:?}");
    }
}

#[test]
fn a_line_with_a_star_for_hours_or_minutes_goes_by_what_the_clock_shows() {
    let moments = |written: &str, day: &str| {
        let clause = clause(written);
        let begins: Zoned = format!("{day}T00:00:00[Europe/Paris]").parse().unwrap();
        let ends = begins.tomorrow().unwrap().start_of_day().unwrap();
        let since = begins.timestamp() - SignedDuration::from_secs(1);
        let until = ends.checked_sub(SignedDuration::from_secs(1)).unwrap();
        clause.occasion.schedule().unwrap().between(since, &until, 1000).len()
    };
    for (written, spring, autumn) in [
        ("schedule: '0 * * * *'", 23, 25),
        ("schedule: '@hourly'", 23, 25),
        ("schedule: '*/30 2 * * *'", 0, 4),
        ("schedule: '0 1-3 * * *'", 2, 3),
        ("schedule: { every: 1h }", 23, 25),
    ] {
        assert_eq!(
            (moments(written, "2026-03-29"), moments(written, "2026-10-25")),
            (spring, autumn),
            "{written}"
        );
    }
}

#[test]
fn missed_moments_are_counted_and_bounded() {
    let clause = clause("schedule: '0 * * * *', missed: run_all");
    let schedule = clause.occasion.schedule().unwrap();
    assert_eq!(schedule.missed, Missed::RunAll);
    let until: Zoned = "2026-11-24T12:30:00+00:00[UTC]".parse().unwrap();
    let since: Timestamp = "2026-11-24T09:00:00Z".parse().unwrap();
    let hours: Vec<_> = schedule.between(since, &until, 10).iter().map(|at| at.hour()).collect();
    assert_eq!(hours, [10, 11, 12]);
    let last: Vec<_> = schedule.between(since, &until, 2).iter().map(|at| at.hour()).collect();
    assert_eq!(last, [11, 12]);
    assert_eq!(
        schedule.between(Timestamp::MIN, &until, 1).len(),
        1,
        "an absurd last time is no endless walk"
    );
}

#[test]
fn what_is_no_time_is_said() {
    for written in [
        "schedule: often",
        "schedule: '61 * * * *'",
        "schedule: { every: 0 }",
        "schedule: { at: noon }",
        "schedule: { every: 1h, at: '10:00' }",
        "schedule: {}",
    ] {
        assert_eq!(problems(written), ["bad_schedule"], "{written}");
    }
    assert_eq!(problems("schedule: { evry: 1h }"), ["unknown_key", "bad_schedule"]);
}

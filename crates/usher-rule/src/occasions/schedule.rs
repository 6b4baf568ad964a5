//! `schedule`: moments of the clock.

use std::time::Duration;

use croner::Cron;
use croner::errors::CronError;
use croner::parser::CronParser;
use jiff::civil::{DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, Zoned};
use usher_event::{Edge, Sentence, sentence};

use super::Occasion;
use crate::Diagnostic;
use crate::document::{Node, Value};
use crate::load::{Kind, Param, Reader, Spec, plain_text};

pub(super) const SPEC: Spec = Spec {
    params: &[
        Param::required(
            "schedule",
            Kind::Other,
            "a cron line (`30 2 * * *`), `every: 6h`, or `at: \"18:30\"`, also with a date or as a list",
        ),
        Param::new(
            "missed",
            Kind::Choice(Missed::WORDS),
            "run_once",
            "what becomes of moments while Usher was off or the machine slept",
        ),
    ],
    variables: &["schedule.due"],
    ..Spec::new("schedule", "a moment of the clock has come")
};

/// The two ways beside a cron line.
const WAYS: Spec = Spec {
    params: &[
        Param::new("every", Kind::Duration, "", "every so often, counted from midnight"),
        Param::new("at", Kind::Texts, "", "at a time of every day, or at a date with a time"),
    ],
    ..Spec::new("schedule", "when a rule is due")
};

/// The shortest time between two moments.
const SHORTEST: Duration = Duration::from_secs(1);

/// How far a nearest moment is looked for.
const FAR: SignedDuration = SignedDuration::from_hours(24 * 366 * 8);

/// What becomes of moments that passed unseen.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// All of them together are made up for once.
    #[default]
    RunOnce,
    /// They are left out.
    Skip,
    /// Each is made up for.
    RunAll,
}

impl Missed {
    const WORDS: &'static [&'static str] = &["run_once", "skip", "run_all"];
}

/// The moments a rule waits for, and what becomes of those it has missed.
#[derive(Debug)]
pub struct Schedule {
    way: Way,
    /// What becomes of missed moments.
    pub missed: Missed,
}

#[derive(Debug)]
enum Way {
    Cron(Box<CronLine>),
    Every(Duration),
    At(Vec<At>),
}

#[derive(Debug)]
struct CronLine {
    cron: Cron,
    /// Whether it names its times of day, and has no star for them.
    names_times: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Daily(Time),
    Once(DateTime),
}

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Occasion>> {
    let missed = match reader.choice("missed") {
        "skip" => Missed::Skip,
        "run_all" => Missed::RunAll,
        _ => Missed::RunOnce,
    };
    let node = reader.node("schedule")?;
    let way = match &node.value {
        Value::Map(pairs) => {
            let mut ways = Reader::mapping(&WAYS, node.head(), pairs, reader.problems());
            ways_of(&mut ways)
        }
        _ => cron(node, reader),
    };
    Some(Box::new(Clocked { schedule: Schedule { way: way?, missed } }))
}

fn cron(node: &Node, reader: &mut Reader<'_, '_>) -> Option<Way> {
    let line = plain_text(node).unwrap_or("");
    match read_cron(line) {
        Ok(line) => Some(Way::Cron(Box::new(line))),
        Err(error) => {
            let message = sentence!(
                "when-bad-cron",
                "`{line}` is no cron line: {why}",
                line = line,
                why = Sentence::foreign(error.to_string()),
            );
            let problem = Diagnostic::error("bad_schedule", node.head(), message);
            reader.problems().push(problem.help(sentence!(
                "when-bad-cron-help",
                "a cron line has minute, hour, day, month and weekday: `30 2 * * 1-5`; or write `{{ every: 6h }}` or \
                 `{{ at: \"18:30\" }}`"
            )));
            None
        }
    }
}

/// Reads a cron line as crontab(5) has it: a day has to fit its day of the month or its weekday, and both where one of
/// the two begins with a star.
fn read_cron(line: &str) -> Result<CronLine, CronError> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    // Seconds may stand before the minute.
    let day = if fields.len() > 5 { 3 } else { 2 };
    let starred = |nr: usize| fields.get(nr).is_some_and(|field| field.starts_with('*'));
    let cron = CronParser::builder().dom_and_dow(starred(day) || starred(day + 2)).build().parse(line)?;
    let names_times = !(0..day).any(starred) && !line.trim().eq_ignore_ascii_case("@hourly");
    Ok(CronLine { cron, names_times })
}

fn ways_of(reader: &mut Reader<'_, '_>) -> Option<Way> {
    let every = reader.duration("every");
    let at: Vec<_> = reader.texts("at");
    if every.is_some() && !at.is_empty() {
        let message = sentence!("when-two-schedules", "`every` and `at` are two schedules");
        let help = sentence!("when-two-schedules-help", "keep one of them, or make two items of `when`");
        let problem = Diagnostic::error("bad_schedule", reader.span(), message).help(help);
        reader.problems().push(problem);
        return None;
    }
    if let Some(every) = every {
        if every >= SHORTEST {
            return Some(Way::Every(every));
        }
        let message = sentence!("when-bad-every", "`every` wants a second or more");
        let problem = Diagnostic::error("bad_schedule", reader.span(), message);
        reader.problems().push(problem);
        return None;
    }
    let mut moments = Vec::with_capacity(at.len());
    for (text, node) in at {
        match moment(&text) {
            Some(moment) => moments.push(moment),
            None => {
                let message = sentence!("when-bad-time", "`{text}` is no time", text = text);
                let help =
                    sentence!("when-bad-time-help", "write \"18:30\" in quotes, or `2026-12-24 18:30`");
                reader.problems().push(Diagnostic::error("bad_schedule", node.head(), message).help(help));
            }
        }
    }
    if moments.is_empty() && reader.node("at").is_none() {
        let message = sentence!("when-no-time", "`schedule` says no time");
        let help = sentence!("when-no-time-help", "write a cron line, `every: 6h`, or `at: \"18:30\"`");
        let problem = Diagnostic::error("bad_schedule", reader.span(), message).help(help);
        reader.problems().push(problem);
    }
    (!moments.is_empty()).then_some(Way::At(moments))
}

fn moment(text: &str) -> Option<At> {
    // A date alone is its midnight. What has a date can be read as a time too, so dates come first.
    if let Ok(moment) = text.replacen(' ', "T", 1).parse::<DateTime>() {
        return Some(At::Once(moment));
    }
    text.parse::<Time>().ok().map(At::Daily)
}

impl Schedule {
    /// The first moment after `after`, in its time zone; `None` where there is no more.
    ///
    /// A moment that the clock skips in spring is taken when the clock goes on; one that comes twice in autumn counts
    /// once. That is so for all that names its times; a cron line with a star for hours or minutes goes by what the clock
    /// shows, as cron itself does: it takes nothing in an hour that is skipped, and each in one that comes twice.
    pub fn next(&self, after: &Zoned) -> Option<Zoned> {
        match &self.way {
            Way::Cron(line) if line.names_times => next_named(&line.cron, after),
            Way::Cron(line) => line.cron.find_next_occurrence(after, false).ok(),
            Way::Every(every) => next_every(*every, after),
            Way::At(moments) => moments.iter().filter_map(|at| next_at(*at, after)).min(),
        }
    }

    /// The last moment that is later than `since` and not later than `until`, and how many there are; at most `most`
    /// are counted. What is longer ago than eight years is not looked at.
    pub fn between(&self, since: Timestamp, until: &Zoned, most: usize) -> Vec<Zoned> {
        let earliest = until.timestamp().checked_sub(FAR).unwrap_or(Timestamp::MIN);
        let mut moments = std::collections::VecDeque::new();
        let mut at = since.max(earliest).to_zoned(until.time_zone().clone());
        while let Some(next) = self.next(&at).filter(|next| next <= until) {
            moments.push_back(next.clone());
            if moments.len() > most {
                moments.pop_front();
            }
            at = next;
        }
        moments.into()
    }
}

/// The next moment of a cron line that names its times.
fn next_named(cron: &Cron, after: &Zoned) -> Option<Zoned> {
    let mut face = after.datetime();
    loop {
        face = cron.find_next_occurrence(&face, false).ok()?;
        // What the clock shows for the second time has been before.
        if let Some(moment) = once(face, after.time_zone()).filter(|moment| moment > after) {
            return Some(moment);
        }
    }
}

/// When the clock shows this for the first time, or goes on past it.
fn once(face: DateTime, zone: &TimeZone) -> Option<Zoned> {
    let shown = zone.to_ambiguous_timestamp(face);
    let moment = match shown.offset() {
        AmbiguousOffset::Gap { after, .. } => {
            // By the offset to come, it would be before the change.
            let before = after.to_timestamp(face).ok()?;
            zone.following(before).next()?.timestamp()
        }
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => shown.earlier().ok()?,
    };
    Some(moment.to_zoned(zone.clone()))
}

/// The next multiple of a time span since midnight, or the next midnight.
fn next_every(every: Duration, after: &Zoned) -> Option<Zoned> {
    let midnight = after.start_of_day().ok()?;
    let passed = Duration::try_from(after.duration_since(&midnight)).ok()?;
    let step = u64::try_from(every.as_millis()).ok()?.max(1);
    let count = u64::try_from(passed.as_millis()).ok()? / step + 1;
    let next = midnight.checked_add(SignedDuration::from_millis(i64::try_from(count * step).ok()?)).ok()?;
    let tomorrow = midnight.tomorrow().ok()?.start_of_day().ok()?;
    if every > Duration::from_secs(24 * 3600) {
        // Longer than a day: counted from the first midnight there is a number for, so that it does not begin anew.
        let epoch = Timestamp::UNIX_EPOCH.to_zoned(after.time_zone().clone());
        let since = u64::try_from(after.timestamp().as_millisecond()).ok()?;
        let next = i64::try_from((since / step + 1) * step).ok()?;
        return epoch.checked_add(SignedDuration::from_millis(next)).ok();
    }
    Some(next.min(tomorrow))
}

fn next_at(at: At, after: &Zoned) -> Option<Zoned> {
    let zone = after.time_zone();
    match at {
        At::Once(moment) => once(moment, zone).filter(|moment| moment > after),
        At::Daily(time) => {
            let mut day = after.date();
            for _ in 0..3 {
                let moment = once(day.to_datetime(time), zone)?;
                if moment > *after {
                    return Some(moment);
                }
                day = day.tomorrow().ok()?;
            }
            None
        }
    }
}

#[derive(Debug)]
struct Clocked {
    schedule: Schedule,
}

impl Occasion for Clocked {
    fn wakes(&self, edge: &Edge) -> bool {
        matches!(edge, Edge::ScheduleDue(_))
    }

    fn schedule(&self) -> Option<&Schedule> {
        Some(&self.schedule)
    }
}

#[cfg(test)]
mod beside;
#[cfg(test)]
mod tests;

//! Times as templates see them: the attributes and methods of Python's `datetime` that file names are made with.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use jiff::Zoned;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime::{BrokenDownTime, Config};
use minijinja::value::{DynObject, Enumerator, Kwargs, Object, ObjectRepr, from_args};
use minijinja::{Error, ErrorKind, State, Value};
use usher_event::{Sentence, sentence};

use super::{Delta, refused};

/// A point in time, or a day.
#[derive(Debug, Clone)]
pub enum Moment {
    /// With a time zone: file times.
    Aware(Zoned),
    /// Without one: `now()` and `utcnow()`.
    Naive(DateTime),
    /// A day: `today()`.
    Date(Date),
    /// A time of the day: what `time()` makes of a point in time.
    Time(Time),
}

impl Moment {
    /// As a value for templates.
    pub fn value(self) -> Value {
        Value::from_object(self)
    }

    /// As Python writes it inside a list.
    pub(super) fn repr(&self) -> String {
        let day = self.date().map(|date| format!("{}, {}, {}", date.year(), date.month(), date.day()));
        let time = self.time().map(|time| {
            let micros = time.subsec_nanosecond() / 1000;
            match (time.second(), micros) {
                (0, 0) => format!("{}, {}", time.hour(), time.minute()),
                (second, 0) => format!("{}, {}, {second}", time.hour(), time.minute()),
                (second, micros) => format!("{}, {}, {second}, {micros}", time.hour(), time.minute()),
            }
        });
        let class = match self {
            Self::Aware(_) | Self::Naive(_) => "datetime",
            Self::Date(_) => "date",
            Self::Time(_) => "time",
        };
        let zone = match self {
            Self::Aware(zoned) => Some(zone_repr(zoned)),
            _ => None,
        };
        let parts: Vec<String> = [day, time, zone].into_iter().flatten().collect();
        format!("datetime.{class}({})", parts.join(", "))
    }

    fn date(&self) -> Option<Date> {
        match self {
            Self::Aware(zoned) => Some(zoned.date()),
            Self::Naive(time) => Some(time.date()),
            Self::Date(date) => Some(*date),
            Self::Time(_) => None,
        }
    }

    fn time(&self) -> Option<Time> {
        match self {
            Self::Aware(zoned) => Some(zoned.time()),
            Self::Naive(time) => Some(time.time()),
            Self::Date(_) => None,
            Self::Time(time) => Some(*time),
        }
    }

    fn broken_down(&self) -> BrokenDownTime {
        match self {
            Self::Aware(zoned) => BrokenDownTime::from(zoned),
            Self::Naive(time) => BrokenDownTime::from(*time),
            Self::Date(date) => BrokenDownTime::from(date.to_datetime(Time::midnight())),
            // The day that Python takes for a time without one.
            Self::Time(time) => BrokenDownTime::from(Date::constant(1900, 1, 1).to_datetime(*time)),
        }
    }

    fn attribute(&self, key: &str) -> Option<Value> {
        let whole = match key {
            "year" => i32::from(self.date()?.year()),
            "month" => i32::from(self.date()?.month()),
            "day" => i32::from(self.date()?.day()),
            "hour" => i32::from(self.time()?.hour()),
            "minute" => i32::from(self.time()?.minute()),
            "second" => i32::from(self.time()?.second()),
            "microsecond" => self.time()?.subsec_nanosecond() / 1000,
            "tzinfo" => return self.time().map(|_| self.zone()),
            _ => return None,
        };
        Some(Value::from(whole))
    }

    /// The short name of the time zone, where there is one.
    fn zone(&self) -> Value {
        match self {
            Self::Aware(zoned) => Value::from(zoned.strftime("%Z").to_string()),
            Self::Naive(_) | Self::Date(_) | Self::Time(_) => Value::from(()),
        }
    }

    /// The same moment with some of its parts replaced.
    fn replaced(&self, parts: &Kwargs) -> Result<Self, Error> {
        let wrong = |error: jiff::Error| refused(Sentence::foreign(error.to_string()));
        let date = self.date().map(|date| {
            Date::new(
                parts.get::<Option<i16>>("year")?.unwrap_or(date.year()),
                parts.get::<Option<i8>>("month")?.unwrap_or(date.month()),
                parts.get::<Option<i8>>("day")?.unwrap_or(date.day()),
            )
            .map_err(wrong)
        });
        let time = self.time().map(|time| {
            let micros = parts.get::<Option<i32>>("microsecond")?.map(|micros| micros.saturating_mul(1000));
            Time::new(
                parts.get::<Option<i8>>("hour")?.unwrap_or(time.hour()),
                parts.get::<Option<i8>>("minute")?.unwrap_or(time.minute()),
                parts.get::<Option<i8>>("second")?.unwrap_or(time.second()),
                micros.unwrap_or(time.subsec_nanosecond()),
            )
            .map_err(wrong)
        });
        let zone = match self {
            // Of zones, only that there is to be none can be said in a template.
            Self::Aware(_) if parts.has("tzinfo") => match parts.get::<Value>("tzinfo")?.is_none() {
                true => None,
                false => return Err(refused(sentence!("template-tzinfo", "`tzinfo` can only be none"))),
            },
            Self::Aware(zoned) => Some(zoned.time_zone().clone()),
            _ => None,
        };
        Ok(match (date.transpose()?, time.transpose()?) {
            (Some(date), Some(time)) => match zone {
                Some(zone) => Self::Aware(date.to_datetime(time).to_zoned(zone).map_err(wrong)?),
                None => Self::Naive(date.to_datetime(time)),
            },
            (Some(date), None) => Self::Date(date),
            (None, time) => Self::Time(time.unwrap_or_default()),
        })
    }

    fn week(date: Date) -> Value {
        let week = date.iso_week_date();
        let (year, weekday) = (i32::from(week.year()), i32::from(week.weekday().to_monday_one_offset()));
        Value::from_object(Week([("year", year), ("week", i32::from(week.week())), ("weekday", weekday)]))
    }

    /// Days since the year 1 began, that day being the first.
    fn ordinal(date: Date) -> i64 {
        // 1970-01-01 has the number 719163.
        let epoch = Date::constant(1970, 1, 1);
        date.duration_since(epoch).as_hours() / 24 + 719_163
    }

    pub(super) fn strftime(&self, format: &str) -> Result<String, Error> {
        let format = plain_format(format);
        self.broken_down().to_string_with_config(&Config::new().lenient(true), &format).map_err(|error| {
            refused(sentence!(
                "template-time-format",
                "`{format}` is no format for this time: {why}",
                format = &*format,
                why = Sentence::foreign(error.to_string()),
            ))
        })
    }

    /// As Python writes it, the time of the day in this precision.
    fn text(&self, separator: &str, precision: &str) -> Result<String, Error> {
        let mut text = String::new();
        if let Some(date) = self.date() {
            text.push_str(&format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()));
        }
        let Some(time) = self.time() else { return Ok(text) };
        if self.date().is_some() {
            text.push_str(separator);
        }
        text.push_str(&clock(time, precision)?);
        if let Self::Aware(zoned) = self {
            let seconds = zoned.offset().seconds();
            let minutes = seconds.abs() / 60;
            let sign = if seconds < 0 { '-' } else { '+' };
            text.push_str(&format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60));
        }
        Ok(text)
    }
}

/// A format of Python's with what only the system's library knows of it left out: `%Ey` and `%Od` ask for other
/// numerals where a language has them. A lone `%` at the end stands for itself.
fn plain_format(format: &str) -> String {
    let mut plain = String::with_capacity(format.len());
    let mut rest = format;
    while let Some((before, from)) = rest.split_once('%') {
        plain.push_str(before);
        let numerals = from.strip_prefix('E').filter(|from| from.starts_with(['c', 'C', 'x', 'X', 'y', 'Y']));
        let numerals = numerals.or_else(|| {
            from.strip_prefix('O').filter(|from| from.starts_with(|c: char| "deHImMSuUVwWy".contains(c)))
        });
        let from = numerals.unwrap_or(from);
        let mut chars = from.chars();
        match chars.next() {
            None => plain.push_str("%%"),
            // Python's microseconds have six digits, always.
            Some('f') => plain.push_str("%6f"),
            // As they are where no language is set.
            Some('c') => plain.push_str("%a %b %e %H:%M:%S %Y"),
            Some('x') => plain.push_str("%m/%d/%y"),
            Some('X') => plain.push_str("%H:%M:%S"),
            Some('r') => plain.push_str("%I:%M:%S %p"),
            Some(directive) => plain.extend(['%', directive]),
        }
        rest = chars.as_str();
    }
    plain + rest
}

/// The time zone of a point in time as Python writes it: by its name, or by how far it is from UTC.
fn zone_repr(zoned: &Zoned) -> String {
    match (zoned.time_zone().iana_name(), zoned.offset().seconds()) {
        (Some(name), _) if name != "UTC" => format!("tzinfo=zoneinfo.ZoneInfo(key='{name}')"),
        (_, 0) => "tzinfo=datetime.timezone.utc".to_owned(),
        (_, seconds) => format!("tzinfo=datetime.timezone({})", Delta(seconds.into()).repr()),
    }
}

/// Year, week and day of the week as ISO 8601 counts them: by name, or one after the other.
#[derive(Debug)]
pub(super) struct Week([(&'static str, i32); 3]);

impl Object for Week {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let named = |name: &str| self.0.iter().find(|(own, _)| *own == name);
        let part = match key.as_str() {
            Some(name) => named(name)?,
            None => self.0.get(usize::try_from(key.clone()).ok()?)?,
        };
        Some(Value::from(part.1))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [(_, year), (_, week), (_, weekday)] = self.0;
        write!(f, "datetime.IsoCalendarDate(year={year}, week={week}, weekday={weekday})")
    }
}

/// `12:05:06.000007`, where nothing else is said with the fraction only where there is one.
fn clock(time: Time, precision: &str) -> Result<String, Error> {
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    let micros = time.subsec_nanosecond() / 1000;
    Ok(match precision {
        "auto" if micros == 0 => format!("{hour:02}:{minute:02}:{second:02}"),
        "auto" | "microseconds" => format!("{hour:02}:{minute:02}:{second:02}.{micros:06}"),
        "milliseconds" => format!("{hour:02}:{minute:02}:{second:02}.{:03}", micros / 1000),
        "seconds" => format!("{hour:02}:{minute:02}:{second:02}"),
        "minutes" => format!("{hour:02}:{minute:02}"),
        "hours" => format!("{hour:02}"),
        other => {
            return Err(refused(sentence!(
                "template-time-precision",
                "`{precision}` is no precision of a time",
                precision = other,
            )));
        }
    })
}

impl Object for Moment {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.attribute(key.as_str()?)
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        if method == "strftime" {
            let (format, named): (Option<&str>, Kwargs) = from_args(args)?;
            let format = format.map_or_else(|| named.get("format"), Ok)?;
            named.assert_all_used()?;
            return self.strftime(format).map(Value::from);
        }
        if method == "replace" {
            let (parts,): (Kwargs,) = from_args(args)?;
            let replaced = self.replaced(&parts)?;
            parts.assert_all_used()?;
            return Ok(replaced.value());
        }
        if method == "isoformat" {
            let (separator, precision, named): (Option<&str>, Option<&str>, Kwargs) = from_args(args)?;
            let separator = separator.or(named.get("sep")?).unwrap_or("T");
            let precision = precision.or(named.get("timespec")?).unwrap_or("auto");
            named.assert_all_used()?;
            return self.text(separator, precision).map(Value::from);
        }
        let () = from_args(args)?;
        let unknown = || Error::from(ErrorKind::UnknownMethod);
        match (method, &**self) {
            ("time", Moment::Aware(_) | Moment::Naive(_)) => {
                return Ok(Moment::Time(self.time().unwrap_or_default()).value());
            }
            ("tzname", Moment::Aware(_) | Moment::Naive(_)) => return Ok(self.zone()),
            ("utcoffset", Moment::Aware(zoned)) => return Ok(Delta(zoned.offset().seconds().into()).value()),
            ("utcoffset", Moment::Naive(_)) => return Ok(Value::from(())),
            ("timestamp", Moment::Aware(zoned)) => {
                return Ok(Value::from(zoned.timestamp().as_millisecond() as f64 / 1000.0));
            }
            _ => {}
        }
        let date = self.date().ok_or_else(unknown)?;
        Ok(match method {
            "isocalendar" => Self::week(date),
            "toordinal" => Value::from(Self::ordinal(date)),
            "ctime" => Value::from(self.strftime("%a %b %e %H:%M:%S %Y")?),
            "date" => Moment::Date(date).value(),
            "weekday" => Value::from(date.weekday().to_monday_zero_offset()),
            "isoweekday" => Value::from(date.weekday().to_monday_one_offset()),
            _ => return Err(unknown()),
        })
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        match (&**self, other.downcast_ref::<Self>()?) {
            (Self::Aware(a), Self::Aware(b)) => Some(a.timestamp().cmp(&b.timestamp())),
            (Self::Naive(a), Self::Naive(b)) => Some(a.cmp(b)),
            (Self::Date(a), Self::Date(b)) => Some(a.cmp(b)),
            (Self::Time(a), Self::Time(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(" ", "auto").map_err(|_| fmt::Error)?)
    }
}

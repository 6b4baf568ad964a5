//! Times as templates see them: the attributes and methods of Python's `datetime` that file names are made with.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use jiff::Zoned;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::{self, BrokenDownTime};
use minijinja::value::{DynObject, Enumerator, Kwargs, Object, ObjectRepr, from_args};
use minijinja::{Error, ErrorKind, State, Value};

/// A point in time, or a day.
#[derive(Debug, Clone)]
pub enum Moment {
    /// With a time zone: file times.
    Aware(Zoned),
    /// Without one: `now()` and `utcnow()`.
    Naive(DateTime),
    /// A day: `today()`.
    Date(Date),
}

impl Moment {
    /// As a value for templates.
    pub fn value(self) -> Value {
        Value::from_object(self)
    }

    fn date(&self) -> Date {
        match self {
            Self::Aware(zoned) => zoned.date(),
            Self::Naive(time) => time.date(),
            Self::Date(date) => *date,
        }
    }

    fn time(&self) -> Option<DateTime> {
        match self {
            Self::Aware(zoned) => Some(zoned.datetime()),
            Self::Naive(time) => Some(*time),
            Self::Date(_) => None,
        }
    }

    fn broken_down(&self) -> BrokenDownTime {
        match self {
            Self::Aware(zoned) => BrokenDownTime::from(zoned),
            Self::Naive(time) => BrokenDownTime::from(*time),
            Self::Date(date) => BrokenDownTime::from(date.to_datetime(jiff::civil::Time::midnight())),
        }
    }

    fn attribute(&self, key: &str) -> Option<Value> {
        let date = self.date();
        let whole = match key {
            "year" => i32::from(date.year()),
            "month" => i32::from(date.month()),
            "day" => i32::from(date.day()),
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
            Self::Naive(_) | Self::Date(_) => Value::from(()),
        }
    }

    /// The same moment with some of its parts replaced.
    fn replaced(&self, parts: &Kwargs) -> Result<Self, Error> {
        let wrong = |error: jiff::Error| Error::new(ErrorKind::InvalidOperation, error.to_string());
        let date = self.date();
        let date = Date::new(
            parts.get::<Option<i16>>("year")?.unwrap_or(date.year()),
            parts.get::<Option<i8>>("month")?.unwrap_or(date.month()),
            parts.get::<Option<i8>>("day")?.unwrap_or(date.day()),
        )
        .map_err(wrong)?;
        let Some(time) = self.time() else { return Ok(Self::Date(date)) };
        let micros = parts.get::<Option<i32>>("microsecond")?.map(|micros| micros.saturating_mul(1000));
        let time = jiff::civil::Time::new(
            parts.get::<Option<i8>>("hour")?.unwrap_or(time.hour()),
            parts.get::<Option<i8>>("minute")?.unwrap_or(time.minute()),
            parts.get::<Option<i8>>("second")?.unwrap_or(time.second()),
            micros.unwrap_or(time.subsec_nanosecond()),
        )
        .map_err(wrong)?;
        let time = date.to_datetime(time);
        match self {
            Self::Aware(zoned) => Ok(Self::Aware(time.to_zoned(zoned.time_zone().clone()).map_err(wrong)?)),
            _ => Ok(Self::Naive(time)),
        }
    }

    fn week(&self) -> Value {
        let week = self.date().iso_week_date();
        let (year, weekday) = (i32::from(week.year()), i32::from(week.weekday().to_monday_one_offset()));
        Value::from_object(Week([("year", year), ("week", i32::from(week.week())), ("weekday", weekday)]))
    }

    /// Days since the year 1 began, that day being the first.
    fn ordinal(&self) -> i64 {
        // 1970-01-01 has the number 719163.
        let epoch = Date::constant(1970, 1, 1);
        self.date().duration_since(epoch).as_hours() / 24 + 719_163
    }

    fn strftime(&self, format: &str) -> Result<String, Error> {
        // Python's microseconds have six digits, always.
        let format = format.replace("%f", "%6f");
        strtime::format(&format, self.broken_down()).map_err(|error| {
            Error::new(ErrorKind::InvalidOperation, format!("`{format}` is no format for this time: {error}"))
        })
    }

    fn text(&self, separator: char) -> String {
        let date = self.date();
        let mut text = format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day());
        let Some(time) = self.time() else { return text };
        text.push(separator);
        text.push_str(&clock(time));
        if let Self::Aware(zoned) = self {
            let seconds = zoned.offset().seconds();
            let minutes = seconds.abs() / 60;
            let sign = if seconds < 0 { '-' } else { '+' };
            text.push_str(&format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60));
        }
        text
    }
}

/// Year, week and day of the week as ISO 8601 counts them: by name, or one after the other.
#[derive(Debug)]
struct Week([(&'static str, i32); 3]);

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

/// `12:05:06.000007`, the fraction only where there is one.
fn clock(time: DateTime) -> String {
    let text = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    match time.subsec_nanosecond() / 1000 {
        0 => text,
        micros => format!("{text}.{micros:06}"),
    }
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
            let (format,): (&str,) = from_args(args)?;
            return self.strftime(format).map(Value::from);
        }
        if method == "replace" {
            let (parts,): (Kwargs,) = from_args(args)?;
            let replaced = self.replaced(&parts)?;
            parts.assert_all_used()?;
            return Ok(replaced.value());
        }
        let () = from_args(args)?;
        Ok(match (method, &**self) {
            ("isocalendar", _) => self.week(),
            ("toordinal", _) => Value::from(self.ordinal()),
            ("ctime", _) => Value::from(self.strftime("%a %b %e %H:%M:%S %Y")?),
            ("time", Moment::Aware(_) | Moment::Naive(_)) => {
                Value::from(self.time().map(clock).unwrap_or_default())
            }
            ("tzname", Moment::Aware(_) | Moment::Naive(_)) => self.zone(),
            ("isoformat", _) => Value::from(self.text('T')),
            ("date", _) => Moment::Date(self.date()).value(),
            ("weekday", _) => Value::from(self.date().weekday().to_monday_zero_offset()),
            ("isoweekday", _) => Value::from(self.date().weekday().to_monday_one_offset()),
            ("timestamp", Moment::Aware(zoned)) => {
                Value::from(zoned.timestamp().as_millisecond() as f64 / 1000.0)
            }
            _ => return Err(Error::from(ErrorKind::UnknownMethod)),
        })
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        match (&**self, other.downcast_ref::<Self>()?) {
            (Self::Aware(a), Self::Aware(b)) => Some(a.timestamp().cmp(&b.timestamp())),
            (Self::Naive(a), Self::Naive(b)) => Some(a.cmp(b)),
            (Self::Date(a), Self::Date(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(' '))
    }
}

//! Times as templates see them: the attributes and methods of Python's `datetime` that file names are made with.

use std::fmt;
use std::sync::Arc;

use jiff::Zoned;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::{self, BrokenDownTime};
use minijinja::value::{Object, ObjectRepr, from_args};
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
            _ => return None,
        };
        Some(Value::from(whole))
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
        text.push_str(&format!("{separator}{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second()));
        let micros = time.subsec_nanosecond() / 1000;
        if micros != 0 {
            text.push_str(&format!(".{micros:06}"));
        }
        if let Self::Aware(zoned) = self {
            let seconds = zoned.offset().seconds();
            let minutes = seconds.abs() / 60;
            let sign = if seconds < 0 { '-' } else { '+' };
            text.push_str(&format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60));
        }
        text
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
        let () = from_args(args)?;
        Ok(match (method, &**self) {
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

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(' '))
    }
}

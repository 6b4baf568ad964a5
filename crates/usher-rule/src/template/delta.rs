//! Time spans as templates see them: Python's `timedelta`, which organize makes of the offsets in photos.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, from_args};
use minijinja::{Error, ErrorKind, State, Value};

const DAY: i64 = 24 * 60 * 60;

/// A time span in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delta(pub i64);

impl Delta {
    /// As a value for templates.
    pub fn value(self) -> Value {
        Value::from_object(self)
    }

    /// As Python writes it inside a list.
    pub(super) fn repr(self) -> String {
        let (days, seconds) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        let parts = [("days", days), ("seconds", seconds)].into_iter().filter(|(_, number)| *number != 0);
        let parts: Vec<String> = parts.map(|(name, number)| format!("{name}={number}")).collect();
        format!("datetime.timedelta({})", if parts.is_empty() { "0".to_owned() } else { parts.join(", ") })
    }
}

impl Object for Delta {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "days" => Some(Value::from(self.0.div_euclid(DAY))),
            "seconds" => Some(Value::from(self.0.rem_euclid(DAY))),
            "microseconds" => Some(Value::from(0)),
            _ => None,
        }
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let () = from_args(args)?;
        match method {
            "total_seconds" => Ok(Value::from(self.0 as f64)),
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, seconds) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        if days != 0 {
            write!(f, "{days} day{}, ", if days.abs() == 1 { "" } else { "s" })?;
        }
        write!(f, "{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_written_as_python_writes_them() {
        for (seconds, text) in [
            (0, "0:00:00"),
            (7200, "2:00:00"),
            (-7200, "-1 day, 22:00:00"),
            (2 * DAY + 61, "2 days, 0:01:01"),
        ] {
            assert_eq!(Delta(seconds).value().to_string(), text);
        }
    }
}

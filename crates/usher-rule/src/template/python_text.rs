//! Values as Python writes them, which is what names made by organize have in them.
//!
//! A value alone is written as `str()` writes it; what lies in a list, a tuple, a set or a mapping as `repr()` does, so
//! that a text there has quotes and a time says of what it is made.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Tuple, ValueKind};
use minijinja::{Error, Value};

use super::moment::Week;
use super::text::{MAX_TEXT, too_long};
use super::{Delta, Moment, PathValue, as_float};
use crate::document::python_float;

/// A set of Python's: it has its items in the order in which Python had them.
#[derive(Debug)]
pub struct SetValue {
    /// The items.
    pub items: Vec<Value>,
    /// Whether it is a `frozenset`.
    pub frozen: bool,
}

impl Object for SetValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.items.clone())
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_repr(&Value::from_dyn_object(Arc::clone(self)), f)
    }
}

/// A value that templates cannot look into: its two texts are all there is of it.
#[derive(Debug)]
pub struct Opaque {
    /// What `str()` makes of it.
    pub text: String,
    /// What `repr()` makes of it.
    pub repr: String,
}

impl Object for Opaque {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The text that a placeholder puts in where its value is not text already.
///
/// # Errors
/// When that is longer than any text may be: a list can name one text over and over.
pub(super) fn text(value: &Value) -> Result<Option<String>, Error> {
    if let Some(number) = as_float(value) {
        return Ok(Some(python_float(number)));
    }
    match value.kind() {
        ValueKind::None | ValueKind::Bool | ValueKind::Seq | ValueKind::Map => repr(value).map(Some),
        ValueKind::Iterable if value.downcast_object_ref::<SetValue>().is_some() => repr(value).map(Some),
        _ => Ok(None),
    }
}

/// What `repr()` writes.
fn repr(value: &Value) -> Result<String, Error> {
    let mut text = Bounded(String::new());
    write_repr(value, &mut text).map_err(|_| too_long())?;
    Ok(text.0)
}

/// A text that takes no more than fits.
struct Bounded(String);

impl fmt::Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > MAX_TEXT {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

fn write_repr(value: &Value, out: &mut dyn fmt::Write) -> fmt::Result {
    if let Some(own) = own_repr(value) {
        return out.write_str(&own);
    }
    match value.kind() {
        ValueKind::None => out.write_str("None"),
        ValueKind::Bool => out.write_str(if value.is_true() { "True" } else { "False" }),
        ValueKind::Seq if value.downcast_object_ref::<Tuple>().is_some() => {
            let end = if value.len() == Some(1) { ",)" } else { ")" };
            write_items(value, ["(", end], out)
        }
        ValueKind::Seq => write_items(value, ["[", "]"], out),
        ValueKind::Map => {
            out.write_str("{")?;
            for (nr, key) in value.try_iter().into_iter().flatten().enumerate() {
                out.write_str(if nr == 0 { "" } else { ", " })?;
                write_repr(&key, out)?;
                out.write_str(": ")?;
                write_repr(&value.get_item(&key).unwrap_or_default(), out)?;
            }
            out.write_str("}")
        }
        _ => match (value.downcast_object_ref::<SetValue>(), as_float(value)) {
            (Some(set), _) => match (set.items.is_empty(), set.frozen) {
                (true, true) => out.write_str("frozenset()"),
                (true, false) => out.write_str("set()"),
                (false, true) => write_items(value, ["frozenset({", "})"], out),
                (false, false) => write_items(value, ["{", "}"], out),
            },
            (None, Some(number)) => out.write_str(&python_float(number)),
            (None, None) => write!(out, "{value:?}"),
        },
    }
}

fn write_items(value: &Value, [start, end]: [&str; 2], out: &mut dyn fmt::Write) -> fmt::Result {
    out.write_str(start)?;
    for (nr, item) in value.try_iter().into_iter().flatten().enumerate() {
        out.write_str(if nr == 0 { "" } else { ", " })?;
        write_repr(&item, out)?;
    }
    out.write_str(end)
}

/// What objects of ours are in Python.
fn own_repr(value: &Value) -> Option<String> {
    if let Some(path) = value.downcast_object_ref::<PathValue>() {
        let class = if cfg!(windows) { "WindowsPath" } else { "PosixPath" };
        // Python writes both kinds with slashes.
        let text = value.to_string();
        let text =
            if cfg!(windows) && !path.0.as_os_str().is_empty() { text.replace('\\', "/") } else { text };
        return Some(format!("{class}({:?})", Value::from(text)));
    }
    let moment = value.downcast_object_ref::<Moment>().map(Moment::repr);
    let delta = || value.downcast_object_ref::<Delta>().map(|delta| delta.repr());
    let opaque = || value.downcast_object_ref::<Opaque>().map(|opaque| opaque.repr.clone());
    let week = || value.downcast_object_ref::<Week>().map(|_| value.to_string());
    moment.or_else(delta).or_else(opaque).or_else(week)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn what_lies_in_others_says_what_it_is() {
        let set = |items: &[i64], frozen| {
            let items = items.iter().copied().map(Value::from).collect();
            Value::from_object(SetValue { items, frozen })
        };
        let day = date(2024, 3, 5);
        for (value, expected) in [
            (Value::from(Tuple::from([Value::from(1)])), "(1,)"),
            (Value::from(Tuple::from([Value::from(1), Value::from("it's")])), "(1, \"it's\")"),
            (Value::from(Tuple::default()), "()"),
            (set(&[2, 1], false), "{2, 1}"),
            (set(&[], false), "set()"),
            (set(&[1], true), "frozenset({1})"),
            (Value::from(vec![Value::from(1e20), Value::from(()), Value::from(true)]), "[1e+20, None, True]"),
            (Value::from_pairs([(Value::from(1), Value::from("a"))]), "{1: 'a'}"),
            (Value::from(vec![Moment::Date(day).value()]), "[datetime.date(2024, 3, 5)]"),
            (
                Value::from(vec![Moment::Naive(day.to_datetime(time(6, 7, 0, 0))).value()]),
                "[datetime.datetime(2024, 3, 5, 6, 7)]",
            ),
            (
                Value::from(vec![Moment::Naive(day.to_datetime(time(6, 7, 8, 9000))).value()]),
                "[datetime.datetime(2024, 3, 5, 6, 7, 8, 9)]",
            ),
            (Value::from(vec![Moment::Time(time(6, 7, 0, 0)).value()]), "[datetime.time(6, 7)]"),
            (
                Value::from(vec![Delta(-7200).value(), Delta(0).value()]),
                "[datetime.timedelta(days=-1, seconds=79200), datetime.timedelta(0)]",
            ),
            (
                Value::from(vec![Value::from_object(Opaque {
                    text: "3".to_owned(),
                    repr: "Three()".to_owned(),
                })]),
                "[Three()]",
            ),
        ] {
            assert_eq!(text(&value).unwrap().as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_list_of_one_long_text_over_and_over_has_an_end() {
        let long = Value::from("x".repeat(100_000));
        assert!(text(&Value::from(vec![long.clone(); 10])).is_ok());
        assert!(text(&Value::from(vec![long; 100_000])).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn paths_in_lists_are_pathlibs() {
        let paths = Value::from(vec![Value::from_object(PathValue(PathBuf::from("/in/a b")))]);
        assert_eq!(text(&paths).unwrap().as_deref(), Some("[PosixPath('/in/a b')]"));
    }

    #[test]
    fn sets_are_gone_through_and_asked() {
        let set =
            Value::from_object(SetValue { items: vec![Value::from("b"), Value::from("a")], frozen: false });
        let environment = minijinja::Environment::new();
        let said = |text: &str| environment.render_str(text, minijinja::context! { set }).unwrap();
        assert_eq!(
            said("{{ set|join('-') }} {{ set|length }} {{ 'a' in set }} {{ 'c' in set }}"),
            "b-a 2 True False"
        );
    }
}

//! Values as Python writes them, which is what names made by organize have in them.
//!
//! A value alone is written as `str()` writes it; what lies in a list, a tuple, a set or a mapping as `repr()` does, so
//! that a text there has quotes and a time says of what it is made.

use std::fmt;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Enumerator, Object, ObjectRepr, Tuple, ValueKind};

use super::moment::Week;
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
        f.write_str(&repr(&Value::from_dyn_object(Arc::clone(self))))
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
pub(super) fn text(value: &Value) -> Option<String> {
    if let Some(number) = as_float(value) {
        return Some(python_float(number));
    }
    match value.kind() {
        ValueKind::None | ValueKind::Bool | ValueKind::Seq | ValueKind::Map => Some(repr(value)),
        ValueKind::Iterable if value.downcast_object_ref::<SetValue>().is_some() => Some(repr(value)),
        _ => None,
    }
}

/// What `repr()` writes.
fn repr(value: &Value) -> String {
    let mut text = String::new();
    add_repr(value, &mut text);
    text
}

fn add_repr(value: &Value, text: &mut String) {
    if let Some(own) = own_repr(value) {
        return *text += &own;
    }
    match value.kind() {
        ValueKind::None => *text += "None",
        ValueKind::Bool => *text += if value.is_true() { "True" } else { "False" },
        ValueKind::Seq if value.downcast_object_ref::<Tuple>().is_some() => {
            let end = if value.len() == Some(1) { ",)" } else { ")" };
            add_items(value, ["(", end], text);
        }
        ValueKind::Seq => add_items(value, ["[", "]"], text),
        ValueKind::Map => {
            *text += "{";
            for (nr, key) in value.try_iter().into_iter().flatten().enumerate() {
                *text += if nr == 0 { "" } else { ", " };
                add_repr(&key, text);
                *text += ": ";
                add_repr(&value.get_item(&key).unwrap_or_default(), text);
            }
            *text += "}";
        }
        _ => match (value.downcast_object_ref::<SetValue>(), as_float(value)) {
            (Some(set), _) => match (set.items.is_empty(), set.frozen) {
                (true, true) => *text += "frozenset()",
                (true, false) => *text += "set()",
                (false, true) => add_items(value, ["frozenset({", "})"], text),
                (false, false) => add_items(value, ["{", "}"], text),
            },
            (None, Some(number)) => *text += &python_float(number),
            (None, None) => *text += &format!("{value:?}"),
        },
    }
}

fn add_items(value: &Value, [start, end]: [&str; 2], text: &mut String) {
    *text += start;
    for (nr, item) in value.try_iter().into_iter().flatten().enumerate() {
        *text += if nr == 0 { "" } else { ", " };
        add_repr(&item, text);
    }
    *text += end;
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
            assert_eq!(text(&value).as_deref(), Some(expected));
        }
    }

    #[cfg(unix)]
    #[test]
    fn paths_in_lists_are_pathlibs() {
        let paths = Value::from(vec![Value::from_object(PathValue(PathBuf::from("/in/a b")))]);
        assert_eq!(text(&paths).as_deref(), Some("[PosixPath('/in/a b')]"));
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

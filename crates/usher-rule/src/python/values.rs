//! Values on their way to Python and back, with their types: a path stays a path, a time a time.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use minijinja::Value;
use minijinja::value::{Tuple, ValueKind};
use serde_json::{Map, Value as Json, json};

use crate::template::{Delta, Moment, Opaque, PathValue, SetValue};

/// How deep values may lie in each other.
const DEEPEST: usize = 64;

/// A value as the bootstrap program reads it.
pub(super) fn to_python(value: &Value) -> Json {
    deep_to_python(value, 0)
}

fn deep_to_python(value: &Value, depth: usize) -> Json {
    if let Some(PathValue(own)) = value.downcast_object_ref::<PathValue>() {
        return path(own);
    }
    if let Some(own) = value.downcast_object_ref::<Moment>() {
        return moment(own);
    }
    if let Some(own) = value.downcast_object_ref::<Delta>() {
        return json!({ "$": "delta", "v": own.0 });
    }
    let inner = |value: &Value| deep_to_python(value, depth + 1);
    match value.kind() {
        _ if depth > DEEPEST => Json::Null,
        ValueKind::Undefined | ValueKind::None => Json::Null,
        ValueKind::Bool => json!(value.is_true()),
        ValueKind::Number => match (i64::try_from(value.clone()), f64::try_from(value.clone())) {
            (Ok(whole), _) => json!(whole),
            (_, Ok(number)) => json!(number),
            _ => json!(value.to_string()),
        },
        ValueKind::String => json!(value.as_str().unwrap_or_default()),
        ValueKind::Seq | ValueKind::Iterable => {
            let items: Json = value.try_iter().into_iter().flatten().map(|item| inner(&item)).collect();
            match mark(value) {
                Some(mark) => json!({ "$": mark, "v": items }),
                None => items,
            }
        }
        ValueKind::Map => {
            let keys: Vec<Value> = value.try_iter().into_iter().flatten().collect();
            let item = |key: &Value| inner(&value.get_item(key).unwrap_or_default());
            // A map of JSON has texts for keys and no order of its own, and what looks like one of our marks is none.
            let names: Option<Vec<&str>> = keys.iter().map(Value::as_str).collect();
            match names.filter(|names| names.is_sorted() && !names.contains(&"$")) {
                Some(names) => {
                    names.iter().zip(&keys).map(|(name, key)| ((*name).to_owned(), item(key))).collect()
                }
                None => {
                    let pairs: Vec<Json> = keys.iter().map(|key| json!([inner(key), item(key)])).collect();
                    json!({ "$": "dict", "v": pairs })
                }
            }
        }
        _ => json!(value.to_string()),
    }
}

/// How a list that is none in Python is marked.
fn mark(value: &Value) -> Option<&'static str> {
    if value.downcast_object_ref::<Tuple>().is_some() {
        return Some("tuple");
    }
    value.downcast_object_ref::<SetValue>().map(|set| if set.frozen { "frozenset" } else { "set" })
}

/// A path: as text where it is text, otherwise as its bytes.
pub(super) fn path(path: &Path) -> Json {
    match path.to_str() {
        Some(text) => json!({ "$": "path", "v": text }),
        None => json!({ "$": "path", "b": bytes(path) }),
    }
}

#[cfg(unix)]
fn bytes(path: &Path) -> &[u8] {
    std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str())
}

/// UTF-16, little end first, which Python reads with its lone halves.
#[cfg(windows)]
fn bytes(path: &Path) -> Vec<u8> {
    use std::os::windows::ffi::OsStrExt;
    path.as_os_str().encode_wide().flat_map(u16::to_le_bytes).collect()
}

/// The path that such bytes are.
fn path_of(bytes: &Json) -> Option<PathBuf> {
    let byte = |byte: &Json| byte.as_u64().and_then(|byte| u8::try_from(byte).ok());
    let bytes = bytes.as_array()?.iter().map(byte).collect::<Option<Vec<u8>>>()?;
    #[cfg(unix)]
    let path: OsString = std::os::unix::ffi::OsStringExt::from_vec(bytes);
    #[cfg(windows)]
    let path: OsString = {
        let halves: Vec<u16> =
            bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        std::os::windows::ffi::OsStringExt::from_wide(&halves)
    };
    Some(path.into())
}

/// A point in time, or a day.
pub(super) fn moment(moment: &Moment) -> Json {
    let micros = |time: &DateTime| time.strftime("%Y-%m-%dT%H:%M:%S.%6f").to_string();
    match moment {
        Moment::Aware(zoned) => {
            json!({ "$": "datetime", "v": micros(&zoned.datetime()), "o": zoned.offset().seconds() })
        }
        Moment::Naive(time) => json!({ "$": "datetime", "v": micros(time) }),
        Moment::Date(date) => json!({ "$": "date", "v": date.to_string() }),
        Moment::Time(time) => json!(time.to_string()),
    }
}

/// A value as templates see it.
pub(super) fn from_python(json: &Json) -> Value {
    match json {
        Json::Null => Value::from(()),
        Json::Bool(flag) => Value::from(*flag),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::from(whole),
            (_, Some(number)) => Value::from(number),
            _ => Value::from(number.to_string()),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => items.iter().map(from_python).collect(),
        Json::Object(map) => marked(map).unwrap_or_else(|| {
            Value::from_pairs(map.iter().map(|(key, value)| (key.clone(), from_python(value))))
        }),
    }
}

fn marked(map: &Map<String, Json>) -> Option<Value> {
    if let Some(bytes) = map.get("b").filter(|_| map.get("$").and_then(Json::as_str) == Some("path")) {
        return Some(Value::from_object(PathValue(path_of(bytes)?)));
    }
    let value = map.get("v")?;
    Some(match map.get("$")?.as_str()? {
        "path" => Value::from_object(PathValue(PathBuf::from(value.as_str()?))),
        "date" => Moment::Date(value.as_str()?.parse::<Date>().ok()?).value(),
        "datetime" => {
            let time = value.as_str()?.parse::<DateTime>().ok()?;
            match map.get("o").and_then(Json::as_i64) {
                Some(offset) => {
                    let offset = Offset::from_seconds(i32::try_from(offset).ok()?).ok()?;
                    Moment::Aware(time.to_zoned(TimeZone::fixed(offset)).ok()?).value()
                }
                None => Moment::Naive(time).value(),
            }
        }
        "dict" => {
            let pair = |pair: &Json| Some((from_python(pair.get(0)?), from_python(pair.get(1)?)));
            Value::from_pairs(value.as_array()?.iter().filter_map(pair))
        }
        "delta" => Delta(value.as_i64()?).value(),
        "tuple" => Value::from(Tuple::new(items(value)?)),
        "set" => Value::from_object(SetValue { items: items(value)?, frozen: false }),
        "frozenset" => Value::from_object(SetValue { items: items(value)?, frozen: true }),
        "other" => {
            let text = value.as_str()?.to_owned();
            Value::from_object(Opaque { text, repr: map.get("r")?.as_str()?.to_owned() })
        }
        _ => return None,
    })
}

fn items(list: &Json) -> Option<Vec<Value>> {
    Some(list.as_array()?.iter().map(from_python).collect())
}

/// A result put to what was published before: the keys of two dicts come together, anything else takes its place.
pub fn merged(before: Option<&Value>, value: Value) -> Value {
    deep_merged(before, value, 0)
}

fn deep_merged(before: Option<&Value>, value: Value, depth: usize) -> Value {
    let is_map = |value: &Value| value.kind() == ValueKind::Map && value.try_iter().is_ok();
    let Some(before) = before.filter(|before| depth < DEEPEST && is_map(before) && is_map(&value)) else {
        return value;
    };
    let pairs = |value: &Value| -> Vec<(Value, Value)> {
        let keys = value.try_iter().into_iter().flatten();
        keys.map(|key| (key.clone(), value.get_item(&key).unwrap_or_default())).collect()
    };
    // As in Python, a key keeps the place where it came first.
    let mut all = pairs(before);
    let places: HashMap<Value, usize> =
        all.iter().enumerate().map(|(place, (key, _))| (key.clone(), place)).collect();
    for (key, value) in pairs(&value) {
        match places.get(&key).and_then(|place| all.get_mut(*place)) {
            Some((_, known)) => *known = deep_merged(Some(known), value, depth + 1),
            None => all.push((key, value)),
        }
    }
    Value::from_pairs(all)
}

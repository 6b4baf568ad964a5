//! Filters of Jinja's for other formats: JSON and HTML. Written as Jinja writes them, so that what reads the output need
//! not know which program made it.

use minijinja::value::ValueKind;
use minijinja::{Error, Value};
use usher_event::sentence;

use super::text::{MAX_TEXT, too_long};
use super::{MOST_NESTED, check_short, refused};
use crate::document::python_float;

/// The filters `escape` and `e`: what was escaped before stays as it is.
pub(super) fn escape(value: &Value) -> Result<Value, Error> {
    if value.is_safe() { Ok(value.clone()) } else { force_escape(value) }
}

/// The filter `forceescape`.
pub(super) fn force_escape(value: &Value) -> Result<Value, Error> {
    Ok(Value::from_safe_string(escaped(&text(value)?)?))
}

fn text(value: &Value) -> Result<String, Error> {
    check_short(value)?;
    Ok(value.to_string())
}

fn escaped(text: &str) -> Result<String, Error> {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    within_bounds(out)
}

/// The filter `striptags`: the text between tags, with single blanks.
pub(super) fn strip_tags(value: &Value) -> Result<String, Error> {
    let text = minijinja_contrib::filters::striptags(text(value)?);
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The filter `xmlattr`: a map as the attributes of a tag, those that are nothing left out.
pub(super) fn attributes(map: &Value, leading: Option<bool>) -> Result<Value, Error> {
    if map.kind() != ValueKind::Map {
        return Err(refused(sentence!("template-map-wanted", "a map is wanted")));
    }
    let mut out = String::new();
    for key in map.try_iter()? {
        let value = map.get_item(&key)?;
        if value.is_none() || value.is_undefined() {
            continue;
        }
        let key = key.to_string();
        if key.contains(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=')) {
            return Err(refused(sentence!(
                "template-bad-attribute",
                "`{key}` is no name of an attribute",
                key = key,
            )));
        }
        if !out.is_empty() || leading.unwrap_or(true) {
            out.push(' ');
        }
        out.push_str(&format!("{}=\"{}\"", escaped(&key)?, escaped(&text(&value)?)?));
        out = within_bounds(out)?;
    }
    Ok(Value::from_safe_string(out))
}

/// The filter `tojson`.
pub(super) fn to_json(value: &Value) -> Result<Value, Error> {
    let mut out = String::new();
    write_json(&mut out, value, 0)?;
    Ok(Value::from_safe_string(out))
}

fn write_json(out: &mut String, value: &Value, depth: usize) -> Result<(), Error> {
    if depth > MOST_NESTED || out.len() > MAX_TEXT {
        return Err(refused(sentence!("template-json-large", "it is too large for JSON")));
    }
    match value.kind() {
        ValueKind::None => out.push_str("null"),
        ValueKind::Bool => out.push_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number if value.is_integer() => out.push_str(&value.to_string()),
        ValueKind::Number => match f64::try_from(value.clone())? {
            number if number.is_nan() => out.push_str("NaN"),
            number if number.is_infinite() => {
                out.push_str(if number > 0.0 { "Infinity" } else { "-Infinity" });
            }
            number => out.push_str(&python_float(number)),
        },
        ValueKind::String => write_json_text(out, value.as_str().unwrap_or_default()),
        ValueKind::Seq => {
            out.push('[');
            for (nr, item) in value.try_iter()?.enumerate() {
                out.push_str(if nr > 0 { ", " } else { "" });
                write_json(out, &item, depth + 1)?;
            }
            out.push(']');
        }
        ValueKind::Map => {
            let mut pairs = Vec::new();
            for key in value.try_iter()? {
                pairs.push((key.to_string(), value.get_item(&key)?));
            }
            pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
            out.push('{');
            for (nr, (key, value)) in pairs.iter().enumerate() {
                out.push_str(if nr > 0 { ", " } else { "" });
                write_json_text(out, key);
                out.push_str(": ");
                write_json(out, value, depth + 1)?;
            }
            out.push('}');
        }
        _ => {
            return Err(refused(sentence!(
                "template-no-json",
                "JSON has nothing for such a value; write `|string` before `|tojson`"
            )));
        }
    }
    Ok(())
}

/// A text of JSON in ASCII, safe within HTML.
fn write_json_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\'' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            ' '..='~' => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
}

fn within_bounds(text: String) -> Result<String, Error> {
    if text.len() <= MAX_TEXT {
        return Ok(text);
    }
    Err(too_long())
}

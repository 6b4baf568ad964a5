//! Methods of Python's texts that the template engine's own collection lacks.

use minijinja::value::from_args;
use minijinja::{Error, ErrorKind, State, Value};
use minijinja_contrib::pycompat;

/// No text is padded beyond this many characters: a name cannot be that long.
const MAX_WIDTH: usize = 10_000;

/// Calls a method on a value that has none of its own.
pub(super) fn method(
    state: &mut State<'_, '_>,
    value: &Value,
    method: &str,
    args: &[Value],
) -> Result<Value, Error> {
    match value.as_str().map(|text| text_method(text, method, args)) {
        Some(Ok(Some(answer))) => Ok(answer),
        Some(Err(error)) => Err(error),
        Some(Ok(None)) | None => pycompat::unknown_method_callback(state, value, method, args),
    }
}

fn text_method(text: &str, method: &str, args: &[Value]) -> Result<Option<Value>, Error> {
    let answer = match method {
        "ljust" | "rjust" | "center" | "zfill" => Value::from(padded(text, method, args)?),
        "partition" => partition(text, args, text.find(separator(args)?), false)?,
        "rpartition" => partition(text, args, text.rfind(separator(args)?), true)?,
        "rsplit" => rsplit(text, args)?,
        "removeprefix" => Value::from(text.strip_prefix(separator(args)?).unwrap_or(text)),
        "removesuffix" => Value::from(text.strip_suffix(separator(args)?).unwrap_or(text)),
        "casefold" => Value::from(text.to_lowercase()),
        "swapcase" => Value::from(text.chars().map(swapped).collect::<String>()),
        "index" => Value::from(index(text, args)?),
        _ => return Ok(None),
    };
    Ok(Some(answer))
}

fn separator(args: &[Value]) -> Result<&str, Error> {
    args.first()
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "a text that is not empty is wanted"))
}

fn padded(text: &str, method: &str, args: &[Value]) -> Result<String, Error> {
    let (width, fill): (usize, Option<&str>) = from_args(args)?;
    let fill = fill.unwrap_or(if method == "zfill" { "0" } else { " " });
    if width > MAX_WIDTH || fill.chars().count() != 1 {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            "a width below 10000 and one character are wanted",
        ));
    }
    let missing = width.saturating_sub(text.chars().count());
    let (left, right) = match method {
        "ljust" => (0, missing),
        // Where the blanks cannot be shared evenly, Python gives one more to the left of an odd width.
        "center" => (missing / 2 + (missing & width & 1), missing - missing / 2 - (missing & width & 1)),
        _ => (missing, 0),
    };
    let sign = usize::from(method == "zfill" && text.starts_with(['+', '-']));
    Ok(format!("{}{}{}{}", &text[..sign], fill.repeat(left), &text[sign..], fill.repeat(right)))
}

fn partition(text: &str, args: &[Value], found: Option<usize>, from_end: bool) -> Result<Value, Error> {
    let separator = separator(args)?;
    let parts = match found {
        Some(at) => [&text[..at], separator, &text[at + separator.len()..]],
        None if from_end => ["", "", text],
        None => [text, "", ""],
    };
    Ok(parts.into_iter().map(Value::from).collect())
}

fn rsplit(text: &str, args: &[Value]) -> Result<Value, Error> {
    let (separator, most): (Option<&str>, Option<i64>) = from_args(args)?;
    let most =
        most.and_then(|most| usize::try_from(most).ok()).map_or(usize::MAX, |most| most.saturating_add(1));
    let mut parts: Vec<&str> = match separator {
        Some("") => return Err(Error::new(ErrorKind::InvalidOperation, "the separator is empty")),
        Some(separator) => text.rsplitn(most, separator).collect(),
        None if most == usize::MAX => text.split_whitespace().rev().collect(),
        None => text.trim().rsplitn(most, char::is_whitespace).map(str::trim).collect(),
    };
    parts.reverse();
    Ok(parts.into_iter().map(Value::from).collect())
}

fn index(text: &str, args: &[Value]) -> Result<usize, Error> {
    let part = separator(args)?;
    match text.find(part) {
        Some(at) => Ok(text[..at].chars().count()),
        None => Err(Error::new(ErrorKind::InvalidOperation, format!("`{part}` is not in `{text}`"))),
    }
}

fn swapped(c: char) -> char {
    let other = if c.is_uppercase() { c.to_lowercase().next() } else { c.to_uppercase().next() };
    other.unwrap_or(c)
}

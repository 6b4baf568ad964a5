//! Methods of Python's texts that the template engine's own collection lacks.

use minijinja::value::{Kwargs, Rest, Tuple, ValueOrKwargs, from_args};
use minijinja::{Error, ErrorKind, State, Value};
use minijinja_contrib::pycompat;

/// No text is padded beyond this many characters: a name cannot be that long.
const MAX_WIDTH: usize = 10_000;

/// No method makes a text longer than this, in bytes.
const MAX_TEXT: usize = 1024 * 1024;

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
    if method == "format" && is_wide(text, args) {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("a field is wider than {MAX_WIDTH} characters"),
        ));
    }
    if grown(text, method, args).is_none_or(|length| length > MAX_TEXT) {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("the text grows beyond {MAX_TEXT} bytes"),
        ));
    }
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
        "title" => Value::from(titled(text)),
        "expandtabs" => Value::from(tabs_expanded(text, args)?),
        _ => return Ok(None),
    };
    Ok(Some(answer))
}

/// How long the text becomes by a method that can make it much longer, which is not counted as fuel; `None` where that is
/// beyond all counting.
fn grown(text: &str, method: &str, args: &[Value]) -> Option<usize> {
    let lengths = |value: &Value| value.as_str().map_or(16, str::len);
    match (method, args) {
        ("replace", [old, new, ..]) => {
            let (old, new) = (old.as_str()?, new.as_str()?);
            text.matches(old).count().checked_mul(new.len())?.checked_add(text.len())
        }
        ("join", [items, ..]) => items.try_iter().ok()?.try_fold(0usize, |sum, item| {
            sum.checked_add(text.len())?.checked_add(lengths(&item)).filter(|sum| *sum <= MAX_TEXT)
        }),
        _ => Some(0),
    }
}

/// Whether a format asks for more characters than a text may have. Padding is not counted as fuel.
fn is_wide(format: &str, args: &[Value]) -> bool {
    let large = |digits: &str| digits.trim_start_matches('0').len() > 4;
    // A width can be a value of its own.
    let nested = format.split('{').any(|field| field.contains(':') && !field.contains('}'));
    format.split(|c: char| !c.is_ascii_digit()).any(large)
        || nested && args.iter().any(|arg| large(&arg.to_string()))
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
    Ok(Value::from(Tuple::from(parts.map(Value::from))))
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

/// A capital at the beginning of every run of letters.
fn titled(text: &str) -> String {
    let mut within = false;
    let mut titled = String::with_capacity(text.len());
    for c in text.chars() {
        match (c.is_alphabetic(), within) {
            (true, true) => titled.extend(c.to_lowercase()),
            (true, false) => titled.extend(c.to_uppercase()),
            (false, _) => titled.push(c),
        }
        within = c.is_alphabetic();
    }
    titled
}

fn tabs_expanded(text: &str, args: &[Value]) -> Result<String, Error> {
    let (size,): (Option<usize>,) = from_args(args)?;
    let size = width(size.unwrap_or(8))?;
    let (mut expanded, mut column) = (String::new(), 0);
    for c in text.chars() {
        match c {
            '\t' if size == 0 => {}
            '\t' => {
                let blanks = size - column % size;
                expanded.extend(std::iter::repeat_n(' ', blanks));
                column += blanks;
                width(expanded.len())?;
            }
            c => {
                expanded.push(c);
                column = if matches!(c, '\n' | '\r') { 0 } else { column + 1 };
            }
        }
    }
    Ok(expanded)
}

fn width(width: usize) -> Result<usize, Error> {
    if width <= MAX_WIDTH {
        return Ok(width);
    }
    Err(Error::new(ErrorKind::InvalidOperation, format!("more than {MAX_WIDTH} characters are asked for")))
}

/// The filter `truncate`, with its arguments in order or by name.
pub(super) fn truncate(text: &str, args: Rest<ValueOrKwargs>) -> Result<String, Error> {
    type Args = (Option<usize>, Option<bool>, Option<String>, Option<usize>, Kwargs);
    let args = args.into_values();
    let (length, killwords, end, leeway, named): Args = from_args(&args)?;
    let length = length.or(named.get("length")?).unwrap_or(255);
    let killwords = killwords.or(named.get("killwords")?).unwrap_or(false);
    let end = end.or(named.get("end")?).unwrap_or_else(|| "...".to_owned());
    let leeway = leeway.or(named.get("leeway")?).unwrap_or(5);
    named.assert_all_used()?;
    if text.chars().count() <= length.saturating_add(leeway) {
        return Ok(text.to_owned());
    }
    let Some(keep) = length.checked_sub(end.chars().count()) else {
        return Err(Error::new(ErrorKind::InvalidOperation, "the length is less than that of the end"));
    };
    let kept = text.char_indices().nth(keep).map_or(text, |(at, _)| &text[..at]);
    let kept = if killwords { kept } else { kept.rsplit_once(' ').map_or(kept, |(before, _)| before) };
    Ok(format!("{kept}{end}"))
}

/// The filter `center`, which is the method with another default.
pub(super) fn center(text: &str, width: Option<usize>) -> Result<String, Error> {
    padded(text, "center", &[Value::from(width.unwrap_or(80))])
}

/// The filter `wordcount`.
pub(super) fn wordcount(text: &str) -> usize {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).count()
}

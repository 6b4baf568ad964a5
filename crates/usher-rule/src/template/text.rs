//! Methods of Python's texts that the template engine's own collection lacks.

use minijinja::value::{Kwargs, Rest, Tuple, ValueKind, ValueOrKwargs, from_args};
use minijinja::{Error, State, Value};
use minijinja_contrib::pycompat;
use usher_event::sentence;

use super::{check_short, field, python_text, refused};

/// No text is padded beyond this many characters: a name cannot be that long.
const MAX_WIDTH: usize = 10_000;

/// No method makes a text longer than this, in bytes.
pub(super) const MAX_TEXT: usize = 1024 * 1024;

/// Calls a method on a value that has none of its own.
pub(super) fn method(
    state: &mut State<'_, '_>,
    value: &Value,
    method: &str,
    args: &[Value],
) -> Result<Value, Error> {
    if method == "format"
        && let Some((text, args)) = value.as_str().and_then(|text| field::plain(text, args))
    {
        return text_method(&text, method, &args).and_then(|answer| match answer {
            Some(answer) => Ok(answer),
            None => pycompat::unknown_method_callback(state, &Value::from(text), method, &args),
        });
    }
    match value.as_str().map(|text| text_method(text, method, args)) {
        Some(Ok(Some(answer))) => Ok(answer),
        Some(Err(error)) => Err(error),
        Some(Ok(None)) | None => pycompat::unknown_method_callback(state, value, method, args),
    }
}

fn text_method(text: &str, method: &str, args: &[Value]) -> Result<Option<Value>, Error> {
    if method == "format" && is_wide(text, args) {
        return Err(refused(sentence!(
            "template-wide-field",
            "a field is wider than {most} characters",
            most = MAX_WIDTH,
        )));
    }
    if grown(text, method, args).is_none_or(|length| length > MAX_TEXT) {
        return Err(too_long());
    }
    let answer = match method {
        "ljust" | "rjust" | "center" | "zfill" => Value::from(padded(text, method, args)?),
        "partition" => partition(text, args, text.find(separator(args)?), false)?,
        "rpartition" => partition(text, args, text.rfind(separator(args)?), true)?,
        "rsplit" => rsplit(text, args)?,
        "split" => split(text, args)?,
        "find" | "rfind" | "index" | "rindex" => Value::from(place(text, method, args)?),
        "count" | "startswith" | "endswith" => part_of(text, method, args)?,
        "istitle" => Value::from(text == titled(text) && text.chars().any(char::is_alphabetic)),
        "isdecimal" => Value::from(!text.is_empty() && text.chars().all(|c| c.is_ascii_digit())),
        "isidentifier" => Value::from(is_identifier(text)),
        "removeprefix" => Value::from(text.strip_prefix(separator(args)?).unwrap_or(text)),
        "removesuffix" => Value::from(text.strip_suffix(separator(args)?).unwrap_or(text)),
        "casefold" => Value::from(text.to_lowercase()),
        "swapcase" => Value::from(text.chars().map(swapped).collect::<String>()),
        "title" => Value::from(titled(text)),
        "expandtabs" => Value::from(tabs_expanded(text, args)?),
        _ => return Ok(None),
    };
    Ok(Some(answer))
}

/// The filter `string`.
pub(super) fn string(value: &Value) -> Result<String, Error> {
    check_short(value)?;
    Ok(python_text::text(value)?.unwrap_or_else(|| value.to_string()))
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
        .ok_or_else(|| refused(sentence!("template-empty-separator", "a text that is not empty is wanted")))
}

fn padded(text: &str, method: &str, args: &[Value]) -> Result<String, Error> {
    let (width, fill): (usize, Option<&str>) = from_args(args)?;
    let fill = fill.unwrap_or(if method == "zfill" { "0" } else { " " });
    if width > MAX_WIDTH || fill.chars().count() != 1 {
        return Err(refused(sentence!(
            "template-bad-width",
            "a width below 10000 and one character are wanted"
        )));
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

/// What to split by, nothing for blanks, and how often at most, by place or by name.
fn split_args(args: &[Value]) -> Result<(Option<String>, usize), Error> {
    let (by, most, named): (Option<String>, Option<i64>, Kwargs) = from_args(args)?;
    let by = by.or(named.get("sep")?);
    let most = most.or(named.get("maxsplit")?);
    named.assert_all_used()?;
    if by.as_deref() == Some("") {
        return Err(refused(sentence!("template-no-separator", "the separator is empty")));
    }
    Ok((by, most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX)))
}

fn rsplit(text: &str, args: &[Value]) -> Result<Value, Error> {
    let (by, most) = split_args(args)?;
    let mut parts: Vec<&str> = match &by {
        Some(by) => text.rsplitn(most.saturating_add(1), by.as_str()).collect(),
        None if most == usize::MAX => text.split_whitespace().rev().collect(),
        None => text.trim().rsplitn(most + 1, char::is_whitespace).map(str::trim).collect(),
    };
    parts.reverse();
    Ok(parts.into_iter().map(Value::from).collect())
}

fn split(text: &str, args: &[Value]) -> Result<Value, Error> {
    let (by, most) = split_args(args)?;
    if let Some(by) = &by {
        return Ok(text.splitn(most.saturating_add(1), by.as_str()).map(Value::from).collect());
    }
    let (mut parts, mut rest) = (Vec::new(), text.trim_start());
    while !rest.is_empty() {
        let end = rest.find(char::is_whitespace).filter(|_| parts.len() < most);
        let (part, after) = rest.split_at(end.unwrap_or(rest.len()));
        parts.push(Value::from(part));
        rest = after.trim_start();
    }
    Ok(Value::from(parts))
}

/// The stretch of a text from one character to before another, counted from its end where they are negative, and how many
/// characters stand before it. `None` where that begins behind the end.
fn stretch(text: &str, from: Option<i64>, to: Option<i64>) -> Option<(usize, &str)> {
    let count = text.chars().count();
    let at = |place: i64| match usize::try_from(place) {
        Ok(place) => place,
        Err(_) => count.saturating_sub(usize::try_from(place.unsigned_abs()).unwrap_or(usize::MAX)),
    };
    let (from, to) = (from.map_or(0, at), to.map_or(count, at).min(count));
    let byte = |place: usize| text.char_indices().nth(place).map_or(text.len(), |(byte, _)| byte);
    (from <= to).then(|| (from, &text[byte(from)..byte(to)]))
}

/// Where a part is, in characters. `find` answers -1 where it is nowhere, `index` fails.
fn place(text: &str, method: &str, args: &[Value]) -> Result<i64, Error> {
    let (part, from, to): (&str, Option<i64>, Option<i64>) = from_args(args)?;
    let found = stretch(text, from, to).and_then(|(before, within)| {
        let at = if method.starts_with('r') { within.rfind(part) } else { within.find(part) };
        at.map(|at| before + within[..at].chars().count())
    });
    match found.and_then(|at| i64::try_from(at).ok()) {
        Some(at) => Ok(at),
        None if method.ends_with("find") => Ok(-1),
        None => Err(refused(sentence!(
            "template-not-in",
            "`{part}` is not in `{text}`",
            part = part,
            text = text
        ))),
    }
}

/// How often a part is in a text, or whether that begins or ends with it, or with one of several.
fn part_of(text: &str, method: &str, args: &[Value]) -> Result<Value, Error> {
    let (part, from, to): (Value, Option<i64>, Option<i64>) = from_args(args)?;
    let wrong = || refused(sentence!("template-wants-text", "`{method}` wants a text", method = method));
    let within = stretch(text, from, to).map(|(_, within)| within);
    if method == "count" {
        let part = part.as_str().ok_or_else(wrong)?;
        let many = |within: &str| match part {
            "" => within.chars().count() + 1,
            part => within.matches(part).count(),
        };
        return Ok(Value::from(within.map_or(0, many)));
    }
    let fits = |part: &Value| {
        let part = part.as_str().ok_or_else(wrong)?;
        Ok(within.is_some_and(|within| match method {
            "startswith" => within.starts_with(part),
            _ => within.ends_with(part),
        }))
    };
    if part.as_str().is_some() {
        return fits(&part).map(Value::from);
    }
    let mut any = false;
    for part in part.try_iter()? {
        any |= fits(&part)?;
    }
    Ok(Value::from(any))
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    first && chars.all(|c| c.is_alphanumeric() || c == '_')
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
    Err(refused(sentence!(
        "template-too-wide",
        "more than {most} characters are asked for",
        most = MAX_WIDTH,
    )))
}

/// Says that a text has grown too long.
pub(super) fn too_long() -> Error {
    refused(sentence!("template-text-grows", "the text grows beyond {most} bytes", most = MAX_TEXT))
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
        return Err(refused(sentence!("template-short-length", "the length is less than that of the end")));
    };
    let kept = text.char_indices().nth(keep).map_or(text, |(at, _)| &text[..at]);
    let kept = if killwords { kept } else { kept.rsplit_once(' ').map_or(kept, |(before, _)| before) };
    Ok(format!("{kept}{end}"))
}

/// The filter `int`: what is no number is the default.
pub(super) fn int(value: &Value, default: Option<Value>, base: Option<u32>) -> Result<Value, Error> {
    if let Some(text) = value.as_str() {
        let base = base.filter(|base| (2..=36).contains(base)).unwrap_or(10);
        let text = text.trim().replace('_', "");
        let prefix = match base {
            2 => "0b",
            8 => "0o",
            16 => "0x",
            _ => "",
        };
        let digits = text.strip_prefix(prefix).unwrap_or(&text);
        let whole = i64::from_str_radix(digits, base).ok();
        let whole = whole.or_else(|| text.parse::<f64>().ok().and_then(truncated));
        return Ok(whole.map_or_else(|| default.unwrap_or_else(|| Value::from(0)), Value::from));
    }
    match (bool::try_from(value.clone()), f64::try_from(value.clone())) {
        (Ok(flag), _) if value.kind() == ValueKind::Bool => Ok(Value::from(i64::from(flag))),
        (_, Ok(_)) if value.is_integer() => Ok(value.clone()),
        (_, Ok(number)) => Ok(truncated(number).map_or_else(|| default.unwrap_or_default(), Value::from)),
        _ => Ok(default.unwrap_or_else(|| Value::from(0))),
    }
}

/// The filter `float`: what is no number is the default.
pub(super) fn float(value: &Value, default: Option<f64>) -> f64 {
    let number = match value.as_str() {
        Some(text) => text.trim().parse().ok(),
        None => f64::try_from(value.clone()).ok(),
    };
    number.or(default).unwrap_or(0.0)
}

fn truncated(number: f64) -> Option<i64> {
    let whole = number.trunc();
    (whole.abs() < 9e18).then_some(whole as i64)
}

/// The filter `format`, for which `%d` takes a number with a fraction, too.
pub(super) fn format(
    state: &mut State<'_, '_>,
    format: &Value,
    args: Rest<ValueOrKwargs>,
) -> Result<Value, Error> {
    let mut args = args.0;
    if let Some(text) = format.as_str() {
        for (nr, conversion) in conversions(text).into_iter().enumerate() {
            let whole = matches!(conversion, 'd' | 'i' | 'u');
            let Some(arg) = args.get_mut(nr).filter(|arg| whole && arg.kind() == ValueKind::Number) else {
                continue;
            };
            if !arg.is_integer()
                && let Some(number) = f64::try_from(Value::clone(arg)).ok().and_then(truncated)
            {
                *arg = Value::from(number).into();
            }
        }
    }
    minijinja::filters::format(state, format, Rest(args))
}

/// The letters that say what is made of each value in turn; none where a format takes widths from values.
fn conversions(format: &str) -> Vec<char> {
    let mut found = Vec::new();
    let mut rest = format;
    while let Some((_, from)) = rest.split_once('%') {
        let at = from.find(|c: char| !"0123456789.-+ #hlL".contains(c)).unwrap_or(from.len());
        let mut chars = from[at..].chars();
        match chars.next() {
            Some('%') => {}
            Some('*' | '(') | None => return Vec::new(),
            Some(conversion) => found.push(conversion),
        }
        rest = chars.as_str();
    }
    found
}

/// The filter `center`, which is the method with another default.
pub(super) fn center(text: &str, width: Option<usize>) -> Result<String, Error> {
    padded(text, "center", &[Value::from(width.unwrap_or(80))])
}

/// The filter `wordcount`.
pub(super) fn wordcount(text: &str) -> usize {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).count()
}

//! `'{!r} {:%Y}'.format(...)`: fields that only Python's own `format` knows.

use minijinja::Value;

use super::text::{MAX_TEXT, string};
use super::{Moment, check_short};

/// A format and its values without what the template engine's own `format` does not know: `{!r}`, `{:%Y}` for times and
/// `{:.1%}`. Each such field becomes one for a further value. `None` where there is nothing of the kind.
pub(super) fn plain(format: &str, args: &[Value]) -> Option<(String, Vec<Value>)> {
    let (given, named) = match args.split_last() {
        Some((last, rest)) if last.is_kwargs() => (rest, Some(last)),
        _ => (args, None),
    };
    let (mut plain, mut more) = (String::with_capacity(format.len()), Vec::new());
    let (mut counted, mut room) = (0usize, MAX_TEXT);
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let doubled = from.starts_with("{{") || from.starts_with("}}");
        if doubled || from.starts_with('}') {
            let len = if doubled { 2 } else { 1 };
            plain.push_str(&from[..len]);
            rest = &from[len..];
            continue;
        }
        let end = from.find('}')?;
        let field = &from[1..end];
        rest = &from[end + 1..];
        let (head, spec) = field.split_once(':').map_or((field, None), |(head, spec)| (head, Some(spec)));
        let (name, conversion) = head.split_once('!').map_or((head, None), |(name, how)| (name, Some(how)));
        // A field within a field.
        if field.contains('{') {
            return None;
        }
        let numbered = match name.is_empty() || name.starts_with(['.', '[']) {
            true => {
                counted += 1;
                format!("{}{name}", counted - 1)
            }
            false => name.to_owned(),
        };
        let value = match numbered.parse::<usize>() {
            Ok(place) => given.get(place).cloned(),
            Err(_) => {
                named.and_then(|named| named.get_attr(&numbered).ok()).filter(|value| !value.is_undefined())
            }
        };
        let made = value.and_then(|value| said(&value, conversion, spec));
        match made {
            Some((text, spec)) => {
                // One value may be asked for over and over.
                room = room.checked_sub(text.len())?;
                plain.push_str(&format!("{{{}{}}}", given.len() + more.len(), spec));
                more.push(Value::from(text));
            }
            None => {
                let conversion = conversion.map(|how| format!("!{how}")).unwrap_or_default();
                let spec = spec.map(|spec| format!(":{spec}")).unwrap_or_default();
                plain.push_str(&format!("{{{numbered}{conversion}{spec}}}"));
            }
        }
    }
    plain.push_str(rest);
    if more.is_empty() {
        return None;
    }
    Some((plain, given.iter().cloned().chain(more).chain(named.cloned()).collect()))
}

/// A value as text where a field wants what only Python knows of, and the rest of the field.
fn said(value: &Value, conversion: Option<&str>, spec: Option<&str>) -> Option<(String, String)> {
    let rest = spec.map(|spec| format!(":{spec}")).unwrap_or_default();
    match (conversion, spec) {
        (Some("r"), _) => check_short(value).ok().map(|()| (format!("{value:?}"), rest)),
        (Some("s"), _) => string(value).ok().map(|text| (text, rest)),
        (None, Some(spec)) if spec.contains('%') => {
            if let Some(moment) = value.downcast_object_ref::<Moment>() {
                return Some((moment.strftime(spec).ok()?, String::new()));
            }
            let digits = spec.strip_suffix('%')?;
            let digits = match digits {
                "" => 6,
                digits => digits.strip_prefix('.')?.parse::<usize>().ok().filter(|digits| *digits < 100)?,
            };
            let number = f64::try_from(value.clone()).ok()?;
            Some((format!("{:.digits$}%", number * 100.0), String::new()))
        }
        _ => None,
    }
}

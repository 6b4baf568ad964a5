//! `'%02d' % month`: Python's formatting operator, which the template engine knows as a filter only.
//!
//! Rewritten before compiling, where the left side is a literal text: to `('%02d'|format(month))`.

use std::borrow::Cow;

/// The source with formatting operators as filters.
pub(super) fn rewrite(source: &str) -> Cow<'_, str> {
    // In raw blocks nothing may change, and they are too rare to be told apart.
    if !(source.contains("' %") || source.contains("\" %") || source.contains("'%") || source.contains("\"%"))
        || source.contains("raw")
    {
        return Cow::Borrowed(source);
    }
    rewrite_within(source, 0)
}

/// The same from somewhere within so many braces.
fn rewrite_within(source: &str, mut depth: usize) -> Cow<'_, str> {
    let bytes = source.as_bytes();
    let mut out = String::new();
    let (mut done, mut at) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'{' if bytes.get(at + 1) == Some(&b'#') => {
                at = source[at..].find("#}").map_or(bytes.len(), |len| at + len + 2)
            }
            b'{' => {
                depth += 1;
                at += 1;
            }
            b'}' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            b'\'' | b'"' if depth > 0 => {
                let text = at;
                at = skip_text(bytes, at);
                if let Some((operand, end)) = operator(source, at) {
                    out.push_str(&source[done..text]);
                    out.push_str(&format!(
                        "({}|format({}))",
                        &source[text..at],
                        rewrite_within(operand, depth)
                    ));
                    (done, at) = (end, end);
                }
            }
            _ => at += 1,
        }
    }
    if done == 0 {
        return Cow::Borrowed(source);
    }
    out.push_str(&source[done..]);
    Cow::Owned(out)
}

/// What stands behind a `%` that follows here, without the parentheses of a list of values, and where it ends.
fn operator(source: &str, at: usize) -> Option<(&str, usize)> {
    let bytes = source.as_bytes();
    let sign = skip_blanks(bytes, at);
    if bytes.get(sign) != Some(&b'%') || bytes.get(sign + 1) == Some(&b'}') {
        return None;
    }
    let start = skip_blanks(bytes, sign + 1);
    let end = skip_operand(bytes, start);
    if end == start {
        return None;
    }
    let operand = &source[start..end];
    let within = operand.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let listed = within.filter(|_| skip_brackets(bytes, start) == end);
    Some((listed.unwrap_or(operand), end))
}

/// Goes past a value with its sign, attributes, items, calls and filters.
fn skip_operand(bytes: &[u8], start: usize) -> usize {
    let value = match bytes.get(start) {
        Some(b'-' | b'+') => skip_blanks(bytes, start + 1),
        _ => start,
    };
    let mut at = match bytes.get(value) {
        Some(b'\'' | b'"') => skip_text(bytes, value),
        Some(b'(' | b'[') => skip_brackets(bytes, value),
        _ => skip_word(bytes, value),
    };
    if at == value {
        return start;
    }
    loop {
        let next = skip_blanks(bytes, at);
        at = match bytes.get(next) {
            Some(b'.' | b'|') => {
                let word = skip_blanks(bytes, next + 1);
                let end = skip_word(bytes, word);
                if end == word {
                    break;
                }
                end
            }
            Some(b'(' | b'[') => skip_brackets(bytes, next),
            _ => break,
        };
    }
    at
}

fn skip_blanks(bytes: &[u8], at: usize) -> usize {
    at + bytes[at.min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

fn skip_word(bytes: &[u8], at: usize) -> usize {
    at + bytes[at.min(bytes.len())..]
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
        .count()
}

/// Goes past a text in quotes.
fn skip_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == bytes[start] => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Goes past brackets and what is in them.
fn skip_brackets(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    let mut depth = 0usize;
    while at < bytes.len() {
        match bytes[at] {
            b'\'' | b'"' => {
                at = skip_text(bytes, at);
                continue;
            }
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_become_filters() {
        for (source, wanted) in [
            ("{'%02d' % x}", "{('%02d'|format(x))}"),
            ("{\"%s\"%a.b[0].c(1)|upper}", "{(\"%s\"|format(a.b[0].c(1)|upper))}"),
            ("{'%d' % -3.7 + '!'}", "{('%d'|format(-3.7)) + '!'}"),
            ("{'%s-%s' % (a, 'b)')}", "{('%s-%s'|format(a, 'b)'))}"),
            ("{'%s' % ('%d' % 1)} {'%%' % 2}", "{('%s'|format(('%d'|format(1))))} {('%%'|format(2))}"),
            ("{% if '%s' % x == 'a' %}y{% endif %}", "{% if ('%s'|format(x)) == 'a' %}y{% endif %}"),
        ] {
            assert_eq!(rewrite(source), wanted, "{source}");
        }
    }

    #[test]
    fn everything_else_stays() {
        for source in [
            "it's 5 % of {x}",
            "'%s' % x",
            "{% if x == 'a' %}y{% endif %}",
            "{7 % 2}",
            "{'a' %",
            "{'a' % }",
            "{'a' % - }",
            "{'a' % --x}",
            "{'a",
            "{# '%s' % x #}",
            "{% raw %}{'%s' % x}{% endraw %}",
            "{'\\",
        ] {
            assert_eq!(rewrite(source), source);
        }
    }

    #[test]
    fn what_is_not_closed_is_left_to_the_compiler() {
        for source in
            ["{'a' % (", "{'a' % ('", "{'a' % (1", "{'a' % x.", "{'\\é' % é}", "{'a' % 'b", "{'a' % (é"]
        {
            rewrite(source);
        }
    }
}

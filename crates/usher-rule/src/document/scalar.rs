//! Plain values as YAML 1.1 reads them: `yes` and `off` are booleans, `0x1f` a number, `~` nothing.

use std::sync::Arc;

/// A single value with the text it was written as.
#[derive(Debug, Clone, PartialEq)]
pub struct Scalar {
    /// The text, quotes and escapes resolved, in Unicode's composed form.
    pub text: Arc<str>,
    /// What YAML takes it for.
    pub kind: ScalarKind,
}

/// What YAML takes a scalar for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ScalarKind {
    /// Nothing.
    Null,
    /// A truth value, spelled in any of YAML 1.1's ways.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction, or one too large for an integer.
    Float(f64),
    /// Anything else, and everything in quotes.
    Text,
}

impl ScalarKind {
    /// What an unquoted scalar is.
    pub(super) fn of_plain(text: &str) -> Self {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Self::Null,
            "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Self::Bool(true),
            "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Self::Bool(false),
            _ => number(text).unwrap_or(Self::Text),
        }
    }
}

fn number(text: &str) -> Option<ScalarKind> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let clean = digits.replace('_', "");
    let magnitude = match clean.as_bytes() {
        [b'0', b'x', hex @ ..] if !hex.is_empty() => i64::from_str_radix(&clean[2..], 16).ok()?,
        [b'0', b'b', bin @ ..] if !bin.is_empty() => i64::from_str_radix(&clean[2..], 2).ok()?,
        [b'0', _, ..] if clean.bytes().all(|b| b.is_ascii_digit()) => i64::from_str_radix(&clean, 8).ok()?,
        all if all.iter().all(u8::is_ascii_digit) => match clean.parse() {
            Ok(whole) => whole,
            Err(_) => return float(negative, &clean),
        },
        _ => return float(negative, &clean),
    };
    Some(ScalarKind::Int(if negative { -magnitude } else { magnitude }))
}

fn float(negative: bool, digits: &str) -> Option<ScalarKind> {
    let plausible =
        digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
    // YAML 1.1 wants a point in a float: `1e5` is text there, and so it stays here.
    if !plausible || !(digits.contains('.') || digits.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let value: f64 = digits.parse().ok()?;
    Some(ScalarKind::Float(if negative { -value } else { value }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_are_read_as_yaml_1_1_does() {
        use ScalarKind::{Bool, Float, Int, Null, Text};
        for (text, kind) in [
            ("", Null),
            ("~", Null),
            ("yes", Bool(true)),
            ("Off", Bool(false)),
            ("y", Text),
            ("n", Text),
            ("12", Int(12)),
            ("-1_000", Int(-1000)),
            ("010", Int(8)),
            ("0x1F", Int(31)),
            ("09", Text),
            ("1.5", Float(1.5)),
            (".5", Float(0.5)),
            ("1e5", Text),
            ("1.2.3", Text),
            ("-", Text),
            ("2024-01-01", Text),
            ("99999999999999999999", Float(1e20)),
        ] {
            assert_eq!(ScalarKind::of_plain(text), kind, "{text:?}");
        }
    }
}

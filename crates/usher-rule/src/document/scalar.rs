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

impl Scalar {
    /// An unquoted scalar. A number's text is the number as Python writes it, whatever its notation: `010` is 8.
    pub(super) fn plain(text: &str) -> Self {
        match number(text) {
            Some((kind, text)) => Self { text: text.into(), kind },
            None => Self { text: text.into(), kind: word(text) },
        }
    }

    /// A scalar with one of YAML's own tags; `None` where the text does not fit the tag.
    pub(super) fn tagged(tag: &str, text: &str) -> Option<Self> {
        let plain = Self::plain(text);
        match (tag, plain.kind) {
            ("null", _) => Some(Self { text: text.into(), kind: ScalarKind::Null }),
            ("bool", ScalarKind::Bool(_)) | ("int", ScalarKind::Int(_)) | ("float", ScalarKind::Float(_)) => {
                Some(plain)
            }
            ("float", ScalarKind::Int(whole)) => {
                let value = whole as f64;
                Some(Self { text: python_float(value).into(), kind: ScalarKind::Float(value) })
            }
            _ => None,
        }
    }

    /// Whether it was written as a whole number, and is too large for one here.
    pub(super) fn is_huge(&self) -> bool {
        let digits = self.text.strip_prefix('-').unwrap_or(&self.text);
        matches!(self.kind, ScalarKind::Float(_)) && digits.bytes().all(|b| b.is_ascii_digit())
    }
}

fn word(text: &str) -> ScalarKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => ScalarKind::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => ScalarKind::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => ScalarKind::Bool(false),
        _ => ScalarKind::Text,
    }
}

/// A number in any of YAML 1.1's notations, and its text.
fn number(text: &str) -> Option<(ScalarKind, String)> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    match digits {
        ".inf" | ".Inf" | ".INF" => {
            return Some(float(if negative { f64::NEG_INFINITY } else { f64::INFINITY }));
        }
        ".nan" | ".NaN" | ".NAN" if digits.len() == text.len() => return Some(float(f64::NAN)),
        _ if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') => return None,
        _ => {}
    }
    if digits.contains('.') {
        // A sign before a bare point makes it text, as does an exponent without a sign of its own.
        let value = if digits.contains(':') { parts_of_sixty(digits)? } else { decimal(digits)? };
        let signed = digits.len() != text.len();
        return (!signed || !digits.starts_with('.')).then(|| float(if negative { -value } else { value }));
    }
    let clean = digits.replace('_', "");
    let based = |from: usize, base: u32| i64::from_str_radix(clean.get(from..)?, base).ok();
    let magnitude = match clean.as_bytes() {
        [b'0', b'x', ..] => based(2, 16)?,
        [b'0', b'b', ..] => based(2, 2)?,
        [b'0', _, ..] if clean.bytes().all(|b| b.is_ascii_digit()) => based(1, 8)?,
        all if all.iter().all(u8::is_ascii_digit) => match clean.parse() {
            Ok(whole) => whole,
            // Too large for us, and not for Python.
            Err(_) => {
                let sign = if negative { "-" } else { "" };
                let value: f64 = clean.parse().ok()?;
                return Some((ScalarKind::Float(value), format!("{sign}{clean}")));
            }
        },
        [b'1'..=b'9', ..] if clean.contains(':') => {
            let value = parts_of_sixty(digits)?;
            if value >= 9e15 {
                return None;
            }
            value as i64
        }
        _ => return None,
    };
    let whole = if negative { -magnitude } else { magnitude };
    Some((ScalarKind::Int(whole), whole.to_string()))
}

fn float(value: f64) -> (ScalarKind, String) {
    (ScalarKind::Float(value), python_float(value))
}

/// `1.5`, `.5`, `5.`, `1_000.5e+3`.
fn decimal(digits: &str) -> Option<f64> {
    let (number, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    let (whole, fraction) = number.split_once('.')?;
    let fits = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let begins = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        exponent
            .strip_prefix(['+', '-'])
            .is_some_and(|power| !power.is_empty() && power.bytes().all(|b| b.is_ascii_digit()))
    });
    let fits = fits(whole) && fits(fraction) && (begins(whole) || whole.is_empty() && begins(fraction));
    if !fits || !exponent_fits {
        return None;
    }
    digits.replace('_', "").parse().ok()
}

/// `1:30:00`, as YAML 1.1 counts: in sixties.
fn parts_of_sixty(digits: &str) -> Option<f64> {
    let clean = digits.replace('_', "");
    let mut parts = clean.split(':');
    let mut value: f64 = whole(parts.next()?)?;
    for part in parts {
        let (whole_part, fraction) = part.split_once('.').unwrap_or((part, ""));
        let fits = (1..=2).contains(&whole_part.len()) && fraction.bytes().all(|b| b.is_ascii_digit());
        let part: f64 = part.parse().ok().filter(|part| fits && *part < 60.0)?;
        value = value * 60.0 + part;
    }
    Some(value)
}

fn whole(digits: &str) -> Option<f64> {
    let fits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if fits { digits.parse().ok() } else { None }
}

/// A float as Python writes it.
pub(crate) fn python_float(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) if value.is_finite() && !(-4..16).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.abs())
        }
        _ if value.is_finite() && value.fract() == 0.0 => format!("{value:.1}"),
        _ => value.to_string(),
    }
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
            assert_eq!(Scalar::plain(text).kind, kind, "{text:?}");
        }
    }

    #[test]
    fn the_text_of_a_number_is_the_number() {
        for (text, wanted) in [
            ("010", "8"),
            ("001", "1"),
            ("0x1f", "31"),
            ("0b101", "5"),
            ("0o17", "0o17"),
            ("1_000", "1000"),
            ("+5", "5"),
            ("-0", "0"),
            ("1.50", "1.5"),
            (".5", "0.5"),
            ("-.5", "-.5"),
            ("5.", "5.0"),
            ("1.0e+3", "1000.0"),
            ("1.5e3", "1.5e3"),
            ("1.0e+16", "1e+16"),
            ("1.0e-5", "1e-05"),
            ("0.0001", "0.0001"),
            ("12:30", "750"),
            ("1:30:00.5", "5400.5"),
            ("1:70", "1:70"),
            ("0:10", "0:10"),
            (".inf", "inf"),
            ("-.INF", "-inf"),
            (".nan", "nan"),
            ("99999999999999999999", "99999999999999999999"),
            ("2024-01-02", "2024-01-02"),
            ("1.2.3", "1.2.3"),
            ("0x", "0x"),
            ("é", "é"),
            ("9:é", "9:é"),
        ] {
            assert_eq!(&*Scalar::plain(text).text, wanted, "{text:?}");
        }
    }
}

//! The pattern language of the `name` filter: `*`, `{field}`, `{}` and `{field:type}`, everything else as it is.

use usher_event::{Sentence, sentence};

use std::ops::Range;

use minijinja::Value;
use regex::{Regex, RegexBuilder};

/// Before a sign that stands for itself. No text has this character, and nobody writes it: it comes with what an event
/// brings.
const ITSELF: char = '\u{fdd0}';

/// The pattern that fits this text alone.
pub(crate) fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '{' | '*' | ITSELF) {
            pattern.push(ITSELF);
        }
        pattern.push(c);
    }
    pattern
}

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Matcher {
    pattern: String,
    regex: Regex,
    fields: Vec<Field>,
}

/// One `{...}` of a pattern, in order; each is a group of the regular expression.
#[derive(Debug)]
struct Field {
    /// `None` for `{}`, which is counted.
    name: Option<String>,
    convert: Convert,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Convert {
    Text,
    Int,
    Float,
}

/// Why a pattern cannot be used, and where.
#[derive(Debug)]
pub(super) struct PatternError {
    pub(super) message: Sentence,
    pub(super) part: Option<Range<usize>>,
    pub(super) help: Sentence,
}

/// The types a field can have: what they look like and what becomes of them.
const TYPES: &[(&str, &str, Convert)] = &[
    ("int", "[+-]?[0-9]+", Convert::Int),
    ("float", r"[+-]?(?:[0-9]*\.)?[0-9]+", Convert::Float),
    ("letters", "[a-zA-Z]+", Convert::Text),
    ("bitcoin", "(?:bc1|[13])[a-km-zA-HJ-NP-Z0-9]{25,39}", Convert::Text),
    ("email", r"[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9.-]+", Convert::Text),
    ("ssn", SSN, Convert::Text),
    ("ipv4", IPV4, Convert::Text),
    ("ipv6", IPV6, Convert::Text),
    (
        "url",
        r"https?://(?:www\.)?[a-zA-Z0-9@:%._+~#=-]{1,256}\.[a-zA-Z0-9()]{1,6}[a-zA-Z0-9()!@:%_+.~#?&/=-]*",
        Convert::Text,
    ),
    ("ccard", CCARD, Convert::Text),
];

/// Three digits that are not 000, not 666 and below 900; two that are not 00; four that are not 0000.
const SSN: &str = concat!(
    "(?:00[1-9]|0[1-9][0-9]|[1-57-8][0-9]{2}|6(?:[0-57-9][0-9]|6[0-57-9]))",
    "-(?:0[1-9]|[1-9][0-9])",
    "-(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})",
);

const IPV4: &str =
    concat!("(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})", r"(?:\.(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})){3}",);

/// Eight groups, or fewer with one gap anywhere.
const IPV6: &str = concat!(
    "(?:(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}",
    "|(?:[0-9a-fA-F]{1,4}:){1,7}:",
    "|(?:[0-9a-fA-F]{1,4}:){1,6}(?::[0-9a-fA-F]{1,4}){1,6}",
    "|:(?::[0-9a-fA-F]{1,4}){1,7}",
    "|::)",
);

/// Visa, MasterCard, American Express, Discover and JCB by their leading digits and lengths.
const CCARD: &str = concat!(
    "(?:4[0-9]{12}(?:[0-9]{3})?",
    "|(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}",
    "|3[47][0-9]{13}",
    "|3(?:0[0-5]|[68][0-9])[0-9]{11}",
    "|6(?:011|5[0-9]{2})[0-9]{12}",
    r"|(?:2131|1800|35[0-9]{3})[0-9]{11})",
);

impl Matcher {
    pub(super) fn new(pattern: &str, case_sensitive: bool) -> Result<Self, PatternError> {
        let (expression, fields) = translate(pattern)?;
        let regex = RegexBuilder::new(&expression)
            .case_insensitive(!case_sensitive)
            .dot_matches_new_line(true)
            .size_limit(super::expression::SIZE_LIMIT)
            .build()
            .map_err(|_| PatternError {
                message: sentence!("lint-pattern-size", "the pattern is too large"),
                part: None,
                help: sentence!("lint-pattern-size-help", "use fewer fields"),
            })?;
        Ok(Self { pattern: pattern.to_owned(), regex, fields })
    }

    pub(super) fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether the pattern takes every name.
    pub(super) fn takes_all(&self) -> bool {
        self.pattern == "*"
    }

    pub(super) fn fits(&self, name: &str) -> bool {
        self.takes_all() || self.regex.is_match(name)
    }

    /// What the fields caught; `None` where the pattern does not fit or has no fields.
    pub(super) fn captures(&self, name: &str) -> Option<Value> {
        if self.fields.is_empty() {
            return None;
        }
        let captures = self.regex.captures(name)?;
        let mut unnamed = 0;
        let pairs = self.fields.iter().zip(captures.iter().skip(1)).map(|(field, caught)| {
            let key = match &field.name {
                Some(name) => Value::from(name.as_str()),
                None => {
                    unnamed += 1;
                    Value::from(unnamed - 1)
                }
            };
            (key, field.convert.value(caught.map_or("", |caught| caught.as_str())))
        });
        Some(Value::from_pairs(pairs))
    }
}

impl Convert {
    fn value(self, text: &str) -> Value {
        match self {
            Self::Int => text.parse::<i128>().map_or_else(|_| Value::from(text), Value::from),
            Self::Float => text.parse::<f64>().map_or_else(|_| Value::from(text), Value::from),
            Self::Text => Value::from(text),
        }
    }
}

/// The regular expression of a pattern.
fn translate(pattern: &str) -> Result<(String, Vec<Field>), PatternError> {
    let mut expression = String::from("^");
    let mut fields: Vec<Field> = Vec::new();
    let mut at = 0;
    while let Some(c) = pattern[at..].chars().next() {
        let close = if c == '{' { pattern[at..].find('}') } else { None };
        match (c, close) {
            (_, Some(close)) => {
                let part = at..at + close + 1;
                let (field, kind) = field(&pattern[at + 1..at + close], &part)?;
                if field.name.is_some() && fields.iter().any(|other| other.name == field.name) {
                    return Err(PatternError {
                        message: sentence!(
                            "lint-pattern-twice",
                            "the field `{name}` appears twice",
                            name = field.name.unwrap_or_default()
                        ),
                        part: Some(part),
                        help: sentence!("lint-pattern-twice-help", "give every field its own name"),
                    });
                }
                expression.push_str(&format!("({kind})"));
                fields.push(field);
                at += close + 1;
            }
            ('*', _) => {
                expression.push_str(".*");
                at += 1;
            }
            (ITSELF, _) => {
                at += c.len_utf8();
                if let Some(c) = pattern[at..].chars().next() {
                    expression.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
                    at += c.len_utf8();
                }
            }
            (c, _) => {
                expression.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
                at += c.len_utf8();
            }
        }
    }
    expression.push('$');
    Ok((expression, fields))
}

fn field(body: &str, part: &Range<usize>) -> Result<(Field, &'static str), PatternError> {
    if body.is_empty() {
        return Ok((Field { name: None, convert: Convert::Text }, ".*"));
    }
    let (name, kind) = match body.split_once(':') {
        Some((name, kind)) => (name, Some(kind)),
        None => (body, None),
    };
    let word = |c: char| c.is_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(word) || name.starts_with(|c: char| c.is_numeric()) {
        return Err(PatternError {
            message: sentence!("lint-pattern-name", "`{name}` cannot be the name of a field", name = name),
            part: Some(part.clone()),
            help: sentence!(
                "lint-pattern-name-help",
                "names of fields are made of letters, digits and `_`, and do not begin with a digit"
            ),
        });
    }
    let (expression, convert) = match kind {
        None => (".*", Convert::Text),
        Some(kind) => {
            let known = TYPES.iter().find(|(name, ..)| *name == kind);
            let (_, expression, convert) = known.ok_or_else(|| PatternError {
                message: sentence!("lint-pattern-type", "there is no field type `{kind}`", kind = kind),
                part: Some(part.clone()),
                help: sentence!(
                    "lint-there-are",
                    "there are {known}",
                    known = crate::load::list(TYPES.iter().map(|(name, ..)| *name))
                ),
            })?;
            (*expression, *convert)
        }
    };
    Ok((Field { name: Some(name.to_owned()), convert }, expression))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, name: &str) -> bool {
        Matcher::new(pattern, true).expect(pattern).fits(name)
    }

    fn captures(pattern: &str, name: &str) -> String {
        Matcher::new(pattern, true)
            .expect(pattern)
            .captures(name)
            .map_or("-".to_owned(), |value| value.to_string())
    }

    #[test]
    fn stars_match_anything_and_other_signs_themselves() {
        assert!(fits("*", ""));
        assert!(fits("*", "line\nbreak"));
        assert!(fits("scan*.v?", "scan 12.v?"));
        assert!(!fits("a?", "ab"));
        assert!(!fits("[ab]", "a"));
        assert!(fits("{open", "{open"));
        assert!(fits("a.b", "a.b"));
        assert!(!fits("a.b", "axb"));
    }

    #[test]
    fn fields_catch_and_convert() {
        assert_eq!(
            captures("Invoice *_{year:int}_{}", "Invoice abc_2021_final"),
            "{'year': 2021, 0: 'final'}"
        );
        assert_eq!(captures("{a}-{b}", "x-y-z"), "{'a': 'x-y', 'b': 'z'}");
        assert_eq!(captures("{n:float}", "-1.5"), "{'n': -1.5}");
        assert_eq!(captures("{n:int}", "x"), "-");
        assert_eq!(captures("*", "x"), "-");
    }

    #[test]
    fn types_know_their_shapes() {
        for (kind, good, bad) in [
            ("letters", "abc", "ab1"),
            ("email", "a.b@c.de", "a@b"),
            ("ipv4", "192.168.0.1", "1.2.3.400"),
            ("ipv6", "fe80::1", "12345::"),
            ("ipv6", "::1", ":1"),
            ("url", "https://a.org/x?y=1", "a.org"),
            ("ssn", "667-01-0001", "666-01-0001"),
            ("ssn", "001-10-1000", "000-10-1000"),
            ("ccard", "4111111111111111", "411111111111111"),
            ("bitcoin", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "2BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
        ] {
            let pattern = format!("{{x:{kind}}}");
            assert!(fits(&pattern, good), "{kind} {good}");
            assert!(!fits(&pattern, bad), "{kind} {bad}");
        }
    }

    #[test]
    fn what_is_no_field_is_refused_with_its_place() {
        for pattern in ["x{1a}", "x{a-b}", "x{a:nothing}", "x{ }", "{a}{a}"] {
            let error = Matcher::new(pattern, true).expect_err(pattern);
            assert!(error.part.is_some(), "{pattern}");
        }
    }
}

//! Patterns for names as shells write them: `*`, `?`, `[a-z]`, `[!a-z]`.

use std::ffi::OsStr;

/// Some patterns, each for a whole base name.
#[derive(Debug, Default, Clone)]
pub struct Patterns(Vec<Pattern>);

impl Patterns {
    /// Reads patterns. They mind case as the platform's names do, unless `any_case` is set.
    pub fn new<'p>(patterns: impl Iterator<Item = &'p str>, any_case: bool) -> Self {
        let any_case = any_case || cfg!(windows);
        Self(patterns.map(|text| Pattern::new(text, any_case)).collect())
    }

    /// Whether one of them fits the name.
    pub fn match_any(&self, name: &OsStr) -> bool {
        if self.0.is_empty() {
            return false;
        }
        // Asked of every file there is. Looking whether a name is text is quicker than looking for what is not.
        match name.to_str() {
            Some(name) => self.0.iter().any(|pattern| pattern.fits(name)),
            None => self.0.iter().any(|pattern| pattern.fits(&name.to_string_lossy())),
        }
    }
}

#[derive(Debug, Clone)]
struct Pattern {
    any_case: bool,
    parts: Parts,
}

#[derive(Debug, Clone)]
enum Parts {
    /// No wildcard: compared as it is.
    Literal(Box<str>),
    Wild(Vec<Part>),
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Char(char),
    AnyChar,
    Star,
    Class { negated: bool, ranges: Vec<(char, char)> },
}

impl Pattern {
    fn new(text: &str, any_case: bool) -> Self {
        let parts = match text.contains(['*', '?', '[']) {
            false => Parts::Literal(text.into()),
            true => Parts::Wild(parse(text, any_case)),
        };
        Self { any_case, parts }
    }

    fn fits(&self, name: &str) -> bool {
        match &self.parts {
            Parts::Literal(text) if self.any_case => {
                text.eq_ignore_ascii_case(name)
                    || (!text.is_ascii() && lowered(text.chars()).eq(lowered(name.chars())))
            }
            Parts::Literal(text) => **text == *name,
            Parts::Wild(parts) => wild(parts, name, self.any_case),
        }
    }
}

fn lowered(chars: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    chars.flat_map(char::to_lowercase)
}

fn parse(text: &str, any_case: bool) -> Vec<Part> {
    let chars: Vec<char> = if any_case { lowered(text.chars()).collect() } else { text.chars().collect() };
    let mut parts = Vec::with_capacity(chars.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        at += 1;
        let part = match c {
            '*' if parts.last() == Some(&Part::Star) => continue,
            '*' => Part::Star,
            '?' => Part::AnyChar,
            '[' => match class(&chars[at..]) {
                Some((class, len)) => {
                    at += len;
                    class
                }
                None => Part::Char('['),
            },
            c => Part::Char(c),
        };
        parts.push(part);
    }
    parts
}

/// A class behind its opening bracket, and how many characters it takes; `None` where the bracket is never closed.
fn class(chars: &[char]) -> Option<(Part, usize)> {
    let negated = chars.first() == Some(&'!');
    let start = usize::from(negated);
    // A closing bracket in first place stands for itself.
    let end = start + 1 + chars.get(start + 1..)?.iter().position(|c| *c == ']')?;
    let body = &chars[start..end];
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(&from) = body.get(at) {
        match (body.get(at + 1), body.get(at + 2)) {
            (Some('-'), Some(&to)) => {
                ranges.push((from, to));
                at += 3;
            }
            _ => {
                ranges.push((from, from));
                at += 1;
            }
        }
    }
    Some((Part::Class { negated, ranges }, end + 1))
}

/// Goes along the name and back to the last star where it does not fit: never longer than both lengths multiplied.
fn wild(parts: &[Part], name: &str, any_case: bool) -> bool {
    let mut at = 0;
    let mut rest = name.chars();
    let mut star = None;
    loop {
        if parts.get(at) == Some(&Part::Star) {
            at += 1;
            star = Some((at, rest.clone()));
            continue;
        }
        let before = rest.clone();
        match (parts.get(at), rest.next()) {
            (None, None) => return true,
            (Some(part), Some(c)) if part.takes(c, any_case) => at += 1,
            (_, None) => return false,
            _ => {
                drop(before);
                let Some((after, from)) = &mut star else { return false };
                if from.next().is_none() {
                    return false;
                }
                at = *after;
                rest = from.clone();
            }
        }
    }
}

impl Part {
    fn takes(&self, c: char, any_case: bool) -> bool {
        let c = if any_case { c.to_lowercase().next().unwrap_or(c) } else { c };
        match self {
            Self::Char(own) => *own == c,
            Self::AnyChar => true,
            Self::Star => false,
            Self::Class { negated, ranges } => {
                ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *negated
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, name: &str) -> bool {
        Pattern::new(pattern, false).fits(name)
    }

    #[test]
    fn patterns_fit_as_in_a_shell() {
        for (pattern, name) in [
            ("*", ""),
            ("*", "anything"),
            ("*.txt", "a.txt"),
            ("a*b*c", "aXbYbZc"),
            ("?.txt", "a.txt"),
            ("?", "ä"),
            ("[abc]1", "b1"),
            ("[a-c]", "b"),
            ("[!a-c]", "d"),
            ("[]]", "]"),
            ("[!]]", "x"),
            ("[a-]", "-"),
            ("a[", "a["),
            ("a[b", "a[b"),
            ("[*]", "*"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("", "a"),
            ("*.txt", "a.TXT"),
            ("?", ""),
            ("?", "ab"),
            ("[a-c]", "d"),
            ("[!a-c]", "b"),
            ("a*b", "aXbc"),
            ("{a,b}", "a"),
            ("\\*", "*"),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn case_is_ignored_where_asked() {
        let patterns = Patterns::new(["thumbs.db", "~$*", "ÄX", "[a-c]?"].into_iter(), true);
        for name in ["Thumbs.db", "THUMBS.DB", "~$Letter.docx", "äx", "B1"] {
            assert!(patterns.match_any(OsStr::new(name)), "{name}");
        }
        assert!(!patterns.match_any(OsStr::new("thumbs.dbx")));
    }

    #[test]
    fn many_stars_end_soon() {
        let pattern = "*a".repeat(100) + "b";
        assert!(!fits(&pattern, &"a".repeat(5_000)));
    }
}

//! The filters and tests a template names: `{x | name}`, `{x is name}`, `{% filter name %}`.
//!
//! The template engine looks for them when a template is filled. A name that is not there is a mistake in the rule, so it
//! is looked for when the rule is loaded.

use std::ops::Range;

use minijinja::{Environment, ErrorKind};

/// The place of the first name that no filter or test has.
pub(super) fn unknown(source: &str, environment: &Environment<'_>) -> Option<Range<usize>> {
    // Raw blocks are text, and too rare to be told apart.
    if source.contains("raw") {
        return None;
    }
    let mut names = Names { source, at: 0, depth: 0 };
    std::iter::from_fn(|| names.next()).find_map(|(kind, name)| {
        let probe = match kind {
            Named::Filter => format!("none|{}", &source[name.clone()]),
            Named::Test => format!("none is {}", &source[name.clone()]),
        };
        let missing = |error: &minijinja::Error| {
            matches!(error.kind(), ErrorKind::UnknownFilter | ErrorKind::UnknownTest)
        };
        let outcome = environment.compile_expression(&probe).and_then(|expression| expression.eval(()));
        outcome.is_err_and(|error| missing(&error)).then_some(name)
    })
}

#[derive(Clone, Copy)]
enum Named {
    Filter,
    Test,
}

/// Goes through the code of a template, past its texts.
struct Names<'s> {
    source: &'s str,
    at: usize,
    depth: usize,
}

impl Names<'_> {
    fn next(&mut self) -> Option<(Named, Range<usize>)> {
        let bytes = self.source.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            let start = self.at;
            self.at += 1;
            match byte {
                b'{' if bytes.get(self.at) == Some(&b'#') => {
                    self.at = self.source[start..].find("#}").map_or(bytes.len(), |len| start + len + 2);
                }
                b'{' => self.depth += 1,
                b'}' => self.depth = self.depth.saturating_sub(1),
                b'\'' | b'"' if self.depth > 0 => self.skip_text(byte),
                b'|' if self.depth > 0 => {
                    let name = self.word();
                    if !name.is_empty() {
                        return Some((Named::Filter, name));
                    }
                }
                byte if self.depth > 0 && is_word(byte) => {
                    self.at = start;
                    let word = self.word();
                    let name = match &self.source[word.clone()] {
                        "is" if !self.source[..start].ends_with('.') => self.test(),
                        "filter" if self.source[..start].trim_end().ends_with(['%', '-']) => {
                            let name = self.word();
                            (!name.is_empty()).then_some((Named::Filter, name))
                        }
                        _ => None,
                    };
                    if name.is_some() {
                        return name;
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn test(&mut self) -> Option<(Named, Range<usize>)> {
        let mut name = self.word();
        if &self.source[name.clone()] == "not" {
            name = self.word();
        }
        (!name.is_empty()).then_some((Named::Test, name))
    }

    /// The word that follows, blanks aside; empty where something else does.
    fn word(&mut self) -> Range<usize> {
        let bytes = self.source.as_bytes();
        let start = self.at + bytes[self.at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let len = bytes[start..].iter().take_while(|byte| is_word(**byte)).count();
        if len > 0 {
            self.at = start + len;
        }
        // A namespace of filters (`{x|a.b}`) is nothing we have.
        start..start + len
    }

    fn skip_text(&mut self, quote: u8) {
        let bytes = self.source.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == quote {
                return;
            }
        }
        self.at = self.at.min(bytes.len());
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::super::Template;

    #[test]
    fn names_that_are_not_there_are_found_at_their_place() {
        for (text, name) in [
            ("{x | nothing}", "nothing"),
            ("a {x|upper|nothing(1)}", "nothing"),
            ("{x is nothing}", "nothing"),
            ("{x is not nothing}", "nothing"),
            ("{% if x is odd and y is nothing %}{% endif %}", "nothing"),
            ("{% filter nothing %}x{% endfilter %}", "nothing"),
        ] {
            let error = Template::compile(text).expect_err(text);
            assert_eq!(&text[error.part.unwrap()], name, "{text}");
        }
    }

    #[test]
    fn texts_and_comments_name_nothing() {
        for text in [
            "a | nothing",
            "{'a | nothing'}",
            "{\"is nothing\"}",
            "{# x | nothing #}",
            "{x | default('|no')}",
            "{x.is} {is_nothing}",
            "{x is none} {x is not defined} {x is divisibleby 3}",
            "{x|e} {x|d('')} {x|count}",
            "{'it\\'s | nothing'}",
            "{% raw %}{x|nothing}{% endraw %}",
        ] {
            assert!(Template::compile(text).is_ok(), "{text}");
        }
    }
}

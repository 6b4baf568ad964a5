//! How deep the code of a template may go.
//!
//! The template engine's parser counts brackets and statements, but neither signs before a value nor what follows one, and
//! each of those is a step down in the tree it makes. The stack ends before the tree does.

/// The most steps down in one placeholder or statement, and the most branches of one template.
const MOST: usize = 400;

/// Whether one placeholder or statement goes deeper than the engine can follow.
pub(super) fn is_too_deep(source: &str) -> bool {
    let bytes = source.as_bytes();
    let (mut open, mut steps, mut branches) = (0usize, 0usize, 0usize);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' if open == 0 => (open, steps) = (1, 0),
            b'{' => (open, steps) = (open + 1, steps + 1),
            b'}' => open = open.saturating_sub(1),
            _ if open == 0 => {}
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                let start = at - 1;
                while bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
                    at += 1;
                }
                match &source[start..at] {
                    "not" | "and" | "or" | "is" | "in" | "if" | "else" => steps += 1,
                    "elif" => branches += 1,
                    _ => {}
                }
            }
            b'-' | b'+' | b'*' | b'/' | b'%' | b'~' | b'|' | b'.' | b'(' | b'[' | b'<' | b'>' | b'='
            | b'!' => {
                steps += 1;
            }
            _ => {}
        }
        if steps > MOST || branches > MOST {
            return true;
        }
    }
    false
}

//! `~` and `$VAR`, in what the user wrote and never in what a placeholder put there.

use std::borrow::Cow;

use super::{FillError, Filled};
use crate::World;

/// Whether a template has anything to expand in it.
pub(super) fn is_needed(source: &str) -> bool {
    // Where a block stands first, the text in it begins what comes out.
    source.contains(['~', '$']) || (cfg!(windows) && source.contains('%'))
}

/// Expands the stretches of a text that placeholders did not put there.
pub(super) fn expand(filled: &Filled, world: &dyn World) -> Result<Filled, FillError> {
    let mut out = Filled { text: String::with_capacity(filled.text.len() + 32), dynamic: Vec::new() };
    let mut at = 0;
    for range in &filled.dynamic {
        expand_literal(&mut out.text, &filled.text[at..range.start], at == 0, world)?;
        let start = out.text.len();
        out.text.push_str(&filled.text[range.clone()]);
        out.dynamic.push(start..out.text.len());
        at = range.end;
    }
    expand_literal(&mut out.text, &filled.text[at..], at == 0, world)?;
    Ok(out)
}

fn expand_literal(out: &mut String, literal: &str, first: bool, world: &dyn World) -> Result<(), FillError> {
    let mut rest = literal;
    if first && let Some(tail) = rest.strip_prefix('~') {
        let separate = |c: char| c == '/' || (cfg!(windows) && c == '\\');
        if tail.is_empty() || tail.starts_with(separate) {
            let home = world.home().ok_or_else(|| FillError {
                message: "`~` is used and the home directory is not known".to_owned(),
                hint: Some("write the folder out".to_owned()),
            })?;
            out.push_str(&home.to_string_lossy());
            rest = tail;
        }
    }
    while let Some(found) = rest.find(['$', '%']) {
        let (before, from) = rest.split_at(found);
        out.push_str(before);
        let (written, value) = variable(from, world);
        out.push_str(value.as_deref().unwrap_or(&from[..written]));
        rest = &from[written..];
    }
    out.push_str(rest);
    Ok(())
}

/// How much of a text beginning with `$` or `%` is a variable, and its value. Unknown variables stay as written.
fn variable<'t>(text: &'t str, world: &dyn World) -> (usize, Option<Cow<'t, str>>) {
    let tail = &text[1..];
    if text.starts_with('%') {
        return match tail.find('%') {
            Some(len) if cfg!(windows) && len > 0 => (len + 2, world.env(&tail[..len]).map(Cow::Owned)),
            _ => (1, None),
        };
    }
    let len = tail.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(tail.len());
    match len {
        0 => (1, None),
        _ => (len + 1, world.env(&tail[..len]).map(Cow::Owned)),
    }
}

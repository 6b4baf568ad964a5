//! `~` and `$VAR`, in what the user wrote and never in what a placeholder put there. A placeholder that holds nothing but
//! the user's own words and environment, `{env.PLACE}`, counts as written.

use std::borrow::Cow;
use std::ops::Range;

use usher_event::sentence;

use super::{FillError, Filled, words};
use crate::World;

/// Whether a template has anything to expand in it.
pub(super) fn is_needed(source: &str) -> bool {
    // Where a block stands first, the text in it begins what comes out.
    source.contains(['~', '$']) || (cfg!(windows) && source.contains('%'))
}

/// Words of an expression that bring nothing from outside: what is left is the environment and the text itself.
const OWN: &[&str] = &["env", "now", "utcnow", "today", "or", "and", "not", "if", "else"];

/// Whether an expression is the user's own from end to end: it names the environment, texts and the clock, and neither a
/// file nor what a filter found.
pub(super) fn is_own(expression: &str) -> bool {
    let mut code = String::with_capacity(expression.len() + 1);
    // Where expressions end and texts begin is all that is looked for, so that no text is taken for a name.
    code.push('{');
    let mut quote = None;
    let mut escaped = false;
    for c in expression.chars() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '\'' || c == '"' => quote = Some(c),
            // What follows is the name of a filter.
            None if c == '|' => code.push('.'),
            None if c.is_whitespace() && code.ends_with('.') => {}
            None => code.push(c),
        }
    }
    words(&code).iter().all(|word| OWN.contains(&word.as_str()))
}

/// Expands the stretches of a text that placeholders did not put there, and those placeholders put there that are the
/// user's `own`.
pub(super) fn expand(filled: &Filled, own: &[bool], world: &dyn World) -> Result<Filled, FillError> {
    let mut out = Filled { text: String::with_capacity(filled.text.len() + 32), dynamic: Vec::new() };
    let mut at = 0;
    for (nr, range) in filled.dynamic.iter().enumerate() {
        expand_literal(&mut out.text, filled, at..range.start, world)?;
        let start = out.text.len();
        match own.get(nr) {
            Some(true) => {
                expand_literal(&mut out.text, filled, range.clone(), world)?;
            }
            _ => out.text.push_str(&filled.text[range.clone()]),
        }
        out.dynamic.push(start..out.text.len());
        at = range.end;
    }
    expand_literal(&mut out.text, filled, at..filled.text.len(), world)?;
    Ok(out)
}

fn expand_literal(
    out: &mut String,
    filled: &Filled,
    range: Range<usize>,
    world: &dyn World,
) -> Result<(), FillError> {
    let mut rest = &filled.text[range.clone()];
    if range.start == 0
        && let Some(tail) = rest.strip_prefix('~')
    {
        let separate = |c: char| c == '/' || (cfg!(windows) && c == '\\');
        // A name may follow from a placeholder, and then it is another user's home.
        let after = &filled.text[1..];
        if after.is_empty() || after.starts_with(separate) {
            let home = world.home().ok_or_else(|| FillError {
                message: sentence!("template-no-home", "`~` is used and the home directory is not known"),
                hint: Some(sentence!("template-no-home-hint", "write the folder out")),
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

//! Words for mistakes that many things can have.

use super::spec::Spec;
use crate::document::{Node, ScalarKind};
use crate::{Diagnostic, Span};

pub(super) fn unknown_key(spec: &Spec, name: &str, span: Span) -> Diagnostic {
    let message = format!("`{}` has no parameter `{name}`", spec.name);
    let help = match nearest(name, spec.params.iter().map(|param| param.name)) {
        Some(near) => format!("did you mean `{near}`? It takes {}", names(spec)),
        None if spec.params.is_empty() => "it takes no parameters".to_owned(),
        None => format!("it takes {}", names(spec)),
    };
    Diagnostic::error("unknown_key", span, message).help(help)
}

pub(super) fn unknown_word(name: &str, given: &str, words: &[&'static str], span: Span) -> Diagnostic {
    let help = match nearest(given, words.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? It is one of {}", list(words.iter().copied())),
        None => format!("it is one of {}", list(words.iter().copied())),
    };
    Diagnostic::error("unknown_value", span, format!("`{name}` cannot be `{given}`")).help(help)
}

/// Says that something has the wrong type.
pub(super) fn wrong_type(name: &str, node: &Node, wanted: &str) -> Diagnostic {
    let problem = Diagnostic::error(
        "wrong_type",
        node.head(),
        format!("`{name}` wants {wanted}, and this is {}", node.describe()),
    );
    match node.scalar().map(|scalar| scalar.kind) {
        Some(ScalarKind::Bool(_)) if wanted == "text" => problem.help("put it in quotes to make it text"),
        _ => problem,
    }
}

pub(super) fn names(spec: &Spec) -> String {
    list(spec.params.iter().map(|param| param.name))
}

/// Words as one reads them aloud: "`a`, `b` and `c`".
pub fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// The word that was probably meant.
pub fn nearest<'a>(given: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Long input is no typing mistake, and comparing it costs time.
    if given.len() > 40 {
        return None;
    }
    words
        .map(|word| (strsim::jaro_winkler(&given.to_lowercase(), word), word))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}

//! Words for mistakes that many things can have.

use usher_event::{Part, Sentence, sentence};

use super::spec::Spec;
use crate::document::{Node, ScalarKind};
use crate::{Diagnostic, Span};

pub(super) fn unknown_key(spec: &Spec, name: &str, span: Span) -> Diagnostic {
    let message =
        sentence!("load-unknown-key", "`{thing}` has no parameter `{key}`", thing = spec.name, key = name);
    let help = match nearest(name, spec.params.iter().map(|param| param.name)) {
        Some(near) => sentence!(
            "load-unknown-key-near",
            "did you mean `{near}`? It takes {names}",
            near = near,
            names = names(spec),
        ),
        None if spec.params.is_empty() => sentence!("load-unknown-key-none", "it takes no parameters"),
        None => sentence!("load-unknown-key-help", "it takes {names}", names = names(spec)),
    };
    Diagnostic::error("unknown_key", span, message).help(help)
}

pub(super) fn unknown_word(name: &str, given: &str, words: &[&'static str], span: Span) -> Diagnostic {
    let names = list(words.iter().copied());
    let help = match nearest(given, words.iter().copied()) {
        Some(near) => sentence!(
            "load-unknown-word-near",
            "did you mean `{near}`? It is one of {names}",
            near = near,
            names = names,
        ),
        None => sentence!("load-unknown-word-help", "it is one of {names}", names = names),
    };
    Diagnostic::error("unknown_value", span, cannot_be(name, given.into())).help(help)
}

/// Says that something is not one of the things it may be.
pub(super) fn cannot_be(name: &str, given: Part) -> Sentence {
    sentence!("load-unknown-word", "`{name}` cannot be `{given}`", name = name, given = given)
}

/// Says what there is, and which of it was probably meant.
pub(super) fn there_are<'a>(near: Option<&str>, names: impl Iterator<Item = &'a str>) -> Sentence {
    match near {
        Some(near) => sentence!(
            "load-unknown-name-near",
            "did you mean `{near}`? There are {names}",
            near = near,
            names = list(names),
        ),
        None => sentence!("load-unknown-name-help", "there are {names}", names = list(names)),
    }
}

/// Says that something has the wrong type; `wanted` says what it is to be.
pub(super) fn wrong_type(name: &str, node: &Node, wanted: Sentence) -> Diagnostic {
    let is_text = wanted == text_wanted();
    let message = sentence!(
        "load-wrong-type",
        "`{name}` wants {wanted}, and this is {what}",
        name = name,
        wanted = wanted,
        what = node.describe(),
    );
    let problem = Diagnostic::error("wrong_type", node.head(), message);
    match node.scalar().map(|scalar| scalar.kind) {
        Some(ScalarKind::Bool(_)) if is_text => {
            problem.help(sentence!("load-quote-text-help", "put it in quotes to make it text"))
        }
        _ => problem,
    }
}

/// What is wanted where text is.
pub(super) fn text_wanted() -> Sentence {
    sentence!("wanted-text", "text")
}

pub(super) fn names(spec: &Spec) -> Sentence {
    list(spec.params.iter().map(|param| param.name))
}

/// Words as one reads them aloud: "`a`, `b` and `c`".
pub fn list<'a>(words: impl Iterator<Item = &'a str>) -> Sentence {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => {
            sentence!("list-and", "{head} and {last}", head = rest.join(", "), last = last)
        }
        // Code is the same in every language.
        Some((last, _)) => Sentence::foreign(last),
        None => Sentence::foreign(""),
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

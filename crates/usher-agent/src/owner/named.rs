//! Which rule is meant: by its id, or by the name that it is shown with.

use std::sync::Arc;

use usher_event::{Sentence, sentence};
use usher_rule::Rule;
use usher_rule::load::{list, nearest};

use super::Owner;
use super::requests::journal_refusal;
use crate::api::Refusal;

/// The one of these rules that goes by an id or a name.
///
/// # Errors
/// `not_found` where none does; `refused` where several have the name.
pub(super) fn named<'r>(rules: &'r [Arc<Rule>], name: &str) -> Result<&'r Arc<Rule>, Refusal> {
    if let Some(rule) = find(rules, name)? {
        return Ok(rule);
    }
    Err(no_rule(name, rules.iter().flat_map(|rule| [rule.title(), &rule.id])))
}

impl Owner {
    /// Whether there is, or ever was, a rule of that id or name: a journal outlives the rules in it.
    ///
    /// # Errors
    /// As [`named`], and where the journal cannot be read.
    pub(super) fn knows_rule(&self, name: &str) -> Result<(), Refusal> {
        let rules = self.engine.rules();
        if find(rules, name)?.is_some() {
            return Ok(());
        }
        let once = self.engine.journal().rule_names().map_err(|error| journal_refusal(&error))?;
        if once.iter().any(|(id, title)| id == name || title == name) {
            return Ok(());
        }
        let now = rules.iter().flat_map(|rule| [rule.title(), &rule.id]);
        let once = once.iter().flat_map(|(id, title)| [title.as_str(), id]);
        Err(no_rule(name, now.chain(once)))
    }
}

fn find<'r>(rules: &'r [Arc<Rule>], name: &str) -> Result<Option<&'r Arc<Rule>>, Refusal> {
    if let Some(rule) = rules.iter().find(|rule| rule.id == name) {
        return Ok(Some(rule));
    }
    let titled: Vec<&Arc<Rule>> = rules.iter().filter(|rule| rule.title() == name).collect();
    match titled.as_slice() {
        [] => Ok(None),
        [rule] => Ok(Some(*rule)),
        several => {
            let message = sentence!("ask-several-rules", "several rules are called `{rule}`", rule = name);
            let ids = list(several.iter().map(|rule| rule.id.as_str()));
            Err(Refusal::new("refused", message).hint(sentence!(
                "ask-several-rules-hint",
                "say which one by its id: {ids}",
                ids = ids
            )))
        }
    }
}

/// The refusal for a rule that is not there any more.
pub(super) fn rule_gone(rule: &str) -> Refusal {
    no_rule(rule, std::iter::empty())
}

fn no_rule<'a>(rule: &str, names: impl Iterator<Item = &'a str>) -> Refusal {
    Refusal::new("not_found", sentence!("ask-there-no-rule", "there is no rule `{rule}`", rule = rule))
        .hint(near_or_all(rule, names))
}

/// Which name was probably meant, whatever the case of its letters.
fn near_or_all<'a>(rule: &str, names: impl Iterator<Item = &'a str>) -> Sentence {
    let names: Vec<(String, &str)> = names.map(|name| (name.to_lowercase(), name)).collect();
    let near = nearest(rule, names.iter().map(|(lower, _)| lower.as_str()));
    let near = near.and_then(|near| names.iter().find(|(lower, _)| lower == near));
    match near {
        Some((_, near)) => sentence!(
            "ask-rule-near",
            "did you mean `{near}`? See `usher rules` for all of them",
            near = *near
        ),
        None => sentence!("ask-see-usher-rules-their-names", "see `usher rules` for their names"),
    }
}

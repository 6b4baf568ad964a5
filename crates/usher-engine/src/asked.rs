//! Chains that wait for the user's yes or no in the middle (`confirm`).
//!
//! What comes before the question has been done; what comes after it is planned when it is answered, on the disk as it
//! is then. A question lives as long as the process: the file it is about is not remembered as handled, so that the
//! next Usher asks again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use usher_event::{Sentence, sentence};
use usher_rule::{Rule, Stat};

use crate::brakes::{Question, Words};
use crate::plan::Chain;
use crate::stamp::Stamp;

/// What somebody says to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Go on.
    Yes,
    /// Leave it as it is. The rule is done with the file then.
    No,
    /// There is nobody who could say anything: the chain fails.
    Nobody,
}

/// A chain that has come to a question.
pub(crate) struct Asked {
    /// What is left of it: its subject is where it lies now, and its steps are still to be planned.
    pub(crate) chain: Chain,
    /// Rules that have had the subject in their hands before.
    pub(crate) trail: Vec<Arc<Rule>>,
    /// Whether a run that was asked for has come to it, and not an event.
    pub(crate) swept: bool,
    pub(crate) at: Timestamp,
}

impl Asked {
    /// Where the subject lies.
    pub(crate) fn path(&self) -> Option<&PathBuf> {
        self.chain.subject.as_ref()
    }

    /// Whether it is about just this version of what lies at a path.
    pub(crate) fn is_about(&self, stat: &Stat) -> bool {
        self.chain.seen.is_some_and(|seen| Stamp::from(seen).same_file(stat))
    }

    /// The question, under its number.
    pub(crate) fn question(&self, id: u64) -> Question {
        let words = self.chain.inquiry().map(|inquiry| Words {
            rule: Arc::clone(&self.chain.rule),
            text: inquiry.text.clone(),
            default: inquiry.default,
            root: self.chain.root.clone(),
        });
        let (rule, path) = (self.chain.rule.id.clone(), self.path().cloned());
        Question { id, rule, text: self.sentence(), path, at: self.at, words, beyond: None }
    }

    /// The question for people, who may be far from the rule and the file.
    pub(crate) fn sentence(&self) -> Sentence {
        let text = self.chain.inquiry().map(|inquiry| inquiry.text.as_str()).unwrap_or_default();
        match self.path().and_then(|path| path.file_name()) {
            Some(name) => {
                sentence!(
                    "asks-about",
                    "{rule} asks about {file}: {text}",
                    rule = self.chain.rule.title(),
                    file = Path::new(name),
                    text = text
                )
            }
            None => {
                sentence!("asks-rule", "{rule} asks: {text}", rule = self.chain.rule.title(), text = text)
            }
        }
    }

    /// Whether the rule, as it is in these rules, would still do the same.
    pub(crate) fn still_asked_by(&self, rules: &[Arc<Rule>]) -> bool {
        let asking = &self.chain.rule;
        let same = |rule: &&Arc<Rule>| {
            rule.id == asking.id
                && rule.enabled
                && format!("{:?}", rule.actions) == format!("{:?}", asking.actions)
        };
        rules.iter().any(|rule| same(&rule))
    }
}

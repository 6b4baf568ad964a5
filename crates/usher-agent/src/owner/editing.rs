//! For whoever writes rules: texts, drafts, and what a draft would do.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use usher_event::sentence;
use usher_rule::Rule;

use super::requests::{absolute, fault, value};
use super::{Owner, Reply};
use crate::api::{Preview, PreviewRequest, Refusal, RuleSave, RuleText};
use crate::present;
use crate::rules::{config_of, draft, edit};

/// How many lines a preview has where the asker does not say, and how many it can have.
const LINES: u32 = 200;
const MOST_LINES: u32 = 2000;

/// How long a preview may look around. Whoever types will not wait longer.
const PATIENCE: Duration = Duration::from_secs(3);

/// The preview that was asked for last. Each one before it is of no use to anybody.
#[derive(Debug, Default)]
pub(super) struct Previews(Arc<AtomicU64>);

impl Previews {
    /// Begins another preview; answers whether it may still go on.
    fn begin(&self) -> impl FnMut() -> bool + Send + 'static {
        let newest = Arc::clone(&self.0);
        let mine = newest.fetch_add(1, Ordering::Relaxed) + 1;
        let until = Instant::now() + PATIENCE;
        move || newest.load(Ordering::Relaxed) == mine && Instant::now() < until
    }
}

impl Owner {
    /// The text of a rule file.
    pub(super) fn rule_text(&self, file: &str) -> Result<RuleText, Refusal> {
        let path = edit::rule_file(&self.dirs.rules, file)?;
        let text = edit::read(&path)?;
        Ok(self.looked_over(&path, text))
    }

    /// A draft with what is wrong with it.
    pub(super) fn check_rules(&self, file: &str, text: String) -> Result<RuleText, Refusal> {
        let path = edit::rule_file(&self.dirs.rules, file)?;
        Ok(self.looked_over(&path, text))
    }

    /// Writes a rule file and puts its rules into force.
    pub(super) fn save_rules(&mut self, save: RuleSave) -> Result<RuleText, Refusal> {
        let path = edit::rule_file(&self.dirs.rules, &save.file)?;
        edit::save(&path, &save.text, save.digest.as_deref())?;
        tracing::info!(path = %path.display(), "written for an editor");
        self.load_rules();
        Ok(self.looked_over(&path, save.text))
    }

    fn looked_over(&self, path: &Path, text: String) -> RuleText {
        let (rules, problems, digest) = draft(path, &text);
        RuleText {
            file: present::shown(path),
            rules: rules.iter().map(|rule| present::rule_info(rule, &[], &*self.disk)).collect(),
            text,
            digest,
            problems,
        }
    }

    /// Tries a draft on what is there, beside everything else.
    pub(super) fn preview(&self, request: &PreviewRequest, reply: Reply) {
        let prepared = catch_unwind(AssertUnwindSafe(|| previewed(request)));
        let rules = match prepared {
            Ok(Ok(rules)) => rules,
            Ok(Err(refusal)) => return reply(Err(refusal)),
            Err(_) => return reply(Err(fault())),
        };
        if !request.code && rules.iter().any(|rule| rule.looks_outside()) {
            return reply(value(&Preview { has_code: true, ..Preview::default() }));
        }
        let edge = match request.event.as_ref().map(|event| self.edge_of(event)).transpose() {
            Ok(edge) => edge,
            Err(refusal) => return reply(Err(refusal)),
        };
        if edge.is_none()
            && let Some(needed) = rules.iter().find_map(|rule| rule.needs_event())
        {
            return reply(value(&Preview { needs_event: Some(needed.to_owned()), ..Preview::default() }));
        }
        let simulation = self.engine.simulation(super::open::disk(&self.dirs, &self.clock));
        let most = request.limit.unwrap_or(LINES).min(MOST_LINES) as usize;
        let mut goes_on = self.previews.begin();
        let look = move || {
            let looked = catch_unwind(AssertUnwindSafe(|| match edge {
                Some(edge) => simulation.preview_woken(&rules, &edge, most, &mut goes_on),
                None => simulation.preview(&rules, most, &mut goes_on),
            }));
            reply(looked.map_err(|_| fault()).and_then(|preview| value(&present::preview(preview))));
        };
        if let Err(error) = std::thread::Builder::new().name("usher-preview".to_owned()).spawn(look) {
            // The reply went with the thread that was not started: the asker hears that there is none.
            tracing::warn!(%error, "cannot start a thread");
        }
    }
}

/// The rules of a draft that are to be tried.
fn previewed(request: &PreviewRequest) -> Result<Vec<Arc<Rule>>, Refusal> {
    let rules = config_of(&absolute(&request.file)?, &request.text)?;
    let Some(nr) = request.rule else {
        return Ok(rules.into_iter().filter(|rule| rule.enabled).collect());
    };
    let wanted = rules.into_iter().find(|rule| rule.nr == nr as usize);
    wanted.map(|rule| vec![rule]).ok_or_else(|| {
        Refusal::new(
            "not_found",
            sentence!("edit-file-has-no-rule-at-place", "the file has no rule at place {nr}", nr = nr),
        )
        .hint(sentence!("edit-read-file-again-was-changed", "read the file again: it was changed"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_preview_ends_the_one_before_it() {
        let previews = Previews::default();
        let mut first = previews.begin();
        assert!(first());
        let mut second = previews.begin();
        assert!(!first());
        assert!(second());
    }
}

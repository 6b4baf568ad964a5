//! Trying again what has failed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use usher_engine::{NotAgain, StepRecord, Sweep};
use usher_event::sentence;
use usher_rule::Rule;

use super::named::rule_gone;
use super::requests::journal_refusal;
use super::{Owner, Reply};
use crate::api::{Dismissal, Refusal, RetryTarget};
use crate::present::shown;
use crate::subscribers::Outlet;

/// The code of a step that failed, among what waits for the user.
const FAILED: &str = "failed_step";

impl Owner {
    /// Begins a run of a rule over what it has failed on; the answer comes when that is done.
    pub(super) fn retry(&mut self, target: &RetryTarget, outlet: Option<Outlet>, reply: Reply) {
        match self.prepare_retry(target) {
            Ok((sweep, failures)) => {
                self.forget_failures(failures);
                self.run_next(sweep, outlet, reply);
            }
            Err(refusal) => reply(Err(refusal)),
        }
    }

    /// The run, and the failures that it takes up.
    fn prepare_retry(&mut self, target: &RetryTarget) -> Result<(Sweep, Vec<StepRecord>), Refusal> {
        let steps = match target {
            RetryTarget::Step { step } => vec![self.failed(*step)?],
            RetryTarget::Rule { rule } => self.failures_of(rule)?,
        };
        let Some(newest) = steps.first() else { return Err(nothing_failed()) };
        let rule = self.engine.rules().iter().find(|rule| rule.id == newest.rule_id).cloned();
        let rule = rule.ok_or_else(|| rule_gone(&newest.rule_id))?;
        if rule.standalone() {
            let cause = sentence!("cause-again", "`{rule}` was tried again", rule = rule.title());
            let sweep = self.engine.begin_sweep(&[Arc::clone(&rule)], cause, usher_engine::Limits::Ask);
            return Ok((sweep, steps));
        }
        let mut paths: Vec<PathBuf> = Vec::new();
        for path in steps.iter().filter_map(|step| step.from.clone()) {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        let (count, (sweep, left)) = (paths.len(), self.engine.begin_retry(&rule, paths));
        if left.len() == count {
            return Err(left.first().map_or_else(nothing_failed, |(path, why)| not_again(&rule, path, why)));
        }
        let is_left = |step: &StepRecord| left.iter().any(|(path, _)| step.from.as_ref() == Some(path));
        Ok((sweep, steps.into_iter().filter(|step| !is_left(step)).collect()))
    }

    fn failed(&self, step: i64) -> Result<StepRecord, Refusal> {
        let record = self.engine.journal().step(step).map_err(|error| journal_refusal(&error))?;
        let record = record.ok_or_else(|| {
            Refusal::new(
                "not_found",
                sentence!("retry-there-no-step", "there is no step {step}", step = step),
            )
            .hint(sentence!("hint-log", "see `usher log`"))
        })?;
        if !record.has_failed() {
            return Err(Refusal::new(
                "refused",
                sentence!("retry-step-has-not-failed", "step {step} has not failed", step = step),
            )
            .hint(sentence!("retry-see-usher-log-what-became", "see in `usher log` what became of it")));
        }
        // The rule is not what failed there, and to run it would do once more what was to be taken back.
        if record.of.is_some() {
            return Err(Refusal::new(
                "refused",
                sentence!("retry-step-takes-back", "step {step} was to take another step back", step = step),
            )
            .hint(sentence!("retry-undo-again", "undo that one again")));
        }
        Ok(record)
    }

    /// The steps behind what waits for the user, newest first.
    fn failures_of(&self, rule: &str) -> Result<Vec<StepRecord>, Refusal> {
        let mut steps = Vec::new();
        for note in self.attention.failures_of(rule) {
            let Some(run) = note.run else { continue };
            let of_run = self.engine.journal().steps(run).map_err(|error| journal_refusal(&error))?;
            let is_meant = |step: &StepRecord| {
                step.has_failed() && step.rule_id == rule && step.from.as_deref().map(shown) == note.path
            };
            steps.extend(of_run.into_iter().filter(is_meant));
        }
        Ok(steps)
    }

    /// What is tried again waits for the user no longer; should it fail once more, that is another failure.
    fn forget_failures(&mut self, failures: Vec<StepRecord>) {
        let at = self.clock.timestamp();
        for step in failures {
            let path = step.from.as_deref().map(shown);
            // Whenever it failed, in that run or in a later one.
            let what = Dismissal { code: FAILED.to_owned(), run: None, path, rule: Some(step.rule_id) };
            if self.attention.dismiss(&what) {
                self.memory.dismiss(what, at);
            }
        }
        self.news.status();
    }
}

fn nothing_failed() -> Refusal {
    Refusal::new(
        "not_found",
        sentence!("retry-there-nothing-could-be-tried-again", "there is nothing that could be tried again"),
    )
    .hint(sentence!("retry-see-usher-status-what-has-failed", "see `usher status` for what has failed"))
}

fn not_again(rule: &Rule, path: &Path, why: &NotAgain) -> Refusal {
    let (path, rule) = (path.display(), rule.title());
    match why {
        NotAgain::Gone => {
            Refusal::new("not_found", sentence!("file-gone", "{path} is not there any more", path = path))
                .hint(sentence!("hint-why", "see what became of it with `usher why`"))
        }
        NotAgain::Elsewhere => Refusal::new(
            "refused",
            sentence!("retry-does-not-look-at", "`{rule}` does not look at {path}", rule = rule, path = path),
        )
        .hint(sentence!(
            "retry-where-earlier-step-has-moved-undo",
            "where an earlier step has moved it, undo that run: the rule then finds it where it was"
        )),
        NotAgain::Busy(reason) => {
            Refusal::new("refused", sentence!("retry-busy", "{path}: {reason}", path = path, reason = reason))
                .hint(sentence!("retry-try-again-later", "try again later"))
        }
        NotAgain::Unknown(reason) => Refusal::new(
            "refused",
            sentence!("retry-unknown", "`{rule}`: {reason}", rule = rule, reason = reason),
        )
        .hint(sentence!(
            "retry-play-event-waits-see-usher-trigger",
            "play it the event that it waits for: see `usher trigger --help`"
        )),
    }
}

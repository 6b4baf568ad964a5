//! Running rules over what is there, because somebody asked.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use usher_engine::{Limits, SweepReport};
use usher_rule::Rule;

use super::Owner;
use super::requests::{absolute, journal_refusal, no_rule};
use crate::api::{Notice, Question, Refusal, RunRequest, RunSummary};
use crate::present;
use crate::rules::read_config;
use crate::subscribers::{Outlet, Subscribers};

/// The time between two pieces of progress.
const APART: Duration = Duration::from_millis(100);

impl Owner {
    /// Runs or simulates rules.
    pub(super) fn run_rules(
        &mut self,
        request: &RunRequest,
        outlet: Option<&Outlet>,
    ) -> Result<RunSummary, Refusal> {
        let known = match &request.config {
            Some(config) => read_config(&absolute(config)?)?,
            None => self.engine.rules().to_vec(),
        };
        let rules = selected(known, request)?;
        let working_dir = request.working_dir.as_deref().map(absolute).transpose()?;
        if let Some(dir) = &working_dir {
            self.disk.set_working_dir(dir.clone());
        }
        let mut progress = Progress { subscribers: &self.subscribers, outlet, told: Instant::now() };
        let mut tell = |subjects: u32, path: &Path| progress.tell(subjects, path);
        let limits = if request.yes { Limits::Ignore } else { Limits::Ask };
        let report = match request.simulate {
            true => Ok(self.engine.simulate(&rules, limits, &mut tell)),
            false => self.engine.run(&rules, &cause(request), limits, &mut tell),
        };
        if working_dir.is_some() {
            self.disk.set_working_dir(self.dirs.home.clone());
        }
        report.map(|report| self.summary(report)).map_err(|error| journal_refusal(&error))
    }

    /// Takes an answer to a question.
    pub(super) fn answer_question(&mut self, question: u64, yes: bool) -> Result<RunSummary, Refusal> {
        let report = self.engine.answer(question, yes).map_err(|error| journal_refusal(&error))?;
        let report = report.ok_or_else(|| {
            Refusal::new("not_found", format!("there is no question {question} any more"))
                .hint("see `usher answer` for those that wait")
        })?;
        self.news.status();
        Ok(self.summary(report))
    }

    fn summary(&self, report: SweepReport) -> RunSummary {
        let asked = |question: &usher_engine::Question| report.questions.contains(&question.id);
        let questions = self.engine.questions().into_iter().filter(asked);
        let questions = questions.map(|question| Question { id: question.id, text: question.text }).collect();
        present::run_summary(report, questions)
    }
}

/// The rules that are asked for. One that is named runs even if it is switched off.
fn selected(rules: Vec<Arc<Rule>>, request: &RunRequest) -> Result<Vec<Arc<Rule>>, Refusal> {
    let Some(wanted) = &request.rule else {
        let runs = |rule: &Arc<Rule>| rule.enabled && rule.selected(&request.tags, &request.skip_tags);
        return Ok(rules.into_iter().filter(runs).collect());
    };
    let named = |rule: &Arc<Rule>| rule.id == *wanted;
    let found =
        rules.iter().find(|rule| named(rule)).or_else(|| rules.iter().find(|rule| rule.title() == wanted));
    found.map(|rule| vec![Arc::clone(rule)]).ok_or_else(|| no_rule(wanted))
}

fn cause(request: &RunRequest) -> String {
    match (&request.rule, &request.config) {
        (Some(rule), _) => format!("`{rule}` was run by hand"),
        (None, Some(config)) => format!("{config} was run by hand"),
        (None, None) => "run by hand".to_owned(),
    }
}

/// Tells the asker how far the run has come, now and then.
struct Progress<'a> {
    subscribers: &'a Subscribers,
    /// The asker's connection; absent where it is this process.
    outlet: Option<&'a Outlet>,
    told: Instant,
}

impl Progress<'_> {
    fn tell(&mut self, subjects: u32, path: &Path) {
        if self.told.elapsed() < APART {
            return;
        }
        self.told = Instant::now();
        let notice = Notice::Progress { subjects, path: present::shown(path) };
        match self.outlet {
            Some(outlet) => outlet.mention(&notice),
            None => self.subscribers.tell_local(&notice),
        }
    }
}

//! Requests: each is answered from what the owner has, on the owner's thread. This file only sends them on their way.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use usher_engine::{JournalError, LogFilter, RunRecord};
use usher_event::sentence;

use super::named::named;
use super::{Ask, Owner, Reply};
use crate::api::{Dismissal, LogPage, LogQuery, PauseFor, Refusal, Request, Run, SettingsPatch, Status, Why};
use crate::present;
use crate::rules::{starter, switch};
use crate::subscribers::Outlet;
use crate::{opening, settings};

/// How many runs a page of the log has where the asker does not say.
const PAGE: u32 = 50;

/// The most runs a page can have, and the most steps of one of them.
const LONGEST_PAGE: u32 = 10_000;

/// How many steps of a single run are answered with where the asker does not say.
pub(super) const MOST_STEPS: u32 = 1000;

/// How many earlier steps an account of a path shows.
const STEPS_AT: u32 = 50;

type Answer = Result<Value, Refusal>;

impl Owner {
    /// Answers a request. A mistake of ours in one of them is that request's failure and nobody else's.
    pub(super) fn answer(&mut self, ask: Ask) {
        let Ask { request, outlet, reply } = ask;
        tracing::debug!(?request);
        match request {
            Request::Trigger { event, simulate } => self.trigger(&event, simulate, reply),
            Request::Run(run) => self.start_run(&run, outlet, reply),
            Request::Preview(draft) => self.preview(&draft, reply),
            Request::Answer { question, yes } => {
                let answer = if yes { usher_engine::Reply::Yes } else { usher_engine::Reply::No };
                self.take_answer(question, answer, outlet, reply);
            }
            Request::Unanswered { question } => self.leave_unanswered(question, outlet, reply),
            Request::OpenRules { file } => self.open_rules(file.as_deref(), reply),
            Request::Open { path } => match self.in_journal(&path) {
                Ok(path) => opening::open_file(path, reply),
                Err(refusal) => reply(Err(refusal)),
            },
            Request::Undo(target) => self.start_undo(&target, outlet, reply),
            Request::Retry(target) => self.retry(&target, outlet, reply),
            Request::Reveal { path } => match absolute(&path).and_then(there) {
                Ok(path) => opening::reveal(path, reply),
                Err(refusal) => reply(Err(refusal)),
            },
            request => {
                let answer = catch_unwind(AssertUnwindSafe(|| self.answer_at_once(request, outlet)));
                // Whoever asks for the status next is to find in it what this has done.
                self.hear_engine();
                reply(answer.unwrap_or_else(|_| Err(fault())));
            }
        }
    }

    fn answer_at_once(&mut self, request: Request, outlet: Option<Outlet>) -> Answer {
        match request {
            Request::Status => value(&self.status()),
            Request::Rules => value(&self.rules_now()),
            Request::SetRuleEnabled { rule, enabled } => {
                self.set_rule_enabled(&rule, enabled)?;
                value(&self.rules_now())
            }
            Request::CreateStarter => {
                let starter = starter::create(&self.dirs, self.words().language())?;
                self.load_rules();
                value(&starter)
            }
            Request::RuleText { file } => value(&self.rule_text(&file)?),
            Request::CheckRules { file, text } => value(&self.check_rules(&file, text)?),
            Request::SaveRules(save) => value(&self.save_rules(save)?),
            Request::RuleSchema => Ok(usher_rule::schema::schema()),
            Request::Search(query) => value(&self.search(&query)?),
            Request::Log(query) => value(&self.log(&query)?),
            Request::Chart { days } => value(&self.chart(days)?),
            Request::StopRun { run, woken } => value(&self.stop_run(run, woken)?),
            Request::Space(limits) => value(&self.space(limits)?),
            Request::FreeSpace => value(&self.free_space()?),
            Request::PreviewUndo(target) => value(&self.preview_undo(&target)?),
            Request::Why { path, bytes: None, step: Some(step) } => {
                value(&self.why(&self.path_of_step(&path, step)?)?)
            }
            Request::Why { path, bytes, .. } => value(&self.why(&exactly(&path, bytes)?)?),
            Request::Pause(pause) => value(&self.pause(pause)),
            Request::Resume => value(&self.resume()),
            Request::Subscribe { events } => {
                let outlet = outlet.ok_or_else(|| {
                    Refusal::new("bad_params", sentence!("ask-there-nobody-tell", "there is nobody to tell"))
                })?;
                self.subscribers.add(outlet, events);
                // At once: who asks for the status next wants to see the sources at work.
                self.mind_listeners();
                Ok(Value::Null)
            }
            Request::Settings => value(&self.settings.settings),
            Request::SetSettings(patch) => self.set_settings(&patch),
            Request::Dismiss(what) => value(&self.dismiss(what)?),
            Request::Owner => value(&self.owner_info()),
            Request::Quit => {
                self.ended = true;
                Ok(Value::Null)
            }
            Request::Trigger { .. }
            | Request::Run(_)
            | Request::Preview(_)
            | Request::Answer { .. }
            | Request::Unanswered { .. }
            | Request::OpenRules { .. }
            | Request::Open { .. }
            | Request::Undo(_)
            | Request::Retry(_)
            | Request::Reveal { .. } => Ok(Value::Null),
        }
    }

    fn set_rule_enabled(&mut self, rule: &str, enabled: bool) -> Result<(), Refusal> {
        let rule = Arc::clone(named(self.engine.rules(), rule)?);
        switch::set_enabled(&rule.file, &rule.id, enabled)?;
        self.load_rules();
        Ok(())
    }

    fn open_rules(&self, file: Option<&str>, reply: Reply) {
        let known = |path: &Path| self.rules.files().any(|file| file.path == path);
        let path = match file.map(PathBuf::from) {
            None => Ok(self.dirs.rules.clone()),
            Some(path) if known(&path) => Ok(path),
            Some(path) => Err(Refusal::new(
                "not_found",
                sentence!("ask-not-one-rule-files", "{path} is not one of the rule files", path = path),
            )
            .hint(sentence!("ask-see-usher-list-those-there-are", "see `usher list` for those there are"))),
        };
        match path {
            Ok(path) => opening::open(path, &self.dirs.rules, reply),
            Err(refusal) => reply(Err(refusal)),
        }
    }

    /// A path that is there and that Usher has had to do with: nothing else is opened because the window asks.
    fn in_journal(&self, path: &str) -> Result<PathBuf, Refusal> {
        let path = absolute(path)?;
        let steps = self.engine.journal().steps_at(&path, 1).map_err(|error| journal_refusal(&error))?;
        if steps.is_empty() {
            let message =
                sentence!("ask-no-step-journal", "{path} is in no step of the journal", path = path);
            return Err(Refusal::new("refused", message)
                .hint(sentence!("ask-open-file-manager", "open it in the file manager")));
        }
        there(path)
    }

    fn log(&self, query: &LogQuery) -> Result<LogPage, Refusal> {
        let limit = query.limit.unwrap_or(PAGE).min(LONGEST_PAGE);
        query.rule.as_deref().map_or(Ok(()), |rule| self.knows_rule(rule))?;
        let filter = LogFilter {
            before: query.before,
            run: query.run,
            since: query.since.as_deref().map(present::read_moment).transpose()?,
            rule: query.rule.clone(),
            text: query.text.clone().filter(|text| !text.is_empty()),
            limit: Some(limit.saturating_add(1)),
        };
        let journal = self.engine.journal();
        let mut records = journal.runs(&filter).map_err(|error| journal_refusal(&error))?;
        let more = records.len() > limit as usize;
        records.truncate(limit as usize);
        let most = if query.run.is_some() { MOST_STEPS } else { present::LISTED };
        let steps = query.steps.unwrap_or(most).min(LONGEST_PAGE);
        let from = query.from_step.unwrap_or(0);
        let runs = records.iter().map(|record| self.shown_run(record, from, steps)).collect::<Result<_, _>>();
        let runs = runs.map_err(|error| journal_refusal(&error))?;
        Ok(LogPage { runs, more })
    }

    /// A run with at most so many of its steps, from the `from`th on.
    pub(super) fn shown_run(&self, record: &RunRecord, from: u32, steps: u32) -> Result<Run, JournalError> {
        let journal = self.engine.journal();
        let tally = journal.run_tally(record.id)?;
        let steps = journal.steps_from(record.id, from, steps)?;
        Ok(present::run(record, tally, &steps, &self.dirs.home))
    }

    /// The one of a step's paths that is shown like this.
    fn path_of_step(&self, path: &str, step: i64) -> Result<PathBuf, Refusal> {
        let record = self.engine.journal().step(step).map_err(|error| journal_refusal(&error))?;
        let paths = record.map_or([None, None], |step| [step.from, step.to]);
        let meant = paths.into_iter().flatten().find(|own| present::shown(own) == path);
        meant.map_or_else(|| absolute(path), Ok)
    }

    fn why(&self, path: &Path) -> Result<Why, Refusal> {
        let account = self.engine.why(path);
        let steps =
            self.engine.journal().steps_at(path, STEPS_AT).map_err(|error| journal_refusal(&error))?;
        Ok(present::why(path, account, &steps, &self.dirs.home))
    }

    fn pause(&mut self, pause: PauseFor) -> Status {
        self.memory.pause(pause, &self.clock.now());
        self.engine.pause();
        tracing::info!(?pause, "paused");
        self.news.status();
        self.status()
    }

    fn resume(&mut self) -> Status {
        self.memory.resume();
        self.engine.resume();
        tracing::info!("resumed");
        self.news.status();
        self.status()
    }

    /// Ends a pause whose time has come.
    pub(super) fn resume_if_over(&mut self) {
        if self.memory.pause_is_over(self.clock.timestamp()) {
            self.resume();
        }
    }

    fn set_settings(&mut self, patch: &SettingsPatch) -> Answer {
        let changed = settings::change(&self.dirs.settings, patch)?;
        self.use_settings(changed);
        value(&self.settings.settings)
    }

    fn dismiss(&mut self, what: Dismissal) -> Result<Status, Refusal> {
        if !what.is_allowed() {
            return Err(Refusal::new(
                "refused",
                sentence!("ask-this-cannot-be-put-away", "this cannot be put away"),
            )
            .hint(sentence!(
                "ask-goes-by-itself-once-mended-or",
                "it goes by itself once it is mended or answered"
            )));
        }
        if !self.attention.dismiss(&what) {
            return Err(Refusal::new(
                "not_found",
                sentence!("ask-there-nothing-like-any-more", "there is nothing like that any more"),
            )
            .hint(sentence!("ask-see-usher-status-what-there", "see `usher status` for what there is")));
        }
        self.memory.dismiss(what, self.clock.timestamp());
        self.news.status();
        Ok(self.status())
    }
}

/// The answer as JSON.
pub(super) fn value(answer: &impl Serialize) -> Answer {
    serde_json::to_value(answer).map_err(|error| {
        Refusal::new(
            "failed",
            sentence!(
                "ask-answer-cannot-be-written",
                "the answer cannot be written: {error}",
                error = error.to_string()
            ),
        )
    })
}

/// The path of a request. The owner's working directory is not the asker's, so it has to be absolute.
pub(super) fn absolute(path: &str) -> Result<PathBuf, Refusal> {
    whole(Path::new(path))
}

/// The same for a path that may not be text.
fn exactly(path: &str, bytes: Option<Vec<u8>>) -> Result<PathBuf, Refusal> {
    let Some(bytes) = bytes else { return absolute(path) };
    let exact = usher_engine::path_text::from_bytes(bytes).ok_or_else(|| {
        Refusal::new(
            "bad_params",
            sentence!("ask-bytes-are-no-path-here", "the bytes of {path} are no path here", path = path),
        )
        .hint(sentence!("ask-give-as-text", "give it as text"))
    })?;
    whole(&exact)
}

fn whole(path: &Path) -> Result<PathBuf, Refusal> {
    if !path.is_absolute() {
        let message = sentence!("ask-not-absolute-path", "`{path}` is not an absolute path", path = path);
        return Err(Refusal::new("bad_params", message).hint(sentence!(
            "ask-give-whole-path-beginning-with-root",
            "give the whole path, beginning with the root"
        )));
    }
    Ok(usher_rule::name::normalize(path))
}

fn there(path: PathBuf) -> Result<PathBuf, Refusal> {
    match std::fs::symlink_metadata(&path) {
        Ok(_) => Ok(path),
        Err(error) => Err(Refusal::new(
            "not_found",
            sentence!("ask-cannot-show", "cannot show {path}: {error}", path = path, error = error),
        )
        .hint(sentence!("hint-why", "see what became of it with `usher why`"))),
    }
}

/// The refusal for what ended in a panic.
pub(super) fn fault() -> Refusal {
    tracing::error!("a request ended in a panic");
    Refusal::new(
        "failed",
        sentence!(
            "ask-mistake-usher-itself-kept-from-answering",
            "a mistake in Usher itself kept it from answering"
        ),
    )
    .hint(sentence!("fault-report", "look into the log, and please report it"))
}

/// The refusal for a journal that cannot be used.
pub(super) fn journal_refusal(error: &JournalError) -> Refusal {
    let finding = super::turn::journal_finding(error);
    Refusal { hint: finding.hint, ..Refusal::new("failed", finding.message) }
}

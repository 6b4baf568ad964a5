//! The status: everything a face needs to know at a glance, put together from what the owner has at hand.

use usher_event::sentence;

use super::Owner;
use super::attention::Note;
use crate::api::{AgentState, Attention, OwnerInfo, Problem, Rules, Status};
use crate::present::{self, moment, shown};

/// How many questions a status holds, the oldest ones; the others come up as these are answered.
const MOST_QUESTIONS: usize = 100;

impl Owner {
    /// The status now.
    pub(super) fn status(&mut self) -> Status {
        self.book_runs();
        let attention = self.attention_now();
        let state = match (self.engine.paused(), attention.is_empty()) {
            (true, _) => AgentState::Paused,
            (false, true) => AgentState::Watching,
            (false, false) => AgentState::NeedsYou,
        };
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            state,
            paused_until: self.memory.paused_until().map(moment),
            since: moment(self.started),
            rules_enabled: count(self.engine.rules().iter().filter(|rule| rule.enabled).count()),
            rules_total: count(self.engine.rules().len()),
            first_run: self.rules.none_yet(),
            folders: self.book.shown(),
            nouns: self.nouns_now(),
            hotkeys: self.hotkeys_now(),
            schedules: self.schedules_now(),
            attention,
            woken: self.woken_now(),
            places: self.dirs.places(),
            home: shown(&self.dirs.home),
            user_folders: self.dirs.user_folders.clone(),
        }
    }

    fn attention_now(&mut self) -> Vec<Attention> {
        let now = self.clock.timestamp();
        let started = self.started;
        let rules = self.rules.files().flat_map(|file| {
            let errors = file.problems.iter().filter(|problem| problem.severity == "error");
            errors.map(move |problem| problem_note("rule_problem", problem, file.problems_since))
        });
        let settings =
            self.settings.problems.iter().map(|problem| problem_note("settings", problem, started));
        let questions = self.engine.questions().into_iter().take(MOST_QUESTIONS).map(Note::question);
        let folder =
            self.rules.unreadable().map(|(reason, since)| rules_folder_note(&self.dirs.rules, reason, since));
        let rules = folder.into_iter().chain(rules);
        let state: Vec<Note> = questions.chain(rules).chain(settings).chain(self.book.notes()).collect();
        self.attention.with(state, now)
    }

    /// The rule files as they are loaded now.
    pub(super) fn rules_now(&self) -> Rules {
        let tallies = self.engine.journal().tallies().unwrap_or_else(|error| {
            tracing::warn!(%error, "what the rules have done cannot be counted");
            Vec::new()
        });
        Rules {
            files: self.rules.files().map(|file| present::rule_file(file, &tallies, &*self.disk)).collect(),
        }
    }

    /// Who answers here.
    pub(super) fn owner_info(&self) -> OwnerInfo {
        OwnerInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            resident: self.resident,
        }
    }
}

fn rules_folder_note(folder: &std::path::Path, reason: &str, since: jiff::Timestamp) -> Note {
    let message = sentence!(
        "rules-folder-unreadable",
        "the rules folder {folder} cannot be read: {reason}; its rules run on as they were",
        folder = folder,
        reason = reason,
    );
    Note {
        hint: Some(sentence!(
            "rules-folder-hint",
            "give yourself the right to read it: it is read again at once"
        )),
        path: Some(shown(folder)),
        ..Note::new("rules_folder", message, since)
    }
}

fn problem_note(code: &str, problem: &Problem, since: jiff::Timestamp) -> Note {
    let message = sentence!(
        "problem-at",
        "{file}:{line}:{column}: {message}",
        file = &problem.file,
        line = problem.line,
        column = problem.column,
        message = &problem.message,
    );
    Note { hint: problem.help.clone(), path: Some(problem.file.clone()), ..Note::new(code, message, since) }
}

//! What the tray shows, as far as it is known.

use fluent_bundle::FluentValue;
use usher_agent::api::{AgentState, LogPage, LogQuery, Request, Rules, Run, Settings, Status};
use usher_agent::words::Words;

use crate::link::Owner;

/// More runs than the menu shows, because undone ones are passed over.
const RUNS_ASKED: u32 = 12;

/// Everything the icon, its tooltip and its menu are made from.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Facts {
    /// The owner's state; absent while nobody answers.
    pub(crate) status: Option<Status>,
    /// The rules.
    pub(crate) rules: Option<Rules>,
    /// The newest runs, newest first.
    pub(crate) runs: Vec<Run>,
    /// The user's settings.
    pub(crate) settings: Settings,
    /// Whether Usher starts with the session.
    pub(crate) login: bool,
    /// Why the hotkey does not work, in a sentence for the user.
    pub(crate) hotkey_problem: Option<String>,
}

/// The three faces of the icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    /// All is well.
    Watching,
    /// Events are noted and not handled.
    Paused,
    /// Something waits for the user.
    NeedsYou,
}

impl Facts {
    /// Asks the owner for everything it knows. What it refuses stays as it was.
    pub(crate) fn ask_all(&mut self, owner: &Owner) {
        self.status = owner.call(&Request::Status).ok();
        self.rules = owner.call(&Request::Rules).ok();
        if let Ok(settings) = owner.call(&Request::Settings) {
            self.settings = settings;
        }
        self.ask_runs(owner);
    }

    /// Asks the owner for the newest runs.
    pub(crate) fn ask_runs(&mut self, owner: &Owner) {
        let query = LogQuery { limit: Some(RUNS_ASKED), ..LogQuery::default() };
        if let Ok(page) = owner.call::<LogPage>(&Request::Log(query)) {
            self.runs = page.runs;
        }
    }

    /// What the icon shows.
    pub(crate) fn face(&self) -> Face {
        match self.status.as_ref().map(|status| status.state) {
            Some(AgentState::Paused) => Face::Paused,
            Some(AgentState::Watching) if self.hotkey_problem.is_none() => Face::Watching,
            _ => Face::NeedsYou,
        }
    }

    /// What hovering over the icon says: the state, and below it the worst thing that waits.
    pub(crate) fn tooltip(&self, words: &Words) -> String {
        let folders = self.status.as_ref().map_or(0, |status| status.folders.len());
        let line = match self.face() {
            Face::Watching => words.say_with("tray-tip-watching", &[("count", FluentValue::from(folders))]),
            Face::Paused => words.say("tray-tip-paused"),
            Face::NeedsYou => words.say("tray-tip-needs-you"),
        };
        let waiting = self
            .status
            .iter()
            .flat_map(|status| &status.attention)
            .map(|item| words.tell(&item.message))
            .next();
        match waiting.or_else(|| self.hotkey_problem.clone()) {
            Some(more) => format!("{line}\n{more}"),
            None => line,
        }
    }
}

//! What a run or a simulation has to show for itself, line by line.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use usher_event::{Sentence, sentence};
use usher_rule::{Resolution, Rule, Step};

use crate::plan::Chain;
use crate::text::step_text;
use crate::wake::HeldBack;

/// One line of a run or a simulation.
#[derive(Debug, Clone)]
pub struct Line {
    /// The rule.
    pub rule: Arc<Rule>,
    /// The action.
    pub action: String,
    /// The subject.
    pub path: Option<PathBuf>,
    /// The folder it was found in.
    pub root: Option<PathBuf>,
    /// The step as text.
    pub text: Sentence,
    /// What the step says for itself, such as the message of `echo`.
    pub note: Option<Sentence>,
    /// Why it failed, where it did.
    pub error: Option<Sentence>,
    /// Why it could not be undone, where it could not.
    pub irreversible: Option<Sentence>,
    /// What becomes of something that is where its result is to be.
    pub conflict: Option<Resolution>,
}

/// What a run or a simulation came to.
#[derive(Debug, Default)]
pub struct SweepReport {
    /// The run in the journal; absent in a simulation, and where nothing matched.
    pub run: Option<i64>,
    /// Every step in order.
    pub lines: Vec<Line>,
    /// Folders that could not be looked into.
    pub unreadable: Vec<(PathBuf, io::Error)>,
    /// Locations that are not there, with the title of the rule that looks for files in them.
    pub absent: Vec<(PathBuf, String)>,
    /// What a rule would have acted on and somebody is still at work on, with what says so.
    pub in_work: Vec<(PathBuf, Sentence)>,
    /// Subjects whose steps all ended well.
    pub done: u32,
    /// Those of `done` for which nothing had to be done.
    pub unchanged: u32,
    /// Subjects with a step that failed.
    pub failed: u32,
    /// Questions put for what went beyond a rule's limit; none in a simulation.
    pub questions: Vec<u64>,
    /// In a simulation of an edge: rules that wait for it and would not act on it.
    pub held_back: Vec<HeldBack>,
}

/// The lines of a chain from its `from`th step on.
pub(crate) fn lines(chain: &Chain, home: Option<&Path>, from: usize) -> Vec<Line> {
    let line = |action: &str, path: &Option<PathBuf>, text: Sentence| Line {
        rule: Arc::clone(&chain.rule),
        action: action.to_owned(),
        path: path.clone(),
        root: chain.root.clone(),
        text,
        note: None,
        error: None,
        irreversible: None,
        conflict: None,
    };
    let step = |step: &Step| {
        let text = step_text(step.action, step.from.as_deref(), step.to.as_deref(), step.note.as_ref(), home);
        let irreversible = step.irreversible();
        Line {
            note: step.note.clone(),
            irreversible,
            conflict: step.conflict,
            ..line(step.action, &step.from, text)
        }
    };
    let mut lines: Vec<Line> = chain.steps[from..].iter().map(step).collect();
    if let Some(failure) = &chain.failure {
        let text = step_text(failure.action, failure.path.as_deref(), None, None, home);
        let error = Some(failure.message.clone());
        lines.push(Line { error, ..line(failure.action, &failure.path, text) });
    }
    lines
}

/// Whether all that a chain comes to is that its subject is left as it is, and that is known before.
pub(super) fn leaves_it(chain: &Chain) -> bool {
    chain.failure.is_none() && chain.rest.is_none() && chain.steps.iter().all(|step| step.ops.is_empty())
}

/// The line of a rule that asks before it goes on.
pub(super) fn asks(rule: &Arc<Rule>, held: usize) -> Line {
    let limit = rule.limit.unwrap_or(0);
    let text = sentence!(
        "limit-asks",
        "limit: {rule} asks before it acts on {held} more than {limit}",
        rule = rule.title(),
        held = held,
        limit = limit,
    );
    Line { action: "limit".into(), text, error: None, ..location_failed(rule, Sentence::foreign("")) }
}

/// The line of a rule whose locations cannot be told.
pub(super) fn location_failed(rule: &Arc<Rule>, error: Sentence) -> Line {
    Line {
        rule: Arc::clone(rule),
        action: "locations".into(),
        path: None,
        root: None,
        text: sentence!("locations-of", "locations of {rule}", rule = rule.title()),
        note: None,
        error: Some(error),
        irreversible: None,
        conflict: None,
    }
}

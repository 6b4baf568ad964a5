//! What a click in the menu asks of the owner, and what the user is told of the outcome.

use fluent_bundle::FluentValue;
use usher_agent::api::{PauseFor, Refusal, Request, RunRequest, TriggerEvent, UndoReport, UndoTarget};

use crate::link::Owner;
use crate::notice;
use crate::tray::menu::Action;
use crate::words::Words;

/// At most this many lines of an outcome are shown.
const LINES: usize = 4;

/// An hour, as the menu means it.
const HOUR: PauseFor = PauseFor::Seconds { seconds: 60 * 60 };

/// Asks the owner for what was clicked, and waits for it.
pub(crate) fn ask(owner: &Owner, words: &Words, action: &Action) {
    let asked = match action {
        Action::Undo(run) => undo(owner, words, *run),
        Action::RunRule(rule) => {
            let request = RunRequest { rule: Some(rule.clone()), ..RunRequest::default() };
            owner.ask(&Request::Run(request)).map(drop)
        }
        Action::PauseHour => owner.ask(&Request::Pause(HOUR)).map(drop),
        Action::PauseTomorrow => owner.ask(&Request::Pause(PauseFor::Tomorrow)).map(drop),
        Action::PauseUntilResumed => owner.ask(&Request::Pause(PauseFor::UntilResumed)).map(drop),
        Action::Resume => owner.ask(&Request::Resume).map(drop),
        // These are the desk's own.
        Action::Open | Action::Login | Action::Quit => Ok(()),
    };
    if let Err(refusal) = asked {
        tell_refusal(&refusal);
    }
}

/// Tells the owner that a chord was pressed that rules wait for.
pub(crate) fn press(owner: &Owner, keys: String) {
    let details = [("keys".to_owned(), keys)].into();
    let event = TriggerEvent::Machine { name: "hotkey.pressed".to_owned(), details };
    if let Err(refusal) = owner.ask(&Request::Trigger { event, simulate: false }) {
        tell_refusal(&refusal);
    }
}

/// Takes a run back and says what came of it.
fn undo(owner: &Owner, words: &Words, run: i64) -> Result<(), Refusal> {
    let report: UndoReport = owner.call(&Request::Undo(UndoTarget::Run { run, rename: false }))?;
    if let Some(done) = &report.run {
        let lines = done.steps.iter().map(|step| step.text.clone());
        notice::show(&counted(words, "notice-undo-done", done.steps.len()), &first_lines(lines));
    }
    if !report.refused.is_empty() {
        let lines = report.refused.iter().map(|refused| format!("{}: {}", refused.step.text, refused.reason));
        notice::show(&counted(words, "notice-undo-refused", report.refused.len()), &first_lines(lines));
    }
    Ok(())
}

fn counted(words: &Words, id: &str, count: usize) -> String {
    words.say_with(id, &[("count", FluentValue::from(count))])
}

fn tell_refusal(refusal: &Refusal) {
    let text = match &refusal.hint {
        Some(hint) => format!("{}\n{hint}", refusal.message),
        None => refusal.message.clone(),
    };
    crate::stderr(format_args!("{text}"));
    notice::show("Usher", &text);
}

/// The first lines, and an ellipsis for the rest.
fn first_lines(lines: impl ExactSizeIterator<Item = String>) -> String {
    let more = lines.len() > LINES;
    let mut text: Vec<String> = lines.take(LINES).collect();
    text.extend(more.then(|| "…".to_owned()));
    text.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_outcomes_are_cut() {
        let lines = |count: usize| first_lines((0..count).map(|n| n.to_string()));
        assert_eq!(lines(2), "0\n1");
        assert_eq!(lines(9), "0\n1\n2\n3\n…");
    }
}

//! What a click in the menu asks of the owner, and what the user is told of the outcome.

use usher_agent::api::{PauseFor, Refusal, Request, RunRequest, TriggerEvent, UndoReport, UndoTarget};
use usher_agent::words::{Words, undo_told};

use crate::link::Owner;
use crate::notice;
use crate::tray::menu::Action;

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

/// Takes a run back and says what came of it: the window may be closed.
fn undo(owner: &Owner, words: &Words, run: i64) -> Result<(), Refusal> {
    let report: UndoReport = owner.call(&Request::Undo(UndoTarget::Run { run, rename: false }))?;
    for (title, text) in undo_told(words, &report) {
        notice::show(&title, &text);
    }
    Ok(())
}

fn tell_refusal(refusal: &Refusal) {
    let text = match &refusal.hint {
        Some(hint) => format!("{}\n{hint}", refusal.message),
        None => refusal.message.clone(),
    };
    crate::stderr(format_args!("{text}"));
    notice::show("Usher", &text);
}

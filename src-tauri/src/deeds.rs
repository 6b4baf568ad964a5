//! What a click in the menu asks of the owner, and what the user is told of the outcome.

use usher_agent::api::{PauseFor, Refusal, Request, RunRequest, TriggerEvent, UndoReport, UndoTarget};
use usher_agent::words::{Words, refusal_told, undo_told};

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
        tell_refusal(words, &refusal);
    }
}

/// Tells the owner that a chord was pressed that rules wait for.
pub(crate) fn press(owner: &Owner, keys: String) -> Result<(), Refusal> {
    let details = [("keys".to_owned(), keys)].into();
    let event = TriggerEvent::Machine { name: "hotkey.pressed".to_owned(), details };
    owner.ask(&Request::Trigger { event, simulate: false }).map(drop)
}

/// Takes a run back and says what came of it: the window may be closed.
fn undo(owner: &Owner, words: &Words, run: i64) -> Result<(), Refusal> {
    let report: UndoReport = owner.call(&Request::Undo(UndoTarget::Run { run, rename: false }))?;
    for (title, text) in undo_told(words, &report) {
        notice::show(&title, &text);
    }
    Ok(())
}

/// Tells the user that the owner does not do what was asked for.
pub(crate) fn tell_refusal(words: &Words, refusal: &Refusal) {
    // What stands in a terminal or a log is English, like everything there.
    crate::stderr(format_args!("{}", refusal_told(&Words::of("en"), refusal)));
    notice::show("Usher", &refusal_told(words, refusal));
}

//! A chord that the user wants, tried before it becomes a setting.
//!
//! Only the tray process can hold chords. The window asks it over stdout and hears the answer on stdin.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use usher_agent::api::{Refusal, Sentence};

use super::Word;

/// How long the tray process may take to try a chord.
const PATIENCE: Duration = Duration::from_secs(3);

/// What the tray process answered: nothing, or why the chord cannot be had.
type Answer = Option<String>;

/// The question of one chord at a time.
pub(super) struct Chord {
    answer: Sender<Answer>,
    answers: Mutex<Receiver<Answer>>,
}

impl Chord {
    pub(super) fn new() -> Self {
        let (answer, answers) = channel();
        Self { answer, answers: Mutex::new(answers) }
    }

    /// Has the tray process hold a chord.
    ///
    /// # Errors
    /// `hotkey_taken` with the reason.
    pub(super) fn ask_for(&self, chord: &str) -> Result<(), Refusal> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        while answers.try_recv().is_ok() {}
        Word::Chord(chord.to_owned()).say();
        match answers.recv_timeout(PATIENCE) {
            Ok(Some(reason)) => Err(Refusal::new("hotkey_taken", Sentence::foreign(reason))),
            // No answer means no tray process, and so nobody who could hold a chord: the setting is all there is.
            Ok(None) | Err(_) => Ok(()),
        }
    }

    /// Hears the answer.
    pub(super) fn answered(&self, refused: Answer) {
        let _ = self.answer.send(refused);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_answer_is_not_taken_for_the_new_one() {
        let chord = Chord::new();
        chord.answered(Some("too late".to_owned()));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(100));
                chord.answered(Some("held by another program".to_owned()));
            });
            let refused = chord.ask_for("Ctrl+Alt+Q").expect_err("refused");
            assert_eq!(
                (refused.code.as_str(), refused.message.text()),
                ("hotkey_taken", "held by another program")
            );
        });
    }
}

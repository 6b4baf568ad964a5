//! Playing an event to the rules.
//!
//! An owner that stays answers at once: what comes of it is heard as notices. One that lives for this command only
//! answers when the rules are done with it, since nobody would be there afterwards.

use std::path::Path;
use std::time::Duration;

use usher_event::{Change, Edge, Event, RescanReason, sentence};
use usher_watch::folders::Folders;

use super::requests::value;
use super::{Owner, Reply};
use crate::api::{Played, Refusal, TriggerEvent};
use crate::{played, present};

/// How long an owner for one command waits for a file to be finished.
const PATIENCE: Duration = Duration::from_secs(30);

/// The time between two looks at whether it is done meanwhile.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A trigger whose answer waits for the rules.
pub(super) struct Pending {
    until: Duration,
    played: Played,
    reply: Reply,
}

impl Owner {
    /// Plays an event, or says what it would come to.
    pub(super) fn trigger(&mut self, event: &TriggerEvent, simulate: bool, reply: Reply) {
        if simulate {
            return match self.edge_of(event) {
                Ok(edge) => self.simulate_edge(edge, reply),
                Err(refusal) => reply(Err(refusal)),
            };
        }
        if !self.resident && self.engine.paused() {
            return reply(Err(Refusal::new("refused", sentence!("trigger-usher-paused", "Usher is paused"))
                .hint(sentence!("trigger-resume-first", "resume it first"))));
        }
        let played = match self.play(event) {
            Ok(played) => played,
            Err(refusal) => return reply(Err(refusal)),
        };
        if self.resident {
            return reply(value(&played));
        }
        self.triggers.push(Pending { until: self.clock.ticks() + PATIENCE, played, reply });
    }

    /// The edge to be simulated.
    pub(super) fn edge_of(&self, event: &TriggerEvent) -> Result<Edge, Refusal> {
        match event {
            TriggerEvent::Machine { name, details } => played::edge(name, details, self.clock.timestamp()),
            TriggerEvent::File { .. } | TriggerEvent::Rescan { .. } => Err(Refusal::new(
                "refused",
                sentence!(
                    "trigger-what-comes-files-cannot-be-simulated",
                    "what comes of files cannot be simulated from an event"
                ),
            )
            .hint(sentence!(
                "trigger-usher-sim-says-what-rules-would",
                "`usher sim` says what rules would do with the files that are there"
            ))),
        }
    }

    fn play(&mut self, event: &TriggerEvent) -> Result<Played, Refusal> {
        let event = match event {
            TriggerEvent::Machine { name, details } => {
                let edge = played::edge(name, details, self.clock.timestamp())?;
                if self.engine.paused() {
                    return Err(Refusal::new(
                        "refused",
                        sentence!("trigger-usher-paused", "Usher is paused"),
                    )
                    .hint(sentence!("trigger-resume-first", "resume it first")));
                }
                return Ok(present::played(&self.engine.wake(&edge)));
            }
            TriggerEvent::File { path } => {
                let path = super::requests::absolute(path)?;
                if std::fs::symlink_metadata(&path).is_err() {
                    return Err(nothing_there(&path));
                }
                Event::Path { path, change: Change::MovedIn }
            }
            TriggerEvent::Rescan { path } => {
                // Whoever asks may just have made readable what was not.
                self.folders.iter().for_each(Folders::try_again);
                Event::Rescan { root: super::requests::absolute(path)?, reason: RescanReason::Asked }
            }
        };
        self.engine.event(&event);
        self.noted.push(event);
        // Which rules a file concerns is seen when it is finished.
        Ok(Played::default())
    }

    /// Answers the triggers that wait, once nothing goes on any more.
    pub(super) fn answer_triggers(&mut self) {
        if self.triggers.is_empty() {
            return;
        }
        let (now, busy) = (self.clock.ticks(), self.engine.busy());
        for pending in std::mem::take(&mut self.triggers) {
            if !busy {
                (pending.reply)(value(&pending.played));
            } else if pending.until <= now {
                (pending.reply)(Err(Refusal::new(
                    "failed",
                    sentence!(
                        "trigger-file-not-finished-something-still-writing",
                        "the file is not finished: something is still writing to it"
                    ),
                )
                .hint(sentence!("trigger-ask-usher-why-what-waits", "ask `usher why` what it waits for"))));
            } else {
                self.triggers.push(pending);
            }
        }
    }

    /// How long until the waiting triggers have to be looked at.
    pub(super) fn triggers_due(&self, now: Duration) -> Option<Duration> {
        self.triggers.iter().map(|pending| pending.until.saturating_sub(now).min(LOOK_AGAIN)).min()
    }
}

fn nothing_there(path: &Path) -> Refusal {
    Refusal::new("not_found", sentence!("trigger-nothing-at", "nothing is at {path}", path = path))
        .hint(sentence!("trigger-see-whether-name-spelled-right", "see whether the name is spelled right"))
}

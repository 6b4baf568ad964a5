//! Trying again what failed: after a second at first, then ever more seldom, for as long as it takes. What works has no
//! timer.

use std::time::{Duration, Instant};

use usher_event::Sentence;

use crate::tell::Teller;

/// The time until something is tried again that has failed for the first time.
const FIRST: Duration = Duration::from_secs(1);

/// The longest time until something is tried again. What has worked for so long begins anew with [`FIRST`].
const MOST: Duration = Duration::from_secs(60);

/// The pauses between attempts.
pub(crate) struct Pauses {
    next: Duration,
    began: Instant,
}

impl Pauses {
    /// Those after an attempt that begins now.
    pub(crate) fn new() -> Self {
        Self { next: FIRST, began: Instant::now() }
    }

    /// An attempt begins now.
    pub(crate) fn begin(&mut self) {
        self.began = Instant::now();
    }

    /// The attempt has failed, and this is how long to wait.
    pub(crate) fn failed(&mut self) -> Duration {
        self.after(self.began.elapsed())
    }

    fn after(&mut self, worked: Duration) -> Duration {
        if worked >= MOST {
            self.next = FIRST;
        }
        let pause = self.next;
        self.next = (pause * 2).min(MOST);
        pause
    }
}

/// Watches, and after a pause once more, until that ends by itself or `pause` says that it is over. Why it cannot be
/// watched meanwhile is the noun's health.
pub(crate) fn keep_watching(
    teller: &Teller,
    mut watch: impl FnMut() -> Result<(), Sentence>,
    mut pause: impl FnMut(Duration) -> bool,
) {
    let mut pauses = Pauses::new();
    loop {
        pauses.begin();
        let Err(why) = watch() else { return };
        teller.blind(why);
        if !pause(pauses.failed()) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::channel;

    use usher_event::{Event, Noun};

    use super::*;

    #[test]
    fn pauses_grow_while_it_fails_and_begin_anew_once_it_has_worked() {
        let mut pauses = Pauses::new();
        let failed: Vec<u64> = (0..8).map(|_| pauses.after(Duration::ZERO).as_secs()).collect();
        assert_eq!(failed, [1, 2, 4, 8, 16, 32, 60, 60]);
        // One that ends as soon as it begins does not count as working.
        assert_eq!(pauses.after(Duration::from_secs(59)), MOST);
        assert_eq!(pauses.after(MOST), FIRST);
        assert_eq!(pauses.after(Duration::ZERO), FIRST * 2);
    }

    #[test]
    fn what_cannot_be_watched_is_said_and_tried_until_it_is_over() {
        let (send, told) = channel();
        let teller = Teller::new(Noun::Volume, Arc::new(move |event| drop(send.send(event))));
        let (mut answers, mut pauses) = (vec![Err("a"), Err("b"), Ok(())].into_iter(), Vec::new());
        keep_watching(
            &teller,
            || answers.next().unwrap().map_err(Sentence::foreign),
            |pause| {
                pauses.push(pause.as_secs());
                true
            },
        );
        assert_eq!(pauses, [1, 2]);
        let mut attempts = 0;
        let fails = || {
            attempts += 1;
            Err(Sentence::foreign("c"))
        };
        keep_watching(&teller, fails, |_| false);
        assert_eq!(attempts, 1);
        drop(teller);
        let reasons: Vec<_> = told
            .iter()
            .filter_map(|event| match event {
                Event::Noun { health, .. } => health.reason,
                _ => None,
            })
            .collect();
        assert_eq!(reasons, ["a", "b", "c"]);
    }
}

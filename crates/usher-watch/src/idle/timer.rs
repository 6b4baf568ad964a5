//! Asking a platform that does not tell by itself, no more often than it takes.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use usher_event::{Noun, NounHealth, sentence};

use super::{passed, reading, times};
use crate::mailed::{Letter, Mailed};
use crate::source::{Source, Wants};
use crate::tell::Teller;

/// The time between two looks while nobody is there: how late their return is noticed.
const RETURN: Duration = Duration::from_secs(5);

/// The time until a platform is asked again that did not answer.
const AGAIN: Duration = Duration::from_secs(60);

/// How idleness is seen.
fn polling() -> NounHealth {
    NounHealth::polling(sentence!(
        "idle-asked",
        "this system does not tell when somebody is back; while nobody is there, Usher looks every 5 seconds"
    ))
}

/// Starts a source that asks `idle` for how long nobody was there; none says that it cannot be known.
pub(super) fn start(
    wants: &Wants,
    teller: Teller,
    idle: impl Fn() -> Option<Duration> + Send + 'static,
) -> std::io::Result<Box<dyn Source>> {
    let times = times(wants);
    let source = Mailed::start(Noun::Idle, move |mail, _| ask(times, &teller, &mail, idle))?;
    Ok(Box::new(source))
}

/// Asks until it is told to stop.
fn ask(times: Vec<u64>, teller: &Teller, mail: &Receiver<Letter>, idle: impl Fn() -> Option<Duration>) {
    loop {
        let wait = match idle() {
            Some(idle) => {
                teller.sees(polling(), reading(passed(&times, idle.as_secs())));
                next_look(&times, idle)
            }
            None => {
                teller.blind(sentence!(
                    "idle-no-input",
                    "this session has no keyboard and pointer of its own that could be idle"
                ));
                Some(AGAIN)
            }
        };
        let letter = match wait {
            Some(wait) => mail.recv_timeout(wait),
            None => mail.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match letter {
            Ok(Letter::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// The time until something may be other than now, after nobody was there for `idle`. None where nothing is waited for.
pub(super) fn next_look(times: &[u64], idle: Duration) -> Option<Duration> {
    let first = Duration::from_secs(*times.first()?);
    if idle < first {
        return Some(first - idle);
    }
    let next = times.iter().map(|time| Duration::from_secs(*time)).find(|time| *time > idle);
    Some(next.map_or(RETURN, |next| (next - idle).min(RETURN)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::mpsc::channel;

    use usher_event::{Event, Noun};

    use super::*;
    use crate::source::Sink;

    #[test]
    fn it_looks_when_a_time_may_have_passed() {
        let (send, heard) = channel();
        let sink: Sink = Arc::new(move |event| send.send(event).unwrap());
        let idle = Arc::new(AtomicU64::new(990));
        // A clock that stands at just before, and then at just after.
        let looks = Arc::clone(&idle);
        let wants = Wants { idle: vec![Duration::from_secs(1)] };
        let _source = start(&wants, Teller::new(Noun::Idle, sink), move || {
            Some(Duration::from_millis(looks.fetch_add(20, Ordering::SeqCst)))
        })
        .unwrap();
        let state = |seconds| Event::State { reading: reading(seconds) };
        assert_eq!(heard.recv().unwrap(), Event::Noun { noun: Noun::Idle, health: polling() });
        assert_eq!(heard.recv().unwrap(), state(0));
        assert_eq!(heard.recv().unwrap(), state(1));
    }

    #[test]
    fn a_busy_user_is_looked_at_seldom_and_an_absent_one_often() {
        let at = |seconds| next_look(&[60, 62], Duration::from_secs(seconds));
        assert_eq!(next_look(&[], Duration::ZERO), None);
        assert_eq!(at(0), Some(Duration::from_secs(60)));
        assert_eq!(at(59), Some(Duration::from_secs(1)));
        assert_eq!(at(60), Some(Duration::from_secs(2)));
        assert_eq!(at(62), Some(RETURN));
        assert_eq!(at(600_000), Some(RETURN));
    }
}

//! A burst of files that came at once, and was handled in several runs.

use jiff::{SignedDuration, Timestamp};
use usher_agent::Link;
use usher_agent::api::{LogPage, LogQuery, Request, Run, RunKind};

use crate::failure::Failure;
use crate::owner;

/// The longest pause between two runs of one burst.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);

/// How many runs are fetched at a time.
const PAGE: u32 = 100;

/// The runs of a burst that were just before one of them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Earlier {
    /// How many.
    pub(crate) runs: u32,
    /// When the first of them began, as the journal has it.
    pub(crate) since: String,
}

/// What was handled just before a run, in one go with it, and can be taken back as well.
///
/// # Errors
/// When the owner cannot be asked.
pub(crate) fn before(run: i64, link: &Link) -> Result<Option<Earlier>, Failure> {
    let one = LogQuery { run: Some(run), steps: Some(0), ..LogQuery::default() };
    let page: LogPage = owner::ask(link, &Request::Log(one))?;
    let Some(newest) = page.runs.into_iter().next() else { return Ok(None) };
    earlier_than(newest, |before| {
        let before = Some(before);
        let query = LogQuery { before, limit: Some(PAGE), steps: Some(0), ..LogQuery::default() };
        owner::ask(link, &Request::Log(query))
    })
}

/// The same with whoever answers the runs that are older than one.
fn earlier_than(
    newest: Run,
    mut older: impl FnMut(i64) -> Result<LogPage, Failure>,
) -> Result<Option<Earlier>, Failure> {
    let mut next = Some(newest.id);
    let mut burst = Burst::new(newest);
    while let Some(before) = next {
        let page = older(before)?;
        next = page.runs.last().map(|run| run.id).filter(|_| page.more);
        if !page.runs.into_iter().all(|run| burst.take(run)) {
            break;
        }
    }
    Ok(burst.earlier())
}

/// Runs of one burst, from the newest to the oldest that is known.
struct Burst {
    oldest: Run,
    earlier: u32,
}

impl Burst {
    fn new(newest: Run) -> Self {
        Self { oldest: newest, earlier: 0 }
    }

    /// Takes in the next older run; `false` where the burst had not begun with it.
    fn take(&mut self, run: Run) -> bool {
        match run.kind {
            // Taking back is nothing that came.
            RunKind::Undo | RunKind::Redo => return true,
            RunKind::Event | RunKind::Sweep => {}
        }
        let same_rule = run.rules.iter().any(|rule| self.oldest.rules.contains(rule));
        let joined = came_by_itself(&run) && came_by_itself(&self.oldest) && same_rule && run.undoable;
        if !joined || !follows(&self.oldest, &run) {
            return false;
        }
        self.oldest = run;
        self.earlier += 1;
        true
    }

    fn earlier(self) -> Option<Earlier> {
        let Self { oldest, earlier: runs } = self;
        (runs > 0).then_some(Earlier { runs, since: oldest.started })
    }
}

/// Whether nobody has asked for it.
fn came_by_itself(run: &Run) -> bool {
    run.kind == RunKind::Event || run.cause.id() == Some("cause-looked")
}

/// Whether a run began when an older one had only just ended.
fn follows(run: &Run, older: &Run) -> bool {
    let moment = |text: &str| text.parse::<Timestamp>().ok();
    let times = older.ended.as_deref().and_then(moment).zip(moment(&run.started));
    times.is_some_and(|(ended, began)| began.duration_since(ended) <= PAUSE)
}

#[cfg(test)]
mod tests {
    use usher_agent::api::Sentence;

    use super::*;

    fn run(id: i64, second: u32) -> Run {
        Run {
            id,
            kind: RunKind::Event,
            cause: Sentence::foreign("/in/a"),
            started: format!("2026-03-10T15:30:{second:02}Z"),
            ended: Some(format!("2026-03-10T15:30:{:02}Z", second + 1)),
            of: None,
            rules: vec!["File all".into()],
            step_count: 256,
            failed: 0,
            undoable: true,
            steps: Vec::new(),
        }
    }

    /// What is found where a page of the log has a single run.
    fn earlier(older: impl IntoIterator<Item = Run>) -> Option<(u32, String)> {
        let older: Vec<Run> = older.into_iter().collect();
        let page = |before| {
            let left: Vec<Run> = older.iter().filter(|run| run.id < before).cloned().collect();
            Ok(LogPage { more: left.len() > 1, runs: left.into_iter().take(1).collect() })
        };
        let found = earlier_than(run(9, 50), page).unwrap();
        found.map(|earlier| (earlier.runs, earlier.since))
    }

    #[test]
    fn a_burst_goes_back_to_its_first_run_and_over_what_was_taken_back_since() {
        let undo = Run { kind: RunKind::Undo, undoable: false, ..run(8, 49) };
        assert_eq!(
            earlier([undo, run(7, 46), run(6, 40), run(5, 10)]),
            Some((2, "2026-03-10T15:30:40Z".into())),
            "the last one was half a minute before"
        );
        assert_eq!(earlier([]), None);
    }

    #[test]
    fn what_was_asked_for_or_is_taken_back_or_of_another_rule_is_not_of_the_burst() {
        let others = [
            Run { kind: RunKind::Sweep, ..run(8, 48) },
            Run { undoable: false, ..run(8, 48) },
            Run { rules: vec!["Another".into()], ..run(8, 48) },
            Run { ended: None, ..run(8, 48) },
        ];
        for other in others {
            assert_eq!(earlier([other, run(7, 47)]), None);
        }
    }
}

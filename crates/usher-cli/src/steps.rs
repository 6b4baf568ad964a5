//! Runs and steps as lines.

use std::io::{self, Write};

use usher_agent::api::{Run, RunKind, Step, StepState};

use crate::moment;
use crate::screen::{BAD, FAINT, TITLE, count, paint};
use usher_agent::safe::safe;

/// Prints a run's head and its steps, with the numbers that `usher undo` takes.
pub(crate) fn write_run(out: &mut impl Write, run: &Run) -> io::Result<()> {
    write_head(out, run)?;
    run.steps.iter().try_for_each(|step| write_step(out, step))?;
    write_left(out, run, run.steps.len() as u64)
}

/// Prints which run it is.
pub(crate) fn write_head(out: &mut impl Write, run: &Run) -> io::Result<()> {
    let cause = match (run.kind, run.of) {
        (RunKind::Undo, Some(of)) => format!("undo of run {of}"),
        (RunKind::Redo, Some(of)) => format!("redo of run {of}"),
        _ => run.cause.clone().into(),
    };
    let head = format!("run {}", run.id);
    writeln!(out, "{}  {}  {}", paint(TITLE, &head), moment::local(&run.started), safe(&cause))
}

/// Prints a step below its run.
pub(crate) fn write_step(out: &mut impl Write, step: &Step) -> io::Result<()> {
    writeln!(out, "  {FAINT}{:>6}{FAINT:#}  {}", step.id, line(step))
}

/// Says how many steps of a run were not shown.
pub(crate) fn write_left(out: &mut impl Write, run: &Run, shown: u64) -> io::Result<()> {
    let more = u64::from(run.step_count).saturating_sub(shown);
    if more > 0 {
        writeln!(out, "          and {}: usher log {}", count(more, "more step"), run.id)?;
    }
    Ok(())
}

/// A step's text, and its state where that is not simply `done`.
pub(crate) fn line(step: &Step) -> String {
    let text = safe(&step.text);
    match (step.state, &step.error, &step.not_undoable) {
        (StepState::Failed, error, _) => {
            format!("{text}  {BAD}failed:{BAD:#} {}", safe(error.as_deref().unwrap_or("no reason is known")))
        }
        (StepState::Intended, _, _) => format!("{text}  {FAINT}not finished{FAINT:#}"),
        (StepState::Undone, _, _) => format!("{text}  {FAINT}undone{FAINT:#}"),
        (StepState::Done | StepState::Irreversible, Some(error), _) => {
            format!("{text}  {BAD}not all went well:{BAD:#} {}", safe(error))
        }
        (StepState::Irreversible, None, Some(why)) => {
            format!("{text}  {FAINT}cannot be undone: {}{FAINT:#}", safe(why))
        }
        (StepState::Irreversible, None, None) => format!("{text}  {FAINT}cannot be undone{FAINT:#}"),
        (StepState::Done, None, _) => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(state: StepState, error: Option<&str>) -> Step {
        Step {
            id: 7,
            run: 2,
            step: 0,
            rule: "Scans".into(),
            rule_id: "a/Scans".into(),
            action: "move".into(),
            from: Some("/in/a\u{202e}b".into()),
            to: Some("/out/a".into()),
            state,
            at: "2026-03-10T15:30:00Z".into(),
            text: usher_agent::api::Sentence::foreign("move /in/a\u{202e}b -> /out/a"),
            error: error.map(usher_agent::api::Sentence::foreign),
            not_undoable: None,
        }
    }

    fn printed(run: &Run) -> String {
        let mut out = Vec::new();
        write_run(&mut out, run).unwrap();
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    #[test]
    fn a_run_shows_its_steps_and_how_they_ended() {
        let run = Run {
            id: 2,
            kind: RunKind::Sweep,
            cause: usher_agent::api::Sentence::foreign("run from the command line"),
            started: "not a moment".into(),
            ended: None,
            of: None,
            rules: vec!["Scans".into()],
            step_count: 5,
            failed: 1,
            undoable: true,
            steps: vec![
                step(StepState::Done, None),
                step(StepState::Failed, Some("no space is left")),
                step(StepState::Undone, None),
                Step {
                    not_undoable: Some(usher_agent::api::Sentence::foreign("deleted for good")),
                    ..step(StepState::Irreversible, None)
                },
            ],
        };
        insta::assert_snapshot!(printed(&run), @"
        run 2  not a moment  run from the command line
               7  move /in/a‹U+202E›b -> /out/a
               7  move /in/a‹U+202E›b -> /out/a  failed: no space is left
               7  move /in/a‹U+202E›b -> /out/a  undone
               7  move /in/a‹U+202E›b -> /out/a  cannot be undone: deleted for good
                  and 1 more step: usher log 2
        ");
        let undo = Run { kind: RunKind::Undo, of: Some(1), steps: Vec::new(), step_count: 0, ..run };
        insta::assert_snapshot!(printed(&undo), @"run 2  not a moment  undo of run 1");
    }
}

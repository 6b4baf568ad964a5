//! From the engine's and the rules' types to the API's: times with the user's offset, paths as text for people.
//!
//! Everything here is pure. Paths that are not text become text with replacement characters, so what is shown may not
//! name the file exactly; the journal does.

pub(crate) mod machine;
mod rules;

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use usher_engine::{
    Line, PathAccount, RuleView, RunRecord, RunTally, StepRecord, SweepReport, Verdict, step_text,
};
use usher_event::{Change, Edge, Event, Mode, RescanReason, Sentence, sentence};
use usher_rule::{FilterAccount, Outcome};

use crate::api::{
    Beyond, EventInfo, FilterWhy, FolderMode, HeldBack, HeldBy, Notice, PassedOver, Played, Preview,
    Question, Refusal, RefusedStep, Resolution, RuleWhy, Run, RunKind, RunLine, RunSummary, Step, StepState,
    UndoLine, UndoPreview, Why, WhyVerdict, Words,
};

pub(crate) use rules::{file_problem, problem, rule_file, rule_info};

/// How many steps of a run are in lists and notices.
pub(crate) const LISTED: u32 = 100;

/// A moment as RFC 3339 with the offset it has where the user is, to the millisecond.
pub(crate) fn moment(at: Timestamp) -> String {
    let offset = TimeZone::system().to_offset(at);
    format!("{:.3}", at.display_with_offset(offset))
}

/// The moment a client wrote.
pub(crate) fn read_moment(text: &str) -> Result<Timestamp, Refusal> {
    text.parse().map_err(|error: jiff::Error| {
        Refusal::new(
            "bad_params",
            sentence!(
                "ask-not-moment",
                "`{text}` is not a moment: {error}",
                text = text,
                error = error.to_string()
            ),
        )
        .hint(sentence!("ask-write-as-2026-03-28t14-30", "write it as 2026-03-28T14:30:00+01:00"))
    })
}

/// A path as text.
pub(crate) fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A run with those of its steps that are to be shown.
pub(crate) fn run(record: &RunRecord, tally: RunTally, steps: &[StepRecord], home: &Path) -> Run {
    Run {
        id: record.id,
        kind: run_kind(record.kind),
        cause: record.cause.clone(),
        started: moment(record.started),
        ended: record.ended.map(moment),
        of: record.of,
        rules: tally.rules,
        step_count: tally.steps,
        failed: tally.failed,
        undoable: tally.undoable,
        steps: steps.iter().map(|record| step(record, home)).collect(),
    }
}

fn run_kind(kind: usher_engine::RunKind) -> RunKind {
    match kind {
        usher_engine::RunKind::Event => RunKind::Event,
        usher_engine::RunKind::Sweep => RunKind::Sweep,
        usher_engine::RunKind::Undo => RunKind::Undo,
        usher_engine::RunKind::Redo => RunKind::Redo,
    }
}

/// A step.
pub(crate) fn step(record: &StepRecord, home: &Path) -> Step {
    let (from, to) = (record.from.as_deref(), record.to.as_deref());
    Step {
        id: record.id,
        run: record.run,
        step: record.nr,
        rule: record.rule.clone(),
        rule_id: record.rule_id.clone(),
        action: record.action.clone(),
        from: from.map(shown),
        to: to.map(shown),
        state: match record.state {
            usher_engine::StepState::Intended => StepState::Intended,
            usher_engine::StepState::Done => StepState::Done,
            usher_engine::StepState::Failed => StepState::Failed,
            usher_engine::StepState::Undone => StepState::Undone,
            usher_engine::StepState::Irreversible => StepState::Irreversible,
        },
        at: moment(record.at),
        text: step_text(&record.action, from, to, record.note.as_ref(), Some(home)),
        error: record.error.clone(),
        not_undoable: record.not_undoable().map(usher_engine::NotUndoable::sentence),
    }
}

/// What an undo would do, with at most so many of its steps and of those it would leave.
pub(crate) fn undo_preview(preview: usher_engine::UndoPreview, home: &Path, most: usize) -> UndoPreview {
    let usher_engine::UndoPreview { kind, of, lines, refused } = preview;
    let refused_step = |(record, reason): &(StepRecord, Sentence)| RefusedStep {
        step: step(record, home),
        reason: reason.clone(),
    };
    UndoPreview {
        kind: run_kind(kind),
        of,
        count: count(lines.len()),
        lines: lines.iter().take(most).map(|line| undo_line(line, home)).collect(),
        refused_count: count(refused.len()),
        refused: refused.iter().take(most).map(refused_step).collect(),
    }
}

fn undo_line(line: &usher_engine::UndoLine, home: &Path) -> UndoLine {
    let (from, to) = (line.from.as_deref(), line.to.as_deref());
    UndoLine {
        step: step(&line.step, home),
        from: from.map(shown),
        to: to.map(shown),
        text: step_text(line.action, from, to, Some(&Sentence::foreign(&*line.step.action)), Some(home)),
        runs: line.runs.clone(),
    }
}

/// The limit that a question is about.
pub(crate) fn beyond(beyond: usher_engine::Beyond) -> Beyond {
    Beyond { limit: beyond.limit, held: u64::try_from(beyond.held).unwrap_or(u64::MAX) }
}

/// A question.
pub(crate) fn question(question: usher_engine::Question) -> Question {
    let path = question.path.as_deref().map(shown);
    let words = question.words.map(|words| Words {
        rule: words.rule.title().to_owned(),
        rule_name: words.rule.name.clone(),
        rule_nr: count(words.rule.nr),
        path,
        root: words.root.as_deref().map(shown),
        text: words.text,
        default: words.default,
    });
    Question { id: question.id, text: question.text, words }
}

/// What a run over everything came to.
pub(crate) fn run_summary(report: SweepReport, questions: Vec<Question>) -> RunSummary {
    let left_out = left_out(&report);
    RunSummary {
        run: report.run,
        lines: report.lines.into_iter().map(run_line).collect(),
        left_out,
        done: report.done,
        unchanged: report.unchanged,
        failed: report.failed,
        questions,
        held_back: report.held_back.iter().map(held_back).collect(),
        cut_short: false,
        stopped: false,
    }
}

/// What a run has not looked into or not touched, each with the reason.
fn left_out(report: &SweepReport) -> Vec<Sentence> {
    let unreadable = report.unreadable.iter().map(|(path, error)| unreadable(path, error));
    let in_work = report.in_work.iter().map(|(path, reason)| {
        sentence!("run-left-alone", "{path} is left alone: {reason}", path = path, reason = reason)
    });
    let absent = report.absent.iter().map(|(folder, rule)| {
        sentence!(
            "run-absent",
            "{folder} is not there, and {rule} looks for files in it: make it, plug its drive in, or change the rule",
            folder = folder,
            rule = rule,
        )
    });
    absent.chain(unreadable).chain(in_work).collect()
}

/// A folder that was passed over.
fn unreadable(path: &Path, error: &std::io::Error) -> Sentence {
    let advice = match error.kind() {
        std::io::ErrorKind::PermissionDenied => sentence!(
            "run-unreadable-rights",
            "give yourself the right to read it, or leave it out with `exclude_dirs`"
        ),
        std::io::ErrorKind::NotFound => {
            sentence!("run-unreadable-gone", "see whether it was moved, or its drive pulled out")
        }
        _ => sentence!("text-disk", "see whether its disk is in order"),
    };
    sentence!(
        "run-unreadable",
        "cannot look into {path}: {error}: {advice}",
        path = path,
        error = error,
        advice = advice,
    )
}

/// A rule that does not act on what it waits for, with the reason.
fn held_back((rule, why): &usher_engine::HeldBack) -> HeldBack {
    let (reason, guard, seconds) = match why {
        usher_engine::HeldBy::Guard(words) => (HeldBy::Guard, Some(words), None),
        usher_engine::HeldBy::Unknown(words) => (HeldBy::Unknown, Some(words), None),
        usher_engine::HeldBy::Cooldown(left) => {
            (HeldBy::Cooldown, None, u32::try_from(left.as_secs().max(1)).ok())
        }
    };
    HeldBack {
        rule: rule.title().to_owned(),
        rule_name: rule.name.clone(),
        rule_nr: u32::try_from(rule.nr).unwrap_or(u32::MAX),
        reason,
        guard: guard.cloned(),
        seconds,
        text: does_not_act(rule.title(), why),
    }
}

fn does_not_act(rule: &str, why: &usher_engine::HeldBy) -> Sentence {
    sentence!("held-back", "{rule} does not act: {why}", rule = rule, why = why.sentence())
}

/// What an event that was played has come to.
pub(crate) fn played(stirred: &usher_engine::Stirred) -> Played {
    Played {
        woken: stirred.woken.iter().map(|rule| rule.title().to_owned()).collect(),
        held_back: stirred.held_back.iter().map(held_back).collect(),
    }
}

/// A rule that does not act on what has just happened, for whoever listens to events.
pub(crate) fn held_back_notice(rule: &str, why: &usher_engine::HeldBy, at: Timestamp) -> Notice {
    let detail = Some(does_not_act(rule, why));
    let event = EventInfo {
        source: "rule".to_owned(),
        kind: "held_back".to_owned(),
        path: None,
        detail,
        facts: None,
    };
    Notice::Event { at: moment(at), event }
}

/// What a draft would do.
pub(crate) fn preview(preview: usher_engine::Preview) -> Preview {
    let complete = preview.complete;
    let passed_over = preview.passed_over.into_iter().map(|passed| PassedOver {
        rule: passed.rule.title().to_owned(),
        path: shown(&passed.path),
        reason: passed.reason,
        filters: passed.account.filters.into_iter().map(filter_why).collect(),
    });
    let passed_over = passed_over.collect();
    let RunSummary { lines, left_out, done, failed, .. } = run_summary(preview.report, Vec::new());
    Preview { lines, passed_over, left_out, done, failed, complete, has_code: false, needs_event: None }
}

fn resolution(resolution: usher_rule::Resolution) -> Resolution {
    match resolution {
        usher_rule::Resolution::NewName => Resolution::NewName,
        usher_rule::Resolution::MovesAside => Resolution::MovesAside,
        usher_rule::Resolution::Replaces => Resolution::Replaces,
        usher_rule::Resolution::Trashes => Resolution::Trashes,
        usher_rule::Resolution::Stays => Resolution::Stays,
        usher_rule::Resolution::Same => Resolution::Same,
    }
}

fn run_line(line: Line) -> RunLine {
    RunLine {
        rule: line.rule.title().to_owned(),
        rule_name: line.rule.name.clone(),
        rule_nr: count(line.rule.nr),
        action: line.action,
        path: line.path.as_deref().map(shown),
        root: line.root.as_deref().map(shown),
        text: line.text,
        note: line.note,
        error: line.error,
        irreversible: line.irreversible,
        conflict: line.conflict.map(resolution),
    }
}

/// An account of a path.
pub(crate) fn why(path: &Path, account: PathAccount, steps: &[StepRecord], home: &Path) -> Why {
    Why {
        path: shown(path),
        exists: account.exists,
        waiting: account.waiting,
        rules: account.rules.into_iter().map(rule_why).collect(),
        steps: steps.iter().map(|record| step(record, home)).collect(),
    }
}

fn rule_why(view: RuleView) -> RuleWhy {
    RuleWhy {
        rule: view.rule.id.clone(),
        title: view.rule.title().to_owned(),
        file: shown(&view.rule.file),
        line: count(view.rule.span.line),
        verdict: match view.verdict {
            Verdict::Matches => WhyVerdict::Matches,
            Verdict::FilteredOut => WhyVerdict::FilteredOut,
            Verdict::NotCovered => WhyVerdict::NotCovered,
            Verdict::Disabled => WhyVerdict::Disabled,
            Verdict::AlreadyHandled => WhyVerdict::AlreadyHandled,
            Verdict::Stopped => WhyVerdict::Stopped,
        },
        summary: view.summary,
        filters: view
            .account
            .map_or_else(Vec::new, |account| account.filters.into_iter().map(filter_why).collect()),
        would: view.would,
        last_acted: view.handled.map(moment),
        again: view.again,
    }
}

fn filter_why(account: FilterAccount) -> FilterWhy {
    let outcome = match account.outcome {
        Outcome::Match => "match",
        Outcome::NoMatch => "no_match",
        Outcome::Error => "error",
        Outcome::NotReached => "not_reached",
    };
    FilterWhy {
        filter: account.filter,
        wanted: account.wanted,
        seen: account.seen,
        outcome: outcome.to_owned(),
        error: account.error,
        members: account.members.into_iter().map(filter_why).collect(),
    }
}

/// How well a folder can be seen.
pub(crate) fn folder_mode(mode: Mode) -> FolderMode {
    match mode {
        Mode::Watching => FolderMode::Watching,
        Mode::Polling => FolderMode::Polling,
        Mode::Missing => FolderMode::Missing,
        Mode::Unreadable => FolderMode::Unreadable,
    }
}

/// The notice of an event.
pub(crate) fn event_notice(event: &Event, at: Timestamp) -> Notice {
    Notice::Event { at: moment(at), event: event_info(event) }
}

fn event_info(event: &Event) -> EventInfo {
    let (source, kind, path, detail) = match event {
        Event::Path { path, change } => {
            let kind = match change {
                Change::Created => "created",
                Change::Written => "written",
                Change::Closed => "closed",
                Change::MovedIn => "moved_in",
                Change::Gone => "gone",
            };
            ("files", kind, Some(path), None)
        }
        Event::Rescan { root, reason } => {
            let detail = match reason {
                RescanReason::Started => sentence!("event-began", "watching has begun"),
                RescanReason::Overflow => sentence!("event-dropped", "the system has dropped events"),
                RescanReason::Returned => sentence!("event-returned", "the folder is there again"),
                RescanReason::ModeChanged => sentence!("event-mode", "the folder is watched in another way"),
                RescanReason::Asked => sentence!("event-asked", "somebody asked"),
                RescanReason::RulesChanged => sentence!("event-rules", "the rules have changed"),
            };
            ("folder", "rescan", Some(root), Some(detail))
        }
        Event::Folder { root, health } => {
            let kind = match health.mode {
                Mode::Watching => "watching",
                Mode::Polling => "polling",
                Mode::Missing => "missing",
                Mode::Unreadable => "unreadable",
            };
            ("folder", kind, Some(root), health.reason.clone())
        }
        Event::State { reading } => {
            (reading.noun().name(), "state", None, Some(Sentence::foreign(machine::words(reading))))
        }
        Event::Moment { moment } => ("session", moment.name(), None, None),
        Event::ClockSet => ("clock", "set", None, None),
        Event::Noun { noun, health } => {
            (noun.name(), machine::mode(health.mode), None, health.reason.clone())
        }
    };
    let path = path.map(|path| shown(path));
    EventInfo { source: source.to_owned(), kind: kind.to_owned(), path, detail, facts: None }
}

/// The notice of something that happened to the machine.
pub(crate) fn edge_notice(edge: &Edge, at: Timestamp) -> Notice {
    let (source, kind) = edge.name().split_once('.').unwrap_or(("usher", edge.name()));
    let text = usher_engine::edge_text(edge);
    let detail =
        text.strip_prefix(edge.name()).map(str::trim).filter(|rest| !rest.is_empty()).map(Sentence::foreign);
    let facts = serde_json::to_value(edge).ok().and_then(|value| value.get("facts").cloned());
    let event = EventInfo { source: source.to_owned(), kind: kind.to_owned(), path: None, detail, facts };
    Notice::Event { at: moment(at), event }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_rfc_3339_with_an_offset_and_can_be_read_back() {
        let at: Timestamp = "2026-03-28T13:30:00.123456789Z".parse().unwrap();
        let text = moment(at);
        assert!(
            text.contains('.') && !text.ends_with('Z') && text.len() == "2026-03-28T14:30:00.123+01:00".len(),
            "{text}"
        );
        assert_eq!(read_moment(&text).unwrap().as_millisecond(), at.as_millisecond());
        assert_eq!(read_moment("yesterday").unwrap_err().code, "bad_params");
    }

    #[cfg(unix)]
    #[test]
    fn a_drive_whose_place_is_no_text_is_told_of_with_all_that_is_known() {
        use std::os::unix::ffi::OsStringExt;
        let path = std::ffi::OsString::from_vec(b"/media/caf\xe9".to_vec()).into();
        let volume = usher_event::Volume { label: Some("CAF".into()), path, ..Default::default() };
        let Notice::Event { event, .. } = edge_notice(&Edge::VolumeMounted(volume), Timestamp::UNIX_EPOCH)
        else {
            panic!("another notice")
        };
        let facts = event.facts.unwrap();
        assert_eq!((&facts["path"], &facts["label"]), (&"/media/caf\u{fffd}".into(), &"CAF".into()));
    }

    #[test]
    fn events_have_words_for_people() {
        let event = Event::Rescan { root: "/in".into(), reason: RescanReason::Overflow };
        let info = event_info(&event);
        assert_eq!(
            (info.source.as_str(), info.kind.as_str(), info.path.as_deref()),
            ("folder", "rescan", Some("/in"))
        );
        assert_eq!(info.detail.as_deref(), Some("the system has dropped events"));
    }
}

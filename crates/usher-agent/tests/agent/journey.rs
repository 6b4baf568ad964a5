//! A file's whole journey: dropped, moved, told of, taken back.

use std::fs;

use usher_agent::api::{
    LogPage, LogQuery, Notice, Request, Run, RunKind, RunRequest, RunSummary, StepState, TriggerEvent,
    UndoReport, UndoTarget, Why, WhyVerdict,
};

use crate::room::{Ears, Room, watched};

fn ended(notice: &Notice, kind: RunKind) -> Option<Run> {
    match notice {
        Notice::Run { run } if run.kind == kind && run.ended.is_some() => Some(run.clone()),
        _ => None,
    }
}

#[test]
fn a_dropped_file_is_moved_and_told_of_and_can_be_taken_back() {
    let room = Room::new();
    room.moving();
    let _owner = room.watching();
    let guest = room.guest();
    watched(&guest);
    let ears = Ears::of(&guest);
    let file = room.write("in/a.txt", "hello");
    let run = ears.hear(|notice| ended(notice, RunKind::Event));
    assert!(!file.exists());
    assert_eq!(room.read("out/a.txt"), "hello");
    assert_eq!(
        (run.rules.as_slice(), run.step_count, run.failed, run.undoable),
        (&["Tidy".to_owned()][..], 1, 0, true)
    );
    assert_eq!(run.steps[0].to.as_deref(), Some(room.path("out/a.txt").to_str().unwrap()));

    let report: UndoReport =
        guest.call(&Request::Undo(UndoTarget::Run { run: run.id, rename: false })).unwrap();
    assert_eq!(report.refused, []);
    assert_eq!(report.run.unwrap().of, Some(run.id));
    assert_eq!(room.read("in/a.txt"), "hello");
    ears.hear(|notice| ended(notice, RunKind::Undo));
    let page: LogPage =
        guest.call(&Request::Log(LogQuery { run: Some(run.id), ..LogQuery::default() })).unwrap();
    assert_eq!(page.runs[0].steps[0].state, StepState::Undone);

    let report: UndoReport = guest.call(&Request::Undo(UndoTarget::LastUndo { rename: false })).unwrap();
    assert_eq!(report.run.unwrap().kind, RunKind::Redo);
    assert_eq!(room.read("out/a.txt"), "hello");
}

#[test]
fn events_are_heard_by_those_who_want_them() {
    let room = Room::new();
    room.moving();
    let owner = room.watching();
    watched(&owner);
    let ears = Ears::for_events(&owner);
    let file = room.write("in/a.png", "");
    ears.hear(|notice| match notice {
        Notice::Event { event, .. } if event.path.as_deref() == file.to_str() => Some(()),
        _ => None,
    });
}

#[test]
fn one_command_simulates_runs_and_accounts() {
    let room = Room::new();
    room.moving();
    room.write("in/a.txt", "hello");
    let link = room.for_one_command();
    let simulate = Request::Run(RunRequest { simulate: true, ..RunRequest::default() });
    let plan: RunSummary = link.call(&simulate).unwrap();
    assert!(room.path("in/a.txt").exists() && plan.run.is_none());
    let why: Why = link.call(&Request::why(&room.path("in/a.txt"))).unwrap();
    assert_eq!((why.exists, why.rules[0].verdict), (true, WhyVerdict::Matches));
    let done: RunSummary = link.call(&Request::Run(RunRequest::default())).unwrap();
    assert_eq!(
        done.lines.iter().map(|line| &line.text).collect::<Vec<_>>(),
        plan.lines.iter().map(|line| &line.text).collect::<Vec<_>>()
    );
    assert_eq!((done.done, done.failed), (1, 0));
    assert_eq!(room.read("out/a.txt"), "hello");
}

#[test]
fn a_trigger_in_one_command_is_answered_when_the_rules_are_done() {
    let room = Room::new();
    room.moving();
    let path = room.write("in/a.txt", "hello");
    let link = room.for_one_command();
    let event = TriggerEvent::File { path: path.display().to_string() };
    link.ask(&Request::Trigger { event, simulate: false }).unwrap();
    assert_eq!(room.read("out/a.txt"), "hello");
    let event = TriggerEvent::File { path: path.display().to_string() };
    assert_eq!(link.ask(&Request::Trigger { event, simulate: false }).unwrap_err().code, "not_found");
}

#[test]
fn a_config_from_elsewhere_runs_with_its_own_working_directory_and_tags() {
    let room = Room::new();
    let text = "rules:\n  - locations: [inbox]\n    tags: [a]\n    actions: [{move: done/}]\n  - locations: [inbox]\n    tags: [b]\n    actions: [trash]\n";
    let config = room.write("project/organize.yaml", text);
    room.write("project/inbox/x.txt", "x");
    let link = room.for_one_command();
    let run = RunRequest {
        config: Some(config.display().to_string()),
        working_dir: Some(room.path("project").display().to_string()),
        tags: vec!["a".into()],
        ..RunRequest::default()
    };
    let done: RunSummary = link.call(&Request::Run(run)).unwrap();
    assert_eq!((done.done, done.lines.len()), (1, 1));
    assert_eq!(room.read("project/done/x.txt"), "x");
    fs::write(&config, "rules:\n- acts: []\n").unwrap();
    let broken = RunRequest { config: Some(config.display().to_string()), ..RunRequest::default() };
    assert_eq!(link.ask(&Request::Run(broken)).unwrap_err().code, "bad_rules");
}

#[test]
fn a_paused_owner_moves_nothing_and_begins_with_what_it_missed() {
    use usher_agent::api::{AgentState, PauseFor, Status};
    let room = Room::new();
    room.moving();
    let owner = room.watching();
    watched(&owner);
    let paused: Status = owner.call(&Request::Pause(PauseFor::Seconds { seconds: 3600 })).unwrap();
    assert_eq!(paused.state, AgentState::Paused);
    assert!(paused.paused_until.is_some());
    let ears = Ears::for_events(&owner);
    let file = room.write("in/a.txt", "hello");
    ears.hear(|notice| match notice {
        Notice::Event { event, .. } if event.kind == "closed" => Some(()),
        _ => None,
    });
    assert!(file.exists());
    drop(owner);

    let owner = room.watching();
    let still: Status = owner.call(&Request::Status).unwrap();
    assert_eq!((still.state, still.paused_until), (AgentState::Paused, paused.paused_until));
    assert!(file.exists());
    let ears = Ears::of(&owner);
    owner.ask(&Request::Resume).unwrap();
    ears.hear(|notice| match notice {
        Notice::Run { run } if run.ended.is_some() => Some(()),
        _ => None,
    });
    assert_eq!(room.read("out/a.txt"), "hello");
}

#[test]
fn a_pause_ends_by_itself() {
    use usher_agent::api::{AgentState, PauseFor};
    let room = Room::new();
    room.moving();
    let owner = room.watching();
    let ears = Ears::of(&owner);
    owner.ask(&Request::Pause(PauseFor::Seconds { seconds: 1 })).unwrap();
    ears.hear(|notice| match notice {
        Notice::Status { status } if status.state == AgentState::Paused => Some(()),
        _ => None,
    });
    ears.hear(|notice| match notice {
        Notice::Status { status } if status.state != AgentState::Paused => Some(()),
        _ => None,
    });
}

#[cfg(unix)]
#[test]
fn an_owner_that_ends_lets_its_step_come_to_an_end() {
    let room = Room::new();
    room.rules(
        "slow.yaml",
        "rules:\n  - name: Slow\n    locations: IN\n    actions:\n      - shell: touch OUT-began && sleep 1 && touch OUT-done\n",
    );
    let owner = room.watching();
    watched(&owner);
    let ears = Ears::of(&owner);
    room.write("in/a.txt", "hello");
    ears.hear(|notice| match notice {
        Notice::Run { run } => Some(run.id),
        _ => None,
    });
    drop(owner);
    assert!(room.path("out-done").exists());
    let page: LogPage = room.for_one_command().call(&Request::Log(LogQuery::default())).unwrap();
    assert_eq!(page.runs[0].steps[0].state, StepState::Irreversible);
}

#[test]
fn a_paused_usher_plays_no_event_in_one_command() {
    use usher_agent::api::PauseFor;
    let room = Room::new();
    room.moving();
    let path = room.write("in/a.txt", "hello");
    let link = room.for_one_command();
    link.ask(&Request::Pause(PauseFor::UntilResumed)).unwrap();
    let event = TriggerEvent::File { path: path.display().to_string() };
    assert_eq!(link.ask(&Request::Trigger { event, simulate: false }).unwrap_err().code, "refused");
    assert!(path.exists());
}

//! Refusals and what waits for the user.

use std::fs;

use usher_agent::Link;
use usher_agent::api::{
    Dismissal, LogPage, LogQuery, Request, RetryTarget, RunRequest, RunSummary, Status, StepState,
    UndoReport, UndoTarget, Why,
};

use crate::room::{Room, status_when, watched};

#[test]
fn what_is_not_there_is_refused_with_a_name_for_it() {
    let room = Room::new();
    let owner = room.for_one_command();
    for (request, code) in [
        (Request::Undo(UndoTarget::Run { run: 9, rename: false }), "not_found"),
        (Request::Undo(UndoTarget::Step { step: 9, rename: false }), "not_found"),
        (Request::Undo(UndoTarget::Since { since: "soon".into(), rule: None, rename: false }), "bad_params"),
        (Request::PreviewUndo(UndoTarget::Run { run: 9, rename: false }), "not_found"),
        (
            Request::PreviewUndo(UndoTarget::Since { since: "soon".into(), rule: None, rename: false }),
            "bad_params",
        ),
        (Request::Why { path: "here".into(), bytes: None, step: None }, "bad_params"),
        (Request::Reveal { path: room.path("nothing").display().to_string() }, "not_found"),
        (Request::Open { path: room.rules("a.yaml", "rules: []").display().to_string() }, "refused"),
        (Request::Open { path: "here".into() }, "bad_params"),
        (Request::Retry(RetryTarget::Step { step: 9 }), "not_found"),
        (Request::Retry(RetryTarget::Rule { rule: "x".into() }), "not_found"),
        (Request::OpenRules { file: Some("/etc/passwd".into()) }, "not_found"),
        (Request::Run(RunRequest { rule: Some("x".into()), ..RunRequest::default() }), "not_found"),
        (Request::Run(RunRequest { config: Some("x.yaml".into()), ..RunRequest::default() }), "bad_params"),
        (Request::Dismiss(Dismissal { code: "folder".into(), ..Dismissal::default() }), "refused"),
        (Request::Subscribe { events: true }, "bad_params"),
    ] {
        assert_eq!(owner.ask(&request).unwrap_err().code, code, "{request:?}");
    }
    let nothing: UndoReport = owner.call(&Request::Undo(UndoTarget::Last { rename: false })).unwrap();
    assert_eq!((nothing.run, nothing.refused), (None, vec![]));
}

#[test]
fn a_failed_step_waits_for_the_user_until_it_is_dismissed_for_good() {
    let room = Room::new();
    room.rules("a.yaml", "rules:\n  - name: Tidy\n    locations: IN\n    actions:\n      - move: OUT/\n");
    // A file is where the folder should be.
    room.write("out", "in the way");
    room.write("in/a.txt", "hello");
    let owner = room.for_one_command();
    let summary: RunSummary = owner.call(&Request::Run(RunRequest::default())).unwrap();
    assert_eq!(summary.failed, 1, "{summary:#?}");
    let failed = |owner: &usher_agent::Link| {
        let status: Status = owner.call(&Request::Status).unwrap();
        status.attention.into_iter().filter(|attention| attention.code == "failed_step").count()
    };
    assert_eq!(failed(&owner), 1);
    owner.ask(&Request::Dismiss(Dismissal { code: "failed_step".into(), ..Dismissal::default() })).unwrap();
    assert_eq!(failed(&owner), 0);
    drop(owner);
    assert_eq!(failed(&room.for_one_command()), 0);
    assert_eq!(fs::read_to_string(room.path("in/a.txt")).unwrap(), "hello");
}

#[test]
fn a_failed_step_waits_no_longer_once_its_rule_has_done_it_by_itself() {
    let (room, owner, _) = two_that_failed();
    fs::remove_file(room.path("out")).unwrap();
    room.write("in/a.txt", "changed");
    status_when(&owner, |status| failures(status) == 1);
    assert_eq!(room.read("out/a.txt"), "changed");
    drop(owner);
    let owner = room.for_one_command();
    let status: Status = owner.call(&Request::Status).unwrap();
    let left: Vec<_> = status.attention.iter().filter_map(|note| note.path.as_deref()).collect();
    assert_eq!(left, [room.path("in/b.txt").to_str().unwrap()], "and it does not come back");
}

/// A room whose rule has failed on `a.txt` and `b.txt`, because a file is where its folder should be.
fn two_that_failed() -> (Room, Link, Status) {
    let room = Room::new();
    room.moving();
    room.write("out", "in the way");
    let owner = room.watching();
    watched(&owner);
    room.write("in/a.txt", "a");
    room.write("in/b.txt", "b");
    let failed = status_when(&owner, |status| failures(status) == 2);
    (room, owner, failed)
}

/// What failed and waits for the user, as far as the owner tells.
fn failures(status: &Status) -> usize {
    let failed = status.attention.iter().filter(|attention| attention.code == "failed_step");
    failed.map(|attention| 1 + attention.more as usize).sum()
}

#[test]
fn a_failed_step_is_tried_again_at_once_and_waits_no_longer_when_it_succeeds() {
    let (room, owner, failed) = two_that_failed();
    let rule = failed.attention.iter().find_map(|attention| attention.rule.clone()).unwrap();
    let again = Request::Retry(RetryTarget::Rule { rule });
    let steps = || -> Vec<_> {
        let page: LogPage = owner.call(&Request::Log(LogQuery::default())).unwrap();
        page.runs.into_iter().flat_map(|run| run.steps).collect()
    };
    let of_a =
        |step: &usher_agent::api::Step| step.from.as_deref().is_some_and(|from| from.ends_with("a.txt"));
    let first = steps().into_iter().find(of_a).unwrap();
    let one = Request::Retry(RetryTarget::Step { step: first.id });

    // Nothing was mended: it fails once more, which is one failure and not two.
    let summary: RunSummary = owner.call(&again).unwrap();
    assert_eq!((summary.done, summary.failed), (0, 2), "{summary:#?}");
    assert_eq!(failures(&owner.call(&Request::Status).unwrap()), 2);

    fs::remove_file(room.path("out")).unwrap();
    let summary: RunSummary = owner.call(&one).unwrap();
    assert_eq!((summary.done, summary.failed), (1, 0), "{summary:#?}");
    assert_eq!(room.read("out/a.txt"), "a");
    assert_eq!(room.read("in/b.txt"), "b", "only that file was meant");

    let summary: RunSummary = owner.call(&again).unwrap();
    assert_eq!((summary.done, summary.failed), (1, 0), "{summary:#?}");
    assert_eq!(room.read("out/b.txt"), "b");
    assert_eq!(failures(&owner.call(&Request::Status).unwrap()), 0);

    assert_eq!(owner.ask(&one).unwrap_err().code, "not_found", "the file is not there any more");
    let done = steps().into_iter().find(|step| step.state == StepState::Done).unwrap();
    let refusal = owner.ask(&Request::Retry(RetryTarget::Step { step: done.id })).unwrap_err();
    assert_eq!(refusal.code, "refused");
    let gone = Request::Open { path: first.from.unwrap() };
    assert_eq!(owner.ask(&gone).unwrap_err().code, "not_found", "the journal knows it, the disk does not");
}

#[test]
fn what_an_undo_has_failed_on_is_no_reason_to_run_the_rule() {
    let room = Room::new();
    room.rules(
        "told.yaml",
        "rules:\n  - locations: IN\n    actions:\n      - shell: { cmd: echo told >> OUT, undo: exit 1 }\n",
    );
    room.write("in/a.txt", "a");
    let owner = room.for_one_command();
    let summary: RunSummary = owner.call(&Request::Run(RunRequest::default())).unwrap();
    assert_eq!(summary.done, 1, "{summary:#?}");
    owner.ask(&Request::Undo(UndoTarget::Last { rename: false })).unwrap();
    let page: LogPage = owner.call(&Request::Log(LogQuery::default())).unwrap();
    let failed: Vec<_> = page
        .runs
        .into_iter()
        .flat_map(|run| run.steps)
        .filter(|step| step.state == StepState::Failed)
        .collect();
    assert_eq!(failed.len(), 1, "{failed:#?}");
    let refusal = owner.ask(&Request::Retry(RetryTarget::Step { step: failed[0].id })).unwrap_err();
    assert!(refusal.message.contains("take another step back"), "{refusal:?}");
    assert_eq!(room.read("out"), "told\n");
}

#[test]
fn what_is_not_finished_is_not_tried_again_yet() {
    let room = Room::new();
    room.moving();
    room.write("out", "in the way");
    room.write("in/a.txt", "a");
    let owner = room.for_one_command();
    let summary: RunSummary = owner.call(&Request::Run(RunRequest::default())).unwrap();
    assert_eq!(summary.failed, 1);
    let partial = room.write("in/a.txt.part", "a");
    let status: Status = owner.call(&Request::Status).unwrap();
    let rule = status.attention.iter().find_map(|attention| attention.rule.clone()).unwrap();
    let again = Request::Retry(RetryTarget::Rule { rule });
    let refusal = owner.ask(&again).unwrap_err();
    assert!(refusal.message.contains("a.txt.part"), "{refusal:?}");
    fs::remove_file(partial).unwrap();
    fs::remove_file(room.path("out")).unwrap();
    let summary: RunSummary = owner.call(&again).unwrap();
    assert_eq!(summary.done, 1, "{summary:#?}");
}

#[test]
fn what_a_rule_does_not_look_at_is_not_tried_again() {
    let room = Room::new();
    let rule = |from: &str| {
        let text = "rules:\n  - name: Tidy\n    locations: FROM\n    actions:\n      - move: OUT/\n";
        room.rules("a.yaml", &text.replace("FROM", from));
    };
    rule("IN");
    room.write("out", "in the way");
    room.write("in/a.txt", "a");
    let owner = room.for_one_command();
    let summary: RunSummary = owner.call(&Request::Run(RunRequest::default())).unwrap();
    assert_eq!(summary.failed, 1);
    drop(owner);
    rule("IN/deeper");
    let owner = room.for_one_command();
    let status: Status = owner.call(&Request::Status).unwrap();
    let rule = status.attention.iter().find_map(|attention| attention.rule.clone()).unwrap();
    let refusal = owner.ask(&Request::Retry(RetryTarget::Rule { rule })).unwrap_err();
    assert_eq!(refusal.code, "refused", "{refusal:?}");
    assert_eq!(failures(&owner.call(&Request::Status).unwrap()), 1, "it still waits");
}

/// A rule over everything below `in`, which has failed on `in/deeper/a.txt`, and what tries that again.
#[cfg(unix)]
fn failed_deeper(room: &Room) -> (usher_agent::Link, Request) {
    room.rules(
        "a.yaml",
        "rules:\n  - name: Tidy\n    locations: IN\n    subfolders: true\n    actions:\n      - move: OUT/\n",
    );
    room.write("out", "in the way");
    room.write("in/deeper/a.txt", "mine");
    let owner = room.for_one_command();
    let summary: RunSummary = owner.call(&Request::Run(RunRequest::default())).unwrap();
    assert_eq!(summary.failed, 1, "{summary:#?}");
    let status: Status = owner.call(&Request::Status).unwrap();
    let rule = status.attention.iter().find_map(|attention| attention.rule.clone()).unwrap();
    fs::remove_file(room.path("out")).unwrap();
    (owner, Request::Retry(RetryTarget::Rule { rule }))
}

#[cfg(unix)]
#[test]
fn what_lies_behind_a_link_by_now_is_not_tried_again() {
    let room = Room::new();
    let (owner, again) = failed_deeper(&room);
    let other = room.write("elsewhere/a.txt", "somebody else's");
    fs::rename(room.path("in/deeper"), room.path("put by")).unwrap();
    std::os::unix::fs::symlink(room.path("elsewhere"), room.path("in/deeper")).unwrap();
    let refusal = owner.ask(&again).unwrap_err();
    assert_eq!(refusal.code, "refused", "{refusal:?}");
    assert!(refusal.message.contains("does not look at"), "{refusal:?}");
    assert_eq!(fs::read_to_string(other).unwrap(), "somebody else's");
    assert!(!room.path("out").exists());
    assert_eq!(failures(&owner.call(&Request::Status).unwrap()), 1, "it still waits");

    fs::remove_file(room.path("in/deeper")).unwrap();
    fs::rename(room.path("put by"), room.path("in/deeper")).unwrap();
    let summary: RunSummary = owner.call(&again).unwrap();
    assert_eq!((summary.done, room.read("out/a.txt").as_str()), (1, "mine"), "{summary:#?}");
}

#[cfg(unix)]
#[test]
fn a_location_that_is_a_link_itself_is_tried_again_through_it() {
    let room = Room::new();
    fs::remove_dir(room.path("in")).unwrap();
    fs::create_dir(room.path("disk")).unwrap();
    std::os::unix::fs::symlink(room.path("disk"), room.path("in")).unwrap();
    let (owner, again) = failed_deeper(&room);
    let summary: RunSummary = owner.call(&again).unwrap();
    assert_eq!((summary.done, room.read("out/a.txt").as_str()), (1, "mine"), "{summary:#?}");
}

#[test]
fn the_status_says_when_rules_that_wait_for_the_clock_wake_next() {
    let room = Room::new();
    let rule = |name: &str, at: &str, enabled: bool| {
        format!(
            "  - name: {name}\n    enabled: {enabled}\n    when:\n      schedule:\n        at: '{at}'\n    actions:\n      - echo: hi\n"
        )
    };
    let rules = [
        rule("Later", "2199-05-01 09:00", true),
        rule("Sooner", "2198-05-01 09:00", true),
        rule("Away", "2197-05-01 09:00", false),
    ];
    room.rules("a.yaml", &format!("rules:\n{}", rules.concat()));
    let status: Status = room.for_one_command().call(&Request::Status).unwrap();
    let schedules: Vec<_> =
        status.schedules.iter().map(|schedule| (schedule.rule.as_str(), &schedule.due[..4])).collect();
    assert_eq!(schedules, [("Sooner", "2198"), ("Later", "2199")], "{:?}", status.attention);
}

#[cfg(target_os = "linux")]
#[test]
fn a_step_tells_which_of_two_names_that_look_alike_is_meant() {
    use std::os::unix::ffi::OsStrExt;

    let room = Room::new();
    room.moving();
    for name in [&b"caf\xe9.txt"[..], b"caf\xe8.txt"] {
        std::fs::write(room.path("in").join(std::ffi::OsStr::from_bytes(name)), name).unwrap();
    }
    let link = room.for_one_command();
    let _: RunSummary = link.call(&Request::Run(RunRequest::default())).unwrap();
    let log: LogPage = link.call(&Request::Log(LogQuery::default())).unwrap();
    let steps = &log.runs[0].steps;
    assert_eq!(steps[0].to, steps[1].to, "they look alike");
    for step in steps {
        let asked = Request::Why { path: step.to.clone().unwrap(), bytes: None, step: Some(step.id) };
        let why: Why = link.call(&asked).unwrap();
        let told: Vec<i64> = why.steps.iter().map(|step| step.id).collect();
        assert_eq!((why.exists, told), (true, vec![step.id]));
    }
}

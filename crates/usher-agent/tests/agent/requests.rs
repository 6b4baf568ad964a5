//! Refusals and what waits for the user.

use std::fs;

use usher_agent::api::{Dismissal, Request, RunRequest, RunSummary, Status, UndoReport, UndoTarget};

use crate::room::Room;

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
        (Request::Why { path: "here".into() }, "bad_params"),
        (Request::Reveal { path: room.path("nothing").display().to_string() }, "not_found"),
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

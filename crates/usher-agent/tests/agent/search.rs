//! Finding by a part of a name.

use usher_agent::api::{Found, Request, RunRequest, RunSummary, SearchQuery, UndoReport, UndoTarget};

use crate::room::Room;

#[test]
fn files_rules_folders_and_runs_are_found_by_a_few_letters() {
    let room = Room::new();
    room.moving();
    room.write("in/EDF facture novembre.txt", "x");
    room.write("in/shopping.txt", "x");
    let owner = room.for_one_command();
    let search = |text: &str| -> Found {
        owner.call(&Request::Search(SearchQuery { text: text.into(), limit: None })).unwrap()
    };
    assert_eq!(search(""), Found::default());
    let _: RunSummary = owner.call(&Request::Run(RunRequest::default())).unwrap();
    let found = search("factre edf");
    assert_eq!((found.steps.len(), found.looked_at), (1, 2), "{found:#?}");
    assert!(found.steps[0].to.as_ref().unwrap().ends_with("out/EDF facture novembre.txt"));
    assert_eq!(search("tidy").rules[0].title, "Tidy");
    assert_eq!(search("#1").runs[0].id, 1);
    assert_eq!(search("shopping").steps.len(), 1);
    // What is taken back is found once, as what it is now.
    let _: UndoReport = owner.call(&Request::Undo(UndoTarget::Last { rename: false })).unwrap();
    let found = search("shopping");
    assert_eq!((found.steps.len(), found.looked_at), (1, 2));
    assert_eq!(found.steps[0].state, usher_agent::api::StepState::Undone);
}

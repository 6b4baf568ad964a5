//! Runs that somebody asks for: the owner goes on answering meanwhile.

use std::fs;
use std::path::Path;

use usher_agent::api::{
    LogPage, LogQuery, Notice, Request, RunRequest, RunSummary, Status, UndoReport, UndoTarget,
};

use crate::room::{Ears, Room, status_when};

/// Copies of `name` in the folder, so many.
fn files(room: &Room, folder: &str, count: usize) {
    (0..count).for_each(|nr| drop(room.write(&format!("{folder}/{nr:05}.txt"), "x")));
}

/// A request to run a rule file of its own.
fn request(room: &Room, actions: &str) -> RunRequest {
    let text = format!("rules:\n  - name: Tidy\n    locations: FROM\n    actions:\n{actions}");
    let from = room.path("from");
    fs::create_dir_all(&from).unwrap();
    let folder = |path: &Path| path.display().to_string();
    let text = text.replace("FROM", &folder(&from)).replace("OUT", &folder(&room.path("out")));
    let text = text.replace("GO", &folder(&room.path("go")));
    let config = room.write("config.yaml", &text);
    RunRequest { config: Some(config.display().to_string()), ..RunRequest::default() }
}

#[cfg(unix)]
#[test]
fn others_are_answered_while_a_run_waits_for_its_commands() {
    let room = Room::new();
    files(&room, "from", 3);
    let request =
        request(&room, "      - shell: 'until [ -e GO ]; do sleep 0.01; done'\n      - move: OUT/\n");
    let owner = room.watching();
    std::thread::scope(|scope| {
        let run = scope.spawn(|| room.guest().call::<RunSummary>(&Request::Run(request)).unwrap());
        for _ in 0..5 {
            owner.call::<Status>(&Request::Status).unwrap();
            assert!(!run.is_finished());
        }
        room.write("go", "");
        let summary = run.join().unwrap();
        assert_eq!((summary.done, summary.failed), (3, 0));
        let actions: Vec<_> = summary.lines.iter().map(|line| line.action.as_str()).collect();
        assert_eq!(actions, ["shell", "move", "shell", "move", "shell", "move"]);
        let log: LogPage =
            owner.call(&Request::Log(LogQuery { run: summary.run, ..LogQuery::default() })).unwrap();
        let places: Vec<u32> = log.runs[0].steps.iter().map(|step| step.step).collect();
        assert_eq!(places, [0, 1, 2, 3, 4, 5], "a step behind a command has a place of its own");
        assert!(log.runs[0].ended.is_some());
    });
}

#[cfg(unix)]
#[test]
fn a_run_is_ended_by_somebody_else_and_what_it_has_done_stays() {
    let room = Room::new();
    files(&room, "from", 3);
    let request =
        request(&room, "      - move: OUT/\n      - shell: 'until [ -e GO ]; do sleep 0.01; done'\n");
    let owner = room.watching();
    assert_eq!(owner.ask(&Request::StopRun { run: None, woken: false }).unwrap_err().code, "not_found");
    std::thread::scope(|scope| {
        let run = scope.spawn(|| room.guest().call::<RunSummary>(&Request::Run(request)).unwrap());
        let log = || owner.call::<LogPage>(&Request::Log(LogQuery::default())).unwrap().runs;
        while log().is_empty() {
            std::thread::yield_now();
        }
        assert_eq!(
            owner.ask(&Request::StopRun { run: Some(9), woken: false }).unwrap_err().code,
            "not_found"
        );
        owner.ask(&Request::StopRun { run: Some(log()[0].id), woken: false }).unwrap();
        let summary = run.join().unwrap();
        assert!(summary.cut_short && !summary.stopped);
        room.write("go", "");
        assert_eq!(fs::read_dir(room.path("from")).unwrap().count(), 2, "the others are where they were");
        // It ends with the command that it was at.
        while log()[0].ended.is_none() {
            std::thread::yield_now();
        }
        assert_eq!(log()[0].step_count, 2);
    });
}

#[cfg(unix)]
#[test]
fn a_long_run_that_an_event_has_set_off_is_in_the_status_and_is_ended_from_there() {
    let room = Room::new();
    files(&room, "in", 3);
    let wait = format!("until [ -e {} ]; do sleep 0.01; done", room.path("go").display());
    room.rules(
        "a.yaml",
        &format!(
            "rules:\n  - name: Import\n    when: started\n    locations: IN\n    actions:\n      \
             - shell: '{wait}'\n      - move: OUT/\n"
        ),
    );
    let owner = room.watching();
    let status = status_when(&owner, |status| status.woken.is_some());
    let woken = status.woken.unwrap();
    assert_eq!((woken.rule.as_str(), woken.subjects), ("Import", 1));
    assert!(woken.path.unwrap().ends_with(".txt"));
    assert_eq!(owner.ask(&Request::StopRun { run: None, woken: false }).unwrap_err().code, "not_found");
    owner.ask(&Request::StopRun { run: None, woken: true }).unwrap();
    status_when(&owner, |status| status.woken.is_none());
    room.write("go", "");
    let log = || owner.call::<LogPage>(&Request::Log(LogQuery::default())).unwrap().runs;
    while log()[0].ended.is_none() {
        std::thread::yield_now();
    }
    assert_eq!(fs::read_dir(room.path("in")).unwrap().count(), 2, "the others are where they were");
}

#[cfg(unix)]
#[test]
fn a_run_that_waits_is_left_when_the_owner_ends() {
    let room = Room::new();
    files(&room, "from", 2);
    let request = request(&room, "      - shell: 'until [ -e GO ]; do sleep 0.01; done'\n");
    let owner = room.watching();
    std::thread::scope(|scope| {
        let run = scope.spawn(|| room.guest().call::<RunSummary>(&Request::Run(request)));
        while owner.call::<LogPage>(&Request::Log(LogQuery::default())).unwrap().runs.is_empty() {
            std::thread::yield_now();
        }
        owner.ask(&Request::Quit).unwrap();
        assert_eq!(run.join().unwrap().unwrap_err().code, "unreachable");
        room.write("go", "");
    });
    drop(owner);
    let log: LogPage = room.for_one_command().call(&Request::Log(LogQuery::default())).unwrap();
    assert_eq!(log.runs[0].step_count, 1);
    assert!(log.runs[0].ended.is_some());
}

/// A run of a command that can be taken back, and takes its time for that: so many files.
#[cfg(unix)]
fn slow_to_undo(room: &Room, owner: &usher_agent::Link, count: usize) -> (i64, Request) {
    files(room, "from", count);
    let undo = "until [ -e GO ]; do sleep 0.01; done";
    let request = request(room, &format!("      - shell: {{ cmd: 'true', undo: '{undo}' }}\n"));
    let run = owner.call::<RunSummary>(&Request::Run(request)).unwrap().run.unwrap();
    (run, Request::Undo(UndoTarget::Run { run, rename: false }))
}

#[cfg(unix)]
#[test]
fn others_are_answered_while_an_undo_waits_for_its_commands() {
    let room = Room::new();
    let owner = room.watching();
    let (_, undo) = slow_to_undo(&room, &owner, 3);
    let guest = room.guest();
    let ears = Ears::of(&guest);
    std::thread::scope(|scope| {
        let undoing = scope.spawn(|| guest.call::<UndoReport>(&undo).unwrap());
        let other = loop {
            let other: UndoReport =
                owner.call(&Request::Undo(UndoTarget::LastUndo { rename: false })).unwrap();
            if !other.refused.is_empty() {
                break other;
            }
        };
        assert_eq!(other.run, None);
        for _ in 0..5 {
            owner.call::<Status>(&Request::Status).unwrap();
            assert!(!undoing.is_finished());
        }
        // A run that is asked for meanwhile does not wait for it either.
        owner.call::<RunSummary>(&Request::Run(RunRequest::default())).unwrap();
        room.write("go", "");
        let report = undoing.join().unwrap();
        assert_eq!(report.refused, []);
        assert_eq!(report.run.as_ref().map(|run| (run.step_count, run.failed)), Some((3, 0)));
        assert!(report.run.unwrap().ended.is_some());
        ears.hear(|notice| match notice {
            Notice::Progress { of: Some(3), .. } => Some(()),
            _ => None,
        });
    });
}

#[cfg(unix)]
#[test]
fn an_undo_is_stopped_between_two_steps_and_says_what_was_not_taken_back() {
    let room = Room::new();
    let owner = room.watching();
    let (run, undo) = slow_to_undo(&room, &owner, 3);
    let guest = room.guest();
    let ears = Ears::of(&guest);
    std::thread::scope(|scope| {
        let undoing = scope.spawn(|| guest.call::<UndoReport>(&undo).unwrap());
        ears.hear(|notice| matches!(notice, Notice::Progress { looked: 0, of: Some(3), .. }).then_some(()));
        owner.ask(&Request::StopRun { run: Some(run + 1), woken: false }).unwrap();
        assert!(!undoing.is_finished(), "the command that was begun comes to its end");
        room.write("go", "");
        let report = undoing.join().unwrap();
        assert_eq!(report.refused.len(), 2, "{report:#?}");
        assert!(report.refused.iter().all(|refused| refused.reason.contains("stopped")), "{report:#?}");
        let run = report.run.unwrap();
        assert_eq!((run.step_count, run.failed), (3, 2));
    });
    let again: UndoReport = owner.call(&undo).unwrap();
    assert_eq!((again.refused, again.run.unwrap().step_count), (vec![], 2));
}

#[cfg(unix)]
#[test]
fn a_run_that_an_event_has_set_off_tells_how_much_there_is_in_all() {
    let room = Room::new();
    files(&room, "in", 6);
    room.write("in/other.md", "x");
    room.rules(
        "a.yaml",
        "rules:\n  - name: Import\n    when: started\n    locations: IN\n    filters: [ extension: txt ]\n    \
         actions:\n      - shell: sleep 0.4\n",
    );
    let owner = room.watching();
    let counted = |status: &Status| status.woken.as_ref().is_some_and(|woken| woken.of == Some(7));
    let woken = status_when(&owner, counted).woken.unwrap();
    assert!((2..=7).contains(&woken.looked), "{woken:?}");
}

#[cfg(unix)]
#[test]
fn a_simulation_that_takes_long_tells_how_much_there_is_in_all() {
    let room = Room::new();
    files(&room, "from", 6);
    room.write("from/other.md", "x");
    let slow =
        "      - shell: { cmd: sleep 0.4, run_in_simulation: true }\n    filters: [ extension: txt ]\n";
    let request = RunRequest { simulate: true, ..request(&room, slow) };
    let _owner = room.watching();
    let guest = room.guest();
    let ears = Ears::of(&guest);
    assert_eq!(guest.call::<RunSummary>(&Request::Run(request)).unwrap().done, 6);
    let looked = ears.hear(|notice| match notice {
        Notice::Progress { looked, of: Some(7), undo: false, .. } => Some(*looked),
        _ => None,
    });
    assert!((2..=7).contains(&looked), "{looked}");
}

#[cfg(unix)]
#[test]
fn a_run_that_takes_long_tells_how_much_there_is_in_all() {
    let room = Room::new();
    files(&room, "from", 6);
    // No rule wants it, and it is gone over all the same.
    room.write("from/other.md", "x");
    let request = request(&room, "      - shell: sleep 0.4\n    filters: [ extension: txt ]\n");
    let _owner = room.watching();
    let guest = room.guest();
    let ears = Ears::of(&guest);
    assert_eq!(guest.call::<RunSummary>(&Request::Run(request)).unwrap().done, 6);
    let (looked, undo) = ears.hear(|notice| match notice {
        Notice::Progress { looked, of: Some(7), undo, .. } => Some((*looked, *undo)),
        _ => None,
    });
    assert!((2..=7).contains(&looked) && !undo, "{looked}");
}

#[test]
fn a_long_run_is_answered_with_what_it_came_to_and_read_in_pieces() {
    let room = Room::new();
    files(&room, "from", 1100);
    let owner = room.for_one_command();
    let summary: RunSummary = owner.call(&Request::Run(request(&room, "      - move: OUT/\n"))).unwrap();
    assert_eq!((summary.done, summary.lines.len()), (1100, 1100));
    let page = |query| owner.call::<LogPage>(&Request::Log(query)).unwrap().runs.remove(0);
    let listed = page(LogQuery::default());
    assert_eq!((listed.step_count, listed.steps.len(), listed.undoable), (1100, 100, true));
    assert_eq!(listed.rules, ["Tidy"]);
    let single = LogQuery { run: summary.run, ..LogQuery::default() };
    assert_eq!(page(single.clone()).steps.len(), 1000);
    let rest = page(LogQuery { from_step: Some(1000), ..single.clone() });
    assert_eq!((rest.steps.len(), rest.steps[0].step, rest.step_count), (100, 1000, 1100));
    assert_eq!(page(LogQuery { steps: Some(3), ..single }).steps.len(), 3);
}

//! How much was done, how much room that takes, and what of it is given up.

use usher_agent::api::{
    Chart, KeepLimits, LogPage, LogQuery, Request, RunRequest, RunSummary, Settings, SettingsPatch, Space,
    UndoReport, UndoTarget,
};

use crate::room::Room;

/// A journal with so many runs in it, each of which has replaced a file of ten bytes.
fn replaced(room: &Room, runs: usize) -> usher_agent::Link {
    let actions = "actions:\n      - move: { dest: OUT/, on_conflict: overwrite }\n";
    room.rules(
        "a.yaml",
        &format!("rules:\n  - name: Tidy\n    enabled: true\n    locations: IN\n    {actions}"),
    );
    let owner = room.for_one_command();
    for _ in 0..runs {
        room.write("out/a", "0123456789");
        room.write("in/a", "new");
        let summary: RunSummary = owner.call(&Request::Run(RunRequest::default())).unwrap();
        assert_eq!(summary.done, 1, "{summary:#?}");
    }
    owner
}

#[test]
fn a_chart_ends_with_today() {
    let room = Room::new();
    let owner = replaced(&room, 2);
    let chart: Chart = owner.call(&Request::Chart { days: 7 }).unwrap();
    assert_eq!(chart.days.len(), 7);
    assert_eq!(chart.rules.len(), 1);
    assert_eq!((chart.rules[0].title.as_str(), &chart.rules[0].files), ("Tidy", &vec![0, 0, 0, 0, 0, 0, 2]));
    let chart: Chart = owner.call(&Request::Chart { days: 0 }).unwrap();
    assert_eq!((chart.days.len(), &chart.files, &chart.rules[0].files), (1, &vec![2], &vec![2]));
}

#[test]
fn room_is_freed_as_it_was_said_and_only_where_the_settings_say_so() {
    let room = Room::new();
    let owner = replaced(&room, 3);
    let space = |request| owner.call::<Space>(&request).unwrap();
    let all = space(Request::Space(None));
    assert_eq!((all.vault, all.runs, all.kept_things, all.bytes), (30, 0, 0, 0));
    assert!(all.journal > 0);
    assert_eq!(space(Request::FreeSpace).vault, 30, "everything is kept where nobody says otherwise");
    let limits = KeepLimits { keep_days: 1, vault_megabytes: 1 };
    let would = space(Request::Space(Some(limits)));
    assert_eq!((would.runs, would.bytes), (0, 0), "all of it is of today");
    let patch = SettingsPatch { keep_days: Some(30), vault_megabytes: Some(500), ..SettingsPatch::default() };
    let settings: Settings = owner.call(&Request::SetSettings(patch)).unwrap();
    assert_eq!((settings.keep_days, settings.vault_megabytes), (30, 500));
    assert_eq!(space(Request::FreeSpace), all);
    let log: LogPage = owner.call(&Request::Log(LogQuery::default())).unwrap();
    assert_eq!(log.runs.len(), 3);
}

#[test]
fn quiet_hours_that_cannot_be_are_refused() {
    let room = Room::new();
    let owner = room.for_one_command();
    let set = |hours: &str| {
        let patch = SettingsPatch { quiet_hours: Some(hours.into()), ..SettingsPatch::default() };
        owner.call::<Settings>(&Request::SetSettings(patch))
    };
    assert_eq!(set("22:00-07:00").unwrap().quiet_hours, "22:00-07:00");
    assert_eq!(set("late").unwrap_err().code, "bad_params");
    assert_eq!(set("").unwrap().quiet_hours, "");
}

#[test]
fn a_resident_owner_keeps_the_vault_within_its_limit_by_itself() {
    let room = Room::new();
    let actions = "actions:\n      - move: { dest: OUT/, on_conflict: overwrite }\n";
    room.rules("a.yaml", &format!("rules:\n  - name: Tidy\n    locations: IN\n    {actions}"));
    let large = "x".repeat(700_000);
    let owner = room.watching();
    let vault = || owner.call::<Space>(&Request::Space(None)).unwrap().vault;
    for kept in [700_000, 1_400_000] {
        room.write("out/a", &large);
        room.write("in/a", "new");
        while vault() < kept {
            std::thread::yield_now();
        }
    }
    let patch = SettingsPatch { vault_megabytes: Some(1), ..SettingsPatch::default() };
    owner.ask(&Request::SetSettings(patch)).unwrap();
    while vault() > 1_000_000 {
        std::thread::yield_now();
    }
    assert_eq!(vault(), 700_000, "the newer of the two is still there");
    let guest = room.guest();
    assert_eq!(guest.call::<Space>(&Request::Space(None)).unwrap().vault, 700_000);
    assert_eq!(guest.call::<Chart>(&Request::Chart { days: 1 }).unwrap().rules[0].files, [2]);
    let nothing_runs = guest.ask(&Request::StopRun { run: None, woken: false }).unwrap_err();
    assert_eq!(nothing_runs.code, "not_found");
    let log: LogPage = owner.call(&Request::Log(LogQuery::default())).unwrap();
    let target = UndoTarget::Run { run: log.runs[0].id, rename: false };
    let report: UndoReport = owner.call(&Request::Undo(target)).unwrap();
    assert!(report.refused.is_empty(), "{report:#?}");
    assert_eq!(room.read("out/a"), large);
}

#[test]
fn rules_are_muted_in_the_settings_file() {
    let room = Room::new();
    let owner = room.for_one_command();
    let patch = SettingsPatch { muted_rules: Some(vec!["a/Loud".into()]), ..SettingsPatch::default() };
    assert_eq!(owner.call::<Settings>(&Request::SetSettings(patch)).unwrap().muted_rules, ["a/Loud"]);
    let text = std::fs::read_to_string(&room.dirs.settings).unwrap();
    assert_eq!(text, "muted_rules = [\"a/Loud\"]\n");
}

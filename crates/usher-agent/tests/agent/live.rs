//! Rules and settings change under a running owner.

use std::fs;

use usher_agent::api::{AgentState, Notice, Request, Rules, Settings, SettingsPatch, Starter, Status};

use crate::room::{Ears, Room, status_when, watched};

fn rules(notice: &Notice) -> Option<Rules> {
    match notice {
        Notice::Rules { rules } => Some(rules.clone()),
        _ => None,
    }
}

#[test]
fn a_saved_rule_file_is_in_force_without_a_restart_and_a_broken_one_is_not() {
    let room = Room::new();
    let owner = room.watching();
    assert!(owner.call::<Status>(&Request::Status).unwrap().first_run);
    let ears = Ears::of(&owner);
    let path = room.moving();
    let loaded = ears.hear(rules);
    assert_eq!(loaded.files[0].rules[0].title, "Tidy");

    let good = fs::read_to_string(&path).unwrap();
    fs::write(&path, good.replace("actions", "actoins")).unwrap();
    let broken = ears.hear(rules);
    assert!(broken.files[0].stale);
    assert_eq!(broken.files[0].rules, loaded.files[0].rules);
    assert_eq!(broken.files[0].problems[0].line, 6);
    let status = status_when(&owner, |status| status.state == AgentState::NeedsYou);
    assert!(
        status.attention.iter().any(|attention| attention.code == "rule_problem"),
        "{:?}",
        status.attention
    );

    fs::write(&path, good).unwrap();
    assert!(!ears.hear(rules).files[0].stale);
    watched(&owner);
    room.write("in/a.txt", "hello");
    ears.hear(|notice| match notice {
        Notice::Run { run } if run.ended.is_some() => Some(()),
        _ => None,
    });
    assert_eq!(room.read("out/a.txt"), "hello");

    fs::remove_file(&path).unwrap();
    assert_eq!(ears.hear(rules).files, []);
}

#[cfg(unix)]
#[test]
fn a_linked_rule_file_is_read_once_what_it_leads_to_is_there() {
    let room = Room::new();
    let drive = room.dirs.home.join("drive");
    let path = room.moving();
    let text = fs::read_to_string(&path).unwrap();
    fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink(drive.join("tidy.yaml"), &path).unwrap();
    let owner = room.watching();
    let ears = Ears::of(&owner);
    // Once another file was read, nothing is left to be read again for the start alone.
    fs::write(room.dirs.rules.join("zzz.yaml"), "rules: []\n").unwrap();
    ears.hear(|notice| rules(notice).filter(|rules| rules.files.len() == 2));
    fs::create_dir(&drive).unwrap();
    fs::write(drive.join("tidy.yaml"), text).unwrap();
    ears.hear(|notice| rules(notice).filter(|rules| !rules.files[0].rules.is_empty()));
}

#[test]
fn a_rules_folder_that_appears_later_is_noticed() {
    let room = Room::new();
    fs::remove_dir(&room.dirs.rules).unwrap();
    let owner = room.watching();
    let ears = Ears::of(&owner);
    fs::create_dir(&room.dirs.rules).unwrap();
    room.moving();
    ears.hear(|notice| rules(notice).filter(|rules| !rules.files.is_empty()));
}

#[test]
fn a_switch_changes_one_line_of_the_file() {
    let room = Room::new();
    let path = room.moving();
    let before = fs::read_to_string(&path).unwrap();
    let owner = room.watching();
    let switch = |enabled| Request::SetRuleEnabled { rule: "tidy/Tidy".into(), enabled };
    let off: Rules = owner.call(&switch(false)).unwrap();
    assert!(!off.files[0].rules[0].enabled);
    assert_eq!(fs::read_to_string(&path).unwrap(), before.replace("Tidy\n", "Tidy\n    enabled: false\n"));
    assert_eq!(owner.call::<Status>(&Request::Status).unwrap().rules_enabled, 0);
    let on: Rules = owner.call(&switch(true)).unwrap();
    assert!(on.files[0].rules[0].enabled);
    assert_eq!(fs::read_to_string(&path).unwrap(), before.replace("Tidy\n", "Tidy\n    enabled: true\n"));
    let nobody = Request::SetRuleEnabled { rule: "tidy/Other".into(), enabled: true };
    assert_eq!(owner.ask(&nobody).unwrap_err().code, "not_found");
}

#[test]
fn settings_are_changed_by_request_and_by_hand_and_everyone_hears_of_it() {
    let room = Room::new();
    let owner = room.watching();
    let guest = room.guest();
    let ears = Ears::of(&guest);
    let heard = |theme: &'static str| {
        move |notice: &Notice| match notice {
            Notice::Settings { settings } if settings.theme == theme => Some(()),
            _ => None,
        }
    };
    let patch = SettingsPatch { theme: Some("dark".into()), ..SettingsPatch::default() };
    let changed: Settings = owner.call(&Request::SetSettings(patch)).unwrap();
    assert_eq!(changed.theme, "dark");
    ears.hear(heard("dark"));
    fs::write(&room.dirs.settings, "# by hand\ntheme = \"light\"\n").unwrap();
    ears.hear(heard("light"));
    fs::write(&room.dirs.settings, "theme = \n").unwrap();
    let status = status_when(&guest, |status| !status.attention.is_empty());
    assert_eq!(status.attention[0].code, "settings");
    assert_eq!(guest.call::<Settings>(&Request::Settings).unwrap(), Settings::default());
}

#[test]
fn the_starter_is_loaded_and_switched_off() {
    let room = Room::new();
    let owner = room.watching();
    let starter: Starter = owner.call(&Request::CreateStarter).unwrap();
    let rules: Rules = owner.call(&Request::Rules).unwrap();
    assert_eq!(rules.files[0].path, starter.file);
    assert!(rules.files[0].rules.iter().all(|rule| !rule.enabled));
    assert!(!owner.call::<Status>(&Request::Status).unwrap().first_run);
}
